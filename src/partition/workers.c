/* A shard of few workers and many units: the worker that is free first is found by looking at all. */
#include "partition/workers.h"

#include <stdlib.h>

struct stay {
	uint32_t shard, group; /* group 0: alone */
	int64_t ms;
};

static int by_group(const void *a, const void *b)
{
	const struct stay *x = a, *y = b;
	if (x->shard != y->shard)
		return x->shard < y->shard ? -1 : 1;
	return (x->group > y->group) - (x->group < y->group);
}

static int longest_first(const void *a, const void *b)
{
	const struct stay *x = a, *y = b;
	if (x->shard != y->shard)
		return x->shard < y->shard ? -1 : 1;
	return (x->ms < y->ms) - (x->ms > y->ms);
}

static uint32_t workers_of(const struct problem *problem, const struct solution *solution, uint32_t shard)
{
	return problem->lanes.at[solution->shards.at[shard].lane].workers;
}

/* What stays together in the shards that have several workers, by shard, longest first. */
static struct stay *gather(struct arena *tmp, const struct problem *problem, const struct solution *solution, size_t *n)
{
	size_t all = 0;
	for (size_t i = 0; i < problem->items.n; i++)
		all += workers_of(problem, solution, solution->shard_of[i]) > 1;
	struct stay *stays = arena_array(tmp, struct stay, all);
	all = 0;
	for (size_t i = 0; i < problem->items.n; i++)
		if (workers_of(problem, solution, solution->shard_of[i]) > 1)
			stays[all++] = (struct stay){solution->shard_of[i], problem->items.at[i].group,
			                             problem->items.at[i].ms};
	if (all)
		qsort(stays, all, sizeof *stays, by_group);
	*n = 0;
	for (size_t i = 0; i < all; i++)
		if (*n && stays[i].group && by_group(&stays[*n - 1], &stays[i]) == 0)
			stays[*n - 1].ms += stays[i].ms;
		else
			stays[(*n)++] = stays[i];
	if (*n)
		qsort(stays, *n, sizeof *stays, longest_first);
	return stays;
}

void workers_loads(struct arena *tmp, const struct problem *problem, struct solution *solution)
{
	size_t n;
	const struct stay *stays = gather(tmp, problem, solution, &n);
	for (size_t i = 0, end; i < n; i = end) {
		uint32_t shard = stays[i].shard, workers = workers_of(problem, solution, shard);
		int64_t *ends = arena_array(tmp, int64_t, workers), last = 0;
		for (end = i; end < n && stays[end].shard == shard; end++) {
			uint32_t free = 0;
			for (uint32_t w = 1; w < workers; w++)
				free = ends[w] < ends[free] ? w : free;
			ends[free] += stays[end].ms;
			last = ends[free] > last ? ends[free] : last;
		}
		solution->shards.at[shard].load_ms = last;
	}
}
