/* The order of work: pieces, numbers of shards, deals, the books. */
#include "partition/solve.h"

#include <stdlib.h>

#include "partition/attempt.h"

/* Shards in canonical order: by lane, then by their first item. */
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

static int64_t billed(const struct problem *problem, int64_t end)
{
	int64_t step = problem->billing_ms > 0 ? problem->billing_ms : 1;
	return (end + step - 1) / step * step;
}

/* The shards that are not empty, in order; rank[shard] becomes its place. */
static uint32_t order_shards(struct arena *tmp, const struct work *work, const struct attempt *attempt,
                             struct order **orders, uint32_t *rank)
{
	uint32_t lane_of[LANES_MOST + 1] = {0}, total = 0, n = 0;
	for (uint32_t k = 0; k < work->n_lanes; k++)
		lane_of[k] = total += attempt->counts[k]; /* shards before the next lane */
	bool *is_seen = arena_array(tmp, bool, total);
	*orders = arena_array(tmp, struct order, total);
	for (uint32_t i = 0; i < work->problem->items.n; i++) {
		uint32_t shard = attempt->shard_of[work->piece_of[i]], lane = 0;
		if (is_seen[shard])
			continue;
		is_seen[shard] = true;
		while (lane_of[lane] <= shard)
			lane++;
		(*orders)[n++] = (struct order){lane, i, shard};
	}
	qsort(*orders, n, sizeof **orders, by_order);
	for (uint32_t i = 0; i < n; i++)
		rank[(*orders)[i].shard] = i;
	return n;
}

static void write_shards(struct arena *out, struct arena *tmp, const struct work *work, const struct attempt *attempt,
                         struct solution *solution)
{
	const struct problem *problem = work->problem;
	uint32_t *rank = arena_array(tmp, uint32_t, SHARDS_MOST + 1);
	struct order *orders;
	uint32_t n = order_shards(tmp, work, attempt, &orders, rank);
	for (uint32_t i = 0; i < n; i++)
		vec_push(out, &solution->shards, ((struct shard_result){.lane = orders[i].lane}));
	solution->shard_of = arena_array(out, uint32_t, problem->items.n);
	for (size_t i = 0; i < problem->items.n; i++) {
		solution->shard_of[i] = rank[attempt->shard_of[work->piece_of[i]]];
		solution->shards.at[solution->shard_of[i]].load_ms += problem->items.at[i].ms;
	}
	for (uint32_t i = 0; i < n; i++) {
		int64_t end = problem->lanes.at[orders[i].lane].fixed_ms + solution->shards.at[i].load_ms;
		solution->billed_ms += billed(problem, end);
		if (end > solution->makespan_ms)
			solution->makespan_ms = end;
	}
}

static uint32_t first_item(const struct work *work, uint32_t piece)
{
	uint32_t i = 0;
	while (work->piece_of[i] != piece)
		i++;
	return i;
}

bool partition_solve(struct arena *out, struct arena *tmp, const struct problem *problem, struct solution *solution,
                     struct err *err)
{
	struct work work;
	struct replicas replicas;
	struct attempt attempt;
	*solution = (struct solution){0};
	if (!work_make(tmp, tmp, problem, &work, err))
		return false;
	struct flow_loads loads = flow_loads(tmp, &work);
	if (!replicas_choose(tmp, &work, loads, &replicas, err))
		return false;
	attempt_best(tmp, tmp, &work, &replicas, loads, &attempt);
	write_shards(out, tmp, &work, &attempt, solution);
	solution->bound_ms = attempt.bound.ms * work.unit;
	solution->certificate = attempt.bound.certificate;
	solution->certificate.load_ms *= work.unit;
	solution->certificate.fixed_ms *= work.unit;
	if (!solution->certificate.proven_ms)
		solution->certificate.proven_ms = attempt.bound.ms;
	solution->certificate.proven_ms *= work.unit;
	if (attempt.bound.certificate.kind == BOUND_ITEM)
		solution->certificate.item = first_item(&work, attempt.bound.certificate.item);
	return true;
}
