/* tox puts values into `{...}`: what is known before a run is put in here, the arguments of a call stay as
 * `{posargs:DEFAULT}` for whoever knows the call, and anything else stays as it is written.  A line that begins with
 * factors (`pg: pytest`) is kept by the environments that have them all. */
#include "config/tasks.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "config/ini.h"
#include "config/toml.h"

enum { DEEPEST = 8 };

struct toxing {
	struct arena *out;
	struct str text, path, env; /* the environment's name */
};

static const struct ini_entry *entry_of(const ini_entries *entries, const char *name, const char *old_name)
{
	for (size_t i = 0; i < entries->n; i++)
		if (str_eq(entries->at[i].name, str_of(name)) || str_eq(entries->at[i].name, str_of(old_name)))
			return &entries->at[i];
	return NULL;
}

/* `key` of a section, else of [testenv] for a section of its kind; NULL when neither says it. */
static const struct ini_entry *value_of(const struct toxing *t, struct str section, const char *name, const char *old)
{
	ini_entries entries;
	bool found;
	const struct ini_entry *entry = NULL;
	struct err ignored = {0};
	if (ini_read(t->out, t->text, str_c(t->out, t->path), str_c(t->out, section), &entries, &found, &ignored))
		entry = entry_of(&entries, name, old);
	if (!entry && str_starts(section, STR("testenv:")))
		return value_of(t, STR("testenv"), name, old);
	return entry;
}

/* Behind the `}` that closes the `{` at `at`; 0 when none does. */
static size_t brace_end(struct str s, size_t at)
{
	size_t depth = 0;
	for (; at < s.n; at++) {
		depth += s.at[at] == '{';
		if (s.at[at] == '}' && --depth == 0)
			return at + 1;
	}
	return 0;
}

static struct str substitute(const struct toxing *t, struct str s, int depth);

/* `[section]key` */
static struct str referred(const struct toxing *t, struct str what, struct str whole, int depth)
{
	size_t close = str_find(what, STR("]"), 0);
	if (close == SIZE_MAX || depth > DEEPEST)
		return whole;
	const char *key = str_c(t->out, str_slice(what, close + 1, what.n));
	const struct ini_entry *entry = value_of(t, str_slice(what, 1, close), key, key);
	return entry ? substitute(t, entry->value, depth + 1) : whole;
}

/* What stands for `{what}`, else the whole as it is. */
static struct str stands_for(const struct toxing *t, struct str what, struct str whole, int depth)
{
	static const char *const roots[] = {"toxinidir", "tox_root", "posargs", NULL};
	size_t colon = str_find(what, STR(":"), 0);
	struct str first = str_slice(what, 0, colon),
	           rest = colon == SIZE_MAX ? STR_NONE : str_slice(what, colon + 1, what.n);
	if (str_starts(what, STR("[")))
		return referred(t, what, whole, depth);
	if (str_eq(first, str_of(roots[0])) || str_eq(first, str_of(roots[1])))
		return STR(".");
	if (str_eq(first, str_of(roots[2])))
		return str_fmt(t->out, "{posargs:%.*s}", STR_ARG(substitute(t, rest, depth + 1)));
	if (str_eq(first, STR("envname")) || str_eq(first, STR("env_name")))
		return t->env;
	if (str_eq(first, STR("envpython")) || str_eq(first, STR("env_python")))
		return STR("python");
	if (str_eq(what, STR("/")) || str_starts(what, STR("tty:")))
		return str_eq(what, STR("/")) ? what : STR_NONE;
	if (!str_eq(first, STR("env")) || !rest.n)
		return whole;
	size_t more = str_find(rest, STR(":"), 0);
	struct str usual = more == SIZE_MAX ? STR_NONE : substitute(t, str_slice(rest, more + 1, rest.n), depth + 1);
	return str_fmt(t->out, usual.n ? "${%.*s:-%.*s}" : "$%.*s", STR_ARG(str_slice(rest, 0, more)), STR_ARG(usual));
}

static struct str substitute(const struct toxing *t, struct str s, int depth)
{
	struct buf buf;
	buf_init(&buf, t->out);
	for (size_t at = 0; at < s.n;) {
		size_t open = str_find(s, STR("{"), at), end = open == SIZE_MAX ? 0 : brace_end(s, open);
		buf_add(&buf, str_slice(s, at, end ? open : s.n));
		if (!end)
			break;
		buf_add(&buf, stands_for(t, str_slice(s, open + 1, end - 1), str_slice(s, open, end), depth));
		at = end;
	}
	return buf_str(&buf);
}

static bool has_factor(struct str env, struct str factor)
{
	bool is_not = str_starts(factor, STR("!"));
	factor = str_slice(factor, is_not, factor.n);
	for (size_t at = 0; at <= env.n;) {
		size_t end = str_find(env, STR("-"), at);
		if (str_eq(str_slice(env, at, end), factor))
			return !is_not;
		at = end == SIZE_MAX ? env.n + 1 : end + 1;
	}
	return is_not;
}

