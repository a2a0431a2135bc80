/* All lanes as one job: a matrix with an entry a shard, written here (shape "matrix") or by the plan job (shape
 * "dynamic").  Every service of every lane stands in the job, and its image is an expression: '' starts nothing. */
#include "emit/github.h"

#include "base/buf.h"

static void add_strategy(struct github *g)
{
	struct yaml *y = &g->yaml;
	yaml_map(y, STR("strategy"));
	yaml_truth(y, "fail-fast", false);
	if (g->shape == SHAPE_DYNAMIC) {
		yaml_pair(y, "matrix",
		          str_fmt(g->out, "${{ fromJSON(needs.%.*s.outputs.matrix) }}", STR_ARG(github_first(g))));
		yaml_end(y);
		return;
	}
	yaml_map(y, STR("matrix"));
	yaml_list(y, "include");
	for (size_t i = 0; i < g->plan->shards.n; i++)
		github_add_entry(g, &g->plan->shards.at[i]);
	yaml_end(y);
	yaml_end(y);
	yaml_end(y);
}

static bool add_case(struct github *g, struct buf *cases, const struct plan_lane *lane)
{
	struct str args = job_lane_args(g->out, lane);
	if (args.n == 0)
		return true;
	if (!job_names_lane(lane->name))
		return fail_usage(g->err, "[lanes]: a lane of this name can have no arguments of its own in a matrix");
	buf_fmt(cases, "%.*s) set -- %.*s ;;\n", STR_ARG(lane->name), STR_ARG(args));
	return true;
}

/* The arguments of each lane, as "$@": constants of the script, so that their quotes are read as a shell reads them. */
static bool read_args(struct github *g, struct str *script)
{
	struct buf cases;
	buf_init(&cases, g->out);
	for (size_t i = 0; i < g->plan->lanes.n; i++)
		if (!add_case(g, &cases, &g->plan->lanes.at[i]))
			return false;
	for (size_t i = 0; i < g->config->lanes.n && g->is_planned; i++) {
		const struct lane_config *lane = &g->config->lanes.at[i];
		bool is_known = false;
		for (size_t k = 0; k < g->plan->lanes.n; k++)
			is_known |= str_eq(g->plan->lanes.at[k].name, lane->name);
		struct plan_lane other = {lane->name, .serial = lane->serial, .workers = lane->workers,
		                          .pytest_args = lane->pytest_args};
		if (!is_known && !add_case(g, &cases, &other))
			return false;
	}
	*script = cases.n ? str_fmt(g->out, "case $LANEWRIGHT_LANE in\n%.*s*) set -- ;;\nesac\n",
	                            STR_ARG(buf_str(&cases)))
	                  : STR_NONE;
	return true;
}

bool github_matrix(struct github *g)
{
	struct yaml *y = &g->yaml;
	struct shard_words words = github_matrix_words();
	struct str cases;
	boot_list services;
	strs needs = {0};
	if (!boot_all(g->out, g->config, g->plan, g->is_planned, &services, g->err) || !read_args(g, &cases))
		return false;
	for (size_t i = 0; i < g->upstream.n; i++)
		vec_push(g->out, &needs, g->upstream.at[i]);
	vec_push(g->out, &needs, github_first(g));
	yaml_blank(y);
	github_begin_job(g, job_name(&g->job, STR("lanes")), job_name(&g->job, words.shard), &needs, g->condition,
	                 g->own->timeout_minutes);
	add_strategy(g);
	if (!github_add_services(g, &services, true))
		return false;
	github_add_place(g, false);
	yaml_list(y, "steps");
	yaml_raw_items(y, g->own->before, "[emit.github] before");
	github_add_plan(g);
	if (!github_add_tests(g, cases, cases.n ? STR("\"$@\"") : STR_NONE, &words))
		return false;
	yaml_end(y);
	yaml_end(y);
	return true;
}
