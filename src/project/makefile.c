/* What stands between `ifdef` and `endif` is read as if it always held: of two assignments the last counts. */
#include "project/makefile.h"

#include <ctype.h>

#include "base/buf.h"

enum { DEEPEST = 8 }; /* variables in variables */

struct making {
	struct arena *out;
	struct str path;
	VEC(struct env_pair) variables;
	task_list *tasks;
	size_t from; /* tasks of the rule being read: from here to the end */
	bool in_rule;
};

static const struct env_pair *find(const struct env_pair *variables, size_t n, struct str name)
{
	for (size_t i = n; i-- > 0;)
		if (str_eq(variables[i].name, name))
			return &variables[i];
	return NULL;
}

/* The end of what `$` at `at` begins: behind `$(NAME)`, `${NAME}` or `$x`. */
static size_t reference_end(struct str s, size_t at)
{
	char open = at + 1 < s.n ? s.at[at + 1] : 0, close = open == '(' ? ')' : open == '{' ? '}' : 0;
	size_t depth = 0;
	if (!close)
		return at + 2 < s.n ? at + 2 : s.n;
	for (size_t i = at + 1; i < s.n; i++) {
		depth += s.at[i] == open;
		if (s.at[i] == close && --depth == 0)
			return i + 1;
	}
	return s.n;
}

/* What no variable stands for stays as it is written; $$ is a dollar. */
static void fill(struct buf *buf, struct str s, const struct env_pair *variables, size_t n, int depth)
{
	for (size_t at = 0; at < s.n;) {
		size_t dollar = str_find(s, STR("$"), at);
		buf_add(buf, str_slice(s, at, dollar));
		if (dollar == SIZE_MAX)
			return;
		size_t end = reference_end(s, dollar);
		struct str whole = str_slice(s, dollar, end), name = str_slice(whole, 2, whole.n ? whole.n - 1 : 0);
		const struct env_pair *variable = whole.n > 3 ? find(variables, n, name) : NULL;
		if (variable && depth < DEEPEST)
			fill(buf, variable->value, variables, n, depth + 1);
		else
			buf_add(buf, str_eq(whole, STR("$$")) ? STR("$") : whole);
		at = end;
	}
}

struct str makefile_fill(struct arena *out, struct str text, const struct env_pair *variables, size_t n)
{
	struct buf buf;
	buf_init(&buf, out);
	fill(&buf, text, variables, n, 0);
	return buf_str(&buf);
}

/* The words of s. */
static strs words_of(struct arena *out, struct str s)
{
	strs words = {0};
	for (size_t i = 0; i < s.n;) {
		size_t from = i;
		while (i < s.n && !isspace((unsigned char)s.at[i]))
			i++;
		if (i > from)
			vec_push(out, &words, str_slice(s, from, i));
		i += i < s.n;
	}
	return words;
}

/* `NAME = value`, `NAME := value`, `NAME ?= value`, `NAME += value`; never `target: NAME = value`. */
static bool read_variable(struct making *m, struct str line)
{
	size_t equals = str_find(line, STR("="), 0), colon = str_find(line, STR(":"), 0);
	if (equals == SIZE_MAX || (colon < equals && colon + 1 != equals && colon + 2 != equals))
		return false;
	size_t end = equals;
	while (end > 0 && (line.at[end - 1] == ':' || line.at[end - 1] == '?' || line.at[end - 1] == '+'))
		end--;
	bool adds = equals > end && line.at[equals - 1] == '+', yields = equals > end && line.at[equals - 1] == '?';
	struct str name = str_trim(str_slice(line, 0, end)), value = str_trim(str_slice(line, equals + 1, line.n));
	if (str_starts(name, STR("export ")))
		name = str_trim(str_slice(name, 7, name.n));
	const struct env_pair *old = find(m->variables.at, m->variables.n, name);
	value = str_slice(value, 0, str_find(value, STR(" #"), 0));
	if (yields && old)
		return true;
	if (adds && old)
		value = str_fmt(m->out, "%.*s %.*s", STR_ARG(old->value), STR_ARG(value));
	vec_push(m->out, &m->variables, ((struct env_pair){name, value}));
	return true;
}

/* `a b: c d | e ## help` */
static void read_rule(struct making *m, struct str line, uint32_t number)
{
	size_t colon = str_find(line, STR(":"), 0);
	m->in_rule = false;
	if (colon == SIZE_MAX || line.at[0] == '.' || str_has(line, STR("%")))
		return;
	struct str rest = str_slice(line, colon + 1 + str_starts(str_slice(line, colon + 1, line.n), STR(":")), line.n);
	rest = str_slice(rest, 0, str_find(rest, STR("#"), 0));
	strs names = words_of(m->out, str_slice(line, 0, colon)), first = words_of(m->out, rest);
	m->from = m->tasks->n;
	m->in_rule = true;
	for (size_t i = 0; i < names.n; i++) {
		struct task task = {.tool = TASK_MAKE, .name = names.at[i], .run = STR_NONE};
		task.place = str_fmt(m->out, "%.*s:%u", STR_ARG(m->path), number);
		task.dir = path_dir(m->path);
		for (size_t k = 0; k < first.n; k++)
			if (!str_eq(first.at[k], STR("|")))
				vec_push(m->out, &task.first, first.at[k]);
		vec_push(m->out, m->tasks, task);
	}
}

/* A line of a recipe has a shell of its own: a `cd` that stands alone does nothing. */
static void read_recipe(struct making *m, struct str line)
{
	while (line.n && (line.at[0] == '@' || line.at[0] == '-' || line.at[0] == '+'))
		line = str_trim(str_slice(line, 1, line.n));
	bool is_idle = str_starts(line, STR("cd ")) && !str_has(line, STR("&&")) && !str_has(line, STR(";"));
	for (size_t i = m->from; !is_idle && i < m->tasks->n; i++) {
		struct task *task = &m->tasks->at[i];
		task->run = str_fmt(m->out, "%.*s%.*s\n", STR_ARG(task->run), STR_ARG(line));
	}
}

/* Lines that end with a backslash are one. */
static struct str next_line(struct making *m, struct str text, size_t *at, uint32_t *number)
{
	struct buf buf;
	buf_init(&buf, m->out);
	for (bool goes_on = true; goes_on && *at < text.n;) {
		size_t end = str_find(text, STR("\n"), *at);
		struct str line = str_slice(text, *at, end);
		if (str_ends(line, STR("\r")))
			line = str_slice(line, 0, line.n - 1);
		goes_on = str_ends(line, STR("\\"));
		buf_add(&buf, str_slice(line, 0, line.n - goes_on));
		*at = end == SIZE_MAX ? text.n : end + 1;
		++*number;
	}
	return buf_str(&buf);
}

void makefile_read(struct arena *out, struct str text, struct str path, task_list *tasks)
{
	struct making m = {.out = out, .path = path, .tasks = tasks};
	size_t before = tasks->n;
	uint32_t number = 0;
	for (size_t at = 0; at < text.n;) {
		uint32_t here = number + 1;
		struct str line = next_line(&m, text, &at, &number);
		if (str_starts(line, STR("\t")) && m.in_rule)
			read_recipe(&m, str_trim(line));
		else if (str_trim(line).n && line.at[0] != '#' && line.at[0] != ' ' && !read_variable(&m, line))
			read_rule(&m, line, here);
	}
	for (size_t i = before; i < tasks->n; i++)
		for (size_t k = 0; k < m.variables.n; k++)
			vec_push(out, &tasks->at[i].variables, m.variables.at[k]);
}
