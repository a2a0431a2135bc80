/* A call is found by its words: programs that only start another are passed over, then comes the tool, and what it is
 * asked for.  A task may call another; three deep are followed. */
#include "project/behind.h"

#include <string.h>

#include "base/buf.h"
#include "project/makefile.h"
#include "project/matrix.h"
#include "project/script.h"

enum { DEEPEST = 3 };

struct call {
	enum task_tool tool;
	const strs *words;
	size_t program;  /* the index of the tool among the words */
	struct str name; /* what it is asked for, "" for nothing we can tell */
	struct str rest; /* arguments for pytest */
	struct str dir;  /* of `make -C` */
	VEC(struct env_pair) variables;
};

static bool is_one_of(struct str word, const char *const *list)
{
	for (; *list; list++)
		if (str_eq(word, str_of(*list)))
			return true;
	return false;
}

static struct str unquoted(struct str word)
{
	bool is_quoted = word.n >= 2 && (word.at[0] == '"' || word.at[0] == '\'') && word.at[word.n - 1] == word.at[0];
	return is_quoted ? str_slice(word, 1, word.n - 1) : word;
}

static struct str joined(struct arena *out, const strs *words, size_t from, size_t to)
{
	return from < to ? str_join(out, words->at + from, to - from, STR(" ")) : STR_NONE;
}

static bool is_script(struct str word)
{
	word = unquoted(word);
	return str_ends(word, STR(".sh")) && !str_has(word, STR("$")) && word.at[0] != '/';
}

/* ---- which tool, and what it is asked for ---- */

static bool find_tool(const strs *words, size_t *at, enum task_tool *tool)
{
	static const struct {
		const char *name;
		enum task_tool tool;
	} tools[] = {{"tox", TASK_TOX}, {"nox", TASK_NOX}, {"make", TASK_MAKE}, {"poe", TASK_POE}};
	static const char *const starters[] = {"uv",      "uvx", "run",  "poetry", "pipx",     "pipenv", "python",
	                                       "python3", "-m",  "sudo", "time",   "env",      "bash",   "sh",
	                                       "source",  ".",   "exec", "rye",    "xvfb-run", "tool",   NULL};
	for (size_t i = script_first_word(words); i < words->n; i++) {
		struct str base = path_base(words->at[i]), next = i + 1 < words->n ? words->at[i + 1] : STR_NONE;
		*at = i;
		for (size_t k = 0; k < sizeof tools / sizeof *tools; k++)
			if (str_eq(base, str_of(tools[k].name))) {
				*tool = tools[k].tool;
				return true;
			}
		bool is_hatch = str_eq(base, STR("hatch")), is_pdm = str_eq(base, STR("pdm"));
		if ((is_hatch || is_pdm) && (str_eq(next, STR("run")) || str_eq(next, STR("test")))) {
			*tool = is_hatch ? TASK_HATCH : TASK_PDM;
			return true;
		}
		if (is_script(words->at[i])) {
			*tool = TASK_SCRIPT;
			return true;
		}
		if (!is_one_of(base, starters) && !str_starts(base, STR("-")))
			return false;
	}
	return false;
}

/* The value of `-e NAME`, `-eNAME`, `--session=NAME`: the first of a list. */
static void read_named(struct arena *out, struct call *call, const char *const *options)
{
	const strs *words = call->words;
	size_t rest = words->n;
	for (size_t i = call->program + 1; i < words->n; i++) {
		struct str word = words->at[i];
		size_t equals = str_find(word, STR("="), 0);
		if (str_eq(word, STR("--"))) {
			rest = i + 1;
			break;
		}
		for (size_t k = 0; options[k] && !call->name.n; k++) {
			struct str option = str_of(options[k]);
			if (str_eq(word, option) && i + 1 < words->n)
				call->name = words->at[i + 1];
			else if (str_eq(str_slice(word, 0, equals), option) && equals != SIZE_MAX)
				call->name = str_slice(word, equals + 1, word.n);
			else if (option.n == 2 && str_starts(word, option) && word.n > 2)
				call->name = str_slice(word, 2, word.n);
		}
	}
	call->name = unquoted(call->name);
	call->name = str_slice(call->name, 0, str_find(call->name, STR(","), 0));
	call->rest = joined(out, words, rest, words->n);
}

