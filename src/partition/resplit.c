/* All subset sums of either half, sorted by merging as each piece is added, then one walk from both ends. */
#include "partition/resplit.h"

#include <string.h>

enum { HALF = 1 << (RESPLIT_MOST / 2) };

struct resplit {
	struct subset low[HALF], high[HALF], spare[HALF];
};

struct resplit *resplit_make(struct arena *tmp)
{
	return arena_new(tmp, struct resplit);
}

/* The 2^n subset sums in ascending order. */
static uint32_t all_sums(struct subset *sums, struct subset *spare, const int64_t *ms, uint32_t n)
{
	uint32_t count = 1;
	sums[0] = (struct subset){0, 0};
	for (uint32_t i = 0; i < n; i++) {
		uint32_t without = 0, with = 0;
		memcpy(spare, sums, count * sizeof *sums);
		for (uint32_t at = 0; at < 2 * count; at++) {
			if (with == count || (without < count && spare[without].sum <= spare[with].sum + ms[i]))
				sums[at] = spare[without++];
			else {
				sums[at].sum = spare[with].sum + ms[i];
				sums[at].bits = spare[with++].bits | UINT32_C(1) << i;
			}
		}
		count *= 2;
	}
	return count;
}

struct subset resplit_below(struct resplit *room, const int64_t *ms, uint32_t n, int64_t limit, struct subset *above)
{
	uint32_t half = n / 2;
	uint32_t n_low = all_sums(room->low, room->spare, ms, half);
	uint32_t n_high = all_sums(room->high, room->spare, ms + half, n - half);
	struct subset best = {0, 0};
	*above = (struct subset){INT64_MAX, UINT32_MAX};
	for (uint32_t i = 0, j = n_high; i < n_low && j > 0;) {
		int64_t sum = room->low[i].sum + room->high[j - 1].sum;
		struct subset *side = sum <= limit ? &best : above;
		if (sum <= limit ? sum > best.sum : sum < above->sum)
			*side = (struct subset){sum, room->low[i].bits | room->high[j - 1].bits << half};
		if (sum <= limit)
			i++;
		else
			j--;
	}
	return best;
}

bool resplit(struct resplit *room, struct deal *deal, uint32_t a, uint32_t b, const uint32_t *pieces, uint32_t n)
{
	int64_t ms[RESPLIT_MOST], total = 0, base_a = deal->shards[a].end, base_b = deal->shards[b].end;
	int64_t before = base_a > base_b ? base_a : base_b;
	for (uint32_t i = 0; i < n; i++) {
		ms[i] = deal->work->ms[pieces[i]];
		total += ms[i];
		*(deal->shard_of[pieces[i]] == a ? &base_a : &base_b) -= ms[i];
	}
	/* Both end at once when a gets half of the whole. */
	int64_t ideal = base_b + total - base_a;
	if (ideal < 0)
		return false;
	struct subset above, below = resplit_below(room, ms, n, ideal / 2, &above);
	int64_t end_below = base_b + total - below.sum; /* below the ideal b is the later one */
	int64_t end_above = above.sum == INT64_MAX ? INT64_MAX : base_a + above.sum;
	struct subset best = end_below <= end_above ? below : above;
	if ((end_below <= end_above ? end_below : end_above) >= before)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t to = best.bits >> i & 1 ? a : b;
		if (deal->shard_of[pieces[i]] != to)
			deal_move(deal, pieces[i], to);
	}
	return true;
}
