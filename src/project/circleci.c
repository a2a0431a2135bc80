/* The first image of `docker:` is where the steps run; the others are services, on its localhost at their own ports, and
 * by their name where they have one. */
#include "project/circleci.h"

#include "project/parts.h"

static void add_env(const struct part_source *s, size_t map, struct job *job)
{
	env_list env = {0};
	part_env(s, map, "environment", &env);
	for (size_t i = 0; i < env.n; i++)
		vec_push(s->out, &job->env, env.at[i]);
}

static void add_service(const struct part_source *s, size_t map, struct job *job)
{
	struct job_service service = {.image = part_text(s, map, "image"), .place = part_place(s, map)};
	env_list env = {0};
	struct str name = part_text(s, map, "name");
	part_env(s, map, "environment", &env);
	for (size_t i = 0; i < env.n; i++)
		vec_push(s->out, &service.env, env.at[i]);
	if (name.n)
		vec_push(s->out, &service.names, name);
	service.name = name.n ? name : image_base(service.image);
	if (service.image.n)
		vec_push(s->out, &job->services, service);
}

static void add_containers(const struct part_source *s, size_t map, struct job *job)
{
	size_t list = part_list(s, map, "docker"), at = 0, value, n = 0;
	while (list && part_next_item(s, list, &at, &value)) {
		if (s->events.at[value].kind != YAML_MAP)
			continue;
		if (n++ > 0)
			add_service(s, value, job);
		else
			add_env(s, value, job);
	}
}

/* `executor: name` or `executor: {name: name}`. */
static size_t executor_of(const struct part_source *s, size_t map)
{
	size_t inner = part_map(s, map, "executor"), all = part_map(s, 0, "executors");
	struct str name = inner ? part_text(s, inner, "name") : part_text(s, map, "executor");
	return name.n && all ? part_map(s, all, str_c(s->out, name)) : 0;
}

/* steps: [{run: {environment: {...}}}] */
static void add_steps(const struct part_source *s, size_t map, struct job *job)
{
	size_t list = part_list(s, map, "steps"), at = 0, value;
	while (list && part_next_item(s, list, &at, &value)) {
		size_t run = s->events.at[value].kind == YAML_MAP ? part_map(s, value, "run") : 0;
		if (run)
			add_env(s, run, job);
	}
}

static void read_job(const struct part_source *s, struct str name, size_t map, job_list *jobs)
{
	struct job job = {.kind = JOB_CIRCLECI, .file = s->path, .name = name, .place = part_place(s, map)};
	size_t executor = executor_of(s, map);
	if (executor) {
		add_containers(s, executor, &job);
		add_env(s, executor, &job);
	}
	add_containers(s, map, &job);
	add_env(s, map, &job);
	add_steps(s, map, &job);
	vec_push(s->out, jobs, job);
}

bool circleci_read(struct arena *out, struct str text, struct str path, job_list *jobs, struct err *err)
{
	struct part_source s = {.out = out, .text = text, .path = path};
	size_t at = 0, value;
	struct str name;
	if (!part_read(&s, err))
		return false;
	size_t map = s.events.n ? part_map(&s, 0, "jobs") : 0;
	while (map && part_next(&s, map, &at, &name, &value))
		if (s.events.at[value].kind == YAML_MAP)
			read_job(&s, name, value, jobs);
	return true;
}
