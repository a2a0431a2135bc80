/* A line of set_env may begin with the factors that it is for (`pg-py3: DB=...`): which of them a run has is not asked,
 * its value is one of several. */
#include "config/tox.h"

#include "base/buf.h"
#include "config/ini.h"
#include "config/toml.h"

struct toxing {
	struct arena *out;
	struct str text, path;
	job_list *jobs;
	struct err *err;
};

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.at[i];
		bool is_word = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
		if (!is_word)
			return false;
	}
	return s.n > 0;
}

/* `{env:NAME:default}` is its default, which may hold another; what else stands in braces only a run tells. */
static bool substitute(struct arena *out, struct str value, struct str *to, int depth)
{
	size_t open = str_find(value, STR("{"), 0), close = open, nested = 0;
	*to = value;
	if (open == SIZE_MAX)
		return true;
	for (; close < value.n; close++) {
		nested += value.at[close] == '{';
		if (value.at[close] == '}' && --nested == 0)
			break;
	}
	struct str inner = str_slice(value, open + 1, close);
	size_t colon = str_find(inner, STR(":"), 4);
	if (close >= value.n || depth > 4 || !str_starts(inner, STR("env:")) || colon == SIZE_MAX)
		return false;
	struct str whole = str_fmt(out, "%.*s%.*s%.*s", (int)open, value.at, (int)(inner.n - colon - 1),
	                           inner.at + colon + 1, (int)(value.n - close - 1), value.at + close + 1);
	return substitute(out, whole, to, depth + 1);
}

static void add_pair(const struct toxing *t, struct job *job, struct str name, struct str value)
{
	struct str told;
	if (is_name(name) && substitute(t->out, value, &told, 0) && told.n)
		vec_push(t->out, &job->env, ((struct env_pair){name, told}));
}

/* "pg,mysql: DATABASE_URL = ...", "DATABASE_URL=..." */
static void add_line(const struct toxing *t, struct job *job, struct str line)
{
	size_t equals = str_find(line, STR("="), 0), colon = str_find(line, STR(":"), 0);
	if (equals == SIZE_MAX)
		return;
	if (colon < equals)
		line = str_slice(line, colon + 1, line.n);
	equals = str_find(line, STR("="), 0);
	add_pair(t, job, str_trim(str_slice(line, 0, equals)), str_trim(str_slice(line, equals + 1, line.n)));
}

static void add_lines(const struct toxing *t, struct job *job, struct str text)
{
	for (size_t at = 0; at < text.n;) {
		size_t end = str_find(text, STR("\n"), at);
		struct str line = str_trim(str_slice(text, at, end));
		if (line.n && line.at[0] != '#')
			add_line(t, job, line);
		at = end == SIZE_MAX ? text.n : end + 1;
	}
}

static struct str entry_of(const ini_entries *entries, const char *name, uint32_t *line)
{
	for (size_t i = 0; i < entries->n; i++)
		if (str_eq(entries->at[i].name, str_of(name))) {
			*line = entries->at[i].line;
			return entries->at[i].value;
		}
	return STR_NONE;
}

/* "5432:5432/tcp" */
static void add_port(const struct toxing *t, struct job_service *service, struct str text)
{
	uint64_t host, container;
	size_t colon = str_find(text, STR(":"), 0);
	text = str_slice(text, 0, str_find(text, STR("/"), 0));
	if (colon == SIZE_MAX || !str_number(str_slice(text, 0, colon), 65535, &host) ||
	    !str_number(str_slice(text, colon + 1, text.n), 65535, &container))
		return;
	vec_push(t->out, &service->ports, ((struct job_port){(uint32_t)host, (uint32_t)container}));
	vec_push(t->out, &service->ports_map, text);
}

/* [docker:NAME] of tox-docker. */
static void read_docker(const struct toxing *t, struct str name, const ini_entries *entries, struct job *job)
{
	uint32_t line = 0;
	struct job_service service = {.name = name, .image = entry_of(entries, "image", &line)};
	struct str ports = entry_of(entries, "ports", &line);
	service.place = str_fmt(t->out, "%.*s:%u", STR_ARG(t->path), line);
	for (size_t at = 0; at < ports.n;) {
		size_t end = str_find(ports, STR("\n"), at);
		add_port(t, &service, str_trim(str_slice(ports, at, end)));
		at = end == SIZE_MAX ? ports.n : end + 1;
	}
	if (service.image.n)
		vec_push(t->out, &job->services, service);
}

