/* The numbers are PARTITION's (0.7, 3 sd), or say here what they guard against. */
#include "estimate/track.h"

#include <stdlib.h>

#include "estimate/logs.h"

static const double newest_share = 0.7;   /* of the newest sample in the level, right after the one before */
static const double jump_sd = 3;          /* a sample further off than this is a jump */
static const double sd_floor = 0.03;      /* the calmest suites seen have 0.04 */
static const double sd_first_guess = 0.2; /* before anything ran twice */
static const double stay_guess = 0.9;     /* likelihood that a jump stays, before any has been seen */
static const double ln_2 = 0x1.62e42fefa39efp-1;
static const double shrink = 4; /* samples the suite's variance counts for beside a track's own */

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

static int by_us(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

int64_t median_us(int64_t *values, size_t n)
{
	if (n == 0)
		return 0;
	qsort(values, n, sizeof *values, by_us);
	return values[n / 2];
}

double track_suite_variance(double *differences, size_t n)
{
	if (n == 0)
		return sd_first_guess * sd_first_guess;
	/* 1.4826 makes a deviation of a median; a difference has twice the variance of one sample. */
	double sd = 1.4826 * median_of(differences, n);
	sd = sd < sd_floor ? sd_floor : sd;
	return sd * sd / 2;
}

double track_variance(const struct track *track, const struct track_suite *suite)
{
	double variance = (track->squares + shrink * suite->variance) / (track->n_squares + shrink);
	return variance < sd_floor * sd_floor ? sd_floor * sd_floor : variance;
}

static double distance(double a, double b)
{
	return a > b ? a - b : b - a;
}

/* The sample after a jump tells which of the two levels is the true one. */
static void settle(struct track *track, struct track_suite *suite, double sample)
{
	struct track_jumps *jumps = track->jump == TRACK_UP ? &suite->up : &suite->down;
	bool stays = distance(sample, track->to) <= distance(sample, track->from);
	*(stays ? &jumps->stayed : &jumps->went_back) += distance(exp_of(track->to), exp_of(track->from));
	track->level = stays ? track->to : track->from;
	track->jump = TRACK_STEADY;
}

/* A test that became slower stays so; a fixture of the session, paid by whichever test comes first, does not.
 * The suite's own past says how likely a jump is to stay: the level is the mean of the two until the next sample
 * tells.  Weighed by microseconds, because jumps of short tests are many and matter little. */
static void jump(struct track *track, const struct track_suite *suite, double sample)
{
	bool is_up = sample > track->level;
	const struct track_jumps *jumps = is_up ? &suite->up : &suite->down;
	double from = exp_of(track->level), to = exp_of(sample), size = distance(from, to);
	double share = (jumps->stayed + stay_guess * size) / (jumps->stayed + jumps->went_back + size);
	track->jump = is_up ? TRACK_UP : TRACK_DOWN;
	track->from = track->level;
	track->to = sample;
	track->level = log_of(share * to + (1 - share) * from);
}

/* The level's own share fades with the time since it was last seen: a unit that did not run for long is believed
 * to be where it now is. */
static double share_of_newest(const struct track *track, const struct track_suite *suite, int64_t time)
{
	if (suite->half_life == 0)
		return newest_share;
	double lives = (double)(time - track->time) / (double)suite->half_life;
	return 1 - (1 - newest_share) * exp_of(-lives * ln_2);
}

void track_learn(struct track *track, struct track_suite *suite, double sample, int64_t time)
{
	double share = share_of_newest(track, suite, time);
	track->time = time;
	if (track->n++ == 0) {
		track->level = sample;
		return;
	}
	if (track->jump != TRACK_STEADY)
		settle(track, suite, sample);
	double surprise = sample - track->level, variance = track_variance(track, suite);
	if (surprise * surprise > jump_sd * jump_sd * variance) {
		jump(track, suite, sample);
		return;
	}
	track->level += share * surprise;
	track->squares += surprise * surprise;
	track->n_squares++;
}
