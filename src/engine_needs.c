/* The services that tests and files need, and why, as flat structs for clients. */
#include "engine.h"

#include "base/buf.h"
#include "project/words.h"
#include "resolve/whole.h"

/* The catalogue takes what the CI says; a host or variable that the user's config gives to a service stays its own. */
static bool config_has(const struct catalogue *catalogue, const struct ci_word *word)
{
	for (size_t i = 0; i < catalogue->services.n; i++) {
		const struct service *s = &catalogue->services.at[i];
		const strs *list = word->kind == CI_HOST ? &s->hosts : &s->variables;
		for (size_t k = 0; s->is_named && k < list->n; k++)
			if (str_eq(list->at[k], word->word))
				return true;
	}
	return false;
}

/* Jobs that `emit` wrote say what we said: they are no evidence, and writing them does not make the plan stale. */
void engine_ci_words(lanewright *lw)
{
	const struct catalogue *catalogue = &lw->config.catalogue;
	job_list theirs = {0};
	if (lw->has_ci_words)
		return;
	engine_given(lw);
	const job_list *jobs = engine_jobs(lw);
	for (size_t i = 0; i < jobs->n; i++)
		if (!jobs->at[i].is_ours)
			vec_push(&lw->tmp, &theirs, jobs->at[i]);
	ci_words found = words_of_jobs(&lw->out, &lw->tmp, &theirs, catalogue);
	for (size_t i = 0; i < found.n; i++)
		if (!config_has(catalogue, &found.at[i]))
			vec_push(&lw->out, &lw->ci_words, found.at[i]);
	lw->has_ci_words = true;
}

static void learn_from_ci(lanewright *lw)
{
	struct catalogue *catalogue = &lw->config.catalogue;
	engine_ci_words(lw);
	for (size_t i = 0; i < lw->ci_words.n; i++) {
		const struct ci_word *word = &lw->ci_words.at[i];
		struct service *s = &catalogue->services.at[word->service];
		vec_push(&lw->out, word->kind == CI_HOST ? &s->hosts : &s->variables, word->word);
	}
	struct lanewright_ci_word *shown = arena_array(&lw->out, struct lanewright_ci_word, lw->ci_words.n + 1);
	for (size_t i = 0; i < lw->ci_words.n; i++)
		shown[i] = (struct lanewright_ci_word){
		        .word = str_c(&lw->out, lw->ci_words.at[i].word),
		        .kind = lw->ci_words.at[i].kind == CI_HOST ? "host" : "variable",
		        .service = str_c(&lw->out, catalogue->services.at[lw->ci_words.at[i].service].name),
		        .place = str_c(&lw->out, lw->ci_words.at[i].place),
		};
	lw->shown_ci_words = shown;
}

const struct lanewright_ci_word *lanewright_ci_words(const lanewright *lw, size_t *n)
{
	*n = lw->shown_ci_words ? lw->ci_words.n : 0;
	return lw->shown_ci_words;
}

bool engine_needs(lanewright *lw)
{
	if (lw->has_needs)
		return true;
	if (!engine_suite(lw))
		return false;
	learn_from_ci(lw);
	resolve_needs(lw->whole, &lw->tmp, &lw->needs);
	if (!repo_is_whole(&lw->repo, &lw->err))
		return false;
	arena_free(&lw->tmp);
	engine_keep(lw);
	arena_free(&lw->tmp);
	lw->has_needs = true;
	return true;
}

static const char *set_text(lanewright *lw, service_set set, struct str between)
{
	return str_c(&lw->out, service_set_names(&lw->tmp, &lw->config.catalogue, set, between));
}

/* "postgres, redis, elasticsearch|opensearch" */
static const char *demand_text(lanewright *lw, const need_list *needs)
{
	struct demand demand = needs_demand(&lw->tmp, needs, lw->config.grade);
	struct buf text;
	buf_init(&text, &lw->tmp);
	buf_add(&text, service_set_names(&lw->tmp, &lw->config.catalogue, demand.all, STR(", ")));
	for (size_t i = 0; i < demand.any_of.n; i++) {
		if (text.n)
			buf_lit(&text, ", ");
		buf_add(&text, service_set_names(&lw->tmp, &lw->config.catalogue, demand.any_of.at[i], STR("|")));
	}
	return str_c(&lw->out, buf_str(&text));
}

