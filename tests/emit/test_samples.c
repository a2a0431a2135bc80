/* Whole outputs of the emitters.  Without an argument: what they say, checked here.  With a folder: they are written
 * there, for the validators of tests/validators to judge.  With a folder, a seed and a number: that many hostile texts
 * as YAML, shell and make, for tools/emit-roundtrip. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/utf8.h"
#include "emit/emitters.h"
#include "base/json.h"
#include "emit/plan_file.h"
#include "emit/quote.h"
#include "emit/yaml.h"
#include "hostile.h"
#include "sample.h"

enum { HOSTILE = 10000, HOSTILE_YAML = 4000 /* PyYAML takes its time */ };

static struct arena arena;

/* One kind of config, and what its workflow must hold or must not. */
struct sample {
	const char *name;
	void (*change)(struct plan *plan, struct config *config);
	const char *file;       /* the user's workflow that the jobs go into; NULL: none */
	const char *refused_by; /* an emitter that has no form for its hostile values; NULL: none */
};

static void pin(struct config *config)
{
	vec_push(&arena, &config->github.pins,
	         STR("actions/upload-artifact@b4b15b8c7c6ac21ea08fcf65892d2ee8f75cf882 # v4.4.3"));
	vec_push(&arena, &config->github.pins,
	         STR("actions/download-artifact@fa0a91b85d4f404e444e00e005971372dc801d16 # v4.1.8"));
}

static void as_it_is(struct plan *plan, struct config *config)
{
	(void)plan;
	(void)config;
}

static void without_coverage(struct plan *plan, struct config *config)
{
	(void)plan;
	config->github.coverage_source = STR_NONE;
	config->github.if_ = STR_NONE;
	config->github.timeout_minutes = 0;
}

static void with_list_argument(struct plan *plan, struct config *config)
{
	(void)plan;
	config->pytest_version = STR(">=8.2");
	config->github.pytest = STR("python -m pytest");
	config->github.if_ = STR("${{ needs.changes.outputs.backend == 'true' }}");
	config->github.after = STR("  - uses: actions/upload-artifact@v4\n"
	                           "    with:\n"
	                           "      name: coverage\n"
	                           "      path: coverage.xml\n"
	                           "  - run: |\n"
	                           "      # >>> lanewright:begin lanes sha256=00\n"
	                           "      echo done\n");
}

static void with_a_part(struct plan *plan, struct config *config)
{
	config->github.pytest = STR("uv run pytest -ra");
	plan->lanes.at[0].serial = false;
	plan->lanes.at[0].workers = 4;
	plan->lanes.at[1].is_derived = true;
	plan->lanes.at[1].why = STR("for tests/integration/test_cart.py: ${{ x }} `ls`\nyes");
	vec_push(&arena, &config->github.parts,
	         (struct part_config){STR("unit"), STR("unit-coverage"), STR("unit's .coverage")});
	vec_push(&arena, &config->github.env,
	         (struct env_pair){STR("HOSTILE"), STR("`id` $(id) \"'\\ # : - no\n\ttab")});
	vec_push(&arena, &config->github.env, (struct env_pair){STR("COVERAGE_FILE"), STR("mine")});
}

static const char user_workflow[] = "name: theirs\n"
                                    "on: [pull_request] # as it was\n"
                                    "jobs:\n"
                                    "  changes:\n"
                                    "    runs-on: ubuntu-latest\n"
                                    "    outputs: {backend: \"true\"}\n"
                                    "    steps: [run: \"true\"]\n"
                                    "  unit:\n"
                                    "    runs-on: ubuntu-latest\n"
                                    "    steps:\n"
                                    "      - run: |\n"
                                    "          # >>> lanewright:begin lanes sha256=00\n"
                                    "          # <<< lanewright:end lanes\n"
                                    "          echo it is a script\n"
                                    "  # after the jobs\n"
                                    "\n"
                                    "env: {A: b}";

static void as_matrix(struct plan *plan, struct config *config)
{
	config->github.shape = STR("matrix");
	config->github.once = STR("- name: Migrations are complete\n  run: python -m backend.migrations --check\n");
	plan->lanes.at[2].pytest_args = STR("-k \"not test_price[1]\" --maxfail=5");
}

