/* `emit gitlab`: a file to be included from .gitlab-ci.yml, one job a lane with just its services, a check before and
 * a gate behind.
 *
 * What all jobs share is the user's, in a hidden job `.lanewright`: image, before_script, rules, variables.  Services
 * are reached by their names, not on localhost, so the addresses that [emit.github] has in its env are of no use here. */
#include "emit/emitters.h"

#include "base/buf.h"
#include "emit/boot.h"
#include "emit/command.h"
#include "emit/parts.h"
#include "emit/quote.h"
#include "emit/yaml.h"

enum { MATRIX_MOST = 200 };

struct gitlab {
	struct arena *out;
	const struct plan *plan;
	const struct config *config;
	struct test_command command;
	struct yaml yaml;
	strs *notes;
	struct err *err;
};

static struct str job_name(struct gitlab *g, struct str suffix)
{
	return str_fmt(g->out, "%.*s-%.*s", STR_ARG(g->config->github.name), STR_ARG(suffix));
}

static bool has_coverage(const struct gitlab *g)
{
	return g->config->github.coverage_source.n > 0;
}

static bool check_names(struct gitlab *g)
{
	if (!boot_is_name(g->config->github.name))
		return fail_usage(g->err, "[emit.github] name: \"%.*s\" cannot begin the name of a job",
		                  STR_ARG(quote_shown(g->out, g->config->github.name)));
	for (size_t i = 0; i < g->plan->lanes.n; i++) {
		const struct plan_lane *lane = &g->plan->lanes.at[i];
		if (!list_name_is_plain(lane->name) || str_eq(lane->name, STR("check")) ||
		    str_eq(lane->name, STR("gate")))
			return fail_usage(g->err,
			                  "[lanes]: \"%.*s\" cannot name a job: letters, digits, _ and - are expected, "
			                  "and not \"check\" or \"gate\", which are jobs of their own",
			                  STR_ARG(quote_shown(g->out, lane->name)));
		if (lane->n_shards > MATRIX_MOST)
			return fail_usage(g->err, "lane %.*s has %u shards, and GitLab runs at most %d of a matrix",
			                  STR_ARG(lane->name), lane->n_shards, MATRIX_MOST);
	}
	return true;
}

/* GitLab puts variables into values: a dollar of ours is doubled. */
static struct str literal(struct arena *out, struct str s)
{
	struct buf buf;
	buf_init(&buf, out);
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '$')
			buf_char(&buf, '$');
		buf_char(&buf, s.at[i]);
	}
	return buf_str(&buf);
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
	begin_job(g, job_name(g, STR("check")), &none);
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
	yaml_pair(y, "name", literal(g->out, service->image));
	yaml_pair(y, "alias", service->name);
	for (size_t i = 0; i < service->env.n; i++) {
		if (str_has(service->env.at[i].value, STR("${{"))) {
			vec_push(g->out, g->notes,
			         str_fmt(g->out, "[services.%.*s] env: %.*s is left out, only GitHub can set it",
			                 STR_ARG(service->name),
			                 STR_ARG(quote_shown(g->out, service->env.at[i].name))));
			continue;
		}
		if (!has_any)
			yaml_map(y, STR("variables"));
		has_any = true;
		yaml_text(y, service->env.at[i].name, literal(g->out, service->env.at[i].value));
	}
	if (has_any)
		yaml_end(y);
	yaml_end(y);
}

