/* Local search around the shard that ends last. */
#include "partition/improve.h"

#include <string.h>

#include "partition/anneal.h"
#include "partition/pack.h"
#include "partition/random.h"
#include "partition/resplit.h"

struct search {
	struct arena *tmp;
	struct deal *deal;
	struct improver *improver;
	struct resplit *room;
	struct pack *pack;
	uint32_t *partners; /* scratch: shards */
	uint32_t *best;     /* by piece: where it lay in the best deal since the first kick; NULL before */
	int64_t best_end;
};

/* Up to `most` pieces of the shard that may also lie on lane `other`, drawn evenly when there are more. */
static uint32_t choose(struct search *search, uint32_t shard, uint32_t other, uint32_t *pieces, uint32_t most)
{
	const struct deal *deal = search->deal;
	uint32_t seen = 0;
	for (uint32_t p = deal->shards[shard].first; p != NO_PIECE; p = deal->next[p]) {
		if (!(work_lanes(deal->work, p) >> other & 1))
			continue;
		if (seen < most)
			pieces[seen] = p;
		else {
			uint32_t at = random_below(&search->improver->seed, seen + 1);
			if (at < most)
				pieces[at] = p;
		}
		seen++;
	}
	search->improver->ticks -= 2 * (int64_t)deal->shards[shard].n;
	return seen < most ? seen : most;
}

/* Deals pieces of both anew; true when the later end became earlier. */
static bool resplit_pair(struct search *search, uint32_t a, uint32_t b, uint32_t most)
{
	struct deal *deal = search->deal;
	uint32_t pieces[RESPLIT_MOST];
	uint32_t half = most / 2, n = choose(search, a, deal->shards[b].lane, pieces, half);
	n += choose(search, b, deal->shards[a].lane, pieces + n, most - n);
	if (n < half * 2 && n >= half) { /* b had few: let a give more */
		uint32_t from_b = n - half;
		n = choose(search, a, deal->shards[b].lane, pieces, most - from_b);
		n += choose(search, b, deal->shards[a].lane, pieces + n, from_b);
	}
	search->improver->ticks -= 200 + (INT64_C(12) << (n + 1) / 2);
	return n && resplit(search->room, deal, a, b, pieces, n);
}

/* The other shards, soonest end first: a short insertion of the best few, then a random few. */
static uint32_t choose_partners(struct search *search, uint32_t top, uint32_t most)
{
	const struct deal *deal = search->deal;
	uint32_t n = 0;
	for (uint32_t j = 0; j < deal->n; j++) {
		if (j == top)
			continue;
		uint32_t at = n < most ? n++ : most;
		while (at > 0 && deal->shards[search->partners[at - 1]].end > deal->shards[j].end) {
			if (at < most)
				search->partners[at] = search->partners[at - 1];
			at--;
		}
		if (at < most)
			search->partners[at] = j;
	}
	search->improver->ticks -= 4 * (int64_t)deal->n;
	return n;
}

/* Lowers the last end by re-splitting its shard with another. */
static bool lower_top(struct search *search, uint32_t top)
{
	uint32_t n = choose_partners(search, top, 32);
	for (uint32_t i = 0; i < n && search->improver->ticks > 0; i++)
		if (resplit_pair(search, top, search->partners[i], i & 1 ? 20 : RESPLIT_MOST))
			return true;
	return false;
}

/* Levels two shards that do not end last, so that what lies on them is another mix. */
static void stir(struct search *search, uint32_t top)
{
	struct deal *deal = search->deal;
	uint32_t a = random_below(&search->improver->seed, deal->n), b = random_below(&search->improver->seed, deal->n);
	if (a == b || a == top || b == top)
		return;
	uint32_t p = deal->shards[a].first, q = deal->shards[b].first;
	if (p == NO_PIECE || q == NO_PIECE)
		return;
	for (uint32_t skip = random_below(&search->improver->seed, deal->shards[a].n); skip > 0; skip--)
		p = deal->next[p];
	for (uint32_t skip = random_below(&search->improver->seed, deal->shards[b].n); skip > 0; skip--)
		q = deal->next[q];
	search->improver->ticks -= deal->shards[a].n + deal->shards[b].n + 50;
	int64_t differ = deal->work->ms[p] - deal->work->ms[q], last = deal->shards[top].end;
	if (!(work_lanes(deal->work, p) >> deal->shards[b].lane & 1) ||
	    !(work_lanes(deal->work, q) >> deal->shards[a].lane & 1))
		return;
	if (deal->shards[a].end - differ > last || deal->shards[b].end + differ > last)
		return;
	deal_move(deal, p, b);
	deal_move(deal, q, a);
	if (random_next(&search->improver->seed) >> 62 == 0)
		resplit_pair(search, a, b, 14);
}

