/* How late a plan may end when its estimates are means: quantiles of the makespan. */
#ifndef PARTITION_NOISE_H
#define PARTITION_NOISE_H

#include <stdint.h>

/* The end of a shard: fixed cost and the sum of its units' means; the sum of their variances. */
struct noisy_end {
	int64_t mean_ms, variance; /* ms squared */
};

/* The time by which all have ended with a chance of `percent` (1..99), shards being independent and sums of many units
 * nearly normal.  Whole numbers only, so the same everywhere; good to a thousandth. */
int64_t noise_quantile(const struct noisy_end *ends, uint32_t n, uint32_t percent);

#endif
