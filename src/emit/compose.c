/* `emit compose`: the services of all lanes for docker compose, on the ports that the jobs have them, with the same
 * health checks.  Each is in the profiles of its lanes: `docker compose --profile elastic up --wait` boots one lane's,
 * and without a profile nothing starts. */
#include "emit/emitters.h"

#include <ctype.h>

#include "base/buf.h"
#include "emit/job.h"
#include "emit/quote.h"
#include "emit/yaml.h"

struct composer {
	struct arena *out;
	const struct plan *plan;
	const struct config *config;
	struct yaml yaml;
	strs *notes;
	struct err *err;
};

/* [a-zA-Z0-9][a-zA-Z0-9_.-]+ */
static bool is_profile(struct str name)
{
	return list_name_is_plain(name) && name.n > 1 && isalnum((unsigned char)name.at[0]);
}

static bool check_lanes(struct composer *c)
{
	for (size_t i = 0; i < c->plan->lanes.n; i++)
		if (c->plan->lanes.at[i].n_shards && !is_profile(c->plan->lanes.at[i].name))
			return fail_usage(
			        c->err,
			        "[lanes]: \"%.*s\" cannot name a profile of compose: two letters, digits, _ or - "
			        "at least, a letter or digit first",
			        STR_ARG(quote_shown(c->out, c->plan->lanes.at[i].name)));
	return true;
}

static bool uses(const boot_list *list, const struct service *service)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].service == service)
			return true;
	return false;
}

/* The services of all lanes with work, each once, in the order of their names. */
static bool all_services(struct composer *c, boot_list *lanes, boot_list *all)
{
	for (size_t i = 0; i < c->plan->lanes.n; i++)
		if (c->plan->lanes.at[i].n_shards &&
		    !boot_lane(c->out, c->config, &c->plan->lanes.at[i], &lanes[i], c->err))
			return false;
	for (size_t k = 0; k < c->config->catalogue.services.n; k++) {
		const struct service *service = &c->config->catalogue.services.at[k];
		bool is_used = false;
		for (size_t i = 0; i < c->plan->lanes.n; i++)
			is_used |= uses(&lanes[i], service);
		if (is_used)
			vec_push(c->out, all, (struct boot){service});
	}
	return true;
}

static void add_env(struct composer *c, const struct service *service)
{
	bool has_any = false;
	for (size_t i = 0; i < service->env.n; i++) {
		const struct env_pair *pair = &service->env.at[i];
		if (str_has(pair->value, STR("${{"))) {
			vec_push(c->out, c->notes,
			         str_fmt(c->out, "[services.%.*s] env: %.*s is left out, only GitHub can set it",
			                 STR_ARG(service->name), STR_ARG(quote_shown(c->out, pair->name))));
			continue;
		}
		if (!has_any)
			yaml_map(&c->yaml, STR("environment"));
		has_any = true;
		yaml_text(&c->yaml, pair->name, job_dollars(c->out, pair->value));
	}
	if (has_any)
		yaml_end(&c->yaml);
}

static void add_time(struct composer *c, const char *key, struct str value)
{
	if (value.n)
		yaml_pair(&c->yaml, key, job_dollars(c->out, value));
}

static void add_health(struct composer *c, const struct service *service)
{
	struct yaml *y = &c->yaml;
	struct boot_health health = boot_health_of(c->out, service->options);
	uint64_t retries;
	for (size_t i = 0; i < health.others.n; i++)
		vec_push(c->out, c->notes,
		         str_fmt(c->out, "[services.%.*s] options: \"%.*s\" is left out of the compose file",
		                 STR_ARG(service->name), STR_ARG(quote_shown(c->out, health.others.at[i]))));
	if (health.command.n == 0) {
		vec_push(c->out, c->notes,
		         str_fmt(c->out,
		                 "[services.%.*s] options: without a --health-cmd `up --wait` does not wait for it",
		                 STR_ARG(service->name)));
		return;
	}
	yaml_map(y, STR("healthcheck"));
	yaml_list(y, "test");
	yaml_item(y, STR("CMD-SHELL"));
	yaml_item(y, job_dollars(c->out, health.command));
	yaml_end(y);
	add_time(c, "interval", health.interval);
	add_time(c, "timeout", health.timeout);
	add_time(c, "start_period", health.start_period);
	if (str_number(health.retries, 1000000, &retries))
		yaml_number(y, "retries", (int64_t)retries);
	yaml_end(y);
}

/* On this machine only: these databases have no password worth the name. */
static struct str local_port(struct arena *out, struct str port)
{
	size_t colon = str_find(port, STR(":"), 0);
	if (colon != SIZE_MAX && str_has(str_slice(port, colon + 1, port.n), STR(":")))
		return port; /* it says where itself */
	return str_fmt(out, "127.0.0.1:%s%.*s", colon == SIZE_MAX ? ":" : "", STR_ARG(port));
}

static void add_service(struct composer *c, const struct service *service, const boot_list *lanes)
{
	struct yaml *y = &c->yaml;
	yaml_map(y, service->name);
	yaml_pair(y, "image", job_dollars(c->out, service->image));
	add_env(c, service);
	if (service->ports_map.n)
		yaml_list(y, "ports");
	for (size_t i = 0; i < service->ports_map.n; i++)
		yaml_item(y, job_dollars(c->out, local_port(c->out, service->ports_map.at[i])));
	if (service->ports_map.n)
		yaml_end(y);
	add_health(c, service);
	yaml_list(y, "profiles");
	for (size_t i = 0; i < c->plan->lanes.n; i++)
		if (uses(&lanes[i], service))
			yaml_item(y, c->plan->lanes.at[i].name);
	yaml_end(y);
	yaml_end(y);
}

bool emit_compose(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	struct composer c = {
	        .out = out, .plan = source->plan, .config = source->config, .notes = &emitted->notes, .err = err};
	boot_list *lanes = arena_array(out, boot_list, source->plan->lanes.n + 1), all = {0};
	*emitted = (struct emitted){0};
	if (!check_lanes(&c) || !all_services(&c, lanes, &all))
		return false;
	if (all.n == 0)
		return fail_finding(err, "no lane of the plan has a service, so there is nothing to compose");
	yaml_begin(&c.yaml, out, err);
	yaml_comment(&c.yaml,
	             STR("The services of the lanes, a profile a lane; `lanewright emit compose` writes this anew."));
	yaml_map(&c.yaml, STR("services"));
	for (size_t i = 0; i < all.n; i++)
		add_service(&c, all.at[i].service, lanes);
	yaml_end(&c.yaml);
	return yaml_done(&c.yaml, &emitted->text);
}
