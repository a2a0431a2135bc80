/* What stands before pytest is setup unless it is plainly a check; what stands behind it is reporting when it speaks of
 * reports.  A setup step left out breaks every lane, one too many costs seconds: so doubt keeps it. */
#include "project/take_steps.h"

#include "base/buf.h"
#include "project/known.h"
#include "project/matrix.h"
#include "project/pytest_words.h"
#include "project/script.h"

struct dealing {
	struct arena *out;
	const struct job *job;
	const struct catalogue *catalogue;
	struct taken *taken;
	struct buf before, after, once;
	strs lost_ids; /* of steps that are in no job any more */
};

struct str take_step_name(struct arena *out, const struct job_step *step)
{
	struct str uses = str_slice(step->uses, 0, str_find(step->uses, STR("@"), 0));
	struct str what = step->name.n ? step->name : uses.n ? uses : step->run;
	what = str_trim(str_slice(what, 0, str_find(str_trim(what), STR("\n"), 0)));
	return str_fmt(out, "\"%.*s\"", STR_ARG(str_slice(what, 0, 60)));
}

static void note(struct dealing *d, const struct job_step *step, const char *what)
{
	take_note(d->out, d->taken, step->place, "step %.*s %s", STR_ARG(take_step_name(d->out, step)), what);
}

static void lose(struct dealing *d, const struct job_step *step)
{
	if (step->id.n)
		vec_push(d->out, &d->lost_ids, step->id);
}

/* An `if` may ask for the matrix without ${{ }}. */
static struct str filled(struct dealing *d, const struct job_step *step)
{
	bool changed = false, has_asked = false;
	struct str text = matrix_fill(d->out, d->job, step->text, false, &changed);
	struct str asked = matrix_fill(d->out, d->job, step->if_, true, &has_asked);
	size_t at = has_asked ? str_find(text, step->if_, 0) : SIZE_MAX;
	if (at == SIZE_MAX)
		return text;
	/* A value in quotes at its start would be a scalar that ends there. */
	bool has_braces = str_has(asked, STR("${{"));
	struct str parts[] = {str_slice(text, 0, at), has_braces ? STR_NONE : STR("${{ "), asked,
	                      has_braces ? STR_NONE : STR(" }}"), str_slice(text, at + step->if_.n, text.n)};
	return str_join(d->out, parts, 5, STR_NONE);
}

/* The first place of a block, for the comment above it. */
static void add_text(struct dealing *d, struct buf *to, struct str *place, const struct job_step *step)
{
	struct str text = filled(d, step);
	if (to->n == 0)
		*place = step->place;
	buf_add(to, text);
	if (!str_ends(text, STR("\n")))
		buf_char(to, '\n');
}

/* ---- before pytest ---- */

/* The port on the host in `localhost:5432` or `-p 5432`. */
static bool names_port(const struct taken_service *service, struct str run)
{
	for (size_t i = 0; i < service->ports.n; i++) {
		struct str port = str_slice(service->ports.at[i], 0, str_find(service->ports.at[i], STR(":"), 0));
		strs one = {&port, 1, 1};
		if (port.n >= 4 && known_word(run, &one))
			return true;
	}
	return false;
}

/* Does a setup step talk to a service?  Then every lane must have it, whatever its tests need. */
static void find_base(struct dealing *d, const struct job_step *step)
{
	for (size_t i = 0; i < d->taken->services.n; i++) {
		struct taken_service *service = &d->taken->services.at[i];
		int known = service->is_known ? catalogue_find(d->catalogue, service->name) : -1;
		bool runs_client = known >= 0 && known_word(step->run, &d->catalogue->services.at[known].commands);
		if (service->base_why.n || !(runs_client || names_port(service, step->run)))
			continue;
		service->base_why = str_fmt(d->out, "%.*s: the step %.*s before the tests speaks to it",
		                            STR_ARG(step->place), STR_ARG(take_step_name(d->out, step)));
	}
}

static void deal_before(struct dealing *d, const struct job_step *step)
{
	struct str hidden = step->run.n ? script_hidden_tests(d->out, step->run) : STR_NONE;
	if (step->run.n && !step->id.n && script_is_check(d->out, step->run)) {
		add_text(d, &d->once, &d->taken->once_place, step);
		return;
	}
	if (hidden.n && d->taken->has_pytest) {
		take_note(
		        d->out, d->taken, step->place,
		        "step %.*s is left out: \"%.*s\" seems to run tests by itself, in every lane it would run again",
		        STR_ARG(take_step_name(d->out, step)), STR_ARG(str_slice(hidden, 0, 80)));
		lose(d, step);
		return;
	}
	add_text(d, &d->before, &d->taken->before_place, step);
	if (step->run.n)
		find_base(d, step);
}

