/* A run is proven when it is the planned one; each way in which it can be another has its sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "proof/prove.h"
#include "proof/show.h"

#include <cmocka.h>

static struct arena arena;

enum { ELASTIC, POSTGRES, SHARDS };

/* Two files: one split between two lanes, one whole; three tests and a file that may make tests. */
struct story {
	struct repo repo;
	struct suite suite;
	struct needs needs;
	struct config config;
	struct plan plan;
	struct prove_case it;
	bool asked[SHARDS];
};

static void add_file(struct story *s, const char *path, bool is_exact)
{
	s->suite.file_is_exact[s->repo.files.n] = is_exact;
	vec_push(&arena, &s->repo.files, (struct source_file){.path = str_of(path), .is_test = true});
}

static void add_test(struct story *s, uint32_t file, const char *id)
{
	vec_push(&arena, &s->suite.tests, (struct test){.file = file, .id = str_of(id), .line = 7, .is_exact = true});
	for (size_t i = file + 1; i <= 4; i++)
		s->suite.first_test[i] = (uint32_t)s->suite.tests.n;
}

static void add_unit(struct story *s, const char *id, uint32_t shard)
{
	struct str whole = str_of(id);
	struct str path = str_slice(whole, 0, str_find(whole, STR("::"), 0));
	vec_push(&arena, &s->plan.units, (struct plan_unit){.id = whole, .path = path, .shard = shard, .n_tests = 1});
}

static void add_lane(struct story *s, const char *name, service_set services)
{
	vec_push(&arena, &s->plan.lanes, (struct plan_lane){.name = str_of(name), .services = services, .n_shards = 1});
	vec_push(&arena, &s->plan.shards,
	         (struct plan_shard){
	                 .name = str_of(name), .lane = (uint32_t)s->plan.lanes.n - 1, .list_sha256 = str_of(name)});
	vec_push(&arena, &s->it.reports,
	         (struct prove_report){.path = str_fmt(&arena, "junit-%s.xml", name),
	                               .shard = (uint32_t)s->plan.shards.n - 1,
	                               .sha256 = str_of(name)});
	vec_push(&arena, &s->it.records,
	         (struct prove_record){.path = str_fmt(&arena, "lanewright-%s.json", name),
	                               .shard = (uint32_t)s->plan.shards.n - 1,
	                               .list_sha256 = str_of(name),
	                               .plan_sha256 = STR("plan"),
	                               .report_sha256 = str_of(name),
	                               .commit = STR("c0ffee")});
}

static struct prove_seen *saw(struct story *s, uint32_t shard, uint32_t test, const char *name, enum outcome outcome)
{
	struct prove_report *report = &s->it.reports.at[shard];
	struct prove_seen seen = {.test = test,
	                          .one = {.name = str_of(name), .outcome = outcome, .microseconds = 1500000}};
	seen.one.classname = STR("tests.test_a");
	vec_push(&arena, &report->seen, seen);
	return &report->seen.at[report->seen.n - 1];
}

