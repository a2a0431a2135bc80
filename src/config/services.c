/* The rows of a service, the built-in catalogue, and how a config extends it. */
#include "config/services.h"

#include <stdlib.h>
#include <string.h>

#include "base/pattern.h"

/* The text of services.toml, put into the program by the assembler. */
__asm__(".section .rodata\n"
        ".global lanewright_services_toml, lanewright_services_toml_end\n"
        "lanewright_services_toml:\n"
        ".incbin \"" SERVICES_TOML "\"\n"
        "lanewright_services_toml_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char lanewright_services_toml[], lanewright_services_toml_end[];

static const char CATALOGUE[] = "services.toml"; /* its path in messages */

static bool read_env(const struct reader *r, const struct toml_value *value, void *to)
{
	struct service *service = to;
	if (value->kind != TOML_TABLE)
		return read_wrong(r, value, "a table of strings");
	for (size_t i = 0; i < value->n; i++) {
		struct env_pair pair = {.name = value->at[i].key};
		if (!read_text(r, &value->at[i], &pair.value))
			return false;
		size_t k = 0;
		while (k < service->env.n && !str_eq(service->env.at[k].name, pair.name))
			k++;
		if (k < service->env.n)
			service->env.at[k] = pair;
		else
			vec_push(r->out, &service->env, pair);
	}
	return true;
}

/* Each pattern is compiled here once, so that a wrong one is told with its place. */
static bool read_patterns(const struct reader *r, const struct toml_value *value, void *to)
{
	if (!read_more_texts(r, value, to))
		return false;
	bool is_list = value->kind == TOML_ARRAY;
	for (size_t i = 0; i < (is_list ? value->n : 1); i++) {
		const struct toml_value *text = is_list ? &value->at[i] : value;
		struct str place = str_fmt(r->tmp, "%s:%u:%u", r->path, text->line, text->column);
		struct pattern *pattern;
		if (!pattern_compile(&pattern, text->text, str_c(r->tmp, place), r->err))
			return false;
		pattern_free(pattern);
	}
	return true;
}

/* The host's side of "9201:9200" or "127.0.0.1:9201:9200/tcp". */
static struct str host_port(struct str mapping)
{
	size_t colon = str_rfind_char(mapping, ':');
	if (colon == SIZE_MAX)
		return STR_NONE; /* "9200": the host's port is chosen by chance */
	struct str host = str_slice(mapping, 0, colon);
	size_t before = str_rfind_char(host, ':');
	return before == SIZE_MAX ? host : str_slice(host, before + 1, host.n);
}

/* A port that the user's workflow maps is one that tests dial.  (The built-in mappings say little: half of them
 * are 8080.) */
static void add_mapped_ports(struct arena *out, struct service *service)
{
	for (size_t i = 0; i < service->ports_map.n; i++) {
		struct str port = host_port(service->ports_map.at[i]);
		uint64_t number;
		bool is_known = !str_number(port, 65535, &number);
		for (size_t k = 0; k < service->ports.n; k++)
			is_known |= str_eq(service->ports.at[k], port);
		if (!is_known)
			vec_push(out, &service->ports, port);
	}
}

/* clang-format off */
/* How it is recognised.  These rows stand beside those of booting it, or in a table of their own,
 * [services.NAME.signals]. */
#define SIGNALS \
	{"marker",        read_more_texts, offsetof(struct service, markers)},          \
	{"modules",       read_more_texts, offsetof(struct service, modules)},          \
	{"constructors",  read_more_texts, offsetof(struct service, constructors)},     \
	{"schemes",       read_more_texts, offsetof(struct service, schemes)},          \
	{"port_numbers",  read_more_texts, offsetof(struct service, ports)},            \
	{"hosts",         read_more_texts, offsetof(struct service, hosts)},            \
	{"paths",         read_more_texts, offsetof(struct service, paths)},            \
	{"variables",     read_more_texts, offsetof(struct service, variables)},        \
	{"fixtures",      read_more_texts, offsetof(struct service, fixtures)},         \
	{"doubles",       read_more_texts, offsetof(struct service, doubles)},          \
	{"containers",    read_more_texts, offsetof(struct service, containers)},       \
	{"commands",      read_more_texts, offsetof(struct service, commands)},         \
	{"words",         read_more_texts, offsetof(struct service, words)},            \
	{"patterns",      read_patterns,   offsetof(struct service, patterns)},        

static const struct field signal_fields[] = {SIGNALS};

static bool read_signals(const struct reader *r, const struct toml_value *value, void *to)
{
	return READ_TABLE(r, value, signal_fields, to);
}

static const struct field service_fields[] = {
	SIGNALS
	{"signals",      read_signals,    0},
	{"pull",         read_seconds,    offsetof(struct service, pull_ms)},
	{"startup",      read_seconds,    offsetof(struct service, startup_ms)},
	{"base",         read_bool,       offsetof(struct service, is_base)},
	{"image",        read_text,       offsetof(struct service, image)},
	{"options",      read_text,       offsetof(struct service, options)},
	{"env",          read_env,        0},
	{"ports",        read_texts,      offsetof(struct service, ports_map)},
};
/* clang-format on */

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct service *)a)->name, ((const struct service *)b)->name);
}

/* ---- the built-in catalogue ---- */

