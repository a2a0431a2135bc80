/* Jobs, their services, their steps, as a file of `.github/workflows` has them. */
#include "project/workflow.h"

#include "project/matrix.h"
#include "project/parts.h"

static struct str first_or_text(const struct part_source *s, size_t map, const char *key)
{
	strs list = part_texts(s, map, key);
	return list.n ? str_join(s->out, list.at, list.n, STR(", ")) : STR_NONE;
}

/* `container: image` or `container: {image: ...}`. */
static struct str container_of(const struct part_source *s, size_t job)
{
	size_t map = part_map(s, job, "container");
	return map ? part_text(s, map, "image") : part_text(s, job, "container");
}

static void read_env(const struct part_source *s, size_t map, struct job *job)
{
	env_list env = {0};
	part_env(s, map, "env", &env);
	for (size_t i = 0; i < env.n; i++)
		vec_push(s->out, &job->env, env.at[i]);
}

static struct job_service service_of(const struct part_source *s, struct str name, size_t at)
{
	struct job_service service = {.name = name, .place = part_place(s, at)};
	env_list env = {0};
	if (s->events.at[at].kind == YAML_SCALAR)
		service.image = s->events.at[at].value;
	else
		service.image = part_text(s, at, "image");
	service.volumes = part_texts(s, at, "volumes");
	service.unread = part_other_keys(s, at, "image env ports options volumes");
	service.options = part_text(s, at, "options");
	vec_push(s->out, &service.names, name);
	part_ports(s, at, "ports", &service);
	part_env(s, at, "env", &env);
	for (size_t i = 0; i < env.n; i++)
		vec_push(s->out, &service.env, env.at[i]);
	return service;
}

static void read_services(const struct part_source *s, size_t map, struct job *job)
{
	size_t services = part_map(s, map, "services"), at = 0, value;
	struct str name;
	job->has_hidden_services = !services && part_text(s, map, "services").n > 0;
	while (services && part_next(s, services, &at, &name, &value))
		vec_push(s->out, &job->services, service_of(s, name, value));
}

static size_t line_start(struct str text, size_t at)
{
	while (at > 0 && text.at[at - 1] != '\n')
		at--;
	return at;
}

/* Blank lines, and comments that stand further left than the steps, speak of what comes next. */
static size_t without_tail(struct str text, size_t from, size_t end, size_t column)
{
	while (end > from) {
		size_t start = line_start(text, end - 1);
		struct str line = str_slice(text, start, end), trimmed = str_trim(line);
		bool is_outside = str_starts(trimmed, STR("#")) && (size_t)(trimmed.at - line.at) < column;
		if (trimmed.n && !is_outside)
			break;
		end = start;
	}
	return end;
}

/* From the line of its dash to where the next item, or what follows the list, begins. */
static struct str step_text(const struct part_source *s, size_t at)
{
	const struct yaml_event *step = &s->events.at[at], *next = &s->events.at[yaml_skip(&s->events, at)];
	size_t from = line_start(s->text, step->from), end = next->from;
	size_t column = step->column < 2 ? 0 : step->column - 2;
	if (end < s->text.n)
		end = line_start(s->text, end);
	return str_slice(s->text, from, without_tail(s->text, from, end, column));
}

static void read_step(const struct part_source *s, size_t at, size_t map, struct job *job)
{
	struct job_step step = {
	        .id = part_text(s, map, "id"),
	        .name = part_text(s, map, "name"),
	        .dir = part_text(s, map, "working-directory"),
	        .uses = part_text(s, map, "uses"),
	        .run = part_text(s, map, "run"),
	        .if_ = part_text(s, map, "if"),
	        .shell = part_text(s, map, "shell"),
	        .text = step_text(s, at),
	        .place = part_place(s, at),
	};
	env_list env = {0}, with = {0};
	part_env(s, map, "env", &env);
	part_env(s, map, "with", &with);
	for (size_t i = 0; i < env.n; i++)
		vec_push(s->out, &step.env, env.at[i]);
	for (size_t i = 0; i < with.n; i++)
		vec_push(s->out, &step.with, with.at[i]);
	vec_push(s->out, &job->steps, step);
}

