/* Greedy: start from the fewest lanes that cover every piece, add the shard that helps most, then exchange. */
#include "partition/replicas.h"

#include <string.h>

#include "partition/bound.h"

struct chooser {
	const struct work *work;
	struct flow_loads loads;
	struct flow_room *room;
	uint32_t most[LANES_MOST]; /* shards a lane can fill */
	uint64_t open;             /* lanes whose number is to be chosen */
	uint32_t total;            /* shards to be dealt, over all lanes */
};

/* ---- the fewest lanes ---- */

struct cover {
	const uint64_t *sets; /* each must meet the chosen lanes */
	uint32_t n;
	uint64_t best;
	const int64_t *fixed;
};

static int64_t cost_of(const int64_t *fixed, uint64_t lanes)
{
	int64_t cost = 0;
	for (; lanes; lanes &= lanes - 1)
		cost += fixed[__builtin_ctzll(lanes)];
	return cost;
}

/* Branches over the lanes of the narrowest set not met yet.  `budget` bounds the search; the first descent alone gives
 * a cover. */
static void search_cover(struct cover *cover, uint64_t chosen, uint32_t *budget)
{
	int width = LANES_MOST + 1;
	uint64_t open = 0;
	for (uint32_t i = 0; i < cover->n; i++)
		if (!(cover->sets[i] & chosen) && __builtin_popcountll(cover->sets[i]) < width) {
			open = cover->sets[i];
			width = __builtin_popcountll(open);
		}
	int n = __builtin_popcountll(chosen), best = __builtin_popcountll(cover->best);
	if (!open) {
		if (!cover->best || n < best ||
		    (n == best && cost_of(cover->fixed, chosen) < cost_of(cover->fixed, cover->best)))
			cover->best = chosen;
		return;
	}
	if (cover->best && (n + 1 > best || !*budget))
		return;
	*budget -= *budget > 0;
	for (; open; open &= open - 1)
		search_cover(cover, chosen | (open & -open), budget);
}

static uint64_t fewest_lanes(struct arena *tmp, const struct work *work, uint64_t given)
{
	uint64_t *sets = arena_array(tmp, uint64_t, work->classes.n);
	struct cover cover = {.sets = sets, .fixed = work->fixed};
	uint32_t budget = 100000;
	for (size_t c = 0; c < work->classes.n; c++)
		if (!(work->classes.at[c].lanes & given))
			sets[cover.n++] = work->classes.at[c].lanes;
	if (cover.n)
		search_cover(&cover, 0, &budget);
	return cover.best;
}

/* ---- trying numbers ---- */

static int64_t predict(const struct chooser *chooser, const uint32_t *counts)
{
	for (size_t c = 0; c < chooser->work->classes.n; c++) {
		uint64_t lanes = chooser->work->classes.at[c].lanes;
		while (lanes && !counts[__builtin_ctzll(lanes)])
			lanes &= lanes - 1;
		if (!lanes)
			return INT64_MAX;
	}
	uint32_t spread[LANES_MOST];
	int64_t least = bound_item(chooser->work, counts).ms;
	work_spread(chooser->work, counts, spread);
	return flow_bound(chooser->room, chooser->work, chooser->loads, spread, least).bound;
}

static uint32_t sum(const uint32_t *counts, uint32_t n)
{
	uint32_t total = 0;
	for (uint32_t k = 0; k < n; k++)
		total += counts[k];
	return total;
}

/* The lane to which one more shard helps most, or -1 when every open lane is full. */
static int best_addition(const struct chooser *chooser, uint32_t *counts, int64_t *predicted)
{
	int best = -1;
	*predicted = INT64_MAX;
	for (uint64_t set = chooser->open; set; set &= set - 1) {
		int k = __builtin_ctzll(set);
		if (counts[k] >= chooser->most[k])
			continue;
		counts[k]++;
		int64_t T = predict(chooser, counts);
		counts[k]--;
		if (best < 0 || T < *predicted) {
			best = k;
			*predicted = T;
		}
	}
	return best;
}

/* Moves one shard from lane to lane while that lowers T. */
static int64_t exchange(const struct chooser *chooser, uint32_t *counts, int64_t predicted)
{
	bool found = true;
	while (found) {
		found = false;
		for (uint64_t from = chooser->open; from && !found; from &= from - 1)
			for (uint64_t to = chooser->open; to && !found; to &= to - 1) {
				int a = __builtin_ctzll(from), b = __builtin_ctzll(to);
				if (a == b || !counts[a] || counts[b] >= chooser->most[b])
					continue;
				counts[a]--;
				counts[b]++;
				int64_t T = predict(chooser, counts);
				if (T < predicted) {
					predicted = T;
					found = true;
				} else {
					counts[a]++;
					counts[b]--;
				}
			}
	}
	return predicted;
}

/* Adds shards while there are any to give; when not all must be given, while that helps. */
static void add_shards(const struct chooser *chooser, uint32_t *counts, int64_t *predicted, bool is_total)
{
	uint32_t n = sum(counts, chooser->work->n_lanes);
	for (; n < chooser->total && n < chooser->work->n; n++) {
		int64_t T;
		int k = best_addition(chooser, counts, &T);
		if (k < 0 || (!is_total && T >= *predicted))
			return;
		counts[k]++;
		*predicted = T;
	}
}

