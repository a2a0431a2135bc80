/* Counting sort by class, then binary search by size. */
#include "partition/sizes.h"

#include <stdlib.h>

struct sizes *sizes_make(struct arena *tmp, const struct work *work)
{
	struct sizes *sizes = arena_new(tmp, struct sizes);
	size_t n = work->classes.n;
	*sizes = (struct sizes){
	        .work = work,
	        .piece = arena_array(tmp, uint32_t, work->n),
	        .sum = arena_array(tmp, int64_t, work->n + 1),
	        .first = arena_array(tmp, uint32_t, n + 2),
	        .room = arena_array(tmp, struct flow_load, n * (work->n_lanes + 1)),
	};
	uint32_t *next = sizes->first + 1; /* becomes `first` as it is used up */
	for (size_t c = 0; c + 1 < n; c++)
		next[c + 1] = next[c] + work->classes.at[c].n;
	for (uint32_t p = 0; p < work->n; p++)
		sizes->piece[next[work->class_of[p]]++] = p;
	for (uint32_t i = 0; i < work->n; i++)
		sizes->sum[i + 1] = sizes->sum[i] + work->ms[sizes->piece[i]];
	return sizes;
}

/* The first place in the class whose piece is no longer than `most`. */
static uint32_t first_within(const struct sizes *sizes, uint32_t class, int64_t most)
{
	uint32_t low = sizes->first[class], high = sizes->first[class + 1];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (sizes->work->ms[sizes->piece[middle]] <= most)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static int by_lanes(const void *a, const void *b)
{
	uint64_t x = ((const struct flow_load *)a)->lanes, y = ((const struct flow_load *)b)->lanes;
	return (x > y) - (x < y);
}

/* Cuts the class at the sizes where a lane falls away: dearest lane first. */
static void cut_class(struct sizes *sizes, uint32_t class, const uint32_t *counts, int64_t T, struct flow_loads *loads)
{
	const struct work *work = sizes->work;
	uint32_t from = sizes->first[class], end = sizes->first[class + 1];
	uint64_t left = 0;
	for (uint64_t set = work->classes.at[class].lanes; set; set &= set - 1)
		if (!counts || counts[__builtin_ctzll(set)])
			left |= set & -set;
	/* The longest pieces fit only the cheapest lanes; walk from them to the shortest, gaining lanes. */
	while (from < end) {
		int64_t longest = work->ms[sizes->piece[from]];
		uint64_t fits = 0;
		uint32_t stop = end;
		for (uint64_t set = left; set; set &= set - 1) {
			int k = __builtin_ctzll(set);
			if (longest + work->fixed[k] <= T) {
				fits |= set & -set;
				continue;
			}
			uint32_t gained = first_within(sizes, class, T - work->fixed[k]);
			stop = gained < stop ? gained : stop;
		}
		loads->at[loads->n++] = (struct flow_load){fits, sizes->sum[stop] - sizes->sum[from]};
		from = stop;
	}
}

struct flow_loads sizes_loads(struct sizes *sizes, const uint32_t *counts, int64_t T)
{
	struct flow_loads loads = {.at = sizes->room};
	for (uint32_t c = 0; c < sizes->work->classes.n; c++)
		cut_class(sizes, c, counts, T, &loads);
	qsort(loads.at, loads.n, sizeof *loads.at, by_lanes);
	uint32_t merged = 0;
	for (uint32_t i = 0; i < loads.n; i++)
		if (merged && loads.at[merged - 1].lanes == loads.at[i].lanes)
			loads.at[merged - 1].ms += loads.at[i].ms;
		else
			loads.at[merged++] = loads.at[i];
	loads.n = merged;
	return loads;
}
