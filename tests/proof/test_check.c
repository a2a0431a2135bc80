/* check says what would go wrong in the run, and is quiet about a plan that is merely not the newest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "proof/check.h"

#include <cmocka.h>

static struct arena arena;

/* Two files of two tests each, one of the files split between two lanes. */
struct story {
	struct repo repo;
	struct suite suite;
	struct needs needs;
	struct catalogue catalogue;
	struct plan plan;
	struct check_case check;
};

enum { NEED_ELASTIC = 1, NEED_POSTGRES = 2 }; /* bits of the catalogue */

static void add_file(struct story *s, const char *path)
{
	vec_push(&arena, &s->repo.files, (struct source_file){.path = str_of(path), .is_test = true});
}

static void add_test(struct story *s, uint32_t file, const char *id, uint32_t line)
{
	vec_push(&arena, &s->suite.tests, (struct test){.file = file, .id = str_of(id), .line = line});
}

static void add_unit(struct story *s, const char *id, uint32_t shard)
{
	struct str whole = str_of(id);
	size_t colons = str_find(whole, STR("::"), 0);
	struct str path = str_slice(whole, 0, colons == SIZE_MAX ? whole.n : colons);
	vec_push(&arena, &s->plan.units, (struct plan_unit){.id = whole, .path = path, .shard = shard});
}

static void add_lane(struct story *s, const char *name, service_set services)
{
	uint32_t lane = (uint32_t)s->plan.lanes.n;
	struct str list = str_fmt(&arena, "list of %s\n", name);
	vec_push(&arena, &s->plan.lanes, (struct plan_lane){.name = str_of(name), .services = services, .n_shards = 1});
	vec_push(&arena, &s->plan.shards,
	         (struct plan_shard){.name = str_of(name), .lane = lane, .list_sha256 = sha256_hex(&arena, list)});
	vec_push(&arena, &s->check.lists,
	         (struct check_file){.path = str_fmt(&arena, ".lanewright/shards/%s.txt", name),
	                             .expected = list,
	                             .found = list,
	                             .mend = STR("lanewright emit lists")});
}

static void add_need(struct story *s, size_t test, service_set services, enum grade grade)
{
	vec_push(&arena, &s->needs.tests[test], (struct need){.services = services, .grade = grade});
}

static struct story *good_story(void)
{
	struct story *s = arena_new(&arena, struct story);
	vec_push(&arena, &s->catalogue.services, (struct service){.name = STR("elasticsearch")});
	vec_push(&arena, &s->catalogue.services, (struct service){.name = STR("postgres")});
	add_file(s, "tests/test_a.py");
	add_file(s, "tests/test_b.py");
	add_test(s, 0, "tests/test_a.py::TestOne::test_x", 4);
	add_test(s, 0, "tests/test_a.py::test_y", 9);
	add_test(s, 1, "tests/test_b.py::test_z", 1);
	s->suite.first_test = arena_array(&arena, uint32_t, 3);
	s->suite.first_test[1] = 2;
	s->suite.first_test[2] = 3;
	s->suite.file_is_exact = arena_array(&arena, bool, 2);
	s->suite.file_is_exact[0] = s->suite.file_is_exact[1] = true;
	s->needs.tests = arena_array(&arena, need_list, 3);
	s->needs.files = arena_array(&arena, need_list, 2);
	add_need(s, 0, NEED_ELASTIC, GRADE_REQUIRES);
	add_need(s, 1, NEED_POSTGRES, GRADE_PROBABLE);
	vec_push(&arena, &s->plan.services, STR("postgres")); /* other numbers than the catalogue's */
	vec_push(&arena, &s->plan.services, STR("elasticsearch"));
	add_lane(s, "elastic", 3);
	add_lane(s, "postgres", 1);
	add_unit(s, "tests/test_a.py::TestOne", 0);
	add_unit(s, "tests/test_a.py::test_y", 1);
	add_unit(s, "tests/test_b.py", 1);
	vec_push(&arena, &s->plan.inputs, (struct plan_input){STR("tree"), STR("aa")});
	vec_push(&arena, &s->check.inputs, (struct plan_input){STR("tree"), STR("aa")});
	return s;
}

static check_findings check(struct story *s)
{
	s->check.plan = &s->plan;
	s->check.repo = &s->repo;
	s->check.suite = &s->suite;
	s->check.needs = &s->needs;
	s->check.catalogue = &s->catalogue;
	s->check.grade = GRADE_PROBABLE;
	return check_plan(&arena, &s->check);
}

/* Exactly one finding, at `path`, with `sentence` in it. */
static void finds(struct story *s, const char *path, const char *sentence)
{
	check_findings found = check(s);
	for (size_t i = 0; i < found.n; i++)
		if (found.n != 1)
			print_error("%.*s: %.*s\n", STR_ARG(found.at[i].path), STR_ARG(found.at[i].text));
	assert_int_equal(found.n, 1);
	if (!str_has(found.at[0].text, str_of(sentence)))
		fail_msg("\"%.*s\" does not say \"%s\"", STR_ARG(found.at[0].text), sentence);
	assert_true(str_eq(found.at[0].path, str_of(path)));
}

static void is_quiet_about_a_valid_plan(void **state)
{
	(void)state;
	assert_int_equal(check(good_story()).n, 0);
}

static void finds_an_input_that_changed(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->check.inputs.at[0].sha256 = STR("bb");
	finds(s, ".lanewright/plan.json", "the tree has changed since the plan was made");
	s->check.inputs.at[0].name = STR("config");
	finds(s, ".lanewright/plan.json", "does not record its config");
}

