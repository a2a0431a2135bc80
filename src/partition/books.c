/* Canonical order: by lane, then by first item. */
#include "partition/books.h"

#include <stdlib.h>

#include "partition/workers.h"

struct order {
	uint32_t lane, first_item, shard;
};

static int by_order(const void *a, const void *b)
{
	const struct order *x = a, *y = b;
	if (x->lane != y->lane)
		return x->lane < y->lane ? -1 : 1;
	return (x->first_item > y->first_item) - (x->first_item < y->first_item);
}

int64_t books_billed(const struct problem *problem, int64_t end_ms)
{
	int64_t step = problem->billing_ms > 0 ? problem->billing_ms : 1;
	return (end_ms + step - 1) / step * step;
}

void books_write(struct arena *out, struct arena *tmp, const struct problem *problem, const uint32_t *lane_of,
                 uint32_t n, const uint32_t *shard_of, struct solution *solution)
{
	struct order *orders = arena_array(tmp, struct order, n);
	uint32_t *rank = arena_array(tmp, uint32_t, n), used = 0;
	bool *is_seen = arena_array(tmp, bool, n);
	for (uint32_t i = 0; i < problem->items.n; i++)
		if (!is_seen[shard_of[i]]) {
			is_seen[shard_of[i]] = true;
			orders[used++] = (struct order){lane_of[shard_of[i]], i, shard_of[i]};
		}
	qsort(orders, used, sizeof *orders, by_order);
	solution->shards.n = solution->shards.cap = used;
	solution->shards.at = arena_array(out, struct shard_result, used);
	for (uint32_t j = 0; j < used; j++) {
		rank[orders[j].shard] = j;
		solution->shards.at[j].lane = orders[j].lane;
	}
	solution->shard_of = arena_array(out, uint32_t, problem->items.n);
	for (size_t i = 0; i < problem->items.n; i++) {
		solution->shard_of[i] = rank[shard_of[i]];
		solution->shards.at[solution->shard_of[i]].load_ms += problem->items.at[i].ms;
	}
	workers_loads(tmp, problem, solution);
	solution->makespan_ms = solution->billed_ms = 0;
	for (uint32_t j = 0; j < used; j++) {
		const struct shard_result *shard = &solution->shards.at[j];
		int64_t end = problem->lanes.at[shard->lane].fixed_ms + shard->load_ms;
		solution->billed_ms += books_billed(problem, end);
		solution->makespan_ms = end > solution->makespan_ms ? end : solution->makespan_ms;
	}
}
