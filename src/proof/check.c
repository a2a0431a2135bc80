/* The four questions of `check`: same inputs, current files, no empty shard, every test once where it can run. */
#include "proof/check.h"

#include "base/buf.h"
#include "base/hash.h"
#include "proof/place.h"

#define PLAN_FILE STR(".lanewright/plan.json")
#define REPLAN    "run `lanewright plan`"

struct checker {
	struct arena *out;
	const struct check_case *check;
	check_findings found;
	bool *unit_has_test; /* by plan unit */
};

static void report(struct checker *c, struct str path, uint32_t line, struct str text)
{
	vec_push(c->out, &c->found, (struct check_finding){path, line, text});
}

static const struct plan_input *recorded(const struct plan *plan, struct str name)
{
	for (size_t i = 0; i < plan->inputs.n; i++)
		if (str_eq(plan->inputs.at[i].name, name))
			return &plan->inputs.at[i];
	return NULL;
}

static void check_inputs(struct checker *c)
{
	for (size_t i = 0; i < c->check->inputs.n; i++) {
		const struct plan_input *now = &c->check->inputs.at[i];
		const struct plan_input *then = recorded(c->check->plan, now->name);
		if (!then)
			report(c, PLAN_FILE, 0,
			       str_fmt(c->out, "the plan does not record its %.*s: " REPLAN, STR_ARG(now->name)));
		else if (!str_eq(then->sha256, now->sha256))
			report(c, PLAN_FILE, 0,
			       str_fmt(c->out, "the %.*s has changed since the plan was made: " REPLAN,
			               STR_ARG(now->name)));
	}
}

static void check_file(struct checker *c, const struct check_file *file)
{
	if (file->is_missing)
		report(c, file->path, 0, str_fmt(c->out, "is missing: run `%.*s`", STR_ARG(file->mend)));
	else if (!str_eq(file->expected, file->found))
		report(c, file->path, 0, str_fmt(c->out, "is not what the plan says: run `%.*s`", STR_ARG(file->mend)));
}

/* The plan's own hash of each list ties lists and plan together when both came from a merge. */
static void check_lists(struct checker *c)
{
	const struct plan *plan = c->check->plan;
	for (size_t i = 0; i < c->check->lists.n; i++) {
		const struct check_file *list = &c->check->lists.at[i];
		check_file(c, list);
		if (i < plan->shards.n && !str_eq(sha256_hex(c->out, list->expected), plan->shards.at[i].list_sha256))
			report(c, PLAN_FILE, 0,
			       str_fmt(c->out, "the plan's hash of list %.*s is not that of its units: " REPLAN,
			               STR_ARG(list->path)));
	}
	for (size_t i = 0; i < c->check->strays.n; i++)
		report(c, c->check->strays.at[i], 0,
		       STR("is a list of no shard of the plan: run `lanewright emit lists`"));
}

static void check_shards(struct checker *c)
{
	const struct plan *plan = c->check->plan;
	bool *has_unit = arena_array(c->out, bool, plan->shards.n + 1);
	for (size_t i = 0; i < plan->units.n; i++)
		has_unit[plan->units.at[i].shard] = true;
	for (size_t i = 0; i < plan->shards.n; i++)
		if (!has_unit[i])
			report(c, PLAN_FILE, 0,
			       str_fmt(c->out, "shard %.*s is empty: its pytest would run the whole suite: " REPLAN,
			               STR_ARG(plan->shards.at[i].name)));
}

static struct str missing(struct arena *out, const struct check_case *check, const struct demand *demand,
                          service_set set)
{
	struct buf buf;
	buf_init(&buf, out);
	buf_add(&buf, service_set_names(out, check->catalogue, demand->all & ~set, STR(", ")));
	for (size_t i = 0; i < demand->any_of.n; i++) {
		if (demand->any_of.at[i] & set)
			continue;
		buf_add(&buf, buf.n ? STR(", ") : STR_NONE);
		buf_add(&buf, service_set_names(out, check->catalogue, demand->any_of.at[i], STR(" or ")));
	}
	return buf_str(&buf);
}

