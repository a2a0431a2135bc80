/* Plain loops over items, as a doubting reader would write them. */
#include "partition/check.h"

#include <stdlib.h>

static bool check_places(struct arena *tmp, const struct problem *problem, const struct solution *solution,
                         struct err *err)
{
	int64_t *loads = arena_array(tmp, int64_t, solution->shards.n);
	for (size_t i = 0; i < problem->items.n; i++) {
		const struct item *item = &problem->items.at[i];
		uint32_t shard = solution->shard_of[i];
		if (shard >= solution->shards.n)
			return fail(err, "plan check: unit %zu is in no shard", i);
		uint32_t lane = solution->shards.at[shard].lane;
		if (lane >= problem->lanes.n || !(item->lanes >> lane & 1))
			return fail(err, "plan check: unit %zu is on lane %u, which does not cover it", i, lane);
		loads[shard] += item->ms;
	}
	for (size_t j = 0; j < solution->shards.n; j++) {
		if (loads[j] == 0)
			return fail(err, "plan check: shard %zu is empty", j);
		if (loads[j] != solution->shards.at[j].load_ms)
			return fail(err, "plan check: shard %zu holds %lld ms, not %lld", j, (long long)loads[j],
			            (long long)solution->shards.at[j].load_ms);
	}
	return true;
}

/* What stays together: an item alone, or all items of a group. */
struct lump {
	uint32_t group, shard, item;
	int64_t ms;
	uint64_t lanes;
};

typedef VEC(struct lump) lumps;

static int by_group(const void *a, const void *b)
{
	const struct lump *x = a, *y = b;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->item > y->item) - (x->item < y->item);
}

static bool make_lumps(struct arena *tmp, const struct problem *problem, const struct solution *solution, lumps *lumps,
                       struct err *err)
{
	lumps->at = arena_array(tmp, struct lump, problem->items.n);
	for (uint32_t i = 0; i < problem->items.n; i++) {
		const struct item *item = &problem->items.at[i];
		lumps->at[i] = (struct lump){item->group, solution->shard_of[i], i, item->ms, item->lanes};
	}
	qsort(lumps->at, problem->items.n, sizeof *lumps->at, by_group);
	for (size_t i = 0; i < problem->items.n; i++) {
		const struct lump *next = &lumps->at[i];
		struct lump *last = lumps->n ? &lumps->at[lumps->n - 1] : NULL;
		if (!last || !next->group || next->group != last->group) {
			lumps->at[lumps->n++] = *next;
			continue;
		}
		if (next->shard != last->shard)
			return fail(err, "plan check: units %u and %u of one group are in two shards", last->item,
			            next->item);
		last->ms += next->ms;
		last->lanes &= next->lanes;
	}
	return true;
}

static bool check_counts(const struct problem *problem, const struct solution *solution, struct err *err)
{
	size_t counts[64] = {0};
	for (size_t j = 0; j < solution->shards.n; j++) {
		if (j && solution->shards.at[j].lane < solution->shards.at[j - 1].lane)
			return fail(err, "plan check: shard %zu is not in the order of lanes", j);
		counts[solution->shards.at[j].lane]++;
	}
	bool is_open = false;
	for (size_t k = 0; k < problem->lanes.n; k++) {
		is_open |= problem->lanes.at[k].shards == 0;
		if (problem->lanes.at[k].shards && counts[k] > problem->lanes.at[k].shards)
			return fail(err, "plan check: lane %zu has %zu shards, not %u", k, counts[k],
			            problem->lanes.at[k].shards);
	}
	uint32_t most = problem->shards ? problem->shards : problem->max_shards;
	if (is_open && most && solution->shards.n > most)
		return fail(err, "plan check: %zu shards, at most %u were asked for", solution->shards.n, most);
	return true;
}

