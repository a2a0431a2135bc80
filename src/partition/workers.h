/* What lies in one shard, dealt to its workers as `pytest -n N --dist loadfile` does: whoever is free takes the next. */
#ifndef PARTITION_WORKERS_H
#define PARTITION_WORKERS_H

#include "base/arena.h"
#include "model/plan.h"

/* By shard of the solution, until its last worker has ended: longest first.  Units of one group go to one worker. */
void workers_loads(struct arena *tmp, const struct problem *problem, struct solution *solution);

#endif