static struct story *good_story(void)
{
	struct story *s = arena_new(&arena, struct story);
	s->suite.first_test = arena_array(&arena, uint32_t, 5);
	s->suite.file_is_exact = arena_array(&arena, bool, 4);
	add_file(s, "tests/test_a.py", true);
	add_file(s, "tests/test_b.py", true);
	add_file(s, "tests/test_made.py", false);
	add_test(s, 0, "tests/test_a.py::TestOne::test_x");
	add_test(s, 0, "tests/test_a.py::test_y");
	add_test(s, 1, "tests/test_b.py::test_z");
	vec_push(&arena, &s->config.catalogue.services, (struct service){.name = STR("elasticsearch")});
	vec_push(&arena, &s->config.catalogue.services, (struct service){.name = STR("postgres")});
	vec_push(&arena, &s->config.catalogue.services.at[1].words, STR("postgresql"));
	vec_push(&arena, &s->config.catalogue.services.at[1].markers, STR("requires_pg"));
	vec_push(&arena, &s->plan.services, STR("postgres"));
	vec_push(&arena, &s->plan.services, STR("elasticsearch"));
	add_lane(s, "elastic", 2);
	add_lane(s, "postgres", 1);
	add_unit(s, "tests/test_a.py::TestOne", ELASTIC);
	add_unit(s, "tests/test_a.py::test_y", POSTGRES);
	add_unit(s, "tests/test_b.py", POSTGRES);
	add_unit(s, "tests/test_made.py", POSTGRES);
	saw(s, ELASTIC, 0, "test_x[1]", OUTCOME_PASSED);
	saw(s, ELASTIC, 0, "test_x[2]", OUTCOME_FAILED);
	saw(s, POSTGRES, 1, "test_y", OUTCOME_PASSED);
	saw(s, POSTGRES, 2, "test_z", OUTCOME_PASSED);
	saw(s, POSTGRES, PROVE_NONE, "test_generated", OUTCOME_PASSED)->one.classname = STR("tests.test_made");
	s->it.plan_sha256 = STR("plan");
	s->it.wants_records = true;
	return s;
}

static struct proof prove_it(struct story *s)
{
	s->it.plan = &s->plan;
	s->it.repo = &s->repo;
	s->it.suite = &s->suite;
	s->it.needs = &s->needs;
	s->it.config = &s->config;
	return prove(&arena, &s->it);
}

/* Exactly one finding, of this kind, that says this. */
static void finds(struct story *s, enum prove_kind kind, const char *sentence)
{
	struct proof proof = prove_it(s);
	if (proof.findings.n != 1)
		fail_msg("%.*s", STR_ARG(prove_text(&arena, &s->plan, &proof)));
	assert_int_equal(proof.findings.at[0].kind, kind);
	if (!str_has(proof.findings.at[0].text, str_of(sentence)))
		fail_msg("\"%.*s\" does not say \"%s\"", STR_ARG(proof.findings.at[0].text), sentence);
}

static void is_proven_when_all_ran_as_planned(void **state)
{
	(void)state;
	struct story *s = good_story();
	struct proof proof = prove_it(s);
	assert_int_equal(proof.findings.n, 0);
	assert_int_equal(proof.shards[ELASTIC].cases, 2);
	assert_int_equal(proof.shards[ELASTIC].failed, 1);
	assert_int_equal(proof.shards[POSTGRES].ms, 4500);
	assert_true(
	        str_has(prove_text(&arena, &s->plan, &proof),
	                STR("proven: 4 test functions of 2 shards ran as planned, in 5 cases (1 failed, 0 skipped)")));
}

static void finds_a_missing_report(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->it.reports.n = 1;
	struct proof proof = prove_it(s);
	assert_int_equal(proof.findings.n, 4); /* the report, and the three units that nobody saw run */
	assert_int_equal(proof.findings.at[0].kind, PROVE_MISSING);
	assert_int_equal(proof.findings.at[1].kind, PROVE_LOST);
}

static void finds_a_report_that_is_cut_off(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->it.reports.at[ELASTIC].trouble = STR("line 3: no end of testsuite");
	finds(s, PROVE_UNREADABLE, "no end of testsuite");
}

static void finds_a_lane_that_ran_twice(void **state)
{
	(void)state;
	struct story *s = good_story();
	struct prove_report again = s->it.reports.at[ELASTIC];
	again.path = STR("again.xml");
	vec_push(&arena, &s->it.reports, again);
	struct proof proof = prove_it(s);
	assert_int_equal(proof.findings.n, 3); /* the second report, and both cases */
	assert_int_equal(proof.findings.at[0].kind, PROVE_STRANGER);
	assert_int_equal(proof.findings.at[1].kind, PROVE_TWICE);
	assert_true(str_has(proof.findings.at[1].text, STR("test_x[1] ran twice: junit-elastic.xml and again.xml")));
}

