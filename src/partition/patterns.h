/* When pieces cannot go into so many bins of one capacity, shown by the linear programme of Gilmore and Gomory: each
 * piece gets a weight such that no filling of a bin weighs more than V, and all weigh more than the bins can.  Nearly
 * always as strong as trying every way. */
#ifndef PARTITION_PATTERNS_H
#define PARTITION_PATTERNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { PATTERNS_PIECES_MOST = 400, PATTERNS_FILL_MOST = 8 }; /* pieces in all, and a bin */

/* ms: n sizes, largest first, none beyond capacity.  True when `bins` bins are surely too few; false proves nothing.
 * Takes ticks from *ticks, and gives up when they are used. */
bool patterns_prove(struct arena *tmp, const int64_t *ms, uint32_t n, int64_t capacity, int64_t bins, int64_t *ticks);

#endif
