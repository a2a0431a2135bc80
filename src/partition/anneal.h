/* A random walk by single moves and swaps, for deals of few pieces a shard: it passes through worse deals, which
 * re-splitting pairs does not. */
#ifndef PARTITION_ANNEAL_H
#define PARTITION_ANNEAL_H

#include "partition/deal.h"

/* At most so many steps; true, and the deal changed, when all shards end by `limit` then. */
bool anneal(struct arena *tmp, struct deal *deal, int64_t limit, int64_t steps, uint64_t *seed);

#endif