static void takes_a_teardown_that_fails_for_the_same_test(void **state)
{
	(void)state;
	struct story *s = good_story();
	saw(s, ELASTIC, 0, "test_x[2]", OUTCOME_ERROR);
	assert_int_equal(prove_it(s).findings.n, 0);
	saw(s, ELASTIC, 0, "test_x[1]", OUTCOME_PASSED);
	finds(s, PROVE_TWICE, "test_x[1] ran twice");
}

static void finds_a_report_of_no_shard(void **state)
{
	(void)state;
	struct story *s = good_story();
	vec_push(&arena, &s->it.reports, (struct prove_report){.path = STR("junit-solr.xml"), .shard = PROVE_NONE});
	finds(s, PROVE_STRANGER, "is of no shard of the plan");
}

static void finds_a_record_missing_or_of_another_list(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->it.records.at[1].list_sha256 = STR("other");
	finds(s, PROVE_RECORD, "shard postgres ran another list");
	s = good_story();
	s->it.records.n = 1;
	finds(s, PROVE_RECORD, "shard postgres left no record");
	s->it.wants_records = false;
	assert_int_equal(prove_it(s).findings.n, 0);
}

static void finds_a_record_of_another_plan_report_or_commit(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->it.records.at[1].plan_sha256 = STR("older");
	finds(s, PROVE_RECORD, "shard postgres ran by another plan");
	s = good_story();
	s->it.reports.at[1].sha256 = STR("changed");
	finds(s, PROVE_RECORD, "shard postgres has another report than the one its run left");
	s = good_story();
	s->it.records.at[1].commit = STR_NONE;
	assert_int_equal(prove_it(s).findings.n, 0);
	s->it.records.at[1].commit = STR("decaf");
	s->it.is_asked = s->asked;
	s->asked[1] = true;
	finds(s, PROVE_RECORD, "shard postgres ran commit decaf, and shard elastic commit c0ffee");
}

static void finds_a_test_that_did_not_run(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->it.reports.at[POSTGRES].seen.at[0] = s->it.reports.at[POSTGRES].seen.at[--s->it.reports.at[POSTGRES].seen.n];
	finds(s, PROVE_LOST, "tests/test_a.py::test_y did not run; planned is postgres");
}

static void does_not_miss_a_name_that_was_only_likely(void **state)
{
	(void)state;
	struct story *s = good_story();
	add_test(s, 1, "tests/test_b.py::test_maybe");
	s->suite.tests.at[3].is_exact = false;
	assert_int_equal(prove_it(s).findings.n, 0);
}

static void finds_a_file_of_made_tests_of_which_nothing_ran(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->it.reports.at[POSTGRES].seen.n--;
	vec_push(&arena, &s->suite.hiding, ((struct hiding){.file = 2}));
	assert_int_equal(prove_it(s).findings.n, 0); /* the record says that pytest was given the file and found none */
	s->it.records.n = 0;
	s->it.wants_records = false;
	finds(s, PROVE_LOST, "nothing of tests/test_made.py ran");
}

static void finds_a_test_added_after_the_plan(void **state)
{
	(void)state;
	struct story *s = good_story();
	add_file(s, "tests/test_new.py", true);
	add_test(s, 3, "tests/test_new.py::test_new");
	finds(s, PROVE_LOST, "test_new did not run; planned is no shard");
}

static void finds_a_stray(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->it.reports.at[ELASTIC].seen.at[0].test = 2;
	s->it.reports.at[ELASTIC].seen.at[0].one.name = STR("test_z[x]");
	finds(s, PROVE_STRAY, "tests/test_b.py::test_z ran in elastic, planned is postgres");
	s = good_story();
	saw(s, ELASTIC, PROVE_NONE, "test_generated[2]", OUTCOME_PASSED)->one.classname = STR("tests.test_made");
	finds(s, PROVE_STRAY, "ran in elastic, which does not have it on its list");
}

