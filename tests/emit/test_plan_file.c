/* The plan goes to its file and comes back, and a file that is not a plan is told so. */
#include "sample.h"

#include "emit/plan_file.h"

static struct arena arena;

static struct str written(const struct plan *plan)
{
	struct err err = {0};
	struct str text;
	assert_true(plan_file_write(&arena, plan, &text, &err));
	return text;
}

static void comes_back_as_the_same_bytes(void **state)
{
	(void)state;
	struct plan plan = sample_plan(&arena), back;
	struct str text = written(&plan);
	struct err err = {0};
	assert_true(plan_file_read(&arena, text, "plan.json", &back, &err));
	assert_true(str_eq(written(&back), text));
}

static void comes_back_with_its_values(void **state)
{
	(void)state;
	struct plan plan = sample_plan(&arena), back;
	struct err err = {0};
	plan.units.at[0].why_whole = STR("a hook may add tests \"here\"\n\t\\ \x7f caf\xc3\xa9");
	plan.lanes.at[1].is_derived = true;
	plan.lanes.at[1].why = STR("for tests/integration/test_cart.py");
	assert_true(plan_file_read(&arena, written(&plan), "plan.json", &back, &err));
	assert_int_equal(back.units.n, 5);
	assert_true(str_eq(back.units.at[0].why_whole, plan.units.at[0].why_whole));
	assert_int_equal(back.units.at[3].shard, 2);
	assert_int_equal(back.units.at[3].needs, SAMPLE_REDIS);
	assert_true(back.lanes.at[1].is_derived);
	assert_int_equal(back.lanes.at[0].services, SAMPLE_ELASTIC | SAMPLE_POSTGRES);
	assert_int_equal(back.certificate.kind, BOUND_ITEM);
	assert_int_equal(back.certificate.item, 1);
	assert_int_equal(back.makespan_ms, 63000);
	assert_true(str_eq(back.inputs.at[0].name, STR("config"))); /* sorted */
}

static void names_services_so_that_a_new_one_in_the_catalogue_changes_nothing(void **state)
{
	(void)state;
	struct plan plan = sample_plan(&arena);
	struct str before = written(&plan);
	strs shifted = {0};
	vec_push(&arena, &shifted, STR("a-new-one"));
	for (size_t i = 0; i < plan.services.n; i++)
		vec_push(&arena, &shifted, plan.services.at[i]);
	plan.services = shifted;
	for (size_t i = 0; i < plan.lanes.n; i++)
		plan.lanes.at[i].services <<= 1;
	for (size_t i = 0; i < plan.units.n; i++)
		plan.units.at[i].needs <<= 1;
	assert_true(str_eq(written(&plan), before));
}

static void maps_its_services_to_the_catalogues(void **state)
{
	(void)state;
	struct config config = sample_config(&arena);
	strs names = {0};
	vec_push(&arena, &names, STR("redis"));
	vec_push(&arena, &names, STR("gone"));
	vec_push(&arena, &names, STR("elasticsearch"));
	assert_int_equal(plan_file_services(&names, 7, &config.catalogue), SAMPLE_REDIS | SAMPLE_ELASTIC);
	assert_int_equal(plan_file_services(&names, 1, &config.catalogue), SAMPLE_REDIS);
}

/* `from` in the sample's text becomes `to`, and reading it says `sentence`. */
static void refuses(const char *from, const char *to, const char *sentence)
{
	struct plan plan = sample_plan(&arena), back;
	struct str text = written(&plan);
	size_t at = str_find(text, str_of(from), 0);
	assert_int_not_equal(at, SIZE_MAX);
	struct str parts[] = {str_slice(text, 0, at), str_of(to), str_slice(text, at + strlen(from), text.n)};
	struct err err = {0};
	assert_false(plan_file_read(&arena, str_join(&arena, parts, 3, STR_NONE), "plan.json", &back, &err));
	if (!strstr(err.text, sentence))
		fail_msg("\"%s\" does not say \"%s\"", err.text, sentence);
	assert_non_null(strstr(err.text, "plan.json"));
	assert_non_null(strstr(err.text, "lanewright plan"));
}

static void refuses_a_newer_version(void **state)
{
	(void)state;
	refuses("\"version\": 1", "\"version\": 2, \"color\": 1", "written by a newer lanewright (plan version 2");
}

