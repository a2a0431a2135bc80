/* Lines are walked again for the output, so that a million names are never stored: only the text is kept. */
#include "partition/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/intern.h"
#include "partition/check.h"
#include "partition/decimal.h"
#include "partition/solve.h"
#include "partition/work.h"

enum { PLACES_MOST = 9 };
/* All seconds of an input together, in the units of 10^-places in which they are counted. */
static const int64_t longest = INT64_C(1) << 45;

/* A line, its fields and where it stands. */
struct line {
	struct str field[4]; /* missing ones are "" */
	uint32_t n_fields;   /* 5: too many */
	uint32_t number;     /* from 1 */
	size_t next;         /* offset of the line after it */
};

/* The line at offset `at`; a carriage return before the end is dropped. */
static struct line line_at(struct str text, size_t at, uint32_t number)
{
	struct line line = {.number = number};
	const char *end = memchr(text.at + at, '\n', text.n - at);
	size_t stop = end ? (size_t)(end - text.at) : text.n;
	line.next = end ? stop + 1 : stop;
	if (stop > at && text.at[stop - 1] == '\r')
		stop--;
	while (at <= stop && line.n_fields < 5) {
		const char *tab = memchr(text.at + at, '\t', stop - at);
		size_t cut = tab ? (size_t)(tab - text.at) : stop;
		if (line.n_fields < 4)
			line.field[line.n_fields] = (struct str){text.at + at, cut - at};
		line.n_fields++;
		at = cut + 1;
	}
	return line;
}

/* Shortened for a message. */
static struct str short_of(struct str s)
{
	return str_slice(s, 0, 60);
}

static bool read_seconds(const struct line *line, const char *name, struct decimal *seconds, struct err *err)
{
	int64_t whole;
	if (!decimal_read(line->field[0], seconds))
		return fail_usage(err, "%s:%u: expected seconds, a tab and a name, found \"%.*s\"", name, line->number,
		                  STR_ARG(short_of(line->field[0])));
	if (!decimal_scale(*seconds, 0, longest, &whole))
		return fail_usage(err, "%s:%u: %.*s seconds are too many", name, line->number,
		                  STR_ARG(short_of(line->field[0])));
	return true;
}

/* Every line is well formed; how many there are and how many decimals they use. */
struct census {
	uint32_t lines;
	int32_t places;
};

static bool take_census(struct str text, const char *name, uint32_t most_fields, struct census *census, struct err *err)
{
	uint32_t number = 1;
	for (size_t at = 0; at < text.n; number++) {
		struct line line = line_at(text, at, number);
		struct decimal seconds;
		at = line.next;
		if (number == INT32_MAX)
			return fail_usage(err, "%s: more than %d lines", name, INT32_MAX - 1);
		if (!read_seconds(&line, name, &seconds, err))
			return false;
		if (line.n_fields < 2 || line.n_fields > most_fields || !line.field[1].n)
			return fail_usage(err, "%s:%u: expected seconds, a tab and a name%s", name, number,
			                  line.n_fields > most_fields ? ", and fewer tabs" : "");
		if (-seconds.exponent > census->places)
			census->places = -seconds.exponent < PLACES_MOST ? -seconds.exponent : PLACES_MOST;
		census->lines++;
	}
	return true;
}

/* The sum of all seconds with so many places, or -1 when that is too much. */
static int64_t sum_with(struct str text, int32_t places)
{
	int64_t total = 0;
	for (size_t at = 0; at < text.n;) {
		struct line line = line_at(text, at, 0);
		struct decimal seconds;
		int64_t value;
		at = line.next;
		decimal_read(line.field[0], &seconds);
		if (!decimal_scale(seconds, places, longest, &value))
			return -1;
		total += value ? value : 1;
		if (total > longest)
			return -1;
	}
	return total;
}

/* ---- lanes ---- */

struct offers {
	struct intern names; /* services */
	VEC(uint64_t) lanes; /* by service name: the lanes that offer it */
	uint64_t all;
};

