/* A case put together from the phases pytest reports of it: setup, call, teardown. */
#ifndef REPORT_PHASES_H
#define REPORT_PHASES_H

#include "model/report.h"

enum phase { PHASE_SETUP, PHASE_CALL, PHASE_TEARDOWN, PHASE_UNKNOWN };

enum { MESSAGE_MOST = 512 };

enum phase phase_of(struct str name);

struct phase_report {
	enum phase phase;
	struct str outcome; /* pytest's word: passed, failed, skipped */
	bool is_xfail;      /* an expected failure, which pytest calls skipped */
	int64_t us;         /* or MS_UNKNOWN */
	struct str message; /* borrowed; kept in the case when this phase decides its outcome */
};

void phases_add(struct report_case *one, const struct phase_report *phase);
/* Sums the phases up; a skipped case gets no time at all. */
void phases_end(struct report_case *one);

#endif
