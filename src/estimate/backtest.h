/* What to expect of plans: each recorded run is planned on what was known before it, and the plan is executed
 * with the times the run really had.  Compared are the ways other tools guess and ours, all with the same longest
 * first packing on equal shards, so that only the guesses differ. */
#ifndef ESTIMATE_BACKTEST_H
#define ESTIMATE_BACKTEST_H

#include "model/estimate.h"
#include "model/history.h"

enum backtest_way {
	WAY_LAST,   /* pytest-split: the last value; the mean of all for a test without one */
	WAY_P85,    /* gotestsum: the 85th percentile of all values; nothing for a test without one */
	WAY_NEWEST, /* the last value; kin for a test without one */
	WAY_OURS,   /* estimate_all */
	WAYS
};

const char *backtest_way_name(enum backtest_way way);

struct backtest_row {
	uint32_t run; /* index into history.runs: the first of the run's */
	size_t files, units, new_units;
	int64_t bound_us; /* no plan could be faster: the mean load, or the longest piece */
	int64_t makespan_us[WAYS];
	int64_t predicted_us; /* the sum of our estimates, and what it came to */
	int64_t total_us;
};

struct backtest {
	VEC(struct backtest_row) rows;
	/* Parts per million over the bound, of all rows. */
	int64_t mean_ppm[WAYS], p95_ppm[WAYS];
};

/* The plans to be made. */
struct backtest_shape {
	uint32_t shards;
	bool splits; /* a file longer than a shard is dealt test by test; else files stay whole */
};

/* What each way expects of the asks, by what was known. */
struct backtest_guess {
	int64_t *us[WAYS];
	bool *is_new; /* nothing was known of it */
};

struct backtest_guess *backtest_guess(struct arena *out, const struct history *past, const struct estimate_ask *asks,
                                      size_t n);
/* The plans on those guesses when asks[i] took us[i]. */
void backtest_score(struct arena *tmp, const struct backtest_guess *guess, const struct estimate_ask *asks,
                    const int64_t *us, size_t n, struct backtest_shape shape, struct backtest_row *row);
/* Every run but the first; what the asks do not know of a recorded unit is its size. */
struct backtest backtest_all(struct arena *out, const struct history *history, const struct estimate_ask *asks,
                             size_t n, struct backtest_shape shape);
/* Fills in the means of what is in `rows`. */
void backtest_sum(struct arena *tmp, struct backtest *backtest);

#endif