static void finds_a_test_of_another_commit(void **state)
{
	(void)state;
	struct story *s = good_story();
	saw(s, POSTGRES, PROVE_NONE, "test_gone", OUTCOME_PASSED)->one.classname = STR("tests.test_b");
	finds(s, PROVE_UNKNOWN, "tests.test_b.test_gone ran, but this tree has no such test");
	s = good_story();
	saw(s, POSTGRES, PROVE_NONE, "test_gone", OUTCOME_PASSED)->one.classname = STR("other.test_b");
	finds(s, PROVE_UNKNOWN, "is of no file of this tree");
}

static void finds_a_file_that_could_not_be_collected(void **state)
{
	(void)state;
	struct story *s = good_story();
	struct prove_seen *seen = &s->it.reports.at[POSTGRES].seen.at[2];
	*seen = (struct prove_seen){
	        .test = PROVE_NONE,
	        .one = {.name = STR("tests.test_made"), .outcome = OUTCOME_ERROR, .message = STR("ImportError")}};
	struct proof proof = prove_it(s);
	assert_int_equal(proof.findings.n, 2);
	assert_int_equal(proof.findings.at[0].kind, PROVE_LOST);
	assert_int_equal(proof.findings.at[1].kind, PROVE_COLLECT);
}

static void finds_a_test_skipped_where_it_could_run(void **state)
{
	(void)state;
	struct story *s = good_story();
	struct prove_seen *seen = &s->it.reports.at[POSTGRES].seen.at[1];
	seen->one.outcome = OUTCOME_SKIPPED;
	seen->one.message = STR("not today");
	finds(s, PROVE_SKIPPED, "tests/test_b.py::test_z was skipped in the only lane it has: not today");
	vec_push(&arena, &s->config.overrides, (struct override_config){.test = STR("tests/test_b.py")});
	assert_int_equal(prove_it(s).findings.n, 0); /* a person has said so */
	s->config.overrides.n = 0;
	s->suite.tests.at[2].is_dead = true;
	assert_int_equal(prove_it(s).findings.n, 0);
}

static void lets_some_of_a_tests_cases_be_skipped(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->it.reports.at[ELASTIC].seen.at[0].one.outcome = OUTCOME_SKIPPED;
	assert_int_equal(prove_it(s).findings.n, 0);
}

static void finds_a_skip_for_a_service_that_was_there(void **state)
{
	(void)state;
	static const char *const reasons[] = {"PostgreSQL is down", "needs postgres", "requires_pg: nothing listens"};
	static const char *const others[] = {"postgresqlite", "no elasticsearch", "apostgres"};
	for (size_t i = 0; i < 3; i++) {
		struct story *s = good_story();
		struct prove_seen *seen = &s->it.reports.at[POSTGRES].seen.at[1];
		seen->one.outcome = OUTCOME_SKIPPED;
		seen->one.message = str_of(reasons[i]);
		finds(s, PROVE_SERVICE, "was skipped for postgres, which lane postgres starts");
		seen->one.message = str_of(others[i]);
		finds(s, PROVE_SKIPPED, others[i]);
	}
}

static void finds_a_module_skipped_whole(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->it.reports.at[POSTGRES].seen.at[1] = (struct prove_seen){
	        .test = PROVE_NONE,
	        .one = {.name = STR("tests.test_b"), .outcome = OUTCOME_SKIPPED, .message = STR("no module named x")}};
	finds(s, PROVE_SKIPPED, "test_z was skipped in the only lane it has: no module named x");
}

static void proves_one_shard_alone(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->asked[ELASTIC] = true;
	s->it.is_asked = s->asked;
	s->it.reports.n = s->it.records.n = 1;
	assert_int_equal(prove_it(s).findings.n, 0);
	s->it.reports.at[ELASTIC].seen.n = 0;
	finds(s, PROVE_LOST, "TestOne::test_x did not run");
}