static bool add_services(struct gitlab *g, const struct plan_lane *lane)
{
	boot_list services;
	if (!boot_lane(g->out, g->config, lane, &services, g->err))
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

static bool pytest_args(struct gitlab *g, const struct plan_lane *lane, struct str *args)
{
	struct buf buf;
	struct str source = g->config->github.coverage_source, word;
	buf_init(&buf, g->out);
	buf_lit(&buf, "--junitxml=\"" PARTS_DIR "/junit-$LANEWRIGHT_SHARD.xml\"");
	if (source.n && !g->command.has_coverage) {
		if (!quote_sh(g->out, source, &word, g->err))
			return false;
		buf_fmt(&buf, " --cov=%.*s --cov-report= --cov-fail-under=0", STR_ARG(word));
	}
	if (!lane->serial && lane->workers > 1)
		buf_fmt(&buf, " -n %u", lane->workers);
	if (lane->pytest_args.n)
		buf_fmt(&buf, " %.*s", STR_ARG(lane->pytest_args));
	*args = buf_str(&buf);
	return true;
}

static bool add_script(struct gitlab *g, uint32_t k)
{
	const struct plan_lane *lane = &g->plan->lanes.at[k];
	struct buf buf;
	strs list = {0};
	struct str args;
	if (!pytest_args(g, lane, &args))
		return false;
	vec_push(g->out, &list, STR("\"$LANEWRIGHT_LIST\""));
	buf_init(&buf, g->out);
	buf_lit(&buf, "set -e\nmkdir -p " PARTS_DIR "\nLANEWRIGHT_LIST=\"" LIST_DIR "/$LANEWRIGHT_SHARD.txt\"\n");
	if (has_coverage(g))
		buf_fmt(&buf, "export COVERAGE_FILE=%.*s\n", STR_ARG(coverage_word(g, k)));
	struct str guard = test_command_guard(g->out, &g->command, &list);
	if (guard.n)
		buf_fmt(&buf, "%.*s\n", STR_ARG(guard));
	buf_fmt(&buf, "%.*s\n", STR_ARG(test_command_text(g->out, &g->command, &list, args)));
	buf_add(&buf, parts_record(g->out, PARTS_DIR "/"));
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
	vec_push(g->out, &needs, job_name(g, STR("check")));
	yaml_blank(&g->yaml);
	if (lane->is_derived && lane->why.n)
		yaml_comment(&g->yaml, str_fmt(g->out, "Derived: %.*s", STR_ARG(lane->why)));
	begin_job(g, job_name(g, lane->name), &needs);
	add_shards(g, k);
	if (!add_services(g, lane) || !add_script(g, k))
		return false;
	add_artifacts(g);
	yaml_end(&g->yaml);
	return true;
}

static struct str gate_script(struct gitlab *g)
{
	struct buf buf;
	strs none = {0};
	buf_init(&buf, g->out);
	buf_fmt(&buf, "set -e\npython3 - <<'LANEWRIGHT'\n%.*sLANEWRIGHT\n",
	        STR_ARG(parts_script(g->out, g->plan, has_coverage(g), &none)));
	if (!has_coverage(g))
		return buf_str(&buf);
	buf_fmt(&buf, "%.*s -m coverage combine --keep", STR_ARG(g->command.python));
	for (size_t i = 0; i < g->plan->shards.n; i++)
		buf_fmt(&buf, " \\\n  " PARTS_DIR "/%.*s",
		        STR_ARG(parts_coverage_file(g->out, g->plan, &g->plan->shards.at[i])));
	buf_fmt(&buf, "\n%.*s -m coverage xml\n%.*s -m coverage report\n", STR_ARG(g->command.python),
	        STR_ARG(g->command.python));
	return buf_str(&buf);
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
	vec_push(g->out, &needs, job_name(g, STR("check")));
	for (size_t i = 0; i < g->plan->lanes.n; i++)
		if (g->plan->lanes.at[i].n_shards)
			vec_push(g->out, &needs, job_name(g, g->plan->lanes.at[i].name));
	yaml_blank(&g->yaml);
	yaml_comment(&g->yaml, STR("Every shard left its parts, and their coverage together is enough."));
	begin_job(g, job_name(g, STR("gate")), &needs);
	yaml_list(&g->yaml, "script");
	yaml_script_item(&g->yaml, gate_script(g));
	yaml_end(&g->yaml);
	if (has_coverage(g))
		add_coverage_report(g);
	yaml_end(&g->yaml);
}

static void add_notes(struct gitlab *g)
{
	if (g->config->github.env.n)
		vec_push(
		        g->out, g->notes,
		        STR("[emit.github] env is left out: in GitLab a service is reached by its name; put the addresses "
		            "into the variables of your job .lanewright"));
	if (g->config->github.parts.n)
		vec_push(g->out, g->notes, STR("[[emit.github.part]] is left out: it names jobs of GitHub"));
}

bool emit_gitlab(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	struct gitlab g = {
	        .out = out, .plan = source->plan, .config = source->config, .notes = &emitted->notes, .err = err};
	list_files lists; /* a plan whose lists are refused has no jobs either */
	*emitted = (struct emitted){0};
	if (g.plan->shards.n == 0)
		return fail_finding(err, "the plan has no shard, so there is no job to write: run `lanewright plan`");
	if (!check_names(&g) || !check_shards(&g) || !list_build(out, g.plan, &lists, err) ||
	    !test_command_read(out, g.config, &g.command, err))
		return false;
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