/* The first word that is neither option nor assignment is the target; of several the last runs the tests. */
static void read_make(struct arena *out, struct call *call)
{
	const strs *words = call->words;
	for (size_t i = call->program + 1; i < words->n; i++) {
		struct str word = words->at[i];
		size_t equals = str_find(word, STR("="), 0);
		bool takes_next = str_eq(word, STR("-C")) || str_eq(word, STR("-f")) || str_eq(word, STR("-j"));
		if (str_eq(word, STR("-C")) && i + 1 < words->n)
			call->dir = unquoted(words->at[i + 1]);
		if (word.n && word.at[0] == '-')
			i += takes_next;
		else if (equals != SIZE_MAX)
			vec_push(out, &call->variables,
			         ((struct env_pair){str_slice(word, 0, equals),
			                            unquoted(str_slice(word, equals + 1, word.n))}));
		else
			call->name = word;
	}
}

/* `hatch run test:cov -x`, `poe test -x`, `scripts/test.sh -x`: the name is the first word that is no option. */
static void read_script(struct arena *out, struct call *call)
{
	const strs *words = call->words;
	size_t i = call->tool == TASK_SCRIPT ? call->program : call->program + 1;
	while (i < words->n && (str_starts(words->at[i], STR("-")) || str_eq(words->at[i], STR("run"))))
		i++;
	if (i == words->n)
		return;
	call->name = unquoted(words->at[i]);
	call->rest = joined(out, words, i + 1, words->n);
}

static bool read_call(struct arena *out, const strs *words, struct call *call)
{
	static const char *const tox[] = {"-e", "--env", NULL}, *const nox[] = {"-s", "-e", "--session", "--sessions",
	                                                                        NULL};
	*call = (struct call){.words = words, .name = STR_NONE, .rest = STR_NONE, .dir = STR_NONE};
	if (words->n == 0 || !find_tool(words, &call->program, &call->tool) ||
	    script_is_about_packages(words, call->program))
		return false;
	if (call->tool == TASK_TOX || call->tool == TASK_NOX)
		read_named(out, call, call->tool == TASK_TOX ? tox : nox);
	else if (call->tool == TASK_MAKE)
		read_make(out, call);
	else
		read_script(out, call);
	return true;
}

/* ---- what it runs ---- */

static bool is_called(struct arena *out, const struct task *task, const struct call *call)
{
	struct str name = call->name;
	if (task->tool != call->tool)
		return false;
	if (task->tool == TASK_SCRIPT && !path_normal(out, call->name, &name))
		return false;
	/* `tests-3.12` is the session `tests` with a Python of its list. */
	for (size_t i = 0; i < task->pythons.n; i++)
		if (str_eq(name, str_fmt(out, "%.*s-%.*s", STR_ARG(task->name), STR_ARG(task->pythons.at[i]))))
			return true;
	return str_eq(task->name, name) && (task->tool != TASK_MAKE || str_eq(task->dir, call->dir));
}

static const struct task *find_task(struct arena *out, const task_list *tasks, const struct call *call)
{
	for (size_t i = 0; i < tasks->n; i++)
		if (is_called(out, &tasks->at[i], call))
			return &tasks->at[i];
	return NULL;
}

/* `{posargs:DEFAULT}` and a script's "$@" become the arguments of the call. */
static struct str with_arguments(struct arena *out, struct str run, struct str rest)
{
	struct buf buf;
	buf_init(&buf, out);
	for (size_t at = 0; at < run.n;) {
		size_t open = str_find(run, STR("{posargs:"), at), end = open, depth = 0;
		buf_add(&buf, str_slice(run, at, open));
		if (open == SIZE_MAX)
			break;
		for (; end < run.n; end++) {
			depth += run.at[end] == '{';
			if (run.at[end] == '}' && --depth == 0)
				break;
		}
		buf_add(&buf, rest.n ? rest : str_slice(run, open + 9, end));
		at = end + 1;
	}
	struct str text = buf_str(&buf);
	size_t at = str_find(text, STR("\"$@\""), 0);
	if (at == SIZE_MAX)
		return text;
	struct str parts[] = {str_slice(text, 0, at), rest, str_slice(text, at + 4, text.n)};
	return str_join(out, parts, 3, STR_NONE);
}