/* `id`: the test or file whose needs these are. */
static void check_cover(struct checker *c, const need_list *needs, struct str path, uint32_t line, struct str id,
                        const struct plan_unit *unit)
{
	const struct check_case *check = c->check;
	const struct plan_shard *shard = &check->plan->shards.at[unit->shard];
	const struct plan_lane *lane = &check->plan->lanes.at[shard->lane];
	struct demand demand = needs_demand(c->out, needs, check->grade);
	service_set set = place_services(check->plan, lane, check->catalogue);
	if (!demand_met(&demand, set))
		report(c, path, line,
		       str_fmt(c->out, "%.*s needs %.*s, which lane %.*s does not start: " REPLAN, STR_ARG(id),
		               STR_ARG(missing(c->out, check, &demand, set)), STR_ARG(lane->name)));
}

static void check_test(struct checker *c, size_t t)
{
	const struct plan *plan = c->check->plan;
	const struct test *test = &c->check->suite->tests.at[t];
	struct str path = c->check->repo->files.at[test->file].path;
	struct places places = places_of(plan, path, test->id);
	for (size_t i = 0; i < places.n; i++)
		c->unit_has_test[places.at[i] - plan->units.at] = true;
	if (places.n == 0)
		report(c, path, test->line,
		       str_fmt(c->out, "%.*s is on no list, it would run nowhere: " REPLAN, STR_ARG(test->id)));
	else if (places.n > 1)
		report(c, path, test->line,
		       str_fmt(c->out, "%.*s would run twice, as %.*s in %.*s and as %.*s in %.*s: " REPLAN,
		               STR_ARG(test->id), STR_ARG(places.at[0]->id),
		               STR_ARG(plan->shards.at[places.at[0]->shard].name), STR_ARG(places.at[1]->id),
		               STR_ARG(plan->shards.at[places.at[1]->shard].name)));
	else
		check_cover(c, &c->check->needs->tests[t], path, test->line, test->id, places.at[0]);
}

/* What no static name names would be lost when a file is split: such a file must stay whole. */
static void check_split(struct checker *c, const struct plan_unit *unit)
{
	const struct repo *repo = c->check->repo;
	const struct source_file *file = repo_file(repo, unit->path);
	if (file && unit->id.n != unit->path.n && !c->check->suite->file_is_exact[file - repo->files.at])
		report(c, unit->path, 0,
		       str_fmt(c->out,
		               "is split (%.*s), but may have tests that cannot be seen without running it: " REPLAN,
		               STR_ARG(unit->id)));
}

/* A unit that holds no test we know is fine when its file may have tests that only running it tells. */
static void check_unit(struct checker *c, const struct plan_unit *unit)
{
	const struct repo *repo = c->check->repo;
	const struct source_file *file = repo_file(repo, unit->path);
	if (!file || !file->is_test)
		report(c, unit->path, 0,
		       str_fmt(c->out, "%.*s is on a list, but there is no such test file: " REPLAN,
		               STR_ARG(unit->id)));
	else if (!suite_hides(c->check->suite, (uint32_t)(file - repo->files.at)))
		report(c, unit->path, 0,
		       str_fmt(c->out, "%.*s is on a list, but has no test: " REPLAN, STR_ARG(unit->id)));
}

/* A test file without a test that we can name may still collect some: it must run somewhere. */
static void check_hiding_file(struct checker *c, uint32_t file)
{
	const struct check_case *check = c->check;
	struct str path = check->repo->files.at[file].path;
	const struct plan_unit *unit = place_unit(check->plan, path);
	if (unit)
		check_cover(c, &check->needs->files[file], path, 0, path, unit);
	else
		report(c, path, 0,
		       STR("may have tests that cannot be seen without running it, and is on no list: " REPLAN));
}

check_findings check_plan(struct arena *out, const struct check_case *check)
{
	struct checker c = {.out = out, .check = check};
	c.unit_has_test = arena_array(out, bool, check->plan->units.n + 1);
	check_inputs(&c);
	check_lists(&c);
	for (size_t i = 0; i < check->files.n; i++)
		check_file(&c, &check->files.at[i]);
	check_shards(&c);
	for (size_t i = 0; i < check->suite->tests.n; i++)
		check_test(&c, i);
	for (size_t i = 0; i < check->plan->units.n; i++) {
		check_split(&c, &check->plan->units.at[i]);
		if (!c.unit_has_test[i])
			check_unit(&c, &check->plan->units.at[i]);
	}
	for (size_t i = 0; i < check->suite->hiding.n; i++)
		check_hiding_file(&c, check->suite->hiding.at[i].file);
	return c.found;
}
