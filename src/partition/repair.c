/* One piece at a time leaves the shard that ends last: the shortest one that brings it down to the goal, else the longest
 * that any shard can take without ending late itself.  Where no piece can go, two change places. */
#include "partition/repair.h"

enum { PARTNERS_MOST = 16, PAIRS_MOST = 100000, STEPS_MOST = 100000 };

/* The shard of the piece's lanes that ends soonest, other than `not`. */
static uint32_t soonest_of(const struct deal *deal, const uint32_t *soonest, uint32_t piece)
{
	uint32_t best = NO_SHARD;
	for (uint64_t set = work_lanes(deal->work, piece); set; set &= set - 1) {
		uint32_t shard = soonest[__builtin_ctzll(set)];
		if (shard != NO_SHARD && (best == NO_SHARD || deal->shards[shard].end < deal->shards[best].end))
			best = shard;
	}
	return best;
}

/* By lane, the shard that ends soonest and is not `top`. */
static void find_soonest(const struct deal *deal, uint32_t top, uint32_t *soonest)
{
	for (uint32_t k = 0; k < LANES_MOST; k++) {
		soonest[k] = NO_SHARD;
		for (uint32_t j = deal->first[k]; j < deal->first[k + 1]; j++)
			if (j != top && (soonest[k] == NO_SHARD || deal->shards[j].end < deal->shards[soonest[k]].end))
				soonest[k] = j;
	}
}

static bool move_one(struct deal *deal, uint32_t top, int64_t goal)
{
	uint32_t soonest[LANES_MOST], best = NO_PIECE, to = NO_SHARD;
	int64_t excess = deal->shards[top].end - goal;
	find_soonest(deal, top, soonest);
	for (uint32_t p = deal->shards[top].first; p != NO_PIECE; p = deal->next[p]) {
		int64_t ms = deal->work->ms[p], best_ms = best == NO_PIECE ? 0 : deal->work->ms[best];
		bool is_better = best_ms >= excess ? ms >= excess && ms < best_ms : ms > best_ms;
		if (!is_better)
			continue;
		uint32_t there = soonest_of(deal, soonest, p);
		if (there == NO_SHARD || deal->shards[there].end + ms > goal)
			continue;
		best = p;
		to = there;
	}
	if (best == NO_PIECE || deal->shards[top].n == 1)
		return false;
	deal_move(deal, best, to);
	return true;
}

/* A piece of the top for a shorter one of another shard, such that both end by the goal. */
static bool swap_with(struct deal *deal, uint32_t top, uint32_t other, int64_t goal)
{
	int64_t least = deal->shards[top].end - goal, most = goal - deal->shards[other].end;
	if (least > most || (uint64_t)deal->shards[top].n * deal->shards[other].n > PAIRS_MOST)
		return false;
	for (uint32_t p = deal->shards[top].first; p != NO_PIECE; p = deal->next[p]) {
		if (!(work_lanes(deal->work, p) >> deal->shards[other].lane & 1))
			continue;
		for (uint32_t q = deal->shards[other].first; q != NO_PIECE; q = deal->next[q]) {
			int64_t differ = deal->work->ms[p] - deal->work->ms[q];
			if (differ < least || differ > most ||
			    !(work_lanes(deal->work, q) >> deal->shards[top].lane & 1))
				continue;
			deal_move(deal, p, other);
			deal_move(deal, q, top);
			return true;
		}
	}
	return false;
}

/* With the shards that have most room, first one of each. */
static bool swap_one(struct deal *deal, uint32_t top, int64_t goal)
{
	uint32_t partners[PARTNERS_MOST], n = 0;
	for (uint32_t j = 0; j < deal->n; j++) {
		if (j == top)
			continue;
		uint32_t at = n < PARTNERS_MOST ? n++ : PARTNERS_MOST;
		for (; at > 0 && deal->shards[partners[at - 1]].end > deal->shards[j].end; at--)
			if (at < PARTNERS_MOST)
				partners[at] = partners[at - 1];
		if (at < PARTNERS_MOST)
			partners[at] = j;
	}
	for (uint32_t i = 0; i < n; i++)
		if (swap_with(deal, top, partners[i], goal))
			return true;
	return false;
}

void repair(struct arena *tmp, struct deal *deal, int64_t goal)
{
	uint32_t top;
	deal_link(tmp, deal);
	for (int steps = 0; steps < STEPS_MOST && deal_makespan(deal, &top) > goal; steps++)
		if (!move_one(deal, top, goal) && !swap_one(deal, top, goal))
			break;
	deal_unlink(deal);
}
