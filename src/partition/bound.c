/* Bounds, cheapest first; a later one only speaks when it says more. */
#include "partition/bound.h"

/* The least fixed cost among the lanes, or -1 when none has a shard. */
static int64_t cheapest(const struct work *work, const uint32_t *counts, uint64_t lanes)
{
	int64_t least = -1;
	for (; lanes; lanes &= lanes - 1) {
		uint32_t k = (uint32_t)__builtin_ctzll(lanes);
		if ((!counts || counts[k]) && (least < 0 || work->fixed[k] < least))
			least = work->fixed[k];
	}
	return least;
}

struct bound bound_item(const struct work *work, const uint32_t *counts)
{
	struct bound bound = {0};
	for (size_t c = 0; c < work->classes.n; c++) {
		const struct piece_class *class = &work->classes.at[c];
		int64_t fixed = cheapest(work, counts, class->lanes), ms = work->ms[class->largest];
		if (fixed + ms <= bound.ms)
			continue;
		bound.ms = fixed + ms;
		bound.certificate = (struct certificate){BOUND_ITEM, class->lanes, 1, ms, fixed, class->largest};
	}
	return bound;
}

struct bound bound_counts(const struct work *work, const uint32_t *counts, const struct flow *flow)
{
	struct bound best = bound_item(work, counts);
	if (flow->bound <= best.ms)
		return best;
	best.ms = flow->bound;
	best.certificate =
	        (struct certificate){BOUND_FLOW, flow->lanes, flow->shards, flow->load, flow->fixed, UINT32_MAX};
	return best;
}

/* Whether `total` shards could hold everything by T if a shard could be cut between lanes: each class on its cheapest
 * lane takes load / (T - fixed) of a shard, here in 1024ths rounded down. */
static bool could_hold(const struct work *work, uint32_t total, int64_t T)
{
	int64_t parts = 0;
	for (size_t c = 0; c < work->classes.n; c++) {
		int64_t room = T - cheapest(work, NULL, work->classes.at[c].lanes);
		if (room <= 0)
			return false;
		parts += work->classes.at[c].load * 1024 / room;
		if (parts > (int64_t)total * 1024)
			return false;
	}
	return true;
}

struct bound bound_dealing(const struct work *work, uint32_t total)
{
	struct bound best = bound_item(work, NULL);
	int64_t low = best.ms, high = best.ms + work->load;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		if (could_hold(work, total, middle))
			high = middle;
		else
			low = middle + 1;
	}
	if (low <= best.ms)
		return best;
	best.ms = low;
	best.certificate = (struct certificate){BOUND_DEALING, work->used, total, work->load, 0, UINT32_MAX};
	return best;
}
