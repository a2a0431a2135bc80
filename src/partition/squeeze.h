/* When pieces cannot go into so many bins of one capacity, shown by rounding: a dual feasible function turns each
 * size into a rounded one, such that whatever fits a bin still does; too much in sum then proves it.  Contains the
 * pigeonhole (2r + 1 pieces longer than half), the k-th pigeonhole and the bound L2 of Martello and Toth. */
#ifndef PARTITION_SQUEEZE_H
#define PARTITION_SQUEEZE_H

#include <stdbool.h>
#include <stdint.h>

struct squeeze {
	int64_t least;  /* pieces below it are left out, those beyond capacity - least count as whole bins */
	uint32_t parts; /* sizes are rounded to this many parts of a bin; 0: not rounded */
};

/* ms: n sizes, largest first, none beyond capacity.  True when `bins` bins are surely too few. */
bool squeeze_proves(const int64_t *ms, uint32_t n, int64_t capacity, int64_t bins, struct squeeze *proof);
/* Whether this one proof holds. */
bool squeeze_holds(const int64_t *ms, uint32_t n, int64_t capacity, int64_t bins, struct squeeze proof);

#endif
