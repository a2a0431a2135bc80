/* Three list schedules.  Each lane keeps its shards in a heap by end, so that a piece looks at one shard a lane. */
#include "partition/construct.h"

#include <assert.h>
#include <stdlib.h>

/* For each lane its shards as a binary heap, soonest end first, then lowest number. */
struct heaps {
	struct deal *deal;
	uint32_t *at; /* shards; lane k's heap starts at deal->first[k] */
};

static bool is_before(const struct deal *deal, uint32_t a, uint32_t b)
{
	int64_t x = deal->shards[a].end, y = deal->shards[b].end;
	return x != y ? x < y : a < b;
}

static void sink(const struct heaps *heaps, uint32_t lane, uint32_t i)
{
	uint32_t *heap = heaps->at + heaps->deal->first[lane];
	uint32_t n = heaps->deal->first[lane + 1] - heaps->deal->first[lane];
	for (;;) {
		uint32_t least = i, left = 2 * i + 1;
		for (uint32_t child = left; child < left + 2 && child < n; child++)
			if (is_before(heaps->deal, heap[child], heap[least]))
				least = child;
		if (least == i)
			return;
		uint32_t swap = heap[i];
		heap[i] = heap[least];
		heap[least] = swap;
		i = least;
	}
}

static struct heaps make_heaps(struct arena *tmp, struct deal *deal)
{
	struct heaps heaps = {deal, arena_array(tmp, uint32_t, deal->n)};
	for (uint32_t j = 0; j < deal->n; j++)
		heaps.at[j] = j;
	for (uint32_t k = 0; k < deal->work->n_lanes; k++)
		for (uint32_t i = (deal->first[k + 1] - deal->first[k]) / 2; i-- > 0;)
			sink(&heaps, k, i);
	return heaps;
}

/* Puts the piece on the shard among `lanes` where it ends soonest. */
static void put_soonest(struct heaps *heaps, uint32_t piece, uint64_t lanes)
{
	struct deal *deal = heaps->deal;
	int64_t soonest = INT64_MAX;
	uint32_t lane = 0;
	for (; lanes; lanes &= lanes - 1) {
		uint32_t k = (uint32_t)__builtin_ctzll(lanes);
		if (deal->first[k] == deal->first[k + 1])
			continue;
		int64_t end = deal->shards[heaps->at[deal->first[k]]].end;
		if (end < soonest) {
			soonest = end;
			lane = k;
		}
	}
	deal_put(deal, piece, heaps->at[deal->first[lane]]);
	sink(heaps, lane, 0);
}

void construct_longest(struct arena *tmp, struct deal *deal)
{
	struct heaps heaps = make_heaps(tmp, deal);
	for (uint32_t p = 0; p < deal->work->n; p++)
		if (deal->shard_of[p] == NO_SHARD)
			put_soonest(&heaps, p, work_lanes(deal->work, p));
}

/* Pieces with one lane first, then two, and so on; largest first within. */
static void construct_least_flexible(struct arena *tmp, struct deal *deal)
{
	struct heaps heaps = make_heaps(tmp, deal);
	const struct work *work = deal->work;
	uint64_t widths = 0;
	for (size_t c = 0; c < work->classes.n; c++)
		widths |= UINT64_C(1) << (__builtin_popcountll(work->classes.at[c].lanes) - 1);
	for (; widths; widths &= widths - 1) {
		int width = __builtin_ctzll(widths) + 1;
		for (uint32_t p = 0; p < work->n; p++)
			if (__builtin_popcountll(work_lanes(work, p)) == width)
				put_soonest(&heaps, p, work_lanes(work, p));
	}
}

/* The flow says how much of each class each lane gets: a piece goes to the lane with most of its quota left. */
static void construct_quotas(struct arena *tmp, struct deal *deal, const struct flow *flow)
{
	struct heaps heaps = make_heaps(tmp, deal);
	const struct work *work = deal->work;
	int64_t *quota = arena_array(tmp, int64_t, work->classes.n * work->n_lanes);
	for (size_t i = 0; i < work->classes.n * work->n_lanes; i++)
		quota[i] = flow->sent[i];
	for (uint32_t p = 0; p < work->n; p++) {
		int64_t *own = &quota[(size_t)work->class_of[p] * work->n_lanes];
		int best = -1;
		for (uint64_t set = work_lanes(work, p); set; set &= set - 1) {
			int k = __builtin_ctzll(set);
			if (deal->first[k] < deal->first[k + 1] && (best < 0 || own[k] > own[best]))
				best = k;
		}
		assert(best >= 0); /* every piece may go to a lane that has a shard */
		own[best] -= work->ms[p];
		put_soonest(&heaps, p, UINT64_C(1) << best);
	}
}

/* Keeps the better of two deals in `best`. */
static void keep_better(struct deal *best, struct deal *other)
{
	uint32_t top;
	if (deal_makespan(other, &top) < deal_makespan(best, &top)) {
		struct deal swap = *best;
		*best = *other;
		*other = swap;
	}
}

void construct(struct arena *tmp, struct deal *deal, const struct flow *flow)
{
	struct deal other;
	uint32_t counts[LANES_MOST], top;
	for (uint32_t k = 0; k < deal->work->n_lanes; k++)
		counts[k] = deal->first[k + 1] - deal->first[k];
	construct_longest(tmp, deal);
	if (deal->work->classes.n == 1 || deal_makespan(deal, &top) <= flow->bound)
		return;
	deal_init(tmp, &other, deal->work, counts);
	construct_least_flexible(tmp, &other);
	keep_better(deal, &other);
	if (deal->work->classes.n > FLOW_CLASSES_MOST)
		return;
	deal_clear(&other);
	construct_quotas(tmp, &other, flow);
	keep_better(deal, &other);
}
