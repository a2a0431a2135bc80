/* Whatever is not of the expected shape reads as if it were not there. */
#include "project/parts.h"

#include <string.h>

static bool is(const struct part_source *s, size_t at, enum yaml_kind kind)
{
	return at < s->events.n && s->events.at[at].kind == kind;
}

bool part_next(const struct part_source *s, size_t map, size_t *at, struct str *key, size_t *value)
{
	*at = *at ? yaml_skip(&s->events, yaml_skip(&s->events, *at)) : map + 1;
	if (!is(s, map, YAML_MAP) || is(s, *at, YAML_MAP_END))
		return false;
	*key = s->events.at[*at].kind == YAML_SCALAR ? s->events.at[*at].value : STR_NONE;
	*value = yaml_node(&s->events, yaml_skip(&s->events, *at));
	return true;
}

bool part_next_item(const struct part_source *s, size_t list, size_t *at, size_t *value)
{
	*at = *at ? yaml_skip(&s->events, *at) : list + 1;
	if (!is(s, list, YAML_LIST) || is(s, *at, YAML_LIST_END))
		return false;
	*value = yaml_node(&s->events, *at);
	return true;
}

static size_t find(const struct part_source *s, size_t map, const char *key)
{
	size_t at = yaml_find(&s->events, map, str_of(key));
	return at ? yaml_node(&s->events, at) : 0;
}

size_t part_map(const struct part_source *s, size_t map, const char *key)
{
	size_t at = find(s, map, key);
	return at && is(s, at, YAML_MAP) ? at : 0;
}

size_t part_list(const struct part_source *s, size_t map, const char *key)
{
	size_t at = find(s, map, key);
	return at && is(s, at, YAML_LIST) ? at : 0;
}

static bool is_word_of(const char *words, struct str word)
{
	size_t at = str_find(str_of(words), word, 0);
	for (; at != SIZE_MAX; at = str_find(str_of(words), word, at + 1)) {
		char before = at ? words[at - 1] : ' ', after = words[at + word.n];
		if (before == ' ' && (after == ' ' || after == '\0'))
			return true;
	}
	return false;
}

strs part_other_keys(const struct part_source *s, size_t map, const char *known)
{
	strs others = {0};
	size_t at = 0, value;
	struct str key;
	while (part_next(s, map, &at, &key, &value))
		if (key.n && !is_word_of(known, key))
			vec_push(s->out, &others, key);
	return others;
}

bool part_read(struct part_source *s, struct err *err)
{
	if (yaml_read(s->out, s->text, str_c(s->out, s->path), &s->events, err))
		return true;
	err->code = ERR_FINDING;
	return false;
}

struct str part_text(const struct part_source *s, size_t map, const char *key)
{
	size_t at = find(s, map, key);
	return at && is(s, at, YAML_SCALAR) ? s->events.at[at].value : STR_NONE;
}

strs part_texts(const struct part_source *s, size_t map, const char *key)
{
	strs list = {0};
	size_t found = find(s, map, key), at = 0, value;
	if (found && is(s, found, YAML_SCALAR) && s->events.at[found].value.n)
		vec_push(s->out, &list, s->events.at[found].value);
	while (found && part_next_item(s, found, &at, &value))
		if (is(s, value, YAML_SCALAR))
			vec_push(s->out, &list, s->events.at[value].value);
	return list;
}

static void add_assignment(const struct part_source *s, struct str text, env_list *env)
{
	size_t equals = str_find(text, STR("="), 0);
	if (equals != SIZE_MAX)
		vec_push(s->out, env,
		         (struct env_pair){str_slice(text, 0, equals), str_slice(text, equals + 1, text.n)});
}

void part_env(const struct part_source *s, size_t map, const char *key, env_list *env)
{
	size_t found = find(s, map, key), at = 0, value;
	struct str name;
	while (found && part_next(s, found, &at, &name, &value))
		if (is(s, value, YAML_SCALAR))
			vec_push(s->out, env, (struct env_pair){name, s->events.at[value].value});
	at = 0;
	while (found && part_next_item(s, found, &at, &value))
		if (is(s, value, YAML_SCALAR))
			add_assignment(s, s->events.at[value].value, env);
}

/* A single port, or the first of a range; 0 for what is no number, as an expression. */
static uint32_t port_number(struct str s)
{
	uint64_t number;
	size_t dash = str_find(s, STR("-"), 0);
	return str_number(str_slice(s, 0, dash), 65535, &number) ? (uint32_t)number : 0;
}

static struct job_port port_of(struct str s)
{
	size_t slash = str_find(s, STR("/"), 0);
	s = str_slice(s, 0, slash);
	size_t last = str_rfind_char(s, ':');
	if (last == SIZE_MAX)
		return (struct job_port){0, port_number(s)};
	struct str host = str_slice(s, 0, last);
	size_t before = str_rfind_char(host, ':');
	host = before == SIZE_MAX ? host : str_slice(host, before + 1, host.n);
	return (struct job_port){port_number(host), port_number(str_slice(s, last + 1, s.n))};
}

void part_ports(const struct part_source *s, size_t map, const char *key, struct job_service *service)
{
	size_t found = find(s, map, key), at = 0, value;
	while (found && part_next_item(s, found, &at, &value)) {
		if (is(s, value, YAML_SCALAR)) {
			struct str text = s->events.at[value].value;
			vec_push(s->out, &service->ports_map, text);
			vec_push(s->out, &service->ports, port_of(text));
			continue;
		}
		struct str target = part_text(s, value, "target"), published = part_text(s, value, "published");
		if (target.n == 0)
			continue;
		vec_push(s->out, &service->ports_map,
		         str_fmt(s->out, "%.*s%s%.*s", STR_ARG(published), published.n ? ":" : "", STR_ARG(target)));
		vec_push(s->out, &service->ports, (struct job_port){port_number(published), port_number(target)});
	}
}

struct str part_place(const struct part_source *s, size_t at)
{
	return str_fmt(s->out, "%.*s:%u", STR_ARG(s->path), s->events.at[at].line);
}