static void read_steps(const struct part_source *s, size_t map, struct job *job)
{
	size_t steps = yaml_find(&s->events, map, STR("steps")), at = 0, value;
	if (!steps)
		return;
	steps = yaml_node(&s->events, steps);
	while (part_next_item(s, steps, &at, &value))
		if (s->events.at[value].kind == YAML_MAP)
			read_step(s, at, value, job);
}

/* defaults: {run: {working-directory: ...}} of the job, else of the workflow. */
static struct str default_dir(const struct part_source *s, size_t root, size_t job)
{
	size_t own = part_map(s, job, "defaults"), file = part_map(s, root, "defaults");
	struct str dir = own ? part_text(s, part_map(s, own, "run"), "working-directory") : STR_NONE;
	return dir.n || !file ? dir : part_text(s, part_map(s, file, "run"), "working-directory");
}

/* Keys below `container:` beside its image, and rights beyond the one that the emitted jobs have. */
static void note_unread(const struct part_source *s, size_t map, struct job *job)
{
	size_t container = part_map(s, map, "container"), rights = part_map(s, map, "permissions");
	strs keys = container ? part_other_keys(s, container, "image") : (strs){0};
	for (size_t i = 0; i < keys.n; i++)
		vec_push(s->out, &job->unread, str_fmt(s->out, "container.%.*s", STR_ARG(keys.at[i])));
	keys = rights ? part_other_keys(s, rights, "contents") : (strs){0};
	for (size_t i = 0; i < keys.n; i++)
		vec_push(s->out, &job->unread, str_fmt(s->out, "permissions.%.*s", STR_ARG(keys.at[i])));
	bool is_more = !rights && str_has(part_text(s, map, "permissions"), STR("write"));
	if (is_more || (rights && str_eq(part_text(s, rights, "contents"), STR("write"))))
		vec_push(s->out, &job->unread, STR("permissions"));
}

static void read_job(const struct part_source *s, struct str name, size_t map, size_t root, job_list *jobs)
{
	uint64_t minutes;
	struct job job = {
	        .kind = JOB_GITHUB,
	        .file = s->path,
	        .name = name,
	        .title = part_text(s, map, "name"),
	        .runs_on = first_or_text(s, map, "runs-on"),
	        .container = container_of(s, map),
	        .if_ = part_text(s, map, "if"),
	        .needs = part_texts(s, map, "needs"),
	        .dir = default_dir(s, root, map),
	        .has_list_of_labels = part_list(s, map, "runs-on") > 0,
	        .unread = part_other_keys(s, map,
	                                  "name runs-on container if needs timeout-minutes env services steps strategy "
	                                  "defaults permissions"),
	        .place = part_place(s, map),
	        .from = s->events.at[map].from,
	};
	note_unread(s, map, &job);
	if (str_number(part_text(s, map, "timeout-minutes"), 100000, &minutes))
		job.timeout_minutes = (int64_t)minutes;
	read_env(s, root, &job);
	job.n_file_env = job.env.n;
	read_env(s, map, &job);
	matrix_read(s, map, &job);
	read_services(s, map, &job);
	read_steps(s, map, &job);
	vec_push(s->out, jobs, job);
}

bool workflow_read(struct arena *out, struct str text, struct str path, job_list *jobs, struct err *err)
{
	struct part_source s = {.out = out, .text = text, .path = path};
	size_t at = 0, value;
	struct str name;
	if (!part_read(&s, err))
		return false;
	size_t map = part_map(&s, 0, "jobs");
	while (map && part_next(&s, map, &at, &name, &value))
		if (s.events.at[value].kind == YAML_MAP && !part_text(&s, value, "uses").n)
			read_job(&s, name, value, 0, jobs);
	return true;
}