static struct str run_of(struct arena *out, const struct task *task, const struct call *call)
{
	VEC(struct env_pair) variables = {0};
	if (task->tool != TASK_MAKE)
		return with_arguments(out, task->run, call->rest);
	for (size_t i = 0; i < task->variables.n; i++)
		vec_push(out, &variables, task->variables.at[i]);
	for (size_t i = 0; i < call->variables.n; i++)
		vec_push(out, &variables, call->variables.at[i]);
	vec_push(out, &variables, ((struct env_pair){STR("MAKE"), STR("make")}));
	return makefile_fill(out, task->run, variables.at, variables.n);
}

/* A name as nox makes a folder of it: `tests-3.12` is tests-3-12. */
static struct str folder_of(struct arena *out, struct str name)
{
	struct buf buf;
	buf_init(&buf, out);
	for (size_t i = 0; i < name.n; i++)
		buf_char(&buf, name.at[i] == '.' || name.at[i] == ' ' ? '-' : name.at[i]);
	return buf_str(&buf);
}

/* How the same environment is had for pytest alone. */
static void set_environment(struct arena *out, const struct task *task, const struct call *call, struct behind *behind)
{
	const strs *words = call->words;
	size_t end = 0, first = script_first_word(words);
	while (end < words->n && !str_eq(words->at[end], STR("--")))
		end++;
	struct str tool = joined(out, words, first, end), before = joined(out, words, first, call->program + 1);
	if (task->tool == TASK_TOX) {
		behind->setup = str_fmt(out, "%.*s --notest", STR_ARG(tool));
		behind->bin = str_fmt(out, ".tox/%.*s/bin", STR_ARG(call->name));
	} else if (task->tool == TASK_NOX) {
		behind->setup = str_fmt(out, "%.*s --install-only", STR_ARG(tool));
		behind->bin = str_fmt(out, ".nox/%.*s/bin", STR_ARG(folder_of(out, call->name)));
	} else if (task->tool == TASK_MAKE && task->first.n) {
		behind->setup = str_fmt(out, "%.*s%s%.*s %.*s", STR_ARG(before), call->dir.n ? " -C " : "",
		                        STR_ARG(call->dir), STR_ARG(joined(out, &task->first, 0, task->first.n)));
	} else if (task->tool == TASK_HATCH) {
		size_t colon = str_find(call->name, STR(":"), 0);
		vec_push(out, &behind->prefix, before);
		if (colon != SIZE_MAX)
			vec_push(out, &behind->prefix, str_fmt(out, "-e %.*s", (int)colon, call->name.at));
		vec_push(out, &behind->prefix, STR("run"));
	} else if (task->tool == TASK_PDM) {
		vec_push(out, &behind->prefix, str_fmt(out, "%.*s run", STR_ARG(before)));
	} else if (task->tool == TASK_POE && call->program > first) {
		vec_push(out, &behind->prefix, joined(out, words, first, call->program));
	}
}

/* A word of the pytest command that only the tool could fill in; "" for none. */
static struct str unknown_word(const struct script *script, enum task_tool tool)
{
	for (size_t i = 0; i < script->words.n; i++) {
		struct str word = script->words.at[i];
		size_t brace = str_find(word, STR("{"), 0);
		bool is_variable = brace != SIZE_MAX && brace > 0 && word.at[brace - 1] == '$';
		bool is_json = brace != SIZE_MAX && (word.at[0] == '\'' || word.at[0] == '"');
		if (str_has(word, STR("$(")) && tool == TASK_MAKE)
			return word;
		if (brace != SIZE_MAX && !is_variable && !is_json && tool != TASK_SCRIPT && tool != TASK_MAKE)
			return word;
	}
	return STR_NONE;
}

static const char *name_of(enum task_tool tool)
{
	static const char *const names[] = {"an environment of tox",
	                                    "a session of nox",
	                                    "a target of make",
	                                    "a script of hatch",
	                                    "a script of pdm",
	                                    "a task of poe",
	                                    "a file"};
	return names[tool];
}

static struct str why_not(struct arena *out, const struct call *call)
{
	static const char *const all[] = {"it names no environment, so tox runs all of them",
	                                  "it names no session, so nox runs all of them", "it names no target"};
	if (!call->name.n)
		return call->tool <= TASK_MAKE ? str_of(all[call->tool]) : STR("it names nothing to run");
	return str_fmt(out, "%.*s was not found as %s", STR_ARG(call->name), name_of(call->tool));
}

