/* Proven lower bounds on the makespan, each with a certificate that a second program can add up. */
#ifndef PARTITION_BOUND_H
#define PARTITION_BOUND_H

#include "partition/flow.h"

struct bound {
	int64_t ms;
	struct certificate certificate; /* its item is a piece */
};

/* The longest piece on its cheapest lane with a shard (any lane, when counts is NULL). */
struct bound bound_item(const struct work *work, const uint32_t *counts);
/* The best cheap bound for given numbers of shards; `flow` is that of these counts. */
struct bound bound_counts(const struct work *work, const uint32_t *counts, const struct flow *flow);

/* Tries the dearer proofs between bound->ms and `value`, which some deal reaches: pieces too long for a lane by then
 * (pruned), pieces that cannot share a shard (count, pigeonhole), pieces that cannot be packed into the few shards they
 * are confined to (exact, as far as *ticks go), ends that no sum of pieces gives (reach). */
void bound_raise(struct arena *tmp, const struct work *work, const uint32_t *counts, int64_t value, int64_t *ticks,
                 struct bound *bound);

/* The best bound when `total` shards may be dealt to the lanes at will. */
struct bound bound_dealing(const struct work *work, uint32_t total);

#endif
