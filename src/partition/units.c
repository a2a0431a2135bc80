/* The stages of a plan in order, and the wishes that need more than one solution. */
#include "partition/units.h"

#include "partition/bill.h"
#include "partition/check.h"
#include "partition/maker.h"
#include "partition/oversize.h"
#include "partition/record.h"
#include "partition/replicas.h"
#include "partition/solve.h"

/* Whether every lane has as many shards as in the previous plan. */
static bool keeps_shards(const struct problem *problem, const struct solution *solution)
{
	uint32_t counts[64] = {0}; /* work_make refuses more lanes */
	for (size_t j = 0; j < solution->shards.n; j++)
		counts[solution->shards.at[j].lane]++;
	for (size_t j = 0; j < problem->previous_shards.n; j++)
		if (problem->previous_shards.at[j] >= problem->lanes.n || !counts[problem->previous_shards.at[j]]--)
			return false;
	return problem->previous_shards.n == solution->shards.n;
}

/* Solves, saves minutes up to the cap (0: none but the makespan itself), and has the result checked.  A plan that was
 * kept from the previous one is not stirred for minutes. */
static bool solve(struct maker *maker, const struct problem *problem, int64_t cap, struct solution *solution)
{
	if (!partition_solve(maker->out, maker->tmp, problem, solution, maker->err))
		return false;
	if (!keeps_shards(problem, solution))
		bill_reduce(maker->out, maker->tmp, problem, cap ? cap : solution->makespan_ms, solution);
	return partition_check(maker->tmp, problem, solution, maker->err);
}

/* The problem without its past, and with none of the numbers asked for. */
static struct problem fresh(const struct maker *maker, const struct problem *problem)
{
	struct problem made = *problem;
	made.shards = made.stick_ppm = 0;
	made.previous_shards.n = 0;
	made.items.at = arena_array(maker->tmp, struct item, problem->items.n);
	for (size_t i = 0; i < problem->items.n; i++) {
		made.items.at[i] = problem->items.at[i];
		made.items.at[i].previous = -1;
	}
	return made;
}

/* What at most n shards would give, without keeping the plan. */
static bool try_shards(const struct maker *maker, struct problem *problem, uint32_t n, struct solution *solution,
                       struct err *err)
{
	enum { TICKS_TRIED = 60 * 1000 * 1000 };
	struct arena room;
	arena_init(&room, maker->tmp->trap);
	problem->max_shards = n;
	problem->ticks = TICKS_TRIED;
	*err = (struct err){0};
	bool is_solved = partition_solve(&room, &room, problem, solution, err);
	if (is_solved)
		bill_reduce(&room, &room, problem, solution->makespan_ms, solution);
	arena_free(&room);
	return is_solved;
}

/* The fewest shards that end as soon as the solution does, if it is one unit that binds; else 0. */
static uint32_t enough_shards(const struct maker *maker, const struct problem *problem, const struct solution *solution)
{
	uint32_t low = 1, high = (uint32_t)solution->shards.n;
	if (solution->certificate.kind != BOUND_ITEM || solution->makespan_ms != solution->bound_ms)
		return 0;
	struct problem fewer = fresh(maker, problem);
	fewer.enough_ms = solution->makespan_ms;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct solution tried;
		struct err err;
		if (try_shards(maker, &fewer, middle, &tried, &err) && tried.makespan_ms <= solution->makespan_ms)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The fewest shards that end by the target: close to the previous plan if that does, else as they were tried. */
static bool solve_target(struct maker *maker, struct problem *problem, struct solution *solution)
{
	int64_t target = maker->request->target_ms, soonest = INT64_MAX;
	uint32_t most = problem->max_shards ? problem->max_shards : SHARDS_AUTO_MOST;
	struct problem tried = fresh(maker, problem);
	tried.enough_ms = target;
	for (uint32_t n = 1; n <= most; n++) {
		struct err err;
		if (!try_shards(maker, &tried, n, solution, &err)) {
			if (n == most)
				return fail_usage(maker->err, "%s", err.text);
			continue;
		}
		if (solution->makespan_ms <= target) {
			problem->max_shards = n;
			return solve(maker, problem, target, solution) &&
			       (solution->makespan_ms <= target || solve(maker, &tried, target, solution));
		}
		soonest = solution->makespan_ms < soonest ? solution->makespan_ms : soonest;
	}
	return fail_usage(maker->err,
	                  "no plan of at most %u shards ends within %lld s; the soonest ends after %lld s (raise "
	                  "max_shards, or the target)",
	                  most, (long long)(target / 1000), (long long)((soonest + 999) / 1000));
}

/* The soonest end among plans of at most the given bill; likewise. */
static bool solve_billed(struct maker *maker, struct problem *problem, struct solution *solution)
{
	uint32_t most = problem->max_shards ? problem->max_shards : SHARDS_AUTO_MOST, best = 0;
	int64_t soonest = INT64_MAX, least_bill = INT64_MAX;
	struct problem tried = fresh(maker, problem);
	for (uint32_t n = 1; n <= most; n++) {
		struct err err;
		if (!try_shards(maker, &tried, n, solution, &err))
			continue;
		least_bill = solution->billed_ms < least_bill ? solution->billed_ms : least_bill;
		if (solution->billed_ms > maker->request->max_billed_ms || solution->makespan_ms >= soonest)
			continue;
		soonest = solution->makespan_ms;
		best = n;
	}
	if (least_bill == INT64_MAX)
		return solve(maker, problem, 0, solution); /* says why there is no plan at all */
	if (!best)
		return fail_usage(maker->err, "no plan costs at most %lld minutes; the cheapest costs %lld",
		                  (long long)(maker->request->max_billed_ms / 60000),
		                  (long long)((least_bill + 59999) / 60000));
	problem->max_shards = tried.max_shards = best;
	return solve(maker, problem, 0, solution) &&
	       (solution->billed_ms <= maker->request->max_billed_ms || solve(maker, &tried, 0, solution));
}

bool plan_make(struct arena *out, struct arena *tmp, const struct plan_request *request, struct plan *plan,
               struct err *err)
{
	struct maker maker = {.out = out, .tmp = tmp, .request = request, .err = err};
	struct solution solution;
	if (!maker_gather(&maker))
		return false;
	oversize_split(&maker);
	struct problem problem = maker_problem(&maker);
	bool is_solved = request->shards          ? solve(&maker, &problem, 0, &solution)
	                 : request->target_ms     ? solve_target(&maker, &problem, &solution)
	                 : request->max_billed_ms ? solve_billed(&maker, &problem, &solution)
	                                          : solve(&maker, &problem, 0, &solution);
	if (!is_solved)
		return false;
	struct record record = {request, &maker.lanes, &maker.units, &problem, &solution};
	*plan = plan_record(out, tmp, &record);
	plan->enough_shards = enough_shards(&maker, &problem, &solution);
	return true;
}
