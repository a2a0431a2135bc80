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

static void note_once(struct github *g, struct str note)
{
	for (size_t i = 0; i < g->notes->n; i++)
		if (str_eq(g->notes->at[i], note))
			return;
	vec_push(g->out, g->notes, note);
}

/* A key that stands twice is no YAML, and of ours the meaning depends. */
static void add_own_env(struct github *g)
{
	for (size_t i = 0; i < g->own->env.n; i++) {
		const struct env_pair *pair = &g->own->env.at[i];
		bool is_ours = str_starts(pair->name, STR("LANEWRIGHT_")) ||
		               (g->own->coverage_source.n && str_eq(pair->name, STR("COVERAGE_FILE")));
		if (is_ours)
			note_once(g, str_fmt(g->out, "[emit.github] env: %.*s is left out, the job sets it itself",
			                     STR_ARG(quote_shown(g->out, pair->name))));
		else
			yaml_text(&g->yaml, pair->name, pair->value);
	}
}

static void add_service(struct github *g, const struct service *service)
{
	struct yaml *y = &g->yaml;
	yaml_map(y, service->name);
	yaml_pair(y, "image", service->image);
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
		note_once(g, str_fmt(g->out,
		                     "[services.%.*s] options: without a --health-cmd the tests start before the "
		                     "service is ready",
		                     STR_ARG(quote_shown(g->out, service->name))));
	yaml_end(y);
}

static bool add_services(struct github *g, const struct plan_lane *lane)
{
	boot_list services;
	if (!boot_lane(g->out, g->config, lane, &services, g->err))
		return false;
	if (services.n == 0)
		return true;
	yaml_map(&g->yaml, STR("services"));
	for (size_t i = 0; i < services.n; i++)
		add_service(g, services.at[i].service);
	yaml_end(&g->yaml);
	return true;
}

static void add_matrix(struct github *g, uint32_t lane)
{
	struct yaml *y = &g->yaml;
	yaml_map(y, STR("strategy"));
	yaml_truth(y, "fail-fast", false);
	yaml_map(y, STR("matrix"));
	yaml_list(y, "include");
	for (size_t i = 0; i < g->plan->shards.n; i++) {
		const struct plan_shard *shard = &g->plan->shards.at[i];
		if (shard->lane != lane)
			continue;
		yaml_item_map(y);
		yaml_pair(y, "shard", shard->name);
		yaml_pair(y, "list", list_path(g->out, shard->name));
		yaml_pair(y, "coverage", parts_coverage_file(g->out, g->plan, shard));
		yaml_end(y);
	}
	yaml_end(y);
	yaml_end(y);
	yaml_end(y);
}

/* What tells one shard of a lane from another: constants alone in its lane, else entries of the matrix. */
struct shard_words {
	struct str shard, list, coverage;
};

static struct shard_words words_of(struct github *g, uint32_t lane)
{
	const struct plan_shard *shard = g->plan->shards.at;
	while (shard->lane != lane)
		shard++;
	if (g->plan->lanes.at[lane].n_shards > 1)
		return (struct shard_words){STR("${{ matrix.shard }}"), STR("${{ matrix.list }}"),
		                            STR("${{ matrix.coverage }}")};
	return (struct shard_words){shard->name, list_path(g->out, shard->name),
	                            parts_coverage_file(g->out, g->plan, shard)};
}

static struct str pytest_args(struct github *g, const struct plan_lane *lane)
{
	struct buf buf;
	struct str source = g->own->coverage_source, word;
	buf_init(&buf, g->out);
	buf_lit(&buf, "--junitxml=\"junit-$LANEWRIGHT_SHARD.xml\"");
	if (source.n && !g->command.has_coverage && quote_sh(g->out, source, &word, g->err))
		buf_fmt(&buf, " --cov=%.*s --cov-report= --cov-fail-under=0", STR_ARG(word));
	if (!lane->serial && lane->workers > 1)
		buf_fmt(&buf, " -n %u", lane->workers);
	if (lane->pytest_args.n)
		buf_fmt(&buf, " %.*s", STR_ARG(lane->pytest_args));
	return buf_str(&buf);
}

