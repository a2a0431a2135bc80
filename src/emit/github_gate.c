/* The gate: the one job that a branch rule asks for.  It is green when every job is, when each shard has left exactly
 * its parts, and when the coverage of all of them together is enough.
 *
 * Without always() a failed lane would skip the gate, and skipped counts as green; asking only for "no failure" would
 * let a cancelled lane through; `coverage combine` succeeds with parts missing, empty or damaged, and a download that
 * matches nothing succeeds too.  So each of these is asked for by name. */
#include "emit/github.h"

#include "base/buf.h"
#include "emit/parts.h"
#include "emit/quote.h"

static void add_needs(struct github *g, strs *needs)
{
	for (size_t i = 0; i < g->upstream.n; i++)
		vec_push(g->out, needs, g->upstream.at[i]);
	vec_push(g->out, needs, github_first(g));
	if (str_trim(g->own->once).n)
		vec_push(g->out, needs, job_name(&g->job, STR("once")));
	if (g->shape == SHAPE_MATRIX || g->shape == SHAPE_DYNAMIC)
		vec_push(g->out, needs, job_name(&g->job, STR("lanes")));
	else
		for (size_t i = 0; i < g->plan->lanes.n; i++)
			if (g->plan->lanes.at[i].n_shards)
				vec_push(g->out, needs, job_name(&g->job, g->plan->lanes.at[i].name));
	for (size_t i = 0; i < g->own->parts.n; i++) {
		bool is_known = false;
		for (size_t k = 0; k < needs->n; k++)
			is_known |= str_eq(needs->at[k], g->own->parts.at[i].job);
		if (!is_known)
			vec_push(g->out, needs, g->own->parts.at[i].job);
	}
}

static void add_results(struct github *g)
{
	struct yaml *y = &g->yaml;
	yaml_item_map(y);
	yaml_pair(y, "name", STR("Every job succeeded"));
	yaml_pair(y, "shell", STR("python3 {0}"));
	yaml_map(y, STR("env"));
	yaml_pair(y, "NEEDS", STR("${{ toJSON(needs) }}"));
	yaml_end(y);
	github_add_script(
	        g, STR("import json, os, sys\n"
	               "\n"
	               "jobs = json.loads(os.environ[\"NEEDS\"])\n"
	               "wrong = {job: it[\"result\"] for job, it in jobs.items() if it[\"result\"] != \"success\"}\n"
	               "for job, result in wrong.items():\n"
	               "    print(f\"job {job}: {result}\")\n"
	               "sys.exit(1 if wrong or not jobs else 0)\n"));
	yaml_end(y);
}

static struct str part_dir(struct github *g, size_t i)
{
	return str_fmt(g->out, ".lanewright/part-%zu", i + 1);
}

static void add_downloads(struct github *g)
{
	github_add_download(g, "Fetch what the shards left", "pattern", STR("lanewright-*"), STR(PARTS_DIR));
	for (size_t i = 0; i < g->own->parts.n; i++)
		github_add_download(g, "Fetch a part from outside the plan", "name", g->own->parts.at[i].artifact,
		                    part_dir(g, i));
}

static struct str part_file(struct github *g, size_t i)
{
	return path_join(g->out, part_dir(g, i), g->own->parts.at[i].file);
}

/* The plan whose shards stand in the workflow, or NULL when only the run knows them. */
static const struct plan *known_plan(const struct github *g)
{
	return g->shape == SHAPE_DYNAMIC ? NULL : g->plan;
}

static void add_parts(struct github *g)
{
	struct yaml *y = &g->yaml;
	strs others = {0};
	for (size_t i = 0; i < g->own->parts.n; i++)
		vec_push(g->out, &others, part_file(g, i));
	yaml_item_map(y);
	yaml_pair(y, "name", STR("Every shard left its parts"));
	yaml_pair(y, "shell", STR("python3 {0}"));
	yaml_map(y, STR("env"));
	yaml_pair(y, "LANEWRIGHT_COMMIT", STR("${{ github.sha }}"));
	yaml_end(y);
	github_add_script(g, parts_script(g->out, known_plan(g), g->own->coverage_source.n > 0, &others));
	yaml_end(y);
}

/* What is in the summary of the job is Markdown; what is in its log annotates files. */
static void add_proof(struct github *g)
{
	struct yaml *y = &g->yaml;
	yaml_item_map(y);
	yaml_pair(y, "name", STR("What ran is what was planned"));
	yaml_pair(y, "shell", STR("bash"));
	github_add_script(g, str_fmt(g->out, "%.*s >>\"$GITHUB_STEP_SUMMARY\" || true\n%.*s\n",
	                             STR_ARG(parts_prove(g->out, "--format markdown")),
	                             STR_ARG(parts_prove(g->out, "--format github"))));
	yaml_end(y);
}

static void add_combine(struct github *g)
{
	struct yaml *y = &g->yaml;
	strs others = {0};
	for (size_t i = 0; i < g->own->parts.n; i++) {
		struct str word;
		if (!quote_sh(g->out, part_file(g, i), &word, g->err))
			return;
		vec_push(g->out, &others, word);
	}
	yaml_item_map(y);
	yaml_pair(y, "name", STR("The coverage of all parts together"));
	yaml_pair(y, "shell", STR("bash"));
	github_add_script(g, parts_combine(g->out, known_plan(g), &g->job.command, &others));
	yaml_end(y);
}

/* Durations for the next plan; the plan of a shape that is committed takes them where it is made. */
static void add_record(struct github *g)
{
	struct yaml *y = &g->yaml;
	if (!g->is_planned || g->cache.uses.n == 0)
		return;
	github_add_history(g, "restore");
	yaml_item_map(y);
	yaml_pair(y, "name", STR("What the tests took"));
	yaml_pair(y, "shell", STR("bash"));
	github_add_script(g, STR("lanewright record " PARTS_DIR "/junit-*.xml\n"));
	yaml_end(y);
	github_add_history(g, "save");
}

void github_gate(struct github *g)
{
	struct yaml *y = &g->yaml;
	bool has_coverage = g->own->coverage_source.n > 0;
	struct str id = job_name(&g->job, STR("gate"));
	struct str condition =
	        g->condition.n ? str_fmt(g->out, "always() && (%.*s)", STR_ARG(g->condition)) : STR("always()");
	strs needs = {0};
	add_needs(g, &needs);
	yaml_blank(y);
	yaml_comment(y, STR("The one job to require: green only when every lane ran, whole and well."));
	github_begin_job(g, id, id, &needs, condition, g->own->timeout_minutes);
	if (has_coverage)
		github_add_place(g, false);
	yaml_list(y, "steps");
	add_results(g);
	if (has_coverage)
		yaml_raw_items(y, g->own->before, "[emit.github] before");
	else
		yaml_raw_items(y, steps_using(g->out, g->own->before, "actions/checkout"), "[emit.github] before");
	yaml_raw_items(y, g->own->install, "[emit.github] install");
	github_add_plan(g);
	add_downloads(g);
	add_parts(g);
	add_proof(g);
	if (has_coverage)
		add_combine(g);
	add_record(g);
	yaml_raw_items(y, g->own->after, "[emit.github] after");
	yaml_end(y);
	yaml_end(y);
}
