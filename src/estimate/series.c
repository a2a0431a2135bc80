/* One pass over the runs.  The numbers are from PARTITION (0.7, 3 sd), from the backtests under
 * docs/evaluation, or say here what they guard against. */
#include "estimate/series.h"

#include <math.h>
#include <stdlib.h>

#include "estimate/logs.h"

static const double newest_share = 0.7;   /* of the newest sample in the level */
static const double jump_sd = 3;          /* a sample further off than this starts a new level */
static const double sd_floor = 0.03;      /* the calmest suites seen have 0.04 */
static const double sd_first_guess = 0.2; /* before any unit ran twice */
static const double shrink = 4;           /* samples the suite's variance counts for beside a unit's own */

enum {
	US_FLOOR = 100,   /* below this, reports round to nothing */
	SPEED_LEAST = 5,  /* units both known and run, or the run's speed is not measured */
	SPEED_RECENT = 5, /* runs whose median speed is the present one */
};

struct state {
	double level, squares; /* at the reference speed; sum of squared surprises without jumps */
	uint32_t n, n_squares;
};

struct pass {
	struct arena *tmp;
	const struct history *history;
	uint32_t *unit_of;  /* by sample */
	uint32_t *by_run;   /* samples, run by run */
	uint32_t *run_from; /* by run, and one more: where its samples begin in by_run */
	bool *is_used;      /* by sample */
	struct state *states;
	double suite_variance;
	double *speeds; /* logs; of runs where it was measured, oldest first */
	size_t n_speeds;
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double median_of(double *values, size_t n)
{
	if (n == 0)
		return 0;
	qsort(values, n, sizeof *values, by_value);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static double log_us(int64_t us)
{
	return log_of((double)(us < US_FLOOR ? US_FLOOR : us));
}

/* Sorts samples to their runs by counting; within a run they stay in the order of units. */
static void group_by_run(struct pass *pass)
{
	const struct history *h = pass->history;
	uint32_t *from = arena_array(pass->tmp, uint32_t, h->runs.n + 2);
	for (size_t i = 0; i < h->samples.n; i++)
		from[h->samples.at[i].run + 2]++;
	for (size_t i = 2; i < h->runs.n + 2; i++)
		from[i] += from[i - 1];
	pass->by_run = arena_array(pass->tmp, uint32_t, h->samples.n);
	for (size_t i = 0; i < h->samples.n; i++)
		pass->by_run[from[h->samples.at[i].run + 1]++] = (uint32_t)i;
	pass->run_from = from;
}

/* A failed test may have stopped early or waited for a timeout: its time counts only when the unit never
 * passed. */
static void choose_samples(struct pass *pass, size_t from, size_t to)
{
	bool has_passed = false;
	for (size_t i = from; i < to; i++)
		has_passed |= pass->history->samples.at[i].outcome == OUTCOME_PASSED;
	for (size_t i = from; i < to; i++)
		pass->is_used[i] = !has_passed || pass->history->samples.at[i].outcome == OUTCOME_PASSED;
}

static size_t number_units(struct pass *pass)
{
	const struct history *h = pass->history;
	size_t n = 0, from = 0;
	pass->unit_of = arena_array(pass->tmp, uint32_t, h->samples.n);
	pass->is_used = arena_array(pass->tmp, bool, h->samples.n);
	for (size_t i = 0; i < h->samples.n; i++) {
		if (i && !str_eq(h->samples.at[i].unit, h->samples.at[i - 1].unit)) {
			choose_samples(pass, from, i);
			from = i;
			n++;
		}
		pass->unit_of[i] = (uint32_t)n;
	}
	choose_samples(pass, from, h->samples.n);
	return h->samples.n ? n + 1 : 0;
}

static double own_variance(const struct pass *pass, const struct state *state)
{
	double variance = (state->squares + shrink * pass->suite_variance) / (state->n_squares + shrink);
	return variance < sd_floor * sd_floor ? sd_floor * sd_floor : variance;
}

/* The log of the run's speed against the reference: the median surprise. */
static double measure_speed(struct pass *pass, const uint32_t *samples, size_t n, double *room)
{
	size_t known = 0;
	for (size_t i = 0; i < n; i++) {
		const struct state *state = &pass->states[pass->unit_of[samples[i]]];
		if (state->n && pass->is_used[samples[i]])
			room[known++] = log_us(pass->history->samples.at[samples[i]].us) - state->level;
	}
	double speed = median_of(room, known);
	if (known >= SPEED_LEAST) {
		pass->speeds[pass->n_speeds++] = speed;
		return speed;
	}
	return pass->n_speeds ? pass->speeds[pass->n_speeds - 1] : 0;
}

static void learn(const struct pass *pass, struct state *state, double sample)
{
	double surprise = sample - state->level;
	if (state->n++ == 0) {
		state->level = sample;
		return;
	}
	double variance = own_variance(pass, state);
	if (surprise * surprise > jump_sd * jump_sd * variance) {
		state->level = sample;
		return;
	}
	state->level += newest_share * surprise;
	state->squares += surprise * surprise;
	state->n_squares++;
}

static void take_run(struct pass *pass, size_t run, double *room)
{
	const uint32_t *samples = &pass->by_run[pass->run_from[run]];
	size_t n = pass->run_from[run + 1] - pass->run_from[run];
	double speed = measure_speed(pass, samples, n, room);
	for (size_t i = 0; i < n; i++)
		if (pass->is_used[samples[i]])
			learn(pass, &pass->states[pass->unit_of[samples[i]]],
			      log_us(pass->history->samples.at[samples[i]].us) - speed);
}

/* The suite's own variance: of the differences between neighbouring samples of a unit, by their median, which
 * jumps do not move.  A difference has twice the variance of one sample; 1.4826 makes a deviation of a median. */
static double measure_suite(const struct pass *pass, double *room)
{
	const struct history *h = pass->history;
	size_t n = 0;
	for (size_t i = 1; i < h->samples.n; i++) {
		if (pass->unit_of[i] != pass->unit_of[i - 1] || !pass->is_used[i] || !pass->is_used[i - 1])
			continue;
		double difference = log_us(h->samples.at[i].us) - log_us(h->samples.at[i - 1].us);
		room[n++] = difference < 0 ? -difference : difference;
	}
	if (n == 0)
		return sd_first_guess * sd_first_guess;
	double sd = 1.4826 * median_of(room, n);
	sd = sd < sd_floor ? sd_floor : sd;
	return sd * sd / 2;
}

static double present_speed(const struct pass *pass)
{
	size_t n = pass->n_speeds < SPEED_RECENT ? pass->n_speeds : SPEED_RECENT;
	return median_of(&pass->speeds[pass->n_speeds - n], n);
}

unit_levels series_levels(struct arena *out, const struct history *history)
{
	struct arena tmp;
	arena_init(&tmp, out->trap);
	struct pass pass = {.tmp = &tmp, .history = history};
	size_t n = number_units(&pass);
	double *room = arena_array(&tmp, double, history->samples.n);
	pass.states = arena_array(&tmp, struct state, n);
	pass.speeds = arena_array(&tmp, double, history->runs.n + 1);
	group_by_run(&pass);
	pass.suite_variance = measure_suite(&pass, room);
	for (size_t run = 0; run < history->runs.n; run++)
		take_run(&pass, run, room);
	double speed = present_speed(&pass);
	unit_levels levels = {0};
	for (size_t i = 0; i < history->samples.n; i++) {
		if (i && pass.unit_of[i] == pass.unit_of[i - 1])
			continue;
		const struct state *state = &pass.states[pass.unit_of[i]];
		vec_push(out, &levels,
		         ((struct unit_level){.unit = history->samples.at[i].unit,
		                              .level = state->level + speed,
		                              .variance = own_variance(&pass, state),
		                              .n = state->n}));
	}
	arena_free(&tmp);
	return levels;
}

const struct unit_level *level_find(const unit_levels *levels, struct str unit)
{
	size_t low = 0, high = levels->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_cmp(levels->at[mid].unit, unit) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < levels->n && str_eq(levels->at[low].unit, unit) ? &levels->at[low] : NULL;
}
