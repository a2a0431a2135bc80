/* Makes a deal better until it meets the goal or the ticks are used up.  Ticks count work, not time, so that the
 * same input gives the same plan on every machine. */
#ifndef PARTITION_IMPROVE_H
#define PARTITION_IMPROVE_H

#include "partition/deal.h"

struct improver {
	int64_t goal;  /* good enough */
	int64_t ticks; /* about a nanosecond each */
	uint64_t seed;
	int64_t beat; /* only ends before it are of use; 0: any */
	bool is_optimal; /* set when the search proved that these shards cannot end before `beat`, or sooner than they do */
};

void improve(struct arena *tmp, struct deal *deal, struct improver *improver);

#endif
