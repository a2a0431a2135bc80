/* What differs between two plans, in words. */
#include "partition/moves.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;

static struct plan plan_of(int64_t makespan)
{
	struct plan plan = {.makespan_ms = makespan};
	vec_push(&arena, &plan.services, STR("postgres"));
	vec_push(&arena, &plan.services, STR("redis"));
	vec_push(&arena, &plan.lanes, ((struct plan_lane){.name = STR("pg"), .services = 1, .n_shards = 2}));
	vec_push(&arena, &plan.lanes, ((struct plan_lane){.name = STR("both"), .services = 3, .n_shards = 1}));
	vec_push(&arena, &plan.shards, ((struct plan_shard){.name = STR("pg-1"), .lane = 0, .number = 1}));
	vec_push(&arena, &plan.shards, ((struct plan_shard){.name = STR("pg-2"), .lane = 0, .number = 2}));
	vec_push(&arena, &plan.shards, ((struct plan_shard){.name = STR("both"), .lane = 1, .number = 1}));
	return plan;
}

static void add(struct plan *plan, const char *id, uint32_t shard, int64_t ms, service_set needs)
{
	vec_push(&arena, &plan->units,
	         ((struct plan_unit){
	                 .id = str_of(id), .shard = shard, .ms = ms, .needs = needs, .lanes = needs & 2 ? 2 : 3}));
}

static void says_why_a_unit_moved(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	struct plan before = plan_of(60000), after = plan_of(50000);
	add(&before, "a.py", 0, 5000, 1), add(&after, "a.py", 0, 9000, 1);
	add(&before, "b.py", 0, 5000, 1), add(&after, "b.py", 2, 5000, 3);
	add(&before, "c.py", 0, 5000, 1), add(&after, "c.py", 1, 9000, 1);
	add(&before, "d.py", 0, 5000, 1), add(&after, "d.py", 1, 5500, 1);
	add(&before, "e.py", 0, 5000, 1);
	add(&after, "f|`.py", 1, 5000, 1);
	struct moves moves = plan_moves(&arena, &before, &after);
	assert_int_equal(moves.kept, 1);
	assert_int_equal(moves.moved, 3);
	assert_int_equal(moves.added, 1);
	assert_int_equal(moves.gone, 1);
	assert_string_equal(str_c(&arena, moves_text(&arena, &moves, &before, &after)),
	                    "makespan 50.0 s, was 60.0 s; 3 moved, 1 new, 1 gone, 1 kept\n"
	                    "pg-1 -> both  b.py  (needs postgres, redis, was postgres)\n"
	                    "pg-1 -> pg-2  c.py  (takes 9.0 s, was 5.0 s)\n"
	                    "pg-1 -> pg-2  d.py  (levels the shards)\n"
	                    "pg-1 -> -  e.py  (gone)\n"
	                    "- -> pg-2  f|`.py  (new)\n");
	const char *comment = str_c(&arena, moves_markdown(&arena, &moves, &before, &after));
	assert_non_null(strstr(comment, "| `b.py` | `pg-1` | `both` | needs postgres, redis, was postgres |\n"));
	assert_non_null(strstr(comment, "| `f\\|'.py` |  | `pg-2` | new |\n"));
	after.lanes.at[0].n_shards = 0;
	moves = plan_moves(&arena, &before, &after);
	assert_true(str_eq(moves.at.at[2].why, STR("lane pg has no shards any more")));
	arena_free(&arena);
}

static void says_nothing_of_equal_plans(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	struct plan plan = plan_of(60000);
	add(&plan, "a.py", 0, 5000, 1);
	struct moves moves = plan_moves(&arena, &plan, &plan);
	assert_int_equal(moves.at.n, 0);
	assert_string_equal(str_c(&arena, moves_markdown(&arena, &moves, &plan, &plan)),
	                    "**lanewright plan**: makespan 60.0 s, was 60.0 s; 0 moved, 0 new, 0 gone, 1 kept\n");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(says_why_a_unit_moved),
	        cmocka_unit_test(says_nothing_of_equal_plans),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