static void as_reusable(struct plan *plan, struct config *config)
{
	(void)plan;
	config->github.shape = STR("reusable");
	config->github.plugin = STR("ci tools/lanewright_lists.py");
}

static void as_dynamic(struct plan *plan, struct config *config)
{
	(void)plan;
	config->github.shape = STR("dynamic");
}

/* The config has a lane of which this plan makes no use; the next may. */
static void as_planned(struct plan *plan, struct config *config)
{
	struct lane_config lane = {.name = STR("redis"), .services = SAMPLE_REDIS, .workers = 2};
	as_matrix(plan, config);
	config->github.shape = STR("dynamic");
	config->github.lists = STR("planned");
	vec_push(&arena, &lane.service_order, STR("redis"));
	vec_push(&arena, &config->lanes, lane);
	vec_push(&arena, &config->github.pins, STR("actions/cache@v4"));
}

static const struct sample samples[] = {
        {"plain", as_it_is, NULL, NULL},
        {"bare", without_coverage, NULL, NULL},
        {"list-argument", with_list_argument, user_workflow, NULL},
        {"part", with_a_part, user_workflow, "azure"},
        {"matrix", as_matrix, NULL, NULL},
        {"reusable", as_reusable, NULL, NULL},
        {"dynamic", as_dynamic, NULL, NULL},
        {"planned", as_planned, NULL, NULL},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static struct emitted emit(const struct sample *sample, const char *name)
{
	struct plan plan = sample_plan(&arena);
	struct config config = sample_config(&arena);
	struct emit_source source = {.plan = &plan, .config = &config};
	const struct emitter *emitter = emitter_find(str_of(name));
	struct emitted emitted;
	struct err err = {0};
	pin(&config);
	sample->change(&plan, &config);
	if (sample->refused_by && strcmp(sample->refused_by, name) == 0) {
		assert_false(emitter->emit(&arena, &source, &emitted, &err));
		return (struct emitted){.text = str_of(err.text)};
	}
	if (!emitter->emit(&arena, &source, &emitted, &err))
		fail_msg("%s: %s", sample->name, err.text);
	struct into into = {.kind = emitter->into, .path = sample->name};
	if (sample->file && emitter->into == INTO_JOBS &&
	    !into_splice(&arena, &into, str_of(sample->file), emitted.block, &emitted.text, &err))
		fail_msg("%s: %s", sample->name, err.text);
	return emitted;
}

static void every_sample_is_emitted_twice_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++)
		for (size_t e = 0; e < n_emitters; e++)
			assert_true(str_eq(emit(&samples[i], emitters[e].name).text,
			                   emit(&samples[i], emitters[e].name).text));
}

/* What the validators judge, by the end of its name. */
static const struct {
	const char *emitter, *end;
} ends[] = {
        {"lists", "lists"},       {"matrix", "matrix.json"},    {"github", "workflow.yml"},
        {"gitlab", "gitlab.yml"}, {"circleci", "circleci.yml"}, {"buildkite", "buildkite.yml"},
        {"azure", "azure.yml"},   {"make", "make.mk"},          {"compose", "compose.yml"},
};
enum { ENDS = sizeof ends / sizeof *ends };

static bool write_one(const char *dir, const char *name, const char *end, struct str text, struct err *err)
{
	return file_write(str_c(&arena, str_fmt(&arena, "%s/%s.%s", dir, name, end)), text, err);
}

static void azure_refuses_what_it_would_expand(void **state)
{
	(void)state;
	const struct sample *part = &samples[3];
	assert_true(str_has(emit(part, "azure").text, STR("expressions to Azure, and cannot be written as text")));
}

static bool write_samples(const char *dir, struct err *err)
{
	for (size_t i = 0; i < SAMPLES; i++)
		for (size_t e = 0; e < ENDS; e++)
			if (samples[i].refused_by && strcmp(samples[i].refused_by, ends[e].emitter) == 0)
				continue;
			else if (!write_one(dir, samples[i].name, ends[e].end, emit(&samples[i], ends[e].emitter).text,
			                    err))
				return false;
	for (size_t i = 0; i < SAMPLES; i++) {
		struct plan plan = sample_plan(&arena);
		struct config config = sample_config(&arena);
		struct str text;
		samples[i].change(&plan, &config);
		if (!plan_file_write(&arena, &plan, &text, err) ||
		    !write_one(dir, samples[i].name, "plan.json", text, err))
			return false;
	}
	return write_one(dir, "user", "workflow.yml", str_of(user_workflow), err);
}