static bool read_lane(struct arena *out, struct arena *tmp, const struct line *line, const char *name,
                      struct split *split, struct offers *offers, struct err *err)
{
	struct decimal seconds;
	int64_t fixed;
	uint64_t shards = 0, bit = UINT64_C(1) << split->lanes.n;
	if (split->lanes.n == LANES_MOST)
		return fail_usage(err, "%s:%u: more than %d lanes", name, line->number, LANES_MOST);
	for (size_t k = 0; k < split->lanes.n; k++)
		if (str_eq(split->lanes.at[k], line->field[1]))
			return fail_usage(err, "%s:%u: lane %.*s is already there", name, line->number,
			                  STR_ARG(short_of(line->field[1])));
	if (line->field[3].n && (!str_number(line->field[3], SHARDS_MOST, &shards) || !shards))
		return fail_usage(err, "%s:%u: expected a number of shards from 1 to %d, found \"%.*s\"", name,
		                  line->number, SHARDS_MOST, STR_ARG(short_of(line->field[3])));
	decimal_read(line->field[0], &seconds);
	if (!decimal_scale(seconds, split->places, longest, &fixed))
		return fail_usage(err, "%s:%u: %.*s seconds are too many", name, line->number,
		                  STR_ARG(short_of(line->field[0])));
	for (size_t from = 0; from < line->field[2].n;) {
		size_t comma = str_find(line->field[2], STR(","), from);
		struct str service = str_trim(str_slice(line->field[2], from, comma));
		uint32_t number = intern(&offers->names, service);
		while (offers->lanes.n <= number)
			vec_push(tmp, &offers->lanes, 0);
		if (number)
			offers->lanes.at[number] |= bit;
		from = comma == SIZE_MAX ? line->field[2].n : comma + 1;
	}
	offers->all |= bit;
	vec_push(out, &split->lanes, line->field[1]);
	vec_push(out, &split->problem.lanes, ((struct lane_shape){.fixed_ms = fixed, .shards = (uint32_t)shards}));
	return true;
}

static bool read_lanes(struct arena *out, struct arena *tmp, struct str text, const char *name, struct split *split,
                       struct offers *offers, struct err *err)
{
	uint32_t number = 1;
	for (size_t at = 0; at < text.n; number++) {
		struct line line = line_at(text, at, number);
		at = line.next;
		if (!read_lane(out, tmp, &line, name, split, offers, err))
			return false;
	}
	return split->lanes.n || fail_usage(err, "%s: no lanes", name);
}

/* The lanes that offer every service of the list, or one of `a|b`. */
static uint64_t lanes_for(const struct offers *offers, struct str services)
{
	uint64_t lanes = offers->all;
	for (size_t from = 0; from < services.n;) {
		size_t comma = str_find(services, STR(","), from);
		struct str need = str_trim(str_slice(services, from, comma));
		uint64_t any = need.n ? 0 : UINT64_MAX;
		for (size_t start = 0; start < need.n;) {
			size_t bar = str_find(need, STR("|"), start);
			uint32_t number = intern_find(&offers->names, str_slice(need, start, bar));
			any |= number && number < offers->lanes.n ? offers->lanes.at[number] : 0;
			start = bar == SIZE_MAX ? need.n : bar + 1;
		}
		lanes &= any;
		from = comma == SIZE_MAX ? services.n : comma + 1;
	}
	return lanes;
}

/* ---- units ---- */

/* Sorted by the hash of the id, which is an order all inputs with the same lines share, and brings equal ids together. */
struct key {
	uint64_t hash;
	uint32_t at; /* offset of the line */
	uint32_t line;
};

