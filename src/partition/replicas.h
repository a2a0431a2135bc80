/* How many shards each lane gets when the user leaves that open. */
#ifndef PARTITION_REPLICAS_H
#define PARTITION_REPLICAS_H

#include "partition/flow.h"

enum { SHARDS_AUTO_MOST = 256 }; /* with no limit said: as many jobs as a GitHub matrix holds */

struct replicas {
	uint32_t counts[LANES_MOST];
	int64_t predicted; /* T of the counts: no deal of them ends earlier */
	bool is_open;      /* other counts were possible */
	uint32_t total;    /* shards that were to be dealt */
};

/* False when there are fewer shards than lanes with work; the message names the least number. */
bool replicas_choose(struct arena *tmp, const struct work *work, struct flow_loads loads, struct replicas *replicas,
                     struct err *err);

#endif
