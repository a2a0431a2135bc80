/* Each kind of proof, said again in the plainest way: at the last end before what it proves, something does not fit.
 * Two kinds are taken on trust here: an exhaustive search, and a dealing of shards with too many ways to count. */
#include "partition/check_bound.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

enum { LANES_TRIED = 10, WAYS_TRIED = 60000, SUMS_LONGEST = 1 << 23 };

struct doubt {
	struct arena *tmp;
	const struct problem *problem;
	const struct solution *solution;
	const struct lumps *lumps;
	const struct certificate *proof;
	int64_t most
	        [64]; /* workers a lane can have in this plan: of the shards given or chosen, and never more than lumps */
	int64_t able[64]; /* lumps that may lie on it */
	int64_t before;   /* the last end before what is to be proven */
	struct err *err;
};

static int64_t workers_of(const struct problem *problem, size_t lane)
{
	return problem->lanes.at[lane].workers ? problem->lanes.at[lane].workers : 1;
}

static void count_shards(struct doubt *doubt)
{
	for (size_t i = 0; i < doubt->lumps->n; i++) {
		struct lump lump = lump_at(doubt->lumps, i);
		for (uint64_t set = lump.ms ? lump.lanes : 0; set; set &= set - 1)
			doubt->able[__builtin_ctzll(set)]++;
	}
	for (size_t j = 0; j < doubt->solution->shards.n; j++)
		doubt->most[doubt->solution->shards.at[j].lane]++;
	for (size_t k = 0; k < doubt->problem->lanes.n; k++) {
		if (doubt->problem->lanes.at[k].shards)
			doubt->most[k] = doubt->problem->lanes.at[k].shards;
		doubt->most[k] *= workers_of(doubt->problem, k);
		doubt->most[k] = doubt->most[k] < doubt->able[k] ? doubt->most[k] : doubt->able[k];
	}
}

/* All times are multiples of it, so every end is. */
static int64_t common_divisor(const struct problem *problem, const struct lumps *lumps)
{
	int64_t divisor = 0;
	for (size_t i = 0; i < lumps->n + problem->lanes.n; i++) {
		int64_t a = i < lumps->n ? lump_at(lumps, i).ms : problem->lanes.at[i - lumps->n].fixed_ms;
		while (a) {
			int64_t rest = divisor % a;
			divisor = a;
			a = rest;
		}
	}
	return divisor;
}

/* The lanes where the lump ends in time; those without a shard only when `is_any`. */
static uint64_t lanes_before(const struct doubt *doubt, struct lump lump, bool is_any)
{
	uint64_t lanes = 0;
	for (uint64_t set = lump.lanes; set; set &= set - 1) {
		int k = __builtin_ctzll(set);
		if ((is_any || doubt->most[k]) && doubt->problem->lanes.at[k].fixed_ms + lump.ms <= doubt->before)
			lanes |= set & -set;
	}
	return lanes;
}

/* Would the shards of the lanes named have room for what only they may hold? */
static bool check_flow(const struct doubt *doubt)
{
	int64_t load = 0, room = 0;
	for (size_t i = 0; i < doubt->lumps->n; i++)
		if (!(lanes_before(doubt, lump_at(doubt->lumps, i), false) & ~doubt->proof->lanes))
			load += lump_at(doubt->lumps, i).ms;
	for (size_t k = 0; k < doubt->problem->lanes.n; k++) {
		int64_t each = doubt->before - doubt->problem->lanes.at[k].fixed_ms;
		if ((doubt->proof->lanes >> k & 1) && each > 0)
			room += doubt->most[k] * each;
	}
	if (load < doubt->proof->load_ms || room >= load)
		return fail(doubt->err, "plan check: the lanes named hold %lld ms and have room for %lld: no proof",
		            (long long)load, (long long)room);
	return true;
}

static bool check_item(const struct doubt *doubt)
{
	struct lump named = {0};
	for (size_t i = 0; i < doubt->lumps->n && !named.ms; i++)
		if (lump_at(doubt->lumps, i).item == doubt->proof->item)
			named = lump_at(doubt->lumps, i);
	if (!named.ms || lanes_before(doubt, named, false))
		return fail(doubt->err, "plan check: unit %u could end sooner: no proof", doubt->proof->item);
	return true;
}