/* Texts that are no UTF-8 have no form in YAML; what they are is in the JSON beside it. */
static bool write_yaml_fuzz(const char *dir, uint64_t seed, int n, struct err *err)
{
	struct hostile generator = {seed};
	struct yaml y;
	struct buf json;
	struct str text;
	buf_init(&json, &arena);
	yaml_begin(&y, &arena, err);
	for (int i = 0; i < n; i++) {
		struct str s = hostile_text(&arena, &generator);
		if (!utf8_valid(s))
			continue;
		yaml_map(&y, str_fmt(&arena, "text%d", i));
		yaml_pair(&y, "value", s);
		yaml_script(&y, "script", s);
		yaml_text(&y, str_fmt(&arena, "_%.*s", STR_ARG(s)), STR("key"));
		yaml_list(&y, "items");
		yaml_item(&y, s);
		yaml_comment(&y, s);
		yaml_end(&y);
		yaml_end(&y);
		buf_fmt(&json, "%s\n\"text%d\": ", json.n ? "," : "{", i);
		json_quote(&json, s);
	}
	buf_lit(&json, "\n}\n");
	return yaml_done(&y, &text) && write_one(dir, "fuzz", "yml", text, err) &&
	       write_one(dir, "fuzz", "json", buf_str(&json), err);
}

/* Each text as an argument of printf: in a script, and where it may stand there, in a recipe. */
static bool write_shell_fuzz(const char *dir, uint64_t seed, int n, struct err *err)
{
	struct hostile generator = {seed};
	struct buf script, said, make, made;
	buf_init(&script, &arena);
	buf_init(&said, &arena);
	buf_init(&make, &arena);
	buf_init(&made, &arena);
	buf_lit(&make, "all:\n");
	for (int i = 0; i < n; i++) {
		struct str s = hostile_text(&arena, &generator), word, line;
		struct err refused = {0};
		if (!quote_sh(&arena, s, &word, err))
			return false;
		buf_fmt(&script, "printf '%%s\\0' %.*s\n", STR_ARG(word));
		buf_fmt(&said, "%.*s%c", STR_ARG(s), 0);
		if (!quote_make(&arena, word, &line, &refused))
			continue;
		buf_fmt(&make, "\t@printf '%%s\\0' %.*s\n", STR_ARG(line));
		buf_fmt(&made, "%.*s%c", STR_ARG(s), 0);
	}
	return write_one(dir, "fuzz", "sh", buf_str(&script), err) &&
	       write_one(dir, "fuzz.sh", "said", buf_str(&said), err) &&
	       write_one(dir, "fuzz", "mk", buf_str(&make), err) &&
	       write_one(dir, "fuzz.mk", "said", buf_str(&made), err);
}

static int write_all(const char *dir)
{
	struct err err = {0};
	if (write_samples(dir, &err) && write_yaml_fuzz(dir, 2, HOSTILE_YAML, &err) &&
	    write_shell_fuzz(dir, 3, HOSTILE, &err))
		return 0;
	fprintf(stderr, "%s\n", err.text);
	return 1;
}

static int write_fuzz(char **argv)
{
	struct err err = {0};
	uint64_t seed = strtoull(argv[2], NULL, 10);
	int n = atoi(argv[3]);
	if (write_yaml_fuzz(argv[1], seed, n, &err) && write_shell_fuzz(argv[1], seed, n, &err))
		return 0;
	fprintf(stderr, "%s\n", err.text);
	return 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_sample_is_emitted_twice_the_same),
	        cmocka_unit_test(azure_refuses_what_it_would_expand),
	};
	int failed = argc > 3   ? write_fuzz(argv)
	             : argc > 1 ? write_all(argv[1])
	                        : cmocka_run_group_tests_name("emit/samples", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
