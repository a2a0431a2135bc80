/* Column generation in whole numbers.  The weights come from a simplex in fixed point, which may drift; the proof does
 * not rest on it: V is the exact maximum over all fillings for the weights as they are. */
#include "partition/patterns.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum { BITS = 36, WEIGHT_BITS = 30, TINY = 1 << 24, SLACK = 256 };
#define ONE        (INT64_C(1) << BITS)
#define WEIGHT_ONE (INT64_C(1) << WEIGHT_BITS)
static const int64_t largest = INT64_C(1) << 60;

struct kind {
	int64_t size;
	int64_t n;      /* pieces of it */
	int64_t weight; /* now */
	uint32_t at;    /* by size, while sorted by worth */
};

struct programme {
	uint32_t n; /* kinds */
	const struct kind *kinds;
	int64_t capacity;
	int64_t *inverse; /* of the basis, n * n, times ONE */
	int64_t *used;    /* by row: how often its filling is used, times ONE */
	int64_t *entering;
	int64_t *ticks;
};

/* ---- the filling that weighs most ---- */

struct filler {
	struct kind *kinds; /* most weight a size first */
	uint32_t n;
	int64_t best;
	uint32_t *counts, *best_counts; /* by kind */
	int64_t *ticks;
};

static int by_worth(const void *a, const void *b)
{
	const struct kind *x = a, *y = b;
	wide left = (wide)x->weight * y->size, right = (wide)y->weight * x->size;
	if (left != right)
		return left > right ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static void fill(struct filler *filler, uint32_t from, int64_t room, int64_t weight)
{
	if (weight > filler->best) {
		filler->best = weight;
		memcpy(filler->best_counts, filler->counts, filler->n * sizeof *filler->counts);
	}
	for (uint32_t i = from; i<filler->n && * filler->ticks> 0; i++) {
		const struct kind *kind = &filler->kinds[i];
		if (weight + (int64_t)((wide)kind->weight * room / kind->size) <= filler->best)
			return;
		*filler->ticks -= 20;
		int64_t most = room / kind->size < kind->n ? room / kind->size : kind->n;
		for (int64_t c = most; c > 0; c--) {
			filler->counts[kind->at] = (uint32_t)c;
			fill(filler, i + 1, room - c * kind->size, weight + c * kind->weight);
		}
		filler->counts[kind->at] = 0;
	}
}

/* ---- the simplex ---- */

/* Weights from the basis; what all pieces weigh. */
static int64_t weigh(const struct programme *lp, struct kind *kinds)
{
	int64_t sum = 0;
	for (uint32_t j = 0; j < lp->n; j++) {
		int64_t dual = 0;
		for (uint32_t i = 0; i < lp->n; i++)
			dual += lp->inverse[i * lp->n + j];
		kinds[j] = lp->kinds[j];
		kinds[j].weight = dual > 0 ? dual >> (BITS - WEIGHT_BITS) : 0;
		sum += kinds[j].weight * kinds[j].n;
	}
	*lp->ticks -= (int64_t)lp->n * lp->n;
	return sum;
}

/* Whether row i is used up before the other; of two at once the one with the larger pivot, which drifts less. */
static bool is_sooner(const struct programme *lp, uint32_t i, uint32_t other)
{
	wide left = (wide)lp->used[i] * lp->entering[other], right = (wide)lp->used[other] * lp->entering[i];
	return left != right ? left < right : lp->entering[i] > lp->entering[other];
}

/* Brings the filling into the basis; false when the numbers have grown too large to go on. */
static bool pivot(struct programme *lp, const uint32_t *counts)
{
	uint32_t n = lp->n, row = n;
	for (uint32_t i = 0; i < n; i++) {
		int64_t sum = 0;
		for (uint32_t j = 0; j < n; j++)
			if (counts[j])
				sum += lp->inverse[i * n + j] * counts[j];
		lp->entering[i] = sum;
		if (sum > TINY && (row == n || is_sooner(lp, i, row)))
			row = i;
	}
	if (row == n)
		return false;
	int64_t *own = &lp->inverse[row * n], divisor = lp->entering[row];
	for (uint32_t j = 0; j < n; j++)
		own[j] = (int64_t)((wide)own[j] * ONE / divisor);
	lp->used[row] = (int64_t)((wide)lp->used[row] * ONE / divisor);
	for (uint32_t i = 0; i < n; i++) {
		int64_t *other = &lp->inverse[i * n], factor = lp->entering[i];
		if (i == row || !factor)
			continue;
		for (uint32_t j = 0; j < n; j++) {
			wide value = other[j] - (wide)own[j] * factor / ONE;
			if (value > largest / (wide)(n * 64) || value < -largest / (wide)(n * 64))
				return false;
			other[j] = (int64_t)value;
		}
		lp->used[i] -= (int64_t)((wide)lp->used[row] * factor / ONE);
		lp->used[i] = lp->used[i] > 0 ? lp->used[i] : 0;
	}
	*lp->ticks -= 2 * (int64_t)n * n;
	return true;
}

/* One filling a kind: as many of it as there are, or as fit. */
static void start(struct programme *lp)
{
	for (uint32_t i = 0; i < lp->n; i++) {
		int64_t fit = lp->capacity / lp->kinds[i].size, n = lp->kinds[i].n;
		int64_t each = fit < n ? fit : n;
		lp->inverse[i * lp->n + i] = ONE / each;
		lp->used[i] = n * ONE / each;
	}
}

static bool run(struct arena *tmp, struct programme *lp, int64_t bins)
{
	struct kind *kinds = arena_array(tmp, struct kind, lp->n);
	struct filler filler = {
	        .kinds = kinds,
	        .n = lp->n,
	        .counts = arena_array(tmp, uint32_t, lp->n),
	        .best_counts = arena_array(tmp, uint32_t, lp->n),
	        .ticks = lp->ticks,
	};
	for (;;) {
		int64_t all = weigh(lp, kinds), needed = 0;
		for (uint32_t i = 0; i < lp->n; i++)
			needed += lp->used[i];
		if (needed <= bins * ONE)
			return false; /* if fillings could be used in part, the bins would do */
		qsort(kinds, lp->n, sizeof *kinds, by_worth);
		filler.best = WEIGHT_ONE - SLACK;
		fill(&filler, 0, lp->capacity, 0);
		if (*lp->ticks <= 0)
			return false;
		if (all > bins * filler.best)
			return true;
		if (filler.best <= WEIGHT_ONE + SLACK || !pivot(lp, filler.best_counts))
			return false;
	}
}

bool patterns_prove(struct arena *tmp, const int64_t *ms, uint32_t n, int64_t capacity, int64_t bins, int64_t *ticks)
{
	if (n > PATTERNS_PIECES_MOST || n > bins * PATTERNS_FILL_MOST)
		return false;
	struct kind *kinds = arena_array(tmp, struct kind, n);
	struct programme lp = {.kinds = kinds, .capacity = capacity, .ticks = ticks};
	for (uint32_t i = 0; i < n; i++)
		if (lp.n && kinds[lp.n - 1].size == ms[i])
			kinds[lp.n - 1].n++;
		else {
			kinds[lp.n] = (struct kind){.size = ms[i], .n = 1, .at = lp.n};
			lp.n++;
		}
	lp.inverse = arena_array(tmp, int64_t, (size_t)lp.n * lp.n);
	lp.used = arena_array(tmp, int64_t, lp.n);
	lp.entering = arena_array(tmp, int64_t, lp.n);
	start(&lp);
	return run(tmp, &lp, bins);
}