static int longest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x < y) - (x > y);
}

/* Times of the lumps confined to the lanes named, longest first; the least fixed cost and all shards of these. */
static int64_t *confined(const struct doubt *doubt, size_t *n, int64_t *fixed, int64_t *shards)
{
	int64_t *ms = arena_array(doubt->tmp, int64_t, doubt->lumps->n);
	*fixed = INT64_MAX;
	for (size_t i = 0; i < doubt->lumps->n; i++) {
		struct lump lump = lump_at(doubt->lumps, i);
		if (lump.ms && !(lanes_before(doubt, lump, false) & ~doubt->proof->lanes))
			ms[(*n)++] = lump.ms;
	}
	for (size_t k = 0; k < doubt->problem->lanes.n; k++) {
		int64_t one = doubt->problem->lanes.at[k].fixed_ms;
		if (!(doubt->proof->lanes >> k & 1) || !doubt->most[k])
			continue;
		*shards += one < doubt->before ? doubt->most[k] : 0;
		*fixed = one < *fixed ? one : *fixed;
	}
	qsort(ms, *n, sizeof *ms, longest_first);
	return ms;
}

/* Of the j longest, some q shards hold at least so many, and cannot in time. */
static bool check_count(const struct doubt *doubt)
{
	size_t n = 0;
	int64_t fixed, r = 0, q = doubt->proof->shards, j = doubt->proof->item, load = 0;
	int64_t *ms = confined(doubt, &n, &fixed, &r);
	if (r > 0 && q > 0 && q <= r && j <= (int64_t)n) {
		int64_t held = q * (j / r) + (q < j % r ? q : j % r);
		for (int64_t i = j - held; i < j; i++)
			load += ms[i];
		if (load + q * fixed > q * doubt->before)
			return true;
	}
	return fail(doubt->err, "plan check: the %lld longest units fit in time: no proof", (long long)j);
}

/* Rounded as the proof says, the units confined to the lanes named are more than their shards hold. */
static bool check_rounding(const struct doubt *doubt)
{
	size_t n = 0;
	int64_t fixed, shards = 0, least = doubt->proof->load_ms;
	int64_t *ms = confined(doubt, &n, &fixed, &shards), capacity = doubt->before - fixed;
	wide parts = doubt->proof->item, sum = 0;
	for (size_t i = 0; capacity > 0 && least * 2 <= capacity && i < n && ms[i] >= least; i++) {
		int64_t size = ms[i] > capacity - least ? capacity : ms[i];
		wide scaled = (wide)size * (parts + 1);
		if (ms[i] > capacity)
			return true;
		if (!parts)
			sum += (wide)size;
		else
			sum += scaled % (wide)capacity ? scaled / (wide)capacity * (wide)capacity : (wide)size * parts;
	}
	if (sum > (wide)capacity * (wide)shards * (parts ? parts : 1))
		return true;
	return fail(doubt->err, "plan check: the long units can share the shards: no proof");
}

/* ---- every way to deal shards to lanes ---- */

struct ways {
	const struct doubt *doubt;
	int64_t *confined; /* load by set of lanes */
	int64_t counts[64];
	size_t n_lanes;
	uint32_t tried;
};

/* Whether some set of lanes is too small with these counts. */
static bool is_too_small(const struct ways *ways)
{
	for (uint64_t set = 1; set < UINT64_C(1) << ways->n_lanes; set++) {
		int64_t room = 0;
		for (size_t k = 0; k < ways->n_lanes; k++) {
			int64_t each = ways->doubt->before - ways->doubt->problem->lanes.at[k].fixed_ms;
			if ((set >> k & 1) && each > 0)
				room += ways->counts[k] * workers_of(ways->doubt->problem, k) * each;
		}
		if (room < ways->confined[set])
			return true;
	}
	return false;
}

/* False when a way is good enough by the end in question. */
static bool refute_ways(struct ways *ways, size_t lane, int64_t left)
{
	if (lane == ways->n_lanes) {
		ways->tried++;
		return is_too_small(ways);
	}
	int64_t given = ways->doubt->problem->lanes.at[lane].shards, able = ways->doubt->able[lane];
	int64_t least = given ? (given < able ? given : able) : 0, most = given ? least : left < able ? left : able;
	if (!given && lane + 1 == ways->n_lanes)
		least = most; /* more shards never hurt */
	for (int64_t n = least; n <= most && ways->tried < WAYS_TRIED; n++) {
		ways->counts[lane] = n;
		if (!refute_ways(ways, lane + 1, given ? left : left - n))
			return false;
	}
	return true;
}

