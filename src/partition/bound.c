/* Bounds, cheapest first; a later one only speaks when it says more. */
#include "partition/bound.h"

#include <string.h>

#include "partition/pack.h"
#include "partition/patterns.h"
#include "partition/sizes.h"
#include "partition/squeeze.h"

/* The least fixed cost among the lanes, or -1 when none has a shard. */
static int64_t cheapest(const struct work *work, const uint32_t *counts, uint64_t lanes)
{
	int64_t least = -1;
	for (; lanes; lanes &= lanes - 1) {
		uint32_t k = (uint32_t)__builtin_ctzll(lanes);
		if ((!counts || counts[k]) && (least < 0 || work->fixed[k] < least))
			least = work->fixed[k];
	}
	return least;
}

struct bound bound_item(const struct work *work, const uint32_t *counts)
{
	struct bound bound = {0};
	for (size_t c = 0; c < work->classes.n; c++) {
		const struct piece_class *class = &work->classes.at[c];
		int64_t fixed = cheapest(work, counts, class->lanes), ms = work->ms[class->largest];
		if (fixed + ms <= bound.ms)
			continue;
		bound.ms = fixed + ms;
		bound.certificate =
		        (struct certificate){BOUND_ITEM, class->lanes, 1, ms, fixed, class->largest, bound.ms};
	}
	return bound;
}

struct bound bound_counts(const struct work *work, const uint32_t *counts, const struct flow *flow)
{
	struct bound best = bound_item(work, counts);
	if (flow->bound <= best.ms)
		return best;
	best.ms = flow->bound;
	best.certificate = (struct certificate){BOUND_FLOW,  flow->lanes, flow->shards, flow->load,
	                                        flow->fixed, UINT32_MAX,  flow->bound};
	return best;
}

/* ---- the dearer bounds ---- */

enum { SETS_MOST = 96, PIECES_SQUEEZED = 4000, REACH_PIECES = 600 };
enum { TICKS_PATTERNS = 50 * 1000 * 1000 };
enum { CONFINED_MOST = 160, SHARDS_CONFINED = 12, TICKS_CONFINED = 4 * 1000 * 1000 };
static const int64_t reach_longest = INT64_C(1) << 22; /* bits of the table of sums */

struct raiser {
	struct arena *tmp;
	const struct work *work;
	const uint32_t *counts;
	struct sizes *sizes;
	struct flow_room *room;
	int64_t *squeezed; /* scratch: sizes, */
	int64_t *sums;     /* and their running sums */
};

/* The lanes where the piece ends by T. */
static uint64_t lanes_by(const struct raiser *raiser, uint32_t piece, int64_t T)
{
	uint64_t lanes = 0;
	for (uint64_t set = work_lanes(raiser->work, piece); set; set &= set - 1) {
		int k = __builtin_ctzll(set);
		if (raiser->counts[k] && raiser->work->fixed[k] + raiser->work->ms[piece] <= T)
			lanes |= set & -set;
	}
	return lanes;
}

static bool fits_pruned(const struct raiser *raiser, int64_t T, struct certificate *why)
{
	struct flow_loads loads = sizes_loads(raiser->sizes, raiser->counts, T);
	uint64_t tight = 0;
	if (loads.at[0].lanes && flow_fits(raiser->room, raiser->work, loads, raiser->counts, T, &tight))
		return true;
	*why = (struct certificate){.kind = BOUND_PRUNED, .lanes = tight, .item = UINT32_MAX};
	for (uint32_t i = 0; i < loads.n; i++)
		if (!(loads.at[i].lanes & ~tight))
			why->load_ms += loads.at[i].ms;
	for (uint64_t set = tight; set; set &= set - 1) {
		int k = __builtin_ctzll(set);
		if (raiser->work->fixed[k] >= T)
			continue;
		why->shards += raiser->counts[k];
		why->fixed_ms += raiser->counts[k] * raiser->work->fixed[k];
	}
	return false;
}

static void raise_pruned(struct raiser *raiser, int64_t value, struct bound *bound)
{
	int64_t low = bound->ms, high = value;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		struct certificate why;
		if (fits_pruned(raiser, middle, &why)) {
			high = middle;
		} else {
			low = middle + 1;
			*bound = (struct bound){low, why};
		}
	}
}

