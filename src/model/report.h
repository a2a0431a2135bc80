/* What a timing report says of one test case: the result of report/, one reader a format. */
#ifndef MODEL_REPORT_H
#define MODEL_REPORT_H

#include "base/str.h"
#include "base/vec.h"

enum outcome { OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_ERROR, OUTCOME_SKIPPED };

enum { MS_UNKNOWN = -1 };

struct report_case {
	struct str node;      /* exact node id when the format has it, else "" */
	struct str classname; /* JUnit: dotted path, then classes; else "" */
	struct str name;      /* JUnit: func[param] */
	struct str file;      /* JUnit xunit1, CTRF; else "" */
	enum outcome outcome;
	struct str message;                     /* of a skip or failure; cut at 512 bytes */
	int64_t microseconds;                   /* whole duration, or MS_UNKNOWN */
	int64_t setup_us, call_us, teardown_us; /* when the source has phases, else MS_UNKNOWN */
	uint32_t line;                          /* in the report, from 1, 0 when not known */
};

struct report {
	struct str format;    /* "junit", "durations", ... */
	struct str timestamp; /* of the run, ISO 8601, "" when the report has none */
	VEC(struct report_case) cases;
	VEC(struct str) rejected; /* one sentence each: what was refused and why */
};

#endif
