/* From a tree to its files: finds the Python files, reads those that changed since the last run, and leaves the
 * index up to date.  The result is the same for any number of threads, and with or without an index. */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include "base/err.h"
#include "model/config.h"
#include "model/repo.h"

struct scan_request {
	const char *root;
	const struct config *config;
	const struct pytest_config *pytest;
	unsigned jobs;   /* threads; 0: as many as there are cores */
	bool no_index;   /* neither read nor write `.lanewright/index.db` */
	bool read_only;  /* use it, write nothing */
	bool no_surveys; /* only bring the index up to date: repo has files without their surveys */
	/* Called now and then from the caller's thread while files are read; may be NULL. */
	void (*progress)(void *context, size_t done, size_t total);
	void *progress_context;
};

/* Something a person should know of a file. */
struct scan_finding {
	struct str path; /* relative to the root */
	uint32_t line;   /* 0: the whole file */
	struct str text;
};

typedef VEC(struct scan_finding) scan_findings;

struct scan_report {
	size_t files, tests, conftests; /* Python files; those pytest collects; conftest.py */
	size_t read, parsed, reused;    /* opened; surveyed; known from the index, reading or not */
	size_t unreadable;
	uint64_t bytes, bytes_read;
	scan_findings findings; /* sorted by path and line */
	struct str note;        /* of the index: rebuilt or not written, and why; "" as a rule */
	bool is_written;        /* the index was */
	int64_t microseconds;
};

/* False for trouble; what is wrong with a single file is a finding, and the scan goes on.  The repo's facts are read from
 * the files when they are asked for, by scan/sources.h: sources_close ends that. */
bool scan_run(struct arena *out, const struct scan_request *request, struct repo *repo, struct scan_report *report,
              struct err *err);

#endif
