/* `emit circleci`: a whole config, a job a shard with just its services as secondary images, a check before and a gate
 * behind.
 *
 * All containers of a job share localhost and nobody waits for them: the job does, port by port.  A container listens
 * on its own port there, whatever [services.*] ports maps it to.  What all jobs share is the user's, in a script. */
#include "base/buf.h"
#include "emit/job.h"
#include "emit/yaml.h"

#define SETUP ".circleci/lanewright-setup.sh"

struct circle {
	struct job_maker job;
	struct arena *out;
	const struct plan *plan;
	struct yaml yaml;
	struct err *err;
};

/* `<<` begins a parameter in every string of a config, and `\<<` is how it is said. */
static struct str literal(struct arena *out, struct str s)
{
	struct buf buf;
	buf_init(&buf, out);
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '<' && i + 1 < s.n && s.at[i + 1] == '<' && !(i > 0 && s.at[i - 1] == '<'))
			buf_char(&buf, '\\');
		buf_char(&buf, s.at[i]);
	}
	return buf_str(&buf);
}

static void add_run(struct circle *c, const char *name, struct str command)
{
	struct yaml *y = &c->yaml;
	yaml_item_map(y);
	yaml_map(y, STR("run"));
	yaml_pair(y, "name", str_of(name));
	yaml_script(y, "command", literal(c->out, command));
	yaml_end(y);
	yaml_end(y);
}

/* The setup may put things on PATH, so it is read by the shell that uses them. */
static struct str prepared(struct circle *c, struct str script)
{
	return str_fmt(c->out, ". " SETUP "\nexport LANEWRIGHT_COMMIT=\"$CIRCLE_SHA1\"\n%.*s", STR_ARG(script));
}

static void add_image(struct circle *c)
{
	struct yaml *y = &c->yaml;
	yaml_list(y, "docker");
	yaml_item_map(y);
	yaml_pair(y, "image", STR("<< pipeline.parameters.lanewright-image >>"));
	yaml_end(y);
}

static void add_service(struct circle *c, const struct service *service)
{
	struct yaml *y = &c->yaml;
	bool has_any = false;
	yaml_item_map(y);
	yaml_pair(y, "image", literal(c->out, service->image));
	for (size_t i = 0; i < service->env.n; i++) {
		const struct env_pair *pair = &service->env.at[i];
		if (!job_takes_value(&c->job, service, pair))
			continue;
		if (!has_any)
			yaml_map(y, STR("environment"));
		has_any = true;
		yaml_text(y, pair->name, literal(c->out, pair->value));
	}
	if (has_any)
		yaml_end(y);
	yaml_end(y);
}

static bool check_ports(struct circle *c, const struct plan_lane *lane, const boot_list *services)
{
	for (size_t i = 0; i < services->n; i++)
		for (size_t k = 0; k < i; k++) {
			const struct service *one = services->at[i].service, *other = services->at[k].service;
			struct str port = boot_inner_port(one);
			if (port.n && str_eq(port, boot_inner_port(other)))
				return fail_usage(
				        c->err,
				        "lane %.*s boots %.*s and %.*s, which both listen on port %.*s of the one "
				        "localhost that CircleCI gives a job",
				        STR_ARG(lane->name), STR_ARG(other->name), STR_ARG(one->name), STR_ARG(port));
		}
	return true;
}

static struct str wait_script(struct circle *c, const boot_list *services)
{
	struct buf ports;
	buf_init(&ports, c->out);
	for (size_t i = 0; i < services->n; i++) {
		struct str port = boot_inner_port(services->at[i].service);
		if (port.n)
			buf_fmt(&ports, " %.*s", STR_ARG(port));
		else
			job_note(&c->job,
			         str_fmt(c->out, "[services.%.*s] ports: without one nobody can wait until it listens",
			                 STR_ARG(services->at[i].service->name)));
	}
	if (ports.n == 0)
		return STR_NONE;
	return str_fmt(c->out,
	               "for port in%.*s; do\n"
	               "  python3 -c 'import socket, sys, time\n"
	               "for _ in range(120):\n"
	               "    try:\n"
	               "        socket.create_connection((\"localhost\", int(sys.argv[1])), 2).close()\n"
	               "        sys.exit(0)\n"
	               "    except OSError:\n"
	               "        time.sleep(1)\n"
	               "sys.exit(f\"nothing listens on port {sys.argv[1]} after two minutes\")' \"$port\"\n"
	               "done\n",
	               STR_ARG(buf_str(&ports)));
}

static void add_results(struct circle *c)
{
	struct yaml *y = &c->yaml;
	static const char *const verbs[] = {"store_test_results", "store_artifacts"};
	for (size_t i = 0; i < 2; i++) {
		yaml_item_map(y);
		yaml_map(y, str_of(verbs[i]));
		yaml_pair(y, "path", STR(PARTS_DIR));
		yaml_end(y);
		yaml_end(y);
	}
	yaml_item_map(y);
	yaml_map(y, STR("persist_to_workspace"));
	yaml_pair(y, "root", STR("."));
	yaml_list(y, "paths");
	yaml_item(y, STR(PARTS_DIR));
	yaml_end(y);
	yaml_end(y);
	yaml_end(y);
}