static bool start(struct arena *tmp, struct chooser *chooser, uint32_t *counts, struct err *err)
{
	const struct work *work = chooser->work;
	uint64_t given = 0;
	for (uint32_t k = 0; k < work->n_lanes; k++) {
		uint32_t fixed = work->problem->lanes.at[k].shards;
		if (!(work->used >> k & 1))
			continue;
		counts[k] = fixed < chooser->most[k] ? fixed : chooser->most[k];
		if (fixed)
			given |= UINT64_C(1) << k;
	}
	chooser->open = work->used & ~given;
	uint64_t cover = fewest_lanes(tmp, work, given);
	for (uint64_t set = cover; set; set &= set - 1)
		counts[__builtin_ctzll(set)] = 1;
	uint32_t least = sum(counts, work->n_lanes);
	if (least > chooser->total)
		return fail_usage(err, "%u shards are too few: the lanes with work need at least %u", chooser->total,
		                  least);
	return true;
}

/* All that may be chosen; counts are those of the quick way. */
static bool guess(struct arena *tmp, struct chooser *chooser, struct replicas *replicas, struct err *err)
{
	const struct work *work = chooser->work;
	const struct problem *problem = work->problem;
	bool is_total = problem->shards > 0;
	chooser->total = is_total ? problem->shards : problem->max_shards ? problem->max_shards : SHARDS_AUTO_MOST;
	for (size_t c = 0; c < work->classes.n; c++)
		for (uint64_t set = work->classes.at[c].lanes; set; set &= set - 1)
			chooser->most[__builtin_ctzll(set)] += work->classes.at[c].n;
	*replicas = (struct replicas){.n = 1, .total = chooser->total};
	uint32_t *counts = replicas->counts[0];
	if (!start(tmp, chooser, counts, err))
		return false;
	replicas->predicted = predict(chooser, counts);
	add_shards(chooser, counts, &replicas->predicted, is_total);
	replicas->predicted = exchange(chooser, counts, replicas->predicted);
	/* A single lane with all the shards leaves nothing open. */
	uint32_t all = sum(counts, work->n_lanes);
	bool is_full = all >= chooser->total || all >= work->n;
	replicas->is_open = chooser->open && ((work->used & (work->used - 1)) || !is_full);
	return true;
}

bool replicas_guess(struct arena *tmp, const struct work *work, struct flow_loads loads, struct replicas *replicas,
                    struct err *err)
{
	struct chooser chooser = {.work = work, .loads = loads, .room = flow_room(tmp, loads.n, work->n_lanes)};
	return guess(tmp, &chooser, replicas, err);
}

/* Adds a way; with a total asked for, shards that are left go where they help. */
static void add_way(const struct chooser *chooser, struct replicas *replicas, const uint32_t *way, bool is_total)
{
	uint32_t counts[LANES_MOST];
	memcpy(counts, way, sizeof counts);
	int64_t T = predict(chooser, counts);
	if (is_total)
		add_shards(chooser, counts, &T, true);
	for (uint32_t i = 0; i < replicas->n; i++)
		if (!memcmp(replicas->counts[i], counts, sizeof counts))
			return;
	if (T == INT64_MAX || replicas->n == REPLICAS_MOST)
		return;
	if (!replicas->n)
		replicas->predicted = T;
	memcpy(replicas->counts[replicas->n++], counts, sizeof counts);
}

static struct dealing dealing_of(struct arena *tmp, const struct chooser *chooser, const uint32_t *counts)
{
	enum { NODES_USUAL = 4000 };
	const struct work *work = chooser->work;
	struct dealing dealing = {
	        .work = work,
	        .sizes = sizes_make(tmp, work),
	        .open = chooser->open,
	        .total = chooser->total,
	        .is_frugal = !work->problem->shards,
	        .nodes = NODES_USUAL,
	};
	memcpy(dealing.most, chooser->most, sizeof dealing.most);
	for (uint32_t k = 0; k < work->n_lanes; k++) {
		dealing.given[k] = chooser->open >> k & 1 ? 0 : counts[k];
		dealing.total -= dealing.given[k] < dealing.total ? dealing.given[k] : dealing.total;
	}
	return dealing;
}

bool replicas_choose(struct arena *tmp, const struct work *work, struct flow_loads loads, struct replicas *replicas,
                     struct err *err)
{
	struct chooser chooser = {.work = work, .loads = loads, .room = flow_room(tmp, loads.n, work->n_lanes)};
	if (!guess(tmp, &chooser, replicas, err))
		return false;
	replicas->bound = replicas->is_open ? bound_dealing(work, replicas->total).ms : replicas->predicted;
	if (!replicas->is_open || work->classes.n > FLOW_CLASSES_MOST)
		return true;
	uint32_t guessed[LANES_MOST];
	memcpy(guessed, replicas->counts[0], sizeof guessed);
	struct dealing dealing = dealing_of(tmp, &chooser, guessed);
	dealing_search(tmp, &dealing, replicas->bound, replicas->predicted, guessed);
	replicas->bound = dealing.bound;
	replicas->n = 0;
	for (uint32_t i = 0; i < dealing.n; i++)
		add_way(&chooser, replicas, dealing.counts[i], !dealing.is_frugal);
	add_way(&chooser, replicas, guessed, false);
	return true;
}

bool replicas_all(struct arena *out, struct arena *tmp, const struct work *work, struct flow_loads loads, int64_t T,
                  dealt_ways *ways)
{
	enum { WAYS_MOST = 64 };
	struct chooser chooser = {.work = work, .loads = loads, .room = flow_room(tmp, loads.n, work->n_lanes)};
	struct replicas replicas;
	struct err err = {0};
	if (work->classes.n > FLOW_CLASSES_MOST || !guess(tmp, &chooser, &replicas, &err))
		return false;
	struct dealing dealing = dealing_of(tmp, &chooser, replicas.counts[0]);
	return dealing_all(out, tmp, &dealing, T, WAYS_MOST, ways);
}
