/* Why one file or test needs its services: the chain with the source lines it speaks of. */
#include "engine.h"

#include <string.h>

#include "base/buf.h"
#include "project/toml_text.h"

enum { LINE_LONGEST = 200 }; /* bytes of a quoted line */

struct question {
	const char *subject, *service;
	struct lanewright_explanation *answer;
};

/* A source file read again to be quoted; the last one is kept, since chains stay in a file for a while. */
struct quoted {
	const char *path;
	struct str text;
};

static struct str line_of(struct str text, uint32_t line)
{
	size_t from = 0;
	for (uint32_t i = 1; i < line && from < text.n; i++) {
		size_t end = str_find(text, STR("\n"), from);
		from = end == SIZE_MAX ? text.n : end + 1;
	}
	size_t end = str_find(text, STR("\n"), from);
	return str_trim(str_slice(text, from, end == SIZE_MAX ? text.n : end));
}

/* "" when the file has gone or changed under us: the quote is a comfort, not the answer. */
static const char *quote(lanewright *lw, struct quoted *quoted, const struct lanewright_step *step)
{
	if (!*step->path || step->line == 0)
		return "";
	if (!quoted->path || strcmp(quoted->path, step->path) != 0) {
		struct err ignored = {0};
		quoted->path = step->path;
		quoted->text = STR_NONE;
		if (!file_read(&lw->tmp, engine_path(lw, step->path), &quoted->text, &ignored))
			return "";
	}
	return str_c(&lw->out, str_slice(line_of(quoted->text, step->line), 0, LINE_LONGEST));
}

/* The table for the config that turns one verdict around and leaves the others of the subject as they are.  An
 * override knows no alternatives: the first of an any-of need stands for it. */
static const char *override_lines(lanewright *lw, const struct lanewright_needs *all,
                                  const struct lanewright_need *changed)
{
	struct buf text;
	size_t n = 0;
	buf_init(&text, &lw->tmp);
	buf_lit(&text, "[[override]]\ntest = ");
	toml_text(&text, str_of(all->subject));
	buf_lit(&text, "\nneeds = [");
	for (size_t i = 0; i < all->n; i++) {
		struct str names = str_of(all->list[i].services);
		bool is_it = str_eq(names, str_of(changed->services));
		if (is_it == all->list[i].counts)
			continue;
		buf_add(&text, n++ ? STR(", ") : STR_NONE);
		toml_text(&text, str_slice(names, 0, str_find(names, STR("|"), 0)));
	}
	buf_lit(&text, "]\nreason = \"...\"\n");
	return str_c(&lw->out, buf_str(&text));
}

/* `all`: of the subject, those not asked for too. */
static void quote_all(lanewright *lw, struct lanewright_needs *needs, const struct lanewright_needs *all)
{
	struct quoted quoted = {0};
	struct lanewright_need *list = arena_array(&lw->out, struct lanewright_need, needs->n);
	for (size_t i = 0; i < needs->n; i++) {
		list[i] = needs->list[i];
		struct lanewright_step *steps = arena_array(&lw->out, struct lanewright_step, list[i].n_steps);
		for (size_t k = 0; k < list[i].n_steps; k++) {
			steps[k] = list[i].steps[k];
			steps[k].source = quote(lw, &quoted, &steps[k]);
		}
		list[i].steps = steps;
		list[i].override = override_lines(lw, all, &needs->list[i]);
	}
	needs->list = list;
}

static bool find_service(lanewright *lw, const char *text, service_set *only)
{
	*only = 0;
	if (!text)
		return true;
	int at = catalogue_find(&lw->config.catalogue, str_of(text));
	if (at >= 0) {
		*only = (service_set)1 << at;
		return true;
	}
	strs known = {0};
	for (size_t i = 0; i < lw->config.catalogue.services.n; i++)
		vec_push(&lw->tmp, &known, lw->config.catalogue.services.at[i].name);
	size_t best = str_nearest(str_of(text), known.at, known.n);
	if (best != SIZE_MAX)
		return fail_usage(&lw->err, "unknown service '%s'; did you mean '%.*s'?", text,
		                  STR_ARG(lw->config.catalogue.services.at[best].name));
	struct str all = str_join(&lw->tmp, known.at, known.n, STR(" "));
	return fail_usage(&lw->err, "unknown service '%s'; those looked for are: %.*s", text, STR_ARG(all));
}

