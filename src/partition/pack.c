/* Bin completion: the shards are filled one after the other, each with every subset worth trying of the pieces left.
 *
 * What keeps that small: a shard may waste no more than all shards together have to spare; a subset to which another
 * piece could be added need not be tried, since that piece may as well lie here; of equal pieces the first is
 * taken; shards of one lane are filled in the order of their largest pieces; and the two last are split by meeting
 * in the middle. */
#include "partition/pack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "partition/resplit.h"
#include "partition/squeeze.h"

struct bin {
	uint32_t shard, lane;
	int64_t room;
	uint64_t later; /* lanes of the bins after this one */
	bool is_last_of_lane;
	bool is_uniform; /* every bin from here on is of this lane */
};

/* A bin being filled: the pieces that may go in, largest first. */
struct level {
	uint16_t *from; /* indices into pieces */
	int64_t *rest;  /* sum of from[i..] */
	uint32_t n;
	uint16_t *forced; /* pieces that can go nowhere else any more, and are in */
	uint32_t n_forced;
	uint32_t first_taken; /* index of its largest piece, for the order of equal bins */
	int64_t slack;        /* what this bin may waste */
	int64_t smallest;     /* of the pieces that may go in */
	int64_t smallest_two; /* together */
};

struct pack {
	const struct work *work;
	struct resplit *resplit;
	uint32_t n;
	uint32_t piece[PACK_PIECES_MOST]; /* largest first */
	int64_t ms[PACK_PIECES_MOST];
	uint64_t lanes[PACK_PIECES_MOST]; /* among those of the bins */
	uint16_t in[PACK_PIECES_MOST];    /* bin + 1, or 0 */
	uint32_t n_bins;
	struct bin bins[PACK_SHARDS_MOST];
	int64_t left; /* sum of pieces in no bin */
	int64_t *ticks;
	struct arena *tmp;
	struct level levels[PACK_SHARDS_MOST];
	int64_t squeezed[PACK_PIECES_MOST];
};

struct pack *pack_make(struct arena *tmp)
{
	struct pack *pack = arena_new(tmp, struct pack);
	pack->resplit = resplit_make(tmp);
	pack->tmp = tmp;
	return pack;
}

static bool fill_bin(struct pack *pack, uint32_t b);

static void put(struct pack *pack, uint32_t i, uint32_t b)
{
	pack->in[i] = (uint16_t)(b + 1);
	pack->bins[b].room -= pack->ms[i];
	pack->left -= pack->ms[i];
}

static void take(struct pack *pack, uint32_t i)
{
	uint32_t b = pack->in[i] - 1u;
	pack->in[i] = 0;
	pack->bins[b].room += pack->ms[i];
	pack->left += pack->ms[i];
}

/* ---- the two last bins ---- */

/* The pieces only b or only c may hold go there; the others are split so that both fit. */
static bool split_last(struct pack *pack, uint32_t b, uint32_t c)
{
	uint64_t bit_b = UINT64_C(1) << pack->bins[b].lane, bit_c = UINT64_C(1) << pack->bins[c].lane;
	int64_t room_b = pack->bins[b].room, room_c = pack->bins[c].room, free = 0, ms[RESPLIT_MOST];
	uint32_t n = 0, open[RESPLIT_MOST];
	for (uint32_t i = 0; i < pack->n; i++) {
		if (pack->in[i])
			continue;
		bool may_b = pack->lanes[i] & bit_b, may_c = pack->lanes[i] & bit_c;
		if (may_b && may_c) {
			if (n == RESPLIT_MOST)
				return false; /* not reached: the caller counts */
			open[n] = i;
			ms[n++] = pack->ms[i];
			free += pack->ms[i];
			continue;
		}
		if (!may_b && !may_c)
			return false;
		*(may_b ? &room_b : &room_c) -= pack->ms[i];
	}
	*pack->ticks -= 100 + (INT64_C(12) << (n + 1) / 2);
	if (room_b < 0 || room_c < 0 || room_b + room_c < free)
		return false;
	struct subset above, below = resplit_below(pack->resplit, ms, n, room_b, &above);
	if (free - below.sum > room_c)
		return false;
	for (uint32_t i = 0, o = 0; i < pack->n; i++) {
		if (pack->in[i])
			continue;
		bool is_open = o < n && open[o] == i;
		bool to_b = is_open ? below.bits >> o & 1 : (pack->lanes[i] & bit_b) != 0;
		o += is_open;
		pack->in[i] = (uint16_t)((to_b ? b : c) + 1);
	}
	return true;
}

