/* The formats of test reports and timings lanewright reads: one row is the name, how to know it by its first
 * bytes, and the reader.  A new format is one file and one row. */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "base/err.h"
#include "model/report.h"
#include "report/input.h"

/* Sniffed in this order: the last takes any JSON the others did not want. */
/* clang-format off */
#define REPORT_FORMATS(ROW) \
	ROW(junit,       "junit",       "JUnit XML: pytest's xunit1 and xunit2, and other makers'") \
	ROW(reportlog,   "reportlog",   "pytest-reportlog's lines: the best source, with phases") \
	ROW(ctrf,        "ctrf",        "CTRF JSON, the Common Test Report Format") \
	ROW(json_report, "json-report", "pytest-json-report's JSON, with phases") \
	ROW(durations,   "durations",   "pytest-split's .test_durations")
/* clang-format on */

/* Where cases go as they are read.  The case and its strings are borrowed for the length of the call. */
struct report_sink {
	void (*take)(void *me, const struct report_case *one);
	void *me;
};

/* What a reader works with. */
struct report_reading {
	struct arena *out; /* for what `report` keeps */
	struct report_input *in;
	struct report_sink sink;
	struct report *report; /* its `cases` stay empty */
	size_t n_rejected;     /* those beyond the first REJECTED_MOST are only counted */
};

struct report_format {
	const char *name, *help;
	bool (*sniff)(struct str head); /* the first bytes of a report, at most INPUT_WINDOW */
	bool (*read)(struct report_reading *reading, struct err *err);
};

const struct report_format *report_format(size_t i); /* NULL after the last */

/* Reads a report case by case in bounded memory; `as` forces a format, NULL looks at the content. */
bool report_stream(struct arena *out, struct report_input *in, const char *as, struct report_sink sink,
                   struct report *report, struct err *err);
/* The same with all cases in `report`, from text in memory. */
bool report_read(struct arena *out, struct str text, const char *as, struct report *report, struct err *err);

/* For readers: one sentence about something refused; `line` 0 when not known. */
enum { REJECTED_MOST = 1000 };
void report_reject(struct report_reading *reading, uint32_t line, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* A passed case of which nothing is known yet. */
struct report_case report_blank_case(void);

#define PROTOTYPE(id, name, help)                                                                                      \
	bool id##_sniff(struct str head);                                                                              \
	bool id##_read(struct report_reading *reading, struct err *err);
REPORT_FORMATS(PROTOTYPE)
#undef PROTOTYPE

#endif
