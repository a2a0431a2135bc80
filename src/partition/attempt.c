/* A first deal, a better one, and no shard left empty. */
#include "partition/attempt.h"

#include <string.h>

#include "base/hash.h"
#include "partition/construct.h"
#include "partition/improve.h"
#include "partition/previous.h"
#include "partition/repair.h"

/* About 0.4 s, and 1.2 s for the few pieces of the problems that are hardest. */
enum { TICKS_USUAL = 600 * 1000 * 1000, TICKS_FEW = 1800 * 1000 * 1000, PIECES_FEW = 200 };
enum { CLOSE = 1000 };
enum { MANY_PIECES = 50000 }; /* beyond, other ways to deal shards gain less than they cost */

struct trial {
	struct arena *tmp;
	const struct work *work;
	struct flow_loads loads;
	struct flow_room *room;
	struct bound any; /* bound over all counts */
	bool is_open;
	bool is_enough; /* the last one: no other need be tried */
	uint64_t seed;
	int64_t purse; /* ticks left for all ways */
	bool is_kept;  /* the numbers of shards are those of the previous plan */
	jmp_buf *trap;
};

/* An empty shard takes over part of another of its lane, which ends no later for it. */
static void fill_empty(struct arena *tmp, struct deal *deal)
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
		deal_link(tmp, deal);
		int64_t half = (deal->shards[richest].end - deal->work->fixed[lane]) / 2;
		for (uint32_t p = deal->shards[richest].first, next; p != NO_PIECE; p = next) {
			next = deal->next[p];
			int64_t load = deal->shards[j].end - deal->work->fixed[lane];
			if (deal->shards[richest].n > 1 && (!load || load + deal->work->ms[p] <= half))
				deal_move(deal, p, j);
		}
	}
}

/* In units of work, rounded up.  The workers of a shard follow each other. */
static int64_t billed(const struct deal *deal)
{
	int64_t step = deal->work->problem->billing_ms, unit = deal->work->unit, bill = 0;
	for (uint32_t k = 0; k < deal->work->n_lanes; k++)
		for (uint32_t j = deal->first[k]; j < deal->first[k + 1]; j += deal->work->workers[k]) {
			int64_t end = 0;
			for (uint32_t i = j; i < j + deal->work->workers[k] && i < deal->first[k + 1]; i++)
				if (deal->shards[i].n && deal->shards[i].end > end)
					end = deal->shards[i].end;
			bill += step > 0 ? (end * unit + step - 1) / step * step : end * unit;
		}
	return bill / unit;
}

/* A hash of everything that is to be solved, so that equal problems take equal paths. */
static uint64_t seed_of(const struct work *work)
{
	uint64_t seed = hash64((struct str){(const char *)work->ms, work->n * sizeof *work->ms});
	seed ^= hash64((struct str){(const char *)work->class_of, work->n * sizeof *work->class_of}) * 3;
	return seed ^ work->problem->seed;
}

static void keep(struct arena *out, struct attempt *best, const struct deal *deal, const uint32_t *counts,
                 int64_t makespan)
{
	if (!best->shard_of)
		best->shard_of = arena_array(out, uint32_t, deal->work->n);
	uint32_t first[LANES_MOST] = {0};
	for (uint32_t k = 1; k < deal->work->n_lanes; k++)
		first[k] = first[k - 1] + counts[k - 1];
	for (uint32_t p = 0; p < deal->work->n; p++) {
		uint32_t lane = deal->shards[deal->shard_of[p]].lane;
		best->shard_of[p] = first[lane] + (deal->shard_of[p] - deal->first[lane]) / deal->work->workers[lane];
	}
	memcpy(best->counts, counts, sizeof best->counts);
	best->makespan = makespan;
	best->billed = billed(deal);
}

static int64_t with_stick(const struct work *work, int64_t bound)
{
	int64_t ppm = work->problem->stick_ppm;
	return bound + bound / 1000000 * ppm + bound % 1000000 * ppm / 1000000;
}

/* An end that needs no improving: what the caller wants, and for a plan with the shards of the one before, close to the
 * bound. */
static int64_t enough_for(const struct trial *trial, const struct bound *bound, bool is_sticky)
{
	int64_t wanted = trial->work->problem->enough_ms / trial->work->unit, close = 0;
	if (is_sticky && trial->is_kept)
		close = with_stick(trial->work, trial->is_open ? trial->any.ms : bound->ms);
	return wanted > close ? wanted : close;
}

/* Improves as far as the goal, with the ticks given. */
static void improve_with(struct trial *trial, struct deal *deal, struct improver *improver, int64_t ticks, int64_t goal)
{
	improver->goal = goal;
	improver->ticks = ticks;
	improve(trial->tmp, deal, improver);
	trial->purse -= ticks - improver->ticks;
}

/* A little work first, then better bounds, then the rest of it: most deals need no more than the first. */
static void improve_and_raise(struct trial *trial, struct deal *deal, const uint32_t *counts, struct improver *improver,
                              int64_t enough, struct bound *bound)
{
	int64_t ticks = improver->ticks, for_bound = ticks / 8;
	uint32_t top;
	improve_with(trial, deal, improver, ticks / 16, bound->ms > enough ? bound->ms : enough);
	int64_t makespan = deal_makespan(deal, &top);
	if (makespan <= improver->goal || improver->is_optimal)
		return;
	trial->purse -= for_bound;
	bound_raise(trial->tmp, trial->work, counts, makespan, &for_bound, bound);
	trial->purse += for_bound > 0 ? for_bound : 0;
	int64_t goal = bound->ms > enough ? bound->ms : enough;
	bool is_close = makespan - goal < goal / CLOSE; /* a thousandth is not worth half a second to most */
	improve_with(trial, deal, improver, (ticks - ticks / 16 - ticks / 8) / (is_close ? 3 : 1), goal);
}