static const struct lanewright_step *show_steps(lanewright *lw, const struct evidence *why)
{
	struct lanewright_step *shown = arena_array(&lw->out, struct lanewright_step, why->steps.n);
	for (size_t i = 0; i < why->steps.n; i++)
		shown[i] = (struct lanewright_step){
		        .path = engine_file(lw, why->steps.at[i].file),
		        .line = why->steps.at[i].line,
		        .text = str_c(&lw->out, why->steps.at[i].text),
		        .source = "",
		};
	return shown;
}

static const char *const *show_texts(lanewright *lw, const strs *texts)
{
	const char **shown = arena_array(&lw->out, const char *, texts->n + 1);
	for (size_t i = 0; i < texts->n; i++)
		shown[i] = str_c(&lw->out, texts->at[i]);
	return shown;
}

static struct lanewright_need show_need(lanewright *lw, const struct need *need)
{
	return (struct lanewright_need){
	        .services = set_text(lw, need->services, STR("|")),
	        .grade = grade_name(need->grade),
	        .counts = need->grade >= lw->config.grade || need->grade == GRADE_UNKNOWN,
	        .is_dead = need->is_dead,
	        .is_override = need->is_override,
	        .variable = str_c(&lw->out, need->variable),
	        .values = show_texts(lw, &need->values),
	        .n_values = need->values.n,
	        .steps = show_steps(lw, &need->why),
	        .n_steps = need->why.steps.n,
	        .against = str_c(&lw->out, need->why.against),
	        .edit = str_c(&lw->out, need->why.edit),
	        .override = "",
	};
}

/* `only`: the services a need must have one of to be shown; 0 is any. */
struct lanewright_needs engine_show_needs(lanewright *lw, const char *subject, size_t n_tests, const need_list *needs,
                                          service_set only)
{
	struct lanewright_need *shown = arena_array(&lw->out, struct lanewright_need, needs->n);
	size_t n = 0;
	for (size_t i = 0; i < needs->n; i++)
		if (needs->at[i].grade != GRADE_NONE && (!only || needs->at[i].services & only))
			shown[n++] = show_need(lw, &needs->at[i]);
	return (struct lanewright_needs){
	        .subject = subject,
	        .n_tests = n_tests,
	        .demand = demand_text(lw, needs),
	        .list = shown,
	        .n = n,
	};
}

static void show_files(lanewright *lw)
{
	const struct suite *suite = &lw->suite;
	struct lanewright_needs *shown = arena_array(&lw->out, struct lanewright_needs, lw->repo.files.n);
	for (uint32_t i = 0; i < lw->repo.files.n; i++) {
		size_t n_tests = suite->first_test[i + 1] - suite->first_test[i];
		if (n_tests)
			shown[lw->n_file_needs++] =
			        engine_show_needs(lw, lw->paths[i], n_tests, &lw->needs.files[i], 0);
	}
	lw->file_needs = shown;
}

static void show_tests(lanewright *lw)
{
	struct lanewright_needs *shown = arena_array(&lw->out, struct lanewright_needs, lw->suite.tests.n);
	for (size_t i = 0; i < lw->suite.tests.n; i++)
		shown[i] = engine_show_needs(lw, str_c(&lw->out, lw->suite.tests.at[i].id), 1, &lw->needs.tests[i], 0);
	lw->test_needs = shown;
}

static bool resolve(lanewright *lw, void *args)
{
	(void)args;
	if (!engine_needs(lw))
		return false;
	if (!lw->test_needs) {
		show_files(lw);
		show_tests(lw);
	}
	return true;
}

int lanewright_resolve(lanewright *lw)
{
	return engine_run(lw, resolve, NULL);
}

const struct lanewright_needs *lanewright_file_needs(const lanewright *lw, size_t *n)
{
	*n = lw->n_file_needs;
	return lw->file_needs;
}

const struct lanewright_needs *lanewright_test_needs(const lanewright *lw, size_t *n)
{
	*n = lw->test_needs ? lw->suite.tests.n : 0;
	return lw->test_needs;
}
