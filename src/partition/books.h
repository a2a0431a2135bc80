/* The books of a solution: shards in canonical order, their loads, the makespan and the bill. */
#ifndef PARTITION_BOOKS_H
#define PARTITION_BOOKS_H

#include "model/plan.h"

/* `lane_of`: by shard, in any numbering, n of them; `shard_of`: by item.  Shards without items are left out.  Fills in
 * all of the solution but its bound and certificate. */
void books_write(struct arena *out, struct arena *tmp, const struct problem *problem, const uint32_t *lane_of,
                 uint32_t n, const uint32_t *shard_of, struct solution *solution);

/* What a shard that ends so costs. */
int64_t books_billed(const struct problem *problem, int64_t end_ms);

#endif
