/* Files become units, units groups, groups items. */
#include "partition/maker.h"

#include <stdlib.h>

#include "partition/lanes.h"
#include "partition/replicas.h"
#include "partition/together.h"

static bool is_covered(const struct maker *maker, const struct demand *demand)
{
	for (size_t k = 0; k < maker->lanes.n; k++)
		if (demand_met(demand, maker->offered[k]))
			return true;
	return false;
}

/* ---- units ---- */

/* A file no configured lane covers whole is taken apart when lanes cover its parts. */
static void add_file(struct maker *maker, uint32_t file)
{
	struct unit whole = part_file(maker->out, maker->request, file);
	if (maker->lanes.n && !is_covered(maker, &whole.demand)) {
		whole.why_whole = together_file(maker->out, maker->request, file);
		if (!whole.why_whole.n && part_by_need(maker->out, maker->tmp, maker->request, &whole, maker->offered,
		                                       maker->lanes.n, &maker->units))
			return;
		if (!whole.why_whole.n)
			whole.why_whole = STR("a class or test of it needs what no lane offers together");
	}
	vec_push(maker->out, &maker->units, whole);
}

static int by_id(const void *a, const void *b)
{
	return str_cmp(((const struct unit *)a)->id, ((const struct unit *)b)->id);
}

void maker_replace_units(struct maker *maker, units units)
{
	maker->units = units;
	qsort(maker->units.at, maker->units.n, sizeof *maker->units.at, by_id);
	maker->groups = groups_find(maker->out, maker->tmp, maker->request, &maker->units);
}

static bool find_units(struct maker *maker)
{
	const struct plan_request *request = maker->request;
	if (!request->suite->tests.n)
		return fail_usage(maker->err, "no tests found");
	for (uint32_t f = 0; f < request->repo->files.n; f++)
		if (request->suite->first_test[f] < request->suite->first_test[f + 1])
			add_file(maker, f);
	for (size_t i = 0; i < request->suite->hiding.n; i++)
		vec_push(maker->out, &maker->units, part_hiding(maker->out, request, i));
	maker_replace_units(maker, maker->units);
	return true;
}

/* ---- lanes ---- */

static void add_lane(struct maker *maker, struct plan_lane lane)
{
	vec_push(maker->out, &maker->lanes, lane);
	maker->offered[maker->lanes.n - 1] = lane.services;
}

static bool add_configured(struct maker *maker)
{
	const struct config *config = maker->request->config;
	maker->offered = arena_array(maker->tmp, service_set, config->lanes.n + LANES_MOST);
	for (size_t k = 0; k < config->lanes.n; k++)
		add_lane(maker, lane_from_config(maker->out, config, &config->lanes.at[k]));
	if (config->lanes.n >= LANES_MOST)
		return fail_usage(maker->err, "%zu lanes; at most %d are possible", config->lanes.n, LANES_MOST - 1);
	return true;
}

static bool say_uncovered(const struct maker *maker, const struct group *group)
{
	const struct unit *unit = &maker->units.at[group->units[0]];
	const struct catalogue *catalogue = &maker->request->config->catalogue;
	service_set all = group->demand.all;
	for (size_t i = 0; i < group->demand.any_of.n; i++)
		all |= group->demand.any_of.at[i];
	struct str names = service_set_names(maker->tmp, catalogue, all, STR(", "));
	return fail_usage(maker->err,
	                  "no lane covers %.*s%s, which needs %.*s: add a lane, or set [plan] derive_lanes%s%.*s",
	                  STR_ARG(unit->id), group->n > 1 ? " and what stays together with it" : "", STR_ARG(names),
	                  unit->why_whole.n ? "; it stays whole because " : "", STR_ARG(unit->why_whole));
}

/* Lanes for what no configured lane covers. */
static bool add_derived(struct maker *maker)
{
	const struct plan_request *request = maker->request;
	const struct config *config = request->config;
	if (!config->lanes.n) {
		uint32_t total = request->shards ? request->shards : config->max_shards;
		plan_lanes lanes = {0};
		if (!derive_lanes(maker->out, maker->tmp, config, &maker->groups, total ? total : SHARDS_AUTO_MOST,
		                  &lanes, maker->err))
			return false;
		for (size_t k = 0; k < lanes.n; k++)
			add_lane(maker, lanes.at[k]);
		return true;
	}
	bool *is_left = arena_array(maker->tmp, bool, maker->groups.n), is_any = false;
	for (uint32_t g = 0; g < maker->groups.n; g++) {
		is_left[g] = !is_covered(maker, &maker->groups.at[g].demand);
		is_any |= is_left[g];
		if (is_left[g] && !config->derive_lanes)
			return say_uncovered(maker, &maker->groups.at[g]);
	}
	if (is_any)
		add_lane(maker, derive_rest(maker->out, maker->tmp, config, &maker->groups, is_left, &maker->units,
		                            &maker->lanes));
	return true;
}