/* One way; kept when it is better than the best.  True when it is proven that it cannot end before the best. */
static bool try_counts(struct arena *out, struct trial *trial, const uint32_t *counts, int64_t ticks,
                       struct attempt *best)
{
	const struct work *work = trial->work;
	uint32_t spread[LANES_MOST];
	work_spread(work, counts, spread);
	struct flow flow = flow_bound(trial->room, work, trial->loads, spread, 0);
	struct bound bound = bound_counts(work, spread, &flow);
	struct deal deal;
	uint32_t top;
	if (flow.bound == INT64_MAX || (best->shard_of && bound.ms >= best->makespan))
		return true;
	deal_init(trial->tmp, &deal, work, spread);
	bool is_sticky = previous_start(trial->tmp, &deal);
	int64_t enough = enough_for(trial, &bound, is_sticky);
	if (is_sticky)
		repair(trial->tmp, &deal, enough > bound.ms ? enough : bound.ms);
	else
		construct(trial->tmp, &deal, &flow);
	struct improver improver = {.ticks = ticks, .seed = trial->seed};
	improver.beat = best->shard_of ? best->makespan : 0;
	improve_and_raise(trial, &deal, spread, &improver, enough, &bound);
	fill_empty(trial->tmp, &deal);
	int64_t makespan = deal_makespan(&deal, &top);
	bool is_best = !best->shard_of || makespan < best->makespan ||
	               (makespan == best->makespan && billed(&deal) < best->billed);
	if (improver.is_optimal && is_best) {
		bound.ms = makespan;
		bound.certificate = (struct certificate){.kind = BOUND_EXACT, .lanes = work->used, .item = UINT32_MAX};
	}
	if (is_best) {
		keep(out, best, &deal, counts, makespan);
		/* What is proven of these counts is proven of all when it is just the bound of all. */
		best->bound = !trial->is_open || bound.ms == trial->any.ms ? bound : trial->any;
	}
	trial->is_enough = makespan <= (enough > trial->any.ms ? enough : trial->any.ms);
	return improver.is_optimal || bound.ms >= best->makespan;
}

/* When the best is not proven yet: all ways to deal that might end sooner, if they are few.  Either one of them does, or
 * it is proven after all. */
static void try_all(struct arena *out, struct trial *trial, struct attempt *best)
{
	enum { PIECES_LISTED = 300 };
	struct arena list;
	dealt_ways ways = {0};
	if (trial->work->n > PIECES_LISTED)
		return;
	arena_init(&list, trial->tmp->trap);
	bool is_proven = replicas_all(&list, &list, trial->work, trial->loads, best->makespan - 1, &ways);
	for (size_t i = 0; i < ways.n && best->makespan > trial->any.ms; i++) {
		struct arena room;
		arena_init(&room, trial->trap);
		trial->tmp = &room;
		is_proven &= try_counts(out, trial, ways.at[i].counts, trial->purse / (int64_t)(ways.n - i + 1), best);
		arena_free(&room);
	}
	arena_free(&list);
	if (!is_proven || best->makespan <= trial->any.ms)
		return;
	best->bound.ms = best->makespan;
	best->bound.certificate =
	        (struct certificate){.kind = BOUND_EXACT, .lanes = trial->work->used, .item = UINT32_MAX};
}

void attempt_best(struct arena *out, struct arena *tmp, const struct work *work, const struct replicas *replicas,
                  struct flow_loads loads, struct attempt *best)
{
	struct trial trial = {.work = work,
	                      .loads = loads,
	                      .is_open = replicas->is_open,
	                      .seed = seed_of(work),
	                      .trap = tmp->trap,
	                      .purse = work->problem->ticks    ? work->problem->ticks
	                               : work->n <= PIECES_FEW ? TICKS_FEW
	                                                       : TICKS_USUAL};
	uint32_t kept[LANES_MOST], n = work->n > MANY_PIECES ? 1 : replicas->n;
	*best = (struct attempt){0};
	trial.room = flow_room(tmp, loads.n, work->n_lanes);
	trial.any = bound_item(work, NULL);
	if (replicas->bound > trial.any.ms)
		trial.any = (struct bound){
		        replicas->bound,
		        {.kind = BOUND_DEALING,
		         .lanes = work->used,
		         .shards = replicas->total,
		         .load_ms = work->load,
		         .item = UINT32_MAX},
		};
	bool has_kept = previous_counts(work, replicas, kept);
	for (uint32_t i = has_kept ? 0 : 1; i <= n && !trial.is_enough; i++) {
		struct arena room;
		arena_init(&room, tmp->trap);
		trial.tmp = &room;
		trial.is_kept = !i;
		try_counts(out, &trial, i ? replicas->counts[i - 1] : kept, n == 1 ? trial.purse : trial.purse / 3,
		           best);
		trial.is_enough |= !trial.is_open;
		arena_free(&room);
	}
	trial.tmp = tmp;
	if (trial.is_open && !has_kept && !trial.is_enough && best->makespan > trial.any.ms)
		try_all(out, &trial, best);
}