static bool check_sums(const struct problem *problem, const struct solution *solution, struct err *err)
{
	int64_t last = 0, bill = 0, step = problem->billing_ms > 0 ? problem->billing_ms : 1;
	for (size_t j = 0; j < solution->shards.n; j++) {
		const struct shard_result *shard = &solution->shards.at[j];
		int64_t end = problem->lanes.at[shard->lane].fixed_ms + shard->load_ms;
		last = end > last ? end : last;
		bill += end % step ? end - end % step + step : end;
	}
	if (last != solution->makespan_ms)
		return fail(err, "plan check: the last shard ends at %lld ms, not %lld", (long long)last,
		            (long long)solution->makespan_ms);
	if (bill != solution->billed_ms)
		return fail(err, "plan check: the bill is %lld ms, not %lld", (long long)bill,
		            (long long)solution->billed_ms);
	if (solution->bound_ms > last)
		return fail(err, "plan check: the bound of %lld ms is above the makespan of %lld ms",
		            (long long)solution->bound_ms, (long long)last);
	return true;
}

/* Shards the lane can have at most: the number given, or the one the plan chose, and never more than lumps. */
static int64_t most_shards(const struct problem *problem, const struct solution *solution, const lumps *lumps,
                           size_t lane)
{
	int64_t n = problem->lanes.at[lane].shards, able = 0;
	for (size_t j = 0; j < solution->shards.n && !problem->lanes.at[lane].shards; j++)
		n += solution->shards.at[j].lane == lane;
	for (size_t i = 0; i < lumps->n; i++)
		able += lumps->at[i].lanes >> lane & 1;
	return n < able ? n : able;
}

/* All times are multiples of it, so every end is. */
static int64_t common_divisor(const struct problem *problem, const lumps *lumps)
{
	int64_t divisor = 0;
	for (size_t i = 0; i < lumps->n + problem->lanes.n; i++) {
		int64_t a = i < lumps->n ? lumps->at[i].ms : problem->lanes.at[i - lumps->n].fixed_ms;
		while (a) {
			int64_t rest = divisor % a;
			divisor = a;
			a = rest;
		}
	}
	return divisor;
}

/* At the last possible end before the bound, would the shards of the certificate's lanes have room for what only they may hold? */
static bool check_flow(const struct problem *problem, const struct solution *solution, const lumps *lumps,
                       struct err *err)
{
	const struct certificate *proof = &solution->certificate;
	int64_t load = 0, room = 0, before = solution->bound_ms - common_divisor(problem, lumps);
	for (size_t i = 0; i < lumps->n; i++)
		if (!(lumps->at[i].lanes & ~proof->lanes))
			load += lumps->at[i].ms;
	for (size_t k = 0; k < problem->lanes.n; k++) {
		int64_t each = before - problem->lanes.at[k].fixed_ms;
		if ((proof->lanes >> k & 1) && each > 0)
			room += most_shards(problem, solution, lumps, k) * each;
	}
	if (load != proof->load_ms || room >= load)
		return fail(err, "plan check: the lanes named hold %lld ms and have room for %lld: no proof",
		            (long long)load, (long long)room);
	return true;
}

static bool check_item(const struct problem *problem, const struct solution *solution, const lumps *lumps,
                       struct err *err)
{
	const struct certificate *proof = &solution->certificate;
	const struct lump *named = NULL;
	for (size_t i = 0; i < lumps->n && !named; i++)
		if (lumps->at[i].item == proof->item)
			named = &lumps->at[i];
	if (!named)
		return fail(err, "plan check: the proof names unit %u, which is none", proof->item);
	for (size_t k = 0; k < problem->lanes.n; k++) {
		int64_t end = problem->lanes.at[k].fixed_ms + named->ms;
		if ((named->lanes >> k & 1) && most_shards(problem, solution, lumps, k) && end < solution->bound_ms)
			return fail(err, "plan check: unit %u would end by %lld ms on lane %zu: no proof", proof->item,
			            (long long)end, k);
	}
	return true;
}

bool partition_check(struct arena *tmp, const struct problem *problem, const struct solution *solution, struct err *err)
{
	lumps lumps = {0};
	if (!check_places(tmp, problem, solution, err) || !make_lumps(tmp, problem, solution, &lumps, err) ||
	    !check_counts(problem, solution, err) || !check_sums(problem, solution, err))
		return false;
	switch (solution->certificate.kind) {
	case BOUND_FLOW: return check_flow(problem, solution, &lumps, err);
	case BOUND_ITEM: return check_item(problem, solution, &lumps, err);
	default: return true;
	}
}
