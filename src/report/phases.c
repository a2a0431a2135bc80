/* pytest's words for what became of a phase, as the outcome of a case. */
#include "report/phases.h"

enum phase phase_of(struct str name)
{
	const struct str names[] = {STR("setup"), STR("call"), STR("teardown")};
	for (enum phase i = PHASE_SETUP; i < PHASE_UNKNOWN; i++)
		if (str_eq(name, names[i]))
			return i;
	return PHASE_UNKNOWN;
}

/* An expected failure ran, unless it was marked run=False: that is decided in setup. */
static bool is_skip(const struct phase_report *phase)
{
	return str_eq(phase->outcome, STR("skipped")) && (!phase->is_xfail || str_has(phase->message, STR("[NOTRUN]")));
}

void phases_add(struct report_case *one, const struct phase_report *phase)
{
	int64_t *const of[] = {&one->setup_us, &one->call_us, &one->teardown_us};
	if (phase->phase == PHASE_UNKNOWN)
		return;
	*of[phase->phase] = phase->us;
	enum outcome outcome = one->outcome;
	if (str_eq(phase->outcome, STR("failed")))
		outcome = phase->phase == PHASE_CALL ? OUTCOME_FAILED : OUTCOME_ERROR;
	else if (is_skip(phase) && outcome == OUTCOME_PASSED)
		outcome = OUTCOME_SKIPPED;
	if (outcome == one->outcome)
		return;
	one->outcome = outcome;
	one->message = str_slice(phase->message, 0, MESSAGE_MOST);
}

void phases_end(struct report_case *one)
{
	const int64_t phases[] = {one->setup_us, one->call_us, one->teardown_us};
	one->microseconds = MS_UNKNOWN;
	for (int i = 0; i < PHASE_UNKNOWN; i++)
		if (phases[i] != MS_UNKNOWN)
			one->microseconds = (one->microseconds == MS_UNKNOWN ? 0 : one->microseconds) + phases[i];
	if (one->outcome == OUTCOME_SKIPPED)
		one->microseconds = one->setup_us = one->call_us = one->teardown_us = MS_UNKNOWN;
}
