/* Fewer minutes for the same wall-clock. */
#ifndef PARTITION_BILL_H
#define PARTITION_BILL_H

#include "model/plan.h"

/* Changes a solution that ends by `cap` into one that ends by it too, with no more shards of any lane and a smaller bill,
 * if it finds one; shards whose number was asked for stay.  The solution's bound and certificate are left as they are. */
void bill_reduce(struct arena *out, struct arena *tmp, const struct problem *problem, int64_t cap,
                 struct solution *solution);

/* No plan costs less: all load and one start-up, in whole steps. */
int64_t bill_bound(const struct problem *problem);

#endif
