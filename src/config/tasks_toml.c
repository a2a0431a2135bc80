/* A command of these tools is a text for a shell, or a list of words; some have a table around it. */
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "config/tasks.h"
#include "config/toml.h"

struct tasking {
	struct arena *out;
	struct str path;
	task_list *tasks;
};

static struct str text_of(const struct toml_value *table, const char *key)
{
	const struct toml_value *value = toml_get(table, key);
	return value && value->kind == TOML_STRING ? value->text : STR_NONE;
}

/* A word in the quotes that a shell wants. */
static void add_word(struct buf *buf, struct str word)
{
	bool is_plain = word.n > 0;
	for (size_t i = 0; i < word.n; i++)
		is_plain &= isalnum((unsigned char)word.at[i]) || (word.at[i] && strchr("_-./=:,+@%{}", word.at[i]));
	if (buf->n && buf->at[buf->n - 1] != '\n' && !str_ends(buf_str(buf), STR("{posargs:")))
		buf_char(buf, ' ');
	buf_fmt(buf, is_plain ? "%.*s" : "'%.*s'", STR_ARG(word));
}

/* ["pytest", {replace = "posargs", default = ["tests"], extend = true}] of tox; words of others. */
static void add_words(struct buf *buf, const struct toml_value *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct toml_value *item = &list->at[i], *usual = toml_get(item, "default");
		if (item->kind == TOML_STRING) {
			add_word(buf, item->text);
			continue;
		}
		buf_fmt(buf, " {%s", str_eq(text_of(item, "replace"), STR("posargs")) ? "posargs:" : "?");
		if (usual && usual->kind == TOML_ARRAY)
			add_words(buf, usual);
		buf_char(buf, '}');
	}
}

/* A text, a list of words, or a list of such (`commands`). */
static struct str commands_of(struct arena *out, const struct toml_value *value)
{
	struct buf buf;
	buf_init(&buf, out);
	if (value->kind == TOML_STRING)
		return value->text;
	if (value->kind != TOML_ARRAY)
		return STR_NONE;
	bool is_nested = value->n && value->at[0].kind == TOML_ARRAY;
	for (size_t i = 0; is_nested && i < value->n; i++) {
		add_words(&buf, &value->at[i]);
		buf_char(&buf, '\n');
	}
	if (!is_nested)
		add_words(&buf, value);
	return buf_str(&buf);
}

static void add_env(struct tasking *t, const struct toml_value *table, struct task *task)
{
	for (size_t i = 0; table && table->kind == TOML_TABLE && i < table->n; i++)
		if (table->at[i].kind == TOML_STRING)
			vec_push(t->out, &task->env, ((struct env_pair){table->at[i].key, table->at[i].text}));
}

static struct task *add_task(struct tasking *t, enum task_tool tool, struct str name, struct str run,
                             const struct toml_value *where)
{
	struct task task = {.tool = tool, .name = name, .run = run, .dir = STR_NONE};
	task.place = str_fmt(t->out, "%.*s:%u", STR_ARG(t->path), where->key_line ? where->key_line : where->line);
	vec_push(t->out, t->tasks, task);
	return &t->tasks->at[t->tasks->n - 1];
}

/* name = "pytest", ["pytest"], or a table with it under one of `keys`, and `env`, beside it. */
static void add_scripts(struct tasking *t, enum task_tool tool, const struct toml_value *table, const char *const *keys)
{
	for (size_t i = 0; table && table->kind == TOML_TABLE && i < table->n; i++) {
		const struct toml_value *script = &table->at[i], *command = script;
		for (size_t k = 0; script->kind == TOML_TABLE && keys[k]; k++)
			if (toml_get(script, keys[k]))
				command = toml_get(script, keys[k]);
		struct str run = commands_of(t->out, command);
		if (run.n)
			add_env(t, toml_get(script, "env"), add_task(t, tool, script->key, run, script));
	}
}

/* hatch's `{args:tests}` is tox's `{posargs:tests}`. */
static struct str with_posargs(struct arena *out, struct str run)
{
	size_t at = str_find(run, STR("{args"), 0), close = str_find(run, STR("}"), at);
	if (close == SIZE_MAX)
		return run;
	struct str usual = str_slice(run, at + 6, close);
	struct str parts[] = {str_slice(run, 0, at), STR("{posargs:"), usual, str_slice(run, close, run.n)};
	return str_join(out, parts, 4, STR_NONE);
}

/* [tool.hatch.envs.NAME.scripts]: a list is several commands. */
static void add_hatch(struct tasking *t, const struct toml_value *envs)
{
	for (size_t i = 0; envs && envs->kind == TOML_TABLE && i < envs->n; i++) {
		const struct toml_value *env = &envs->at[i], *scripts = toml_get(env, "scripts");
		bool is_default = str_eq(env->key, STR("default"));
		for (size_t k = 0; scripts && scripts->kind == TOML_TABLE && k < scripts->n; k++) {
			const struct toml_value *script = &scripts->at[k];
			struct str run = script->kind == TOML_STRING ? script->text : STR_NONE;
			for (size_t n = 0; script->kind == TOML_ARRAY && n < script->n; n++)
				run = str_fmt(t->out, "%.*s%.*s\n", STR_ARG(run), STR_ARG(script->at[n].text));
			struct str name =
			        is_default ? script->key
			                   : str_fmt(t->out, "%.*s:%.*s", STR_ARG(env->key), STR_ARG(script->key));
			if (run.n)
				add_env(t, toml_get(env, "env-vars"),
				        add_task(t, TASK_HATCH, name, with_posargs(t->out, run), script));
		}
	}
}

/* An environment has what all share, unless it says the same key itself. */
static void add_tox(struct tasking *t, const struct toml_value *tox, const strs *names)
{
	const struct toml_value *base = toml_get(tox, "env_run_base"), *envs = toml_get(tox, "env");
	for (size_t i = 0; i < names->n; i++) {
		const struct toml_value *own = toml_get(envs, str_c(t->out, names->at[i]));
		const struct toml_value *commands = toml_get(own, "commands"), *env = toml_get(own, "set_env");
		commands = commands ? commands : toml_get(base, "commands");
		if (!commands)
			continue;
		struct task *task = add_task(t, TASK_TOX, names->at[i], commands_of(t->out, commands), commands);
		add_env(t, env ? env : toml_get(base, "set_env"), task);
		task->dir = text_of(own, "change_dir");
	}
}

bool tasks_of_toml(struct arena *out, struct str text, struct str path, const strs *names, task_list *tasks,
                   struct err *err)
{
	static const char *const pdm[] = {"cmd", "shell", NULL};
	static const char *const poe[] = {"cmd", "shell", "script", NULL};
	struct tasking t = {.out = out, .path = path, .tasks = tasks};
	struct toml_value top;
	if (!toml_parse(out, text, str_c(out, path), &top, err))
		return false;
	bool is_pyproject = str_eq(path_base(path), STR("pyproject.toml"));
	const struct toml_value *tool = toml_get(&top, "tool"), *tox = is_pyproject ? toml_get(tool, "tox") : &top;
	struct str legacy = text_of(tox, "legacy_tox_ini");
	add_scripts(&t, TASK_PDM, toml_get(toml_get(tool, "pdm"), "scripts"), pdm);
	add_scripts(&t, TASK_POE, toml_get(toml_get(tool, "poe"), "tasks"), poe);
	add_hatch(&t, toml_get(toml_get(tool, "hatch"), "envs"));
	add_tox(&t, tox, names);
	return !legacy.n || tasks_of_ini(out, legacy, path, names, tasks, err);
}
