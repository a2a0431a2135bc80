/* The workflow from inside: what is refused, where pins and conditions come from, in which order services boot.  What
 * GitHub makes of the whole is asked of others, in tests/validators. */
#include "emit/emitters.h"
#include "base/yaml_read.h"
#include "sample.h"

static struct arena arena;

struct story {
	struct plan plan;
	struct config config;
	struct emit_source source;
	struct emitted emitted;
	struct err err;
};

static struct story *good_story(void)
{
	struct story *s = arena_new(&arena, struct story);
	s->plan = sample_plan(&arena);
	s->config = sample_config(&arena);
	s->source = (struct emit_source){.plan = &s->plan, .config = &s->config};
	vec_push(&arena, &s->config.github.pins, STR("actions/upload-artifact@v4"));
	vec_push(&arena, &s->config.github.pins, STR("actions/download-artifact@v4 # v4.1"));
	return s;
}

static struct str text_of(struct story *s)
{
	if (!emit_github(&arena, &s->source, &s->emitted, &s->err))
		fail_msg("%s", s->err.text);
	return s->emitted.text;
}

static void refuses(struct story *s, enum err_code code, const char *sentence)
{
	assert_false(emit_github(&arena, &s->source, &s->emitted, &s->err));
	assert_int_equal(s->err.code, code);
	if (!strstr(s->err.text, sentence))
		fail_msg("\"%s\" does not say \"%s\"", s->err.text, sentence);
}

/* The value at a path of keys in the workflow, joined by spaces. */
static struct str value_at(struct str text, const char *const *keys)
{
	yaml_events events;
	struct err err = {0};
	size_t at = 0;
	assert_true(yaml_read(&arena, text, "workflow", &events, &err));
	for (; *keys; keys++) {
		at = yaml_find(&events, at, str_of(*keys));
		if (!at)
			fail_msg("no %s", *keys);
	}
	struct buf buf;
	buf_init(&buf, &arena);
	for (size_t end = yaml_skip(&events, at); at < end; at++)
		if (events.at[at].kind == YAML_SCALAR)
			buf_fmt(&buf, "%s%.*s", buf.n ? " " : "", STR_ARG(events.at[at].value));
	return buf_str(&buf);
}

#define VALUE(text, ...) value_at((text), (const char *const[]){"jobs", __VA_ARGS__, NULL})

static void boots_the_slowest_service_first(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->config.catalogue.services.at[2].startup_ms = 90000; /* redis */
	struct str services = VALUE(text_of(s), "backend-heavy-postgres", "services");
	assert_true(str_starts(services, STR("redis ")));
	assert_true(str_starts(VALUE(s->emitted.text, "backend-heavy-elastic", "services"), STR("elasticsearch ")));
}

static void leaves_out_a_lane_without_work(void **state)
{
	(void)state;
	struct story *s = good_story();
	vec_push(&arena, &s->plan.lanes, (struct plan_lane){.name = STR("solr")});
	assert_false(str_has(text_of(s), STR("solr")));
}

static void joins_the_condition_with_always(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
	        {"", "always()"},
	        {"vars.X == 'on' || vars.Y", "always() && (vars.X == 'on' || vars.Y)"},
	        {"  ${{ vars.X }} ", "always() && (vars.X)"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct story *s = good_story();
		s->config.github.if_ = str_of(rows[i][0]);
		assert_true(str_eq(VALUE(text_of(s), "backend-heavy-gate", "if"), str_of(rows[i][1])));
	}
	struct story *s = good_story();
	s->config.github.if_ = STR("${{ a }} && ${{ b }}");
	refuses(s, ERR_USAGE, "one expression");
}

static void needs_the_jobs_that_its_expressions_speak_of(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->config.github.if_ =
	        STR("needs.changes.outputs.x && my_needs.no.y && needs.build-it.result == needs.changes.z");
	vec_push(&arena, &s->config.github.env, (struct env_pair){STR("TAG"), STR("${{ needs.image.outputs.tag }}")});
	assert_true(str_eq(VALUE(text_of(s), "backend-heavy-unit", "needs"),
	                   STR("changes build-it image backend-heavy-check")));
	assert_true(str_eq(VALUE(s->emitted.text, "backend-heavy-check", "needs"), STR("changes build-it image")));
}

static void takes_pins_from_the_users_own_workflows(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->config.github.pins.n = 0;
	vec_push(&arena, &s->source.workflows, STR("not: [yaml"));
	vec_push(&arena, &s->source.workflows,
	         STR("jobs:\n  a:\n    steps:\n      - uses: actions/upload-artifact@v3\n"
	             "      - uses: actions/upload-artifact@0123456789012345678901234567890123456789 # v3.1\n"
	             "      - run: |\n          - uses: actions/upload-artifact@v9\n"
	             "      - uses: 'actions/upload-artifact@b4b15b8c7c6ac21ea08fcf65892d2ee8f75cf882' # v4.4.3\n"));
	refuses(s, ERR_USAGE, "no workflow of yours uses actions/download-artifact (v4 or later)");
	s->err = (struct err){0};
	vec_push(&arena, &s->source.workflows, STR("- uses: actions/download-artifact@v5"));
	struct str text = text_of(s);
	assert_true(
	        str_has(text, STR("\"actions/upload-artifact@b4b15b8c7c6ac21ea08fcf65892d2ee8f75cf882\" # v4.4.3\n")));
	assert_true(str_has(text, STR("\"actions/download-artifact@v5\"\n")));
	assert_false(str_has(text, STR("@v3")));
}

