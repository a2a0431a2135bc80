/* A command that is handed over needs what stood around it: its environment, its folder, what was run before.  Where a
 * tool makes an environment of its own (tox, nox), the lanes let it make it and call pytest in there. */
#include "project/take_pytest.h"

#include <ctype.h>
#include <string.h>

#include "project/matrix.h"
#include "project/pytest_words.h"
#include "project/take_steps.h"

struct str take_step_name(struct arena *out, const struct job_step *step)
{
	struct str uses = str_slice(step->uses, 0, str_find(step->uses, STR("@"), 0));
	struct str what = step->name.n ? step->name : uses.n ? uses : step->run;
	what = str_trim(str_slice(what, 0, str_find(str_trim(what), STR("\n"), 0)));
	return str_fmt(out, "\"%.*s\"", STR_ARG(str_slice(what, 0, 60)));
}

void dealing_note(struct dealing *d, const struct job_step *step, const char *what)
{
	take_note(d->out, d->taken, step->place, "step %.*s %s", STR_ARG(take_step_name(d->out, step)), what);
}

void dealing_lose(struct dealing *d, const struct job_step *step)
{
	if (step->id.n)
		vec_push(d->out, &d->lost_ids, step->id);
}

/* What a step runs: its script, or the command that an action is given to run (`with: {command: pytest}`). */
static struct str command_of(const struct job_step *step)
{
	static const char *const keys[] = {"command", "run", "script", "cmd", "test_command"};
	for (size_t i = 0; i < step->with.n && !step->run.n; i++)
		for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
			if (str_eq(step->with.at[i].name, str_of(keys[k])))
				return step->with.at[i].value;
	return step->run;
}

bool dealing_tests(struct arena *out, const struct job *job, const task_list *tasks, const struct job_step *step,
                   struct testing *testing)
{
	bool changed = false;
	struct str text = matrix_fill(out, job, command_of(step), false, &changed);
	*testing = (struct testing){0};
	script_read(out, text, &testing->script);
	if (testing->script.has_pytest)
		return true;
	testing->is_behind = behind_find(out, text, tasks, &testing->behind);
	if (testing->is_behind && !testing->behind.why.n)
		script_read(out, testing->behind.script, &testing->script);
	return testing->script.has_pytest;
}

bool take_has_pytest(struct arena *tmp, const struct job *job, const task_list *tasks)
{
	struct testing testing;
	for (size_t i = 0; i < job->steps.n; i++)
		if (dealing_tests(tmp, job, tasks, &job->steps.at[i], &testing))
			return true;
	return false;
}

static void add_env(struct dealing *d, struct str name, struct str value, struct str place)
{
	bool changed = false;
	value = matrix_fill(d->out, d->job, value, false, &changed);
	for (size_t i = 0; i < d->taken->env.n; i++)
		if (str_eq(d->taken->env.at[i].name, name))
			return;
	vec_push(d->out, &d->taken->env, (struct taken_env){name, value, place});
}

/* `${{ expression }}` in the command: handed over through the environment, since in a script its value is code. */
static struct str without_expressions(struct dealing *d, struct str command, struct str place)
{
	struct buf buf;
	buf_init(&buf, d->out);
	for (size_t at = 0; at < command.n;) {
		size_t open = str_find(command, STR("${{"), at), close = str_find(command, STR("}}"), open);
		buf_add(&buf, str_slice(command, at, close == SIZE_MAX ? command.n : open));
		if (close == SIZE_MAX)
			break;
		struct str inner = str_trim(str_slice(command, open + 3, close));
		bool is_env = str_starts(inner, STR("env.")) && !str_has(inner, STR(" "));
		struct str name = is_env ? str_slice(inner, 4, inner.n)
		                         : str_fmt(d->out, "TEST_ARGUMENT_%zu", d->taken->env.n + 1);
		bool is_quoted = open > 0 && (command.at[open - 1] == '"' || command.at[open - 1] == '\'');
		buf_fmt(&buf, is_quoted ? "$%.*s" : "\"$%.*s\"", STR_ARG(name));
		if (!is_env)
			add_env(d, name, str_slice(command, open, close + 2), place);
		at = close + 2;
	}
	return buf_str(&buf);
}

static bool is_set(const struct dealing *d, struct str name)
{
	for (size_t i = 0; i < d->taken->env.n; i++)
		if (str_eq(d->taken->env.at[i].name, name))
			return true;
	for (size_t i = 0; i < d->job->env.n; i++)
		if (str_eq(d->job->env.at[i].name, name))
			return true;
	return false;
}

