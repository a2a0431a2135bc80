/* Finding what is wrong with a suite's markers, gates, fixtures, lanes and files. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "model/finding.h"
#include "model/job.h"
#include "model/needs.h"

/* A place that the reader did not understand. */
struct audit_fault {
	struct str path;
	uint32_t line; /* 0: the whole file */
	struct str text;
};

struct audit_case {
	const struct repo *repo;
	const struct suite *suite;
	const struct needs *needs;
	const struct config *config;
	const struct pytest_config *pytest;
	const job_list *jobs;
	const struct audit_fault *faults;
	size_t n_faults;
};

struct audit_rule {
	const char *code, *name; /* "LW101", "missing-marker" */
	enum severity severity;  /* unless the config says other */
	const char *title, *mend;
};

extern const struct audit_rule audit_rules[];
extern const size_t audit_rules_n;

/* The position of a rule by its code, or SIZE_MAX. */
size_t audit_rule_find(struct str code);
/* What the config makes of a rule. */
enum severity audit_severity(const struct config *config, size_t rule);
/* Whether the source says `# lanewright: ignore[CODE]` in the finding's line, on a line of its own above it, or
 * `ignore-file[CODE]` anywhere, or the config ignores the rule for the path. */
bool audit_is_ignored(const struct audit_case *it, const struct finding *finding);

/* Of the rules that are not off, sorted by path, line and code; ignored ones are among them.  Lives in `out`. */
finding_list audit_run(struct arena *out, struct arena *tmp, const struct audit_case *it);

#endif