static void shows_hostile_names_as_text(void **state)
{
	(void)state;
	struct story *s = good_story();
	struct prove_seen *seen = &s->it.reports.at[POSTGRES].seen.at[1];
	seen->one.outcome = OUTCOME_SKIPPED;
	seen->one.message = STR("a\n::set-output name=x::y\r%0A <script> |@me| `b` [c](d)\x1b[31m");
	struct proof proof = prove_it(s);
	struct str text = prove_text(&arena, &s->plan, &proof), markdown = prove_markdown(&arena, &s->plan, &proof);
	struct str commands = prove_annotations(&arena, &proof);
	assert_false(str_has(text, STR("\n::")) || str_has(text, STR("\x1b")));
	assert_false(str_has(markdown, STR("<script")) || str_has(markdown, STR("@me")) ||
	             str_has(markdown, STR(" `b")));
	assert_false(str_has(markdown, STR(" [c]")) || str_has(markdown, STR(" |&#64;")));
	assert_true(
	        str_starts(commands, STR("::error file=tests/test_b.py,line=7,title=lanewright prove%3A skipped::")));
	assert_true(str_has(commands, STR("a%0A::set-output name=x::y%0D%250A ")));
	assert_int_equal(str_find(commands, STR("\n"), 0), commands.n - 1);
}

static void stays_within_what_github_keeps(void **state)
{
	(void)state;
	struct story *s = good_story();
	struct proof proof = prove_it(s);
	char *long_text = arena_alloc(&arena, 5000);
	memset(long_text, 'x', 5000);
	for (int i = 0; i < 1000; i++)
		vec_push(&arena, &proof.findings,
		         (struct prove_finding){.kind = PROVE_LOST, .path = STR("a.py"), .text = {long_text, 5000}});
	struct str markdown = prove_markdown(&arena, &s->plan, &proof), commands = prove_annotations(&arena, &proof);
	assert_in_range(markdown.n, SUMMARY_MOST / 2, SUMMARY_MOST);
	assert_true(str_ends(markdown, STR("more are left out here.\n")));
	size_t lines = 0;
	for (size_t i = 0; i < commands.n; i++)
		lines += commands.at[i] == '\n';
	assert_int_equal(lines, ANNOTATIONS_MOST);
	assert_true(str_ends(commands, STR("991 more findings are in the log\n")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(is_proven_when_all_ran_as_planned),
	        cmocka_unit_test(finds_a_missing_report),
	        cmocka_unit_test(finds_a_report_that_is_cut_off),
	        cmocka_unit_test(finds_a_lane_that_ran_twice),
	        cmocka_unit_test(takes_a_teardown_that_fails_for_the_same_test),
	        cmocka_unit_test(finds_a_report_of_no_shard),
	        cmocka_unit_test(finds_a_record_missing_or_of_another_list),
	        cmocka_unit_test(finds_a_record_of_another_plan_report_or_commit),
	        cmocka_unit_test(finds_a_test_that_did_not_run),
	        cmocka_unit_test(does_not_miss_a_name_that_was_only_likely),
	        cmocka_unit_test(finds_a_file_of_made_tests_of_which_nothing_ran),
	        cmocka_unit_test(finds_a_test_added_after_the_plan),
	        cmocka_unit_test(finds_a_stray),
	        cmocka_unit_test(finds_a_test_of_another_commit),
	        cmocka_unit_test(finds_a_file_that_could_not_be_collected),
	        cmocka_unit_test(finds_a_test_skipped_where_it_could_run),
	        cmocka_unit_test(lets_some_of_a_tests_cases_be_skipped),
	        cmocka_unit_test(finds_a_skip_for_a_service_that_was_there),
	        cmocka_unit_test(finds_a_module_skipped_whole),
	        cmocka_unit_test(proves_one_shard_alone),
	        cmocka_unit_test(shows_hostile_names_as_text),
	        cmocka_unit_test(stays_within_what_github_keeps),
	};
	int failed = cmocka_run_group_tests_name("proof/prove", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
