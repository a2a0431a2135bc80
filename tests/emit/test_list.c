/* Lists say to pytest exactly what the plan says, or are refused. */
#include "sample.h"

static struct arena arena;

static void has_one_argument_a_line_in_the_plans_order(void **state)
{
	(void)state;
	struct plan plan = sample_plan(&arena);
	list_files lists;
	struct err err = {0};
	assert_true(list_build(&arena, &plan, &lists, &err));
	assert_int_equal(lists.n, 4);
	assert_true(str_eq(lists.at[0].path, STR(".lanewright/shards/elastic-1.txt")));
	assert_true(str_eq(lists.at[0].text, STR("tests/integration/test_search.py::TestIndex\n")));
	assert_true(str_eq(lists.at[2].path, STR(".lanewright/shards/postgres.txt")));
	assert_true(
	        str_eq(lists.at[2].text, STR("tests/integration/test_cart.py\ntests/integration/test_session.py\n")));
	assert_true(str_eq(lists.at[2].sha256, sha256_hex(&arena, lists.at[2].text)));
}

static struct str list_of(const char *id)
{
	struct plan plan = {0};
	static const char *const none[] = {NULL};
	sample_lane(&arena, &plan, "unit", 0, none, 1);
	sample_unit(&arena, &plan, id, 0, 0);
	list_files lists;
	struct err err = {0};
	assert_true(list_build(&arena, &plan, &lists, &err));
	return lists.at[0].text;
}

static void keeps_options_and_lists_from_being_read_as_such(void **state)
{
	(void)state;
	assert_true(str_eq(list_of("-x/test_a.py"), STR("./-x/test_a.py\n")));
	assert_true(str_eq(list_of("@home.py::test_a"), STR("./@home.py::test_a\n")));
	assert_true(str_eq(list_of("tests/-x.py"), STR("tests/-x.py\n")));
	assert_true(str_eq(list_of("#a b$`.py"), STR("#a b$`.py\n")));
	assert_true(str_eq(list_of("caf\xc3\xa9/test.py"), STR("caf\xc3\xa9/test.py\n")));
}

static void refuses_a_path_that_pytest_would_read_otherwise(void **state)
{
	(void)state;
	const struct str bad[] = {
	        STR("tests/test_[a].py"),
	        STR("tests/a\nb.py"),
	        STR("tests/a\rb.py"),
	        STR("tests/a\0b.py"),
	        STR("tests/\xff.py"),
	        STR("tests/a\x0b"
	            "b.py"),
	        STR("tests/a\xc2\x85"
	            "b.py"),
	        STR("tests/\xe2\x80\xa8.py"),
	        STR("a\x1c.py"),
	        STR("tests/a::b.py"),
	        STR(""),
	        STR(" "),
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct plan plan = {0};
		static const char *const none[] = {NULL};
		sample_lane(&arena, &plan, "unit", 0, none, 1);
		vec_push(&arena, &plan.units, (struct plan_unit){.id = bad[i], .path = bad[i]});
		list_files lists;
		struct err err = {0};
		assert_false(list_build(&arena, &plan, &lists, &err));
		assert_int_equal(err.code, ERR_FINDING);
		assert_non_null(strstr(err.text, "cannot be passed to pytest"));
		for (const char *c = err.text; *c; c++)
			assert_true((unsigned char)*c >= 0x20); /* the message is one line, whatever the name */
	}
	assert_non_null(list_refuses(STR("a:::f"), STR("a:")));
	assert_non_null(list_refuses(STR("a.py::f[1]"), STR("a.py")));
	assert_null(list_refuses(STR("a.py::C::f"), STR("a.py")));
}

static void is_never_empty(void **state)
{
	(void)state;
	struct plan plan = sample_plan(&arena);
	plan.units.n--; /* the only one of shard unit */
	list_files lists;
	struct err err = {0};
	assert_false(list_build(&arena, &plan, &lists, &err));
	assert_int_equal(err.code, ERR_FINDING);
	assert_non_null(strstr(err.text, "shard unit has no test"));
}

static void has_a_plain_file_name_of_its_own(void **state)
{
	(void)state;
	static const char *const bad[] = {"a/b", "..", "", "a b", "caf\xc3\xa9", "elastic-2"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct plan plan = sample_plan(&arena);
		plan.shards.at[3].name = str_of(bad[i]);
		list_files lists;
		struct err err = {0};
		assert_false(list_build(&arena, &plan, &lists, &err));
		assert_int_equal(err.code, ERR_FINDING);
	}
}

static void tells_which_lists_no_shard_has_any_more(void **state)
{
	(void)state;
	struct plan plan = sample_plan(&arena);
	static const char *const present[] = {"elastic.txt",
	                                      "elastic-1.txt",
	                                      "notes.md",
	                                      "unit.txt",
	                                      "elastic-3.txt",
	                                      "elastic-1.txt.lanewright",
	                                      "elastic-4.txt.lanewright"};
	strs names = {0};
	for (size_t i = 0; i < sizeof present / sizeof *present; i++)
		vec_push(&arena, &names, str_of(present[i]));
	strs stale = list_stale(&arena, &plan, &names);
	assert_int_equal(stale.n, 3);
	assert_true(str_eq(stale.at[0], STR(".lanewright/shards/elastic.txt")));
	assert_true(str_eq(stale.at[1], STR(".lanewright/shards/elastic-3.txt")));
	assert_true(str_eq(stale.at[2], STR(".lanewright/shards/elastic-4.txt.lanewright"))); /* of a killed process */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(has_one_argument_a_line_in_the_plans_order),
	        cmocka_unit_test(keeps_options_and_lists_from_being_read_as_such),
	        cmocka_unit_test(refuses_a_path_that_pytest_would_read_otherwise),
	        cmocka_unit_test(is_never_empty),
	        cmocka_unit_test(has_a_plain_file_name_of_its_own),
	        cmocka_unit_test(tells_which_lists_no_shard_has_any_more),
	};
	int failed = cmocka_run_group_tests_name("emit/list", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