static bool read_section(const struct toxing *t, struct str name, struct job *docker)
{
	ini_entries entries;
	bool found;
	uint32_t line = 0;
	if (!ini_read(t->out, t->text, str_c(t->out, t->path), str_c(t->out, name), &entries, &found, t->err))
		return false;
	if (str_starts(name, STR("docker:"))) {
		read_docker(t, str_slice(name, 7, name.n), &entries, docker);
		return true;
	}
	struct str lines = entry_of(&entries, "set_env", &line);
	if (!lines.n)
		lines = entry_of(&entries, "setenv", &line);
	struct job job = {.kind = JOB_TOX, .file = t->path, .name = name};
	job.place = str_fmt(t->out, "%.*s:%u", STR_ARG(t->path), line);
	add_lines(t, &job, lines);
	if (job.env.n)
		vec_push(t->out, t->jobs, job);
	return true;
}

/* "[testenv:py311]" is testenv:py311; "" for a line that begins no section. */
static struct str section_of(struct str line)
{
	size_t close = str_find(line, STR("]"), 0);
	return str_starts(line, STR("[")) && close != SIZE_MAX ? str_slice(line, 1, close) : STR_NONE;
}

static bool read_ini(const struct toxing *t)
{
	struct job docker = {.kind = JOB_TOX, .file = t->path, .name = STR("docker"), .place = t->path};
	for (size_t at = 0; at < t->text.n;) {
		size_t end = str_find(t->text, STR("\n"), at);
		struct str name = section_of(str_slice(t->text, at, end));
		bool is_wanted = str_eq(name, STR("testenv")) || str_starts(name, STR("testenv:")) ||
		                 str_starts(name, STR("docker:"));
		if (is_wanted && !read_section(t, name, &docker))
			return false;
		at = end == SIZE_MAX ? t->text.n : end + 1;
	}
	if (docker.services.n)
		vec_push(t->out, t->jobs, docker);
	return true;
}

/* {set_env = {NAME = "value"}} of one environment. */
static void read_table(const struct toxing *t, const struct toml_value *table)
{
	const struct toml_value *env = toml_get(table, "set_env");
	if (!env || env->kind != TOML_TABLE)
		return;
	struct job job = {.kind = JOB_TOX, .file = t->path, .name = table->key};
	job.place = str_fmt(t->out, "%.*s:%u", STR_ARG(t->path), env->key_line);
	for (size_t i = 0; i < env->n; i++)
		if (env->at[i].kind == TOML_STRING)
			add_pair(t, &job, env->at[i].key, env->at[i].text);
	if (job.env.n)
		vec_push(t->out, t->jobs, job);
}

static bool read_toml(struct toxing *t)
{
	struct toml_value top;
	if (!toml_parse(t->out, t->text, str_c(t->out, t->path), &top, t->err))
		return false;
	bool is_pyproject = str_eq(path_base(t->path), STR("pyproject.toml"));
	const struct toml_value *tox = is_pyproject ? toml_get(toml_get(&top, "tool"), "tox") : &top;
	const struct toml_value *legacy = toml_get(tox, "legacy_tox_ini"), *all = toml_get(tox, "env");
	read_table(t, toml_get(tox, "env_run_base"));
	for (size_t i = 0; all && all->kind == TOML_TABLE && i < all->n; i++)
		read_table(t, &all->at[i]);
	if (!legacy || legacy->kind != TOML_STRING)
		return true;
	t->text = legacy->text;
	return read_ini(t);
}

bool tox_read(struct arena *out, struct str text, struct str path, job_list *jobs, struct err *err)
{
	struct toxing t = {.out = out, .text = text, .path = path, .jobs = jobs, .err = err};
	if (!str_ends(path, STR(".toml")))
		return read_ini(&t);
	return !str_has(text, STR("tox")) && str_eq(path_base(path), STR("pyproject.toml")) ? true : read_toml(&t);
}
