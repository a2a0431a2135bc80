/* Max-flow from lane sets to lanes, and Newton's method on T: each cut that is too small names the T it needs.
 *
 * There are at most 64 lanes, so the residual graph is kept over lanes: from lane k the flow of a class may
 * be pushed on to every other lane of that class. */
#include "partition/flow.h"

#include <string.h>

struct flow_room {
	int64_t *sent; /* by load, then lane */
	int64_t *left; /* by load: not yet sent */
	uint32_t n_lanes, n_loads;
	int64_t spare[LANES_MOST];
	uint32_t via[LANES_MOST]; /* how the search came to a lane: the load */
	int8_t from[LANES_MOST];  /* and the lane it would take it from, -1: from what is left of it */
};

struct flow_loads flow_loads(struct arena *out, const struct work *work)
{
	struct flow_loads loads = {0};
	uint32_t most = work->classes.n > FLOW_CLASSES_MOST ? FLOW_CLASSES_MOST : (uint32_t)work->classes.n;
	loads.at = arena_array(out, struct flow_load, most);
	for (size_t c = 0; c < work->classes.n; c++) {
		uint32_t i = c < most ? (uint32_t)c : most - 1;
		loads.at[i].lanes |= work->classes.at[c].lanes;
		loads.at[i].ms += work->classes.at[c].load;
	}
	loads.n = most;
	return loads;
}

struct flow_room *flow_room(struct arena *tmp, uint32_t n_loads, uint32_t n_lanes)
{
	struct flow_room *room = arena_new(tmp, struct flow_room);
	room->n_loads = n_loads;
	room->n_lanes = n_lanes;
	room->sent = arena_array(tmp, int64_t, (size_t)n_loads * n_lanes);
	room->left = arena_array(tmp, int64_t, n_loads);
	return room;
}

static int64_t *sent(struct flow_room *room, uint32_t load, uint32_t lane)
{
	return &room->sent[(size_t)load * room->n_lanes + lane];
}

