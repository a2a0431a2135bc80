/* Starting from the previous plan. */
#ifndef PARTITION_PREVIOUS_H
#define PARTITION_PREVIOUS_H

#include "partition/deal.h"
#include "partition/replicas.h"

/* The numbers of shards the previous plan had, when they may still be chosen and cover everything. */
bool previous_counts(const struct work *work, const struct replicas *replicas, uint32_t *counts);

/* Puts the pieces whose items lay in a shard of the previous plan into the shards that take their places, and the rest
 * where it ends soonest; false, and nothing done, when there is no previous plan. */
bool previous_start(struct arena *tmp, struct deal *deal);

#endif
