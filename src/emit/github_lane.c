/* The jobs that run tests: one a lane, with a matrix inside when the lane has several shards.  Only the services of the
 * lane are in it, the slowest first; the step that runs pytest leaves a report, a record and its coverage behind. */
#include "emit/github.h"

#include "base/buf.h"
#include "emit/boot.h"
#include "emit/parts.h"
#include "emit/quote.h"

static void add_env(struct yaml *y, const char *name, const struct env_pair *env, size_t n)
{
	if (n == 0)
		return;
	yaml_map(y, str_of(name));
	for (size_t i = 0; i < n; i++)
		yaml_text(y, env[i].name, env[i].value);
	yaml_end(y);
}

/* A key that stands twice is no YAML, and of ours the meaning depends. */
void github_add_own_env(struct github *g)
{
	for (size_t i = 0; i < g->own->env.n; i++) {
		const struct env_pair *pair = &g->own->env.at[i];
		bool is_ours = str_starts(pair->name, STR("LANEWRIGHT_")) ||
		               (g->own->coverage_source.n && str_eq(pair->name, STR("COVERAGE_FILE")));
		if (is_ours)
			job_note(&g->job, str_fmt(g->out, "[emit.github] env: %.*s is left out, the job sets it itself",
			                          STR_ARG(quote_shown(g->out, pair->name))));
		else
			yaml_text(&g->yaml, pair->name, pair->value);
	}
}

/* An expression that gives '' for an image: not started.  A literal '' would be a mistake in the workflow. */
static bool matrix_image(struct github *g, const struct service *service, struct str *image)
{
	struct buf quoted;
	buf_init(&quoted, g->out);
	if (str_has(service->image, STR("${{")))
		return fail_usage(
		        g->err,
		        "[services.%.*s] image: an expression cannot stand inside the one that a matrix needs; "
		        "use shape = \"lanes\"",
		        STR_ARG(service->name));
	for (size_t i = 0; i < service->image.n; i++) {
		if (service->image.at[i] == '\'')
			buf_char(&quoted, '\'');
		buf_char(&quoted, service->image.at[i]);
	}
	*image = str_fmt(g->out, "${{ contains(matrix.services, '%.*s') && '%.*s' || '' }}", STR_ARG(service->name),
	                 STR_ARG(buf_str(&quoted)));
	return true;
}

static bool add_service(struct github *g, const struct service *service, bool by_matrix)
{
	struct yaml *y = &g->yaml;
	struct str image = service->image;
	if (by_matrix && !matrix_image(g, service, &image))
		return false;
	yaml_map(y, service->name);
	yaml_pair(y, "image", image);
	add_env(y, "env", service->env.at, service->env.n);
	if (service->ports_map.n)
		yaml_list(y, "ports");
	for (size_t i = 0; i < service->ports_map.n; i++)
		yaml_item(y, service->ports_map.at[i]);
	if (service->ports_map.n)
		yaml_end(y);
	if (service->options.n)
		yaml_pair(y, "options", service->options);
	if (!str_has(service->options, STR("--health-cmd")))
		job_note(&g->job, str_fmt(g->out,
		                          "[services.%.*s] options: without a --health-cmd the tests start before the "
		                          "service is ready",
		                          STR_ARG(quote_shown(g->out, service->name))));
	yaml_end(y);
	return true;
}

bool github_add_services(struct github *g, const boot_list *services, bool by_matrix)
{
	if (services->n == 0)
		return true;
	yaml_map(&g->yaml, STR("services"));
	for (size_t i = 0; i < services->n; i++)
		if (!add_service(g, services->at[i].service, by_matrix))
			return false;
	yaml_end(&g->yaml);
	return true;
}

void github_add_entry(struct github *g, const struct plan_shard *shard)
{
	struct yaml *y = &g->yaml;
	const struct plan_lane *lane = &g->plan->lanes.at[shard->lane];
	yaml_item_map(y);
	yaml_pair(y, "lane", lane->name);
	yaml_pair(y, "shard", shard->name);
	yaml_pair(y, "list", list_path(g->out, shard->name));
	if (lane->service_order.n)
		yaml_list(y, "services");
	else
		yaml_empty_list(y, "services");
	for (size_t i = 0; i < lane->service_order.n; i++)
		yaml_item(y, lane->service_order.at[i]);
	if (lane->service_order.n)
		yaml_end(y);
	yaml_number(y, "seconds", (shard->fixed_ms + shard->load_ms + 999) / 1000);
	yaml_pair(y, "coverage", parts_coverage_file(g->out, g->plan, shard));
	yaml_end(y);
}

