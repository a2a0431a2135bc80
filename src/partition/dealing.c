/* At a time limit T a shard of lane k holds T - fixed(k).  If shards could be cut, the load would go to the lanes with
 * most room a shard first, as far as it may lie there: filling lane after lane is optimal, because the loads that lanes
 * can hold form a polymatroid.  That gives the least number of shards, rounded up, below which a branch need not
 * be followed; a branch fixes a lane to at most or at least a whole number. */
#include "partition/dealing.h"

#include <string.h>

__extension__ typedef unsigned __int128 wide;

enum { NODES_FOR_OTHERS = 300, BITS = 40 };
#define WHOLE (INT64_C(1) << BITS)

struct brancher {
	struct dealing *dealing;
	struct flow_room *room;
	struct flow_loads loads;
	int64_t T;
	uint32_t order[LANES_MOST], n_lanes; /* most room a shard first */
	bool keeps_all;                      /* collects ways instead of stopping at the first */
	uint32_t total;
	bool is_out; /* of nodes: a no is not a proof */
};

struct range {
	uint32_t least[LANES_MOST], most[LANES_MOST];
};

static int64_t room_of(const struct brancher *brancher, uint32_t lane)
{
	const struct work *work = brancher->dealing->work;
	return brancher->T > work->fixed[lane] ? (brancher->T - work->fixed[lane]) * work->workers[lane] : 0;
}

static int64_t times(uint32_t shards, int64_t room)
{
	int64_t product;
	return __builtin_mul_overflow((int64_t)shards, room, &product) ? INT64_MAX / 4 : product;
}

/* The shards needed if they could be cut, in 2^40ths rounded down, or -1 when the range does not suffice.  `parts` gets
 * each lane's. */
static int64_t relax(const struct brancher *brancher, const struct range *range, int64_t *parts)
{
	struct flow_stretch stretches[2 * LANES_MOST];
	uint32_t n = 0;
	int64_t total = 0;
	for (uint32_t i = 0; i < brancher->n_lanes; i++) /* what is paid for anyway */
		if (range->least[brancher->order[i]])
			stretches[n++] = (struct flow_stretch){
			        brancher->order[i],
			        times(range->least[brancher->order[i]], room_of(brancher, brancher->order[i])), 0};
	uint32_t paid = n;
	for (uint32_t i = 0; i < brancher->n_lanes; i++) {
		uint32_t k = brancher->order[i];
		parts[k] = (int64_t)range->least[k] << BITS;
		if (range->most[k] > range->least[k])
			stretches[n++] = (struct flow_stretch){
			        k, times(range->most[k] - range->least[k], room_of(brancher, k)), 0};
	}
	bool fits = flow_fill(brancher->room, brancher->loads, stretches, n);
	if (!fits)
		return -1;
	for (uint32_t s = paid; s < n; s++) {
		int64_t room = room_of(brancher, stretches[s].lane), used = stretches[s].used;
		if (used)
			parts[stretches[s].lane] += (int64_t)(((wide)used << BITS) / (wide)room);
	}
	for (uint32_t i = 0; i < brancher->n_lanes; i++)
		if (brancher->dealing->open >> brancher->order[i] & 1)
			total += parts[brancher->order[i]];
	return total;
}

static void keep(struct dealing *dealing, const uint32_t *counts)
{
	for (uint32_t i = 0; i < dealing->n; i++)
		if (!memcmp(dealing->counts[i], counts, sizeof dealing->counts[i]))
			return;
	if (dealing->n < DEALINGS_MOST)
		memcpy(dealing->counts[dealing->n++], counts, sizeof *dealing->counts);
}

