/* `emit github`: a first job that runs `lanewright check`, one static job a lane with just its services, a gate.
 *
 * Static jobs, because there is no `if` for a service and `services: ${{ }}` is refused by most readers; a matrix only
 * inside a lane with several shards.  Nothing that comes from outside stands inside a script: it comes in through
 * `env`, or it is a name of [A-Za-z0-9_-] that was checked. */
#include "emit/github.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "emit/quote.h"

enum { CHECK_MINUTES = 10 };

struct str github_coverage_file(struct arena *out, const struct plan *plan, const struct plan_shard *shard)
{
	/* Never .coverage.<lane>.<n>: combining .coverage.<lane> would swallow it. */
	return str_fmt(out, ".coverage.%.*s-%u", STR_ARG(plan->lanes.at[shard->lane].name), shard->number);
}

struct str github_job(struct github *g, struct str suffix)
{
	return str_fmt(g->out, "%.*s-%.*s", STR_ARG(g->own->name), STR_ARG(suffix));
}

/* ---- what is checked before anything is written ---- */

static bool starts_like_a_job(struct str name)
{
	return list_name_is_plain(name) && !isdigit((unsigned char)name.at[0]) && name.at[0] != '-';
}

static bool check_names(const struct github *g)
{
	if (!starts_like_a_job(g->own->name))
		return fail_usage(
		        g->err,
		        "[emit.github] name: \"%.*s\" cannot begin the name of a job: letters, digits, _ and - "
		        "are expected, a letter first",
		        STR_ARG(quote_shown(g->out, g->own->name)));
	for (size_t i = 0; i < g->plan->lanes.n; i++) {
		struct str lane = g->plan->lanes.at[i].name;
		if (!list_name_is_plain(lane) || str_eq(lane, STR("check")) || str_eq(lane, STR("gate")))
			return fail_usage(g->err,
			                  "[lanes]: \"%.*s\" cannot name a job: letters, digits, _ and - are expected, "
			                  "and not \"check\" or \"gate\", which are jobs of their own",
			                  STR_ARG(quote_shown(g->out, lane)));
		if (str_has(g->plan->lanes.at[i].pytest_args, STR("${{")))
			return fail_usage(
			        g->err,
			        "[lanes.%.*s] pytest_args: \"${{\" in a script is an injection; put the value "
			        "into [emit.github] env and write \"$NAME\"",
			        STR_ARG(lane));
	}
	return true;
}

static bool check_config(const struct github *g)
{
	if (g->plan->shards.n == 0)
		return fail_finding(g->err,
		                    "the plan has no shard, so there is no job to write: run `lanewright plan`");
	if (!str_eq(g->own->shape, STR("lanes")) || !str_eq(g->own->lists, STR("committed")))
		return fail_usage(
		        g->err, "[emit.github]: only shape = \"lanes\" with lists = \"committed\" can be written yet");
	if (str_trim(g->own->install).n == 0)
		return fail_usage(g->err,
		                  "[emit.github] install: the job that runs `lanewright check` needs steps that put "
		                  "lanewright on PATH");
	if (str_trim(g->own->before).n == 0)
		return fail_usage(g->err,
		                  "[emit.github] before: the jobs need steps that check out the code and install what "
		                  "the tests import");
	if (g->own->parts.n && g->own->coverage_source.n == 0)
		return fail_usage(g->err, "[[emit.github.part]] is coverage from outside the plan, but there is no "
		                          "[emit.github] coverage to join it with");
	return check_names(g);
}

/* `${{ x }}` around the whole is the same as `x`; inside, it could not be joined with always(). */
static bool read_condition(struct github *g)
{
	struct str s = str_trim(g->own->if_);
	if (str_starts(s, STR("${{")) && str_ends(s, STR("}}")))
		s = str_trim(str_slice(s, 3, s.n - 2));
	if (str_has(s, STR("${{")) || str_has(s, STR("}}")))
		return fail_usage(g->err, "[emit.github] if: write one expression, without ${{ }} inside it");
	g->condition = s;
	return true;
}

/* The jobs X in `needs.X.`: what speaks of them must need them. */
static void find_upstream(struct github *g, struct str text)
{
	for (size_t at = 0; (at = str_find(text, STR("needs."), at)) != SIZE_MAX;) {
		bool is_inside = at > 0 && (isalnum((unsigned char)text.at[at - 1]) || strchr("_-.", text.at[at - 1]));
		size_t from = at += 6;
		while (at < text.n && (isalnum((unsigned char)text.at[at]) || text.at[at] == '_' || text.at[at] == '-'))
			at++;
		struct str job = str_slice(text, from, at);
		bool is_known = job.n == 0 || is_inside;
		for (size_t i = 0; i < g->upstream.n; i++)
			is_known |= str_eq(g->upstream.at[i], job);
		if (!is_known)
			vec_push(g->out, &g->upstream, job);
	}
}

/* ---- jobs ---- */

static void add_condition(struct github *g, struct str condition)
{
	if (condition.n)
		yaml_pair(&g->yaml, "if", condition);
}

void github_begin_job(struct github *g, struct str id, struct str name, const strs *needs, struct str condition,
                      int64_t minutes)
{
	struct yaml *y = &g->yaml;
	yaml_map(y, id);
	yaml_pair(y, "name", name);
	if (needs->n)
		yaml_list(y, "needs");
	for (size_t i = 0; i < needs->n; i++)
		yaml_item(y, needs->at[i]);
	if (needs->n)
		yaml_end(y);
	add_condition(g, condition);
	yaml_pair(y, "runs-on", g->own->runs_on);
	if (minutes)
		yaml_number(y, "timeout-minutes", minutes);
	yaml_map(y, STR("permissions"));
	yaml_pair(y, "contents", STR("read"));
	yaml_end(y);
}

