/* Sums by test.  A case without a time adds nothing: a skip lasts no time of the test's. */
#include "report/tally.h"

#include "report/seconds.h"

enum { CASES_MOST = 1 << 24 };

/* A phase is known of a sum only when it is known of each case. */
static int64_t add_phase(int64_t sum, int64_t more, bool is_first)
{
	if (is_first)
		return more;
	return sum == MS_UNKNOWN || more == MS_UNKNOWN ? MS_UNKNOWN : sum + more;
}

static void add(struct tally *tally, size_t test, const struct report_case *one)
{
	struct history_sample *sum = &tally->of[test];
	bool is_first = tally->n_cases[test]++ == 0;
	sum->unit = tally->known->tests[test];
	sum->us += one->microseconds;
	sum->setup_us = add_phase(sum->setup_us, one->setup_us, is_first);
	sum->call_us = add_phase(sum->call_us, one->call_us, is_first);
	sum->teardown_us = add_phase(sum->teardown_us, one->teardown_us, is_first);
	if (one->outcome == OUTCOME_ERROR || (one->outcome == OUTCOME_FAILED && sum->outcome != OUTCOME_ERROR))
		sum->outcome = one->outcome;
}

static void miss(struct tally *tally, const struct report_case *one, enum match_answer why)
{
	tally->missed++;
	tally->missed_by[why]++;
	if (tally->misses.n >= TALLY_MISSES_MOST)
		return;
	struct str what = one->node.n ? str_copy(tally->out, one->node)
	                  : one->classname.n
	                          ? str_fmt(tally->out, "%.*s %.*s", STR_ARG(one->classname), STR_ARG(one->name))
	                          : str_copy(tally->out, one->name);
	vec_push(tally->out, &tally->misses,
	         ((struct tally_miss){.what = what, .why = why, .report = tally->report, .line = one->line}));
}

static void take(void *me, const struct report_case *one)
{
	struct tally *tally = me;
	size_t test = 0;
	enum match_answer answer = match_case(tally->matcher, one, &test);
	tally->cases++;
	if (answer != MATCH_OK) {
		miss(tally, one, answer);
		return;
	}
	tally->matched++;
	if (one->outcome == OUTCOME_SKIPPED)
		tally->skipped++;
	else if (one->microseconds == MS_UNKNOWN)
		tally->untimed++;
	else if (tally->n_cases[test] < CASES_MOST)
		add(tally, test, one);
}

void tally_begin(struct tally *tally, struct arena *out, const struct match_known *known)
{
	*tally = (struct tally){.out = out, .known = known, .report = STR_NONE};
	tally->matcher = match_begin(out, known);
	tally->of = arena_array(out, struct history_sample, known->n_tests);
	tally->n_cases = arena_array(out, uint32_t, known->n_tests);
}

struct report_sink tally_sink(struct tally *tally)
{
	return (struct report_sink){take, tally};
}

struct history_sample *tally_samples(struct tally *tally, struct arena *out, size_t *n)
{
	struct history_sample *samples = arena_array(out, struct history_sample, tally->known->n_tests);
	*n = 0;
	for (size_t i = 0; i < tally->known->n_tests; i++)
		if (tally->n_cases[i])
			samples[(*n)++] = tally->of[i];
	return samples;
}