/* Without its brackets, if it has any. */
static struct str without_params(struct str id)
{
	size_t colons = str_find(id, STR("::"), 0);
	size_t bracket = colons == SIZE_MAX ? SIZE_MAX : str_find(id, STR("["), colons);
	return bracket == SIZE_MAX ? id : str_slice(id, 0, bracket);
}

static size_t find_test(const lanewright *lw, struct str id)
{
	for (size_t i = 0; i < lw->suite.tests.n; i++)
		if (str_eq(lw->suite.tests.at[i].id, id))
			return i;
	return SIZE_MAX;
}

/* Names the test nearest to a mistyped one, of those in its file. */
static bool no_such_test(lanewright *lw, struct str id)
{
	struct str path = engine_path_of(id);
	const struct source_file *file = repo_file(&lw->repo, path);
	if (!file)
		return fail_usage(&lw->err, "no test file is called %.*s", STR_ARG(path));
	size_t at = (size_t)(file - lw->repo.files.at);
	strs known = {0};
	for (uint32_t i = lw->suite.first_test[at]; i < lw->suite.first_test[at + 1]; i++)
		vec_push(&lw->tmp, &known, str_slice(lw->suite.tests.at[i].id, path.n, SIZE_MAX));
	if (known.n == 0)
		return fail_usage(&lw->err, "%.*s has no tests", STR_ARG(path));
	size_t best = str_nearest(str_slice(id, path.n, id.n), known.at, known.n);
	if (best == SIZE_MAX)
		return fail_usage(&lw->err, "no test is called %.*s", STR_ARG(id));
	return fail_usage(&lw->err, "no test is called %.*s; did you mean %.*s%.*s?", STR_ARG(id), STR_ARG(path),
	                  STR_ARG(known.at[best]));
}

static bool explain_test(lanewright *lw, struct str id, service_set only, struct lanewright_explanation *answer,
                         struct lanewright_needs *all)
{
	size_t at = find_test(lw, without_params(id));
	if (at == SIZE_MAX)
		return no_such_test(lw, id);
	answer->test = &lw->tests[at];
	answer->needs = engine_show_needs(lw, lw->tests[at].id, 1, &lw->needs.tests[at], only);
	*all = engine_show_needs(lw, lw->tests[at].id, 1, &lw->needs.tests[at], 0);
	return true;
}

static bool explain_file(lanewright *lw, struct str path, service_set only, struct lanewright_explanation *answer,
                         struct lanewright_needs *all)
{
	const struct source_file *file = repo_file(&lw->repo, path);
	size_t at = file ? (size_t)(file - lw->repo.files.at) : 0;
	size_t n_tests = file ? lw->suite.first_test[at + 1] - lw->suite.first_test[at] : 0;
	if (n_tests == 0)
		return fail_usage(&lw->err, "%.*s is no file with tests", STR_ARG(path));
	answer->needs = engine_show_needs(lw, lw->paths[at], n_tests, &lw->needs.files[at], only);
	*all = engine_show_needs(lw, lw->paths[at], n_tests, &lw->needs.files[at], 0);
	return true;
}

static bool explain(lanewright *lw, void *args)
{
	struct question *question = args;
	struct str subject = str_of(question->subject);
	service_set only;
	struct lanewright_needs all = {0};
	*question->answer = (struct lanewright_explanation){0};
	if (!engine_needs(lw) || !engine_shown_tests(lw) || !find_service(lw, question->service, &only))
		return false;
	bool is_test = str_has(subject, STR("::"));
	if (is_test ? !explain_test(lw, subject, only, question->answer, &all)
	            : !explain_file(lw, subject, only, question->answer, &all))
		return false;
	quote_all(lw, &question->answer->needs, &all);
	return true;
}

int lanewright_explain(lanewright *lw, const char *subject, const char *service,
                       struct lanewright_explanation *explanation)
{
	return engine_run(lw, explain, &(struct question){subject, service, explanation});
}