/* The parts rounded up are a way to deal; true when they are not too many. */
static bool try_rounded(const struct brancher *brancher, const int64_t *parts, const struct range *range)
{
	uint32_t counts[LANES_MOST] = {0}, total = 0;
	for (uint32_t i = 0; i < brancher->n_lanes; i++) {
		uint32_t k = brancher->order[i];
		counts[k] = (uint32_t)((parts[k] + WHOLE - 1) >> BITS);
		counts[k] += counts[k] < range->most[k] && parts[k] && (parts[k] & (WHOLE - 1)) == 0 &&
		             parts[k] >> BITS > range->least[k];
		total += brancher->dealing->open >> k & 1 ? counts[k] : 0;
	}
	/* A part that looks whole was rounded down: one more was added to be sure; without it if that still fits. */
	for (uint32_t i = 0; i < brancher->n_lanes; i++) {
		uint32_t k = brancher->order[i];
		uint64_t tight;
		uint32_t spread[LANES_MOST];
		if (!(brancher->dealing->open >> k & 1) || counts[k] <= range->least[k] || parts[k] & (WHOLE - 1))
			continue;
		counts[k]--;
		work_spread(brancher->dealing->work, counts, spread);
		if (flow_fits(brancher->room, brancher->dealing->work, brancher->loads, spread, brancher->T, &tight)) {
			total--;
			continue;
		}
		counts[k]++;
	}
	if (total > brancher->total)
		return false;
	if (!brancher->keeps_all)
		brancher->dealing->n = 0;
	keep(brancher->dealing, counts);
	return true;
}

/* The open lane whose part is farthest from whole numbers, or -1. */
static int most_broken(const struct brancher *brancher, const int64_t *parts, const struct range *range)
{
	int best = -1;
	int64_t farthest = -1;
	for (uint32_t i = 0; i < brancher->n_lanes; i++) {
		uint32_t k = brancher->order[i];
		if (!(brancher->dealing->open >> k & 1) || range->least[k] == range->most[k])
			continue;
		int64_t rest = parts[k] & (WHOLE - 1), far = rest < WHOLE / 2 ? rest : WHOLE - rest;
		if (far > farthest) {
			farthest = far;
			best = (int)k;
		}
	}
	return best;
}

static bool branch(struct brancher *brancher, const struct range *range)
{
	int64_t parts[LANES_MOST] = {0};
	if (brancher->dealing->nodes-- <= 0) {
		brancher->is_out = true;
		return false;
	}
	int64_t needed = relax(brancher, range, parts);
	if (needed < 0 || needed > (int64_t)brancher->total << BITS)
		return false;
	if (try_rounded(brancher, parts, range) && !brancher->keeps_all)
		return true;
	int k = most_broken(brancher, parts, range);
	if (k < 0)
		return false;
	uint32_t floor = (uint32_t)(parts[k] >> BITS);
	struct range up = *range, down = *range;
	floor = floor < range->most[k] ? floor : range->most[k] - 1;
	up.least[k] = floor + 1;
	down.most[k] = floor;
	bool is_found = branch(brancher, &up);
	if (is_found || (brancher->keeps_all && brancher->dealing->n == DEALINGS_MOST))
		return is_found;
	return branch(brancher, &down);
}

/* Most room a shard first. */
static void order_lanes(struct brancher *brancher)
{
	const struct work *work = brancher->dealing->work;
	brancher->n_lanes = 0;
	for (uint32_t k = 0; k < work->n_lanes; k++) {
		if (!(work->used >> k & 1))
			continue;
		uint32_t at = brancher->n_lanes++;
		for (; at > 0 && room_of(brancher, brancher->order[at - 1]) < room_of(brancher, k); at--)
			brancher->order[at] = brancher->order[at - 1];
		brancher->order[at] = k;
	}
}

/* What may be chosen at T; false when some piece ends by T nowhere. */
static bool set_up(struct brancher *brancher, int64_t T, uint32_t total, struct range *range)
{
	struct dealing *dealing = brancher->dealing;
	*range = (struct range){0};
	brancher->T = T;
	brancher->total = total;
	order_lanes(brancher);
	brancher->loads = sizes_loads(dealing->sizes, NULL, T);
	for (uint32_t i = 0; i < brancher->n_lanes; i++) {
		uint32_t k = brancher->order[i];
		bool is_open = dealing->open >> k & 1;
		range->least[k] = is_open ? 0 : dealing->given[k];
		range->most[k] = is_open ? (dealing->most[k] < total ? dealing->most[k] : total) : dealing->given[k];
		if (is_open && dealing->work->fixed[k] >= T)
			range->most[k] = 0;
	}
	return brancher->loads.at[0].lanes != 0;
}

