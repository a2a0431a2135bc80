/* As few moves as a deal needs to end by a goal. */
#ifndef PARTITION_REPAIR_H
#define PARTITION_REPAIR_H

#include "partition/deal.h"

/* Takes pieces from whatever shard ends last, or swaps two, until all end by the goal or no such step is left. */
void repair(struct arena *tmp, struct deal *deal, int64_t goal);

#endif