/* The pieces that by T may only lie on `set`, largest first, with running sums; as many as the scratch holds. */
static uint32_t confined(const struct raiser *raiser, uint64_t set, int64_t T)
{
	uint32_t n = 0;
	for (uint32_t p = 0; p < raiser->work->n && n < PIECES_SQUEEZED; p++)
		if (!(lanes_by(raiser, p, T) & ~set)) {
			raiser->squeezed[n] = raiser->work->ms[p];
			raiser->sums[n + 1] = raiser->sums[n] + raiser->work->ms[p];
			n++;
		}
	return n;
}

/* By count: of the j longest pieces on r shards, some q shards hold at least q * (j / r) + min(q, j % r), and those
 * take no less than the shortest so many of the j.  q = j % r says most; others are tried while that is cheap. */
static bool is_too_many(const struct raiser *raiser, uint32_t n, uint32_t shards, int64_t room, struct certificate *why)
{
	enum { PRODUCT_CHEAP = 40000 };
	bool is_cheap = (uint64_t)n * shards < PRODUCT_CHEAP;
	for (uint32_t j = shards + 1; j <= n; j++) {
		uint32_t each = j / shards, more = j % shards;
		for (uint32_t q = more ? more : 1; q <= (is_cheap ? shards : more); q++) {
			uint32_t held = q * each + more;
			int64_t load = raiser->sums[j] - raiser->sums[j - held];
			if (load <= q * room)
				continue;
			*why = (struct certificate){.kind = BOUND_COUNT, .shards = q, .load_ms = load, .item = j};
			return true;
		}
	}
	return false;
}

/* Whether what is confined to `set` cannot end by T, by count or by rounding. */
static bool is_refuted(const struct raiser *raiser, uint64_t set, int64_t T, struct certificate *why)
{
	int64_t fixed = cheapest(raiser->work, raiser->counts, set);
	uint32_t shards = 0, n;
	struct squeeze proof;
	for (uint64_t s = set; s; s &= s - 1)
		if (raiser->work->fixed[__builtin_ctzll(s)] < T)
			shards += raiser->counts[__builtin_ctzll(s)];
	if (fixed < 0 || fixed >= T || !shards)
		return false;
	n = confined(raiser, set, T);
	if (n <= shards || raiser->squeezed[0] > T - fixed)
		return false;
	if (is_too_many(raiser, n, shards, T - fixed, why)) {
		why->fixed_ms = why->shards * fixed;
		why->lanes = set;
		return true;
	}
	if (!squeeze_proves(raiser->squeezed, n, T - fixed, shards, &proof))
		return false;
	*why = (struct certificate){BOUND_PIGEONHOLE, set, shards, proof.least, fixed, proof.parts, 0};
	return true;
}

/* Lane sets that hold some class whole: the classes' own and unions of them. */
static uint32_t closed_sets(const struct raiser *raiser, uint64_t *sets)
{
	uint32_t n = 0;
	uint64_t with_shards = 0;
	for (uint32_t k = 0; k < raiser->work->n_lanes; k++)
		with_shards |= (uint64_t)(raiser->counts[k] > 0) << k;
	for (size_t c = 0; c < raiser->work->classes.n && n < SETS_MOST; c++)
		for (uint32_t i = 0, until = n; i <= until && n < SETS_MOST; i++) {
			uint64_t set = (raiser->work->classes.at[c].lanes & with_shards) | (i < until ? sets[i] : 0);
			uint32_t at = 0;
			while (at < n && sets[at] != set)
				at++;
			if (at == n)
				sets[n++] = set;
		}
	return n;
}

static void raise_refuted(struct raiser *raiser, int64_t value, struct bound *bound)
{
	uint64_t sets[SETS_MOST];
	uint32_t n = closed_sets(raiser, sets);
	for (uint32_t i = 0; i < n; i++) {
		int64_t low = bound->ms, high = value;
		struct certificate why;
		while (low < high && is_refuted(raiser, sets[i], low, &why)) {
			*bound = (struct bound){low + 1, why};
			/* Most sets say nothing at all, and those that do often reach far. */
			int64_t middle = low + (high - low) / 2;
			if (is_refuted(raiser, sets[i], middle, &why)) {
				low = middle + 1;
				*bound = (struct bound){low, why};
			} else {
				high = middle;
				low++;
			}
		}
	}
}

