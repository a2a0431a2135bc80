/* A design is a list of service sets.  Each is judged by what the flow predicts for the best numbers of shards: how
 * soon the last shard ends, then how much time all start-ups take. */
#include "partition/derive.h"

#include <stdlib.h>
#include <string.h>

#include "partition/lanes.h"
#include "partition/replicas.h"

enum { CHOICES_MOST = 256, LANES_PAIRED = 12 };

struct designer {
	struct arena *tmp;
	const struct config *config;
	const struct groups *groups;
	uint32_t total;
};

struct design {
	service_set sets[LANES_MOST];
	const char *whys[LANES_MOST]; /* how a set came to be, when it is nobody's need */
	uint32_t n;
	int64_t predicted, start_up; /* ms */
	uint32_t counts[LANES_MOST];
};

static int64_t fixed_of(struct arena *tmp, const struct config *config, service_set set)
{
	strs order = lane_service_order(tmp, &config->catalogue, set);
	return lane_fixed_ms(&config->catalogue, &order, config->overhead_ms);
}

/* Tries the services of each any-of need in turn, as long as the choices are few; then the first of each. */
static void try_choices(struct arena *tmp, const struct config *config, const struct demand *demand, size_t at,
                        service_set set, uint32_t *left, service_set *best, int64_t *best_ms)
{
	while (at < demand->any_of.n && (demand->any_of.at[at] & set))
		at++;
	if (at == demand->any_of.n) {
		int64_t ms = fixed_of(tmp, config, set);
		if (ms < *best_ms) {
			*best_ms = ms;
			*best = set;
		}
		return;
	}
	for (service_set any = demand->any_of.at[at]; any; any &= any - 1) {
		try_choices(tmp, config, demand, at + 1, set | (any & -any), left, best, best_ms);
		if (!*left)
			return;
		--*left;
	}
}

service_set derive_cheapest(struct arena *tmp, const struct config *config, const struct demand *demand)
{
	uint32_t left = CHOICES_MOST;
	service_set best = 0;
	int64_t best_ms = INT64_MAX;
	try_choices(tmp, config, demand, 0, demand->all | catalogue_base(&config->catalogue), &left, &best, &best_ms);
	return best;
}

/* ---- judging a design ---- */

static uint64_t covering(const struct design *design, const struct demand *demand)
{
	uint64_t lanes = 0;
	for (uint32_t k = 0; k < design->n; k++)
		if (demand_met(demand, design->sets[k]))
			lanes |= UINT64_C(1) << k;
	return lanes;
}

/* Fills in what is predicted, exactly or by a guess; false when something is not covered or the shards do not suffice. */
static bool judge_by(const struct designer *designer, struct design *design, bool is_exact)
{
	struct arena tmp;
	struct problem problem = {.max_shards = designer->total};
	struct work work;
	struct replicas replicas;
	struct err err = {0};
	bool is_good = false;
	arena_init(&tmp, designer->tmp->trap);
	for (uint32_t k = 0; k < design->n; k++)
		vec_push(&tmp, &problem.lanes,
		         ((struct lane_shape){.fixed_ms = fixed_of(&tmp, designer->config, design->sets[k])}));
	problem.items.at = arena_array(&tmp, struct item, designer->groups->n);
	for (; problem.items.n < designer->groups->n; problem.items.n++) {
		const struct group *group = &designer->groups->at[problem.items.n];
		problem.items.at[problem.items.n] =
		        (struct item){.ms = group->ms, .lanes = covering(design, &group->demand), .previous = -1};
	}
	if (work_make(&tmp, &tmp, &problem, &work, &err) &&
	    (is_exact ? replicas_choose : replicas_guess)(&tmp, &work, flow_loads(&tmp, &work), &replicas, &err)) {
		is_good = true;
		design->predicted = replicas.predicted;
		design->start_up = 0;
		for (uint32_t k = 0; k < design->n; k++) {
			design->counts[k] = replicas.counts[0][k];
			design->start_up += replicas.counts[0][k] * work.fixed[k];
		}
	}
	arena_free(&tmp);
	return is_good;
}

static bool judge(const struct designer *designer, struct design *design)
{
	return judge_by(designer, design, false);
}

