/* The library as its clients see it: stages in any order, one sentence for a failure, nothing shared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lanewright.h"

static char root[] = "/tmp/lanewright-test-XXXXXX";

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* A suite of three tests, one of which needs redis. */
static int make_suite(void **state)
{
	(void)state;
	if (!mkdtemp(root) || chdir(root) != 0)
		return -1;
	if (mkdir("tests", 0777) != 0)
		return -1;
	write_file("lanewright.toml", "[services.redis]\n");
	write_file("pytest.ini", "[pytest]\ntestpaths = tests\n");
	write_file("tests/test_sums.py", "def test_one():\n    pass\n\n\ndef test_two():\n    pass\n");
	write_file("tests/test_cache.py", "import redis\n\n\n"
	                                  "def test_get():\n"
	                                  "    redis.Redis.from_url(\"redis://localhost:6379\").get(\"key\")\n");
	return 0;
}

static int remove_suite(void **state)
{
	char command[sizeof root + 8];
	(void)state;
	snprintf(command, sizeof command, "rm -r %s", root);
	return chdir("/") == 0 ? system(command) : -1;
}

static lanewright *opened(const char *config)
{
	lanewright *lw;
	struct lanewright_options options = {.root = root, .config = config};
	assert_int_equal(lanewright_open(&lw, &options), LANEWRIGHT_OK);
	assert_string_equal(lanewright_error(lw), "");
	return lw;
}

static void opens_without_reading_anything(void **state)
{
	(void)state;
	lanewright *lw;
	struct lanewright_options options = {.root = "/nowhere/at/all"};
	const char *where;
	assert_int_equal(lanewright_open(&lw, &options), LANEWRIGHT_OK);
	assert_int_equal(lanewright_root(lw, &where), LANEWRIGHT_USAGE);
	assert_non_null(strstr(lanewright_error(lw), "/nowhere/at/all"));
	lanewright_close(lw);
	lanewright_close(NULL);
	assert_string_equal(lanewright_error(NULL), "out of memory");
}

static void collects_before_it_is_told_to_scan(void **state)
{
	(void)state;
	size_t n;
	lanewright *lw = opened(NULL);
	assert_null(lanewright_tests(lw, &n));
	assert_int_equal(n, 0);
	assert_int_equal(lanewright_collect(lw), LANEWRIGHT_OK);
	const struct lanewright_test *tests = lanewright_tests(lw, &n);
	assert_int_equal(n, 3);
	assert_string_equal(tests[0].id, "tests/test_cache.py::test_get");
	assert_int_equal(tests[0].line, 4);
	assert_string_equal(tests[2].id, "tests/test_sums.py::test_two");
	assert_int_equal(lanewright_stats(lw)->test_files, 2);
	lanewright_close(lw);
}

static void keeps_what_it_gave_until_close(void **state)
{
	(void)state;
	size_t n, again;
	lanewright *lw = opened(NULL);
	assert_int_equal(lanewright_collect(lw), LANEWRIGHT_OK);
	const struct lanewright_test *tests = lanewright_tests(lw, &n);
	assert_int_equal(lanewright_resolve(lw), LANEWRIGHT_OK);
	assert_int_equal(lanewright_collect(lw), LANEWRIGHT_OK);
	assert_ptr_equal(lanewright_tests(lw, &again), tests);
	assert_string_equal(tests[1].id, "tests/test_sums.py::test_one");
	lanewright_close(lw);
}

static void gives_a_need_with_the_steps_to_its_cause(void **state)
{
	(void)state;
	size_t n;
	lanewright *lw = opened(NULL);
	assert_int_equal(lanewright_resolve(lw), LANEWRIGHT_OK);
	const struct lanewright_needs *files = lanewright_file_needs(lw, &n);
	assert_int_equal(n, 2);
	assert_string_equal(files[0].subject, "tests/test_cache.py");
	assert_string_equal(files[0].demand, "redis");
	assert_int_equal(files[0].n, 1);
	assert_string_equal(files[0].list[0].services, "redis");
	assert_true(files[0].list[0].counts);
	assert_true(files[0].list[0].n_steps > 0);
	assert_string_equal(files[1].demand, "");
	struct lanewright_explanation explanation;
	assert_int_equal(lanewright_explain(lw, "tests/test_cache.py::test_get", "redis", &explanation), LANEWRIGHT_OK);
	const struct lanewright_need *need = &explanation.needs.list[0];
	const struct lanewright_step *last = &need->steps[need->n_steps - 1];
	assert_string_equal(last->path, "tests/test_cache.py");
	assert_int_equal(last->line, 5);
	assert_string_equal(last->source, "redis.Redis.from_url(\"redis://localhost:6379\").get(\"key\")");
	assert_non_null(explanation.test);
	lanewright_close(lw);
}

static void says_where_a_config_is_wrong_and_goes_on_living(void **state)
{
	(void)state;
	write_file("wrong.toml", "[plan]\nshard = 3\n");
	lanewright *lw = opened("wrong.toml");
	assert_int_equal(lanewright_scan(lw), LANEWRIGHT_USAGE);
	assert_non_null(strstr(lanewright_error(lw), "wrong.toml:2:1"));
	assert_int_equal(lanewright_collect(lw), LANEWRIGHT_USAGE);
	lanewright_close(lw);
}