/* ---- the step of pytest ---- */

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

/* Commands around pytest in its own step. */
static void add_around(struct dealing *d, const struct job_step *step, const struct script *script)
{
	if (script->is_complex) {
		note(d, step, "is more than a command: the conditions, traps or loops around pytest are left out");
		return;
	}
	if (script->before.n) {
		struct str lead = str_slice(step->text, 0, str_find(step->text, STR("-"), 0));
		buf_fmt(&d->before, "%.*s- name: What stood before pytest in its step\n", STR_ARG(lead));
		if (step->dir.n)
			buf_fmt(&d->before, "%.*s  working-directory: %.*s\n", STR_ARG(lead), STR_ARG(step->dir));
		buf_fmt(&d->before, "%.*s  run: |\n", STR_ARG(lead));
		for (size_t i = 0; i < script->before.n; i++)
			buf_fmt(&d->before, "%.*s    %.*s\n", STR_ARG(lead), STR_ARG(script->before.at[i]));
	}
	for (size_t i = 0; i < script->after.n; i++)
		take_note(d->out, d->taken, step->place, "left out behind pytest: %.*s",
		          STR_ARG(str_slice(script->after.at[i], 0, 100)));
}

static void deal_pytest(struct dealing *d, const struct job_step *step)
{
	struct script script;
	bool changed = false;
	script_read(d->out, matrix_fill(d->out, d->job, step->run, false, &changed), &script);
	struct str dir = script.dir.n ? script.dir : step->dir.n ? step->dir : d->job->dir;
	struct pytest_words words = pytest_words_read(d->out, &script.words, script.bin);
	d->taken->pytest_place = step->place;
	(void)path_normal(d->out, dir, &d->taken->dir);
	for (size_t i = 0; i < step->env.n; i++)
		add_env(d, step->env.at[i].name, step->env.at[i].value, step->place);
	for (size_t i = 0; i < script.env.n; i++)
		add_env(d, script.env.at[i].name, script.env.at[i].value, step->place);
	d->taken->pytest = without_expressions(d, words.command, step->place);
	if (words.has_coverage)
		d->taken->coverage = words.sources.n ? words.sources.at[0] : STR(".");
	add_paths(d, step, &words, dir);
	add_around(d, step, &script);
	check_variables(d, step);
	if (d->taken->dir.n)
		take_note(
		        d->out, d->taken, step->place,
		        "pytest runs in the folder %.*s there; the lanes run it in the root, and paths are relative to "
		        "that: settings and files it finds by the folder need a look",
		        STR_ARG(dir));
	if (script.is_piped)
		note(d, step, "sends pytest's output elsewhere: that is left out");
	if (step->if_.n)
		note(d, step, "has an `if` of its own: it is left out, the lanes always run pytest");
}

/* ---- behind pytest ---- */

static bool is_report(struct str uses)
{
	static const char *const words[] = {"upload-artifact", "codecov",      "coverall",    "coverage",
	                                    "report",          "junit",        "publish",     "sonar",
	                                    "comment",         "test-summary", "test-results"};
	struct str name = str_slice(uses, 0, str_find(uses, STR("@"), 0));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_has(name, str_of(words[i])))
			return true;
	return false;
}

/* A path of data that only a shard has: its coverage, which it uploads itself. */
static bool uploads_coverage_data(const struct job_step *step)
{
	if (!str_has(step->uses, STR("upload-artifact")))
		return false;
	for (size_t i = 0; i < step->with.n; i++)
		if (str_eq(step->with.at[i].name, STR("path")) && str_has(step->with.at[i].value, STR(".coverage")))
			return true;
	return false;
}

static bool speaks_of_lost(const struct dealing *d, const struct job_step *step)
{
	for (size_t i = 0; i < d->lost_ids.n; i++)
		if (str_has(step->text, str_fmt(d->out, "steps.%.*s.", STR_ARG(d->lost_ids.at[i]))))
			return true;
	return false;
}

