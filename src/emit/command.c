/* Finding the word pytest in a command, and putting lists behind it. */
#include "emit/command.h"

#include <assert.h>
#include <ctype.h>

#include "base/buf.h"
#include "base/vec.h"
#include "emit/quote.h"

/* One line, for it stands in workflows and make recipes alike; only double quotes, no $, no #.
 * `python -c` puts the working directory on sys.path, as `python -m pytest` does and `pytest` does not. */
#define WITHOUT_CWD "sys.path[:1] == [\"\"] and sys.path.pop(0); "
#define HAND_OVER   "import pytest; " READ_LISTS "sys.exit(pytest.main(tests + sys.argv[n + 1:]))"
#define HAND_OVER_FROM                                                                                                 \
	"import os, pytest; " READ_LISTS                                                                               \
	"sys.exit(pytest.main([os.path.relpath(t, \"%.*s\") for t in tests] + sys.argv[n + 1:]))"
#define READ_LISTS                                                                                                     \
	"n = sys.argv.index(\"--\"); "                                                                                 \
	"tests = [t for p in sys.argv[1:n] for t in open(p, encoding=\"utf-8\").read().splitlines() or [\"\"]]; "      \
	"all(map(str.strip, tests)) or sys.exit(\"a list is empty or has a blank line: that would run every test\"); "

/* A word of a command: a span of its text. */
struct word {
	size_t from, to;
};

typedef VEC(struct word) words;

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* By blanks outside quotes.  Good enough to find a word that has no quotes. */
static words split(struct arena *out, struct str s)
{
	words list = {0};
	for (size_t i = 0; i < s.n;) {
		char quote = 0;
		size_t from = i;
		for (; i < s.n && (quote || !is_blank(s.at[i])); i++)
			if (quote && s.at[i] == quote)
				quote = 0;
			else if (!quote && (s.at[i] == '"' || s.at[i] == '\''))
				quote = s.at[i];
		if (i > from)
			vec_push(out, &list, (struct word){from, i});
		i += i < s.n;
	}
	return list;
}

static struct word nth(const words *list, size_t i)
{
	assert(list->at && i < list->n);
	return list->at[i];
}

static struct str word_at(struct str s, const words *list, size_t i)
{
	return str_slice(s, nth(list, i).from, nth(list, i).to);
}

static bool is_program(struct str word, struct str name)
{
	return str_eq(path_base(word), name);
}

/* The number at the front of "8.4.1", digits as far as they make sense. */
static unsigned leading_number(struct str *s)
{
	unsigned value = 0;
	while (s->n && s->at[0] >= '0' && s->at[0] <= '9') {
		value = value < 10000 ? value * 10 + (unsigned)(s->at[0] - '0') : value;
		*s = str_slice(*s, 1, s->n);
	}
	return value;
}

static bool clause_at_least(struct str clause, unsigned major, unsigned minor)
{
	static const char *const lower_bounds[] = {">=", "===", "==", "~=", ">", "^", ""};
	size_t i = 0;
	while (!str_starts(clause, str_of(lower_bounds[i])))
		i++;
	clause = str_trim(str_slice(clause, str_of(lower_bounds[i]).n, clause.n));
	if (clause.n == 0 || clause.at[0] < '0' || clause.at[0] > '9')
		return false;
	unsigned first = leading_number(&clause), second = 0;
	if (str_starts(clause, STR("."))) {
		clause = str_slice(clause, 1, clause.n);
		second = leading_number(&clause);
	}
	return first > major || (first == major && second >= minor);
}

bool version_at_least(struct str version, unsigned major, unsigned minor)
{
	for (size_t from = 0; from < version.n;) {
		size_t comma = str_find(version, STR(","), from);
		if (clause_at_least(str_trim(str_slice(version, from, comma)), major, minor))
			return true;
		from = comma == SIZE_MAX ? version.n : comma + 1;
	}
	return false;
}

static bool is_module_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!isascii((unsigned char)name.at[i]) || !(isalnum((unsigned char)name.at[i]) || name.at[i] == '_'))
			return false;
	return name.n > 0 && !isdigit((unsigned char)name.at[0]);
}

static size_t find_program(struct str s, const words *list, struct str name)
{
	for (size_t i = 0; i < list->n; i++)
		if (is_program(word_at(s, list, i), name))
			return i;
	return SIZE_MAX;
}

static struct str hand_over(struct arena *out, struct str python, bool keeps_cwd, struct str dir)
{
	const char *cwd = keeps_cwd ? "" : WITHOUT_CWD;
	if (dir.n)
		return str_fmt(out, "%.*s -c 'import sys; %s" HAND_OVER_FROM "'", STR_ARG(python), cwd, STR_ARG(dir));
	return str_fmt(out, "%.*s -c 'import sys; %s" HAND_OVER "'", STR_ARG(python), cwd);
}

/* "../../" for "a/b". */
static struct str way_up(struct arena *out, struct str dir)
{
	struct buf buf;
	buf_init(&buf, out);
	for (size_t i = 0; i < dir.n; i++)
		if (i == 0 || dir.at[i] == '/')
			buf_lit(&buf, "../");
	return buf_str(&buf);
}

/* The Python of the folder that `program` is in: `.venv/bin/pytest` has `.venv/bin/python3` beside it.  Debian has no
 * plain `python`. */
static struct str python_beside(struct arena *out, struct str s, struct word program)
{
	struct str word = str_slice(s, program.from, program.to);
	struct str parts[] = {str_slice(s, 0, program.to - path_base(word).n), STR("python3")};
	return str_join(out, parts, 2, STR_NONE);
}