static bool add_shard(struct circle *c, const struct plan_shard *shard)
{
	struct yaml *y = &c->yaml;
	const struct plan_lane *lane = &c->plan->lanes.at[shard->lane];
	boot_list services;
	struct str script;
	if (!job_services(&c->job, shard->lane, &services) || !check_ports(c, lane, &services) ||
	    !job_script(&c->job, job_lane_args(c->out, lane), &script))
		return false;
	yaml_map(y, job_name(&c->job, shard->name));
	add_image(c);
	for (size_t i = 0; i < services.n; i++)
		add_service(c, services.at[i].service);
	yaml_end(y);
	job_add_env(&c->job, &c->yaml, "environment", shard, literal);
	yaml_list(y, "steps");
	yaml_item(y, STR("checkout"));
	struct str wait = wait_script(c, &services);
	if (wait.n)
		add_run(c, "The services listen", wait);
	add_run(c, "Tests", prepared(c, str_fmt(c->out, "mkdir -p " PARTS_DIR "\n%.*s", STR_ARG(script))));
	add_results(c);
	yaml_end(y);
	yaml_end(y);
	return true;
}

static void add_check(struct circle *c)
{
	struct yaml *y = &c->yaml;
	yaml_map(y, job_name(&c->job, STR("check")));
	add_image(c);
	yaml_end(y);
	yaml_list(y, "steps");
	yaml_item(y, STR("checkout"));
	add_run(c, "The plan is valid for this tree", prepared(c, STR("lanewright check\n")));
	yaml_end(y);
	yaml_end(y);
}

static void add_gate(struct circle *c)
{
	struct yaml *y = &c->yaml;
	yaml_map(y, job_name(&c->job, STR("gate")));
	add_image(c);
	yaml_end(y);
	yaml_list(y, "steps");
	yaml_item(y, STR("checkout"));
	yaml_item_map(y);
	yaml_map(y, STR("attach_workspace"));
	yaml_pair(y, "at", STR("."));
	yaml_end(y);
	yaml_end(y);
	add_run(c, "Exactly the planned parts, proven, and their coverage", prepared(c, job_gate_script(&c->job)));
	yaml_end(y);
	yaml_end(y);
}

static void add_step(struct circle *c, struct str name, const strs *requires)
{
	struct yaml *y = &c->yaml;
	if (requires->n == 0) {
		yaml_item(y, name);
		return;
	}
	yaml_item_map(y);
	yaml_map(y, name);
	yaml_list(y, "requires");
	for (size_t i = 0; i < requires->n; i++)
		yaml_item(y, requires->at[i]);
	yaml_end(y);
	yaml_end(y);
	yaml_end(y);
}

static void add_workflow(struct circle *c)
{
	struct yaml *y = &c->yaml;
	strs none = {0}, check = {0}, shards = {0};
	vec_push(c->out, &check, job_name(&c->job, STR("check")));
	yaml_map(y, STR("workflows"));
	yaml_map(y, c->job.config->github.name);
	yaml_list(y, "jobs");
	add_step(c, check.at[0], &none);
	for (size_t i = 0; i < c->plan->shards.n; i++) {
		vec_push(c->out, &shards, job_name(&c->job, c->plan->shards.at[i].name));
		add_step(c, shards.at[i], &check);
	}
	add_step(c, job_name(&c->job, STR("gate")), &shards);
	yaml_end(y);
	yaml_end(y);
	yaml_end(y);
}

static bool add_jobs(struct circle *c)
{
	yaml_map(&c->yaml, STR("jobs"));
	add_check(c);
	for (size_t i = 0; i < c->plan->shards.n; i++)
		if (!add_shard(c, &c->plan->shards.at[i]))
			return false;
	add_gate(c);
	yaml_end(&c->yaml);
	return true;
}

bool emit_circleci(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	struct circle c = {.out = out, .plan = source->plan, .err = err};
	struct yaml *y = &c.yaml;
	*emitted = (struct emitted){0};
	if (!job_begin(&c.job, out, source, &emitted->notes, err) || !job_check_shards(&c.job))
		return false;
	c.job.dir = PARTS_DIR "/";
	job_note_left_out(&c.job, "CircleCI");
	yaml_begin(y, out, err);
	yaml_comment(
	        y, STR("Written by `lanewright emit circleci`.  What all jobs need, lanewright on PATH included, is"));
	yaml_comment(y, STR("yours: " SETUP ", read by the shell of each job."));
	yaml_bare(y, "version", STR("2.1"));
	yaml_map(y, STR("parameters"));
	yaml_map(y, STR("lanewright-image"));
	yaml_pair(y, "type", STR("string"));
	yaml_pair(y, "default", STR("cimg/python:3.12"));
	yaml_end(y);
	yaml_end(y);
	if (!add_jobs(&c))
		return false;
	add_workflow(&c);
	return yaml_done(y, &emitted->text) && err->code == ERR_NONE;
}
