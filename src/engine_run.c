/* What `run` executes: lists are compared with the plan before anything is started. */
#include "engine.h"

#include "base/hash.h"
#include "emit/list.h"
#include "emit/run.h"

struct request {
	const struct lanewright_run_options *options;
	struct lanewright_run *run;
};

/* A list that is not the planned one would run other tests than the plan says; an empty one would run all. */
static bool check_lists(lanewright *lw, const struct plan *plan, const struct run_made *made)
{
	for (size_t i = 0; i < plan->shards.n; i++) {
		const struct plan_shard *shard = &plan->shards.at[i];
		bool is_ours = made->shard ? shard == made->shard : &plan->lanes.at[shard->lane] == made->lane;
		const char *path = str_c(&lw->out, list_path(&lw->out, shard->name)), *place = engine_path(lw, path);
		struct str text;
		if (!is_ours)
			continue;
		if (!file_exists(place))
			return fail_finding(&lw->err, "%s is missing: `lanewright emit lists` writes it", path);
		if (!file_read(&lw->tmp, place, &text, &lw->err))
			return false;
		if (!str_eq(sha256_hex(&lw->tmp, text), shard->list_sha256))
			return fail_finding(&lw->err,
			                    "%s is not the list of the plan: `lanewright emit lists` writes it anew",
			                    path);
	}
	return true;
}

static void set(lanewright *lw, struct lanewright_run *run, const char *name, struct str value)
{
	if (value.n)
		run->env[run->n_env++] = str_fmt(&lw->out, "%s=%.*s", name, STR_ARG(value)).at;
}

static void show(lanewright *lw, const struct run_made *made, struct lanewright_run *run)
{
	struct str services = str_join(&lw->out, made->lane->service_order.at, made->lane->service_order.n, STR(", "));
	run->script = str_c(&lw->out, made->script);
	run->root = lw->root.at;
	run->services = str_c(&lw->out, services);
	run->env = arena_array(&lw->out, const char *, 4);
	set(lw, run, "LANEWRIGHT_LANE", made->lane->name);
	set(lw, run, "LANEWRIGHT_SHARD", made->shard ? made->shard->name : STR_NONE);
	set(lw, run, "LANEWRIGHT_LIST", made->shard ? made->lists.at[0] : STR_NONE);
	set(lw, run, "COVERAGE_FILE", made->coverage);
}

static bool prepare(lanewright *lw, void *args)
{
	const struct request *request = args;
	const struct lanewright_run_options *options = request->options;
	struct plan plan;
	struct run_made made;
	if (!engine_config(lw) || !engine_written_plan(lw, &plan, ERR_USAGE))
		return false;
	struct emit_source source = {.plan = &plan, .config = &lw->config};
	struct run_ask ask = {.target = str_of(options->target),
	                      .parts = options->parts ? str_of(options->parts) : STR_NONE};
	for (size_t i = 0; i < options->n_args; i++)
		vec_push(&lw->out, &ask.args, str_of(options->args[i]));
	if (!run_make(&lw->out, &source, &ask, &made, &lw->err) || !check_lists(lw, &plan, &made))
		return false;
	show(lw, &made, request->run);
	return true;
}

int lanewright_prepare_run(lanewright *lw, const struct lanewright_run_options *options, struct lanewright_run *run)
{
	struct request request = {options, run};
	*run = (struct lanewright_run){.script = "", .root = "", .services = ""};
	return engine_run(lw, prepare, &request);
}