static bool is_coverage_script(struct str run)
{
	return str_has(run, STR("coverage combine")) || str_has(run, STR("coverage xml")) ||
	       str_has(run, STR("coverage report")) || str_has(run, STR("coverage html"));
}

static void deal_report(struct dealing *d, const struct job_step *step)
{
	add_text(d, &d->after, &d->taken->after_place, step);
	bool has_junit = false;
	for (size_t i = 0; i < step->with.n; i++)
		has_junit |= str_has(step->with.at[i].value, STR("junit"));
	if (has_junit)
		note(d, step,
		     "runs in the gate now, where the reports are .lanewright/parts/junit-<shard>.xml: "
		     "change its path in the config");
}

static void deal_after(struct dealing *d, const struct job_step *step)
{
	struct script script;
	script_read(d->out, step->run, &script);
	if (speaks_of_lost(d, step)) {
		note(d, step, "is left out: it reads what a step says that is in no job any more");
		lose(d, step);
	} else if (script.has_pytest || script_hidden_tests(d->out, step->run).n) {
		note(d, step,
		     "is left out: it runs tests as well; run `init` for it apart, or give its job a name of its "
		     "own");
		lose(d, step);
	} else if (uploads_coverage_data(step)) {
		note(d, step, "is left out: each shard uploads its coverage data, and the gate combines it");
		lose(d, step);
	} else if (step->uses.n && is_report(step->uses)) {
		deal_report(d, step);
	} else if (step->run.n && is_coverage_script(step->run)) {
		note(d, step, "is left out: the gate combines the coverage, writes coverage.xml and reports");
		lose(d, step);
	} else if (step->id.n) {
		note(d, step, "is left out: it works for other steps, not for itself");
		lose(d, step);
	} else if (str_has(step->if_, STR("failure()")) || str_has(step->if_, STR("always()")) || step->uses.n) {
		note(d, step,
		     "is left out: it is neither setup nor reporting, and its place after the tests is in no lane");
		lose(d, step);
	} else {
		add_text(d, &d->once, &d->taken->once_place, step);
	}
}

/* ---- the whole ---- */

/* The step that runs pytest; without one, the first that runs tests through another tool; else none. */
static size_t find_tests(struct dealing *d)
{
	const struct job *job = d->job;
	struct script script;
	for (size_t i = 0; i < job->steps.n; i++) {
		script_read(d->out, job->steps.at[i].run, &script);
		if (script.has_pytest)
			return i;
	}
	for (size_t i = 0; i < job->steps.n; i++)
		if (script_hidden_tests(d->out, job->steps.at[i].run).n)
			return i;
	return job->steps.n;
}

static void deal_hidden(struct dealing *d, const struct job_step *step)
{
	d->taken->pytest_place = step->place;
	lose(d, step);
	for (size_t i = 0; i < step->env.n; i++)
		add_env(d, step->env.at[i].name, step->env.at[i].value, step->place);
	take_note(
	        d->out, d->taken, step->place,
	        "no list can be handed to \"%.*s\": write the pytest command it runs into [emit.github] pytest, and what it "
	        "installs into before",
	        STR_ARG(str_slice(script_hidden_tests(d->out, step->run), 0, 100)));
}

void take_steps(struct arena *out, const struct job *job, const struct catalogue *catalogue, struct taken *taken)
{
	struct dealing d = {.out = out, .job = job, .catalogue = catalogue, .taken = taken};
	buf_init(&d.before, out), buf_init(&d.after, out), buf_init(&d.once, out);
	size_t tests = find_tests(&d);
	taken->has_pytest = take_has_pytest(out, job);
	for (size_t i = 0; i < tests; i++)
		deal_before(&d, &job->steps.at[i]);
	if (tests < job->steps.n) {
		lose(&d, &job->steps.at[tests]);
		if (taken->has_pytest)
			deal_pytest(&d, &job->steps.at[tests]);
		else
			deal_hidden(&d, &job->steps.at[tests]);
	} else {
		take_note(out, taken, job->place,
		          "no step of this job runs pytest: write the command into [emit.github] pytest");
	}
	for (size_t i = tests + 1; i < job->steps.n; i++)
		deal_after(&d, &job->steps.at[i]);
	taken->before = buf_str(&d.before);
	taken->after = buf_str(&d.after);
	taken->once = buf_str(&d.once);
}
