/* `emit gitlab`: a file to be included from .gitlab-ci.yml, one job a lane with just its services, a check before and
 * a gate behind.
 *
 * What all jobs share is the user's, in a hidden job `.lanewright`: image, before_script, rules, variables.  Services
 * are reached by their names, not on localhost, so the addresses that [emit.github] has in its env are of no use here. */
#include "base/buf.h"
#include "emit/job.h"
#include "emit/quote.h"
#include "emit/yaml.h"

enum { MATRIX_MOST = 200 };

struct gitlab {
	struct job_maker job;
	struct arena *out;
	const struct plan *plan;
	struct yaml yaml;
	struct err *err;
};

static bool check_counts(struct gitlab *g)
{
	for (size_t i = 0; i < g->plan->lanes.n; i++)
		if (g->plan->lanes.at[i].n_shards > MATRIX_MOST)
			return fail_usage(g->err, "lane %.*s has %u shards, and GitLab runs at most %d of a matrix",
			                  STR_ARG(g->plan->lanes.at[i].name), g->plan->lanes.at[i].n_shards,
			                  MATRIX_MOST);
	return true;
}

static void begin_job(struct gitlab *g, struct str name, const strs *needs)
{
	struct yaml *y = &g->yaml;
	yaml_map(y, name);
	yaml_pair(y, "extends", STR(".lanewright"));
	if (needs->n)
		yaml_list(y, "needs");
	for (size_t i = 0; i < needs->n; i++)
		yaml_item(y, needs->at[i]);
	if (needs->n)
		yaml_end(y);
}

static void add_check(struct gitlab *g)
{
	strs none = {0};
	yaml_comment(&g->yaml,
	             STR("Is the committed plan still that of this tree?  A test on no list would run nowhere."));
	begin_job(g, job_name(&g->job, STR("check")), &none);
	yaml_list(&g->yaml, "script");
	yaml_item(&g->yaml, STR("lanewright check"));
	yaml_end(&g->yaml);
	yaml_end(&g->yaml);
}

static void add_service(struct gitlab *g, const struct service *service)
{
	struct yaml *y = &g->yaml;
	bool has_any = false;
	yaml_item_map(y);
	yaml_pair(y, "name", job_dollars(g->out, service->image));
	yaml_pair(y, "alias", service->name);
	for (size_t i = 0; i < service->env.n; i++) {
		if (!job_takes_value(&g->job, service, &service->env.at[i]))
			continue;
		if (!has_any)
			yaml_map(y, STR("variables"));
		has_any = true;
		yaml_text(y, service->env.at[i].name, job_dollars(g->out, service->env.at[i].value));
	}
	if (has_any)
		yaml_end(y);
	yaml_end(y);
}

static bool add_services(struct gitlab *g, uint32_t k)
{
	boot_list services;
	if (!job_services(&g->job, k, &services))
		return false;
	if (services.n)
		yaml_list(&g->yaml, "services");
	for (size_t i = 0; i < services.n; i++)
		add_service(g, services.at[i].service);
	if (services.n)
		yaml_end(&g->yaml);
	return true;
}

/* Alone in its lane, a shard is a variable of the job; among several, of the matrix: an entry, a job. */
static void add_shards(struct gitlab *g, uint32_t k)
{
	struct yaml *y = &g->yaml;
	bool is_alone = g->plan->lanes.at[k].n_shards == 1;
	if (!is_alone) {
		yaml_map(y, STR("parallel"));
		yaml_list(y, "matrix");
		yaml_item_map(y);
		yaml_list(y, "LANEWRIGHT_SHARD");
		for (size_t i = 0; i < g->plan->shards.n; i++)
			if (g->plan->shards.at[i].lane == k)
				yaml_item(y, g->plan->shards.at[i].name);
		yaml_end(y);
		yaml_end(y);
		yaml_end(y);
		yaml_end(y);
	}
	yaml_map(y, STR("variables"));
	yaml_pair(y, "LANEWRIGHT_LANE", g->plan->lanes.at[k].name);
	for (size_t i = 0; i < g->plan->shards.n && is_alone; i++)
		if (g->plan->shards.at[i].lane == k)
			yaml_pair(y, "LANEWRIGHT_SHARD", g->plan->shards.at[i].name);
	yaml_end(y);
}

/* The file of a shard's coverage as its script names it: among several, <lane>-<n> is the shard's own name. */
static struct str coverage_word(struct gitlab *g, uint32_t k)
{
	if (g->plan->lanes.at[k].n_shards > 1)
		return STR("\"" PARTS_DIR "/.coverage.$LANEWRIGHT_SHARD\"");
	return str_fmt(g->out, PARTS_DIR "/.coverage.%.*s-1", STR_ARG(g->plan->lanes.at[k].name));
}

static bool check_shards(struct gitlab *g)
{
	for (size_t i = 0; i < g->plan->shards.n; i++) {
		const struct plan_shard *shard = &g->plan->shards.at[i];
		struct str lane = g->plan->lanes.at[shard->lane].name;
		struct str name = str_fmt(g->out, "%.*s-%u", STR_ARG(lane), shard->number);
		if (g->plan->lanes.at[shard->lane].n_shards > 1 && !str_eq(shard->name, name))
			return fail(g->err, "the plan calls a shard %.*s where it would be %.*s: run `lanewright plan`",
			            STR_ARG(quote_shown(g->out, shard->name)), STR_ARG(name));
	}
	return true;
}

