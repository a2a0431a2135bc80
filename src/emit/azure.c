/* `emit azure`: a pipeline for Azure DevOps, a job a lane with just its services as containers, a matrix inside when
 * it has several shards, a check before and a gate behind.
 *
 * Names there know no dash.  The agent waits until a container with a health check is healthy, and reads `##vso[`
 * anywhere in a line of a log as a command: what we print passes through a filter. */
#include "base/buf.h"
#include "emit/job.h"
#include "emit/yaml.h"

#define SETUP ".azure/lanewright-setup.sh"

struct azure {
	struct job_maker job;
	struct arena *out;
	const struct plan *plan;
	struct yaml yaml;
	struct err *err;
};

static struct str underscored(struct arena *out, struct str s)
{
	struct buf buf;
	buf_init(&buf, out);
	for (size_t i = 0; i < s.n; i++)
		buf_char(&buf, s.at[i] == '-' ? '_' : s.at[i]);
	return buf_str(&buf);
}

static struct str id_of(struct azure *a, struct str suffix)
{
	return underscored(a->out, job_name(&a->job, suffix));
}

static bool check_names(struct azure *a)
{
	const struct plan *plan = a->plan;
	for (size_t i = 0; i < plan->lanes.n; i++)
		for (size_t k = 0; k < i; k++)
			if (str_eq(underscored(a->out, plan->lanes.at[i].name),
			           underscored(a->out, plan->lanes.at[k].name)))
				return fail_usage(a->err, "[lanes]: %.*s and %.*s are the same where no name has a -",
				                  STR_ARG(plan->lanes.at[k].name), STR_ARG(plan->lanes.at[i].name));
	return true;
}

/* `$(x)` is a macro wherever Azure knows a variable x, and has no escape. */
static bool takes_macro(struct azure *a, struct str what, struct str value)
{
	if (!str_has(value, STR("$(")) && !str_has(value, STR("$[")) && !str_has(value, STR("${{")))
		return true;
	return fail_usage(a->err,
	                  "%.*s: \"$(\", \"$[\" and \"${{\" are expressions to Azure, and cannot be written as text",
	                  STR_ARG(what));
}

static void begin_job(struct azure *a, struct str suffix, const strs *needs)
{
	struct yaml *y = &a->yaml;
	yaml_item_map(y);
	yaml_pair(y, "job", id_of(a, suffix));
	yaml_pair(y, "displayName", job_name(&a->job, suffix));
	if (needs->n)
		yaml_list(y, "dependsOn");
	for (size_t i = 0; i < needs->n; i++)
		yaml_item(y, needs->at[i]);
	if (needs->n)
		yaml_end(y);
	yaml_map(y, STR("pool"));
	yaml_pair(y, "vmImage", a->job.config->github.runs_on);
	yaml_end(y);
}

static void add_bash(struct azure *a, const char *name, struct str script)
{
	struct yaml *y = &a->yaml;
	struct str whole = str_fmt(a->out,
	                           "set -eo pipefail\n. " SETUP "\nexport LANEWRIGHT_COMMIT=\"$BUILD_SOURCEVERSION\"\n"
	                           "%.*s",
	                           STR_ARG(script));
	yaml_item_map(y);
	yaml_script(y, "bash", whole);
	yaml_pair(y, "displayName", str_of(name));
}

