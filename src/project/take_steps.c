/* What stands before pytest is setup unless it is plainly a check; what stands behind it is reporting when it speaks of
 * reports.  A setup step left out breaks every lane, one too many costs seconds: so doubt keeps it. */
#include "project/take_steps.h"

#include <ctype.h>

#include "base/buf.h"
#include "project/known.h"
#include "project/matrix.h"
#include "project/script.h"
#include "project/take_pytest.h"

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

static bool is_of_name(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

/* The job's `defaults` are not those of the lanes: a script that ran in their folder says so itself now. */
static struct str in_default_dir(struct dealing *d, const struct job_step *step, struct str text)
{
	size_t dash = str_find(text, STR("- "), 0);
	struct str lead = str_slice(text, 0, dash), rest = str_slice(text, dash + 2, text.n), dir = d->job->dir;
	bool is_plain = dash != SIZE_MAX && str_trim(lead).n == 0 && rest.n && isalpha((unsigned char)rest.at[0]);
	if (!dir.n || !step->run.n || step->dir.n)
		return text;
	for (size_t i = 0; i < dir.n; i++)
		is_plain &= is_of_name(dir.at[i]) || dir.at[i] == '/';
	if (!is_plain) {
		dealing_note(d, step, "runs in the default folder of its job: say so by `working-directory`");
		return text;
	}
	return str_fmt(d->out, "%.*s- working-directory: %.*s\n%.*s  %.*s", STR_ARG(lead), STR_ARG(dir), STR_ARG(lead),
	               STR_ARG(rest));
}

/* The first place of a block, for the comment above it. */
static void add_text(struct dealing *d, struct buf *to, struct str *place, const struct job_step *step)
{
	struct str text = in_default_dir(d, step, filled(d, step));
	if (to->n == 0)
		*place = step->place;
	for (size_t i = 0; i < text.n; i++) /* a workflow with CRLF gets its lanes with CRLF from `emit` */
		if (!(text.at[i] == '\r' && i + 1 < text.n && text.at[i + 1] == '\n'))
			buf_char(to, text.at[i]);
	if (!str_ends(text, STR("\n")))
		buf_char(to, '\n');
}

/* ---- before pytest ---- */

/* Does the command start or fetch a container?  Ports that it publishes are not those of the job's services, unless it
 * is a client that shares their network. */
static bool starts_container(const strs *words)
{
	static const char *const verbs[] = {"run", "create", "compose", "pull", "build", "network", "start"};
	size_t at = script_first_word(words);
	while (at < words->n && str_eq(words->at[at], STR("sudo")))
		at++;
	if (at == words->n)
		return false;
	struct str program = path_base(words->at[at]), verb = at + 1 < words->n ? words->at[at + 1] : STR_NONE;
	for (size_t i = at; i < words->n; i++)
		if (str_starts(words->at[i], STR("--net")) || str_eq(words->at[i], STR("exec")))
			return false;
	if (str_eq(program, STR("docker-compose")))
		return true;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if ((str_eq(program, STR("docker")) || str_eq(program, STR("podman"))) &&
		    str_eq(verb, str_of(verbs[i])))
			return true;
	return false;
}

/* The commands that may speak to a service: not those that start a container or install packages. */
static struct str speaking(struct arena *out, struct str run)
{
	script_commands list = script_split(out, run);
	strs kept = {0};
	for (size_t i = 0; i < list.n; i++)
		if (!starts_container(&list.at[i]) && !script_is_about_packages(&list.at[i], list.at[i].n))
			vec_push(out, &kept, str_join(out, list.at[i].at, list.at[i].n, STR(" ")));
	return str_join(out, kept.at, kept.n, STR("\n"));
}

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

/* `redis-cli`, as a whole name. */
static bool names_command(struct str run, const strs *commands)
{
	for (size_t i = 0; i < commands->n; i++)
		for (size_t at = 0; (at = str_find(run, commands->at[i], at)) != SIZE_MAX; at++) {
			size_t end = at + commands->at[i].n;
			if ((at == 0 || !is_of_name(run.at[at - 1])) && (end == run.n || !is_of_name(run.at[end])))
				return true;
		}
	return false;
}

/* Does a setup step talk to a service?  Then every lane must have it, whatever its tests need. */
static void find_base(struct dealing *d, const struct job_step *step)
{
	struct str run = speaking(d->out, step->run);
	for (size_t i = 0; i < d->taken->services.n; i++) {
		struct taken_service *service = &d->taken->services.at[i];
		int known = service->is_known ? catalogue_find(d->catalogue, service->name) : -1;
		bool runs_client = known >= 0 && names_command(run, &d->catalogue->services.at[known].commands);
		if (service->base_why.n || !(runs_client || names_port(service, run)))
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
		dealing_lose(d, step);
		return;
	}
	add_text(d, &d->before, &d->taken->before_place, step);
	if (step->run.n)
		find_base(d, step);
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
		dealing_note(d, step,
		             "runs in the gate now, where the reports are .lanewright/parts/junit-<shard>.xml: "
		             "change its path in the config");
}

static void deal_after(struct dealing *d, const struct job_step *step)
{
	struct testing testing;
	bool has_pytest = dealing_tests(d->out, d->job, d->tasks, step, &testing);
	if (speaks_of_lost(d, step)) {
		dealing_note(d, step, "is left out: it reads what a step says that is in no job any more");
		dealing_lose(d, step);
	} else if (has_pytest || script_hidden_tests(d->out, step->run).n) {
		dealing_note(
		        d, step,
		        "is left out: it runs tests as well; run `init` for it apart, or give its job a name of its "
		        "own");
		dealing_lose(d, step);
	} else if (uploads_coverage_data(step)) {
		dealing_note(d, step, "is left out: each shard uploads its coverage data, and the gate combines it");
		dealing_lose(d, step);
	} else if (step->uses.n && is_report(step->uses)) {
		deal_report(d, step);
	} else if (step->run.n && is_coverage_script(step->run)) {
		dealing_note(d, step, "is left out: the gate combines the coverage, writes coverage.xml and reports");
		dealing_lose(d, step);
	} else if (step->id.n) {
		dealing_note(d, step, "is left out: it works for other steps, not for itself");
		dealing_lose(d, step);
	} else if (str_has(step->if_, STR("failure()")) || str_has(step->if_, STR("always()")) || step->uses.n) {
		dealing_note(
		        d, step,
		        "is left out: it is neither setup nor reporting, and its place after the tests is in no lane");
		dealing_lose(d, step);
	} else {
		add_text(d, &d->once, &d->taken->once_place, step);
	}
}

/* ---- the whole ---- */

/* The step that runs pytest; without one, the first that runs tests through another tool; else none. */
static size_t find_tests(struct dealing *d)
{
	const struct job *job = d->job;
	struct testing testing;
	for (size_t i = 0; i < job->steps.n; i++)
		if (dealing_tests(d->out, job, d->tasks, &job->steps.at[i], &testing))
			return i;
	for (size_t i = 0; i < job->steps.n; i++) {
		(void)dealing_tests(d->out, job, d->tasks, &job->steps.at[i], &testing);
		if (testing.is_behind || script_hidden_tests(d->out, job->steps.at[i].run).n)
			return i;
	}
	return job->steps.n;
}

void take_steps(struct arena *out, const struct job *job, const task_list *tasks, const struct catalogue *catalogue,
                struct taken *taken)
{
	struct dealing d = {.out = out, .job = job, .tasks = tasks, .catalogue = catalogue, .taken = taken};
	buf_init(&d.before, out), buf_init(&d.after, out), buf_init(&d.once, out);
	size_t tests = find_tests(&d);
	taken->has_pytest = take_has_pytest(out, job, tasks);
	for (size_t i = 0; i < tests; i++)
		deal_before(&d, &job->steps.at[i]);
	if (tests < job->steps.n) {
		dealing_lose(&d, &job->steps.at[tests]);
		if (taken->has_pytest)
			dealing_pytest(&d, &job->steps.at[tests]);
		else
			dealing_hidden(&d, &job->steps.at[tests]);
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