/* Whether a is worth being preferred to b: a sooner end by at least a thousandth, or no later and less start-up. */
static bool is_better(const struct design *a, const struct design *b)
{
	if (a->predicted < b->predicted - b->predicted / 1000)
		return true;
	return a->predicted <= b->predicted && a->start_up < b->start_up;
}

static void add_set(struct design *design, service_set set, const char *why)
{
	for (uint32_t k = 0; k < design->n; k++)
		if (design->sets[k] == set)
			return;
	if (design->n == LANES_MOST)
		return;
	design->whys[design->n] = why;
	design->sets[design->n++] = set;
}

static void remove_set(struct design *design, uint32_t k)
{
	design->n--;
	memmove(&design->sets[k], &design->sets[k + 1], (design->n - k) * sizeof *design->sets);
	memmove(&design->whys[k], &design->whys[k + 1], (design->n - k) * sizeof *design->whys);
}

static void keep_better(const struct designer *designer, struct design *best, struct design *tried, bool *is_found)
{
	if (!tried->n || !judge(designer, tried) || !is_better(tried, best))
		return;
	*best = *tried;
	*is_found = true;
}

/* One step: the best of leaving a lane out, merging two, or adding what two offer together. */
static bool step(const struct designer *designer, struct design *now)
{
	static const char merged[] = "one job starts both for less than two jobs would take";
	static const char added[] = "a second set of services shortens the plan";
	struct design best = *now;
	bool is_found = false;
	for (uint32_t a = 0; a < now->n; a++) {
		struct design without = *now;
		remove_set(&without, a);
		keep_better(designer, &best, &without, &is_found);
	}
	for (uint32_t a = 0; a < now->n && now->n <= LANES_PAIRED; a++)
		for (uint32_t b = a + 1; b < now->n; b++) {
			struct design joined = *now, wider = *now;
			remove_set(&joined, b);
			remove_set(&joined, a);
			add_set(&joined, now->sets[a] | now->sets[b], merged);
			keep_better(designer, &best, &joined, &is_found);
			add_set(&wider, now->sets[a] | now->sets[b], added);
			if (wider.n > now->n)
				keep_better(designer, &best, &wider, &is_found);
		}
	*now = best;
	return is_found;
}

/* Merges the two sets with the least work until there are few enough for the shards. */
static void shrink(const struct designer *designer, struct design *design, uint32_t most)
{
	while (design->n > most) {
		uint32_t least = 0, second = 1;
		int64_t work[LANES_MOST] = {0};
		for (uint32_t g = 0; g < designer->groups->n; g++) {
			uint64_t lanes = covering(design, &designer->groups->at[g].demand);
			if (lanes)
				work[__builtin_ctzll(lanes)] += designer->groups->at[g].ms;
		}
		if (work[second] < work[least])
			least = 1, second = 0;
		for (uint32_t k = 2; k < design->n; k++)
			if (work[k] < work[least])
				second = least, least = k;
			else if (work[k] < work[second])
				second = k;
		service_set both = design->sets[least] | design->sets[second];
		remove_set(design, least > second ? least : second);
		remove_set(design, least > second ? second : least);
		add_set(design, both, "there are fewer shards than sets of services");
	}
}

static int by_set(const void *a, const void *b)
{
	service_set x = *(const service_set *)a, y = *(const service_set *)b;
	return (x > y) - (x < y);
}

/* The distinct needs; those that leave a choice come last and take what is already there. */
static bool start(const struct designer *designer, struct design *design)
{
	VEC(service_set) sets = {0};
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t g = 0; g < designer->groups->n; g++) {
			const struct demand *demand = &designer->groups->at[g].demand;
			bool is_there = false;
			if ((demand->any_of.n > 0) != (pass == 1))
				continue;
			service_set wanted = demand->all | catalogue_base(&designer->config->catalogue);
			for (size_t i = 0; i < sets.n && !is_there; i++)
				is_there = pass ? demand_met(demand, sets.at[i]) : sets.at[i] == wanted;
			if (!is_there)
				vec_push(designer->tmp, &sets,
				         pass ? derive_cheapest(designer->tmp, designer->config, demand) : wanted);
		}
	qsort(sets.at, sets.n, sizeof *sets.at, by_set);
	while (sets.n > LANES_MOST) { /* more than lanes can be numbered: the first two become one, and again */
		sets.at[1] |= sets.at[0];
		sets.at++;
		sets.n--;
	}
	for (size_t i = 0; i < sets.n; i++)
		add_set(design, sets.at[i], NULL);
	if (judge(designer, design))
		return true;
	shrink(designer, design, designer->total);
	return judge(designer, design);
}