/* A few shards with the last one among them, such that their pieces are not too many. */
static uint32_t choose_few(struct search *search, uint32_t top, uint32_t most, uint32_t *shards)
{
	enum { PIECES_FEW = 44, TRIES = 24 };
	const struct deal *deal = search->deal;
	uint32_t n = 1, pieces = deal->shards[top].n;
	shards[0] = top;
	for (uint32_t try = 0; try < TRIES && n < most; try++) {
		uint32_t other = random_below(&search->improver->seed, deal->n), i = 0;
		while (i < n && shards[i] != other)
			i++;
		if (i < n || pieces + deal->shards[other].n > PIECES_FEW)
			continue;
		pieces += deal->shards[other].n;
		shards[n++] = other;
	}
	search->improver->ticks -= 200;
	return n;
}

/* Packs a few shards anew: all by the goal if there is room, else at least sooner than now. */
static bool repack(struct search *search, uint32_t top)
{
	enum { SHARDS_FEW = 7, TICKS_FEW = 40000 };
	struct deal *deal = search->deal;
	uint32_t shards[SHARDS_FEW];
	uint32_t n = choose_few(search, top, 3 + random_below(&search->improver->seed, SHARDS_FEW - 2), shards);
	int64_t room = 0;
	if (n < 3)
		return false;
	for (uint32_t i = 0; i < n; i++)
		room += search->improver->goal - deal->shards[shards[i]].end;
	for (int pass = room >= 0 ? 0 : 1; pass < 2; pass++) {
		int64_t ticks = TICKS_FEW < search->improver->ticks ? TICKS_FEW : search->improver->ticks, had = ticks;
		int64_t limit = pass ? deal->shards[top].end - 1 : search->improver->goal;
		enum pack_answer answer = pack_shards(search->pack, deal, shards, n, limit, &ticks);
		search->improver->ticks -= had - ticks;
		if (answer == PACK_YES)
			return true;
	}
	return false;
}

/* All shards at once, sooner than now: a better deal, or the proof that there is none. */
static bool pack_all(struct search *search, int64_t makespan, int64_t budget)
{
	struct deal *deal = search->deal;
	uint32_t n = 0;
	if (search->improver->beat && search->improver->beat < makespan)
		makespan = search->improver->beat;
	for (uint32_t j = 0; j < deal->n; j++)
		if (deal->shards[j].n || deal->work->fixed[deal->shards[j].lane] < makespan)
			search->partners[n++] = j;
	int64_t ticks = budget < search->improver->ticks ? budget : search->improver->ticks, had = ticks;
	enum pack_answer answer = pack_shards(search->pack, deal, search->partners, n, makespan - 1, &ticks);
	search->improver->ticks -= had - ticks;
	if (answer == PACK_NO)
		search->improver->is_optimal = true;
	return answer == PACK_YES;
}

/* Walks at random, when there are so few pieces a shard that swaps alone lead far. */
static bool walk(struct search *search, int64_t makespan)
{
	enum { FEW_A_SHARD = 6, STEPS = 500000, TICKS_A_STEP = 20 };
	struct arena room;
	if (search->deal->work->n > FEW_A_SHARD * search->deal->n)
		return false;
	arena_init(&room, search->tmp->trap);
	bool is_found = anneal(&room, search->deal, makespan - 1, STEPS, &search->improver->seed);
	arena_free(&room);
	search->improver->ticks -= (int64_t)STEPS * TICKS_A_STEP;
	return is_found;
}

/* ---- kicks: out of a deal that nothing improves, and back when that led nowhere ---- */

/* The shard among those the piece may lie on, other than `not`, that ends soonest. */
static uint32_t soonest_for(const struct deal *deal, uint32_t piece, uint32_t not )
{
	uint32_t soonest = NO_SHARD;
	for (uint64_t set = work_lanes(deal->work, piece); set; set &= set - 1) {
		int k = __builtin_ctzll(set);
		for (uint32_t j = deal->first[k]; j < deal->first[k + 1]; j++)
			if (j != not &&(soonest == NO_SHARD || deal->shards[j].end < deal->shards[soonest].end))
				soonest = j;
	}
	return soonest;
}

