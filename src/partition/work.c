/* Merging groups, numbering lane sets, sorting pieces. */
#include "partition/work.h"

#include <stdlib.h>
#include <string.h>

/* All durations together, and one fixed cost, in ms: 1,115 years.  Times SHARDS_MOST it still fits in 64 bits
 * with room for sums, so that nothing after this file checks for overflow. */
static const int64_t longest = INT64_C(1) << 45;

static bool check_lanes(const struct problem *problem, struct err *err)
{
	if (problem->shards > SHARDS_MOST)
		return fail_usage(err, "%u shards; at most %d are possible", problem->shards, SHARDS_MOST);
	if (problem->lanes.n > LANES_MOST)
		return fail_usage(err, "%zu lanes; at most %d are possible", problem->lanes.n, LANES_MOST);
	for (size_t k = 0; k < problem->lanes.n; k++) {
		int64_t fixed = problem->lanes.at[k].fixed_ms;
		if (fixed < 0 || fixed > longest)
			return fail_usage(err, "lane %zu: a fixed cost of %lld ms is not a duration", k,
			                  (long long)fixed);
		if (problem->lanes.at[k].shards > SHARDS_MOST)
			return fail_usage(err, "lane %zu: %u shards; at most %d are possible", k,
			                  problem->lanes.at[k].shards, SHARDS_MOST);
	}
	return true;
}

static bool check_items(const struct problem *problem, struct err *err)
{
	uint64_t known = problem->lanes.n == LANES_MOST ? UINT64_MAX : (UINT64_C(1) << problem->lanes.n) - 1;
	int64_t total = 0;
	if (!problem->items.n)
		return fail_usage(err, "nothing to place: there are no units");
	if (problem->items.n > INT32_MAX)
		return fail_usage(err, "%zu units; at most %d are possible", problem->items.n, INT32_MAX);
	for (size_t i = 0; i < problem->items.n; i++) {
		const struct item *item = &problem->items.at[i];
		if (item->ms <= 0)
			return fail_usage(err, "unit %zu: %lld ms is not a duration", i, (long long)item->ms);
		if (__builtin_add_overflow(total, item->ms, &total) || total > longest)
			return fail_usage(err, "unit %zu: the durations add up to more than can be counted", i);
		if (!(item->lanes & known) || (item->lanes & ~known))
			return fail_usage(err, "unit %zu: no lane covers it", i);
	}
	return true;
}

/* One piece before it is sorted. */
struct raw {
	int64_t ms;
	uint64_t lanes;
	uint32_t first; /* item */
};

/* A table from group numbers, which may be any, to pieces: open addressing, 0 is free. */
struct group_table {
	uint32_t *group, *piece;
	size_t mask;
};

static uint32_t *group_slot(struct group_table *table, uint32_t group)
{
	size_t i = group * UINT32_C(2654435761) & table->mask;
	while (table->group[i] && table->group[i] != group)
		i = (i + 1) & table->mask;
	if (!table->group[i]) {
		table->group[i] = group;
		table->piece[i] = UINT32_MAX;
	}
	return &table->piece[i];
}

static struct group_table group_table(struct arena *tmp, const struct problem *problem)
{
	size_t grouped = 0, size = 2;
	for (size_t i = 0; i < problem->items.n; i++)
		grouped += problem->items.at[i].group != 0;
	while (size < grouped * 2 + 2)
		size *= 2;
	return (struct group_table){arena_array(tmp, uint32_t, size), arena_array(tmp, uint32_t, size), size - 1};
}

/* Fills in raw pieces and piece_of (in raw order); false when a group has no lane in common. */
static bool merge(struct arena *tmp, const struct problem *problem, struct raw *raw, uint32_t *n, uint32_t *piece_of,
                  struct err *err)
{
	struct group_table table = group_table(tmp, problem);
	for (uint32_t i = 0; i < problem->items.n; i++) {
		const struct item *item = &problem->items.at[i];
		uint32_t *slot = item->group ? group_slot(&table, item->group) : NULL;
		if (slot && *slot != UINT32_MAX) {
			struct raw *piece = &raw[*slot];
			piece->ms += item->ms;
			piece->lanes &= item->lanes;
			if (!piece->lanes)
				return fail_usage(err, "units %u and %u must stay together, but no lane covers both",
				                  piece->first, i);
			piece_of[i] = *slot;
			continue;
		}
		if (slot)
			*slot = *n;
		piece_of[i] = *n;
		raw[(*n)++] = (struct raw){item->ms, item->lanes, i};
	}
	return true;
}