/* A variable that only the script around pytest sets is empty in the lanes. */
static void check_variables(struct dealing *d, const struct job_step *step)
{
	struct str command = d->taken->pytest;
	for (size_t at = 0; (at = str_find(command, STR("$"), at)) != SIZE_MAX;) {
		size_t from = at + 1 + str_starts(str_slice(command, at + 1, command.n), STR("{")), end = from;
		while (end < command.n &&
		       ((command.at[end] >= 'A' && command.at[end] <= 'Z') || command.at[end] == '_' ||
		        (command.at[end] >= '0' && command.at[end] <= '9')))
			end++;
		struct str name = str_slice(command, from, end);
		at = end;
		if (name.n && !is_set(d, name))
			take_note(d->out, d->taken, step->place,
			          "$%.*s in the pytest command is set by nothing that was taken over", STR_ARG(name));
	}
}

static void add_paths(struct dealing *d, const struct job_step *step, const struct pytest_words *words, struct str dir)
{
	for (size_t i = 0; i < words->paths.n; i++) {
		struct str path;
		if (path_normal(d->out, path_join(d->out, dir, words->paths.at[i]), &path) && path.n &&
		    path.at[0] != '/')
			vec_push(d->out, &d->taken->paths, path);
	}
	for (size_t i = 0; i < words->unknown.n; i++)
		take_note(d->out, d->taken, step->place,
		          "the argument %.*s of pytest is left out: [suite] paths takes plain paths",
		          STR_ARG(words->unknown.at[i]));
	if (words->dropped.n)
		take_note(d->out, d->taken, step->place,
		          "left out of the pytest command, the lanes say it themselves: %.*s",
		          STR_ARG(str_join(d->out, words->dropped.at, words->dropped.n, STR(" "))));
}

/* A step of its own in front of the tests, for commands of theirs that came before pytest. */
static void add_step_before(struct dealing *d, const struct job_step *step, const strs *commands)
{
	struct str lead = str_slice(step->text, 0, str_find(step->text, STR("-"), 0));
	if (commands->n == 0)
		return;
	buf_fmt(&d->before, "%.*s- name: What stood before pytest in its step\n", STR_ARG(lead));
	struct str dir = step->dir.n ? step->dir : d->job->dir;
	if (dir.n)
		buf_fmt(&d->before, "%.*s  working-directory: %.*s\n", STR_ARG(lead), STR_ARG(dir));
	buf_fmt(&d->before, "%.*s  run: |\n", STR_ARG(lead));
	for (size_t i = 0; i < commands->n; i++)
		buf_fmt(&d->before, "%.*s    %.*s\n", STR_ARG(lead), STR_ARG(commands->at[i]));
}

static void leave_out(struct dealing *d, struct str place, const char *where, const strs *commands)
{
	for (size_t i = 0; i < commands->n; i++)
		take_note(d->out, d->taken, place, "left out %s pytest: %.*s", where,
		          STR_ARG(str_slice(commands->at[i], 0, 100)));
}

/* Commands around pytest, in its own step or in the task that the step calls.  What tox or nox would run before it in
 * their environment has no place there. */
static void add_around(struct dealing *d, const struct job_step *step, const struct testing *testing)
{
	const struct script *script = &testing->script;
	const struct behind *behind = &testing->behind;
	struct str place = testing->is_behind ? behind->place : step->place;
	strs before = {0};
	for (size_t i = 0; i < behind->before.n; i++)
		vec_push(d->out, &before, behind->before.at[i]);
	if (behind->setup.n)
		vec_push(d->out, &before, behind->setup);
	if (script->is_complex)
		take_note(
		        d->out, d->taken, place,
		        "the conditions, traps or loops around pytest are left out: what runs it is more than a command");
	else if (behind->bin.n)
		leave_out(d, place, "before", &script->before);
	for (size_t i = 0; i < script->before.n && !script->is_complex && !behind->bin.n; i++)
		vec_push(d->out, &before, script->before.at[i]);
	add_step_before(d, step, &before);
	if (!script->is_complex)
		leave_out(d, place, "behind", &script->after);
	leave_out(d, step->place, "behind", &behind->after);
	if (before.n && step->env.n && behind->setup.n)
		dealing_note(d, step,
		             "has an `env` that the step made from it does not have: add it there if it is asked for");
}

/* What the step called is said once, and where its pytest was found. */
static void note_way(struct dealing *d, const struct job_step *step, const struct testing *testing)
{
	const struct behind *behind = &testing->behind;
	if (step->uses.n)
		dealing_note(d, step, "hands its command to an action: the lanes run the command without it");
	if (!testing->is_behind)
		return;
	take_note(d->out, d->taken, step->place, "\"%.*s\" runs pytest by %.*s: the lanes run that pytest%s%.*s%s",
	          STR_ARG(str_slice(behind->called, 0, 100)), STR_ARG(behind->place),
	          behind->bin.n ? " in the environment of its own, " : "", STR_ARG(behind->bin),
	          behind->bin.n ? ", which a step before makes" : "");
}