static void finds_a_test_that_would_run_nowhere(void **state)
{
	(void)state;
	struct story *s = good_story();
	add_test(s, 1, "tests/test_c.py::test_new", 7);
	s->repo.files.at[1].path = STR("tests/test_c.py"); /* test_b.py was renamed and test_z went with it */
	s->plan.units.n = 2;
	s->suite.tests.at[2] = s->suite.tests.at[3];
	s->suite.tests.n = 3;
	finds(s, "tests/test_c.py", "tests/test_c.py::test_new is on no list");
}

static void finds_a_test_that_would_run_twice(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->plan.units.n = 0;
	add_unit(s, "tests/test_a.py::TestOne", 0);
	add_unit(s, "tests/test_a.py::TestOne::test_x", 0);
	add_unit(s, "tests/test_a.py::test_y", 1);
	add_unit(s, "tests/test_b.py", 1);
	finds(s, "tests/test_a.py", "would run twice, as tests/test_a.py::TestOne in elastic and as");
}

static void finds_a_test_whose_lane_lacks_a_service(void **state)
{
	(void)state;
	struct story *s = good_story();
	add_need(s, 2, NEED_ELASTIC, GRADE_REQUIRES);
	finds(s, "tests/test_b.py", "tests/test_b.py::test_z needs elasticsearch, which lane postgres does not start");
}

static void takes_one_service_of_an_any_of_need(void **state)
{
	(void)state;
	struct story *s = good_story();
	add_need(s, 2, NEED_ELASTIC | NEED_POSTGRES, GRADE_REQUIRES);
	assert_int_equal(check(s).n, 0);
	s->plan.lanes.at[1].services = 0;
	s->needs.tests[1].n = 0;
	finds(s, "tests/test_b.py", "needs elasticsearch or postgres");
}

static void does_not_count_a_mention(void **state)
{
	(void)state;
	struct story *s = good_story();
	add_need(s, 2, NEED_ELASTIC, GRADE_MENTION);
	assert_int_equal(check(s).n, 0);
}

static void finds_an_empty_shard(void **state)
{
	(void)state;
	struct story *s = good_story();
	add_lane(s, "solr", 1);
	finds(s, ".lanewright/plan.json", "shard solr is empty");
}

static void finds_a_list_that_is_old_missing_or_a_stray(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->check.lists.at[1].found = STR("tests/test_b.py\n");
	finds(s, ".lanewright/shards/postgres.txt", "is not what the plan says: run `lanewright emit lists`");
	s->check.lists.at[1].is_missing = true;
	finds(s, ".lanewright/shards/postgres.txt", "is missing");
	s = good_story();
	vec_push(&arena, &s->check.strays, STR(".lanewright/shards/solr.txt"));
	finds(s, ".lanewright/shards/solr.txt", "no shard of the plan");
	s = good_story();
	s->plan.shards.at[0].list_sha256 = STR("00");
	finds(s, ".lanewright/plan.json", "hash of list .lanewright/shards/elastic.txt");
}

static void finds_an_emitted_file_that_is_old(void **state)
{
	(void)state;
	struct story *s = good_story();
	vec_push(&arena, &s->check.files,
	         (struct check_file){.path = STR(".github/workflows/pr.yml"),
	                             .expected = STR("a"),
	                             .found = STR("b"),
	                             .mend = STR("lanewright emit github")});
	finds(s, ".github/workflows/pr.yml", "run `lanewright emit github`");
}

static void finds_a_listed_file_that_is_gone(void **state)
{
	(void)state;
	struct story *s = good_story();
	add_unit(s, "tests/test_old.py", 1);
	finds(s, "tests/test_old.py", "there is no such test file");
}

static void finds_a_listed_test_that_is_gone(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->plan.units.at[2].id = STR("tests/test_b.py::test_gone");
	s->plan.units.at[2].path = STR("tests/test_b.py");
	add_unit(s, "tests/test_b.py::test_z", 1);
	finds(s, "tests/test_b.py", "test_gone is on a list, but has no test");
}

static void wants_a_file_that_may_have_tests_on_a_list_and_whole(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->suite.file_is_exact[1] = false;
	assert_int_equal(check(s).n, 0);
	s->suite.tests.n = 2;
	s->suite.first_test[2] = 2;
	vec_push(&arena, &s->suite.hiding, ((struct hiding){.file = 1}));
	assert_int_equal(check(s).n, 0);
	vec_push(&arena, &s->needs.files[1], ((struct need){.services = NEED_ELASTIC, .grade = GRADE_UNKNOWN}));
	finds(s, "tests/test_b.py", "needs elasticsearch, which lane postgres does not start");
	s->plan.units.n = 2;
	finds(s, "tests/test_b.py", "may have tests that cannot be seen");
	s = good_story();
	s->suite.file_is_exact[1] = false;
	s->plan.units.at[2].id = STR("tests/test_b.py::test_z");
	finds(s, "tests/test_b.py", "is split");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(is_quiet_about_a_valid_plan),
	        cmocka_unit_test(finds_an_input_that_changed),
	        cmocka_unit_test(finds_a_test_that_would_run_nowhere),
	        cmocka_unit_test(finds_a_test_that_would_run_twice),
	        cmocka_unit_test(finds_a_test_whose_lane_lacks_a_service),
	        cmocka_unit_test(takes_one_service_of_an_any_of_need),
	        cmocka_unit_test(does_not_count_a_mention),
	        cmocka_unit_test(finds_an_empty_shard),
	        cmocka_unit_test(finds_a_list_that_is_old_missing_or_a_stray),
	        cmocka_unit_test(finds_an_emitted_file_that_is_old),
	        cmocka_unit_test(finds_a_listed_file_that_is_gone),
	        cmocka_unit_test(finds_a_listed_test_that_is_gone),
	        cmocka_unit_test(wants_a_file_that_may_have_tests_on_a_list_and_whole),
	};
	int failed = cmocka_run_group_tests_name("proof/check", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
