/* Threshold accepting in whole numbers: what counts is the sum of all excess beyond the limit; a step that adds less to
 * it than a threshold drawn for it is taken, and the thresholds fall to nothing. */
#include "partition/anneal.h"

#include <string.h>

#include "partition/random.h"

struct walk {
	const struct deal *deal;
	int64_t limit;
	int64_t *end;       /* by shard */
	uint32_t *shard_of; /* by piece */
	int64_t cost;       /* the sum of all excess */
};

struct step {
	uint32_t piece, other; /* other: NO_PIECE when the piece just moves */
	uint32_t from, to;
};

static int64_t excess(const struct walk *walk, int64_t end)
{
	return end > walk->limit ? end - walk->limit : 0;
}

/* Three of four steps swap two pieces.  False when lanes forbid it. */
static bool draw_step(const struct walk *walk, uint64_t *seed, struct step *step)
{
	const struct work *work = walk->deal->work;
	const struct shard *shards = walk->deal->shards;
	step->piece = random_below(seed, work->n);
	step->from = walk->shard_of[step->piece];
	step->other = random_below(seed, 4) ? random_below(seed, work->n) : NO_PIECE;
	step->to = step->other == NO_PIECE ? random_below(seed, walk->deal->n) : walk->shard_of[step->other];
	return step->from != step->to && (work_lanes(work, step->piece) >> shards[step->to].lane & 1) &&
	       (step->other == NO_PIECE || (work_lanes(work, step->other) >> shards[step->from].lane & 1));
}

/* Takes the step unless it costs more than is allowed. */
static void try_step(struct walk *walk, const struct step *step, int64_t allowed)
{
	const int64_t *ms = walk->deal->work->ms;
	int64_t moved = ms[step->piece] - (step->other == NO_PIECE ? 0 : ms[step->other]);
	int64_t from = walk->end[step->from], to = walk->end[step->to];
	int64_t cost = excess(walk, from - moved) + excess(walk, to + moved) - excess(walk, from) - excess(walk, to);
	if (cost > allowed)
		return;
	walk->cost += cost;
	walk->end[step->from] -= moved;
	walk->end[step->to] += moved;
	walk->shard_of[step->piece] = step->to;
	if (step->other != NO_PIECE)
		walk->shard_of[step->other] = step->from;
}

static void walk_on(struct walk *walk, int64_t steps, uint64_t *seed)
{
	const struct work *work = walk->deal->work;
	uint32_t hottest =
	        (uint32_t)(work->ms[work->n / 2] / 4 < INT32_MAX ? work->ms[work->n / 2] / 4 + 1 : INT32_MAX);
	for (int64_t i = 0; i < steps && walk->cost > 0; i++) {
		struct step step;
		uint32_t heat = (uint32_t)(hottest * (uint64_t)(steps - i) / (uint64_t)steps);
		if (draw_step(walk, seed, &step)) /* small thresholds more often than large ones */
			try_step(walk, &step, random_below(seed, random_below(seed, heat + 1) + 1));
	}
}

bool anneal(struct arena *tmp, struct deal *deal, int64_t limit, int64_t steps, uint64_t *seed)
{
	const struct work *work = deal->work;
	struct walk walk = {deal, limit, arena_array(tmp, int64_t, deal->n), arena_array(tmp, uint32_t, work->n), 0};
	for (uint32_t j = 0; j < deal->n; j++) {
		walk.end[j] = deal->shards[j].end;
		walk.cost += excess(&walk, walk.end[j]);
	}
	memcpy(walk.shard_of, deal->shard_of, work->n * sizeof *walk.shard_of);
	walk_on(&walk, steps, seed);
	if (walk.cost > 0)
		return false;
	for (uint32_t p = 0; p < work->n; p++)
		if (deal->shard_of[p] != walk.shard_of[p])
			deal_move(deal, p, walk.shard_of[p]);
	return true;
}
