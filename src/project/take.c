/* Services, settings of the job, and coverage that other jobs upload; its steps are dealt out by take_steps.c. */
#include "project/take.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "project/known.h"
#include "project/matrix.h"
#include "project/take_steps.h"

void take_note(struct arena *out, struct taken *taken, struct str place, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	vec_push(out, &taken->notes, str_fmt(out, "%.*s: %s", STR_ARG(place), text));
}

static struct str fill(struct arena *out, const struct job *job, struct str text)
{
	bool changed = false;
	return matrix_fill(out, job, text, false, &changed);
}

/* ---- services ---- */

static bool is_name_used(const struct taken *taken, struct str name)
{
	for (size_t i = 0; i < taken->services.n; i++)
		if (str_eq(taken->services.at[i].name, name))
			return true;
	return false;
}

static void add_host(struct arena *out, struct taken_service *to, struct str host)
{
	for (size_t i = 0; i < to->hosts.n; i++)
		if (str_eq(to->hosts.at[i], host))
			return;
	vec_push(out, &to->hosts, host);
}

/* The catalogue's name knows hosts and ports of its own; a name of the user's must say both. */
static void add_hosts(struct arena *out, const struct job *job, const struct job_service *from,
                      struct taken_service *to)
{
	for (size_t i = 0; i < from->names.n; i++)
		add_host(out, to, from->names.at[i]);
	for (size_t i = 0; i < from->ports.n; i++)
		if (from->ports.at[i].host && !job_is_in_container(job))
			add_host(out, to, str_fmt(out, "localhost:%u", from->ports.at[i].host));
}

/* In a job that runs in a container the service is reached by the name it has now. */
static struct str options_of(struct arena *out, const struct job *job, const struct job_service *from, struct str name)
{
	struct str options = str_trim(fill(out, job, from->options));
	for (size_t i = 0; i < from->volumes.n; i++)
		options = str_fmt(out, "%.*s%s--volume %.*s", STR_ARG(options), options.n ? " " : "",
		                  STR_ARG(from->volumes.at[i]));
	if (job->kind == JOB_GITHUB && job_is_in_container(job) && !str_eq(from->name, name))
		options = str_fmt(out, "%.*s%s--network-alias %.*s", STR_ARG(options), options.n ? " " : "",
		                  STR_ARG(from->name));
	return options;
}

static void add_service(struct arena *out, const struct job *job, const struct job_service *from,
                        const struct catalogue *catalogue, struct taken *taken)
{
	struct taken_service to = {.name = from->name, .image = fill(out, job, from->image), .place = from->place};
	int known = known_service(catalogue, to.image, from->name);
	if (known >= 0 && !is_name_used(taken, catalogue->services.at[known].name)) {
		to.name = catalogue->services.at[known].name;
		to.is_known = true;
	}
	if (is_name_used(taken, to.name)) {
		take_note(out, taken, from->place, "the service %.*s is left out: its name stands for another already",
		          STR_ARG(from->name));
		return;
	}
	to.options = options_of(out, job, from, to.name);
	for (size_t i = 0; i < from->ports_map.n; i++)
		vec_push(out, &to.ports, fill(out, job, from->ports_map.at[i]));
	for (size_t i = 0; i < from->env.n; i++)
		vec_push(out, &to.env, (struct env_pair){from->env.at[i].name, fill(out, job, from->env.at[i].value)});
	add_hosts(out, job, from, &to);
	for (size_t i = 0; i < from->unread.n; i++)
		take_note(out, taken, from->place, "`%.*s` of the service %.*s has no key in the config",
		          STR_ARG(from->unread.at[i]), STR_ARG(from->name));
	if (!to.image.n)
		take_note(out, taken, from->place,
		          "the service %.*s has no image in the first combination of the matrix", STR_ARG(from->name));
	vec_push(out, &taken->services, to);
}

void take_services(struct arena *out, const struct job *job, const struct catalogue *catalogue, struct taken *taken)
{
	for (size_t i = 0; i < job->services.n; i++)
		if (job->services.at[i].image.n)
			add_service(out, job, &job->services.at[i], catalogue, taken);
	if (job->has_hidden_services)
		take_note(out, taken, job->place, "`services:` is an expression: write [services] yourself");
}

/* ---- the job ---- */

/* Expressions speak of a service by the name it had: job.services.db.ports[5432]. */
static struct str renamed(struct arena *out, const struct taken *taken, struct str text)
{
	for (size_t i = 0; i < taken->services.n && str_has(text, STR("job.services.")); i++) {
		const struct taken_service *service = &taken->services.at[i];
		if (service->hosts.n == 0 || str_eq(service->hosts.at[0], service->name))
			continue;
		struct str old = str_fmt(out, "job.services.%.*s.", STR_ARG(service->hosts.at[0]));
		size_t at = str_find(text, old, 0);
		if (at != SIZE_MAX)
			text = str_fmt(out, "%.*sjob.services.%.*s.%.*s", (int)at, text.at, STR_ARG(service->name),
			               STR_ARG(str_slice(text, at + old.n, text.n)));
	}
	return text;
}

