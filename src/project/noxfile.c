/* A session is `def` below a decorator `session`; its calls of `run` are found by the name of its parameter.  Only calls
 * are taken apart, by brackets, commas and quotes: what stands around them, an `if` say, is not looked at. */
#include "project/noxfile.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

struct noxing {
	struct arena *out;
	struct str text, path;
	task_list *tasks;
};

/* Behind the string that begins at `at`, with its prefix letters. */
static size_t string_end(struct str s, size_t at)
{
	char quote = s.at[at];
	size_t three = at + 2 < s.n && s.at[at + 1] == quote && s.at[at + 2] == quote ? 3 : 1;
	for (size_t i = at + three; i < s.n; i++) {
		if (s.at[i] == '\\')
			i++;
		else if (s.at[i] == quote &&
		         (three == 1 || (i + 2 < s.n && s.at[i + 1] == quote && s.at[i + 2] == quote)))
			return i + three;
	}
	return s.n;
}

/* Where what begins at `at` ends: a comma or a closing bracket of its own level. */
static size_t argument_end(struct str s, size_t at)
{
	size_t depth = 0;
	for (; at < s.n; at++) {
		char c = s.at[at];
		if (c == '"' || c == '\'')
			at = string_end(s, at) - 1;
		else if (c == '#')
			at = str_find(s, STR("\n"), at) == SIZE_MAX ? s.n - 1 : str_find(s, STR("\n"), at);
		else if (c == '(' || c == '[' || c == '{')
			depth++;
		else if (c == ')' || c == ']' || c == '}') {
			if (depth-- == 0)
				return at;
		} else if (c == ',' && depth == 0)
			return at;
	}
	return s.n;
}

/* Comments at its front are no part of an argument. */
static struct str without_comments(struct str argument)
{
	argument = str_trim(argument);
	while (str_starts(argument, STR("#")))
		argument = str_trim(str_slice(argument, str_find(argument, STR("\n"), 0), argument.n));
	return argument;
}

/* The arguments of a call whose bracket is at `open`. */
static strs arguments(struct arena *out, struct str s, size_t open)
{
	strs list = {0};
	for (size_t at = open + 1; at < s.n;) {
		size_t end = argument_end(s, at);
		struct str argument = without_comments(str_slice(s, at, end));
		if (argument.n)
			vec_push(out, &list, argument);
		if (end >= s.n || s.at[end] != ',')
			break;
		at = end + 1;
	}
	return list;
}

static bool is_string(struct str s)
{
	return s.n >= 2 && (s.at[0] == '"' || s.at[0] == '\'') && string_end(s, 0) == s.n;
}

static struct str inner(struct str string)
{
	return str_slice(string, 1, string.n - 1);
}

/* As a word of a shell; braces of a text mean nothing there and are quoted. */
static struct str word(struct arena *out, struct str s)
{
	bool is_plain = s.n > 0;
	for (size_t i = 0; i < s.n; i++)
		is_plain &= isalnum((unsigned char)s.at[i]) || (s.at[i] && strchr("_-./=:,+@%", s.at[i]));
	return is_plain ? s : str_fmt(out, "'%.*s'", STR_ARG(s));
}

static void add_argument(struct buf *buf, struct str argument)
{
	if (is_string(argument))
		buf_add(buf, word(buf->arena, inner(argument)));
	else if (str_starts(argument, STR("*")) && str_ends(argument, STR(".posargs")))
		buf_lit(buf, "{posargs:}");
	else
		buf_fmt(buf, "{%.*s}", STR_ARG(argument));
	buf_char(buf, ' ');
}

/* "name" of `name=value`, "" for none. */
static struct str keyword(struct str argument)
{
	size_t i = 0;
	while (i < argument.n && (isalnum((unsigned char)argument.at[i]) || argument.at[i] == '_'))
		i++;
	bool is_keyword = i > 0 && i < argument.n && argument.at[i] == '=' && str_slice(argument, i, i + 2).n == 2 &&
	                  argument.at[i + 1] != '=';
	return is_keyword ? str_slice(argument, 0, i) : STR_NONE;
}

/* env={"NAME": "value"} */
static void add_env(struct noxing *n, struct task *task, struct str value)
{
	size_t open = str_find(value, STR("{"), 0);
	strs pairs = open == SIZE_MAX ? (strs){0} : arguments(n->out, value, open);
	for (size_t i = 0; i < pairs.n; i++) {
		size_t colon = str_find(pairs.at[i], STR(":"), 0);
		struct str name = str_trim(str_slice(pairs.at[i], 0, colon));
		struct str text =
		        colon == SIZE_MAX ? STR_NONE : str_trim(str_slice(pairs.at[i], colon + 1, pairs.at[i].n));
		if (is_string(name) && is_string(text))
			vec_push(n->out, &task->env, ((struct env_pair){inner(name), inner(text)}));
	}
}

