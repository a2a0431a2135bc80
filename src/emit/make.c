/* `emit make`: the lanes on a developer's machine.  `make test-elastic` boots what the lane elastic needs, and no
 * more, and runs its tests in one pytest, whatever the number of shards in CI; `make lanes` lists the targets.
 *
 * How services start is a variable: SERVICES_UP and SERVICES_DOWN are commands that get the services' names. */
#include "emit/emitters.h"

#include <ctype.h>

#include "base/buf.h"
#include "emit/command.h"
#include "emit/job.h"
#include "emit/quote.h"

struct maker {
	struct arena *out;
	const struct plan *plan;
	const struct config *config;
	struct test_command command;
	struct buf buf;
	strs *notes;
	struct err *err;
};

/* Shard and lane targets share names: test-a-1 is the first shard of lane a, or the lane a-1. */
static bool check_targets(struct maker *m)
{
	const struct plan *plan = m->plan;
	for (size_t i = 0; i < plan->lanes.n; i++) {
		struct str lane = plan->lanes.at[i].name;
		if (!list_name_is_plain(lane))
			return fail_finding(m->err,
			                    "a lane called \"%.*s\" can have no make target: rename it in [lanes] with "
			                    "letters, digits, _ and - only",
			                    STR_ARG(quote_shown(m->out, lane)));
		for (size_t k = 0; k < plan->shards.n; k++)
			if (plan->shards.at[k].lane != i && plan->lanes.at[i].n_shards &&
			    str_eq(plan->shards.at[k].name, lane))
				return fail_finding(
				        m->err,
				        "lane %.*s has the name of a shard of another lane: rename it in [lanes]",
				        STR_ARG(lane));
	}
	return true;
}

static bool add_shell(struct maker *m, struct str shell)
{
	struct str line;
	if (!quote_make(m->out, shell, &line, m->err))
		return false;
	buf_add(&m->buf, line);
	return true;
}

static bool is_shell_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!isascii((unsigned char)name.at[i]) || !(isalnum((unsigned char)name.at[i]) || name.at[i] == '_'))
			return false;
	return name.n > 0 && !isdigit((unsigned char)name.at[0]);
}

/* The environment of the pytest step.  What GitHub would fill in has no value here. */
static bool read_env(struct maker *m)
{
	struct buf buf;
	buf_init(&buf, m->out);
	for (size_t i = 0; i < m->config->github.env.n; i++) {
		const struct env_pair *pair = &m->config->github.env.at[i];
		struct str word;
		if (!is_shell_name(pair->name) || str_has(pair->value, STR("${{")) || str_has(pair->value, STR("\n"))) {
			vec_push(m->out, m->notes,
			         str_fmt(m->out, "%.*s is left out of the make targets: only GitHub can set it",
			                 STR_ARG(quote_shown(m->out, pair->name))));
			continue;
		}
		if (!quote_sh(m->out, pair->value, &word, m->err))
			return false;
		buf_fmt(&buf, "%.*s=%.*s ", STR_ARG(pair->name), STR_ARG(word));
	}
	m->command.env = buf_str(&buf);
	return true;
}

static struct str lane_args(struct maker *m, const struct plan_lane *lane)
{
	if (lane->serial || lane->workers < 2)
		return lane->pytest_args;
	return str_fmt(m->out, "%.*s%s-n %u", STR_ARG(lane->pytest_args), lane->pytest_args.n ? " " : "",
	               lane->workers);
}

/* The recipe that runs pytest on some lists. */
static bool add_run(struct maker *m, const struct plan_lane *lane, const strs *lists, bool may_be_empty)
{
	struct str guard = test_command_guard(m->out, &m->command, lists);
	struct str run = test_command_text(m->out, &m->command, lists, lane_args(m, lane));
	buf_char(&m->buf, '\t');
	if (guard.n && (!add_shell(m, guard) || !add_shell(m, STR("; "))))
		return false;
	if (m->command.dir.n) /* make's variable goes into the brackets, as the last argument */
		run.n--;
	if (!add_shell(m, run))
		return false;
	buf_fmt(&m->buf, " $(PYTEST_ARGS)%s\n", m->command.dir.n ? ")" : "");
	if (may_be_empty) {
		m->buf.n--;
		if (!add_shell(m, STR(" || test $? -eq 5"))) /* no test in files in which none was seen */
			return false;
		buf_char(&m->buf, '\n');
	}
	return true;
}

static bool add_services(struct maker *m, const struct plan_lane *lane, const char *verb, const char *variable)
{
	buf_fmt(&m->buf, "services-%s-%.*s:\n\t", verb, STR_ARG(lane->name));
	if (lane->services == 0) {
		buf_lit(&m->buf, "@:\n"); /* without a name the command would start everything */
		return true;
	}
	buf_fmt(&m->buf, "$(%s)", variable);
	for (size_t i = 0; i < lane->service_order.n; i++) {
		struct str word;
		if (!quote_sh(m->out, lane->service_order.at[i], &word, m->err))
			return false;
		buf_char(&m->buf, ' ');
		if (!add_shell(m, word))
			return false;
	}
	buf_char(&m->buf, '\n');
	return true;
}

