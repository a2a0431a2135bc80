/* Meet in the middle: the pieces of two shards that may lie on either are dealt anew so that the later of
 * the two ends as early as possible.  Exact for up to RESPLIT_MOST pieces. */
#ifndef PARTITION_RESPLIT_H
#define PARTITION_RESPLIT_H

#include "partition/deal.h"

enum { RESPLIT_MOST = 26 };

struct resplit; /* its tables, made once */
struct resplit *resplit_make(struct arena *tmp);

/* Of up to RESPLIT_MOST times, the subset (as bits) whose sum is the greatest at most `limit`, which is >= 0, and, in
 * `above`, the one with the least sum beyond it (all bits and INT64_MAX as its sum when there is none). */
struct subset {
	int64_t sum;
	uint32_t bits;
};
struct subset resplit_below(struct resplit *room, const int64_t *ms, uint32_t n, int64_t limit, struct subset *above);

/* Deals the n chosen pieces of shards a and b anew; true when the later end became earlier.  Each of them may lie on
 * the lane of either. */
bool resplit(struct resplit *room, struct deal *deal, uint32_t a, uint32_t b, const uint32_t *pieces, uint32_t n);

#endif