static struct str run_script(struct github *g, const struct plan_lane *lane)
{
	struct buf buf;
	strs list = {0};
	vec_push(g->out, &list, STR("\"$LANEWRIGHT_LIST\""));
	struct str guard = test_command_guard(g->out, &g->command, &list);
	buf_init(&buf, g->out);
	if (guard.n)
		buf_fmt(&buf, "%.*s\n", STR_ARG(guard));
	buf_fmt(&buf, "%.*s\n", STR_ARG(test_command_text(g->out, &g->command, &list, pytest_args(g, lane))));
	buf_add(&buf, parts_record(g->out, ""));
	return buf_str(&buf);
}

static void add_pytest(struct github *g, const struct plan_lane *lane, const struct shard_words *words)
{
	struct yaml *y = &g->yaml;
	yaml_item_map(y);
	yaml_pair(y, "name", str_fmt(g->out, "Tests of %.*s", STR_ARG(words->shard)));
	yaml_pair(y, "shell", STR("bash"));
	yaml_map(y, STR("env"));
	add_own_env(g);
	yaml_pair(y, "LANEWRIGHT_LANE", lane->name);
	yaml_pair(y, "LANEWRIGHT_SHARD", words->shard);
	yaml_pair(y, "LANEWRIGHT_LIST", words->list);
	if (g->own->coverage_source.n)
		yaml_pair(y, "COVERAGE_FILE", words->coverage);
	yaml_end(y);
	github_add_script(g, run_script(g, lane));
	yaml_end(y);
}

static void add_upload(struct github *g, const struct shard_words *words)
{
	struct yaml *y = &g->yaml;
	struct str coverage = g->own->coverage_source.n ? words->coverage : STR_NONE;
	yaml_item_map(y);
	yaml_pair(y, "name", STR("Keep the parts"));
	yaml_pair(y, "if", STR("always()"));
	yaml_pair_noted(y, "uses", g->upload.uses, g->upload.comment);
	yaml_map(y, STR("with"));
	yaml_pair(y, "name", str_fmt(g->out, "lanewright-%.*s", STR_ARG(words->shard)));
	yaml_script(y, "path",
	            str_fmt(g->out, "junit-%.*s.xml\nlanewright-%.*s.json\n%.*s%s", STR_ARG(words->shard),
	                    STR_ARG(words->shard), STR_ARG(coverage), coverage.n ? "\n" : ""));
	yaml_truth(y, "include-hidden-files", true);
	yaml_truth(y, "overwrite", true);
	yaml_pair(y, "if-no-files-found", STR("error"));
	yaml_end(y);
	yaml_end(y);
}

bool github_lane(struct github *g, uint32_t k)
{
	struct yaml *y = &g->yaml;
	const struct plan_lane *lane = &g->plan->lanes.at[k];
	struct shard_words words = words_of(g, k);
	strs needs = {0};
	for (size_t i = 0; i < g->upstream.n; i++)
		vec_push(g->out, &needs, g->upstream.at[i]);
	vec_push(g->out, &needs, github_job(g, STR("check")));
	yaml_blank(y);
	if (lane->is_derived && lane->why.n)
		yaml_comment(y, str_fmt(g->out, "Derived: %.*s", STR_ARG(lane->why)));
	github_begin_job(g, github_job(g, lane->name), github_job(g, words.shard), &needs, g->condition,
	                 g->own->timeout_minutes);
	if (lane->n_shards > 1)
		add_matrix(g, k);
	if (!add_services(g, lane))
		return false;
	yaml_list(y, "steps");
	yaml_raw_items(y, g->own->before, "[emit.github] before");
	add_pytest(g, lane, &words);
	add_upload(g, &words);
	yaml_end(y);
	yaml_end(y);
	return true;
}