/* `PYTHONPATH=<its folder> pytest -p <its name>`: -p loads it before conftests are looked for. */
static bool use_plugin(struct arena *out, struct str plugin, struct str pytest, struct test_command *command,
                       struct err *err)
{
	struct str file = path_base(plugin), folder = str_slice(plugin, 0, plugin.n - file.n), name, path;
	if (!str_ends(file, STR(".py")) || !is_module_name(str_slice(file, 0, file.n - 3)))
		return fail_usage(err,
		                  "[emit.github] plugin: a file NAME.py is expected, NAME of letters, digits and _");
	if (str_has(folder, STR(":")) || str_has(folder, STR("${{")))
		return fail_usage(err,
		                  "[emit.github] plugin: its folder is put on PYTHONPATH, where no \":\" can stand");
	name = str_slice(file, 0, file.n - 3);
	if (!quote_sh(out, folder.n ? str_slice(folder, 0, folder.n - 1) : STR("."), &path, err))
		return false;
	command->before = str_fmt(out, "PYTHONPATH=%.*s${PYTHONPATH:+:$PYTHONPATH} %.*s -p %.*s", STR_ARG(path),
	                          STR_ARG(pytest), STR_ARG(name));
	command->option = STR("--lanewright-list ");
	command->takes_lists = false;
	return true;
}

bool test_command_read(struct arena *out, const struct config *config, struct test_command *command, struct err *err)
{
	struct str s = config->github.pytest.n ? str_trim(config->github.pytest) : STR("pytest");
	words list = split(out, s);
	size_t at = find_program(s, &list, STR("pytest")), coverage = find_program(s, &list, STR("coverage"));
	if (str_has(s, STR("${{")))
		return fail_usage(err, "[emit.github] pytest: \"${{\" in a script is an injection; put the value into "
		                       "[emit.github] env and write \"$NAME\"");
	if (str_has(s, STR("\n")) || str_has(s, STR("\r")))
		return fail_usage(err, "[emit.github] pytest: one command on one line is expected");
	if (at == SIZE_MAX)
		return fail_usage(
		        err,
		        "[emit.github] pytest: no word \"pytest\" in \"%.*s\", so no list can be handed to it; "
		        "write the command that runs pytest itself, as \"uv run pytest\"",
		        STR_ARG(s));
	bool is_module = at > 0 && str_eq(word_at(s, &list, at - 1), STR("-m"));
	*command = (struct test_command){
	        .after = str_trim(str_slice(s, nth(&list, at).to, s.n)),
	        .dir = config->github.directory,
	        .up = way_up(out, config->github.directory),
	        .takes_lists = !config->github.directory.n && version_at_least(config->pytest_version, 8, 2),
	        .has_coverage = coverage < at,
	};
	if (command->has_coverage)
		command->python = python_beside(out, s, nth(&list, coverage));
	else if (is_module)
		command->python = str_trim(str_slice(s, 0, nth(&list, at - 1).from));
	else
		command->python = python_beside(out, s, nth(&list, at));
	if (command->dir.n && (config->github.plugin.n || command->has_coverage))
		return fail_usage(
		        err, "[emit.github] directory: lists are made to fit the folder as they are handed over, which "
		             "neither the plugin nor `coverage run` allows: use pytest-cov, without the plugin");
	if (config->github.plugin.n)
		return use_plugin(out, config->github.plugin, str_slice(s, 0, nth(&list, at).to), command, err);
	if (command->has_coverage && !command->takes_lists)
		return fail_usage(
		        err, "[emit.github] pytest: a list can be handed through `coverage run` only as @list, which "
		             "needs pytest 8.2: say [suite] pytest = \"8.2\" or later, or use pytest-cov");
	command->before = command->takes_lists ? str_slice(s, 0, nth(&list, at).to)
	                                       : hand_over(out, command->python, is_module, command->dir);
	return true;
}

static void add_part(struct buf *buf, struct str part)
{
	if (part.n && buf->n)
		buf_char(buf, ' ');
	buf_add(buf, part);
}

struct str test_command_text(struct arena *out, const struct test_command *command, const strs *lists, struct str more)
{
	struct buf buf;
	buf_init(&buf, out);
	if (command->dir.n)
		buf_fmt(&buf, "(cd %.*s && ", STR_ARG(command->dir));
	buf_fmt(&buf, "%.*s%.*s", STR_ARG(command->env), STR_ARG(command->before));
	for (size_t i = 0; i < lists->n; i++) {
		add_part(&buf, command->takes_lists ? STR("@") : command->option);
		if (!command->takes_lists && !command->option.n)
			buf_char(&buf, ' ');
		buf_add(&buf, command->up);
		buf_add(&buf, lists->at[i]);
	}
	if (!command->takes_lists && !command->option.n)
		add_part(&buf, STR("--"));
	add_part(&buf, command->after);
	add_part(&buf, more);
	if (command->dir.n)
		buf_char(&buf, ')');
	return buf_str(&buf);
}

struct str test_command_guard(struct arena *out, const struct test_command *command, const strs *lists)
{
	if (!command->takes_lists)
		return STR_NONE;
	struct str words = str_join(out, lists->at, lists->n, STR(" "));
	return str_fmt(
	        out,
	        "for list in %.*s; do if ! test -s \"$list\" || grep -q '^[[:space:]]*$' \"$list\"; then "
	        "echo \"$list: missing, empty or with a blank line: that would run every test\" >&2; exit 1; fi; "
	        "done",
	        STR_ARG(words));
}