static void says_where_a_wrong_value_stands(void **state)
{
	(void)state;
	refuses("\"version\": 1,", "", "version: expected a version number");
	refuses("{\n", "{{\n", "plan.json:1:");
	refuses("\"ms\": 1500", "\"ms\": -1", "units[0].ms: expected a whole number");
	refuses("\"ms\": 1500", "\"ms\": 1.5", "units[0].ms: expected a whole number");
	refuses("\"ms\": 1500", "\"ms\": 1, \"ms\": 2", "duplicate");
	refuses("\"ms\": 1500", "\"seconds\": 1500", "units[0].seconds: expected no key of that name");
	refuses("\"shard\": \"postgres\"", "\"shard\": \"solr\"", "units[0].shard: expected a shard of the plan");
	refuses("\"needs\": [\"postgres\"]", "\"needs\": [\"mysql\"]", "units[0].needs: expected names of the plan");
	refuses("\"needs\": [\"postgres\"]", "\"needs\": [3]", "units[0].needs: expected a list of texts");
	refuses("\"source\": \"history\"", "\"source\": \"guess\"", "units[0].source: expected history");
	refuses("tests/unit/test_prices.py\", \"path\"", "tests/a.py\", \"path\"", "units[4].id: expected the path");
	refuses("\"serial\": true", "\"serial\": 1", "lanes[0].serial: expected true or false");
	refuses("\"shards\": 2, \"given\": 0", "\"shards\": 3, \"given\": 0", "as many shards of each lane");
	refuses("\"lane\": \"unit\"", "\"lane\": \"elastic\"", "shards[3].lane: expected shards in the order");
	refuses("\"number\": 2", "\"number\": 1", "shards[1].number: expected numbers from 1");
	refuses("\"name\": \"elastic-2\"", "\"name\": \"elastic-1\"", "shards[1].name: expected each shard once");
	refuses("\"list_sha256\": \"", "\"list_sha256\": \"xx", "shards[0].list_sha256: expected 64");
	refuses("\"kind\": \"item\"", "\"kind\": \"flow\"", "certificate.unit: expected no unit");
	refuses("\"kind\": \"item\"", "\"kind\": \"hope\"", "certificate.kind: expected a kind");
	refuses("\"totals\": {", "\"totals\": 3, \"x\": {", "x: expected no key");
	refuses("\"lanes\": [\n", "\"lanes\": [[],\n", "lanes[0]: expected an object");
	refuses("\"services\": [\"elasticsearch\"", "\"services\": [\"redis\"", "services: expected each name once");
}

static void refuses_what_is_no_json_at_all(void **state)
{
	(void)state;
	const struct str bad[] = {STR(""),
	                          STR("[]"),
	                          STR("<<<<<<< ours\n"),
	                          STR("{\"version\": 1"),
	                          STR("\0\0\0"),
	                          STR("{\"version\": \"\xff\"}")};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct plan back;
		struct err err = {0};
		assert_false(plan_file_read(&arena, bad[i], "plan.json", &back, &err));
		assert_non_null(strstr(err.text, "run `lanewright plan`"));
	}
}

/* Cut anywhere, the file is refused: no cut of it is a smaller plan. */
static void refuses_every_truncation(void **state)
{
	(void)state;
	struct plan plan = sample_plan(&arena), back;
	struct str text = written(&plan);
	for (size_t n = 0; n + 1 < text.n; n++) {
		struct err err = {0};
		assert_false(plan_file_read(&arena, str_slice(text, 0, n), "plan.json", &back, &err));
	}
}

static void does_not_write_what_json_cannot_hold(void **state)
{
	(void)state;
	const struct str bad[] = {STR("tests/\xff.py"), STR("tests/\0.py"), STR("tests/\xed\xa0\x80.py")};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct plan plan = sample_plan(&arena);
		struct err err = {0};
		struct str text;
		plan.units.at[0].id = plan.units.at[0].path = bad[i];
		assert_false(plan_file_write(&arena, &plan, &text, &err));
		assert_int_equal(err.code, ERR_FINDING);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(comes_back_as_the_same_bytes),
	        cmocka_unit_test(comes_back_with_its_values),
	        cmocka_unit_test(names_services_so_that_a_new_one_in_the_catalogue_changes_nothing),
	        cmocka_unit_test(maps_its_services_to_the_catalogues),
	        cmocka_unit_test(refuses_a_newer_version),
	        cmocka_unit_test(says_where_a_wrong_value_stands),
	        cmocka_unit_test(refuses_what_is_no_json_at_all),
	        cmocka_unit_test(refuses_every_truncation),
	        cmocka_unit_test(does_not_write_what_json_cannot_hold),
	};
	int failed = cmocka_run_group_tests_name("emit/plan_file", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