/* Whether fillings of a shard, used in part, are too few for what is confined to `set`. */
static bool is_unfillable(const struct raiser *raiser, uint64_t set, int64_t T, int64_t *purse, struct certificate *why)
{
	int64_t fixed = cheapest(raiser->work, raiser->counts, set),
	        ticks = TICKS_PATTERNS < *purse ? TICKS_PATTERNS : *purse;
	int64_t had = ticks;
	uint32_t shards = 0;
	for (uint64_t s = set; s; s &= s - 1)
		if (raiser->work->fixed[__builtin_ctzll(s)] < T)
			shards += raiser->counts[__builtin_ctzll(s)];
	if (fixed < 0 || fixed >= T || !shards)
		return false;
	uint32_t n = confined(raiser, set, T);
	if (n <= shards || n == PIECES_SQUEEZED || raiser->squeezed[0] > T - fixed)
		return false;
	*why = (struct certificate){.kind = BOUND_EXACT, .lanes = set, .shards = shards, .item = UINT32_MAX};
	why->load_ms = raiser->sums[n];
	struct arena room;
	arena_init(&room, raiser->tmp->trap);
	bool is_proven = patterns_prove(&room, raiser->squeezed, n, T - fixed, shards, &ticks);
	arena_free(&room);
	*purse -= had - ticks;
	return is_proven;
}

/* Whether the pieces confined to `set` surely cannot be packed into its shards by T: an exact search, so only for few of
 * both. */
static bool is_unpackable(const struct raiser *raiser, struct pack *pack, uint64_t set, int64_t T, int64_t *purse,
                          struct certificate *why)
{
	uint32_t pieces[CONFINED_MOST], n = 0, n_bins = 0;
	struct pack_bin bins[SHARDS_CONFINED];
	*why = (struct certificate){.kind = BOUND_EXACT, .lanes = set, .item = UINT32_MAX};
	for (uint64_t s = set; s; s &= s - 1) {
		uint32_t k = (uint32_t)__builtin_ctzll(s);
		if (raiser->work->fixed[k] >= T)
			continue;
		if (n_bins + raiser->counts[k] > SHARDS_CONFINED)
			return false;
		for (uint32_t r = 0; r < raiser->counts[k]; r++)
			bins[n_bins++] = (struct pack_bin){.lane = k};
	}
	for (uint32_t p = 0; p < raiser->work->n; p++) {
		if (lanes_by(raiser, p, T) & ~set)
			continue;
		if (n == CONFINED_MOST)
			return false;
		pieces[n++] = p;
		why->load_ms += raiser->work->ms[p];
	}
	why->shards = n_bins;
	int64_t ticks = TICKS_CONFINED < *purse ? TICKS_CONFINED : *purse, had = ticks;
	bool is_proven = n_bins && pack_pieces(pack, raiser->work, pieces, n, bins, n_bins, T, &ticks) == PACK_NO;
	*purse -= had - ticks;
	return is_proven;
}

/* Straight at the value first, then half way. */
static void raise_unfillable(struct raiser *raiser, int64_t value, int64_t *ticks, struct bound *bound)
{
	uint64_t sets[SETS_MOST];
	uint32_t n = closed_sets(raiser, sets);
	for (uint32_t i = 0; i < n && bound->ms<value && * ticks> 0; i++) {
		int64_t high = value;
		while (bound->ms<high && * ticks> 0) {
			int64_t T = high == value ? high - 1 : bound->ms + (high - bound->ms) / 2;
			struct certificate why;
			if (is_unfillable(raiser, sets[i], T, ticks, &why))
				*bound = (struct bound){T + 1, why};
			else
				high = T;
		}
	}
}

/* Straight at the value first: it is what would prove the deal best.  Then half way, a few times. */
static void raise_unpackable(struct raiser *raiser, int64_t value, int64_t *ticks, struct bound *bound)
{
	uint64_t sets[SETS_MOST];
	uint32_t n = closed_sets(raiser, sets);
	struct pack *pack = pack_make(raiser->tmp);
	for (uint32_t i = 0; i < n && bound->ms<value && * ticks> 0; i++) {
		int64_t high = value;
		for (int tries = 0; tries < 6 && bound->ms < high; tries++) {
			int64_t T = tries ? bound->ms + (high - bound->ms) / 2 : high - 1;
			struct certificate why;
			if (is_unpackable(raiser, pack, sets[i], T, ticks, &why))
				*bound = (struct bound){T + 1, why};
			else
				high = T;
		}
	}
}

