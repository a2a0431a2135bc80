/* The best deal for given numbers of shards, and the best among several such numbers. */
#ifndef PARTITION_ATTEMPT_H
#define PARTITION_ATTEMPT_H

#include "partition/bound.h"
#include "partition/deal.h"
#include "partition/replicas.h"

struct attempt {
	uint32_t counts[LANES_MOST];
	uint32_t *shard_of;       /* by piece, numbered by lane as counts has them */
	int64_t makespan, billed; /* in units of work */
	struct bound bound;       /* what no other deal can beat: of all counts, when those were open */
};

/* Tries the ways of `replicas`.  No shard is empty while another of its lane has two pieces. */
void attempt_best(struct arena *out, struct arena *tmp, const struct work *work, const struct replicas *replicas,
                  struct flow_loads loads, struct attempt *best);

#endif
