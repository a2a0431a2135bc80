/* `tests`: what pytest would collect, as `pytest --collect-only -q` lists it. */
#include <string.h>

#include "cli/commands.h"

const struct option cmd_tests_options[] = {
        {"format", "FORMAT", "ids json csv", "how to print (default: ids)"},
        {0},
};

static void print_ids(struct output *out, const struct lanewright_test *test)
{
	for (size_t p = 0; p < test->n_params; p++) {
		output_text(out, STYLE_PLAIN, test->id);
		output_fmt(out, STYLE_PLAIN, "[%s]", test->params[p]);
		output_line(out);
	}
	if (test->n_params == 0) {
		output_text(out, STYLE_PLAIN, test->id);
		output_line(out);
	}
}

/* Names joined by a blank; what holds a blank itself cannot be a mark or a fixture. */
static const char *mark_names(struct arena *arena, const struct lanewright_test *test)
{
	struct buf text;
	buf_init(&text, arena);
	for (size_t i = 0; i < test->n_marks; i++)
		buf_fmt(&text, "%s%s", i ? " " : "", test->marks[i].name);
	return str_c(arena, buf_str(&text));
}

static const char *fixture_names(struct arena *arena, const struct lanewright_test *test)
{
	struct buf text;
	buf_init(&text, arena);
	for (size_t i = 0; i < test->n_fixtures; i++)
		buf_fmt(&text, "%s%s", i ? " " : "", test->fixtures[i]->name);
	return str_c(arena, buf_str(&text));
}

static void print_csv(const struct call *call, const struct lanewright_test *test)
{
	struct arena *arena = call->arena;
	const char *fields[] = {
	        test->id,
	        str_fmt(arena, "%u", test->line).at,
	        test->is_exact ? "exact" : "approximate",
	        str_fmt(arena, "%u", test->n_cases).at,
	        mark_names(arena, test),
	        fixture_names(arena, test),
	};
	output_csv(call->out, fields, sizeof fields / sizeof *fields);
}

static void put_place(struct output *out, const char *path, uint32_t line)
{
	put_key(out, "path");
	put_text(out, path);
	put_key(out, "line");
	put_number(out, line);
}

static void put_unknowns(struct output *out, const struct lanewright_unknown *unknowns, size_t n)
{
	put_key(out, "unknowns");
	put_open(out, '[');
	for (size_t i = 0; i < n; i++) {
		put_open(out, '{');
		put_key(out, "kind");
		put_text(out, unknowns[i].kind);
		put_place(out, unknowns[i].path, unknowns[i].line);
		put_key(out, "text");
		put_text(out, unknowns[i].text);
		put_key(out, "adds_tests");
		put_bool(out, unknowns[i].adds_tests);
		put_close(out, '}');
	}
	put_close(out, ']');
}

static void put_marks(struct output *out, const struct lanewright_test *test)
{
	put_key(out, "marks");
	put_open(out, '[');
	for (size_t i = 0; i < test->n_marks; i++) {
		put_open(out, '{');
		put_key(out, "name");
		put_text(out, test->marks[i].name);
		put_place(out, test->marks[i].path, test->marks[i].line);
		put_close(out, '}');
	}
	put_close(out, ']');
}

static void put_fixtures(struct output *out, const struct lanewright_test *test)
{
	put_key(out, "fixtures");
	put_open(out, '[');
	for (size_t i = 0; i < test->n_fixtures; i++) {
		const struct lanewright_fixture *fixture = test->fixtures[i];
		put_open(out, '{');
		put_key(out, "name");
		put_text(out, fixture->name);
		put_key(out, "scope");
		put_text(out, fixture->scope);
		put_key(out, "autouse");
		put_bool(out, fixture->is_autouse);
		put_place(out, fixture->path, fixture->line);
		put_close(out, '}');
	}
	put_close(out, ']');
}

static void put_params(struct output *out, const struct lanewright_test *test)
{
	put_key(out, "params");
	put_open(out, '[');
	for (size_t i = 0; i < test->n_params; i++)
		put_text(out, test->params[i]);
	put_close(out, ']');
}

static void put_test(struct output *out, const struct lanewright_test *test)
{
	put_break(out);
	put_open(out, '{');
	put_key(out, "id");
	put_text(out, test->id);
	put_place(out, test->path, test->line);
	put_key(out, "exact");
	put_bool(out, test->is_exact);
	put_key(out, "params_exact");
	put_bool(out, test->are_params_exact);
	put_key(out, "unittest");
	put_bool(out, test->is_unittest);
	put_key(out, "dead");
	put_bool(out, test->is_dead);
	put_key(out, "cases");
	put_number(out, test->n_cases);
	put_params(out, test);
	put_marks(out, test);
	put_fixtures(out, test);
	put_unknowns(out, test->unknowns, test->n_unknowns);
	put_close(out, '}');
}

static void put_json(const struct call *call, const struct lanewright_test *tests, size_t n)
{
	struct output *out = call->out;
	size_t n_unknowns;
	const struct lanewright_unknown *unknowns = lanewright_unknowns(call->lw, &n_unknowns);
	put_open(out, '{');
	put_key(out, "version");
	put_number(out, 1);
	put_key(out, "tests");
	put_open(out, '[');
	for (size_t i = 0; i < n; i++)
		put_test(out, &tests[i]);
	put_close(out, ']');
	put_unknowns(out, unknowns, n_unknowns);
	put_close(out, '}');
}

int cmd_tests(struct call *call)
{
	size_t n;
	int status = lanewright_collect(call->lw);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	call_warn_of_faults(call);
	const struct lanewright_test *tests = lanewright_tests(call->lw, &n);
	const char *format = call_value(call, "format");
	bool is_csv = format && strcmp(format, "csv") == 0;
	if (format && strcmp(format, "json") == 0) {
		put_json(call, tests, n);
	} else {
		if (is_csv)
			output_bytes(call->out, STR("test,line,collection,cases,marks,fixtures\n"));
		for (size_t i = 0; i < n; i++)
			is_csv ? print_csv(call, &tests[i]) : print_ids(call->out, &tests[i]);
	}
	return LANEWRIGHT_OK;
}
