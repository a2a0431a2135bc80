/* `emit github`: a first job that checks the plan or makes it, jobs for the lanes with just their services, a gate.
 *
 * By default static jobs, because there is no `if` for a service and `services: ${{ }}` is refused by most readers; a
 * matrix only inside a lane with several shards.  Nothing that comes from outside stands inside a script: it comes in
 * through `env`, or it is a name of [A-Za-z0-9_-] that was checked. */
#include "emit/github.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "emit/plan_file.h"
#include "emit/quote.h"

enum { CHECK_MINUTES = 10 };

/* ---- what is checked before anything is written ---- */

static bool read_shape(struct github *g)
{
	static const char *const words[] = {"lanes", "matrix", "reusable", "dynamic"};
	while (g->shape < SHAPE_DYNAMIC && !str_eq(g->own->shape, str_of(words[g->shape])))
		g->shape++;
	g->is_planned = str_eq(g->own->lists, STR("planned"));
	if (g->is_planned && g->shape != SHAPE_DYNAMIC)
		return fail_usage(g->err, "[emit.github] lists: a plan that is made in CI has other shards every time, "
		                          "which only shape = \"dynamic\" can follow");
	return true;
}

static bool check_config(const struct github *g)
{
	if (str_trim(g->own->install).n == 0)
		return fail_usage(g->err,
		                  "[emit.github] install: the jobs that run `lanewright check` and `prove` need steps "
		                  "that put lanewright on PATH");
	if (str_trim(g->own->before).n == 0)
		return fail_usage(g->err,
		                  "[emit.github] before: the jobs need steps that check out the code and install what "
		                  "the tests import");
	if (g->own->parts.n && g->own->coverage_source.n == 0)
		return fail_usage(g->err, "[[emit.github.part]] is coverage from outside the plan, but there is no "
		                          "[emit.github] coverage to join it with");
	if (g->own->parts.n && g->shape == SHAPE_REUSABLE)
		return fail_usage(g->err, "[[emit.github.part]] names a job beside ours, which a workflow of its own "
		                          "(shape = \"reusable\") cannot need");
	return true;
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

void github_add_download(struct github *g, const char *name, const char *key, struct str value, struct str path)
{
	struct yaml *y = &g->yaml;
	yaml_item_map(y);
	yaml_pair(y, "name", str_of(name));
	yaml_pair_noted(y, "uses", g->download.uses, g->download.comment);
	yaml_map(y, STR("with"));
	yaml_pair(y, key, value);
	yaml_pair(y, "path", path);
	if (str_eq(str_of(key), STR("pattern")))
		yaml_truth(y, "merge-multiple", true);
	yaml_end(y);
	yaml_end(y);
}

void github_add_upload(struct github *g, const char *name, struct str condition, struct str artifact, struct str paths)
{
	struct yaml *y = &g->yaml;
	yaml_item_map(y);
	yaml_pair(y, "name", str_of(name));
	if (condition.n)
		yaml_pair(y, "if", condition);
	yaml_pair_noted(y, "uses", g->upload.uses, g->upload.comment);
	yaml_map(y, STR("with"));
	yaml_pair(y, "name", artifact);
	yaml_script(y, "path", paths);
	yaml_truth(y, "include-hidden-files", true);
	yaml_truth(y, "overwrite", true);
	yaml_pair(y, "if-no-files-found", STR("error"));
	yaml_end(y);
	yaml_end(y);
}

/* ---- the plan: checked, or made ---- */

struct str github_first(struct github *g)
{
	return job_name(&g->job, g->shape == SHAPE_DYNAMIC ? STR("plan") : STR("check"));
}

/* Not lanewright-*, by which the gate fetches what shards left. */
static struct str plan_artifact(struct github *g)
{
	return str_fmt(g->out, "plan-of-%.*s", STR_ARG(g->own->name));
}

/* The findings name files, and a line with such a name could be a command to the runner. */
static void add_check(struct github *g)
{
	struct yaml *y = &g->yaml;
	yaml_item_map(y);
	yaml_pair(y, "name", STR("The plan is valid for this tree"));
	yaml_pair(y, "shell", STR("bash"));
	github_add_script(g, STR("stop=$(python3 -c 'import secrets; print(secrets.token_hex(16))')\n"
	                         "echo \"::stop-commands::$stop\"\n"
	                         "lanewright check || status=$?\n"
	                         "echo \"::$stop::\"\n"
	                         "exit \"${status:-0}\"\n"));
	yaml_end(y);
}

static struct str cache_action(struct github *g, const char *verb)
{
	struct str ref = str_slice(g->cache.uses, str_find(g->cache.uses, STR("@"), 0), g->cache.uses.n);
	return str_fmt(g->out, "actions/cache/%s%.*s", verb, STR_ARG(ref));
}

void github_add_history(struct github *g, const char *verb)
{
	struct yaml *y = &g->yaml;
	if (!g->is_planned || g->cache.uses.n == 0)
		return;
	yaml_item_map(y);
	yaml_pair(y, "name",
	          str_eq(str_of(verb), STR("save")) ? STR("Keep the durations") : STR("What tests took before"));
	yaml_pair_noted(y, "uses", cache_action(g, verb), g->cache.comment);
	yaml_map(y, STR("with"));
	yaml_pair(y, "path", STR(".lanewright/history.db"));
	yaml_pair(y, "key", STR("lanewright-history-${{ github.run_id }}-${{ github.run_attempt }}"));
	if (str_eq(str_of(verb), STR("restore")))
		yaml_pair(y, "restore-keys", STR("lanewright-history-"));
	yaml_end(y);
	yaml_end(y);
}

/* The matrix goes through an output, and GitHub drops an output that holds a secret's text: then the lanes fail on an
 * empty matrix, and the gate with them. */
static void add_outputs(struct github *g)
{
	struct yaml *y = &g->yaml;
	yaml_item_map(y);
	yaml_pair(y, "id", STR("plan"));
	yaml_pair(y, "name", STR("The shards"));
	yaml_pair(y, "shell", STR("bash"));
	github_add_script(
	        g,
	        STR("matrix=$(lanewright emit matrix)\n"
	            "echo \"matrix=$matrix\" >>\"$GITHUB_OUTPUT\"\n"
	            "sha256=$(python3 -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())' \\\n"
	            "  <" PLAN_PATH ")\n"
	            "echo \"sha256=$sha256\" >>\"$GITHUB_OUTPUT\"\n"));
	yaml_end(y);
}

static void add_making(struct github *g)
{
	struct yaml *y = &g->yaml;
	github_add_history(g, "restore");
	yaml_item_map(y);
	yaml_pair(y, "name", STR("The plan"));
	yaml_pair(y, "run", STR("lanewright plan"));
	yaml_end(y);
}

static void add_first(struct github *g)
{
	struct yaml *y = &g->yaml;
	struct str id = github_first(g);
	yaml_comment(
	        y,
	        g->is_planned
	                ? STR("What runs where: a plan for this tree, handed to all jobs behind it.")
	                : STR("Is the committed plan still that of this tree?  A test on no list would run nowhere."));
	github_begin_job(g, id, id, &g->upstream, g->condition, CHECK_MINUTES);
	if (g->shape == SHAPE_DYNAMIC) {
		yaml_map(y, STR("outputs"));
		yaml_pair(y, "matrix", STR("${{ steps.plan.outputs.matrix }}"));
		yaml_pair(y, "sha256", STR("${{ steps.plan.outputs.sha256 }}"));
		yaml_end(y);
	}
	yaml_list(y, "steps");
	yaml_raw_items(y, steps_using(g->out, g->own->before, "actions/checkout"), "[emit.github] before");
	yaml_raw_items(y, g->own->install, "[emit.github] install");
	if (g->is_planned)
		add_making(g);
	add_check(g);
	if (g->shape == SHAPE_DYNAMIC)
		add_outputs(g);
	if (g->is_planned)
		github_add_upload(g, "Hand the plan on", STR_NONE, plan_artifact(g), STR(PLAN_PATH "\n" LIST_DIR "\n"));
	yaml_end(y);
	yaml_end(y);
}

void github_add_plan(struct github *g)
{
	struct yaml *y = &g->yaml;
	if (!g->is_planned)
		return;
	github_add_download(g, "The plan", "name", plan_artifact(g), STR(".lanewright"));
	yaml_item_map(y);
	yaml_pair(y, "name", STR("It is the plan that was made, whole"));
	yaml_pair(y, "shell", STR("python3 {0}"));
	yaml_map(y, STR("env"));
	yaml_pair(y, "PLAN_SHA256", str_fmt(g->out, "${{ needs.%.*s.outputs.sha256 }}", STR_ARG(github_first(g))));
	yaml_end(y);
	github_add_script(
	        g,
	        STR("import hashlib, json, os, sys\n"
	            "\n"
	            "def sha256(path):\n"
	            "    with open(path, \"rb\") as file:\n"
	            "        return hashlib.sha256(file.read()).hexdigest()\n"
	            "\n"
	            "if sha256(\"" PLAN_PATH "\") != os.environ[\"PLAN_SHA256\"]:\n"
	            "    sys.exit(\"this is another plan than the one that was made\")\n"
	            "with open(\"" PLAN_PATH "\", encoding=\"utf-8\") as file:\n"
	            "    plan = json.load(file)\n"
	            "for shard in plan[\"shards\"]:\n"
	            "    if sha256(\"" LIST_DIR "/{}.txt\".format(shard[\"name\"])) != shard[\"list_sha256\"]:\n"
	            "        sys.exit(\"the list of {} is another than the planned one\".format(shard[\"name\"]))\n"));
	yaml_end(y);
}

/* ---- what the job did beside its tests ---- */

/* Nobody knows what such a step needs: it gets all that the one job had. */
static bool add_once(struct github *g)
{
	struct yaml *y = &g->yaml;
	struct str id = job_name(&g->job, STR("once"));
	boot_list services;
	strs needs = {0};
	if (str_trim(g->own->once).n == 0)
		return true;
	for (size_t i = 0; i < g->upstream.n; i++)
		vec_push(g->out, &needs, g->upstream.at[i]);
	vec_push(g->out, &needs, github_first(g));
	yaml_blank(y);
	yaml_comment(y, STR("What the job did beside setup, tests and reports, once: please review."));
	github_begin_job(g, id, id, &needs, g->condition, g->own->timeout_minutes);
	if (!boot_all(g->out, g->config, g->plan, false, &services, g->err) ||
	    !github_add_services(g, &services, false))
		return false;
	github_add_place(g, true);
	yaml_list(y, "steps");
	yaml_raw_items(y, g->own->before, "[emit.github] before");
	yaml_raw_items(y, g->own->once, "[emit.github] once");
	yaml_end(y);
	yaml_end(y);
	return true;
}

/* ---- the whole ---- */

static bool find_pins(struct github *g, const struct emit_source *source)
{
	struct err none = {0};
	if (!steps_pin(g->out, source, "actions/cache", 3, &g->cache, &none))
		g->cache = (struct pin){0};
	if (g->is_planned && g->cache.uses.n == 0)
		job_note(&g->job,
		         STR("[emit.github] pins: without one of actions/cache the plan knows no durations but "
		             "those in git"));
	return steps_pin(g->out, source, "actions/upload-artifact", 4, &g->upload, g->err) &&
	       steps_pin(g->out, source, "actions/download-artifact", 4, &g->download, g->err);
}

static bool prepare(struct github *g, const struct emit_source *source, strs *notes)
{
	if (!job_begin(&g->job, g->out, source, notes, g->err) || !read_shape(g) || !check_config(g) ||
	    !read_condition(g) || !find_pins(g, source))
		return false;
	find_upstream(g, g->condition);
	for (size_t i = 0; i < g->own->env.n; i++)
		find_upstream(g, g->own->env.at[i].value);
	for (size_t i = 0; i < g->own->job_env.n; i++)
		find_upstream(g, g->own->job_env.at[i].value);
	find_upstream(g, g->own->before);
	find_upstream(g, g->own->install);
	find_upstream(g, g->own->after);
	if (g->upstream.n && g->shape == SHAPE_REUSABLE)
		return fail_usage(g->err,
		                  "[emit.github]: needs.%.*s is not known in a workflow of its own (shape = "
		                  "\"reusable\"): put the condition on the job that calls it",
		                  STR_ARG(g->upstream.at[0]));
	return true;
}

static struct str start_of_workflow(struct github *g)
{
	const char *on =
	        g->shape == SHAPE_REUSABLE ? "  - workflow_call\n" : "  - pull_request\n  - workflow_dispatch\n";
	return str_fmt(g->out,
	               "# The jobs below are written by `lanewright emit github`; everything else is yours to change.\n"
	               "name: \"%.*s\"\n\n\"on\":\n%s\npermissions:\n  contents: read\n\njobs:\n",
	               STR_ARG(g->own->name), on);
}

static bool add_lanes(struct github *g)
{
	if (g->shape == SHAPE_MATRIX || g->shape == SHAPE_DYNAMIC)
		return github_matrix(g);
	for (uint32_t k = 0; k < g->plan->lanes.n; k++)
		if (g->plan->lanes.at[k].n_shards && !github_lane(g, k))
			return false;
	return true;
}

bool emit_github(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err)
{
	struct github g = {
	        .out = out,
	        .plan = source->plan,
	        .config = source->config,
	        .own = &source->config->github,
	        .err = err,
	};
	*emitted = (struct emitted){0};
	if (!prepare(&g, source, &emitted->notes))
		return false;
	if (g.shape == SHAPE_REUSABLE)
		job_note(&g.job,
		         STR("call it from your workflow by a job with `uses: ./.github/workflows/<this file>` and "
		             "`secrets: inherit`"));
	yaml_begin(&g.yaml, out, err);
	add_first(&g);
	if (!add_once(&g) || !add_lanes(&g))
		return false;
	github_gate(&g);
	struct into into = {.kind = INTO_JOBS, .path = "the emitted workflow"};
	return yaml_done(&g.yaml, &emitted->block) && err->code == ERR_NONE &&
	       into_splice(out, &into, start_of_workflow(&g), emitted->block, &emitted->text, err);
}
