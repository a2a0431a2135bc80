/* Pieces by class, with running sums: what a time limit leaves of a class is found without walking it. */
#ifndef PARTITION_SIZES_H
#define PARTITION_SIZES_H

#include "partition/flow.h"

struct sizes {
	const struct work *work;
	uint32_t *piece; /* by class, largest first */
	int64_t *sum;    /* work->n + 1: of all pieces before */
	uint32_t *first; /* by class, and one beyond */
	struct flow_load *room;
};

struct sizes *sizes_make(struct arena *tmp, const struct work *work);

/* The loads as the time limit T leaves them: a piece may use a lane only if it ends there by T.  One load a set of
 * lanes; its `lanes` is 0 when some piece has none left.  Lives until the next call. */
struct flow_loads sizes_loads(struct sizes *sizes, const uint32_t *counts, int64_t T);

#endif