static uint32_t random_piece(struct search *search, uint32_t shard)
{
	const struct deal *deal = search->deal;
	uint32_t p = deal->shards[shard].first;
	for (uint32_t skip = random_below(&search->improver->seed, deal->shards[shard].n); skip > 0; skip--)
		p = deal->next[p];
	search->improver->ticks -= deal->shards[shard].n;
	return p;
}

/* A shard the piece may lie on, of another lane if there is one. */
static uint32_t other_shard(struct search *search, uint32_t piece, uint32_t from)
{
	const struct deal *deal = search->deal;
	uint64_t lanes = work_lanes(deal->work, piece), own = UINT64_C(1) << deal->shards[from].lane;
	uint32_t seen = 0, chosen = NO_SHARD;
	for (uint64_t set = lanes & ~own ? lanes & ~own : lanes; set; set &= set - 1) {
		int k = __builtin_ctzll(set);
		for (uint32_t j = deal->first[k]; j < deal->first[k + 1]; j++)
			if (j != from && random_below(&search->improver->seed, ++seen) == 0)
				chosen = j;
	}
	return chosen;
}

/* Moves a piece of the last shard to another lane, and whatever is then too much there to where it ends soonest. */
static void kick(struct search *search, uint32_t top)
{
	enum { EJECTED_MOST = 300 };
	struct deal *deal = search->deal;
	int64_t limit = deal->shards[top].end - 1;
	uint32_t piece = random_piece(search, top), to = other_shard(search, piece, top);
	if (to == NO_SHARD)
		return;
	deal_move(deal, piece, to);
	for (uint32_t i = 0; i < EJECTED_MOST && deal->shards[to].end > limit && deal->shards[to].n > 1; i++) {
		uint32_t out = random_piece(search, to);
		uint32_t there = out == piece ? NO_SHARD : soonest_for(deal, out, to);
		search->improver->ticks -= 2 * (int64_t)deal->n;
		if (there != NO_SHARD)
			deal_move(deal, out, there);
	}
}

static void restore(struct search *search)
{
	for (uint32_t p = 0; p < search->deal->work->n; p++)
		if (search->deal->shard_of[p] != search->best[p])
			deal_move(search->deal, p, search->best[p]);
	search->improver->ticks -= 10 * (int64_t)search->deal->work->n;
}

/* Keeps the best deal and goes on from a kicked one. */
static void kick_or_return(struct search *search, uint32_t top, int64_t makespan)
{
	const struct work *work = search->deal->work;
	if (!search->best) {
		search->best = arena_array(search->tmp, uint32_t, work->n);
		search->best_end = INT64_MAX;
	}
	if (makespan > search->best_end) {
		restore(search);
		makespan = deal_makespan(search->deal, &top);
	}
	memcpy(search->best, search->deal->shard_of, work->n * sizeof *search->best);
	search->best_end = makespan;
	kick(search, top);
}

static void search_on(struct search *search)
{
	enum { PIECES_KICKED = 5000, ROUNDS_A_KICK = 6 };
	struct improver *improver = search->improver;
	int64_t budget = improver->ticks / 64;
	for (uint32_t round = 0; improver->ticks > 0; round++) {
		uint32_t top;
		int64_t makespan = deal_makespan(search->deal, &top);
		if (makespan <= improver->goal)
			return;
		if (lower_top(search, top) || repack(search, top))
			continue;
		if (round % ROUNDS_A_KICK == ROUNDS_A_KICK - 1 && search->deal->work->n <= PIECES_KICKED) {
			kick_or_return(search, top, makespan);
			continue;
		}
		if (round % 16 == 15 && walk(search, makespan))
			continue;
		if (round % 64 == 8) {
			if (pack_all(search, makespan, budget))
				continue;
			if (improver->is_optimal)
				return;
			budget *= 2;
		}
		for (uint32_t i = 0; i < 8 + search->deal->n && improver->ticks > 0; i++)
			stir(search, top);
	}
}

void improve(struct arena *tmp, struct deal *deal, struct improver *improver)
{
	struct arena room;
	uint32_t top;
	if (deal->n < 2 || deal_makespan(deal, &top) <= improver->goal)
		return;
	arena_init(&room, tmp->trap); /* lists of a million pieces are given back at once */
	deal_link(&room, deal);
	struct search search = {
	        &room, deal, improver, resplit_make(&room), pack_make(&room), arena_array(&room, uint32_t, deal->n),
	        NULL,  0};
	search_on(&search);
	if (search.best && search.best_end < deal_makespan(deal, &top))
		restore(&search);
	deal_unlink(deal);
	arena_free(&room);
}
