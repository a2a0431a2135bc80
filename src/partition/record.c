/* Shards are numbered inside their lane: as the previous plan had them where they hold the same, else by their
 * first unit. */
#include "partition/record.h"

#include <stdlib.h>

#include "partition/noise.h"
#include "partition/units.h"

/* Time that shard `now` has in common with shard `before`. */
struct overlap {
	uint32_t now, before;
	int64_t ms;
};

static int by_shards(const void *a, const void *b)
{
	const struct overlap *x = a, *y = b;
	if (x->now != y->now)
		return x->now < y->now ? -1 : 1;
	return (x->before > y->before) - (x->before < y->before);
}

static int by_most(const void *a, const void *b)
{
	const struct overlap *x = a, *y = b;
	if (x->ms != y->ms)
		return x->ms > y->ms ? -1 : 1;
	return by_shards(a, b);
}

/* For each shard the one of the previous plan it continues, UINT32_MAX for a new one: pairs with most in common first,
 * within a lane. */
static uint32_t *match_previous(struct arena *tmp, const struct record *record)
{
	const struct problem *problem = record->problem;
	const struct solution *solution = record->solution;
	struct overlap *pairs = arena_array(tmp, struct overlap, problem->items.n);
	size_t n = 0, merged = 0;
	uint32_t *match = arena_array(tmp, uint32_t, solution->shards.n);
	bool *is_taken = arena_array(tmp, bool, problem->previous_shards.n);
	for (size_t j = 0; j < solution->shards.n; j++)
		match[j] = UINT32_MAX;
	for (size_t i = 0; i < problem->items.n; i++) {
		int32_t before = problem->items.at[i].previous;
		uint32_t now = solution->shard_of[i];
		if (before >= 0 && problem->previous_shards.at[before] == solution->shards.at[now].lane)
			pairs[n++] = (struct overlap){now, (uint32_t)before, problem->items.at[i].ms};
	}
	qsort(pairs, n, sizeof *pairs, by_shards);
	for (size_t i = 0; i < n; i++)
		if (merged && by_shards(&pairs[merged - 1], &pairs[i]) == 0)
			pairs[merged - 1].ms += pairs[i].ms;
		else
			pairs[merged++] = pairs[i];
	qsort(pairs, merged, sizeof *pairs, by_most);
	for (size_t i = 0; i < merged; i++)
		if (match[pairs[i].now] == UINT32_MAX && !is_taken[pairs[i].before]) {
			match[pairs[i].now] = pairs[i].before;
			is_taken[pairs[i].before] = true;
		}
	return match;
}

struct place {
	uint32_t shard, lane, number; /* number 0: none yet */
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->lane != y->lane)
		return x->lane < y->lane ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* Numbers 1..n within each lane. */
static struct place *number_shards(struct arena *tmp, const struct record *record, const uint32_t *match)
{
	const struct solution *solution = record->solution;
	size_t n = solution->shards.n;
	struct place *places = arena_array(tmp, struct place, n);
	for (uint32_t j = 0; j < n; j++)
		places[j] = (struct place){j, solution->shards.at[j].lane, 0};
	for (size_t start = 0, end; start < n; start = end) {
		for (end = start; end < n && places[end].lane == places[start].lane;)
			end++;
		bool *is_used = arena_array(tmp, bool, end - start + 1);
		for (size_t j = start; j < end; j++) {
			uint32_t before =
			        match[j] == UINT32_MAX ? 0 : record->request->previous->shards.at[match[j]].number;
			if (before && before <= end - start && !is_used[before]) {
				places[j].number = before;
				is_used[before] = true;
			}
		}
		uint32_t free = 1;
		for (size_t j = start; j < end; j++) {
			while (free <= end - start && is_used[free])
				free++;
			if (!places[j].number)
				places[j].number = free++;
		}
	}
	qsort(places, n, sizeof *places, by_place);
	return places;
}

static void record_lanes(struct arena *out, const struct record *record, struct plan *plan)
{
	for (size_t k = 0; k < record->lanes->n; k++) {
		struct plan_lane lane = record->lanes->at[k];
		lane.given = record->problem->lanes.at[k].shards;
		for (size_t j = 0; j < record->solution->shards.n; j++)
			lane.n_shards += record->solution->shards.at[j].lane == k;
		vec_push(out, &plan->lanes, lane);
	}
}

