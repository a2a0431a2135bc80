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
		if (problem->lanes.at[k].workers > WORKERS_MOST)
			return fail_usage(err, "lane %zu: %u workers; at most %d are possible", k,
			                  problem->lanes.at[k].workers, WORKERS_MOST);
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

/* ---- groups ---- */

/* What a group adds up to, found by its number, which may be any: open addressing, number 0 is free. */
struct group {
	uint32_t number, piece; /* NO_PIECE_YET until its first item is met again */
	uint32_t first;         /* item */
	uint64_t lanes;
	int64_t ms;
};

#define NO_PIECE_YET UINT32_MAX

struct groups {
	struct group *at;
	size_t mask;
};

static struct group *group_of(struct groups *groups, uint32_t number)
{
	size_t i = number * UINT32_C(2654435761) & groups->mask;
	while (groups->at[i].number && groups->at[i].number != number)
		i = (i + 1) & groups->mask;
	return &groups->at[i];
}

/* False when a group has no lane in common. */
static bool add_groups(struct arena *tmp, const struct problem *problem, struct groups *groups, struct err *err)
{
	size_t grouped = 0, size = 2;
	for (size_t i = 0; i < problem->items.n; i++)
		grouped += problem->items.at[i].group != 0;
	while (size < grouped * 2 + 2)
		size *= 2;
	*groups = (struct groups){arena_array(tmp, struct group, size), size - 1};
	for (uint32_t i = 0; grouped && i < problem->items.n; i++) {
		const struct item *item = &problem->items.at[i];
		if (!item->group)
			continue;
		struct group *group = group_of(groups, item->group);
		if (!group->number)
			*group = (struct group){item->group, NO_PIECE_YET, i, item->lanes, 0};
		group->ms += item->ms;
		group->lanes &= item->lanes;
		if (!group->lanes)
			return fail_usage(err, "units %u and %u must stay together, but no lane covers both",
			                  group->first, i);
	}
	return true;
}

/* ---- classes ---- */

/* Lane sets in the order in which they are met, found by a flat table: a set is never 0, so 0 is free. */
struct sets {
	struct arena *arena;
	VEC(uint64_t) at;
	uint32_t *slots; /* number + 1 */
	size_t n_slots;
};

