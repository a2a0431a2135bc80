/* Makes a deal better until it meets the goal or the ticks are used up.  Ticks count work, not time, so that the
 * same input gives the same plan on every machine. */
#ifndef PARTITION_IMPROVE_H
#define PARTITION_IMPROVE_H

#include "partition/deal.h"

struct improver {
	int64_t goal;  /* ms: good enough */
	int64_t ticks; /* about a nanosecond each */
	uint64_t seed;
};

void improve(struct arena *tmp, struct deal *deal, struct improver *improver);

#endif
