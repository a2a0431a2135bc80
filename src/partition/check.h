/* The independent checker: recomputes everything a solution claims from the problem alone.  Shares no code with the
 * solver. */
#ifndef PARTITION_CHECK_H
#define PARTITION_CHECK_H

#include "base/err.h"
#include "model/plan.h"

/* False (ERR_TROUBLE: it is our fault) at the first claim that is not true: each item in one shard of a lane it may
 * use, groups together, loads, no empty shard, numbers of shards, makespan, bill, and the bound's sum. */
bool partition_check(struct arena *tmp, const struct problem *problem, const struct solution *solution,
                     struct err *err);

#endif