static void add_envs(struct dealing *d, const struct job_step *step, const struct testing *testing)
{
	for (size_t i = 0; i < step->env.n; i++)
		add_env(d, step->env.at[i].name, step->env.at[i].value, step->place);
	for (size_t i = 0; i < testing->script.env.n; i++)
		add_env(d, testing->script.env.at[i].name, testing->script.env.at[i].value, step->place);
	for (size_t i = 0; i < testing->behind.env.n; i++) {
		const struct env_pair *pair = &testing->behind.env.at[i];
		bool is_told = !str_has(pair->value, STR("$")) && !str_has(pair->value, STR("{"));
		if (is_told)
			add_env(d, pair->name, pair->value, testing->behind.place);
		else if (!is_set(d, pair->name))
			take_note(d->out, d->taken, testing->behind.place,
			          "%.*s = %.*s is left out: its value is known only when it runs", STR_ARG(pair->name),
			          STR_ARG(pair->value));
	}
}

/* A folder below the root, with a name that [emit.github] directory takes. */
static bool is_plain_dir(struct str written, struct str dir)
{
	for (size_t i = 0; i < written.n; i++)
		if (!isalnum((unsigned char)written.at[i]) && !strchr("_./-", written.at[i]))
			return false;
	return written.at[0] != '/' && dir.at[0] != '-';
}

/* The environment of tox stands where tox ran, and pytest may run elsewhere. */
static struct str from_dir(struct arena *out, struct str bin, struct str dir)
{
	struct str normal = STR_NONE;
	if (!bin.n || !path_normal(out, dir, &normal))
		return bin;
	for (size_t i = 0; i < normal.n; i++)
		if (i == 0 || normal.at[i] == '/')
			bin = str_fmt(out, "../%.*s", STR_ARG(bin));
	return bin;
}

void dealing_pytest(struct dealing *d, const struct job_step *step)
{
	struct testing testing;
	(void)dealing_tests(d->out, d->job, d->tasks, step, &testing);
	const struct behind *behind = &testing.behind;
	const struct script *script = &testing.script;
	struct str base = step->dir.n ? step->dir : d->job->dir;
	base = behind->dir.n ? path_join(d->out, base, behind->dir) : base;
	struct str dir = script->dir.n ? path_join(d->out, base, script->dir) : base;
	struct pytest_words words = pytest_words_read(d->out, &script->words,
	                                              behind->bin.n ? from_dir(d->out, behind->bin, dir) : script->bin);
	struct str prefix = str_join(d->out, behind->prefix.at, behind->prefix.n, STR(" "));
	d->taken->pytest_place = testing.is_behind ? behind->place : step->place;
	bool is_inside = path_normal(d->out, dir, &d->taken->dir);
	if (prefix.n && !str_starts(words.command, prefix))
		words.command = str_fmt(d->out, "%.*s %.*s", STR_ARG(prefix), STR_ARG(words.command));
	note_way(d, step, &testing);
	add_envs(d, step, &testing);
	d->taken->pytest = without_expressions(d, words.command, step->place);
	if (words.has_coverage)
		d->taken->coverage = words.sources.n ? words.sources.at[0] : STR(".");
	add_paths(d, step, &words, dir);
	add_around(d, step, &testing);
	check_variables(d, step);
	bool is_coverage_run = str_has(words.command, STR("coverage run")); /* lists cannot be made to fit there */
	d->taken->has_dir = is_inside && d->taken->dir.n && !is_coverage_run && is_plain_dir(dir, d->taken->dir);
	if (!is_inside || (d->taken->dir.n && !d->taken->has_dir))
		take_note(
		        d->out, d->taken, step->place,
		        "pytest runs in the folder %.*s there; the lanes run it in the root, and paths are relative to "
		        "that: settings and files it finds by the folder need a look",
		        STR_ARG(dir));
	if (script->is_piped)
		dealing_note(d, step, "sends pytest's output elsewhere: that is left out");
	if (step->if_.n)
		dealing_note(d, step, "has an `if` of its own: it is left out, the lanes always run pytest");
}

void dealing_hidden(struct dealing *d, const struct job_step *step)
{
	struct testing testing;
	(void)dealing_tests(d->out, d->job, d->tasks, step, &testing);
	const struct behind *behind = &testing.behind;
	struct str called = testing.is_behind ? behind->called : script_hidden_tests(d->out, step->run);
	d->taken->pytest_place = step->place;
	dealing_lose(d, step);
	for (size_t i = 0; i < step->env.n; i++)
		add_env(d, step->env.at[i].name, step->env.at[i].value, step->place);
	take_note(
	        d->out, d->taken, step->place,
	        "no list can be handed to \"%.*s\"%s%.*s: write the pytest command it runs into [emit.github] pytest, "
	        "and what it installs into before",
	        STR_ARG(str_slice(called, 0, 100)), behind->why.n ? ", and its pytest was not found: " : "",
	        STR_ARG(behind->why));
}