static bool add_script(struct gitlab *g, uint32_t k)
{
	struct buf buf;
	struct str script;
	if (!job_script(&g->job, job_lane_args(g->out, &g->plan->lanes.at[k]), &script))
		return false;
	buf_init(&buf, g->out);
	buf_lit(&buf, "set -e\nmkdir -p " PARTS_DIR "\nexport LANEWRIGHT_LIST=\"" LIST_DIR
	              "/$LANEWRIGHT_SHARD.txt\" LANEWRIGHT_COMMIT=\"$CI_COMMIT_SHA\"\n");
	if (job_has_coverage(&g->job))
		buf_fmt(&buf, "export COVERAGE_FILE=%.*s\n", STR_ARG(coverage_word(g, k)));
	buf_add(&buf, script);
	yaml_list(&g->yaml, "script");
	yaml_script_item(&g->yaml, buf_str(&buf));
	yaml_end(&g->yaml);
	return true;
}

static void add_artifacts(struct gitlab *g)
{
	struct yaml *y = &g->yaml;
	yaml_map(y, STR("artifacts"));
	yaml_pair(y, "when", STR("always"));
	yaml_list(y, "paths");
	yaml_item(y, STR(PARTS_DIR "/"));
	yaml_end(y);
	yaml_map(y, STR("reports"));
	yaml_pair(y, "junit", STR(PARTS_DIR "/junit-*.xml"));
	yaml_end(y);
	yaml_end(y);
}

static bool add_lane(struct gitlab *g, uint32_t k)
{
	const struct plan_lane *lane = &g->plan->lanes.at[k];
	strs needs = {0};
	vec_push(g->out, &needs, job_name(&g->job, STR("check")));
	yaml_blank(&g->yaml);
	if (lane->is_derived && lane->why.n)
		yaml_comment(&g->yaml, str_fmt(g->out, "Derived: %.*s", STR_ARG(lane->why)));
	begin_job(g, job_name(&g->job, lane->name), &needs);
	add_shards(g, k);
	if (!add_services(g, k) || !add_script(g, k))
		return false;
	add_artifacts(g);
	yaml_end(&g->yaml);
	return true;
}

static void add_coverage_report(struct gitlab *g)
{
	struct yaml *y = &g->yaml;
	yaml_map(y, STR("artifacts"));
	yaml_map(y, STR("reports"));
	yaml_map(y, STR("coverage_report"));
	yaml_pair(y, "coverage_format", STR("cobertura"));
	yaml_pair(y, "path", STR("coverage.xml"));
	yaml_end(y);
	yaml_end(y);
	yaml_end(y);
}

static void add_gate(struct gitlab *g)
{
	strs needs = {0};
	vec_push(g->out, &needs, job_name(&g->job, STR("check")));
	for (size_t i = 0; i < g->plan->lanes.n; i++)
		if (g->plan->lanes.at[i].n_shards)
			vec_push(g->out, &needs, job_name(&g->job, g->plan->lanes.at[i].name));
	yaml_blank(&g->yaml);
	yaml_comment(&g->yaml, STR("Every shard left its parts, and their coverage together is enough."));
	begin_job(g, job_name(&g->job, STR("gate")), &needs);
	yaml_list(&g->yaml, "script");
	yaml_script_item(&g->yaml, str_fmt(g->out, "export LANEWRIGHT_COMMIT=\"$CI_COMMIT_SHA\"\n%.*s",
	                                   STR_ARG(job_gate_script(&g->job))));
	yaml_end(&g->yaml);
	if (job_has_coverage(&g->job))
		add_coverage_report(g);
	yaml_end(&g->yaml);
}

static void add_notes(struct gitlab *g)
{
	const struct github_config *github = &g->job.config->github;
	if (github->env.n)
		job_note(
		        &g->job,
		        STR("[emit.github] env is left out: in GitLab a service is reached by its name; put the addresses "
		            "into the variables of your job .lanewright"));
	job_note_left_out(&g->job, "GitLab");
}

bool emit_gitlab(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	struct gitlab g = {.out = out, .plan = source->plan, .err = err};
	*emitted = (struct emitted){0};
	if (!job_begin(&g.job, out, source, &emitted->notes, err) || !check_counts(&g) || !check_shards(&g))
		return false;
	g.job.dir = PARTS_DIR "/";
	add_notes(&g);
	yaml_begin(&g.yaml, out, err);
	yaml_comment(&g.yaml, STR("Written by `lanewright emit gitlab`; include it from .gitlab-ci.yml:"));
	yaml_comment(&g.yaml, STR("    include: {local: this file}"));
	yaml_comment(&g.yaml, STR("and say there how a job is prepared, lanewright on its PATH included:"));
	yaml_comment(&g.yaml, STR("    .lanewright: {image: ..., before_script: [...]}"));
	add_check(&g);
	for (uint32_t k = 0; k < g.plan->lanes.n; k++)
		if (g.plan->lanes.at[k].n_shards && !add_lane(&g, k))
			return false;
	add_gate(&g);
	return yaml_done(&g.yaml, &emitted->text) && err->code == ERR_NONE;
}
