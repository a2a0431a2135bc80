/* The cases of one run added up to test functions, as they are read: the sink of `record`. */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "model/history.h"
#include "report/formats.h"
#include "report/match.h"

struct tally_miss {
	struct str what; /* node id, or classname and name */
	enum match_answer why;
	struct str report; /* name of the report it stands in */
	uint32_t line;
};

enum { TALLY_MISSES_MOST = 1000 }; /* listed; all are counted */

struct tally {
	struct arena *out;
	struct matcher *matcher;
	const struct match_known *known;
	struct str report;         /* name of the report being read, set by the caller */
	struct history_sample *of; /* by test */
	uint32_t *n_cases;         /* by test: cases with a time */
	size_t cases, matched, skipped, untimed, missed;
	size_t missed_by[MATCH_UNKNOWN_TEST + 1];
	VEC(struct tally_miss) misses;
};

void tally_begin(struct tally *tally, struct arena *out, const struct match_known *known);
struct report_sink tally_sink(struct tally *tally);
/* One sample for each test that has a time, sorted by unit; `run` is 0 in each. */
struct history_sample *tally_samples(struct tally *tally, struct arena *out, size_t *n);

#endif