static void checks_out_in_the_check_and_sets_up_in_the_lanes(void **state)
{
	(void)state;
	struct story *s = good_story();
	struct str check = VALUE(text_of(s), "backend-heavy-check", "steps");
	assert_true(str_has(check, STR("actions/checkout@")) && str_has(check, STR("lanewright check")));
	assert_false(str_has(check, STR("setup-python")));
	assert_true(str_has(VALUE(s->emitted.text, "backend-heavy-unit", "steps"), STR("setup-python")));
	/* Without a checkout among the steps, all of them are what checks out. */
	s = good_story();
	s->config.github.before = STR("- uses: ./.github/actions/prepare\n");
	assert_true(str_has(VALUE(text_of(s), "backend-heavy-check", "steps"), STR("./.github/actions/prepare")));
}

static void says_what_it_left_out(void **state)
{
	(void)state;
	struct story *s = good_story();
	vec_push(&arena, &s->config.github.env, (struct env_pair){STR("COVERAGE_FILE"), STR("x")});
	s->config.catalogue.services.at[1].options = STR("--cpus 1");
	text_of(s);
	assert_int_equal(s->emitted.notes.n, 2);
	assert_true(str_has(s->emitted.notes.at[0], STR("[services.postgres] options: without a --health-cmd")));
	assert_true(str_has(s->emitted.notes.at[1], STR("COVERAGE_FILE is left out")));
}

static void refuses_what_it_cannot_write(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->config.github.install = STR_NONE;
	refuses(s, ERR_USAGE, "[emit.github] install");
	s = good_story();
	s->config.github.before = STR(" \n");
	refuses(s, ERR_USAGE, "[emit.github] before");
	s = good_story();
	s->config.github.before = STR("- uses: [\n");
	refuses(s, ERR_USAGE, "[emit.github] before");
	s = good_story();
	s->config.github.lists = STR("planned");
	refuses(s, ERR_USAGE, "only shape = \"dynamic\" can follow");
	s = good_story();
	s->config.github.shape = STR("reusable");
	s->config.github.if_ = STR("needs.changes.outputs.backend");
	refuses(s, ERR_USAGE, "needs.changes is not known in a workflow of its own");
	s = good_story();
	s->config.github.shape = STR("matrix");
	s->config.catalogue.services.at[1].image = STR("${{ vars.IMAGE }}");
	refuses(s, ERR_USAGE, "an expression cannot stand inside");
	s = good_story();
	s->config.github.name = STR("9lives");
	refuses(s, ERR_USAGE, "a letter first");
	s = good_story();
	s->config.catalogue.services.at[1].image = STR_NONE;
	refuses(s, ERR_USAGE, "[services.postgres] image");
	s = good_story();
	s->config.catalogue.services.n = 2;
	refuses(s, ERR_USAGE, "a service \"redis\" that no");
	s = good_story();
	s->plan.lanes.at[2].name = s->plan.shards.at[3].name = STR("gate");
	refuses(s, ERR_USAGE, "\"gate\" cannot name a job");
	s = good_story();
	s->plan.lanes.at[2].pytest_args = STR("-k ${{ github.event.title }}");
	refuses(s, ERR_USAGE, "injection");
	s = good_story();
	s->plan.shards.n = s->plan.units.n = 0;
	refuses(s, ERR_FINDING, "no shard");
	s = good_story();
	s->plan.units.at[0].id = s->plan.units.at[0].path = STR("tests/[x].py");
	refuses(s, ERR_FINDING, "cannot be passed to pytest");
}

/* Every text of the config that could carry an expression into a script is refused or goes through env. */
static void keeps_expressions_out_of_scripts(void **state)
{
	(void)state;
	struct str hostile = STR("x${{ github.head_ref }}");
	struct story *s = good_story();
	s->config.github.coverage_source = hostile;
	refuses(s, ERR_USAGE, "would stand in a script");
	s = good_story();
	vec_push(&arena, &s->config.github.parts, (struct part_config){STR("unit"), STR("a"), hostile});
	refuses(s, ERR_USAGE, "would stand in a script");
	s = good_story();
	s->config.github.pytest = STR("pytest ${{ github.head_ref }}");
	refuses(s, ERR_USAGE, "injection");
	s = good_story();
	vec_push(&arena, &s->config.github.env, (struct env_pair){STR("BRANCH"), hostile});
	assert_true(str_has(text_of(s), STR("BRANCH: \"x${{ github.head_ref }}\"\n")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(boots_the_slowest_service_first),
	        cmocka_unit_test(leaves_out_a_lane_without_work),
	        cmocka_unit_test(joins_the_condition_with_always),
	        cmocka_unit_test(needs_the_jobs_that_its_expressions_speak_of),
	        cmocka_unit_test(takes_pins_from_the_users_own_workflows),
	        cmocka_unit_test(checks_out_in_the_check_and_sets_up_in_the_lanes),
	        cmocka_unit_test(says_what_it_left_out),
	        cmocka_unit_test(refuses_what_it_cannot_write),
	        cmocka_unit_test(keeps_expressions_out_of_scripts),
	};
	int failed = cmocka_run_group_tests_name("emit/github", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