/* Stable radix sort of `order` by descending ms: only as many digits as the largest has. */
static void sort_by_size(struct arena *tmp, const struct raw *raw, uint32_t n, uint32_t *order)
{
	enum { BITS = 11, DIGITS = 1 << BITS };
	uint32_t *from = order, *to = arena_array(tmp, uint32_t, n);
	int64_t largest = 0;
	for (uint32_t i = 0; i < n; i++)
		largest = raw[i].ms > largest ? raw[i].ms : largest;
	for (int shift = 0; largest >> shift; shift += BITS) {
		uint32_t start[DIGITS + 1] = {0};
		for (uint32_t i = 0; i < n; i++)
			start[DIGITS - 1 - (raw[i].ms >> shift & (DIGITS - 1)) + 1]++;
		for (int d = 0; d < DIGITS; d++)
			start[d + 1] += start[d];
		for (uint32_t i = 0; i < n; i++)
			to[start[DIGITS - 1 - (raw[from[i]].ms >> shift & (DIGITS - 1))]++] = from[i];
		uint32_t *sorted = to;
		to = from;
		from = sorted;
	}
	if (from != order)
		memcpy(order, from, n * sizeof *order);
}

static int by_lanes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* The distinct lane sets, sorted.  A small set of hashes keeps a million pieces from being sorted for it. */
static void number_classes(struct arena *out, struct arena *tmp, struct work *work, const struct raw *raw)
{
	VEC(uint64_t) sets = {0};
	size_t size = 64;
	uint64_t *slots = arena_array(tmp, uint64_t, size); /* a set is never 0, so 0 is free */
	for (uint32_t i = 0; i < work->n; i++) {
		uint64_t set = raw[i].lanes;
		size_t at = (set * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (size - 1);
		while (slots[at] && slots[at] != set)
			at = (at + 1) & (size - 1);
		if (slots[at])
			continue;
		slots[at] = set;
		vec_push(tmp, &sets, set);
		if (sets.n * 2 < size)
			continue;
		size *= 2;
		slots = arena_array(tmp, uint64_t, size);
		for (size_t j = 0; j < sets.n; j++) {
			at = (sets.at[j] * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (size - 1);
			while (slots[at])
				at = (at + 1) & (size - 1);
			slots[at] = sets.at[j];
		}
	}
	qsort(sets.at, sets.n, sizeof *sets.at, by_lanes);
	for (size_t j = 0; j < sets.n; j++)
		vec_push(out, &work->classes, ((struct piece_class){.lanes = sets.at[j]}));
}

static uint32_t find_class(const struct work *work, uint64_t lanes)
{
	size_t low = 0, high = work->classes.n;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (work->classes.at[middle].lanes <= lanes)
			low = middle;
		else
			high = middle;
	}
	return (uint32_t)low;
}

static int64_t gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* Everything is a multiple of the greatest common divisor of all times, and so is every end: counting in it rounds all
 * bounds up for free, and keeps tables of sums short. */
static int64_t common_unit(const struct work *work, const struct raw *raw)
{
	int64_t unit = 0;
	for (uint32_t k = 0; k < work->n_lanes; k++)
		unit = gcd(work->fixed[k], unit);
	for (uint32_t i = 0; i < work->n && unit != 1; i++)
		unit = gcd(raw[i].ms, unit);
	return unit;
}

bool work_make(struct arena *out, struct arena *tmp, const struct problem *problem, struct work *work, struct err *err)
{
	*work = (struct work){.problem = problem, .n_lanes = (uint32_t)problem->lanes.n};
	if (!check_lanes(problem, err) || !check_items(problem, err))
		return false;
	for (uint32_t k = 0; k < work->n_lanes; k++)
		work->fixed[k] = problem->lanes.at[k].fixed_ms;

	struct raw *raw = arena_array(tmp, struct raw, problem->items.n);
	work->piece_of = arena_array(out, uint32_t, problem->items.n);
	if (!merge(tmp, problem, raw, &work->n, work->piece_of, err))
		return false;
	work->unit = common_unit(work, raw);
	for (uint32_t k = 0; k < work->n_lanes; k++)
		work->fixed[k] /= work->unit;
	for (uint32_t i = 0; i < work->n; i++)
		raw[i].ms /= work->unit;
	uint32_t *order = arena_array(tmp, uint32_t, work->n), *rank = arena_array(tmp, uint32_t, work->n);
	for (uint32_t i = 0; i < work->n; i++)
		order[i] = i;
	sort_by_size(tmp, raw, work->n, order);
	number_classes(out, tmp, work, raw);

	work->ms = arena_array(out, int64_t, work->n);
	work->class_of = arena_array(out, uint32_t, work->n);
	for (uint32_t p = 0; p < work->n; p++) {
		const struct raw *piece = &raw[order[p]];
		struct piece_class *class = &work->classes.at[work->class_of[p] = find_class(work, piece->lanes)];
		work->ms[p] = piece->ms;
		if (!class->n)
			class->largest = p;
		class->load += piece->ms;
		class->n++;
		work->load += piece->ms;
		work->used |= piece->lanes;
		rank[order[p]] = p;
	}
	for (size_t i = 0; i < problem->items.n; i++)
		work->piece_of[i] = rank[work->piece_of[i]];
	return true;
}