static void tells_what_it_did_not_understand(void **state)
{
	(void)state;
	size_t n;
	lanewright *lw;
	struct lanewright_options options = {.root = "faulty"};
	assert_int_equal(mkdir("faulty", 0777), 0);
	write_file("faulty/test_a.py", "def test_one():\n    x = = 2\n");
	write_file("faulty/helper.py", "x = 1\nx = = 3\n");
	assert_int_equal(lanewright_open(&lw, &options), LANEWRIGHT_OK);
	assert_int_equal(lanewright_collect(lw), LANEWRIGHT_OK);
	const struct lanewright_fault *faults = lanewright_faults(lw, &n);
	assert_int_equal(n, 1);
	assert_string_equal(faults[0].path, "test_a.py");
	assert_int_equal(faults[0].line, 2);
	assert_true(faults[0].is_test);
	assert_int_equal(lanewright_read(lw), LANEWRIGHT_OK);
	faults = lanewright_faults(lw, &n);
	assert_int_equal(n, 2);
	assert_string_equal(faults[0].path, "helper.py");
	assert_non_null(strstr(faults[0].text, "not understood"));
	assert_false(faults[0].is_test);
	lanewright_close(lw);
}

static void calls_an_empty_suite_a_finding(void **state)
{
	(void)state;
	size_t n;
	lanewright *lw;
	struct lanewright_options options = {.root = "empty"};
	assert_int_equal(mkdir("empty", 0777), 0);
	assert_int_equal(lanewright_open(&lw, &options), LANEWRIGHT_OK);
	assert_int_equal(lanewright_collect(lw), LANEWRIGHT_FINDINGS);
	assert_non_null(strstr(lanewright_error(lw), "no tests found"));
	assert_int_equal(lanewright_scan(lw), LANEWRIGHT_OK);
	assert_string_equal(lanewright_error(lw), "");
	(void)lanewright_tests(lw, &n);
	assert_int_equal(n, 0);
	lanewright_close(lw);
}

static void shares_nothing_between_two_handles(void **state)
{
	(void)state;
	size_t n;
	lanewright *one = opened(NULL), *two = opened("wrong.toml");
	assert_int_equal(lanewright_collect(one), LANEWRIGHT_OK);
	assert_int_equal(lanewright_collect(two), LANEWRIGHT_USAGE);
	lanewright_close(two);
	assert_string_equal(lanewright_error(one), "");
	assert_string_equal(lanewright_tests(one, &n)[0].id, "tests/test_cache.py::test_get");
	lanewright_close(one);
}

static void plans_records_and_checks_by_itself(void **state)
{
	(void)state;
	size_t n;
	lanewright *lw = opened(NULL);
	struct lanewright_recorded recorded;
	write_file("times.json", "{\"tests/test_cache.py::test_get\": 2.0, \"tests/test_gone.py::test_x\": 1}");
	assert_int_equal(lanewright_record(lw, (const char *const[]){"times.json"}, 1, NULL, &recorded), LANEWRIGHT_OK);
	assert_int_equal(recorded.added, 1);
	assert_int_equal(recorded.missed, 1);
	assert_string_equal(recorded.misses[0].what, "tests/test_gone.py::test_x");
	const struct lanewright_plan *plan;
	assert_int_equal(lanewright_make_plan(lw, NULL, &plan), LANEWRIGHT_OK);
	assert_true(plan->bound_ms <= plan->makespan_ms);
	assert_int_equal(plan->history_ms, 2000);
	uint32_t tests = 0;
	for (size_t i = 0; i < plan->n_shards; i++)
		tests += plan->shards[i].n_tests;
	assert_int_equal(tests, 3);
	assert_int_equal(lanewright_check(lw), LANEWRIGHT_OK);
	write_file(".lanewright/shards/stray.txt", "tests/test_sums.py\n");
	assert_int_equal(lanewright_check(lw), LANEWRIGHT_FINDINGS);
	assert_string_equal(lanewright_findings(lw, &n)[0].path, ".lanewright/shards/stray.txt");
	assert_int_equal(n, 1);
	lanewright_close(lw);
}

static void tells_how_far_it_is(void *context, const char *stage, size_t done, size_t total)
{
	(void)stage;
	(void)done;
	(void)total;
	++*(int *)context;
}

static void calls_back_during_a_scan(void **state)
{
	(void)state;
	int calls = 0;
	lanewright *lw;
	struct lanewright_options options = {
	        .root = root,
	        .progress = tells_how_far_it_is,
	        .progress_context = &calls,
	};
	assert_int_equal(lanewright_open(&lw, &options), LANEWRIGHT_OK);
	assert_int_equal(lanewright_scan(lw), LANEWRIGHT_OK);
	assert_true(calls > 0);
	lanewright_close(lw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(opens_without_reading_anything),
	        cmocka_unit_test(collects_before_it_is_told_to_scan),
	        cmocka_unit_test(keeps_what_it_gave_until_close),
	        cmocka_unit_test(gives_a_need_with_the_steps_to_its_cause),
	        cmocka_unit_test(says_where_a_config_is_wrong_and_goes_on_living),
	        cmocka_unit_test(tells_what_it_did_not_understand),
	        cmocka_unit_test(calls_an_empty_suite_a_finding),
	        cmocka_unit_test(shares_nothing_between_two_handles),
	        cmocka_unit_test(plans_records_and_checks_by_itself),
	        cmocka_unit_test(calls_back_during_a_scan),
	};
	return cmocka_run_group_tests(tests, make_suite, remove_suite);
}