/* ---- one bin ---- */

/* Whether the pieces that can only go to the bins of one lane fit there, lane by lane, from bin b on. */
static bool lanes_suffice(const struct pack *pack, uint32_t b)
{
	int64_t room[LANES_MOST] = {0};
	uint64_t left = 0;
	for (uint32_t c = b; c < pack->n_bins; c++) {
		room[pack->bins[c].lane] += pack->bins[c].room;
		left |= UINT64_C(1) << pack->bins[c].lane;
	}
	if (!(left & (left - 1)))
		return true;
	for (uint32_t i = 0; i < pack->n; i++) {
		uint64_t lanes = pack->lanes[i] & left;
		if (pack->in[i] || (lanes & (lanes - 1)))
			continue;
		if (!lanes || (room[__builtin_ctzll(lanes)] -= pack->ms[i]) < 0)
			return false;
	}
	return true;
}

/* Puts into b, the last bin of its lane, what can go nowhere else; false when that is too much, or out of the order of
 * equal bins. */
static bool force(struct pack *pack, uint32_t b)
{
	struct level *level = &pack->levels[b];
	const struct bin *bin = &pack->bins[b];
	bool is_second = b && pack->bins[b - 1].lane == bin->lane;
	for (uint32_t i = 0; i < pack->n; i++) {
		if (pack->in[i] || !(pack->lanes[i] >> bin->lane & 1) || (pack->lanes[i] & bin->later))
			continue;
		if (pack->ms[i] > bin->room || (is_second && i < pack->levels[b - 1].first_taken))
			return false;
		put(pack, i, b);
		level->forced[level->n_forced++] = (uint16_t)i;
	}
	return true;
}

/* Lists the pieces bin b may take; false when one must go in and cannot, or too little is left to fill it. */
static bool open_bin(struct pack *pack, uint32_t b)
{
	struct level *level = &pack->levels[b];
	const struct bin *bin = &pack->bins[b];
	int64_t room = 0;
	*pack->ticks -= 4 * (int64_t)pack->n + 10;
	for (uint32_t c = b; c < pack->n_bins; c++)
		room += pack->bins[c].room;
	level->slack = room - pack->left;
	if (level->slack < 0 || !lanes_suffice(pack, b) || (bin->is_last_of_lane && !force(pack, b)))
		return false;
	for (uint32_t i = 0; i < pack->n; i++)
		if (!pack->in[i] && (pack->lanes[i] >> bin->lane & 1) && pack->ms[i] <= bin->room)
			level->from[level->n++] = (uint16_t)i;
	level->rest[level->n] = 0;
	for (uint32_t i = level->n; i-- > 0;)
		level->rest[i] = level->rest[i + 1] + pack->ms[level->from[i]];
	level->smallest = level->n ? pack->ms[level->from[level->n - 1]] : INT64_MAX;
	level->smallest_two = level->n > 1 ? level->rest[level->n - 2] : INT64_MAX;
	return level->rest[0] >= bin->room - level->slack;
}

/* Whether what is left after bin b obviously does not fit into the equal bins that follow. */
static bool is_hopeless(struct pack *pack, uint32_t b)
{
	if (b + 1 >= pack->n_bins || !pack->bins[b + 1].is_uniform || pack->n_bins - b < 4)
		return false;
	uint32_t n = 0;
	for (uint32_t i = 0; i < pack->n; i++)
		if (!pack->in[i])
			pack->squeezed[n++] = pack->ms[i];
	int64_t room = pack->bins[b + 1].room, bins = pack->n_bins - b - 1;
	if (n && pack->squeezed[0] > room)
		return true;
	*pack->ticks -= 16 * (int64_t)n;
	for (uint32_t parts = 1; parts <= 3; parts++)
		if (squeeze_holds(pack->squeezed, n, room, bins, (struct squeeze){0, parts}))
			return true;
	int64_t last = 0;
	for (uint32_t i = 0, tried = 0; i < n && tried < 8; i++)
		if (pack->squeezed[i] * 2 <= room && pack->squeezed[i] != last) {
			last = pack->squeezed[i];
			tried++;
			*pack->ticks -= 4 * (int64_t)n;
			if (squeeze_holds(pack->squeezed, n, room, bins, (struct squeeze){last, 1}))
				return true;
		}
	return false;
}

