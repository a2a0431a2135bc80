/* The front of wall-clock against minutes, from a suite of files of one lane. */
#include "partition/curve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;

/* `n` files of so many seconds each, the first of `first` seconds; a job costs 30 s before its first test. */
static struct curve curve_of(uint32_t n, int64_t each, int64_t first, uint32_t most)
{
	static struct intern names;
	static struct repo repo;
	static struct suite suite;
	static struct config config;
	static struct needs needs;
	static const struct facts nothing;
	intern_init(&names, &arena);
	repo = (struct repo){.names = &names};
	repo.facts = arena_array(&arena, const struct facts *, n);
	suite = (struct suite){0};
	config = (struct config){.overhead_ms = 30000, .billing_ms = 60000, .max_shards = 8};
	vec_push(&arena, &config.lanes, ((struct lane_config){.name = STR("unit")}));
	struct estimate *estimates = arena_array(&arena, struct estimate, n);
	needs.tests = arena_array(&arena, need_list, n);
	suite.first_test = arena_array(&arena, uint32_t, n + 1);
	suite.file_is_exact = arena_array(&arena, bool, n);
	for (uint32_t i = 0; i < n; i++) {
		struct str path = str_fmt(&arena, "test_%03u.py", i);
		struct test test = {
		        .file = i, .class_ = {REF_NOWHERE, 0}, .id = str_fmt(&arena, "%.*s::test_x", STR_ARG(path))};
		vec_push(&arena, &repo.files, ((struct source_file){.path = path}));
		repo.facts[i] = &nothing;
		vec_push(&arena, &suite.tests, test);
		suite.first_test[i + 1] = i + 1;
		estimates[i].ms = (i ? each : first) * 1000;
	}
	struct plan_request request = {
	        .repo = &repo, .suite = &suite, .needs = &needs, .config = &config, .estimates = estimates};
	struct curve curve;
	struct err err = {0};
	assert_true(plan_curve(&arena, &arena, &request, most, &curve, &err));
	return curve;
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void lists_what_no_other_row_beats(void **state)
{
	(void)state;
	struct curve curve = curve_of(60, 10, 10, 0);
	assert_true(curve.rows.n > 3);
	for (size_t i = 1; i < curve.rows.n; i++) {
		assert_true(curve.rows.at[i].makespan_ms < curve.rows.at[i - 1].makespan_ms);
		assert_true(curve.rows.at[i].billed_ms > curve.rows.at[i - 1].billed_ms);
	}
	uint32_t knees = 0;
	for (size_t i = 0; i < curve.rows.n; i++)
		knees += curve.rows.at[i].is_knee;
	assert_int_equal(knees, 1);
	assert_int_equal(curve.rows.at[0].shards, 1);
	assert_int_equal(curve.rows.at[0].makespan_ms, 630000);
	assert_int_equal(curve.rows.at[0].billed_ms, 660000);
}

static void says_when_one_file_binds(void **state)
{
	(void)state;
	struct curve curve = curve_of(20, 5, 83, 0);
	assert_string_equal(str_c(&arena, curve.nothing_more),
	                    "one file binds: test_000.py 83 s; more than 3 shards do not help");
	assert_int_equal(curve.rows.at[curve.rows.n - 1].shards, 3);
	assert_int_equal(curve_of(20, 5, 5, 3).nothing_more.n, 0);
}

static void writes_text_csv_and_json(void **state)
{
	(void)state;
	struct curve curve = curve_of(4, 30, 30, 2);
	assert_string_equal(str_c(&arena, curve_csv(&arena, &curve)), "shards,makespan,bound,billed_minutes,knee\n"
	                                                              "1,150,150,3,\n"
	                                                              "2,90,90,4,\n");
	assert_string_equal(
	        str_c(&arena, curve_json(&arena, &curve)),
	        "{\"version\":1,\"rows\":[{\"shards\":1,\"makespan_ms\":150000,\"bound_ms\":150000,"
	        "\"billed_ms\":180000,\"knee\":false},{\"shards\":2,\"makespan_ms\":90000,\"bound_ms\":90000,"
	        "\"billed_ms\":240000,\"knee\":false}]}\n");
	assert_string_equal(str_c(&arena, curve_text(&arena, &curve)),
	                    "shards   seconds   minutes\n"
	                    "     1     150.0         3  ########################################\n"
	                    "     2      90.0         4  ########################\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(lists_what_no_other_row_beats, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(says_when_one_file_binds, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(writes_text_csv_and_json, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
