/* How many shards each lane gets when the user leaves that open. */
#ifndef PARTITION_REPLICAS_H
#define PARTITION_REPLICAS_H

#include "partition/dealing.h"

enum { REPLICAS_MOST = 12 };
enum { SHARDS_AUTO_MOST = 256 }; /* with no limit said: as many jobs as a GitHub matrix holds */

struct replicas {
	uint32_t n;
	uint32_t counts[REPLICAS_MOST][LANES_MOST]; /* ways to deal, the most promising first */
	int64_t predicted;                          /* T of the first: no deal of it ends earlier */
	int64_t bound;                              /* no way to deal ends earlier, be it among these or not */
	bool is_open;                               /* other counts were possible */
	uint32_t total;                             /* shards that could be dealt */
};

/* A quick good way, by adding the shard that helps most, again and again; no bound.  False when there are
 * fewer shards than lanes with work; the message names the least number. */
bool replicas_guess(struct arena *tmp, const struct work *work, struct flow_loads loads, struct replicas *replicas,
                    struct err *err);

/* The best ways, and what none of them can beat. */
bool replicas_choose(struct arena *tmp, const struct work *work, struct flow_loads loads, struct replicas *replicas,
                     struct err *err);

/* Every way that may end by T; false when there are too many to list. */
bool replicas_all(struct arena *out, struct arena *tmp, const struct work *work, struct flow_loads loads, int64_t T,
                  dealt_ways *ways);

#endif
