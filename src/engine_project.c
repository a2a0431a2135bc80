/* The project's own CI: which services its workflows and compose files start. */
#include <dirent.h>
#include <stdlib.h>

#include "config/pytest_env.h"
#include "config/tasks.h"
#include "config/tox.h"
#include "emit/into.h"
#include "engine.h"
#include "project/circleci.h"
#include "project/compose.h"
#include "project/gitlab.h"
#include "project/noxfile.h"
#include "project/values.h"
#include "project/workflow.h"

#define WORKFLOWS ".github/workflows"

static bool is_workflow(struct str name)
{
	return str_ends(name, STR(".yml")) || str_ends(name, STR(".yaml"));
}

/* Files of a folder of the root, by name. */
static strs names_in(lanewright *lw, const char *folder, bool (*is_wanted)(struct str))
{
	strs names = {0};
	DIR *dir = opendir(engine_path(lw, folder));
	if (!dir)
		return names;
	for (const struct dirent *entry; (entry = readdir(dir));)
		if (is_wanted(str_of(entry->d_name)))
			vec_push(&lw->tmp, &names, path_join(&lw->tmp, str_of(folder), str_of(entry->d_name)));
	closedir(dir);
	if (names.n)
		qsort(names.at, names.n, sizeof *names.at, str_cmp_qsort);
	return names;
}

strs engine_workflows(lanewright *lw)
{
	return names_in(lw, WORKFLOWS, is_workflow);
}

typedef bool reader_fn(struct arena *out, struct str text, struct str path, job_list *jobs, struct err *err);

struct str engine_why(lanewright *lw, struct str path, const struct err *err)
{
	struct str text = str_of(err->text), absolute = str_of(engine_path(lw, str_c(&lw->tmp, path)));
	size_t at = str_find(text, absolute, 0);
	if (at == SIZE_MAX)
		return str_copy(&lw->out, text);
	struct str parts[] = {str_slice(text, 0, at), path, str_slice(text, at + absolute.n, text.n)};
	return str_join(&lw->out, parts, 3, STR_NONE);
}

/* A file that `emit` wrote whole says so in its first line. */
static bool is_ours(lanewright *lw, struct str text, const struct job *job)
{
	if (str_starts(text, STR("# Written by `lanewright emit")))
		return true;
	return job->kind == JOB_GITHUB && into_holds(&lw->out, text, INTO_JOBS, job->from);
}

/* A file that is no YAML is its own tool's business: it names no service.  Only `init` tells about it. */
static void read_all(lanewright *lw, strs names, reader_fn *read, job_list *jobs)
{
	for (size_t i = 0; i < names.n; i++) {
		struct err err = {0};
		struct str text = STR_NONE;
		struct str name = str_copy(&lw->out, names.at[i]);
		size_t before = jobs->n;
		if (!file_read(&lw->out, engine_path(lw, name.at), &text, &err) ||
		    !read(&lw->out, text, name, jobs, &err))
			vec_push(&lw->out, &lw->unread_jobs, engine_why(lw, name, &err));
		for (size_t k = before; k < jobs->n; k++)
			jobs->at[k].is_ours = is_ours(lw, text, &jobs->at[k]);
	}
}

/* The file of that name, if it is there. */
static strs the_file(lanewright *lw, const char *name)
{
	strs names = {0};
	if (file_exists(engine_path(lw, name)))
		vec_push(&lw->tmp, &names, str_of(name));
	return names;
}

const job_list *engine_jobs(lanewright *lw)
{
	if (!lw->has_jobs) {
		read_all(lw, engine_workflows(lw), workflow_read, &lw->jobs);
		read_all(lw, names_in(lw, "", compose_is_name), compose_read, &lw->jobs);
		read_all(lw, the_file(lw, ".gitlab-ci.yml"), gitlab_read, &lw->jobs);
		read_all(lw, the_file(lw, ".circleci/config.yml"), circleci_read, &lw->jobs);
		read_all(lw, the_file(lw, "tox.ini"), tox_read, &lw->jobs);
		read_all(lw, the_file(lw, "tox.toml"), tox_read, &lw->jobs);
		read_all(lw, the_file(lw, "pyproject.toml"), tox_read, &lw->jobs);
		lw->has_jobs = true;
	}
	return &lw->jobs;
}

static void read_tasks(lanewright *lw, given_values *given)
{
	struct err ignored = {0};
	struct str text;
	task_list tasks = {0};
	strs none = {0};
	const char *nox = engine_path(lw, "noxfile.py"), *pyproject = engine_path(lw, "pyproject.toml");
	if (file_exists(nox) && file_read(&lw->out, nox, &text, &ignored))
		noxfile_read(&lw->out, text, STR("noxfile.py"), &tasks);
	if (file_exists(pyproject) && file_read(&lw->out, pyproject, &text, &ignored))
		(void)tasks_of_toml(&lw->out, text, STR("pyproject.toml"), &none, &tasks, &ignored);
	values_of_tasks(&lw->out, &tasks, given);
}

static void read_dotenv(lanewright *lw, struct str file, given_values *given)
{
	struct err ignored = {0};
	struct str text;
	const char *path = engine_path(lw, str_c(&lw->tmp, file));
	if (file_exists(path) && file_read(&lw->out, path, &text, &ignored))
		values_of_dotenv(&lw->out, text, str_copy(&lw->out, file), given);
}

void engine_given(lanewright *lw)
{
	given_values *given = &lw->config.given;
	job_list theirs = {0};
	const job_list *jobs = engine_jobs(lw);
	given->n = 0;
	for (size_t i = 0; i < jobs->n; i++)
		if (!jobs->at[i].is_ours)
			vec_push(&lw->tmp, &theirs, jobs->at[i]);
	values_of_jobs(&lw->out, &theirs, given);
	read_tasks(lw, given);
	pytest_env_values(&lw->out, lw->root.at, &lw->pytest, given);
	read_dotenv(lw, STR(".env"), given);
	read_dotenv(lw, STR(".env.test"), given);
	for (size_t i = 0; i < lw->pytest.env_files.n; i++)
		read_dotenv(lw, path_join(&lw->tmp, lw->pytest.rootdir, lw->pytest.env_files.at[i]), given);
	given_settle(given);
}

static bool is_known(const struct lanewright_ci_service *services, size_t n, struct str name, struct str file)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(str_of(services[i].name), name) && str_eq(str_of(services[i].path), file))
			return true;
	return false;
}

static bool show(lanewright *lw, void *args)
{
	(void)args;
	if (lw->ci_services)
		return true;
	job_list jobs = *engine_jobs(lw);
	size_t most = 0;
	for (size_t j = 0; j < jobs.n; j++)
		most += jobs.at[j].services.n;
	lw->ci_services = arena_array(&lw->out, struct lanewright_ci_service, most + 1);
	for (size_t j = 0; j < jobs.n; j++)
		for (size_t i = 0; i < jobs.at[j].services.n; i++) {
			const struct job_service *service = &jobs.at[j].services.at[i];
			if (is_known(lw->ci_services, lw->n_ci_services, service->name, jobs.at[j].file))
				continue;
			lw->ci_services[lw->n_ci_services++] = (struct lanewright_ci_service){
			        .name = str_c(&lw->out, service->name),
			        .image = str_c(&lw->out, service->image),
			        .path = str_c(&lw->out, jobs.at[j].file),
			};
		}
	return true;
}

int lanewright_ci_services(lanewright *lw, const struct lanewright_ci_service **services, size_t *n)
{
	int status = engine_run(lw, show, NULL);
	*services = lw->ci_services;
	*n = lw->n_ci_services;
	return status;
}
