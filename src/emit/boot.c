/* Containers start one after the other and are then polled one after the other: with the longest warm-up first they
 * warm up together. */
#include "emit/boot.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/buf.h"
#include "emit/list.h"
#include "emit/quote.h"

bool boot_is_name(struct str name)
{
	return list_name_is_plain(name) && !isdigit((unsigned char)name.at[0]) && name.at[0] != '-';
}

static int by_startup(const void *a, const void *b)
{
	const struct service *x = ((const struct boot *)a)->service, *y = ((const struct boot *)b)->service;
	if (x->startup_ms != y->startup_ms)
		return x->startup_ms > y->startup_ms ? -1 : 1;
	return str_cmp(x->name, y->name);
}

static bool find(struct arena *out, const struct config *config, const struct plan_lane *lane, struct str name,
                 struct boot *boot, struct err *err)
{
	int at = catalogue_find(&config->catalogue, name);
	if (!boot_is_name(name))
		return fail_usage(err,
		                  "[services]: \"%.*s\" cannot name a service container: letters, digits, _ and - are "
		                  "expected, a letter first",
		                  STR_ARG(quote_shown(out, name)));
	if (at < 0)
		return fail_usage(err,
		                  "lane %.*s has a service \"%.*s\" that no [services] table and no catalogue entry "
		                  "describes: run `lanewright plan`",
		                  STR_ARG(lane->name), STR_ARG(name));
	boot->service = &config->catalogue.services.at[at];
	if (boot->service->image.n == 0)
		return fail_usage(err, "[services.%.*s] image: lane %.*s boots it, but no image is known for it",
		                  STR_ARG(name), STR_ARG(lane->name));
	return true;
}

bool boot_lane(struct arena *out, const struct config *config, const struct plan_lane *lane, boot_list *services,
               struct err *err)
{
	*services = (boot_list){0};
	for (size_t i = 0; i < lane->service_order.n; i++) {
		struct boot boot = {0};
		if (!find(out, config, lane, lane->service_order.at[i], &boot, err))
			return false;
		vec_push(out, services, boot);
	}
	if (services->n)
		qsort(services->at, services->n, sizeof *services->at, by_startup);
	return true;
}

static void add_new(struct arena *out, boot_list *services, struct boot boot)
{
	for (size_t i = 0; i < services->n; i++)
		if (services->at[i].service == boot.service)
			return;
	vec_push(out, services, boot);
}

bool boot_all(struct arena *out, const struct config *config, const struct plan *plan, bool whole_config,
              boot_list *services, struct err *err)
{
	*services = (boot_list){0};
	for (size_t i = 0; i < plan->lanes.n; i++) {
		boot_list some;
		if (plan->lanes.at[i].n_shards && !boot_lane(out, config, &plan->lanes.at[i], &some, err))
			return false;
		for (size_t k = 0; plan->lanes.at[i].n_shards && k < some.n; k++)
			add_new(out, services, some.at[k]);
	}
	for (size_t i = 0; whole_config && i < config->lanes.n; i++) {
		struct plan_lane lane = {.name = config->lanes.at[i].name,
		                         .service_order = config->lanes.at[i].service_order};
		boot_list some;
		if (!boot_lane(out, config, &lane, &some, err))
			return false;
		for (size_t k = 0; k < some.n; k++)
			add_new(out, services, some.at[k]);
	}
	if (services->n)
		qsort(services->at, services->n, sizeof *services->at, by_startup);
	return true;
}

struct str boot_inner_port(const struct service *service)
{
	uint64_t number;
	if (service->ports_map.n == 0)
		return STR_NONE;
	struct str port = service->ports_map.at[0];
	port = str_slice(port, 0, str_find(port, STR("/"), 0));
	size_t colon = str_rfind_char(port, ':');
	port = colon == SIZE_MAX ? port : str_slice(port, colon + 1, port.n);
	return str_number(port, 65535, &number) ? port : STR_NONE;
}

/* The next word, with its quotes and backslashes taken as a shell takes them; false at the end. */
static bool next_word(struct arena *out, struct str s, size_t *at, struct str *word)
{
	struct buf buf;
	char quote = 0;
	buf_init(&buf, out);
	while (*at < s.n && isspace((unsigned char)s.at[*at]))
		++*at;
	if (*at == s.n)
		return false;
	for (; *at < s.n && (quote || !isspace((unsigned char)s.at[*at])); ++*at) {
		char c = s.at[*at];
		if (quote ? c == quote : c == '"' || c == '\'')
			quote = quote ? 0 : c;
		else if (c == '\\' && quote != '\'' && *at + 1 < s.n)
			buf_char(&buf, s.at[++*at]);
		else
			buf_char(&buf, c);
	}
	*word = buf_str(&buf);
	return true;
}

struct boot_health boot_health_of(struct arena *out, struct str options)
{
	struct boot_health health = {0};
	static const char *const names[] = {"--health-cmd", "--health-interval", "--health-timeout", "--health-retries",
	                                    "--health-start-period"};
	struct str *values[] = {&health.command, &health.interval, &health.timeout, &health.retries,
	                        &health.start_period};
	struct str word, value;
	for (size_t at = 0, i; next_word(out, options, &at, &word);) {
		size_t equals = str_find(word, STR("="), 0);
		struct str name = str_slice(word, 0, equals);
		for (i = 0; i < 5 && !str_eq(name, str_of(names[i])); i++)
			;
		if (equals != SIZE_MAX)
			value = str_slice(word, equals + 1, word.n);
		else if (i == 5 || !next_word(out, options, &at, &value))
			value = STR_NONE;
		if (i < 5)
			*values[i] = value;
		else
			vec_push(out, &health.others, word);
	}
	return health;
}