void github_add_script(struct github *g, struct str script)
{
	if (str_has(script, STR("${{")))
		fail_usage(g->err,
		           "[emit.github]: \"${{\" would stand in a script, where its value is run as code; pass it "
		           "through [emit.github] env");
	yaml_script(&g->yaml, "run", script);
}

static void add_check(struct github *g)
{
	struct yaml *y = &g->yaml;
	struct str id = github_job(g, STR("check"));
	yaml_comment(y, STR("Is the committed plan still that of this tree?  A test on no list would run nowhere."));
	github_begin_job(g, id, id, &g->upstream, g->condition, CHECK_MINUTES);
	yaml_list(y, "steps");
	yaml_raw_items(y, steps_using(g->out, g->own->before, "actions/checkout"), "[emit.github] before");
	yaml_raw_items(y, g->own->install, "[emit.github] install");
	yaml_item_map(y);
	yaml_pair(y, "name", STR("The plan is valid for this tree"));
	yaml_pair(y, "run", STR("lanewright check"));
	yaml_end(y);
	yaml_end(y);
	yaml_end(y);
}

/* Containers start one after the other and are then polled one after the other: the longest warm-up first makes them
 * warm up together. */
static int by_startup(const void *a, const void *b)
{
	const struct service *const *x = a, *const *y = b;
	if ((*x)->startup_ms != (*y)->startup_ms)
		return (*x)->startup_ms > (*y)->startup_ms ? -1 : 1;
	return str_cmp((*x)->name, (*y)->name);
}

static bool lane_services(struct github *g, const struct plan_lane *lane, const struct service ***services, size_t *n)
{
	*n = lane->service_order.n;
	*services = arena_array(g->out, const struct service *, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		struct str name = lane->service_order.at[i];
		int at = catalogue_find(&g->config->catalogue, name);
		if (at < 0)
			return fail_usage(g->err,
			                  "lane %.*s has a service \"%.*s\" that no [services] table and no "
			                  "catalogue entry describes: run `lanewright plan`",
			                  STR_ARG(lane->name), STR_ARG(quote_shown(g->out, name)));
		(*services)[i] = &g->config->catalogue.services.at[at];
		if ((*services)[i]->image.n == 0)
			return fail_usage(g->err,
			                  "[services.%.*s] image: lane %.*s boots it, but no image is known for it",
			                  STR_ARG(quote_shown(g->out, name)), STR_ARG(lane->name));
	}
	qsort(*services, *n, sizeof **services, by_startup);
	return true;
}

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
	const struct service **services;
	size_t n;
	if (!lane_services(g, lane, &services, &n))
		return false;
	if (n == 0)
		return true;
	yaml_map(&g->yaml, STR("services"));
	for (size_t i = 0; i < n; i++)
		add_service(g, services[i]);
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
		yaml_pair(y, "coverage", github_coverage_file(g->out, g->plan, shard));
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
	                            github_coverage_file(g->out, g->plan, shard)};
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

/* The record is written only behind a pytest that succeeded: an os._exit(0) in a test leaves none. */
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
	buf_lit(&buf,
	        "test -s \"junit-$LANEWRIGHT_SHARD.xml\"\n"
	        "sha256=$(sha256sum <\"$LANEWRIGHT_LIST\" | cut -c 1-64)\n"
	        "printf '{\"version\": 1, \"lane\": \"%s\", \"shard\": \"%s\", \"list_sha256\": \"%s\"}\\n' \\\n"
	        "  \"$LANEWRIGHT_LANE\" \"$LANEWRIGHT_SHARD\" \"$sha256\" >\"lanewright-$LANEWRIGHT_SHARD.json\"\n");
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

static bool add_lane(struct github *g, uint32_t k)
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

/* ---- the whole ---- */

static bool prepare(struct github *g, const struct emit_source *source)
{
	list_files lists; /* a plan whose lists are refused has no jobs either */
	if (!check_config(g) || !list_build(g->out, g->plan, &lists, g->err) || !read_condition(g) ||
	    !test_command_read(g->out, g->config, &g->command, g->err) ||
	    !steps_pin(g->out, source, "actions/upload-artifact", 4, &g->upload, g->err) ||
	    !steps_pin(g->out, source, "actions/download-artifact", 4, &g->download, g->err))
		return false;
	find_upstream(g, g->condition);
	for (size_t i = 0; i < g->own->env.n; i++)
		find_upstream(g, g->own->env.at[i].value);
	return true;
}

static struct str start_of_workflow(struct github *g)
{
	return str_fmt(
	        g->out,
	        "# The jobs below are written by `lanewright emit github`; everything else is yours to change.\n"
	        "name: \"%.*s\"\n\n\"on\":\n  - pull_request\n  - workflow_dispatch\n\npermissions:\n  contents: read\n\n"
	        "jobs:\n",
	        STR_ARG(g->own->name));
}

bool emit_github(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	struct github g = {.out = out,
	                   .plan = source->plan,
	                   .config = source->config,
	                   .own = &source->config->github,
	                   .notes = &emitted->notes,
	                   .err = err};
	*emitted = (struct emitted){0};
	if (!prepare(&g, source))
		return false;
	yaml_begin(&g.yaml, out, err);
	add_check(&g);
	for (uint32_t k = 0; k < g.plan->lanes.n; k++)
		if (g.plan->lanes.at[k].n_shards && !add_lane(&g, k))
			return false;
	github_gate(&g);
	struct into into = {.kind = INTO_JOBS, .path = "the emitted workflow"};
	return yaml_done(&g.yaml, &emitted->block) && err->code == ERR_NONE &&
	       into_splice(out, &into, start_of_workflow(&g), emitted->block, &emitted->text, err);
}
