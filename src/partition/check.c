/* Plain loops over items, as a doubting reader would write them. */
#include "partition/check.h"

#include <stdlib.h>

#include "partition/check_bound.h"

static uint32_t workers_of(const struct problem *problem, const struct solution *solution, size_t shard)
{
	uint32_t workers = problem->lanes.at[solution->shards.at[shard].lane].workers;
	return workers ? workers : 1;
}

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
		if (workers_of(problem, solution, j) == 1 && loads[j] != solution->shards.at[j].load_ms)
			return fail(err, "plan check: shard %zu holds %lld ms, not %lld", j, (long long)loads[j],
			            (long long)solution->shards.at[j].load_ms);
	}
	return true;
}

static int by_group(const void *a, const void *b)
{
	const struct lump *x = a, *y = b;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->item > y->item) - (x->item < y->item);
}

static bool make_lumps(struct arena *tmp, const struct problem *problem, const struct solution *solution,
                       struct lumps *lumps, struct err *err)
{
	size_t grouped = 0;
	for (size_t i = 0; i < problem->items.n; i++)
		grouped += problem->items.at[i].group != 0;
	struct lump *all = arena_array(tmp, struct lump, grouped);
	grouped = 0;
	for (uint32_t i = 0; i < problem->items.n; i++) {
		const struct item *item = &problem->items.at[i];
		if (item->group)
			all[grouped++] = (struct lump){item->group, solution->shard_of[i], i, item->ms, item->lanes};
	}
	if (grouped)
		qsort(all, grouped, sizeof *all, by_group);
	lumps->groups = all;
	for (size_t i = 0; i < grouped; i++) {
		const struct lump *next = &all[i];
		struct lump *last = lumps->n_groups ? &all[lumps->n_groups - 1] : NULL;
		if (!last || next->group != last->group) {
			all[lumps->n_groups++] = *next;
			continue;
		}
		if (next->shard != last->shard)
			return fail(err, "plan check: units %u and %u of one group are in two shards", last->item,
			            next->item);
		last->ms += next->ms;
		last->lanes &= next->lanes;
	}
	lumps->n = problem->items.n + lumps->n_groups;
	return true;
}

static int longest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x < y) - (x > y);
}

/* When the last worker of the shard has ended, whoever is free taking the longest that is left. */
static int64_t last_worker(struct arena *tmp, const struct solution *solution, const struct lumps *lumps, size_t shard,
                           uint32_t workers)
{
	int64_t *ms = arena_array(tmp, int64_t, lumps->n), *busy = arena_array(tmp, int64_t, workers), last = 0;
	size_t n = 0;
	for (size_t i = 0; i < lumps->n; i++) {
		struct lump lump = lump_at(lumps, i);
		if (lump.ms && solution->shard_of[lump.item] == shard)
			ms[n++] = lump.ms;
	}
	qsort(ms, n, sizeof *ms, longest_first);
	for (size_t i = 0; i < n; i++) {
		uint32_t at = 0;
		for (uint32_t w = 0; w < workers; w++)
			at = busy[w] < busy[at] ? w : at;
		busy[at] += ms[i];
		last = busy[at] > last ? busy[at] : last;
	}
	return last;
}

static bool check_workers(struct arena *tmp, const struct problem *problem, const struct solution *solution,
                          const struct lumps *lumps, struct err *err)
{
	for (size_t j = 0; j < solution->shards.n; j++) {
		uint32_t workers = workers_of(problem, solution, j);
		if (workers == 1)
			continue;
		int64_t last = last_worker(tmp, solution, lumps, j, workers);
		if (last != solution->shards.at[j].load_ms)
			return fail(err, "plan check: the workers of shard %zu end after %lld ms, not %lld", j,
			            (long long)last, (long long)solution->shards.at[j].load_ms);
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

bool partition_check(struct arena *tmp, const struct problem *problem, const struct solution *solution, struct err *err)
{
	struct lumps lumps = {.problem = problem};
	if (!check_places(tmp, problem, solution, err) || !make_lumps(tmp, problem, solution, &lumps, err) ||
	    !check_workers(tmp, problem, solution, &lumps, err) || !check_counts(problem, solution, err) ||
	    !check_sums(problem, solution, err))
		return false;
	return check_bound(tmp, problem, solution, &lumps, err);
}