static bool add_containers(struct azure *a)
{
	struct yaml *y = &a->yaml;
	boot_list services;
	if (!boot_all(a->out, a->job.config, a->plan, false, &services, a->err))
		return false;
	if (services.n == 0)
		return true;
	yaml_map(y, STR("resources"));
	yaml_list(y, "containers");
	for (size_t i = 0; i < services.n; i++) {
		const struct service *service = services.at[i].service;
		struct str what = str_fmt(a->out, "[services.%.*s]", STR_ARG(service->name));
		bool has_any = false;
		if (!takes_macro(a, what, service->image) || !takes_macro(a, what, service->options))
			return false;
		yaml_item_map(y);
		yaml_pair(y, "container", underscored(a->out, service->name));
		yaml_pair(y, "image", service->image);
		for (size_t k = 0; k < service->env.n; k++) {
			if (!job_takes_value(&a->job, service, &service->env.at[k]))
				continue;
			if (!takes_macro(a, what, service->env.at[k].value))
				return false;
			if (!has_any)
				yaml_map(y, STR("env"));
			has_any = true;
			yaml_text(y, service->env.at[k].name, service->env.at[k].value);
		}
		if (has_any)
			yaml_end(y);
		if (service->ports_map.n)
			yaml_list(y, "ports");
		for (size_t k = 0; k < service->ports_map.n; k++)
			yaml_item(y, service->ports_map.at[k]);
		if (service->ports_map.n)
			yaml_end(y);
		if (service->options.n)
			yaml_pair(y, "options", service->options);
		yaml_end(y);
	}
	yaml_end(y);
	yaml_end(y);
	return true;
}

static void add_shard_variables(struct azure *a, const struct plan_shard *shard)
{
	struct yaml *y = &a->yaml;
	yaml_pair(y, "LANEWRIGHT_SHARD", shard->name);
	yaml_pair(y, "LANEWRIGHT_LIST", list_path(a->out, shard->name));
	if (job_has_coverage(&a->job))
		yaml_pair(y, "COVERAGE_FILE",
		          str_fmt(a->out, PARTS_DIR "/%.*s", STR_ARG(parts_coverage_file(a->out, a->plan, shard))));
}

/* Variables are in the environment of every script, whichever way they are set. */
static bool add_variables(struct azure *a, uint32_t k)
{
	struct yaml *y = &a->yaml;
	const struct github_config *github = &a->job.config->github;
	bool is_alone = a->plan->lanes.at[k].n_shards == 1;
	if (!is_alone) {
		yaml_map(y, STR("strategy"));
		yaml_map(y, STR("matrix"));
		for (size_t i = 0; i < a->plan->shards.n; i++)
			if (a->plan->shards.at[i].lane == k) {
				yaml_map(y, str_fmt(a->out, "shard_%u", a->plan->shards.at[i].number));
				add_shard_variables(a, &a->plan->shards.at[i]);
				yaml_end(y);
			}
		yaml_end(y);
		yaml_end(y);
	}
	yaml_map(y, STR("variables"));
	for (size_t i = 0; i < github->env.n; i++)
		if (job_takes_env(&a->job, &github->env.at[i])) {
			if (!takes_macro(a, STR("[emit.github] env"), github->env.at[i].value))
				return false;
			yaml_text(y, github->env.at[i].name, github->env.at[i].value);
		}
	yaml_pair(y, "LANEWRIGHT_LANE", a->plan->lanes.at[k].name);
	for (size_t i = 0; i < a->plan->shards.n && is_alone; i++)
		if (a->plan->shards.at[i].lane == k)
			add_shard_variables(a, &a->plan->shards.at[i]);
	yaml_end(y);
	return true;
}

static bool add_services(struct azure *a, uint32_t k)
{
	struct yaml *y = &a->yaml;
	boot_list services;
	if (!job_services(&a->job, k, &services))
		return false;
	if (services.n)
		yaml_map(y, STR("services"));
	for (size_t i = 0; i < services.n; i++)
		yaml_text(y, underscored(a->out, services.at[i].service->name),
		          underscored(a->out, services.at[i].service->name));
	if (services.n)
		yaml_end(y);
	return true;
}

static void add_results(struct azure *a)
{
	struct yaml *y = &a->yaml;
	yaml_item_map(y);
	yaml_pair(y, "task", STR("PublishTestResults@2"));
	yaml_pair(y, "condition", STR("always()"));
	yaml_map(y, STR("inputs"));
	yaml_pair(y, "testResultsFiles", STR(PARTS_DIR "/junit-*.xml"));
	yaml_pair(y, "testRunTitle", STR("$(LANEWRIGHT_SHARD)"));
	yaml_end(y);
	yaml_end(y);
	yaml_item_map(y);
	yaml_pair(y, "publish", STR(PARTS_DIR));
	yaml_pair(y, "artifact", STR("lanewright-$(LANEWRIGHT_SHARD)-$(System.JobAttempt)"));
	yaml_pair(y, "condition", STR("always()"));
	yaml_end(y);
}

