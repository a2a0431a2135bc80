/* A shard that shall be billed one step less must end that much sooner, which is as if it started later.  So shards of a
 * lane that shall cost differently become lanes of their own, with higher fixed costs, and the solver answers
 * whether everything still ends by the cap. */
#include "partition/bill.h"

#include "partition/books.h"
#include "partition/solve.h"

enum { VARIANTS_MOST = 64, TICKS_TRIAL = 3 * 1000 * 1000, TRIALS_MOST = 96, ITEMS_MOST = 20000 };

/* Shards of one lane that may be billed the same. */
struct variant {
	uint32_t lane, shards;
	int64_t bill; /* ms */
};

struct variants {
	struct variant at[VARIANTS_MOST];
	uint32_t n;
};

/* One shard of a lane shall cost less. */
struct reduction {
	uint32_t lane;
	int64_t from, to; /* ms billed */
};

/* False when there are too many kinds of shards. */
static bool add(struct variants *variants, uint32_t lane, int64_t bill)
{
	for (uint32_t v = 0; v < variants->n; v++)
		if (variants->at[v].lane == lane && variants->at[v].bill == bill) {
			variants->at[v].shards++;
			return true;
		}
	if (variants->n == VARIANTS_MOST)
		return false;
	variants->at[variants->n++] = (struct variant){lane, 1, bill};
	return true;
}

static void take_one(struct variants *variants, uint32_t v)
{
	if (--variants->at[v].shards == 0)
		variants->at[v] = variants->at[--variants->n];
}

/* The variant of each shard of the solution; the reduced one's is `less`, and none when it is dropped. */
static void place_shards(struct arena *room, const struct problem *problem, const struct solution *solution,
                         const struct variants *variants, const struct reduction *reduction, struct problem *trial)
{
	bool is_reduced = false;
	for (size_t j = 0; j < solution->shards.n; j++) {
		const struct shard_result *shard = &solution->shards.at[j];
		int64_t bill = books_billed(problem, problem->lanes.at[shard->lane].fixed_ms + shard->load_ms);
		if (!is_reduced && shard->lane == reduction->lane && bill == reduction->from) {
			is_reduced = true;
			bill = reduction->to;
		}
		uint32_t v = 0;
		while (v < variants->n && (variants->at[v].lane != shard->lane || variants->at[v].bill != bill))
			v++;
		vec_push(room, &trial->previous_shards, v < variants->n ? v : UINT32_MAX);
	}
}

/* Solves with these variants, from the solution there is, so that few units move; false when not everything ends by the
 * cap. */
static bool try_variants(struct arena *room, const struct problem *problem, int64_t cap,
                         const struct solution *solution, const struct variants *variants,
                         const struct reduction *reduction, struct solution *found)
{
	struct problem trial = {.billing_ms = 1, .seed = problem->seed, .ticks = TICKS_TRIAL, .enough_ms = cap};
	struct err err = {0};
	for (uint32_t v = 0; v < variants->n; v++) {
		const struct variant *variant = &variants->at[v];
		int64_t later = variant->bill < cap ? cap - variant->bill : 0;
		int64_t fixed = problem->lanes.at[variant->lane].fixed_ms + later;
		vec_push(room, &trial.lanes,
		         ((struct lane_shape){fixed, variant->shards, problem->lanes.at[variant->lane].workers}));
	}
	place_shards(room, problem, solution, variants, reduction, &trial);
	trial.items.at = arena_array(room, struct item, problem->items.n);
	for (; trial.items.n < problem->items.n; trial.items.n++) {
		struct item *item = &trial.items.at[trial.items.n];
		*item = problem->items.at[trial.items.n];
		uint64_t lanes = item->lanes;
		item->previous = (int32_t)solution->shard_of[trial.items.n];
		item->lanes = 0;
		for (uint32_t v = 0; v < variants->n; v++)
			item->lanes |= (lanes >> variants->at[v].lane & 1) << v;
	}
	return partition_solve(room, room, &trial, found, &err) && found->makespan_ms <= cap;
}

static void accept(struct arena *out, struct arena *tmp, const struct problem *problem, const struct variants *variants,
                   const struct solution *found, struct solution *solution)
{
	uint32_t *lane_of = arena_array(tmp, uint32_t, found->shards.n);
	for (size_t j = 0; j < found->shards.n; j++)
		lane_of[j] = variants->at[found->shards.at[j].lane].lane;
	books_write(out, tmp, problem, lane_of, (uint32_t)found->shards.n, found->shard_of, solution);
}

int64_t bill_bound(const struct problem *problem)
{
	int64_t sum = 0, least = INT64_MAX;
	for (size_t k = 0; k < problem->lanes.n; k++)
		least = problem->lanes.at[k].fixed_ms < least ? problem->lanes.at[k].fixed_ms : least;
	for (size_t i = 0; i < problem->items.n; i++)
		sum += problem->items.at[i].ms;
	return books_billed(problem, sum + least);
}

static bool gather(const struct problem *problem, const struct solution *solution, struct variants *variants)
{
	variants->n = 0;
	for (size_t j = 0; j < solution->shards.n; j++) {
		const struct shard_result *shard = &solution->shards.at[j];
		int64_t end = problem->lanes.at[shard->lane].fixed_ms + shard->load_ms;
		if (!add(variants, shard->lane, books_billed(problem, end)))
			return false;
	}
	return true;
}

/* One shard of some variant costs one step less, or nothing at all when it could then hold nothing. */
static bool reduce_one(struct arena *out, struct arena *tmp, const struct problem *problem, int64_t cap,
                       uint32_t *trials, struct solution *solution)
{
	struct variants now;
	if (!gather(problem, solution, &now))
		return false;
	for (uint32_t v = 0; v < now.n && *trials < TRIALS_MOST; v++) {
		struct variants less = now;
		struct arena room;
		struct solution found;
		struct variant from = now.at[v];
		int64_t bill = from.bill - problem->billing_ms;
		take_one(&less, v);
		bool is_dropped = bill <= problem->lanes.at[from.lane].fixed_ms;
		if (is_dropped && (problem->shards || problem->lanes.at[from.lane].shards))
			continue;
		if (!is_dropped && !add(&less, from.lane, bill))
			return false;
		if (!less.n)
			continue;
		++*trials;
		arena_init(&room, tmp->trap);
		struct reduction reduction = {from.lane, from.bill, bill};
		bool is_found = try_variants(&room, problem, cap, solution, &less, &reduction, &found);
		int64_t before = solution->billed_ms;
		struct solution better = *solution;
		if (is_found)
			accept(out, tmp, problem, &less, &found, &better);
		arena_free(&room);
		if (!is_found || better.billed_ms >= before)
			continue;
		*solution = better;
		return true;
	}
	return false;
}

void bill_reduce(struct arena *out, struct arena *tmp, const struct problem *problem, int64_t cap,
                 struct solution *solution)
{
	uint32_t trials = 0;
	if (problem->billing_ms <= 1 || problem->items.n > ITEMS_MOST)
		return;
	while (trials < TRIALS_MOST && solution->billed_ms > bill_bound(problem) &&
	       reduce_one(out, tmp, problem, cap, &trials, solution))
		;
}