/* Returns, by shard of the solution, its index in the plan. */
static uint32_t *record_shards(struct arena *out, struct arena *tmp, const struct record *record,
                               const struct place *places, struct plan *plan)
{
	size_t n = record->solution->shards.n;
	uint32_t *index = arena_array(tmp, uint32_t, n);
	for (size_t i = 0; i < n; i++) {
		const struct place *place = &places[i];
		const struct plan_lane *lane = &plan->lanes.at[place->lane];
		struct plan_shard shard = {
		        .name = lane->name,
		        .lane = place->lane,
		        .number = place->number,
		        .fixed_ms = lane->fixed_ms,
		        .load_ms = record->solution->shards.at[place->shard].load_ms,
		};
		if (lane->n_shards > 1)
			shard.name = str_fmt(out, "%.*s-%u", STR_ARG(lane->name), place->number);
		index[place->shard] = (uint32_t)i;
		vec_push(out, &plan->shards, shard);
	}
	return index;
}

/* Of an any-of need, what the lane it came to offers. */
static service_set needs_on(const struct unit *unit, service_set offered)
{
	service_set needs = unit->demand.all;
	for (size_t i = 0; i < unit->demand.any_of.n; i++)
		needs |= unit->demand.any_of.at[i] & offered;
	return needs;
}

static void record_units(struct arena *out, const struct record *record, const uint32_t *index, const uint32_t *match,
                         struct plan *plan)
{
	for (size_t i = 0; i < record->units->n; i++) {
		const struct unit *unit = &record->units->at[i];
		uint32_t shard = record->solution->shard_of[i];
		int32_t before = record->problem->items.at[i].previous;
		service_set offered = plan->lanes.at[record->solution->shards.at[shard].lane].services;
		vec_push(out, &plan->units,
		         ((struct plan_unit){
		                 .id = unit->id,
		                 .path = unit->path,
		                 .ms = record->problem->items.at[i].ms,
		                 .source = unit->source,
		                 .needs = needs_on(unit, offered),
		                 .why_whole = unit->why_whole,
		                 .shard = index[shard],
		                 .n_tests = unit->n_tests,
		                 .lanes = record->problem->items.at[i].lanes,
		                 .group = record->problem->items.at[i].group,
		         }));
		int64_t *sums[] = {&plan->history_ms, &plan->regression_ms, &plan->default_ms};
		for (uint32_t t = 0; t < unit->n_tests; t++) {
			const struct estimate *estimate = &record->request->estimates[unit->tests[t]];
			*sums[estimate->source] += estimate->ms;
		}
		if (unit->hides)
			*sums[unit->source] += unit->ms;
		if (before >= 0)
			++*(match[shard] == (uint32_t)before ? &plan->kept : &plan->moved);
	}
}

/* Quantiles of the makespan from the variances of the estimates. */
static void record_noise(struct arena *tmp, const struct record *record, struct plan *plan)
{
	const struct solution *solution = record->solution;
	struct noisy_end *ends = arena_array(tmp, struct noisy_end, solution->shards.n);
	for (size_t j = 0; j < solution->shards.n; j++)
		ends[j].mean_ms =
		        record->lanes->at[solution->shards.at[j].lane].fixed_ms + solution->shards.at[j].load_ms;
	for (size_t i = 0; i < record->units->n; i++)
		ends[solution->shard_of[i]].variance += record->units->at[i].variance;
	plan->p50_ms = noise_quantile(ends, (uint32_t)solution->shards.n, 50);
	plan->p95_ms = noise_quantile(ends, (uint32_t)solution->shards.n, 95);
}

struct plan plan_record(struct arena *out, struct arena *tmp, const struct record *record)
{
	const struct catalogue *catalogue = &record->request->config->catalogue;
	const struct solution *solution = record->solution;
	struct plan plan = {
	        .makespan_ms = solution->makespan_ms,
	        .bound_ms = solution->bound_ms,
	        .billed_ms = solution->billed_ms,
	        .billing_ms = record->problem->billing_ms,
	        .certificate = solution->certificate,
	};
	for (size_t i = 0; i < catalogue->services.n; i++)
		vec_push(out, &plan.services, catalogue->services.at[i].name);
	uint32_t *match = match_previous(tmp, record);
	struct place *places = number_shards(tmp, record, match);
	record_lanes(out, record, &plan);
	uint32_t *index = record_shards(out, tmp, record, places, &plan);
	record_units(out, record, index, match, &plan);
	record_noise(tmp, record, &plan);
	return plan;
}