static struct str builtin_text(void)
{
	return (struct str){lanewright_services_toml,
	                    (size_t)((uintptr_t)lanewright_services_toml_end - (uintptr_t)lanewright_services_toml)};
}

/* The next table of the catalogue at or after *at, from its `[name]` line to the next one.  Our file keeps every
 * value on one line, so a bracket at the start of a line is a table's. */
static bool next_table(size_t *at, struct str *name, struct str *table)
{
	struct str all = builtin_text();
	size_t start = str_find(all, STR("\n["), *at);
	if (start == SIZE_MAX)
		return false;
	size_t close = str_find(all, STR("]"), start), end = str_find(all, STR("\n["), close);
	*at = end == SIZE_MAX ? all.n : end;
	*name = str_slice(all, start + 2, close);
	*table = str_slice(all, start + 1, *at);
	return true;
}

static strs builtin_names(struct arena *tmp)
{
	strs names = {0};
	struct str name, table;
	for (size_t at = 0; next_table(&at, &name, &table);)
		vec_push(tmp, &names, name);
	return names;
}

static bool read_tables(const struct reader *r, struct str text, struct catalogue *to)
{
	struct toml_value top;
	if (!toml_parse(r->out, text, r->path, &top, r->err))
		return false;
	for (size_t i = 0; i < top.n; i++) {
		struct service service = {.name = top.at[i].key};
		if (!READ_TABLE(r, &top.at[i], service_fields, &service))
			return false;
		vec_push(r->out, &to->services, service);
	}
	return true;
}

/* One service alone is read 40 times quicker than all of them, and a config mostly names a few.  Without such a
 * name *service is left as it is. */
static bool read_builtin(const struct reader *r, struct str wanted, struct service *service, bool *found)
{
	struct str name, table;
	*found = false;
	for (size_t at = 0; !*found && next_table(&at, &name, &table);)
		*found = str_eq(name, wanted);
	if (!*found)
		return true;
	struct reader ours = {r->out, r->tmp, CATALOGUE, r->err};
	struct catalogue one = {0};
	if (!read_tables(&ours, table, &one))
		return false;
	*service = one.services.at[0];
	return true;
}

bool services_builtin(struct arena *out, struct arena *tmp, struct catalogue *catalogue, struct err *err)
{
	struct reader r = {out, tmp, CATALOGUE, err};
	*catalogue = (struct catalogue){0};
	if (!read_tables(&r, builtin_text(), catalogue))
		return false;
	qsort(catalogue->services.at, catalogue->services.n, sizeof *catalogue->services.at, by_name);
	return true;
}

/* ---- what a config makes of it ---- */

/* One [services.NAME]: the built-in service of that name, or an empty one, with what the table adds. */
static bool read_service(const struct reader *r, const struct toml_value *table, struct catalogue *to)
{
	struct service service = {.name = table->key};
	bool is_builtin;
	if (!read_builtin(r, table->key, &service, &is_builtin))
		return false;
	if (!is_builtin && table->kind == TOML_TABLE && table->n == 0) {
		strs names = builtin_names(r->tmp);
		return read_unknown(r, table->key_line, table->key_column, "built-in service", table->key, names.at,
		                    names.n);
	}
	if (!read_is_plain_name(table->key))
		return fail_usage(r->err, "%s:%u:%u: a service's name is made of letters, digits, - and _", r->path,
		                  table->key_line, table->key_column);
	/* An image of the user's takes the user's environment: a password too many can keep a container from starting. */
	if (toml_get(table, "image"))
		service.env.n = 0;
	if (!READ_TABLE(r, table, service_fields, &service))
		return false;
	if (toml_get(table, "ports"))
		add_mapped_ports(r->out, &service);
	service.is_named = true;
	service.place = read_place(r, table);
	vec_push(r->out, &to->services, service);
	return true;
}

static bool add_mentioned(const struct reader *r, const struct toml_value *name, struct catalogue *to)
{
	struct service service;
	bool is_builtin;
	if (catalogue_find(to, name->text) >= 0)
		return true;
	if (!read_builtin(r, name->text, &service, &is_builtin))
		return false;
	if (is_builtin) {
		vec_push(r->out, &to->services, service);
		return true;
	}
	strs names = builtin_names(r->tmp);
	for (size_t i = 0; i < to->services.n; i++)
		vec_push(r->tmp, &names, to->services.at[i].name);
	return read_unknown(r, name->line, name->column, "service", name->text, names.at, names.n);
}

bool services_read(const struct reader *r, const struct toml_value *table, const struct toml_value *const *mentioned,
                   size_t n_mentioned, struct catalogue *catalogue)
{
	*catalogue = (struct catalogue){0};
	if (table && table->kind != TOML_TABLE)
		return read_wrong(r, table, "a table");
	if ((!table || table->n == 0) && !services_builtin(r->out, r->tmp, catalogue, r->err))
		return false;
	for (size_t i = 0; table && i < table->n; i++)
		if (!read_service(r, &table->at[i], catalogue))
			return false;
	for (size_t i = 0; i < n_mentioned; i++)
		if (!add_mentioned(r, mentioned[i], catalogue))
			return false;
	if (catalogue->services.n > SERVICES_MOST)
		return fail_usage(r->err, "%s: more than %d services; name fewer under [services]", r->path,
		                  SERVICES_MOST);
	qsort(catalogue->services.at, catalogue->services.n, sizeof *catalogue->services.at, by_name);
	return true;
}