/* Marks every end that pieces of the lane give, from `from` on; one bit a unit. */
static void mark_ends(const struct raiser *raiser, uint32_t lane, int64_t limit, uint64_t *sums, uint64_t *ends)
{
	size_t words = (size_t)(limit / 64 + 1);
	int64_t fixed = raiser->work->fixed[lane];
	memset(sums, 0, words * sizeof *sums);
	sums[0] = 1;
	for (uint32_t p = 0; p < raiser->work->n; p++) {
		int64_t ms = raiser->work->ms[p];
		if (!(work_lanes(raiser->work, p) >> lane & 1) || ms > limit)
			continue;
		size_t jump = (size_t)(ms / 64), bits = (size_t)(ms % 64);
		for (size_t w = words; w-- > jump;) {
			uint64_t moved = sums[w - jump] << bits;
			if (bits && w > jump)
				moved |= sums[w - jump - 1] >> (64 - bits);
			sums[w] |= moved;
		}
	}
	for (int64_t at = 0; at + fixed <= limit; at++)
		if (sums[at / 64] >> (at % 64) & 1)
			ends[(at + fixed) / 64] |= UINT64_C(1) << ((at + fixed) % 64);
}

/* The makespan is the end of some shard: the first end from the bound on. */
static void raise_reach(struct raiser *raiser, int64_t value, struct bound *bound)
{
	size_t words = (size_t)(value / 64 + 1);
	if (value >= reach_longest || raiser->work->n > REACH_PIECES)
		return;
	uint64_t *sums = arena_array(raiser->tmp, uint64_t, words), *ends = arena_array(raiser->tmp, uint64_t, words);
	for (uint32_t k = 0; k < raiser->work->n_lanes; k++)
		if (raiser->counts[k] && raiser->work->fixed[k] < value)
			mark_ends(raiser, k, value, sums, ends);
	int64_t at = bound->ms;
	while (at < value && !(ends[at / 64] >> (at % 64) & 1))
		at++;
	if (at == bound->ms)
		return;
	bound->ms = at;
}

void bound_raise(struct arena *tmp, const struct work *work, const uint32_t *counts, int64_t value, int64_t *ticks,
                 struct bound *bound)
{
	if (work->classes.n > FLOW_CLASSES_MOST || bound->ms >= value)
		return;
	uint32_t n_loads = (uint32_t)work->classes.n * (work->n_lanes + 1);
	struct raiser raiser = {
	        .tmp = tmp,
	        .work = work,
	        .counts = counts,
	        .sizes = sizes_make(tmp, work),
	        .room = flow_room(tmp, n_loads, work->n_lanes),
	        .squeezed = arena_array(tmp, int64_t, work->n < PIECES_SQUEEZED ? work->n : PIECES_SQUEEZED),
	        .sums = arena_array(tmp, int64_t, PIECES_SQUEEZED + 1),
	};
	raise_pruned(&raiser, value, bound);
	raise_refuted(&raiser, value, bound);
	raise_unfillable(&raiser, value, ticks, bound);
	raise_unpackable(&raiser, value, ticks, bound);
	bound->certificate.proven_ms = bound->ms;
	raise_reach(&raiser, value, bound);
}

/* ---- shards dealt at will ---- */

/* What a shard holds by T at most, on the best of the lanes. */
static int64_t most_room(const struct work *work, uint64_t lanes, int64_t T)
{
	int64_t most = 0;
	for (; lanes; lanes &= lanes - 1) {
		int k = __builtin_ctzll(lanes);
		int64_t room = (T - work->fixed[k]) * work->workers[k];
		most = room > most ? room : most;
	}
	return most;
}

/* Whether `total` shards could hold everything by T if a shard could be cut between lanes: each class on its best lane
 * takes load / room of a shard, here in 1024ths rounded down. */
static bool could_hold(const struct work *work, uint32_t total, int64_t T)
{
	int64_t parts = 0;
	for (size_t c = 0; c < work->classes.n; c++) {
		int64_t room = most_room(work, work->classes.at[c].lanes, T);
		if (room <= 0)
			return false;
		parts += work->classes.at[c].load * 1024 / room;
		if (parts > (int64_t)total * 1024)
			return false;
	}
	return true;
}

struct bound bound_dealing(const struct work *work, uint32_t total)
{
	struct bound best = bound_item(work, NULL);
	int64_t low = best.ms, high = best.ms + work->load;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		if (could_hold(work, total, middle))
			high = middle;
		else
			low = middle + 1;
	}
	if (low <= best.ms)
		return best;
	best.ms = low;
	best.certificate = (struct certificate){BOUND_DEALING, work->used, total, work->load, 0, UINT32_MAX, low};
	return best;
}