static bool add_lane(struct maker *m, uint32_t k)
{
	const struct plan_lane *lane = &m->plan->lanes.at[k];
	strs all = {0};
	VEC(bool) may_be_empty = {0};
	bool may_all = true;
	for (size_t i = 0; i < m->plan->shards.n; i++) {
		const struct plan_shard *shard = &m->plan->shards.at[i];
		bool may = shard->lane == k && job_may_be_empty(m->plan, shard);
		if (shard->lane != k)
			continue;
		vec_push(m->out, &all, list_path(m->out, shard->name));
		vec_push(m->out, &may_be_empty, may);
		may_all &= may;
	}
	buf_fmt(&m->buf, "\ntest-%.*s: services-up-%.*s\n", STR_ARG(lane->name), STR_ARG(lane->name));
	if (!add_run(m, lane, &all, may_all))
		return false;
	for (size_t i = 0; i < all.n && all.n > 1; i++) {
		strs one = {0};
		vec_push(m->out, &one, all.at[i]);
		buf_fmt(&m->buf, "test-%.*s-%zu: services-up-%.*s\n", STR_ARG(lane->name), i + 1, STR_ARG(lane->name));
		if (!add_run(m, lane, &one, may_be_empty.at[i]))
			return false;
	}
	return add_services(m, lane, "up", "SERVICES_UP") && add_services(m, lane, "down", "SERVICES_DOWN");
}

static void add_phony(struct maker *m)
{
	buf_lit(&m->buf, ".PHONY: lanes");
	for (size_t i = 0; i < m->plan->lanes.n; i++) {
		const struct plan_lane *lane = &m->plan->lanes.at[i];
		if (lane->n_shards == 0)
			continue;
		buf_fmt(&m->buf, " \\\n\ttest-%.*s services-up-%.*s services-down-%.*s", STR_ARG(lane->name),
		        STR_ARG(lane->name), STR_ARG(lane->name));
		for (uint32_t n = 1; n <= lane->n_shards && lane->n_shards > 1; n++)
			buf_fmt(&m->buf, " test-%.*s-%u", STR_ARG(lane->name), n);
	}
	buf_lit(&m->buf, "\n");
}

static int64_t lane_seconds(const struct plan *plan, uint32_t k)
{
	int64_t ms = 0;
	for (size_t i = 0; i < plan->shards.n; i++)
		if (plan->shards.at[i].lane == k)
			ms += plan->shards.at[i].load_ms;
	return (ms + 500) / 1000;
}

static bool add_help(struct maker *m)
{
	buf_lit(&m->buf, "\nlanes: # lists the lanes\n");
	for (uint32_t k = 0; k < m->plan->lanes.n; k++) {
		const struct plan_lane *lane = &m->plan->lanes.at[k];
		if (lane->n_shards == 0)
			continue;
		struct str services = lane->service_order.n ? str_join(m->out, lane->service_order.at,
		                                                       lane->service_order.n, STR(", "))
		                                            : STR("no service");
		struct str line = str_fmt(
		        m->out, "make test-%.*s: %.*s, %lld s of tests%s", STR_ARG(lane->name),
		        STR_ARG(quote_shown(m->out, services)), (long long)lane_seconds(m->plan, k),
		        lane->n_shards > 1 ? str_fmt(m->out, "; the shards: -1 to -%u", lane->n_shards).at : "");
		struct str word;
		buf_lit(&m->buf, "\t@printf '%s\\n' ");
		if (!quote_sh(m->out, line, &word, m->err) || !add_shell(m, word))
			return false;
		buf_char(&m->buf, '\n');
	}
	return true;
}

static bool add_all(struct maker *m)
{
	buf_lit(&m->buf, "# The lanes of .lanewright/plan.json; `lanewright emit make` writes this anew.\n"
	                 "SERVICES_UP ?= docker compose up --detach --wait\n"
	                 "SERVICES_DOWN ?= docker compose rm --stop --force\n"
	                 "PYTEST_ARGS ?=\n\n");
	add_phony(m);
	if (!add_help(m))
		return false;
	for (uint32_t k = 0; k < m->plan->lanes.n; k++)
		if (m->plan->lanes.at[k].n_shards && !add_lane(m, k))
			return false;
	return true;
}

bool emit_make(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	struct maker m = {
	        .out = out, .plan = source->plan, .config = source->config, .notes = &emitted->notes, .err = err};
	list_files lists;
	*emitted = (struct emitted){0};
	buf_init(&m.buf, out);
	if (!list_build(out, source->plan, &lists, err) || !test_command_read(out, source->config, &m.command, err) ||
	    !check_targets(&m) || !read_env(&m) || !add_all(&m))
		return false;
	emitted->block = buf_str(&m.buf);
	struct into into = {.kind = INTO_LINES, .path = "make"};
	return into_splice(out, &into, STR_NONE, emitted->block, &emitted->text, err);
}