static void add_matrix(struct github *g, uint32_t lane)
{
	struct yaml *y = &g->yaml;
	yaml_map(y, STR("strategy"));
	yaml_truth(y, "fail-fast", false);
	yaml_map(y, STR("matrix"));
	yaml_list(y, "include");
	for (size_t i = 0; i < g->plan->shards.n; i++)
		if (g->plan->shards.at[i].lane == lane)
			github_add_entry(g, &g->plan->shards.at[i]);
	yaml_end(y);
	yaml_end(y);
	yaml_end(y);
}

struct shard_words github_matrix_words(void)
{
	return (struct shard_words){STR("${{ matrix.lane }}"), STR("${{ matrix.shard }}"), STR("${{ matrix.list }}"),
	                            STR("${{ matrix.coverage }}")};
}

static struct shard_words words_of(struct github *g, uint32_t lane)
{
	const struct plan_shard *shard = g->plan->shards.at;
	while (shard->lane != lane)
		shard++;
	if (g->plan->lanes.at[lane].n_shards > 1)
		return github_matrix_words();
	return (struct shard_words){g->plan->lanes.at[lane].name, shard->name, list_path(g->out, shard->name),
	                            parts_coverage_file(g->out, g->plan, shard)};
}

static bool add_pytest(struct github *g, struct str before, struct str args, const struct shard_words *words)
{
	struct yaml *y = &g->yaml;
	struct str script;
	if (!job_script(&g->job, args, &script))
		return false;
	yaml_item_map(y);
	yaml_pair(y, "name", str_fmt(g->out, "Tests of %.*s", STR_ARG(words->shard)));
	yaml_pair(y, "shell", STR("bash"));
	yaml_map(y, STR("env"));
	github_add_own_env(g);
	yaml_pair(y, "LANEWRIGHT_LANE", words->lane);
	yaml_pair(y, "LANEWRIGHT_SHARD", words->shard);
	yaml_pair(y, "LANEWRIGHT_LIST", words->list);
	yaml_pair(y, "LANEWRIGHT_COMMIT", STR("${{ github.sha }}"));
	if (g->own->coverage_source.n)
		yaml_pair(y, "COVERAGE_FILE", words->coverage);
	yaml_end(y);
	github_add_script(g, str_fmt(g->out, "%.*s%.*s", STR_ARG(before), STR_ARG(script)));
	yaml_end(y);
	return true;
}

bool github_add_tests(struct github *g, struct str before, struct str args, const struct shard_words *words)
{
	struct str coverage = g->own->coverage_source.n ? words->coverage : STR_NONE;
	if (!add_pytest(g, before, args, words))
		return false;
	github_add_upload(g, "Keep the parts", STR("always()"),
	                  str_fmt(g->out, "lanewright-%.*s", STR_ARG(words->shard)),
	                  str_fmt(g->out, "junit-%.*s.xml\nlanewright-%.*s.json\n%.*s%s", STR_ARG(words->shard),
	                          STR_ARG(words->shard), STR_ARG(coverage), coverage.n ? "\n" : ""));
	return true;
}

bool github_lane(struct github *g, uint32_t k)
{
	struct yaml *y = &g->yaml;
	const struct plan_lane *lane = &g->plan->lanes.at[k];
	struct shard_words words = words_of(g, k);
	boot_list services;
	strs needs = {0};
	for (size_t i = 0; i < g->upstream.n; i++)
		vec_push(g->out, &needs, g->upstream.at[i]);
	vec_push(g->out, &needs, github_first(g));
	yaml_blank(y);
	if (lane->is_derived && lane->why.n)
		yaml_comment(y, str_fmt(g->out, "Derived: %.*s", STR_ARG(lane->why)));
	github_begin_job(g, job_name(&g->job, lane->name), job_name(&g->job, words.shard), &needs, g->condition,
	                 g->own->timeout_minutes);
	if (lane->n_shards > 1)
		add_matrix(g, k);
	github_add_place(g, false);
	if (!job_services(&g->job, k, &services) || !github_add_services(g, &services, false))
		return false;
	yaml_list(y, "steps");
	yaml_raw_items(y, g->own->before, "[emit.github] before");
	if (!github_add_tests(g, STR_NONE, job_lane_args(g->out, lane), &words))
		return false;
	yaml_end(y);
	yaml_end(y);
	return true;
}