static void read_run(struct noxing *n, struct str body, size_t open, struct task *task)
{
	struct buf buf;
	strs list = arguments(n->out, body, open);
	buf_init(&buf, n->out);
	for (size_t i = 0; i < list.n; i++) {
		struct str name = keyword(list.at[i]);
		if (str_eq(name, STR("env")))
			add_env(n, task, list.at[i]);
		else if (!name.n)
			add_argument(&buf, list.at[i]);
	}
	task->run = str_fmt(n->out, "%.*s%.*s\n", STR_ARG(task->run), STR_ARG(str_trim(buf_str(&buf))));
}

/* `session.run(` and `session.chdir("x")` of the body, in their order. */
static void read_body(struct noxing *n, struct str body, struct str session, struct task *task)
{
	struct str run = str_fmt(n->out, "%.*s.run(", STR_ARG(session));
	struct str chdir = str_fmt(n->out, "%.*s.chdir(", STR_ARG(session));
	size_t at = str_find(body, chdir, 0);
	if (at != SIZE_MAX) {
		strs list = arguments(n->out, body, at + chdir.n - 1);
		if (list.n && is_string(list.at[0]))
			task->dir = path_join(n->out, task->dir, inner(list.at[0]));
	}
	for (at = 0; (at = str_find(body, run, at)) != SIZE_MAX; at += run.n)
		read_run(n, body, at + run.n - 1, task);
}

/* name="x", python=["3.11", "3.12"] of the decorator. */
static void read_decorator(struct noxing *n, struct str decorator, struct task *task)
{
	size_t open = str_find(decorator, STR("("), 0);
	strs list = open == SIZE_MAX ? (strs){0} : arguments(n->out, decorator, open);
	for (size_t i = 0; i < list.n; i++) {
		struct str name = keyword(list.at[i]),
		           value = str_trim(str_slice(list.at[i], name.n + 1, list.at[i].n));
		if (str_eq(name, STR("name")) && is_string(value))
			task->name = inner(value);
		if (!str_eq(name, STR("python")))
			continue;
		bool is_list = str_starts(value, STR("[")) || str_starts(value, STR("("));
		strs pythons = is_list ? arguments(n->out, value, 0) : (strs){0};
		if (!is_list)
			vec_push(n->out, &pythons, value);
		for (size_t k = 0; k < pythons.n; k++)
			vec_push(n->out, &task->pythons, is_string(pythons.at[k]) ? inner(pythons.at[k]) : STR("?"));
	}
}

/* Where the next line that begins in the first column begins. */
static size_t block_end(struct str text, size_t at)
{
	while ((at = str_find(text, STR("\n"), at)) != SIZE_MAX && ++at < text.n)
		if (!isspace((unsigned char)text.at[at]) && text.at[at] != '#' && text.at[at] != ')')
			return at;
	return text.n;
}

/* The line's number, from 1. */
static uint32_t line_of(struct str text, size_t at)
{
	uint32_t line = 1;
	for (size_t i = 0; i < at; i++)
		line += text.at[i] == '\n';
	return line;
}

/* From `@nox.session` at `at`: other decorators may follow before the `def`. */
static void read_session(struct noxing *n, size_t at)
{
	size_t def = str_find(n->text, STR("\ndef "), at), decorator_end = block_end(n->text, at);
	if (def == SIZE_MAX)
		return;
	size_t name = def + 5, open = str_find(n->text, STR("("), name);
	size_t close = open == SIZE_MAX ? SIZE_MAX : argument_end(n->text, open + 1);
	if (close == SIZE_MAX || close >= n->text.n)
		return;
	struct str session = str_trim(str_slice(n->text, open + 1, close));
	session = str_slice(session, 0, str_find(session, STR(":"), 0));
	struct task task = {.tool = TASK_NOX, .name = str_slice(n->text, name, open), .run = STR_NONE, .dir = STR_NONE};
	task.place = str_fmt(n->out, "%.*s:%u", STR_ARG(n->path), line_of(n->text, def + 1));
	read_decorator(n, str_slice(n->text, at, decorator_end), &task);
	read_body(n, str_slice(n->text, close, block_end(n->text, close)), str_trim(session), &task);
	vec_push(n->out, n->tasks, task);
}

void noxfile_read(struct arena *out, struct str text, struct str path, task_list *tasks)
{
	struct noxing n = {.out = out, .text = text, .path = path, .tasks = tasks};
	for (size_t at = 0; at < text.n;) {
		size_t end = str_find(text, STR("\n"), at);
		struct str line = str_slice(text, at, end);
		if (str_starts(line, STR("@nox.session")) || str_starts(line, STR("@session")) ||
		    str_starts(line, STR("@nox_poetry.session")))
			read_session(&n, at);
		at = end == SIZE_MAX ? text.n : end + 1;
	}
}
