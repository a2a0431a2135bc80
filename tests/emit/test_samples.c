/* Whole outputs of the emitters.  Without an argument: what they say, checked here.  With a folder: they are written
 * there, for the validators of tests/validators to judge. */
#include <stdio.h>

#include "base/file.h"
#include "emit/emitters.h"
#include "emit/plan_file.h"
#include "sample.h"

static struct arena arena;

/* One kind of config, and what its workflow must hold or must not. */
struct sample {
	const char *name;
	void (*change)(struct plan *plan, struct config *config);
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

static const struct sample samples[] = {
        {"plain", as_it_is},
        {"bare", without_coverage},
        {"list-argument", with_list_argument},
        {"part", with_a_part},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static struct emitted emit(const struct sample *sample, const char *emitter)
{
	struct plan plan = sample_plan(&arena);
	struct config config = sample_config(&arena);
	struct emit_source source = {.plan = &plan, .config = &config};
	struct emitted emitted;
	struct err err = {0};
	pin(&config);
	sample->change(&plan, &config);
	if (!emitter_find(str_of(emitter))->emit(&arena, &source, &emitted, &err))
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

static int write_samples(const char *dir)
{
	static const char *const ends[] = {"lists", "matrix.json", "workflow.yml", "make.mk"};
	struct err err = {0};
	for (size_t i = 0; i < SAMPLES; i++)
		for (size_t e = 0; e < n_emitters; e++) {
			struct str path = str_fmt(&arena, "%s/%s.%s", dir, samples[i].name, ends[e]);
			if (!file_write(str_c(&arena, path), emit(&samples[i], emitters[e].name).text, &err)) {
				fprintf(stderr, "%s\n", err.text);
				return 1;
			}
		}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_sample_is_emitted_twice_the_same),
	};
	int failed = argc > 1 ? write_samples(argv[1]) : cmocka_run_group_tests_name("emit/samples", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
