/* What a lane boots, and the outputs that are about booting alone. */
#include "emit/boot.h"
#include "emit/emitters.h"
#include "sample.h"

static struct arena arena;

static void reads_health_options_as_a_shell_would(void **state)
{
	(void)state;
	struct boot_health health = boot_health_of(
	        &arena, STR("--health-cmd \"pg_isready -U \\\"a b\\\"\" --health-interval=10s --cpus 1 "
	                    "--health-timeout '5s' --health-retries 12 --health-start-period 1m --name=x"));
	assert_true(str_eq(health.command, STR("pg_isready -U \"a b\"")));
	assert_true(str_eq(health.interval, STR("10s")));
	assert_true(str_eq(health.timeout, STR("5s")));
	assert_true(str_eq(health.retries, STR("12")));
	assert_true(str_eq(health.start_period, STR("1m")));
	assert_true(str_eq(str_join(&arena, health.others.at, health.others.n, STR("|")), STR("--cpus|1|--name=x")));
}

static void takes_odd_options_without_harm(void **state)
{
	(void)state;
	static const char *const odd[] = {
	        "", " ", "--health-cmd", "--health-cmd \"x", "--health-cmd=", "\\", "'", "a\\"};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		boot_health_of(&arena, str_of(odd[i]));
	assert_true(str_eq(boot_health_of(&arena, STR("--health-cmd \"x")).command, STR("x")));
	assert_int_equal(boot_health_of(&arena, STR("--health-cmd")).command.n, 0);
}

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
	return s;
}

static struct str emit(struct story *s, const char *name)
{
	if (!emitter_find(str_of(name))->emit(&arena, &s->source, &s->emitted, &s->err))
		fail_msg("%s", s->err.text);
	return s->emitted.text;
}

static void refuses(struct story *s, const char *name, enum err_code code, const char *sentence)
{
	assert_false(emitter_find(str_of(name))->emit(&arena, &s->source, &s->emitted, &s->err));
	assert_int_equal(s->err.code, code);
	if (!strstr(s->err.text, sentence))
		fail_msg("\"%s\" does not say \"%s\"", s->err.text, sentence);
	s->err = (struct err){0};
}

static void keeps_local_services_on_this_machine(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->config.catalogue.services.at[0].ports_map.at[0] = STR("9200");
	s->config.catalogue.services.at[2].ports_map.at[0] = STR("0.0.0.0:1:2");
	struct str text = emit(s, "compose");
	assert_true(str_has(text, STR("\"127.0.0.1::9200\"")));
	assert_true(str_has(text, STR("\"127.0.0.1:5432:5432\"")));
	assert_true(str_has(text, STR("\"0.0.0.0:1:2\"")));
}

static void says_what_compose_and_gitlab_leave_out(void **state)
{
	(void)state;
	struct story *s = good_story();
	struct service *redis = &s->config.catalogue.services.at[2];
	redis->options = STR("--cpus=1");
	vec_push(&arena, &redis->env, (struct env_pair){STR("TOKEN"), STR("${{ secrets.X }}")});
	assert_false(str_has(emit(s, "compose"), STR("TOKEN")));
	assert_int_equal(s->emitted.notes.n, 3);
	assert_false(str_has(emit(s, "gitlab"), STR("TOKEN")));
	assert_true(str_has(s->emitted.notes.at[0], STR("[emit.github] env is left out")));
}

static void refuses_names_that_the_systems_do_not_take(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->plan.lanes.at[2].name = s->plan.shards.at[3].name = STR("u");
	refuses(s, "compose", ERR_USAGE, "cannot name a profile");
	s->plan.lanes.at[2].name = s->plan.shards.at[3].name = STR("check");
	refuses(s, "gitlab", ERR_USAGE, "\"check\" cannot name a job");
	s = good_story();
	s->config.catalogue.services.at[1].image = STR_NONE;
	refuses(s, "compose", ERR_USAGE, "[services.postgres] image");
	refuses(s, "gitlab", ERR_USAGE, "[services.postgres] image");
	s = good_story();
	s->plan.shards.at[0].name = STR("other");
	refuses(s, "gitlab", ERR_TROUBLE, "calls a shard other where it would be elastic-1");
	s = good_story();
	s->plan.lanes.at[0].n_shards = 201;
	refuses(s, "gitlab", ERR_USAGE, "at most 200");
	s = good_story();
	s->plan.lanes.at[0].n_shards = s->plan.lanes.at[1].n_shards = 0;
	refuses(s, "compose", ERR_FINDING, "nothing to compose");
}

/* test-a-1 would be the first shard of a, and the lane a-1. */
static void refuses_two_make_targets_of_one_name(void **state)
{
	(void)state;
	struct story *s = good_story();
	s->plan.lanes.at[2].name = STR("elastic-2");
	refuses(s, "make", ERR_FINDING, "has the name of a shard of another lane");
	s->plan.lanes.at[2].name = STR("$(shell x)");
	refuses(s, "make", ERR_FINDING, "can have no make target");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_health_options_as_a_shell_would),
	        cmocka_unit_test(takes_odd_options_without_harm),
	        cmocka_unit_test(keeps_local_services_on_this_machine),
	        cmocka_unit_test(says_what_compose_and_gitlab_leave_out),
	        cmocka_unit_test(refuses_names_that_the_systems_do_not_take),
	        cmocka_unit_test(refuses_two_make_targets_of_one_name),
	};
	int failed = cmocka_run_group_tests_name("emit/boot", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
