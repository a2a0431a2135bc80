/* The flow bound: the shortest time T in which the lanes, with given numbers of shards, can hold the load if pieces
 * could be cut at will.  Equals the optimum of the linear programme: some set A of lanes must hold all the
 * load that may go nowhere else, and its shards have sum of shards * (T - fixed) room.
 *
 * Classes that share pieces of a size too long for a lane at T are a matter of bound.c, which makes its own. */
#ifndef PARTITION_FLOW_H
#define PARTITION_FLOW_H

#include "partition/work.h"

enum { FLOW_CLASSES_MOST = 2048 };

/* Loads by lane set, as the flow sees them: a class's pieces, or part of them. */
struct flow_load {
	uint64_t lanes;
	int64_t ms;
};

struct flow_loads {
	struct flow_load *at;
	uint32_t n;
};

struct flow {
	int64_t bound;   /* ms; INT64_MAX when some load has no lane with a shard */
	uint64_t lanes;  /* the set that binds */
	int64_t load;    /* confined to it */
	uint32_t shards; /* of it, with less fixed cost than the bound */
	int64_t fixed;   /* sum over those shards */
	int64_t *sent;   /* if asked: by load and lane, n_lanes entries a load, at T = bound */
};

/* The loads of all classes; beyond FLOW_CLASSES_MOST the rest is one load that may go anywhere any of it may:
 * the bound stays valid. */
struct flow_loads flow_loads(struct arena *out, const struct work *work);

struct flow_room; /* scratch of flow_bound, made once for many calls */
struct flow_room *flow_room(struct arena *tmp, uint32_t n_loads, uint32_t n_lanes);

/* The least T of at least `least`.  With `sent`, keeps the flow in the room until the next call. */
struct flow flow_bound(struct flow_room *room, const struct work *work, struct flow_loads loads, const uint32_t *shards,
                       int64_t least);
/* Whether the loads fit by T; `tight` is the set of lanes that is too small, 0 when they do. */
bool flow_fits(struct flow_room *room, const struct work *work, struct flow_loads loads, const uint32_t *shards,
               int64_t T, uint64_t *tight);

/* Room on a lane, offered after that of the stretches before it. */
struct flow_stretch {
	uint32_t lane;
	int64_t room, used;
};

/* Fills the stretches one after the other, each as far as it goes without taking from those before: the loads then lie
 * as cheaply as they can when the stretches are sorted by cost.  True when all loads are placed. */
bool flow_fill(struct flow_room *room, struct flow_loads loads, struct flow_stretch *stretches, uint32_t n);

#endif