static size_t slot_of(const struct sets *sets, uint64_t set)
{
	size_t i = (set * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (sets->n_slots - 1);
	while (sets->slots[i] && sets->at.at[sets->slots[i] - 1] != set)
		i = (i + 1) & (sets->n_slots - 1);
	return i;
}

static uint32_t number_of(struct sets *sets, uint64_t set)
{
	if (sets->at.n * 2 >= sets->n_slots) {
		sets->n_slots = sets->n_slots ? sets->n_slots * 2 : 64;
		sets->slots = arena_array(sets->arena, uint32_t, sets->n_slots);
		for (uint32_t i = 0; i < sets->at.n; i++)
			sets->slots[slot_of(sets, sets->at.at[i])] = i + 1;
	}
	size_t slot = slot_of(sets, set);
	if (!sets->slots[slot]) {
		vec_push(sets->arena, &sets->at, set);
		sets->slots[slot] = (uint32_t)sets->at.n;
	}
	return sets->slots[slot] - 1;
}

static int by_lanes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* Classes in the order of their sets, whatever the order in which they were met. */
static void sort_classes(struct arena *out, struct arena *tmp, struct work *work, const struct sets *sets)
{
	uint64_t *sorted = arena_array(tmp, uint64_t, sets->at.n);
	uint32_t *new_number = arena_array(tmp, uint32_t, sets->at.n);
	memcpy(sorted, sets->at.at, sets->at.n * sizeof *sorted);
	qsort(sorted, sets->at.n, sizeof *sorted, by_lanes);
	for (uint32_t c = 0; c < sets->at.n; c++) {
		new_number[sets->slots[slot_of(sets, sorted[c])] - 1] = c;
		vec_push(out, &work->classes, ((struct piece_class){.lanes = sorted[c]}));
	}
	for (uint32_t p = 0; p < work->n; p++)
		work->class_of[p] = new_number[work->class_of[p]];
}

/* ---- pieces ---- */

/* One piece an item or group, in the order of first items; piece_of is filled in. */
static void make_pieces(struct work *work, struct groups *groups, struct sets *sets)
{
	const struct problem *problem = work->problem;
	for (uint32_t i = 0; i < problem->items.n; i++) {
		const struct item *item = &problem->items.at[i];
		struct group *group = item->group ? group_of(groups, item->group) : NULL;
		if (group && group->piece != NO_PIECE_YET) {
			work->piece_of[i] = group->piece;
			continue;
		}
		work->ms[work->n] = group ? group->ms : item->ms;
		work->class_of[work->n] = number_of(sets, group ? group->lanes : item->lanes);
		work->piece_of[i] = work->n;
		if (group)
			group->piece = work->n;
		work->n++;
	}
}

/* Stable radix sort of the numbers 0..n-1 by descending ms, only as many digits as the largest has.  Of the two arrays
 * it returns the one with the order, in *other the one that is free. */
static uint32_t *sort_by_size(const int64_t *ms, uint32_t n, uint32_t *from, uint32_t *to, uint32_t **other)
{
	enum { BITS = 11, DIGITS = 1 << BITS };
	int64_t largest = 0;
	for (uint32_t i = 0; i < n; i++) {
		from[i] = i;
		largest = ms[i] > largest ? ms[i] : largest;
	}
	for (int shift = 0; largest >> shift; shift += BITS) {
		uint32_t start[DIGITS + 1] = {0};
		for (uint32_t i = 0; i < n; i++)
			start[DIGITS - (ms[i] >> shift & (DIGITS - 1))]++;
		for (int d = 0; d < DIGITS; d++)
			start[d + 1] += start[d];
		for (uint32_t i = 0; i < n; i++)
			to[start[DIGITS - 1 - (ms[from[i]] >> shift & (DIGITS - 1))]++] = from[i];
		uint32_t *sorted = to;
		to = from;
		from = sorted;
	}
	*other = to;
	return from;
}

/* Brings piece order[p] to place p, in place, cycle by cycle; uses the order up. */
static void permute(struct work *work, uint32_t *order)
{
	for (uint32_t start = 0; start < work->n; start++) {
		int64_t ms = work->ms[start];
		uint32_t class = work->class_of[start], at = start, next;
		for (; (next = order[at]) != start; at = next) {
			work->ms[at] = work->ms[next];
			work->class_of[at] = work->class_of[next];
			order[at] = at;
		}
		work->ms[at] = ms;
		work->class_of[at] = class;
		order[at] = at;
	}
}

static void sort_pieces(struct arena *tmp, struct work *work)
{
	uint32_t *rank, *order = sort_by_size(work->ms, work->n, arena_array(tmp, uint32_t, work->n),
	                                      arena_array(tmp, uint32_t, work->n), &rank);
	for (uint32_t p = 0; p < work->n; p++)
		rank[order[p]] = p;
	for (size_t i = 0; i < work->problem->items.n; i++)
		work->piece_of[i] = rank[work->piece_of[i]];
	permute(work, order);
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
static void count_in_common_unit(struct work *work)
{
	work->unit = 0;
	for (uint32_t k = 0; k < work->n_lanes; k++)
		work->unit = gcd(work->fixed[k], work->unit);
	for (uint32_t p = 0; p < work->n && work->unit != 1; p++)
		work->unit = gcd(work->ms[p], work->unit);
	for (uint32_t k = 0; k < work->n_lanes; k++)
		work->fixed[k] /= work->unit;
	for (uint32_t p = 0; p < work->n && work->unit > 1; p++)
		work->ms[p] /= work->unit;
}

static void add_up(struct work *work)
{
	for (uint32_t p = 0; p < work->n; p++) {
		struct piece_class *class = &work->classes.at[work->class_of[p]];
		if (!class->n)
			class->largest = p;
		class->n++;
		class->load += work->ms[p];
		work->load += work->ms[p];
	}
	for (size_t c = 0; c < work->classes.n; c++)
		work->used |= work->classes.at[c].lanes;
}

void work_spread(const struct work *work, const uint32_t *counts, uint32_t *spread)
{
	memset(spread, 0, LANES_MOST * sizeof *spread);
	for (uint32_t k = 0; k < work->n_lanes; k++) {
		uint64_t able = 0, all = (uint64_t)counts[k] * work->workers[k];
		for (size_t c = 0; work->workers[k] > 1 && c < work->classes.n; c++)
			able += work->classes.at[c].lanes >> k & 1 ? work->classes.at[c].n : 0;
		spread[k] = work->workers[k] > 1 && able < all ? (uint32_t)able : (uint32_t)all;
	}
}

bool work_make(struct arena *out, struct arena *tmp, const struct problem *problem, struct work *work, struct err *err)
{
	struct arena room;
	struct groups groups;
	*work = (struct work){.problem = problem, .n_lanes = (uint32_t)problem->lanes.n};
	if (!check_lanes(problem, err) || !check_items(problem, err))
		return false;
	for (uint32_t k = 0; k < work->n_lanes; k++) {
		work->fixed[k] = problem->lanes.at[k].fixed_ms;
		work->workers[k] = problem->lanes.at[k].workers ? problem->lanes.at[k].workers : 1;
	}
	arena_init(&room, tmp->trap); /* given back at once: a million units are in a hurry for memory */
	if (!add_groups(&room, problem, &groups, err)) {
		arena_free(&room);
		return false;
	}
	struct sets sets = {.arena = &room};
	work->ms = arena_array(out, int64_t, problem->items.n);
	work->class_of = arena_array(out, uint32_t, problem->items.n);
	work->piece_of = arena_array(out, uint32_t, problem->items.n);
	make_pieces(work, &groups, &sets);
	sort_classes(out, &room, work, &sets);
	count_in_common_unit(work);
	sort_pieces(&room, work);
	add_up(work);
	arena_free(&room);
	return true;
}