/* "pg-py3,mysql" holds when all of one alternative do. */
static bool holds(struct str env, struct str condition)
{
	for (size_t at = 0; at <= condition.n;) {
		size_t comma = str_find(condition, STR(","), at);
		struct str all = str_trim(str_slice(condition, at, comma));
		bool is_met = true;
		for (size_t from = 0; from <= all.n;) {
			size_t end = str_find(all, STR("-"), from);
			is_met &= has_factor(env, str_slice(all, from, end));
			from = end == SIZE_MAX ? all.n + 1 : end + 1;
		}
		if (is_met)
			return true;
		at = comma == SIZE_MAX ? condition.n + 1 : comma + 1;
	}
	return false;
}

/* The condition before a line's first colon, "" for none: letters, digits and `-,!._` alone, and a blank behind it. */
static struct str condition_of(struct str line)
{
	size_t colon = str_find(line, STR(": "), 0);
	for (size_t i = 0; colon != SIZE_MAX && i < colon; i++)
		if (!isalnum((unsigned char)line.at[i]) && !strchr("-,!._ ", line.at[i]))
			return STR_NONE;
	struct str condition = colon == SIZE_MAX ? STR_NONE : str_slice(line, 0, colon);
	return str_has(condition, STR(" ")) && !str_has(condition, STR(",")) ? STR_NONE : condition;
}

/* The line at *at, with those that a backslash adds to it. */
static struct str next_line(const struct toxing *t, struct str value, size_t *at)
{
	struct str line = STR_NONE;
	bool goes_on = true;
	while (goes_on && *at < value.n) {
		size_t end = str_find(value, STR("\n"), *at);
		struct str piece = str_trim(str_slice(value, *at, end));
		*at = end == SIZE_MAX ? value.n : end + 1;
		goes_on = str_ends(piece, STR("\\"));
		piece = str_slice(piece, 0, piece.n - goes_on);
		line = line.n ? str_fmt(t->out, "%.*s%.*s", STR_ARG(line), STR_ARG(piece)) : piece;
	}
	return line;
}

/* The lines of a value that this environment has, without their factors. */
static strs lines_of(const struct toxing *t, struct str value)
{
	strs lines = {0};
	for (size_t at = 0; at < value.n;) {
		struct str line = next_line(t, value, &at), condition = condition_of(line);
		if (condition.n && !holds(t->env, condition))
			continue;
		line = condition.n ? str_trim(str_slice(line, condition.n + 1, line.n)) : line;
		if (line.n && line.at[0] != '#')
			vec_push(t->out, &lines, line);
	}
	return lines;
}

static void add_env(const struct toxing *t, const struct ini_entry *entry, struct task *task)
{
	strs lines = entry ? lines_of(t, entry->value) : (strs){0};
	for (size_t i = 0; i < lines.n; i++) {
		size_t equals = str_find(lines.at[i], STR("="), 0);
		if (equals == SIZE_MAX)
			continue;
		struct str value = substitute(t, str_trim(str_slice(lines.at[i], equals + 1, lines.at[i].n)), 0);
		vec_push(t->out, &task->env, ((struct env_pair){str_trim(str_slice(lines.at[i], 0, equals)), value}));
	}
}

/* A `-` before a command lets it fail, a `!` wants it to. */
static void add_commands(const struct toxing *t, const struct ini_entry *entry, struct task *task)
{
	strs lines = entry ? lines_of(t, substitute(t, entry->value, 0)) : (strs){0};
	for (size_t i = 0; i < lines.n; i++) {
		struct str line = lines.at[i];
		while (line.n && (line.at[0] == '-' || line.at[0] == '!') && line.n > 1 && line.at[1] != '-')
			line = str_trim(str_slice(line, 1, line.n));
		task->run = str_fmt(t->out, "%.*s%.*s\n", STR_ARG(task->run), STR_ARG(line));
	}
}

static void add_environment(struct toxing *t, struct str name, task_list *tasks)
{
	struct str section = str_fmt(t->out, "testenv:%.*s", STR_ARG(name));
	const struct ini_entry *commands, *dir;
	struct task task = {.tool = TASK_TOX, .name = name, .run = STR_NONE, .dir = STR_NONE};
	for (size_t i = 0; i < tasks->n; i++)
		if (tasks->at[i].tool == TASK_TOX && str_eq(tasks->at[i].name, name))
			return;
	t->env = name;
	commands = value_of(t, section, "commands", "commands");
	dir = value_of(t, section, "change_dir", "changedir");
	if (!commands)
		return;
	task.place = str_fmt(t->out, "%.*s:%u", STR_ARG(t->path), commands->line);
	add_env(t, value_of(t, section, "set_env", "setenv"), &task);
	add_commands(t, commands, &task);
	if (dir)
		task.dir = substitute(t, dir->value, 0);
	vec_push(t->out, tasks, task);
}

bool tasks_of_ini(struct arena *out, struct str text, struct str path, const strs *names, task_list *tasks,
                  struct err *err)
{
	struct toxing t = {.out = out, .text = text, .path = path};
	ini_entries entries;
	bool found;
	if (!ini_read(out, text, str_c(out, path), "testenv", &entries, &found, err))
		return false;
	for (size_t i = 0; i < names->n; i++)
		add_environment(&t, names->at[i], tasks);
	return true;
}