static bool follow(struct arena *out, struct str text, const task_list *tasks, int depth, struct behind *behind);

/* A task that runs pytest itself, or calls one that does. */
static void look_behind(struct arena *out, const struct call *call, const task_list *tasks, int depth,
                        struct behind *behind)
{
	const struct task *task = find_task(out, tasks, call);
	struct script script;
	behind->why = task ? STR_NONE : why_not(out, call);
	if (!task)
		return;
	behind->place = task->place;
	behind->script = run_of(out, task, call);
	(void)path_normal(out, task->dir, &behind->dir);
	script_read(out, behind->script, &script);
	if (!script.has_pytest) {
		struct behind inner = {0};
		if (depth < DEEPEST && follow(out, behind->script, tasks, depth + 1, &inner) && !inner.why.n) {
			inner.called = behind->called;
			*behind = inner;
		} else {
			behind->why = str_fmt(out, "%.*s runs no pytest that could be seen", STR_ARG(task->place));
		}
		return;
	}
	struct str unknown = unknown_word(&script, task->tool);
	bool is_one_of_many = task->pythons.n > 1 && str_eq(task->name, call->name);
	if (unknown.n)
		behind->why = str_fmt(out, "what %.*s stands for in %.*s only the tool knows", STR_ARG(unknown),
		                      STR_ARG(task->place));
	else if (is_one_of_many)
		behind->why = str_fmt(out, "the session %.*s has several Pythons (%.*s): name one, as %.*s-%.*s",
		                      STR_ARG(task->name), STR_ARG(task->place), STR_ARG(task->name),
		                      STR_ARG(task->pythons.at[0]));
	set_environment(out, task, call, behind);
	for (size_t i = 0; i < task->env.n; i++)
		vec_push(out, &behind->env, task->env.at[i]);
}

static bool speaks_of_tests(struct arena *out, const struct call *call)
{
	return call->tool == TASK_TOX || call->tool == TASK_NOX ||
	       str_has(joined(out, call->words, call->program, call->words->n), STR("test"));
}

/* The first command that calls a tool for tests, or anything behind which there is a pytest. */
static bool follow(struct arena *out, struct str text, const task_list *tasks, int depth, struct behind *behind)
{
	script_commands list = script_split(out, text);
	struct behind first = {0};
	bool found = false;
	for (size_t i = 0; i < list.n; i++) {
		struct call call;
		struct behind one = {.called = joined(out, &list.at[i], 0, list.at[i].n)};
		if (!read_call(out, &list.at[i], &call))
			continue;
		look_behind(out, &call, tasks, depth, &one);
		bool has_pytest = !one.why.n;
		if (!has_pytest && (found || !speaks_of_tests(out, &call)))
			continue;
		for (size_t k = 0; k < list.n; k++)
			if (k != i)
				vec_push(out, k < i ? &one.before : &one.after,
				         joined(out, &list.at[k], 0, list.at[k].n));
		first = one;
		found = true;
		if (has_pytest)
			break;
	}
	if (found)
		*behind = first;
	return found;
}

bool behind_find(struct arena *out, struct str text, const task_list *tasks, struct behind *behind)
{
	*behind = (struct behind){0};
	return follow(out, text, tasks, 0, behind);
}

strs behind_environments(struct arena *out, const struct job *job)
{
	strs names = {0};
	for (size_t i = 0; i < job->steps.n; i++) {
		bool changed = false;
		struct str run = matrix_fill(out, job, job->steps.at[i].run, false, &changed);
		script_commands list = script_split(out, run);
		for (size_t k = 0; k < list.n; k++) {
			struct call call;
			if (read_call(out, &list.at[k], &call) && call.tool == TASK_TOX && call.name.n)
				vec_push(out, &names, call.name);
		}
	}
	return names;
}

strs behind_scripts(struct arena *out, struct str text)
{
	strs paths = {0};
	script_commands list = script_split(out, text);
	for (size_t i = 0; i < list.n; i++)
		for (size_t k = 0; k < list.at[i].n; k++) {
			struct str path;
			if (is_script(list.at[i].at[k]) && path_normal(out, unquoted(list.at[i].at[k]), &path))
				vec_push(out, &paths, path);
		}
	return paths;
}
