/* `emit github`: a first job that runs `lanewright check`, one static job a lane with just its services, a gate.
 *
 * Static jobs, because there is no `if` for a service and `services: ${{ }}` is refused by most readers; a matrix only
 * inside a lane with several shards.  Nothing that comes from outside stands inside a script: it comes in through
 * `env`, or it is a name of [A-Za-z0-9_-] that was checked. */
#include "emit/github.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "emit/boot.h"
#include "emit/quote.h"

enum { CHECK_MINUTES = 10 };

struct str github_job(struct github *g, struct str suffix)
{
	return str_fmt(g->out, "%.*s-%.*s", STR_ARG(g->own->name), STR_ARG(suffix));
}

/* ---- what is checked before anything is written ---- */

static bool check_names(const struct github *g)
{
	if (!boot_is_name(g->own->name))
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
		if (g.plan->lanes.at[k].n_shards && !github_lane(&g, k))
			return false;
	github_gate(&g);
	struct into into = {.kind = INTO_JOBS, .path = "the emitted workflow"};
	return yaml_done(&g.yaml, &emitted->block) && err->code == ERR_NONE &&
	       into_splice(out, &into, start_of_workflow(&g), emitted->block, &emitted->text, err);
}