/* ---- the problem ---- */

/* Lanes that may hold the demand; without spill only those with fewest services, then the lowest start-up. */
static uint64_t eligible(const struct maker *maker, const struct demand *demand)
{
	uint64_t lanes = 0;
	int least = SERVICES_MOST + 1;
	int64_t cheapest = INT64_MAX;
	size_t n_configured = maker->request->config->lanes.n;
	for (size_t k = 0; k < maker->lanes.n; k++) {
		if (!demand_met(demand, maker->offered[k]))
			continue;
		if (k >= n_configured && n_configured && lanes)
			continue; /* a lane derived for what no configured lane covers is for that alone */
		int n = __builtin_popcountll(maker->offered[k]);
		int64_t fixed = maker->lanes.at[k].fixed_ms;
		if (!maker->request->config->spill) {
			if (n > least || (n == least && fixed > cheapest))
				continue;
			if (n < least || fixed < cheapest)
				lanes = 0;
			least = n;
			cheapest = fixed;
		}
		lanes |= UINT64_C(1) << k;
	}
	return lanes;
}

/* The lane of each shard of the previous plan, and the shard of each unit it knows. */
static void add_previous(struct maker *maker, struct problem *problem)
{
	const struct plan *previous = maker->request->previous;
	if (!previous)
		return;
	for (size_t j = 0; j < previous->shards.n; j++) {
		uint32_t lane = UINT32_MAX;
		for (uint32_t k = 0; k < maker->lanes.n; k++)
			if (str_eq(maker->lanes.at[k].name, previous->lanes.at[previous->shards.at[j].lane].name))
				lane = k;
		vec_push(maker->tmp, &problem->previous_shards, lane);
	}
	for (size_t i = 0, p = 0; i < maker->units.n; i++) { /* both are sorted by id */
		while (p < previous->units.n && str_cmp(previous->units.at[p].id, maker->units.at[i].id) < 0)
			p++;
		if (p < previous->units.n && str_eq(previous->units.at[p].id, maker->units.at[i].id))
			problem->items.at[i].previous = (int32_t)previous->units.at[p].shard;
	}
}

struct problem maker_problem(struct maker *maker)
{
	const struct config *config = maker->request->config;
	struct problem problem = {
	        .shards = maker->request->shards,
	        .max_shards = config->max_shards,
	        .billing_ms = config->billing_ms,
	        .stick_ppm = config->stick_ppm,
	};
	bool is_auto = !config->lanes.n;
	for (size_t k = 0; k < config->lanes.n; k++)
		is_auto |= config->lanes.at[k].shards == SHARDS_AUTO;
	for (size_t k = 0; k < maker->lanes.n; k++) {
		uint32_t shards = k < config->lanes.n ? config->lanes.at[k].shards : SHARDS_AUTO;
		if (!is_auto && shards == SHARDS_AUTO && !maker->request->shards)
			shards = 1; /* all configured lanes have their numbers: the derived one gets one job */
		vec_push(maker->tmp, &problem.lanes,
		         ((struct lane_shape){maker->lanes.at[k].fixed_ms, shards, maker->lanes.at[k].workers}));
	}
	problem.items.at = arena_array(maker->tmp, struct item, maker->units.n);
	problem.items.n = maker->units.n;
	for (uint32_t i = 0; i < maker->units.n; i++) {
		const struct unit *unit = &maker->units.at[i];
		const struct group *group = &maker->groups.at[maker->groups.of[i]];
		problem.items.at[i] = (struct item){
		        .ms = unit->ms > 0 ? unit->ms : 1,
		        .lanes = eligible(maker, &group->demand),
		        .group = group->n > 1 ? maker->groups.of[i] + 1 : 0,
		        .previous = -1,
		};
	}
	add_previous(maker, &problem);
	return problem;
}

bool maker_gather(struct maker *maker)
{
	return add_configured(maker) && find_units(maker) && add_derived(maker);
}
