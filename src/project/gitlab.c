/* A key at the top that is none of GitLab's own is a job; one with a dot before it is a template of jobs.  Jobs run in a
 * container, and reach a service by its image's name or its alias. */
#include "project/gitlab.h"

#include <string.h>

#include "project/parts.h"

enum { EXTENDS_MOST = 8 };

struct pipeline {
	const struct part_source *s;
	job_list *jobs;
};

static bool is_job(struct str key)
{
	static const char *const own[] = {"default",  "include", "stages",        "variables",    "workflow", "image",
	                                  "services", "cache",   "before_script", "after_script", "spec"};
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (str_eq(key, str_of(own[i])))
			return false;
	return key.n > 0;
}

/* "registry.org/tutum/wordpress:5" is reached as tutum-wordpress and as tutum__wordpress. */
static void add_names(struct arena *out, struct str image, strs *names)
{
	size_t slash = str_find(image, STR("/"), 0);
	struct str first = str_slice(image, 0, slash);
	if (slash != SIZE_MAX && (str_has(first, STR(".")) || str_has(first, STR(":"))))
		image = str_slice(image, slash + 1, image.n);
	image = str_slice(image, 0, str_find(image, STR("@"), 0));
	size_t tag = str_rfind_char(image, ':');
	struct str dashes = str_copy(out, str_slice(image, 0, tag)), lines = STR_NONE;
	for (size_t i = 0; i < dashes.n; i++)
		if (dashes.at[i] == '/') {
			lines = str_fmt(out, "%.*s__%.*s", (int)i, dashes.at, (int)(dashes.n - i - 1),
			                dashes.at + i + 1);
			((char *)dashes.at)[i] = '-';
		}
	if (dashes.n)
		vec_push(out, names, dashes);
	if (lines.n)
		vec_push(out, names, lines);
}

/* `variables:` of a map, where a variable may be a text or {value: text, description: ...}. */
static void add_variables(const struct part_source *s, size_t map, env_list *env)
{
	size_t variables = part_map(s, map, "variables"), at = 0, value;
	struct str name;
	while (variables && part_next(s, variables, &at, &name, &value)) {
		const struct yaml_event *event = &s->events.at[value];
		struct str text = event->kind == YAML_SCALAR ? event->value : part_text(s, value, "value");
		if (text.n)
			vec_push(s->out, env, ((struct env_pair){name, text}));
	}
}

static void add_service(const struct part_source *s, size_t at, struct job *job)
{
	struct job_service service = {.place = part_place(s, at)};
	env_list env = {0};
	bool is_text = s->events.at[at].kind == YAML_SCALAR;
	service.image = is_text ? s->events.at[at].value : part_text(s, at, "name");
	add_names(s->out, service.image, &service.names);
	struct str alias = is_text ? STR_NONE : part_text(s, at, "alias");
	for (size_t from = 0; from < alias.n;) {
		size_t to = from;
		while (to < alias.n && alias.at[to] != ' ' && alias.at[to] != ',')
			to++;
		if (to > from)
			vec_push(s->out, &service.names, str_slice(alias, from, to));
		from = to + 1;
	}
	add_variables(s, at, &env);
	for (size_t i = 0; i < env.n; i++)
		vec_push(s->out, &service.env, env.at[i]);
	service.name = service.names.n ? service.names.at[service.names.n - 1] : service.image;
	if (service.image.n)
		vec_push(s->out, &job->services, service);
}

/* The first of these maps that has `services:`; they replace each other. */
static void add_services(const struct part_source *s, const size_t *maps, size_t n, struct job *job)
{
	for (size_t i = 0; i < n; i++) {
		size_t list = part_list(s, maps[i], "services"), at = 0, value;
		while (list && part_next_item(s, list, &at, &value))
			add_service(s, value, job);
		if (list)
			return;
	}
}

/* parallel: {matrix: [{DB: [a, b]}, ...]}: each is a variable of the job. */
static void add_matrix(const struct part_source *s, size_t map, struct job *job)
{
	size_t parallel = part_map(s, map, "parallel"), list = parallel ? part_list(s, parallel, "matrix") : 0;
	size_t item = 0, entry;
	while (list && part_next_item(s, list, &item, &entry)) {
		size_t at = 0, value;
		struct str key;
		while (part_next(s, entry, &at, &key, &value)) {
			strs values = part_texts(s, entry, str_c(s->out, key));
			for (size_t i = 0; i < values.n; i++)
				vec_push(s->out, &job->env, ((struct env_pair){key, values.at[i]}));
		}
	}
}

/* The map itself, what it extends, and on; the nearest first. */
static size_t bases_of(const struct part_source *s, size_t map, size_t bases[EXTENDS_MOST])
{
	size_t n = 0;
	bases[n++] = map;
	for (size_t i = 0; i < n; i++) {
		strs names = part_texts(s, bases[i], "extends");
		for (size_t k = names.n; k-- > 0 && n < EXTENDS_MOST;) {
			size_t base = part_map(s, 0, str_c(s->out, names.at[k]));
			if (base)
				bases[n++] = base;
		}
	}
	return n;
}

static struct str image_of(const struct part_source *s, const size_t *maps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t map = part_map(s, maps[i], "image");
		struct str image = map ? part_text(s, map, "name") : part_text(s, maps[i], "image");
		if (image.n)
			return image;
	}
	return STR("the runner's");
}

static void read_job(const struct part_source *s, struct str name, size_t map, job_list *jobs)
{
	size_t maps[EXTENDS_MOST + 2], n = bases_of(s, map, maps), own = n, preset = part_map(s, 0, "default");
	struct job job = {.kind = JOB_GITLAB, .file = s->path, .name = name, .place = part_place(s, map)};
	env_list env = {0};
	if (preset)
		maps[n++] = preset;
	maps[n++] = 0;
	job.container = image_of(s, maps, n);
	add_services(s, maps, n, &job);
	for (size_t i = own; i-- > 0;)
		add_variables(s, maps[i], &env);
	for (size_t i = 0; i < env.n; i++)
		vec_push(s->out, &job.env, env.at[i]);
	for (size_t i = 0; i < own; i++)
		add_matrix(s, maps[i], &job);
	vec_push(s->out, jobs, job);
}

/* The variables of the file are those of all its jobs. */
static void read_globals(const struct part_source *s, job_list *jobs, size_t from)
{
	env_list env = {0};
	add_variables(s, 0, &env);
	for (size_t j = from; j < jobs->n; j++)
		for (size_t i = 0; i < env.n; i++) {
			bool is_own = false;
			for (size_t k = 0; k < jobs->at[j].env.n && !is_own; k++)
				is_own = str_eq(jobs->at[j].env.at[k].name, env.at[i].name);
			if (!is_own)
				vec_push(s->out, &jobs->at[j].env, env.at[i]);
		}
}

bool gitlab_read(struct arena *out, struct str text, struct str path, job_list *jobs, struct err *err)
{
	struct part_source s = {.out = out, .text = text, .path = path};
	size_t at = 0, value, before = jobs->n;
	struct str name;
	if (!part_read(&s, err))
		return false;
	while (s.events.n && part_next(&s, 0, &at, &name, &value))
		if (s.events.at[value].kind == YAML_MAP && is_job(name))
			read_job(&s, name, value, jobs);
	read_globals(&s, jobs, before);
	return true;
}