static int by_hash(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

/* Ids with one hash, by their bytes. */
static void order_collisions(struct str text, struct key *keys, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		for (uint32_t j = i; j > 0 && keys[j].hash == keys[j - 1].hash; j--) {
			struct str before = line_at(text, keys[j - 1].at, 0).field[1];
			if (str_cmp(before, line_at(text, keys[j].at, 0).field[1]) <= 0)
				break;
			struct key swap = keys[j];
			keys[j] = keys[j - 1];
			keys[j - 1] = swap;
		}
}

static bool check_twins(struct str text, const char *name, const struct key *keys, uint32_t n, struct err *err)
{
	uint32_t twin = 0;
	for (uint32_t i = 1; i < n; i++)
		if (keys[i].hash == keys[i - 1].hash && (!twin || keys[i].line < keys[twin].line) &&
		    str_eq(line_at(text, keys[i].at, 0).field[1], line_at(text, keys[i - 1].at, 0).field[1]))
			twin = i;
	if (!twin)
		return true;
	return fail_usage(err, "%s:%u: %.*s is already on line %u", name, keys[twin].line + 1,
	                  STR_ARG(short_of(line_at(text, keys[twin].at, 0).field[1])), keys[twin - 1].line + 1);
}

static struct key *sorted_keys(struct arena *tmp, struct str text, uint32_t n)
{
	struct key *keys = arena_array(tmp, struct key, n);
	uint32_t i = 0;
	for (size_t at = 0; at < text.n; i++) {
		struct line line = line_at(text, at, 0);
		keys[i] = (struct key){hash64(line.field[1]), (uint32_t)at, i};
		at = line.next;
	}
	qsort(keys, n, sizeof *keys, by_hash);
	order_collisions(text, keys, n);
	return keys;
}

static bool read_units(struct arena *out, struct arena *tmp, const char *name, uint32_t n, const struct offers *offers,
                       struct split *split, struct err *err)
{
	struct key *keys = sorted_keys(tmp, split->text, n);
	if (!check_twins(split->text, name, keys, n, err))
		return false;
	split->item_of = arena_array(out, uint32_t, n);
	split->problem.items.at = arena_array(out, struct item, n);
	split->problem.items.n = split->problem.items.cap = n;
	for (uint32_t i = 0; i < n; i++) {
		struct line line = line_at(split->text, keys[i].at, keys[i].line + 1);
		struct item *item = &split->problem.items.at[i];
		struct decimal seconds;
		decimal_read(line.field[0], &seconds);
		decimal_scale(seconds, split->places, longest, &item->ms);
		item->ms += item->ms == 0; /* nothing takes no time */
		item->lanes = split->lanes.n ? lanes_for(offers, line.field[2]) : 1;
		item->previous = -1;
		split->item_of[keys[i].line] = i;
		if (!item->lanes)
			return fail_usage(err, "%s:%u: no lane offers %.*s", name, line.number,
			                  STR_ARG(short_of(line.field[2])));
	}
	return true;
}

bool split_read(struct arena *out, struct arena *tmp, struct str text, const char *name, const struct str *lanes,
                const char *lanes_name, uint32_t shards, struct split *split, struct err *err)
{
	struct census census = {0}, lane_census = {0};
	struct offers offers = {0};
	*split = (struct split){.text = text, .problem = {.shards = shards}};
	if (text.n > UINT32_MAX)
		return fail_usage(err, "%s: more than 4 GB", name);
	if (!take_census(text, name, 3, &census, err))
		return false;
	if (!census.lines)
		return fail_usage(err, "%s: no units", name);
	if (lanes && !take_census(*lanes, lanes_name, 4, &lane_census, err))
		return false;
	split->places = census.places > lane_census.places ? census.places : lane_census.places;
	while (split->places > 0 && sum_with(text, split->places) < 0)
		split->places--;
	if (sum_with(text, split->places) < 0)
		return fail_usage(err, "%s: the seconds add up to more than can be counted", name);
	intern_init(&offers.names, tmp);
	if (lanes && !read_lanes(out, tmp, *lanes, lanes_name, split, &offers, err))
		return false;
	if (!lanes)
		vec_push(out, &split->problem.lanes, ((struct lane_shape){0}));
	split->problem.billing_ms = 1;
	return read_units(out, tmp, name, census.lines, &offers, split, err);
}

/* ---- output ---- */

static struct str *shard_names(struct arena *out, const struct split *split, const struct solution *solution)
{
	struct str *names = arena_array(out, struct str, solution->shards.n);
	for (size_t j = 0; j < solution->shards.n; j++) {
		uint32_t lane = solution->shards.at[j].lane, number = 1;
		for (size_t i = j; i > 0 && solution->shards.at[i - 1].lane == lane; i--)
			number++;
		bool is_alone = number == 1 && (j + 1 == solution->shards.n || solution->shards.at[j + 1].lane != lane);
		if (!split->lanes.n)
			names[j] = str_fmt(out, "%zu", j + 1);
		else if (is_alone)
			names[j] = split->lanes.at[lane];
		else
			names[j] = str_fmt(out, "%.*s-%u", STR_ARG(split->lanes.at[lane]), number);
	}
	return names;
}

struct str split_lines(struct arena *out, struct arena *tmp, const struct split *split, const struct solution *solution)
{
	struct str *names = shard_names(tmp, split, solution);
	size_t size = 0;
	uint32_t i = 0;
	for (size_t at = 0; at < split->text.n; i++) {
		struct line line = line_at(split->text, at, 0);
		at = line.next;
		size += names[solution->shard_of[split->item_of[i]]].n + line.field[1].n + 2;
	}
	struct buf buf = {.arena = out, .at = arena_alloc(out, size + 1), .cap = size + 1};
	i = 0;
	for (size_t at = 0; at < split->text.n; i++) {
		struct line line = line_at(split->text, at, 0);
		at = line.next;
		buf_add(&buf, names[solution->shard_of[split->item_of[i]]]);
		buf_char(&buf, '\t');
		buf_add(&buf, line.field[1]);
		buf_char(&buf, '\n');
	}
	return buf_str(&buf);
}

struct str split_stats(struct arena *out, const struct split *split, const struct solution *solution)
{
	int64_t above = solution->makespan_ms - solution->bound_ms, parts = 0;
	/* Millionths of the bound; the gap of a plan is small, so the product stays in range. */
	if (above > 0 && __builtin_mul_overflow(above, INT64_C(1000000), &parts))
		parts = above / (solution->bound_ms / 1000000 + 1) * solution->bound_ms;
	struct str makespan = decimal_write(out, solution->makespan_ms, split->places);
	struct str bound = decimal_write(out, solution->bound_ms, split->places);
	struct str gap = decimal_write(out, (parts + solution->bound_ms - 1) / solution->bound_ms, 6);
	return str_fmt(out,
	               "{\"version\":1,\"makespan\":%.*s,\"bound\":%.*s,\"gap\":%.*s,\"optimal\":%s,\"shards\":%zu}\n",
	               STR_ARG(makespan), STR_ARG(bound), STR_ARG(gap), above ? "false" : "true", solution->shards.n);
}

/* Reads, solves and doubts; what is left in `out` is little: where each line goes. */
static bool find(struct arena *out, struct arena *room, const struct split_ask *ask, struct split *split,
                 struct solution *solution, struct err *err)
{
	struct arena tmp;
	arena_init(&tmp, room->trap);
	bool is_found =
	        split_read(room, &tmp, ask->text, ask->name, ask->lanes, ask->lanes_name, ask->shards, split, err);
	arena_free(&tmp);
	if (!is_found)
		return false;
	is_found = partition_solve(out, &tmp, &split->problem, solution, err) &&
	           partition_check(&tmp, &split->problem, solution, err);
	arena_free(&tmp);
	uint32_t *item_of = arena_array(out, uint32_t, split->problem.items.n);
	memcpy(item_of, split->item_of, split->problem.items.n * sizeof *item_of);
	split->item_of = item_of;
	strs names = {0};
	for (size_t k = 0; k < split->lanes.n; k++)
		vec_push(out, &names, split->lanes.at[k]);
	split->lanes = names;
	return is_found;
}

bool split_run(struct arena *out, struct arena *tmp, const struct split_ask *ask, struct str *lines, struct str *stats,
               struct err *err)
{
	struct arena room;
	struct split split;
	struct solution solution;
	arena_init(&room, tmp->trap); /* given back before the lines are written: a million of them are long */
	bool is_found = find(tmp, &room, ask, &split, &solution, err);
	arena_free(&room);
	if (!is_found)
		return false;
	*lines = split_lines(out, tmp, &split, &solution);
	*stats = split_stats(out, &split, &solution);
	return true;
}
