/* The order of work: pieces, numbers of shards, bounds, a first deal, a better one, the books. */
#include "partition/solve.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "partition/bound.h"
#include "partition/construct.h"
#include "partition/improve.h"
#include "partition/replicas.h"

enum { TICKS_USUAL = 600 * 1000 * 1000 }; /* about half a second */

/* An empty shard takes over part of another of its lane, which ends no later for it. */
static void fill_empty(struct deal *deal)
{
	for (uint32_t j = 0; j < deal->n; j++) {
		if (deal->shards[j].n)
			continue;
		uint32_t lane = deal->shards[j].lane, richest = NO_SHARD;
		for (uint32_t i = deal->first[lane]; i < deal->first[lane + 1]; i++)
			if (deal->shards[i].n > 1 &&
			    (richest == NO_SHARD || deal->shards[i].end > deal->shards[richest].end))
				richest = i;
		if (richest == NO_SHARD)
			continue;
		int64_t half = (deal->shards[richest].end - deal->work->fixed[lane]) / 2;
		for (uint32_t p = deal->shards[richest].first, next; p != NO_PIECE; p = next) {
			next = deal->next[p];
			int64_t load = deal->shards[j].end - deal->work->fixed[lane];
			if (deal->shards[richest].n > 1 && (!load || load + deal->work->ms[p] <= half))
				deal_move(deal, p, j);
		}
	}
}

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

static void write_solution(struct arena *out, struct arena *tmp, const struct deal *deal, struct solution *solution)
{
	const struct work *work = deal->work;
	const struct problem *problem = work->problem;
	struct order *orders = arena_array(tmp, struct order, deal->n);
	uint32_t *rank = arena_array(tmp, uint32_t, deal->n), n = 0;
	bool *is_seen = arena_array(tmp, bool, deal->n);
	for (uint32_t i = 0; i < problem->items.n; i++) {
		uint32_t j = deal->shard_of[work->piece_of[i]];
		if (!is_seen[j])
			orders[n++] = (struct order){deal->shards[j].lane, i, j};
		is_seen[j] = true;
	}
	qsort(orders, n, sizeof *orders, by_order);
	for (uint32_t i = 0; i < n; i++) {
		const struct shard *shard = &deal->shards[orders[i].shard];
		int64_t load = (shard->end - work->fixed[shard->lane]) * work->unit, end = shard->end * work->unit;
		rank[orders[i].shard] = i;
		vec_push(out, &solution->shards, ((struct shard_result){shard->lane, load}));
		solution->billed_ms += billed(problem, end);
		if (end > solution->makespan_ms)
			solution->makespan_ms = end;
	}
	solution->shard_of = arena_array(out, uint32_t, problem->items.n);
	for (size_t i = 0; i < problem->items.n; i++)
		solution->shard_of[i] = rank[deal->shard_of[work->piece_of[i]]];
}

/* A hash of everything that is to be solved, so that equal problems take equal paths. */
static uint64_t seed_of(const struct work *work)
{
	uint64_t seed = hash64((struct str){(const char *)work->ms, work->n * sizeof *work->ms});
	seed ^= hash64((struct str){(const char *)work->class_of, work->n * sizeof *work->class_of}) * 3;
	return seed ^ work->problem->seed;
}

/* Pieces whose items lay in a shard of the previous plan start there: the shards of a lane take the previous ones in
 * order. */
static void start_from_previous(struct arena *tmp, struct deal *deal)
{
	const struct work *work = deal->work;
	const struct problem *problem = work->problem;
	uint32_t *now = arena_array(tmp, uint32_t, problem->previous_shards.n), used[LANES_MOST] = {0};
	for (size_t j = 0; j < problem->previous_shards.n; j++) {
		uint32_t lane = problem->previous_shards.at[j];
		now[j] = NO_SHARD;
		if (lane < work->n_lanes && deal->first[lane] + used[lane] < deal->first[lane + 1])
			now[j] = deal->first[lane] + used[lane]++;
	}
	for (size_t i = 0; i < problem->items.n; i++) {
		int32_t previous = problem->items.at[i].previous;
		uint32_t piece = work->piece_of[i];
		if (previous < 0 || (size_t)previous >= problem->previous_shards.n || now[previous] == NO_SHARD)
			continue;
		uint32_t shard = now[previous];
		if (deal->shard_of[piece] == NO_SHARD && (work_lanes(work, piece) >> deal->shards[shard].lane & 1))
			deal_put(deal, piece, shard);
	}
	construct_longest(tmp, deal);
}

static uint32_t first_item(const struct work *work, uint32_t piece)
{
	uint32_t i = 0;
	while (work->piece_of[i] != piece)
		i++;
	return i;
}

static bool has_previous(const struct problem *problem)
{
	for (size_t i = 0; i < problem->items.n; i++)
		if (problem->items.at[i].previous >= 0)
			return true;
	return false;
}

bool partition_solve(struct arena *out, struct arena *tmp, const struct problem *problem, struct solution *solution,
                     struct err *err)
{
	struct work work;
	struct replicas replicas;
	*solution = (struct solution){0};
	if (!work_make(tmp, tmp, problem, &work, err))
		return false;
	struct flow_loads loads = flow_loads(tmp, &work);
	if (!replicas_choose(tmp, &work, loads, &replicas, err))
		return false;
	struct flow_room *room = flow_room(tmp, loads.n, work.n_lanes);
	struct flow flow = flow_bound(room, &work, loads, replicas.counts, 0);
	struct bound bound = bound_counts(&work, replicas.counts, &flow);
	bool is_open = replicas.is_open;
	if (is_open) { /* the claim is then about every other number of shards too */
		struct bound any = bound_dealing(&work, replicas.total);
		bound = any.ms < bound.ms ? any : bound;
	}

	struct deal deal;
	deal_init(tmp, &deal, &work, replicas.counts);
	uint32_t top;
	if (has_previous(problem))
		start_from_previous(tmp, &deal);
	else
		construct(tmp, &deal, &flow);
	if (!is_open)
		bound_raise(tmp, &work, replicas.counts, deal_makespan(&deal, &top), &bound);
	struct improver improver = {bound.ms, problem->ticks ? problem->ticks : TICKS_USUAL, seed_of(&work), false};
	if (has_previous(problem))
		improver.goal +=
		        bound.ms / 1000000 * problem->stick_ppm + bound.ms % 1000000 * problem->stick_ppm / 1000000;
	improve(tmp, &deal, &improver);
	if (improver.is_optimal && !is_open) {
		bound.ms = deal_makespan(&deal, &top);
		bound.certificate = (struct certificate){.kind = BOUND_EXACT, .lanes = work.used, .item = UINT32_MAX};
	}
	fill_empty(&deal);
	write_solution(out, tmp, &deal, solution);
	solution->bound_ms = bound.ms * work.unit;
	solution->certificate = bound.certificate;
	solution->certificate.load_ms *= work.unit;
	solution->certificate.fixed_ms *= work.unit;
	if (bound.certificate.kind == BOUND_ITEM)
		solution->certificate.item = first_item(&work, bound.certificate.item);
	return true;
}