static bool check_dealing(const struct doubt *doubt)
{
	struct ways ways = {.doubt = doubt, .n_lanes = doubt->problem->lanes.n};
	int64_t total = doubt->proof->shards;
	if (ways.n_lanes > LANES_TRIED)
		return true;
	ways.confined = arena_array(doubt->tmp, int64_t, (size_t)1 << ways.n_lanes);
	for (size_t i = 0; i < doubt->lumps->n; i++) {
		struct lump lump = lump_at(doubt->lumps, i);
		ways.confined[lanes_before(doubt, lump, true)] += lump.ms;
	}
	if (ways.confined[0])
		return true;                      /* some unit ends in time nowhere */
	for (size_t k = 0; k < ways.n_lanes; k++) /* sums over subsets */
		for (uint64_t set = 0; set < UINT64_C(1) << ways.n_lanes; set++)
			if (set >> k & 1)
				ways.confined[set] += ways.confined[set ^ UINT64_C(1) << k];
	for (size_t k = 0; k < ways.n_lanes; k++) {
		int64_t given = doubt->problem->lanes.at[k].shards;
		total -= given < doubt->able[k] ? given : doubt->able[k];
	}
	return refute_ways(&ways, 0, total > 0 ? total : 0) ||
	       fail(doubt->err, "plan check: another dealing of %u shards could end sooner: no proof",
	            doubt->proof->shards);
}

/* No sum of units ends a shard from what is proven up to the bound. */
static bool check_reach(const struct doubt *doubt, int64_t divisor)
{
	int64_t from = doubt->proof->proven_ms, bound = doubt->solution->bound_ms;
	if (from >= bound)
		return true;
	if (bound / divisor > SUMS_LONGEST)
		return fail(doubt->err, "plan check: the proof stops at %lld ms", (long long)from);
	size_t size = (size_t)(bound / divisor) + 1;
	bool *is_sum = arena_array(doubt->tmp, bool, size);
	for (size_t k = 0; k < doubt->problem->lanes.n; k++) {
		int64_t fixed = doubt->problem->lanes.at[k].fixed_ms;
		memset(is_sum, 0, size);
		is_sum[0] = true;
		for (size_t i = 0; i < doubt->lumps->n; i++) {
			struct lump lump = lump_at(doubt->lumps, i);
			size_t step = (size_t)(lump.ms / divisor);
			if (step && (lump.lanes >> k & 1))
				for (size_t at = size; at-- > step;)
					is_sum[at] |= is_sum[at - step];
		}
		for (int64_t end = from; doubt->most[k] && end < bound; end += divisor)
			if (end >= fixed && is_sum[(end - fixed) / divisor])
				return fail(doubt->err,
				            "plan check: a shard of lane %zu could end at %lld ms: no proof", k,
				            (long long)end);
	}
	return true;
}

bool check_bound(struct arena *tmp, const struct problem *problem, const struct solution *solution,
                 const struct lumps *lumps, struct err *err)
{
	struct doubt doubt = {
	        .tmp = tmp,
	        .problem = problem,
	        .solution = solution,
	        .lumps = lumps,
	        .proof = &solution->certificate,
	        .err = err,
	};
	int64_t divisor = common_divisor(problem, lumps);
	if (doubt.proof->proven_ms > solution->bound_ms)
		return fail(err, "plan check: the proof is of more than the bound");
	doubt.before = doubt.proof->proven_ms - divisor;
	count_shards(&doubt);
	if (!check_reach(&doubt, divisor))
		return false;
	switch (doubt.proof->kind) {
	case BOUND_FLOW:
	case BOUND_PRUNED: return check_flow(&doubt);
	case BOUND_ITEM: return check_item(&doubt);
	case BOUND_COUNT: return check_count(&doubt);
	case BOUND_PIGEONHOLE: return check_rounding(&doubt);
	case BOUND_DEALING: return check_dealing(&doubt);
	case BOUND_EXACT: return true;
	default: return fail(err, "plan check: the bound comes without a proof");
	}
}