/* A finished subset: nothing left out would fit. */
static bool is_complete(struct pack *pack, uint32_t b)
{
	const struct level *level = &pack->levels[b];
	const struct bin *bin = &pack->bins[b];
	for (uint32_t i = 0; i < level->n; i++) {
		uint32_t piece = level->from[i];
		if (pack->in[piece])
			continue;
		if (pack->ms[piece] <= bin->room)
			return false;
	}
	*pack->ticks -= level->n;
	return true;
}

/* Bin b as it is: done if it could not hold more. */
static bool close_bin(struct pack *pack, uint32_t b)
{
	if (pack->bins[b].room > pack->levels[b].slack || !is_complete(pack, b))
		return false;
	return !is_hopeless(pack, b) && fill_bin(pack, b + 1);
}

/* Tries all subsets of from[at..] on top of what is in the bin. */
static bool choose(struct pack *pack, uint32_t b, uint32_t at, uint32_t taken)
{
	struct level *level = &pack->levels[b];
	struct bin *bin = &pack->bins[b];
	/* Of bins that are all alike: when one more piece fits and no two, the largest that fits is best. */
	bool is_one = taken && bin->is_uniform && bin->room < level->smallest_two;
	for (;;) {
		*pack->ticks -= 5;
		if (*pack->ticks <= 0)
			return false;
		while (at < level->n && pack->ms[level->from[at]] > bin->room)
			at++;
		if (at == level->n || bin->room < level->smallest)
			return close_bin(pack, b);
		if (bin->room - level->rest[at] > level->slack)
			return false;
		uint32_t piece = level->from[at];
		if (!taken)
			level->first_taken = piece;
		put(pack, piece, b);
		if (choose(pack, b, at + 1, taken + 1))
			return true;
		take(pack, piece);
		/* Without it.  With all bins alike from here, the largest piece may as well lie in this one. */
		if (is_one || (!taken && bin->is_uniform))
			return false;
		for (at++; at < level->n && pack->ms[level->from[at]] == pack->ms[piece] &&
		           pack->lanes[level->from[at]] == pack->lanes[piece];)
			at++;
		if (!taken)
			level->first_taken = NO_PIECE;
	}
}

/* How many pieces are left that both bins may hold. */
static uint32_t count_open(const struct pack *pack, uint32_t b, uint32_t c)
{
	uint64_t both = UINT64_C(1) << pack->bins[b].lane | UINT64_C(1) << pack->bins[c].lane;
	uint32_t n = 0;
	for (uint32_t i = 0; i < pack->n; i++)
		n += !pack->in[i] && (pack->lanes[i] & both) == both;
	return n;
}

static bool fill_bin(struct pack *pack, uint32_t b)
{
	if (b == pack->n_bins)
		return pack->left == 0;
	if (*pack->ticks <= 0)
		return false;
	if (b + 2 == pack->n_bins && count_open(pack, b, b + 1) <= RESPLIT_MOST)
		return split_last(pack, b, b + 1);
	struct level *level = &pack->levels[b];
	level->n = level->n_forced = 0;
	level->first_taken = NO_PIECE;
	bool is_filled = false;
	if (open_bin(pack, b)) {
		uint32_t at = 0;
		if (b &&
		    pack->bins[b - 1].lane == pack->bins[b].lane) /* equal bins: the larger first piece comes first */
			while (at < level->n && level->from[at] < pack->levels[b - 1].first_taken)
				at++;
		is_filled = choose(pack, b, at, level->n_forced);
	}
	for (uint32_t i = 0; i < level->n_forced && !is_filled; i++)
		take(pack, level->forced[i]);
	return is_filled;
}

/* ---- setting up ---- */

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b; /* pieces are numbered by size */
	return (x > y) - (x < y);
}

