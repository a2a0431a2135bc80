/* `emit buildkite`: a pipeline, a step a shard, a check before and a gate behind.
 *
 * Buildkite has no services: each step boots its lane's profile of what `emit compose` writes, and waits for health.
 * `$` is read when the pipeline is uploaded, so that ours are doubled.  What all steps share is the user's script. */
#include "base/buf.h"
#include "emit/job.h"
#include "emit/yaml.h"

#define SETUP   ".buildkite/lanewright-setup.sh"
#define COMPOSE ".lanewright/compose.yml"

struct kite {
	struct job_maker job;
	struct arena *out;
	const struct plan *plan;
	struct yaml yaml;
	struct err *err;
};

static void begin_step(struct kite *b, struct str name, const strs *needs)
{
	struct yaml *y = &b->yaml;
	yaml_item_map(y);
	yaml_pair(y, "label", name);
	yaml_pair(y, "key", name);
	if (needs->n)
		yaml_list(y, "depends_on");
	for (size_t i = 0; i < needs->n; i++)
		yaml_item(y, needs->at[i]);
	if (needs->n)
		yaml_end(y);
}

static void add_command(struct kite *b, struct str script)
{
	struct str whole = str_fmt(b->out, "set -e\n. " SETUP "\nexport LANEWRIGHT_COMMIT=\"$BUILDKITE_COMMIT\"\n%.*s",
	                           STR_ARG(script));
	yaml_script(&b->yaml, "command", job_dollars(b->out, whole));
}

/* By name: a glob of the agent passes hidden files over. */
static void add_artifacts(struct kite *b, const struct plan_shard *shard)
{
	struct yaml *y = &b->yaml;
	yaml_list(y, "artifact_paths");
	yaml_item(y, str_fmt(b->out, PARTS_DIR "/junit-%.*s.xml", STR_ARG(shard->name)));
	yaml_item(y, str_fmt(b->out, PARTS_DIR "/lanewright-%.*s.json", STR_ARG(shard->name)));
	if (job_has_coverage(&b->job))
		yaml_item(y, str_fmt(b->out, PARTS_DIR "/%.*s", STR_ARG(parts_coverage_file(b->out, b->plan, shard))));
	yaml_end(y);
}

/* One project of compose a job, so that two on one machine do not end each other's services. */
static struct str boot_script(struct kite *b, const struct plan_lane *lane)
{
	if (lane->services == 0)
		return STR_NONE;
	return str_fmt(b->out,
	               "lanewright emit compose --out " COMPOSE "\n"
	               "services() {\n"
	               "  docker compose --project-name \"lanewright-$BUILDKITE_JOB_ID\" --file " COMPOSE
	               " --profile %.*s \"$@\"\n"
	               "}\n"
	               "trap 'services down --volumes' EXIT\n"
	               "services up --detach --wait\n",
	               STR_ARG(lane->name));
}

static bool add_shard(struct kite *b, const struct plan_shard *shard)
{
	const struct plan_lane *lane = &b->plan->lanes.at[shard->lane];
	boot_list services; /* that each can be booted */
	struct str script;
	strs needs = {0};
	if (!job_services(&b->job, shard->lane, &services) ||
	    !job_script(&b->job, job_lane_args(b->out, lane), &script))
		return false;
	vec_push(b->out, &needs, job_name(&b->job, STR("check")));
	begin_step(b, job_name(&b->job, shard->name), &needs);
	job_add_env(&b->job, &b->yaml, "env", shard, job_dollars);
	add_command(
	        b, str_fmt(b->out, "mkdir -p " PARTS_DIR "\n%.*s%.*s", STR_ARG(boot_script(b, lane)), STR_ARG(script)));
	add_artifacts(b, shard);
	yaml_end(&b->yaml);
	return true;
}

static void add_gate(struct kite *b)
{
	struct buf script;
	strs needs = {0};
	buf_init(&script, b->out);
	for (size_t i = 0; i < b->plan->shards.n; i++)
		vec_push(b->out, &needs, job_name(&b->job, b->plan->shards.at[i].name));
	buf_lit(&script, "rm -rf " PARTS_DIR "\nmkdir -p " PARTS_DIR "\n");
	buf_lit(&script, "buildkite-agent artifact download '" PARTS_DIR "/*' .\n");
	buf_add(&script, job_gate_script(&b->job));
	begin_step(b, job_name(&b->job, STR("gate")), &needs);
	add_command(b, buf_str(&script));
	yaml_end(&b->yaml);
}

bool emit_buildkite(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	struct kite b = {.out = out, .plan = source->plan, .err = err};
	strs none = {0};
	*emitted = (struct emitted){0};
	if (!job_begin(&b.job, out, source, &emitted->notes, err) || !job_check_shards(&b.job))
		return false;
	b.job.dir = PARTS_DIR "/";
	job_note_left_out(&b.job, "Buildkite");
	yaml_begin(&b.yaml, out, err);
	yaml_comment(&b.yaml,
	             STR("Written by `lanewright emit buildkite`.  What all steps need, lanewright on PATH included, "
	                 "is"));
	yaml_comment(&b.yaml, STR("yours: " SETUP ", read by the shell of each step.  Services need docker compose."));
	yaml_list(&b.yaml, "steps");
	begin_step(&b, job_name(&b.job, STR("check")), &none);
	add_command(&b, STR("lanewright check\n"));
	yaml_end(&b.yaml);
	for (size_t i = 0; i < b.plan->shards.n; i++)
		if (!add_shard(&b, &b.plan->shards.at[i]))
			return false;
	add_gate(&b);
	yaml_end(&b.yaml);
	return yaml_done(&b.yaml, &emitted->text) && err->code == ERR_NONE;
}
