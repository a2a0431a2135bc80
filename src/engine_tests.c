/* The tests pytest would collect, and their flat structs for clients. */
#include "engine.h"

#include "resolve/whole.h"

/* Where the tests were looked for, for the person who expected some. */
static struct str whereabouts(lanewright *lw)
{
	const strs *places = lw->config.paths.n ? &lw->config.paths : &lw->pytest.testpaths;
	struct str files = str_join(&lw->tmp, lw->pytest.python_files.at, lw->pytest.python_files.n, STR(" "));
	struct str below = str_join(&lw->tmp, places->at, places->n, STR(" "));
	return str_fmt(&lw->tmp, "looked for %.*s below %.*s", STR_ARG(files), STR_ARG(below.n ? below : lw->root));
}

static bool find_suite(lanewright *lw)
{
	if (!engine_repo(lw))
		return false;
	engine_ci_words(lw);
	engine_recall(lw);
	resolve_suite(lw->whole, &lw->tmp, &lw->suite);
	if (!repo_is_whole(&lw->repo, &lw->err))
		return false;
	arena_free(&lw->tmp);
	lw->has_suite = engine_faults(lw, false);
	return lw->has_suite;
}

bool engine_suite(lanewright *lw)
{
	if (!lw->has_suite && !find_suite(lw))
		return false;
	if (lw->suite.tests.n == 0) {
		struct str where = whereabouts(lw);
		return fail_finding(&lw->err, "no tests found: %.*s", STR_ARG(where));
	}
	return true;
}

const char *engine_file(const lanewright *lw, uint32_t file)
{
	return file < lw->repo.files.n ? lw->paths[file] : "";
}

static const char *text_of(const lanewright *lw, name n)
{
	return intern_str(lw->repo.names, n).at;
}

static const struct lanewright_unknown *show_unknowns(lanewright *lw, const struct unknown *unknowns, size_t n)
{
	struct lanewright_unknown *shown = arena_array(&lw->out, struct lanewright_unknown, n);
	for (size_t i = 0; i < n; i++)
		shown[i] = (struct lanewright_unknown){
		        .path = engine_file(lw, unknowns[i].file),
		        .line = unknowns[i].line,
		        .kind = unknown_name(unknowns[i].kind),
		        .text = text_of(lw, unknowns[i].text),
		        .adds_tests = unknowns[i].adds_tests,
		};
	return shown;
}

static const struct lanewright_fixture *show_fixtures(lanewright *lw)
{
	const struct suite *suite = &lw->suite;
	struct lanewright_fixture *shown = arena_array(&lw->out, struct lanewright_fixture, suite->fixtures.n);
	for (size_t i = 0; i < suite->fixtures.n; i++) {
		const struct fixture *fixture = &suite->fixtures.at[i];
		shown[i] = (struct lanewright_fixture){
		        .name = text_of(lw, fixture->name),
		        .scope = text_of(lw, fixture->scope),
		        .path = engine_file(lw, fixture->def.file),
		        .line = fixture->line,
		        .is_autouse = fixture->is_autouse,
		};
	}
	return shown;
}

static const struct lanewright_mark *show_marks(lanewright *lw, const struct test *test)
{
	struct lanewright_mark *shown = arena_array(&lw->out, struct lanewright_mark, test->marks.n);
	for (size_t i = 0; i < test->marks.n; i++)
		shown[i] = (struct lanewright_mark){
		        .name = text_of(lw, test->marks.at[i].name),
		        .path = engine_file(lw, test->marks.at[i].file),
		        .line = test->marks.at[i].line,
		};
	return shown;
}

static const char *const *show_params(lanewright *lw, const struct test *test)
{
	const char **shown = arena_array(&lw->out, const char *, test->params.n);
	for (size_t i = 0; i < test->params.n; i++)
		shown[i] = str_c(&lw->out, test->params.at[i]);
	return shown;
}

static const struct lanewright_fixture *const *show_closure(lanewright *lw, const struct test *test,
                                                            const struct lanewright_fixture *fixtures)
{
	const struct lanewright_fixture **shown =
	        arena_array(&lw->out, const struct lanewright_fixture *, test->fixtures.n);
	for (size_t i = 0; i < test->fixtures.n; i++)
		shown[i] = &fixtures[test->fixtures.at[i]];
	return shown;
}

static struct lanewright_test show_test(lanewright *lw, const struct test *test,
                                        const struct lanewright_fixture *fixtures)
{
	return (struct lanewright_test){
	        .id = str_c(&lw->out, test->id),
	        .path = engine_file(lw, test->file),
	        .line = test->line,
	        .is_exact = test->is_exact,
	        .are_params_exact = test->are_params_exact,
	        .is_unittest = test->is_unittest,
	        .is_dead = test->is_dead,
	        .n_cases = test->n_params,
	        .params = show_params(lw, test),
	        .n_params = test->params.n,
	        .marks = show_marks(lw, test),
	        .n_marks = test->marks.n,
	        .fixtures = show_closure(lw, test, fixtures),
	        .n_fixtures = test->fixtures.n,
	        .unknowns = show_unknowns(lw, test->unknowns.at, test->unknowns.n),
	        .n_unknowns = test->unknowns.n,
	};
}

bool engine_shown_tests(lanewright *lw)
{
	if (!engine_suite(lw))
		return false;
	if (lw->tests)
		return true;
	const struct suite *suite = &lw->suite;
	const struct lanewright_fixture *fixtures = show_fixtures(lw);
	struct lanewright_test *tests = arena_array(&lw->out, struct lanewright_test, suite->tests.n);
	for (size_t i = 0; i < suite->tests.n; i++)
		tests[i] = show_test(lw, &suite->tests.at[i], fixtures);
	lw->unknowns = show_unknowns(lw, suite->unknowns.at, suite->unknowns.n);
	lw->tests = tests;
	return true;
}

static bool collect(lanewright *lw, void *args)
{
	(void)args;
	return engine_shown_tests(lw);
}

int lanewright_collect(lanewright *lw)
{
	return engine_run(lw, collect, NULL);
}

const struct lanewright_test *lanewright_tests(const lanewright *lw, size_t *n)
{
	*n = lw->tests ? lw->suite.tests.n : 0;
	return lw->tests;
}

const struct lanewright_unknown *lanewright_unknowns(const lanewright *lw, size_t *n)
{
	*n = lw->tests ? lw->suite.unknowns.n : 0;
	return lw->unknowns;
}