static int lowest(uint64_t set)
{
	return __builtin_ctzll(set);
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The narrow sets first, each into its lanes in order: most of the flow is then where it must be. */
static void send_greedily(struct flow_room *room, struct flow_loads loads)
{
	for (int width = 1; width <= 2; width++)
		for (uint32_t i = 0; i < loads.n; i++) {
			bool is_narrow = !(loads.at[i].lanes & (loads.at[i].lanes - 1));
			if (is_narrow != (width == 1))
				continue;
			for (uint64_t set = loads.at[i].lanes; set && room->left[i]; set &= set - 1) {
				int k = lowest(set);
				int64_t part = smaller(room->left[i], room->spare[k]);
				room->left[i] -= part;
				room->spare[k] -= part;
				*sent(room, i, (uint32_t)k) += part;
			}
		}
}

/* Breadth first over lanes from what is left of the loads.  Returns a lane with room, or -1 and the lanes seen. */
static int search(struct flow_room *room, struct flow_loads loads, uint64_t *seen)
{
	uint8_t queue[LANES_MOST];
	uint32_t head = 0, tail = 0;
	*seen = 0;
	for (uint32_t i = 0; i < loads.n; i++)
		if (room->left[i])
			for (uint64_t set = loads.at[i].lanes & ~*seen; set; set &= set - 1) {
				int k = lowest(set);
				*seen |= UINT64_C(1) << k;
				room->via[k] = i;
				room->from[k] = -1;
				queue[tail++] = (uint8_t)k;
			}
	while (head < tail) {
		uint32_t k = queue[head++];
		if (room->spare[k])
			return (int)k;
		for (uint32_t i = 0; i < loads.n; i++) {
			uint64_t set = loads.at[i].lanes & ~*seen;
			if (!set || !(loads.at[i].lanes >> k & 1) || !*sent(room, i, k))
				continue;
			for (; set; set &= set - 1) {
				int l = lowest(set);
				*seen |= UINT64_C(1) << l;
				room->via[l] = i;
				room->from[l] = (int8_t)k;
				queue[tail++] = (uint8_t)l;
			}
		}
	}
	return -1;
}

static void augment(struct flow_room *room, int end)
{
	int64_t part = room->spare[end];
	for (int k = end;; k = room->from[k]) {
		uint32_t i = room->via[k];
		part = smaller(part, room->from[k] < 0 ? room->left[i] : *sent(room, i, (uint32_t)room->from[k]));
		if (room->from[k] < 0)
			break;
	}
	room->spare[end] -= part;
	for (int k = end;; k = room->from[k]) {
		uint32_t i = room->via[k];
		*sent(room, i, (uint32_t)k) += part;
		if (room->from[k] < 0) {
			room->left[i] -= part;
			break;
		}
		*sent(room, i, (uint32_t)room->from[k]) -= part;
	}
}

bool flow_fits(struct flow_room *room, const struct work *work, struct flow_loads loads, const uint32_t *shards,
               int64_t T, uint64_t *tight)
{
	memset(room->sent, 0, sizeof *room->sent * loads.n * room->n_lanes);
	for (uint32_t i = 0; i < loads.n; i++)
		room->left[i] = loads.at[i].ms;
	for (uint32_t k = 0; k < room->n_lanes; k++)
		room->spare[k] = T > work->fixed[k] ? shards[k] * (T - work->fixed[k]) : 0;
	send_greedily(room, loads);
	int end;
	while ((end = search(room, loads, tight)) >= 0)
		augment(room, end);
	return !*tight;
}

bool flow_fill(struct flow_room *room, struct flow_loads loads, struct flow_stretch *stretches, uint32_t n)
{
	memset(room->sent, 0, sizeof *room->sent * loads.n * room->n_lanes);
	memset(room->spare, 0, sizeof room->spare);
	int64_t left = 0;
	for (uint32_t i = 0; i < loads.n; i++)
		left += room->left[i] = loads.at[i].ms;
	for (uint32_t s = 0; s < n && left; s++) {
		uint32_t k = stretches[s].lane;
		uint64_t seen;
		room->spare[k] = stretches[s].room;
		for (uint32_t i = 0; i < loads.n && room->spare[k]; i++) {
			int64_t part = loads.at[i].lanes >> k & 1 ? smaller(room->left[i], room->spare[k]) : 0;
			room->left[i] -= part;
			room->spare[k] -= part;
			*sent(room, i, k) += part;
		}
		while (room->spare[k] && search(room, loads, &seen) >= 0)
			augment(room, (int)k);
		stretches[s].used = stretches[s].room - room->spare[k];
		left -= stretches[s].used;
		room->spare[k] = 0;
	}
	return !left;
}

/* What the lanes of `set` must hold, and the least T at which they can. */
static struct flow need_of_set(const struct work *work, struct flow_loads loads, const uint32_t *shards, uint64_t set)
{
	struct flow flow = {.bound = INT64_MAX, .lanes = set};
	for (uint32_t i = 0; i < loads.n; i++)
		if (!(loads.at[i].lanes & ~set))
			flow.load += loads.at[i].ms;
	uint64_t rest = set;
	while (rest) { /* cheapest lane first, until the next is too dear to help */
		int best = -1;
		for (uint64_t s = rest; s; s &= s - 1)
			if (best < 0 || work->fixed[lowest(s)] < work->fixed[best])
				best = lowest(s);
		rest &= ~(UINT64_C(1) << best);
		if (!shards[best])
			continue;
		if (work->fixed[best] >= flow.bound)
			break;
		flow.shards += shards[best];
		flow.fixed += shards[best] * work->fixed[best];
		flow.bound = (flow.load + flow.fixed + flow.shards - 1) / flow.shards;
	}
	return flow;
}

struct flow flow_bound(struct flow_room *room, const struct work *work, struct flow_loads loads, const uint32_t *shards,
                       int64_t least)
{
	struct flow flow = {.bound = least};
	uint64_t tight;
	while (!flow_fits(room, work, loads, shards, flow.bound, &tight)) {
		flow = need_of_set(work, loads, shards, tight);
		if (flow.bound == INT64_MAX)
			break;
	}
	flow.sent = room->sent;
	return flow;
}
