/* Plans are never worse than brute force on small problems, and their bounds never lie. */
#include "partition/check.h"
#include "partition/solve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static uint64_t seed;

static uint32_t draw(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % n);
}

/* ---- brute force: every item on every worker of every shard ---- */

struct brute {
	const struct problem *problem;
	uint32_t lane_of[16]; /* by shard */
	uint32_t n_shards;
	int64_t end[16];
	uint32_t held[16];
	uint32_t shard_of[16];
	int64_t best;
};

static void place(struct brute *brute, uint32_t i)
{
	if (i == brute->problem->items.n) {
		int64_t last = 0;
		for (uint32_t j = 0; j < brute->n_shards; j++)
			if (brute->held[j] && brute->end[j] > last)
				last = brute->end[j];
		brute->best = last < brute->best ? last : brute->best;
		return;
	}
	const struct item *item = &brute->problem->items.at[i];
	int32_t mate = -1;
	for (uint32_t o = 0; o < i && item->group; o++)
		if (brute->problem->items.at[o].group == item->group)
			mate = (int32_t)brute->shard_of[o];
	for (uint32_t j = 0; j < brute->n_shards; j++) {
		if (!(item->lanes >> brute->lane_of[j] & 1) || (mate >= 0 && (uint32_t)mate != j))
			continue;
		if (brute->end[j] + item->ms >= brute->best)
			continue;
		brute->shard_of[i] = j;
		brute->end[j] += item->ms;
		brute->held[j]++;
		place(brute, i + 1);
		brute->end[j] -= item->ms;
		brute->held[j]--;
	}
}

static int64_t brute_counts(const struct problem *problem, const uint32_t *counts)
{
	struct brute brute = {.problem = problem, .best = INT64_MAX};
	for (uint32_t k = 0; k < problem->lanes.n; k++)
		for (uint32_t r = 0; r < counts[k] * (problem->lanes.at[k].workers + !problem->lanes.at[k].workers);
		     r++) {
			brute.lane_of[brute.n_shards] = k;
			brute.end[brute.n_shards++] = problem->lanes.at[k].fixed_ms;
		}
	place(&brute, 0);
	return brute.best;
}

/* Every way to deal `left` shards to the lanes that leave it open. */
static int64_t brute_total(const struct problem *problem, uint32_t *counts, uint32_t lane, uint32_t left)
{
	if (lane == problem->lanes.n)
		return brute_counts(problem, counts);
	uint32_t fixed = problem->lanes.at[lane].shards;
	int64_t best = INT64_MAX;
	for (uint32_t r = fixed ? fixed : 0; r <= (fixed ? fixed : left); r++) {
		counts[lane] = r;
		int64_t one = brute_total(problem, counts, lane + 1, fixed ? left : left - r);
		best = one < best ? one : best;
	}
	return best;
}

static struct problem random_problem(struct arena *out, bool is_open, bool has_workers)
{
	struct problem problem = {.billing_ms = 60000, .ticks = 3000000};
	uint32_t n_lanes = 1 + draw(3), n_items = 1 + draw(7), scale = 1 + draw(40);
	for (uint32_t k = 0; k < n_lanes; k++)
		vec_push(out, &problem.lanes,
		         ((struct lane_shape){.fixed_ms = draw(scale),
		                              .shards = is_open ? 0 : 1 + draw(2),
		                              .workers = has_workers ? draw(3) : 0}));
	bool has_groups = draw(4) == 0;
	for (uint32_t i = 0; i < n_items; i++)
		vec_push(out, &problem.items,
		         ((struct item){.ms = 1 + draw(scale),
		                        .lanes = 1 + draw((1u << n_lanes) - 1),
		                        .group = has_groups && draw(2) ? 7 + draw(2) * 90000 : 0,
		                        .previous = -1}));
	if (is_open)
		problem.shards = 1 + draw(4);
	return problem;
}

static void is_as_good_as_brute_force(bool is_open, bool has_workers, uint32_t rounds, uint32_t *solved,
                                      uint32_t *equal)
{
	for (uint32_t round = 0; round < rounds; round++) {
		struct arena out, tmp;
		struct err err = {0};
		arena_init(&out, NULL);
		arena_init(&tmp, NULL);
		struct problem problem = random_problem(&out, is_open, has_workers);
		struct solution solution;
		uint32_t counts[64] = {0};
		int64_t best = brute_total(&problem, counts, 0, problem.shards);
		if (partition_solve(&out, &tmp, &problem, &solution, &err)) {
			if (!partition_check(&tmp, &problem, &solution, &err))
				fail_msg("round %u: %s", round, err.text);
			assert_true(solution.bound_ms <= best);
			assert_true(best <= solution.makespan_ms);
			++*solved;
			*equal += best == solution.makespan_ms;
		} else {
			assert_int_equal(err.code, ERR_USAGE);
			assert_true(best == INT64_MAX);
		}
		arena_free(&out);
		arena_free(&tmp);
	}
}

static void meets_brute_force_with_given_counts(void **state)
{
	(void)state;
	uint32_t solved = 0, equal = 0;
	seed = 1;
	is_as_good_as_brute_force(false, false, 3000, &solved, &equal);
	print_message("%u of %u optimal\n", equal, solved);
	assert_true(solved > 2000);
	assert_int_equal(equal, solved);
}

static void meets_brute_force_with_a_total(void **state)
{
	(void)state;
	uint32_t solved = 0, equal = 0;
	seed = 2;
	is_as_good_as_brute_force(true, false, 3000, &solved, &equal);
	print_message("%u of %u optimal\n", equal, solved);
	assert_true(solved > 2000);
	assert_int_equal(equal, solved);
}

/* What a shard holds is dealt to its workers longest first, which is not always the best way. */
static void deals_to_workers_nearly_as_well(void **state)
{
	(void)state;
	uint32_t solved = 0, equal = 0;
	seed = 3;
	is_as_good_as_brute_force(false, true, 1000, &solved, &equal);
	is_as_good_as_brute_force(true, true, 1000, &solved, &equal);
	print_message("%u of %u optimal\n", equal, solved);
	assert_true(solved > 1500);
	assert_true(equal > solved / 100 * 97);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(meets_brute_force_with_given_counts),
	        cmocka_unit_test(meets_brute_force_with_a_total),
	        cmocka_unit_test(deals_to_workers_nearly_as_well),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