static bool add_lane(struct azure *a, uint32_t k)
{
	const struct plan_lane *lane = &a->plan->lanes.at[k];
	struct str args = job_lane_args(a->out, lane), script;
	strs needs = {0};
	vec_push(a->out, &needs, id_of(a, STR("check")));
	if (!takes_macro(a, str_fmt(a->out, "[lanes.%.*s] pytest_args", STR_ARG(lane->name)), args) ||
	    !job_script(&a->job, args, &script))
		return false;
	begin_job(a, lane->name, &needs);
	if (!add_variables(a, k) || !add_services(a, k))
		return false;
	yaml_list(&a->yaml, "steps");
	add_bash(a, "Tests", str_fmt(a->out, "mkdir -p " PARTS_DIR "\n%.*s", STR_ARG(script)));
	yaml_end(&a->yaml);
	add_results(a);
	yaml_end(&a->yaml);
	yaml_end(&a->yaml);
	return true;
}

static void add_check(struct azure *a)
{
	strs none = {0};
	begin_job(a, STR("check"), &none);
	yaml_list(&a->yaml, "steps");
	add_bash(a, "The plan is valid for this tree", STR("lanewright check 2>&1 | sed 's/##/# #/g'\n"));
	yaml_end(&a->yaml);
	yaml_end(&a->yaml);
	yaml_end(&a->yaml);
}

/* Of several attempts the last one's parts count: folders come in the order of their names, attempt by attempt. */
static struct str gate_script(struct azure *a)
{
	return str_fmt(a->out,
	               "rm -rf " PARTS_DIR "\nmkdir -p " PARTS_DIR "\n"
	               "for folder in \"$PIPELINE_WORKSPACE\"/lanewright-*; do cp -R \"$folder\"/. " PARTS_DIR
	               "; done\n"
	               "gate() {\n%.*s}\n"
	               "(gate) 2>&1 | sed 's/##/# #/g'\n",
	               STR_ARG(job_gate_script(&a->job)));
}

static void add_gate(struct azure *a)
{
	struct yaml *y = &a->yaml;
	strs needs = {0};
	for (size_t i = 0; i < a->plan->lanes.n; i++)
		if (a->plan->lanes.at[i].n_shards)
			vec_push(a->out, &needs, id_of(a, a->plan->lanes.at[i].name));
	begin_job(a, STR("gate"), &needs);
	yaml_list(y, "steps");
	yaml_item_map(y);
	yaml_pair(y, "download", STR("current"));
	yaml_pair(y, "patterns", STR("lanewright-*/**"));
	yaml_end(y);
	add_bash(a, "Exactly the planned parts, proven, and their coverage", gate_script(a));
	yaml_end(y);
	yaml_end(y);
	yaml_end(y);
}

bool emit_azure(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	struct azure a = {.out = out, .plan = source->plan, .err = err};
	*emitted = (struct emitted){0};
	if (!job_begin(&a.job, out, source, &emitted->notes, err) || !check_names(&a) ||
	    !takes_macro(&a, STR("[emit.github] pytest"), source->config->github.pytest))
		return false;
	a.job.dir = PARTS_DIR "/";
	job_note_left_out(&a.job, "Azure");
	yaml_begin(&a.yaml, out, err);
	yaml_comment(&a.yaml,
	             STR("Written by `lanewright emit azure`.  What all jobs need, lanewright on PATH included, is"));
	yaml_comment(&a.yaml, STR("yours: " SETUP ", read by the shell of each job."));
	if (!add_containers(&a))
		return false;
	yaml_list(&a.yaml, "jobs");
	add_check(&a);
	for (uint32_t k = 0; k < a.plan->lanes.n; k++)
		if (a.plan->lanes.at[k].n_shards && !add_lane(&a, k))
			return false;
	add_gate(&a);
	yaml_end(&a.yaml);
	return yaml_done(&a.yaml, &emitted->text) && err->code == ERR_NONE;
}
