/* The checker notices every lie it is told. */
#include "partition/check.h"
#include "partition/solve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

struct case_ {
	struct arena arena;
	struct problem problem;
	struct solution solution;
	struct err err;
};

/* Two lanes, six units; two of them are a group.  `big` makes one unit bind. */
static void make(struct case_ *c, int64_t big)
{
	static const int64_t ms[] = {50, 40, 30, 30, 20, 10};
	*c = (struct case_){0};
	arena_init(&c->arena, NULL);
	vec_push(&c->arena, &c->problem.lanes, ((struct lane_shape){.fixed_ms = 10, .shards = 2}));
	vec_push(&c->arena, &c->problem.lanes, ((struct lane_shape){.fixed_ms = 20, .shards = 1}));
	for (size_t i = 0; i < 6; i++)
		vec_push(&c->arena, &c->problem.items,
		         ((struct item){.ms = i ? ms[i] : ms[i] + big,
		                        .lanes = i < 4 ? 1 : 3,
		                        .group = i > 4   ? 0
		                                 : i > 2 ? 9
		                                         : 0,
		                        .previous = -1}));
	c->problem.billing_ms = 60;
	assert_true(partition_solve(&c->arena, &c->arena, &c->problem, &c->solution, &c->err));
	assert_true(partition_check(&c->arena, &c->problem, &c->solution, &c->err));
}

static void is_caught(struct case_ *c, const char *word)
{
	c->err = (struct err){0};
	assert_false(partition_check(&c->arena, &c->problem, &c->solution, &c->err));
	assert_int_equal(c->err.code, ERR_TROUBLE);
	if (!strstr(c->err.text, word))
		fail_msg("\"%s\" does not say \"%s\"", c->err.text, word);
	arena_free(&c->arena);
}

static void catches_wrong_places(void **state)
{
	(void)state;
	struct case_ c;
	make(&c, 0);
	c.solution.shard_of[0] = 99;
	is_caught(&c, "in no shard");
	make(&c, 0);
	c.solution.shard_of[0] = (uint32_t)c.solution.shards.n - 1; /* lane 1 may not hold it */
	is_caught(&c, "does not cover it");
	make(&c, 0);
	c.solution.shard_of[5] = c.solution.shard_of[5] ? 0 : 1;
	is_caught(&c, "holds");
	make(&c, 0);
	vec_push(&c.arena, &c.solution.shards, ((struct shard_result){1, 0}));
	is_caught(&c, "empty");
}

static void catches_a_torn_group(void **state)
{
	(void)state;
	struct case_ c;
	make(&c, 0);
	uint32_t from = c.solution.shard_of[4], to = from ? 0 : 1;
	c.solution.shard_of[4] = to;
	c.solution.shards.at[from].load_ms -= 20;
	c.solution.shards.at[to].load_ms += 20;
	is_caught(&c, "of one group");
}

static void catches_wrong_sums(void **state)
{
	(void)state;
	struct case_ c;
	make(&c, 0);
	c.solution.makespan_ms--;
	is_caught(&c, "the last shard ends");
	make(&c, 0);
	c.solution.billed_ms += 60;
	is_caught(&c, "bill");
	make(&c, 0);
	c.problem.lanes.at[0].shards = 1;
	is_caught(&c, "has 2 shards");
}

static void catches_bounds_that_prove_too_much(void **state)
{
	(void)state;
	for (int big = 0; big <= 100; big += 100) { /* first the load binds, then one unit */
		struct case_ c;
		make(&c, big);
		assert_int_equal(c.solution.bound_ms, c.solution.makespan_ms);
		if (big)
			assert_int_equal(c.solution.certificate.kind, BOUND_ITEM);
		c.solution.bound_ms += 10;
		is_caught(&c, "above the makespan");
		make(&c, big);
		c.solution.certificate.kind = BOUND_NONE;
		is_caught(&c, "without a proof");
		make(&c, big);
		c.solution.certificate.lanes = 0;
		c.solution.certificate.item = 5;
		is_caught(&c, "no proof");
		make(&c, big);
		c.solution.certificate.proven_ms /= 2; /* then sums of units would have to close the gap */
		is_caught(&c, "no proof");
	}
}

static void catches_a_dealing_that_could_be_better(void **state)
{
	(void)state;
	struct case_ c = {0};
	arena_init(&c.arena, NULL);
	vec_push(&c.arena, &c.problem.lanes, ((struct lane_shape){.fixed_ms = 5, .shards = 0}));
	vec_push(&c.arena, &c.problem.lanes, ((struct lane_shape){.fixed_ms = 5, .shards = 0}));
	for (int i = 0; i < 12; i++)
		vec_push(&c.arena, &c.problem.items,
		         ((struct item){.ms = 7 + i % 3, .lanes = i % 2 ? 1 : 2, .previous = -1}));
	c.problem.shards = 5;
	assert_true(partition_solve(&c.arena, &c.arena, &c.problem, &c.solution, &c.err));
	c.solution.certificate = (struct certificate){.kind = BOUND_DEALING, .shards = 5, .proven_ms = 28};
	c.solution.bound_ms = 28;
	assert_true(partition_check(&c.arena, &c.problem, &c.solution, &c.err));
	c.solution.certificate.shards = 7;
	is_caught(&c, "another dealing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(catches_wrong_places),
	        cmocka_unit_test(catches_a_torn_group),
	        cmocka_unit_test(catches_wrong_sums),
	        cmocka_unit_test(catches_bounds_that_prove_too_much),
	        cmocka_unit_test(catches_a_dealing_that_could_be_better),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
