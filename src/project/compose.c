/* The services of a compose file: reached on localhost at their published ports, and by their names from beside. */
#include "project/compose.h"

#include "base/buf.h"
#include "project/parts.h"

bool compose_is_name(struct str file)
{
	bool is_yaml = str_ends(file, STR(".yml")) || str_ends(file, STR(".yaml"));
	struct str stem = str_starts(file, STR("docker-")) ? str_slice(file, 7, file.n) : file;
	return is_yaml && str_starts(stem, STR("compose")) && stem.n > 7 && (stem.at[7] == '.' || stem.at[7] == '-');
}

static void add_name(const struct part_source *s, strs *names, struct str name)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->at[i], name))
			return;
	if (name.n)
		vec_push(s->out, names, name);
}

/* The key, container_name, hostname, and the aliases of every network. */
static strs names_of(const struct part_source *s, struct str key, size_t map)
{
	strs names = {0};
	size_t networks = part_map(s, map, "networks"), at = 0, value;
	struct str network;
	add_name(s, &names, key);
	add_name(s, &names, part_text(s, map, "container_name"));
	add_name(s, &names, part_text(s, map, "hostname"));
	while (networks && part_next(s, networks, &at, &network, &value)) {
		strs aliases = part_texts(s, value, "aliases");
		for (size_t i = 0; i < aliases.n; i++)
			add_name(s, &names, aliases.at[i]);
	}
	return names;
}

/* A port that is only exposed is one that its neighbours reach. */
static void add_exposed(const struct part_source *s, size_t map, struct job_service *service)
{
	strs exposed = part_texts(s, map, "expose");
	for (size_t i = 0; i < exposed.n; i++) {
		uint64_t number;
		if (str_number(exposed.at[i], 65535, &number))
			vec_push(s->out, &service->ports, (struct job_port){0, (uint32_t)number});
	}
}

/* `${PG:-15}` is 15 and `${PG-15}` too; `${PG}` stays, nobody here knows it. */
static struct str with_defaults(struct arena *out, struct str text)
{
	struct buf buf;
	buf_init(&buf, out);
	for (size_t at = 0; at < text.n;) {
		size_t open = str_find(text, STR("${"), at), close = str_find(text, STR("}"), open);
		buf_add(&buf, str_slice(text, at, close == SIZE_MAX ? text.n : open));
		if (close == SIZE_MAX)
			break;
		struct str inner = str_slice(text, open + 2, close);
		size_t dash = str_find(inner, STR("-"), 0);
		buf_add(&buf,
		        dash == SIZE_MAX ? str_slice(text, open, close + 1) : str_slice(inner, dash + 1, inner.n));
		at = close + 1;
	}
	return buf_str(&buf);
}

/* ["CMD", "pg_isready", "-q"], ["CMD-SHELL", "a line"], or a line. */
static struct str health_command(const struct part_source *s, size_t map)
{
	strs words = part_texts(s, map, "test");
	size_t from = words.n && str_starts(words.at[0], STR("CMD")) ? 1 : 0;
	return words.n ? str_join(s->out, words.at + from, words.n - from, STR(" ")) : STR_NONE;
}

/* `healthcheck:` as the options that say the same to `docker create`. */
static struct str health_options(const struct part_source *s, size_t service)
{
	static const struct {
		const char *key, *option;
	} rows[] = {{"interval", "interval"},
	            {"timeout", "timeout"},
	            {"retries", "retries"},
	            {"start_period", "start-period"}};
	size_t map = part_map(s, service, "healthcheck");
	struct str command = map ? health_command(s, map) : STR_NONE;
	struct buf buf;
	if (command.n == 0 || str_eq(command, STR("NONE")))
		return STR_NONE;
	buf_init(&buf, s->out);
	buf_lit(&buf, "--health-cmd \"");
	for (size_t i = 0; i < command.n; i++) {
		bool is_doubled = command.at[i] == '$' && i + 1 < command.n && command.at[i + 1] == '$';
		if (command.at[i] == '"' || command.at[i] == '\\')
			buf_char(&buf, '\\');
		buf_char(&buf, command.at[i]);
		i += is_doubled; /* compose writes $$ for $ */
	}
	buf_char(&buf, '"');
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str value = part_text(s, map, rows[i].key);
		if (value.n)
			buf_fmt(&buf, " --health-%s %.*s", rows[i].option, STR_ARG(value));
	}
	return buf_str(&buf);
}

static void read_service(const struct part_source *s, struct str key, size_t map, struct job *job)
{
	struct job_service service = {.name = key, .place = part_place(s, map)};
	env_list env = {0};
	service.image = with_defaults(s->out, part_text(s, map, "image"));
	service.options = health_options(s, map);
	service.names = names_of(s, key, map);
	part_ports(s, map, "ports", &service);
	add_exposed(s, map, &service);
	part_env(s, map, "environment", &env);
	for (size_t i = 0; i < env.n; i++)
		vec_push(s->out, &service.env, env.at[i]);
	vec_push(s->out, &job->services, service);
}

bool compose_read(struct arena *out, struct str text, struct str path, job_list *jobs, struct err *err)
{
	struct part_source s = {.out = out, .text = text, .path = path};
	struct job job = {.kind = JOB_COMPOSE, .file = path};
	size_t at = 0, value;
	struct str name;
	if (!part_read(&s, err))
		return false;
	size_t map = part_map(&s, 0, "services");
	while (map && part_next(&s, map, &at, &name, &value))
		if (s.events.at[value].kind == YAML_MAP)
			read_service(&s, name, value, &job);
	if (!map || job.services.n == 0)
		return true;
	job.place = part_place(&s, map);
	vec_push(out, jobs, job);
	return true;
}
