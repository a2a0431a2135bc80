/* `explain`: why a file or a test needs a service, step by step, and what spoke against it. */
#include <string.h>

#include "cli/commands.h"
#include "cli/needs_json.h"

const struct option cmd_explain_options[] = {
        {"format", "FORMAT", "text json", "how to print (default: text)"},
        {0},
};

static void print_step(const struct call *call, const struct lanewright_step *step)
{
	struct output *out = call->out;
	output_fmt(out, STYLE_PLAIN, "  %s:%u", step->path, step->line);
	output_fmt(out, STYLE_PLAIN, "  %s", step->text);
	output_line(out);
	if (*step->source) {
		output_fmt(out, STYLE_DIM, "      | %s", step->source);
		output_line(out);
	}
}

static void print_need(const struct call *call, const struct lanewright_need *need)
{
	struct output *out = call->out;
	output_line(out);
	output_fmt(out, STYLE_BOLD, "%s %s", need->grade, need->services);
	if (!need->counts)
		output_text(out, STYLE_PLAIN, ", which does not count");
	if (need->is_dead)
		output_text(out, STYLE_PLAIN, ", dead: the test is skipped without a condition");
	if (*need->variable)
		output_fmt(out, STYLE_PLAIN, ", chosen by the variable %s", need->variable);
	for (size_t i = 0; need->n_values > 1 && i < need->n_values; i++)
		output_fmt(out, STYLE_PLAIN, "%s%s", i ? ", " : ": ", need->values[i]);
	if (need->is_override)
		output_text(out, STYLE_PLAIN, ", by an override");
	output_line(out);
	for (size_t i = 0; i < need->n_steps; i++)
		print_step(call, &need->steps[i]);
	if (*need->against) {
		output_fmt(out, STYLE_WARN, "  against: %s", need->against);
		output_line(out);
	}
}

static void print_edit(const struct call *call, const struct lanewright_need *need)
{
	struct output *out = call->out;
	const char *line = need->override;
	output_fmt(out, STYLE_PLAIN, "  to change it: %s%slanewright.toml", need->edit,
	           *need->edit ? "; or in " : "in ");
	output_line(out);
	for (const char *end; *line && (end = strchr(line, '\n')); line = end + 1) {
		output_fmt(out, STYLE_DIM, "      %.*s", (int)(end - line), line);
		output_line(out);
	}
}

/* Whether a step, or the line it quotes, speaks of that word. */
static bool speaks_of(const struct lanewright_need *need, const struct lanewright_ci_word *word)
{
	if (!strstr(need->services, word->service))
		return false;
	if (*need->variable && strcmp(need->variable, word->word) == 0)
		return true;
	for (size_t i = 0; i < need->n_steps; i++)
		if (strstr(need->steps[i].text, word->word) || strstr(need->steps[i].source, word->word))
			return true;
	return false;
}

static void print_ci_words(const struct call *call, const struct lanewright_needs *needs)
{
	size_t n;
	const struct lanewright_ci_word *words = lanewright_ci_words(call->lw, &n);
	for (size_t i = 0; i < n; i++) {
		bool is_spoken = false;
		for (size_t k = 0; k < needs->n && !is_spoken; k++)
			is_spoken = speaks_of(&needs->list[k], &words[i]);
		if (!is_spoken)
			continue;
		output_line(call->out);
		output_fmt(call->out, STYLE_PLAIN, "CI says: the %s %s is %s's (%s)", words[i].kind, words[i].word,
		           words[i].service, words[i].place);
		output_line(call->out);
	}
}

static void print_fixtures(const struct call *call, const struct lanewright_test *test)
{
	struct output *out = call->out;
	output_line(out);
	output_text(out, STYLE_BOLD, "fixtures");
	output_line(out);
	VEC(const char *) cells = {0};
	for (size_t i = 0; i < test->n_fixtures; i++) {
		const struct lanewright_fixture *fixture = test->fixtures[i];
		vec_push(call->arena, &cells, str_fmt(call->arena, "  %s", fixture->name).at);
		vec_push(call->arena, &cells, *fixture->scope ? fixture->scope : "?");
		vec_push(call->arena, &cells, fixture->is_autouse ? "autouse" : "");
		vec_push(call->arena, &cells,
		         *fixture->path ? str_fmt(call->arena, "%s:%u", fixture->path, fixture->line).at
		                        : "not in this tree");
	}
	output_table(out, NULL, cells.at, test->n_fixtures, 4, 0);
}

static void print_marks(const struct call *call, const struct lanewright_test *test)
{
	struct output *out = call->out;
	output_line(out);
	output_text(out, STYLE_BOLD, "marks");
	output_line(out);
	VEC(const char *) cells = {0};
	for (size_t i = 0; i < test->n_marks; i++) {
		vec_push(call->arena, &cells, str_fmt(call->arena, "  %s", test->marks[i].name).at);
		vec_push(call->arena, &cells,
		         str_fmt(call->arena, "%s:%u", test->marks[i].path, test->marks[i].line).at);
	}
	output_table(out, NULL, cells.at, test->n_marks, 2, 0);
}

static void print_unknowns(const struct call *call, const struct lanewright_test *test)
{
	for (size_t i = 0; i < test->n_unknowns; i++) {
		const struct lanewright_unknown *unknown = &test->unknowns[i];
		output_line(call->out);
		output_fmt(call->out, STYLE_WARN, "not decidable: %s, %s:%u: %s", unknown->kind, unknown->path,
		           unknown->line, unknown->text);
		output_line(call->out);
	}
}

static void print_head(const struct call *call, const struct lanewright_explanation *explanation)
{
	const struct lanewright_needs *needs = &explanation->needs;
	output_text(call->out, STYLE_BOLD, needs->subject);
	output_fmt(call->out, STYLE_PLAIN, "  needs %s", *needs->demand ? needs->demand : "nothing");
	if (!explanation->test)
		output_fmt(call->out, STYLE_PLAIN, "; %s test%s", count_text(call->arena, needs->n_tests),
		           needs->n_tests == 1 ? "" : "s");
	output_line(call->out);
}

static void print_text(const struct call *call, const struct lanewright_explanation *explanation)
{
	print_head(call, explanation);
	for (size_t i = 0; i < explanation->needs.n; i++) {
		const struct lanewright_need *need = &explanation->needs.list[i];
		print_need(call, need);
		if (strcmp(need->grade, "mention") != 0 || explanation->needs.n == 1)
			print_edit(call, need);
	}
	print_ci_words(call, &explanation->needs);
	if (explanation->test && explanation->test->n_fixtures)
		print_fixtures(call, explanation->test);
	if (explanation->test && explanation->test->n_marks)
		print_marks(call, explanation->test);
	if (explanation->test)
		print_unknowns(call, explanation->test);
}

static void print_json(struct output *out, const struct lanewright_explanation *explanation)
{
	put_open(out, '{');
	put_key(out, "version");
	put_number(out, 1);
	put_needs(out, &explanation->needs, explanation->test != NULL);
	put_close(out, '}');
}

int cmd_explain(struct call *call)
{
	struct lanewright_explanation explanation = {0};
	const char *subject = call_path(call, call->args[0]);
	if (!subject)
		return LANEWRIGHT_USAGE;
	int status = lanewright_explain(call->lw, subject, call->n_args > 1 ? call->args[1] : NULL, &explanation);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	const char *format = call_value(call, "format");
	if (format && strcmp(format, "json") == 0)
		print_json(call->out, &explanation);
	else
		print_text(call, &explanation);
	return LANEWRIGHT_OK;
}
