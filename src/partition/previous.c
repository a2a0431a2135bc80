/* The shards of a lane take the previous ones in order; within a shard the worker that ends soonest takes the next. */
#include "partition/previous.h"

#include <string.h>

#include "partition/construct.h"

static bool has_previous(const struct problem *problem)
{
	for (size_t i = 0; i < problem->items.n; i++)
		if (problem->items.at[i].previous >= 0)
			return true;
	return false;
}

bool previous_counts(const struct work *work, const struct replicas *replicas, uint32_t *counts)
{
	const struct problem *problem = work->problem;
	uint32_t total = 0;
	uint64_t lanes = 0;
	if (!has_previous(problem))
		return false;
	memset(counts, 0, LANES_MOST * sizeof *counts);
	for (size_t j = 0; j < problem->previous_shards.n; j++)
		if (problem->previous_shards.at[j] < work->n_lanes)
			counts[problem->previous_shards.at[j]]++;
	for (uint32_t k = 0; k < work->n_lanes; k++) {
		uint32_t given = problem->lanes.at[k].shards;
		if (given)
			counts[k] = replicas->counts[0][k];
		total += counts[k];
		lanes |= (uint64_t)(counts[k] > 0) << k;
	}
	for (size_t c = 0; c < work->classes.n; c++)
		if (!(work->classes.at[c].lanes & lanes))
			return false;
	return problem->shards ? total == problem->shards : total <= replicas->total;
}

/* Of the shard whose first worker it is. */
static uint32_t soonest_worker(const struct deal *deal, uint32_t first)
{
	uint32_t lane = deal->shards[first].lane, best = first;
	for (uint32_t j = first; j < first + deal->work->workers[lane] && j < deal->first[lane + 1]; j++)
		best = deal->shards[j].end < deal->shards[best].end ? j : best;
	return best;
}

bool previous_start(struct arena *tmp, struct deal *deal)
{
	const struct work *work = deal->work;
	const struct problem *problem = work->problem;
	if (!has_previous(problem))
		return false;
	uint32_t *now = arena_array(tmp, uint32_t, problem->previous_shards.n), used[LANES_MOST] = {0};
	for (size_t j = 0; j < problem->previous_shards.n; j++) {
		uint32_t lane = problem->previous_shards.at[j];
		now[j] = NO_SHARD;
		if (lane < work->n_lanes && deal->first[lane] + used[lane] < deal->first[lane + 1]) {
			now[j] = deal->first[lane] + used[lane];
			used[lane] += work->workers[lane];
		}
	}
	for (size_t i = 0; i < problem->items.n; i++) {
		int32_t previous = problem->items.at[i].previous;
		uint32_t piece = work->piece_of[i];
		if (previous < 0 || (size_t)previous >= problem->previous_shards.n || now[previous] == NO_SHARD)
			continue;
		uint32_t shard = soonest_worker(deal, now[previous]);
		if (deal->shard_of[piece] == NO_SHARD && (work_lanes(work, piece) >> deal->shards[shard].lane & 1))
			deal_put(deal, piece, shard);
	}
	construct_longest(tmp, deal);
	return true;
}