/* 2310000 as "2,310": whole seconds, rounded to the nearest. */
static struct str seconds(struct arena *out, int64_t ms)
{
	struct str plain = str_fmt(out, "%lld", (long long)((ms + 500) / 1000)), grouped = STR_NONE;
	for (size_t i = 0; i < plain.n; i++)
		grouped =
		        str_fmt(out, "%.*s%s%c", STR_ARG(grouped), i && (plain.n - i) % 3 == 0 ? "," : "", plain.at[i]);
	return grouped;
}

static struct str lane_names(struct arena *out, const struct plan *plan, uint64_t lanes, size_t *n)
{
	strs names = {0};
	for (size_t k = 0; k < plan->lanes.n; k++)
		if (lanes >> k & 1)
			vec_push(out, &names, plan->lanes.at[k].name);
	*n = names.n;
	return str_join(out, names.at, names.n, STR("+"));
}

struct str record_nothing_more(struct arena *out, struct str unit, bool is_file, int64_t ms, uint32_t shards)
{
	struct str time = seconds(out, ms);
	return str_fmt(out, "one %s binds: %.*s %.*s s; more than %u shard%s not help",
	               is_file ? "file" : "part of a file", STR_ARG(unit), STR_ARG(time), shards,
	               shards == 1 ? " does" : "s do");
}

struct str plan_nothing_more(struct arena *out, const struct plan *plan)
{
	const struct certificate *proof = &plan->certificate;
	if (!plan->enough_shards || proof->kind != BOUND_ITEM || proof->item >= plan->units.n)
		return STR_NONE;
	const struct plan_unit *unit = &plan->units.at[proof->item];
	return record_nothing_more(out, unit->id, unit->id.n == unit->path.n, proof->load_ms, plan->enough_shards);
}

/* "6 shards", or, where the lanes that bind have several workers, "24 workers": the proof counts these. */
static struct str shards_text(struct arena *out, const struct plan *plan)
{
	const struct certificate *proof = &plan->certificate;
	bool has_workers = false;
	for (size_t k = 0; k < plan->lanes.n; k++)
		has_workers |= (proof->lanes >> k & 1) && plan->lanes.at[k].workers > 1;
	return str_fmt(out, "%u %s%s", proof->shards, has_workers ? "worker" : "shard", proof->shards == 1 ? "" : "s");
}

struct str plan_binding(struct arena *out, const struct plan *plan)
{
	const struct certificate *proof = &plan->certificate;
	size_t n;
	struct str lanes = lane_names(out, plan, proof->lanes, &n), load = seconds(out, proof->load_ms);
	struct str on = shards_text(out, plan);
	if (proof->kind == BOUND_NONE)
		return STR("nothing is proven to bind");
	if (proof->kind == BOUND_ITEM && proof->item < plan->units.n) {
		const struct plan_unit *unit = &plan->units.at[proof->item];
		const char *what = unit->id.n == unit->path.n ? "file" : "part";
		return str_fmt(out, "largest %s %.*s %.*s s on %.*s", what, STR_ARG(unit->id), STR_ARG(load),
		               STR_ARG(plan->lanes.at[plan->shards.at[unit->shard].lane].name));
	}
	if (proof->kind == BOUND_COUNT)
		return str_fmt(out, "the %u longest units of lane%s %.*s put %.*s s on %.*s", proof->item,
		               n == 1 ? "" : "s", STR_ARG(lanes), STR_ARG(load), STR_ARG(on));
	if (proof->kind == BOUND_PIGEONHOLE)
		return str_fmt(out, "the long units of lane%s %.*s cannot share %.*s", n == 1 ? "" : "s",
		               STR_ARG(lanes), STR_ARG(on));
	if (proof->kind == BOUND_EXACT)
		return STR("the units cannot be dealt so that all end sooner");
	if (proof->kind == BOUND_DEALING)
		return str_fmt(out, "all lanes hold %.*s s on %u shard%s", STR_ARG(load), proof->shards,
		               proof->shards == 1 ? "" : "s");
	return str_fmt(out, "lane%s %.*s hold%s %.*s s on %.*s", n == 1 ? "" : "s", STR_ARG(lanes), n == 1 ? "s" : "",
	               STR_ARG(load), STR_ARG(on));
}
