/* How many shards each lane gets, exactly: the least time T for which some way to deal a number of shards to the lanes
 * holds the load, by branch and bound over whole numbers of shards. */
#ifndef PARTITION_DEALING_H
#define PARTITION_DEALING_H

#include "partition/sizes.h"

enum { DEALINGS_MOST = 12 };

struct dealing {
	const struct work *work;
	struct sizes *sizes;
	uint64_t open;              /* lanes whose number is open */
	uint32_t given[LANES_MOST]; /* numbers of the others */
	uint32_t most[LANES_MOST];  /* shards a lane can fill */
	uint32_t total;             /* to be dealt to the open lanes */
	bool is_frugal;             /* wants the fewest shards that end as soon, first */
	int64_t nodes;              /* that may be looked at */

	/* What was found */
	int64_t bound; /* no way to deal ends before it */
	uint32_t n;
	uint32_t counts[DEALINGS_MOST][LANES_MOST]; /* ways that may end at the bound, or close to it */
};

/* Looks between `low`, a bound, and `high`, at which the way in `known` is good. */
void dealing_search(struct arena *tmp, struct dealing *dealing, int64_t low, int64_t high, const uint32_t *known);

/* Every way to deal all the shards that may end by T, as far as the flow can tell; false when there are more than
 * `most`, or nodes ran out. */
struct dealt {
	uint32_t counts[LANES_MOST];
};
typedef VEC(struct dealt) dealt_ways;
bool dealing_all(struct arena *out, struct arena *tmp, struct dealing *dealing, int64_t T, uint32_t most,
                 dealt_ways *ways);

#endif
