/* Which job is taken over, and what the files beside the workflow add. */
#include "engine_init.h"

#include <string.h>

#include "base/buf.h"
#include "config/pytest_ini.h"
#include "project/script.h"
#include "project/version.h"

/* ---- the job ---- */

static bool has_hidden_tests(lanewright *lw, const struct job *job)
{
	for (size_t i = 0; i < job->steps.n; i++)
		if (script_hidden_tests(&lw->tmp, job->steps.at[i].run).n)
			return true;
	return false;
}

/* The higher the better; 0: nothing to take.  Services weigh most, then a pytest that can be seen. */
static size_t worth(lanewright *lw, const struct init_found *found, const struct job *job)
{
	if (job->kind != JOB_GITHUB)
		return 0;
	bool sees_pytest = take_has_pytest(&lw->tmp, job, &found->tasks),
	     runs_tests = sees_pytest || has_hidden_tests(lw, job);
	size_t n = job->services.n;
	return runs_tests ? 1 + sees_pytest + (n ? 2 + 2 * n : 0) : 0;
}

static struct str shown_job(lanewright *lw, const struct job *job)
{
	return str_fmt(&lw->out, "--workflow %.*s --job %.*s", STR_ARG(job->file), STR_ARG(job->name));
}

static const struct job *best_job(lanewright *lw, struct init_found *found, struct str file)
{
	const struct job *best = NULL;
	size_t most = 0;
	for (size_t i = 0; i < found->jobs.n; i++) {
		const struct job *job = &found->jobs.at[i];
		size_t value = file.n && !str_eq(job->file, file) ? 0 : worth(lw, found, job);
		if (value > most) {
			most = value;
			best = job;
		}
	}
	for (size_t i = 0; i < found->jobs.n; i++) {
		const struct job *job = &found->jobs.at[i];
		if (job != best && job->kind == JOB_GITHUB && job->services.n && worth(lw, found, job))
			vec_push(&lw->out, &found->others, shown_job(lw, job));
	}
	return best;
}

static bool no_such_job(lanewright *lw, const struct init_found *found, struct str file, struct str name)
{
	strs known = {0};
	for (size_t i = 0; i < found->jobs.n; i++)
		if (found->jobs.at[i].kind == JOB_GITHUB && (!file.n || str_eq(found->jobs.at[i].file, file)))
			vec_push(&lw->tmp, &known, found->jobs.at[i].name);
	size_t nearest = str_nearest(name, known.at, known.n);
	struct str all = str_join(&lw->tmp, known.at, known.n, STR(", "));
	const char *where = file.n ? str_c(&lw->tmp, file) : "no workflow here";
	if (nearest != SIZE_MAX)
		return fail_usage(&lw->err, "%s has %s '%.*s' with steps; did you mean '%.*s'?", where,
		                  file.n ? "no job" : "a job", STR_ARG(name), STR_ARG(known.at[nearest]));
	return fail_usage(&lw->err, "%s has %s '%.*s' with steps; there are: %.*s", where, file.n ? "no job" : "a job",
	                  STR_ARG(name), STR_ARG(all));
}

static bool named_job(lanewright *lw, const struct init_found *found, struct str file, struct str name,
                      const struct job **job)
{
	for (size_t i = 0; i < found->jobs.n; i++) {
		const struct job *one = &found->jobs.at[i];
		if (one->kind == JOB_GITHUB && str_eq(one->name, name) && (!file.n || str_eq(one->file, file))) {
			*job = one;
			return true;
		}
	}
	return no_such_job(lw, found, file, name);
}

static bool check_workflow(lanewright *lw, struct str file)
{
	strs names = engine_workflows(lw);
	for (size_t i = 0; i < names.n; i++)
		if (str_eq(names.at[i], file))
			return true;
	struct str all = str_join(&lw->tmp, names.at, names.n, STR(", "));
	return fail_usage(&lw->err, "there is no workflow %.*s in the root; there are: %.*s", STR_ARG(file),
	                  names.n ? (int)all.n : 4, names.n ? all.at : "none");
}

static bool choose_job(lanewright *lw, const struct lanewright_init_options *options, struct init_found *found,
                       const struct job **job)
{
	struct str file = options->workflow ? str_of(options->workflow) : STR_NONE;
	*job = NULL;
	if (file.n && !check_workflow(lw, file))
		return false;
	if (options->job)
		return named_job(lw, found, file, str_of(options->job), job);
	*job = best_job(lw, found, file);
	if (file.n && !*job)
		return fail_usage(&lw->err, "no job of %.*s runs pytest; name one with --job", STR_ARG(file));
	return true;
}

static void take_compose(lanewright *lw, const struct catalogue *catalogue, struct init_found *found)
{
	strs files = {0};
	for (size_t i = 0; i < found->jobs.n; i++) {
		const struct job *job = &found->jobs.at[i];
		size_t before = found->taken.services.n;
		if (job->kind != JOB_COMPOSE)
			continue;
		take_services(&lw->out, job, catalogue, &found->taken);
		if (found->taken.services.n > before)
			vec_push(&lw->out, &files, job->file);
	}
	if (files.n)
		found->source = str_join(&lw->out, files.at, files.n, STR(", "));
}