/* Bins by lane; the lane with the least choice first, so that what must go there is there early. */
static void order_bins(struct pack *pack, const struct work *work, const struct pack_bin *bins, uint32_t n,
                       int64_t limit)
{
	bool is_done[LANES_MOST] = {0};
	pack->n_bins = 0;
	while (pack->n_bins < n) {
		uint32_t best = LANES_MOST, fewest = UINT32_MAX;
		for (uint32_t j = 0; j < n; j++) {
			uint32_t lane = bins[j].lane, able = 0;
			if (is_done[lane] || lane == best)
				continue;
			for (uint32_t i = 0; i < pack->n; i++)
				able += pack->lanes[i] >> lane & 1;
			if (able < fewest || (able == fewest && lane < best)) {
				fewest = able;
				best = lane;
			}
		}
		assert(best < LANES_MOST); /* fewer bins than shards: a lane is left */
		is_done[best] = true;
		for (uint32_t j = 0; j < n; j++)
			if (bins[j].lane == best)
				pack->bins[pack->n_bins++] = (struct bin){
				        .shard = bins[j].shard, .lane = best, .room = limit - work->fixed[best]};
	}
	uint64_t later = 0;
	for (uint32_t b = n; b-- > 0;) {
		struct bin *bin = &pack->bins[b];
		uint64_t bit = UINT64_C(1) << bin->lane;
		bin->later = later;
		bin->is_last_of_lane = !(later & bit);
		bin->is_uniform = !(later & ~bit);
		later |= bit;
	}
}

/* Everything but the pieces' numbers, which are there. */
static void set_up(struct pack *pack, const struct work *work, const struct pack_bin *bins, uint32_t n, int64_t limit)
{
	uint64_t used = 0;
	for (uint32_t j = 0; j < n; j++)
		used |= UINT64_C(1) << bins[j].lane;
	qsort(pack->piece, pack->n, sizeof *pack->piece, by_size);
	pack->work = work;
	pack->left = 0;
	for (uint32_t i = 0; i < pack->n; i++) {
		pack->ms[i] = work->ms[pack->piece[i]];
		pack->lanes[i] = work_lanes(work, pack->piece[i]) & used;
		pack->in[i] = 0;
		pack->left += pack->ms[i];
	}
	order_bins(pack, work, bins, n, limit);
	for (uint32_t b = 0; b < n; b++) {
		if (!pack->levels[b].from)
			pack->levels[b].from = arena_array(pack->tmp, uint16_t, 2 * PACK_PIECES_MOST);
		pack->levels[b].forced = pack->levels[b].from + PACK_PIECES_MOST;
		if (!pack->levels[b].rest)
			pack->levels[b].rest = arena_array(pack->tmp, int64_t, PACK_PIECES_MOST + 1);
	}
}

static enum pack_answer solve(struct pack *pack, int64_t *ticks)
{
	pack->ticks = ticks;
	*ticks -= 10 * (int64_t)pack->n + 100;
	if (fill_bin(pack, 0))
		return PACK_YES;
	return *ticks > 0 ? PACK_NO : PACK_LIMIT;
}

enum pack_answer pack_pieces(struct pack *pack, const struct work *work, const uint32_t *pieces, uint32_t n,
                             const struct pack_bin *bins, uint32_t n_bins, int64_t limit, int64_t *ticks)
{
	if (n_bins > PACK_SHARDS_MOST || n > PACK_PIECES_MOST)
		return PACK_LIMIT;
	for (uint32_t j = 0; j < n_bins; j++)
		if (limit < work->fixed[bins[j].lane])
			return PACK_LIMIT;
	memcpy(pack->piece, pieces, n * sizeof *pieces);
	pack->n = n;
	set_up(pack, work, bins, n_bins, limit);
	return solve(pack, ticks);
}

enum pack_answer pack_shards(struct pack *pack, struct deal *deal, const uint32_t *shards, uint32_t n, int64_t limit,
                             int64_t *ticks)
{
	struct pack_bin bins[PACK_SHARDS_MOST];
	if (n > PACK_SHARDS_MOST)
		return PACK_LIMIT;
	pack->n = 0;
	for (uint32_t j = 0; j < n; j++) {
		const struct shard *shard = &deal->shards[shards[j]];
		if (shard->n + pack->n > PACK_PIECES_MOST || limit < deal->work->fixed[shard->lane])
			return PACK_LIMIT;
		bins[j] = (struct pack_bin){shard->lane, shards[j]};
		for (uint32_t p = shard->first; p != NO_PIECE; p = deal->next[p])
			pack->piece[pack->n++] = p;
	}
	set_up(pack, deal->work, bins, n, limit);
	enum pack_answer answer = solve(pack, ticks);
	for (uint32_t i = 0; i < pack->n && answer == PACK_YES; i++) {
		uint32_t shard = pack->bins[pack->in[i] - 1].shard;
		if (deal->shard_of[pack->piece[i]] != shard)
			deal_move(deal, pack->piece[i], shard);
	}
	return answer;
}
