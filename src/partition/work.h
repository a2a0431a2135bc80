/* The problem as the solver handles it: groups merged into pieces, pieces sorted by size, lane sets numbered.
 * Everything else in this folder that decides speaks of pieces; items come back when the solution is written. */
#ifndef PARTITION_WORK_H
#define PARTITION_WORK_H

#include "base/err.h"
#include "model/plan.h"

enum { LANES_MOST = 64, SHARDS_MOST = 65535, WORKERS_MOST = 1024 };

/* Pieces that may use the same lanes. */
struct piece_class {
	uint64_t lanes;
	int64_t load;
	uint32_t n;       /* pieces */
	uint32_t largest; /* piece */
};

struct work {
	const struct problem *problem;
	int64_t unit;                    /* ms: what all times below are whole multiples of, and counted in */
	uint32_t n;                      /* pieces, largest first, equal ones by their first item */
	int64_t *ms;                     /* by piece */
	uint32_t *class_of;              /* by piece, index into classes */
	uint32_t *piece_of;              /* by item */
	VEC(struct piece_class) classes; /* sorted by lanes */
	uint32_t n_lanes;
	int64_t fixed[LANES_MOST]; /* by lane */
	uint32_t workers[LANES_MOST];
	uint64_t used; /* lanes some piece may use */
	int64_t load;  /* of all pieces */
};

/* False, with a reason, for an item without a lane, a group no lane can hold whole, a time that is not
 * positive, or sums beyond what 64 bits hold. */
bool work_make(struct arena *out, struct arena *tmp, const struct problem *problem, struct work *work, struct err *err);

/* Each worker of a shard is dealt to as if it were a shard: so many are of use, by lane. */
void work_spread(const struct work *work, const uint32_t *counts, uint32_t *spread);

/* The lanes piece may use. */
static inline uint64_t work_lanes(const struct work *work, uint32_t piece)
{
	return work->classes.at[work->class_of[piece]].lanes;
}

#endif