bool init_find(lanewright *lw, const struct lanewright_init_options *options, const struct catalogue *catalogue,
               struct init_found *found)
{
	const struct job *job;
	found->jobs = *engine_jobs(lw);
	for (size_t i = 0; i < lw->unread_jobs.n; i++)
		init_unread(lw, found, lw->unread_jobs.at[i]);
	init_find_tasks(lw, found);
	if (!choose_job(lw, options, found, &job))
		return false;
	if (job) {
		take_job(&lw->out, &found->jobs, &found->tasks, job, catalogue, &found->taken);
		found->source = str_fmt(&lw->out, "the job %.*s of %.*s", STR_ARG(job->name), STR_ARG(job->file));
	}
	if (found->taken.services.n)
		return true;
	struct str there = job ? str_fmt(&lw->out, "%.*s has none: ", STR_ARG(found->source)) : STR_NONE;
	found->source = STR("what the tests need, booted as the built-in catalogue says");
	take_compose(lw, catalogue, found);
	found->source = str_fmt(&lw->out, "%.*s%.*s", STR_ARG(there), STR_ARG(found->source));
	return true;
}

/* ---- what is beside it ---- */

/* A file of the folder where pytest runs. */
static bool read_beside(lanewright *lw, struct init_found *found, struct str dir, const char *name, struct str *text)
{
	return init_read(lw, found, path_join(&lw->out, dir, str_of(name)), text);
}

static void find_version(lanewright *lw, struct init_found *found, struct str dir, struct proposal *p)
{
	static const char *const files[] = {"uv.lock",
	                                    "poetry.lock",
	                                    "pdm.lock",
	                                    "requirements-test.txt",
	                                    "requirements-dev.txt",
	                                    "requirements_test.txt",
	                                    "requirements_dev.txt",
	                                    "dev-requirements.txt",
	                                    "test-requirements.txt",
	                                    "requirements/test.txt",
	                                    "requirements/tests.txt",
	                                    "requirements/dev.txt",
	                                    "requirements.txt",
	                                    "pyproject.toml",
	                                    "setup.cfg"};
	for (size_t i = 0; i < sizeof files / sizeof *files && !p->pytest_version.n; i++) {
		struct str text;
		unsigned line;
		if (!read_beside(lw, found, dir, files[i], &text))
			continue;
		p->pytest_version = version_of_pytest(text, &line);
		p->pytest_place =
		        str_fmt(&lw->out, "%.*s:%u", STR_ARG(path_join(&lw->out, dir, str_of(files[i]))), line);
	}
}

static void find_pins(lanewright *lw, const struct init_found *found, struct proposal *p)
{
	static const char *const actions[] = {"actions/upload-artifact", "actions/download-artifact"};
	for (size_t i = 0; i < 2; i++)
		if (!take_is_pinned(&found->jobs, actions[i]))
			vec_push(&lw->out, &p->pins, ((struct proposed_pin){str_of(actions[i])}));
}

/* Are parts of coverage that were recorded in different folders joined? */
static bool joins_coverage(lanewright *lw, struct init_found *found, struct str dir)
{
	static const struct {
		const char *file, *section;
	} places[] = {{".coveragerc", "[paths]"},        {"setup.cfg", "[coverage:paths]"},
	              {"tox.ini", "[coverage:paths]"},   {"pyproject.toml", "[tool.coverage.paths]"},
	              {".coveragerc", "relative_files"}, {"setup.cfg", "relative_files"},
	              {"tox.ini", "relative_files"},     {"pyproject.toml", "relative_files"}};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct str text;
		if (read_beside(lw, found, dir, places[i].file, &text) && str_has(text, str_of(places[i].section)))
			return true;
	}
	return false;
}

static void check_coverage(lanewright *lw, struct init_found *found, struct proposal *p)
{
	struct str source = found->taken.coverage;
	if (!source.n || joins_coverage(lw, found, found->taken.dir))
		return;
	vec_push(&lw->out, &p->notes,
	         str_fmt(&lw->out,
	                 "coverage: parts from runners with different roots do not combine; add to pyproject.toml "
	                 "[tool.coverage.paths] with source = [\"%.*s\", \"*/%.*s\"], or [tool.coverage.run] with "
	                 "relative_files = true",
	                 STR_ARG(source), STR_ARG(source)));
}

static void drop_missing_paths(lanewright *lw, struct init_found *found)
{
	strs kept = {0};
	for (size_t i = 0; i < found->taken.paths.n; i++) {
		struct str path = found->taken.paths.at[i];
		if (file_exists(engine_path(lw, str_c(&lw->tmp, path))))
			vec_push(&lw->out, &kept, path);
		else
			take_note(&lw->out, &found->taken, found->taken.pytest_place,
			          "there is no %.*s here, which pytest is told to run", STR_ARG(path));
	}
	found->taken.paths = kept;
}

/* A pytest that is given no paths looks where the settings of its folder say, else through the folder. */
static void find_paths(lanewright *lw, struct init_found *found)
{
	struct taken *taken = &found->taken;
	struct pytest_config pytest = {0};
	struct err ignored = {0};
	strs dirs = {0};
	if (!taken->has_dir || taken->paths.n)
		return;
	vec_push(&lw->out, &dirs, taken->dir);
	if (pytest_config_read(&lw->out, &lw->tmp, lw->root.at, &dirs, &pytest, &ignored))
		for (size_t i = 0; i < pytest.testpaths.n; i++)
			vec_push(&lw->out, &taken->paths, pytest.testpaths.at[i]);
	if (!taken->paths.n)
		taken->paths = dirs;
}

void init_look_around(lanewright *lw, struct init_found *found, struct proposal *proposal)
{
	if (found->taken.job)
		proposal->into = found->taken.job->file;
	find_paths(lw, found);
	drop_missing_paths(lw, found);
	find_version(lw, found, found->taken.dir, proposal);
	if (proposal->pytest_version.n == 0 && found->taken.dir.n)
		find_version(lw, found, STR_NONE, proposal);
	find_pins(lw, found, proposal);
	check_coverage(lw, found, proposal);
}