static void take_env(struct arena *out, const struct job *job, struct taken *taken)
{
	for (size_t i = job->n_file_env; i < job->env.n; i++)
		vec_push(out, &taken->job_env,
		         (struct taken_env){job->env.at[i].name,
		                            renamed(out, taken, fill(out, job, job->env.at[i].value)), job->place});
	for (size_t i = 0; i < taken->env.n; i++)
		taken->env.at[i].value = renamed(out, taken, taken->env.at[i].value);
}

static void note_matrix(struct arena *out, const struct job *job, struct taken *taken)
{
	strs values = {0};
	for (size_t i = 0; i < job->matrix.n; i++)
		vec_push(out, &values,
		         str_fmt(out, "%.*s = %.*s", STR_ARG(job->matrix.at[i].name),
		                 STR_ARG(str_slice(job->matrix.at[i].value, 0, 40))));
	struct str all = str_join(out, values.at, values.n, STR(", "));
	if (job->n_combinations > 1)
		take_note(out, taken, job->place, "of %zu combinations of the matrix only the first is taken: %.*s",
		          job->n_combinations, STR_ARG(all));
	else if (job->n_combinations == 0 && str_has(job->title, STR("matrix.")))
		take_note(out, taken, job->place, "the matrix is an expression: its values are empty here");
}

static void take_settings(struct arena *out, const struct job *job, struct taken *taken)
{
	bool changed = false;
	taken->runs_on = fill(out, job, job->runs_on);
	taken->container = fill(out, job, job->container);
	taken->if_ = matrix_fill(out, job, job->if_, true, &changed);
	if (job->has_list_of_labels && str_has(job->runs_on, STR(", "))) {
		take_note(out, taken, job->place, "runs-on is a list of labels, [%.*s]: only the last one is taken",
		          STR_ARG(job->runs_on));
		taken->runs_on =
		        str_trim(str_slice(job->runs_on, str_rfind_char(job->runs_on, ',') + 1, job->runs_on.n));
	}
	for (size_t i = 0; i < job->needs.n; i++)
		take_note(out, taken, job->place, "needs: %.*s; the lanes wait only for jobs whose results they read",
		          STR_ARG(job->needs.at[i]));
	for (size_t i = 0; i < job->unread.n; i++)
		take_note(out, taken, job->place, "`%.*s` of the job has no key in the config",
		          STR_ARG(job->unread.at[i]));
	note_matrix(out, job, taken);
}

/* ---- coverage of other jobs ---- */

static struct str with(const struct job_step *step, const char *name)
{
	for (size_t i = 0; i < step->with.n; i++)
		if (str_eq(step->with.at[i].name, str_of(name)))
			return str_trim(step->with.at[i].value);
	return STR_NONE;
}

static void take_part(struct arena *out, const struct job *job, const struct job_step *step, struct taken *taken)
{
	struct str path = with(step, "path"), name = with(step, "name");
	if (!str_has(step->uses, STR("upload-artifact")) || !str_has(path, STR(".coverage")))
		return;
	bool is_plain = name.n && !str_has(name, STR("${{")) && !str_has(path, STR("${{")) &&
	                !str_has(path, STR("*")) && !str_has(path, STR("\n"));
	if (!is_plain)
		take_note(
		        out, taken, step->place,
		        "the job %.*s uploads coverage data under a name that is no constant: add [[emit.github.part]] by hand",
		        STR_ARG(job->name));
	else
		vec_push(out, &taken->parts, (struct part_config){job->name, name, path_base(path)});
}

static void take_parts(struct arena *out, const job_list *jobs, const struct job *job, struct taken *taken)
{
	for (size_t i = 0; i < jobs->n; i++) {
		const struct job *other = &jobs->at[i];
		if (other == job || other->kind != JOB_GITHUB || !str_eq(other->file, job->file))
			continue;
		for (size_t k = 0; k < other->steps.n; k++)
			take_part(out, other, &other->steps.at[k], taken);
	}
}

bool take_is_pinned(const job_list *jobs, const char *action)
{
	struct str prefix = str_of(action);
	for (size_t i = 0; i < jobs->n; i++)
		for (size_t k = 0; k < jobs->at[i].steps.n; k++) {
			struct str uses = jobs->at[i].steps.at[k].uses;
			if (!str_starts(uses, prefix) || uses.n < prefix.n + 2 || uses.at[prefix.n] != '@')
				continue;
			struct str version = str_slice(uses, prefix.n + 1, uses.n);
			bool is_old = version.n < 40 && version.at[0] == 'v' && strchr("123", version.at[1]) &&
			              (version.n == 2 || version.at[2] == '.');
			if (!is_old)
				return true;
		}
	return false;
}

void take_job(struct arena *out, const job_list *jobs, const task_list *tasks, const struct job *job,
              const struct catalogue *catalogue, struct taken *taken)
{
	taken->job = job;
	take_services(out, job, catalogue, taken);
	take_settings(out, job, taken);
	take_steps(out, job, tasks, catalogue, taken);
	take_env(out, job, taken);
	if (taken->coverage.n)
		take_parts(out, jobs, job, taken);
}