/* Whether some way to deal ends by T, as far as the flow can tell; ways found are kept. */
static bool is_possible(struct brancher *brancher, int64_t T, uint32_t total, bool keeps_all)
{
	struct range range;
	brancher->keeps_all = keeps_all;
	return set_up(brancher, T, total, &range) && branch(brancher, &range);
}

/* The way with the fewest shards that still ends by T. */
static void keep_frugal(struct brancher *brancher, int64_t T)
{
	struct dealing *dealing = brancher->dealing;
	uint32_t low = 0, high = dealing->total, best[LANES_MOST];
	bool is_found = false;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (is_possible(brancher, T, middle, false)) {
			memcpy(best, dealing->counts[0], sizeof best);
			is_found = true;
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	dealing->n = 0;
	if (is_found)
		keep(dealing, best);
}

void dealing_search(struct arena *tmp, struct dealing *dealing, int64_t low, int64_t high, const uint32_t *known)
{
	uint32_t n_loads = (uint32_t)dealing->work->classes.n * (dealing->work->n_lanes + 1);
	struct brancher brancher = {.dealing = dealing, .room = flow_room(tmp, n_loads, dealing->work->n_lanes)};
	int64_t proved = low;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		brancher.is_out = false;
		if (is_possible(&brancher, middle, dealing->total, false)) {
			high = middle;
		} else {
			low = middle + 1;
			proved = brancher.is_out ? proved : low;
		}
	}
	dealing->bound = proved;
	uint32_t best[LANES_MOST];
	memcpy(best, dealing->n ? dealing->counts[0] : known, sizeof best);
	dealing->n = 0;
	if (dealing->is_frugal)
		keep_frugal(&brancher, high);
	keep(dealing, best);
	/* Then others that are as good or nearly so: which is best when pieces are whole is for the solver to see. */
	dealing->nodes = dealing->nodes < NODES_FOR_OTHERS ? dealing->nodes : NODES_FOR_OTHERS;
	is_possible(&brancher, high, dealing->total, true);
	is_possible(&brancher, high + high / 2000, dealing->total, true);
}

struct collector {
	struct brancher *brancher;
	struct arena *out;
	dealt_ways *ways;
	uint32_t most;
	bool is_whole;
};

/* Fixes lane after lane; false ends the search. */
static bool collect(struct collector *collector, struct range *range, uint32_t at, uint32_t left)
{
	struct brancher *brancher = collector->brancher;
	int64_t parts[LANES_MOST];
	if (brancher->dealing->nodes-- <= 0)
		return collector->is_whole = false;
	if (relax(brancher, range, parts) < 0)
		return true;
	while (at < brancher->n_lanes && range->least[brancher->order[at]] == range->most[brancher->order[at]])
		at++;
	if (at == brancher->n_lanes) {
		struct dealt way;
		memcpy(way.counts, range->least, sizeof way.counts);
		if (collector->ways->n == collector->most)
			return collector->is_whole = false;
		vec_push(collector->out, collector->ways, way);
		return true;
	}
	uint32_t k = brancher->order[at], most = range->most[k] < left ? range->most[k] : left, least = 0, others = 0;
	for (uint32_t i = at + 1; i < brancher->n_lanes; i++)
		others += range->most[brancher->order[i]] - range->least[brancher->order[i]];
	if (left > others) /* all shards are dealt: more never hurt */
		least = left - others < most ? left - others : most;
	for (uint32_t n = most + 1; n-- > least;) {
		struct range inner = *range;
		inner.least[k] = inner.most[k] = n;
		if (!collect(collector, &inner, at + 1, left - n))
			return false;
	}
	return true;
}

bool dealing_all(struct arena *out, struct arena *tmp, struct dealing *dealing, int64_t T, uint32_t most,
                 dealt_ways *ways)
{
	uint32_t n_loads = (uint32_t)dealing->work->classes.n * (dealing->work->n_lanes + 1);
	struct brancher brancher = {.dealing = dealing, .room = flow_room(tmp, n_loads, dealing->work->n_lanes)};
	struct collector collector = {&brancher, out, ways, most, true};
	struct range range;
	if (set_up(&brancher, T, dealing->total, &range))
		collect(&collector, &range, 0, dealing->total);
	return collector.is_whole;
}