/* All needs and what unions of them there is room for, shards dealt to them exactly; those that got none are left out.
 * Better than what single steps found, or not there. */
static void try_closure(const struct designer *designer, struct design *best)
{
	struct design all = {0}, used = {0};
	for (uint32_t k = 0; k < best->n; k++)
		add_set(&all, best->sets[k], best->whys[k]);
	for (uint32_t g = 0; g < designer->groups->n; g++)
		if (!designer->groups->at[g].demand.any_of.n)
			add_set(&all, designer->groups->at[g].demand.all | catalogue_base(&designer->config->catalogue),
			        NULL);
	service_set every = 0;
	for (uint32_t k = 0; k < all.n; k++)
		every |= all.sets[k];
	add_set(&all, every, "what these offer together makes the plan shorter");
	for (uint32_t a = 1; a < all.n; a++)
		for (uint32_t b = 0; b < a; b++)
			add_set(&all, all.sets[a] | all.sets[b], "what these offer together makes the plan shorter");
	if (!judge_by(designer, &all, true))
		return;
	for (uint32_t k = 0; k < all.n; k++)
		if (all.counts[k])
			add_set(&used, all.sets[k], all.whys[k]);
	if (judge_by(designer, &used, true) && is_better(&used, best))
		*best = used;
}

static struct str why_of(struct arena *out, const struct designer *designer, const struct design *design, uint32_t k)
{
	uint32_t n = 0;
	for (uint32_t g = 0; g < designer->groups->n; g++) {
		const struct demand *demand = &designer->groups->at[g].demand;
		if (demand_met(demand, design->sets[k]))
			n += designer->groups->at[g].n;
	}
	strs order = lane_service_order(out, &designer->config->catalogue, design->sets[k]);
	struct str names = order.n ? str_join(out, order.at, order.n, STR(", ")) : STR("no service");
	const char *how = design->whys[k];
	return str_fmt(out, "%u unit%s can run with %.*s%s%s", n, n == 1 ? "" : "s", STR_ARG(names), how ? "; " : "",
	               how ? how : "");
}

bool derive_lanes(struct arena *out, struct arena *tmp, const struct config *config, const struct groups *groups,
                  uint32_t total, plan_lanes *lanes, struct err *err)
{
	struct designer designer = {tmp, config, groups, total};
	struct design design = {0};
	if (!start(&designer, &design))
		return fail(err, "no lanes could be made from the needs of %u units", groups->n);
	for (int steps = 0; steps < LANES_MOST && step(&designer, &design); steps++)
		;
	try_closure(&designer, &design);
	for (uint32_t k = 0; k < design.n; k++)
		vec_push(out, lanes, lane_derived(out, config, design.sets[k], why_of(out, &designer, &design, k)));
	return true;
}

struct plan_lane derive_rest(struct arena *out, struct arena *tmp, const struct config *config,
                             const struct groups *groups, const bool *is_left, const units *units,
                             const plan_lanes *lanes)
{
	struct demand demand = {0};
	uint32_t n = 0;
	struct str first = STR_NONE;
	for (uint32_t g = 0; g < groups->n; g++) {
		if (!is_left[g])
			continue;
		demand = demand_join(tmp, demand, groups->at[g].demand);
		if (!n)
			first = units->at[groups->at[g].units[0]].id;
		n += groups->at[g].n;
	}
	struct str why = n == 1 ? str_fmt(out, "no configured lane covers %.*s", STR_ARG(first))
	                        : str_fmt(out, "no configured lane covers %.*s and %u more", STR_ARG(first), n - 1);
	struct plan_lane lane = lane_derived(out, config, derive_cheapest(tmp, config, &demand), why);
	for (size_t k = 0; k < lanes->n; k++)
		if (str_eq(lanes->at[k].name, lane.name)) {
			lane.name = str_fmt(out, "%.*s-derived", STR_ARG(lane.name));
			k = (size_t)-1; /* and that may be taken as well */
		}
	return lane;
}
