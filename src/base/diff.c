/* Myers' greedy algorithm over lines.  Beyond DIFFERENT_MOST lines of difference the middle is shown as replaced
 * whole: nobody reads such a difference line by line. */
#include "base/diff.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"

enum { CONTEXT = 3, DIFFERENT_MOST = 1000 };

struct side {
	strs lines;   /* each with its line end */
	bool *is_own; /* by line: not in the other side */
};

struct diff {
	struct arena *out;
	struct side old, new;
	size_t head, tail; /* equal lines at both ends */
};

static strs split(struct arena *out, struct str text)
{
	strs lines = {0};
	for (size_t from = 0; from < text.n;) {
		size_t end = str_find(text, STR("\n"), from);
		end = end == SIZE_MAX ? text.n : end + 1;
		vec_push(out, &lines, str_slice(text, from, end));
		from = end;
	}
	return lines;
}

static struct side side_of(struct arena *out, struct str text)
{
	struct side side = {.lines = split(out, text)};
	side.is_own = arena_array(out, bool, side.lines.n + 1);
	return side;
}

static void trim(struct diff *diff)
{
	const strs *a = &diff->old.lines, *b = &diff->new.lines;
	size_t least = a->n < b->n ? a->n : b->n;
	while (diff->head < least && str_eq(a->at[diff->head], b->at[diff->head]))
		diff->head++;
	while (diff->tail < least - diff->head && str_eq(a->at[a->n - 1 - diff->tail], b->at[b->n - 1 - diff->tail]))
		diff->tail++;
}

/* The middle of both sides, and how far each diagonal got after each number of steps: reach[d][k + d]. */
struct middle {
	const struct str *a, *b;
	long n, m;
	long **reach;
};

static long follow(const struct middle *middle, long x, long k)
{
	while (x < middle->n && x - k < middle->m && str_eq(middle->a[x], middle->b[x - k]))
		x++;
	return x;
}

/* Whether diagonal k is reached from the one above it (a line of b comes) or below it (a line of a goes). */
static bool comes_down(const long *before, long d, long k)
{
	return k == -d || (k != d && before[k - 1 + d - 1] < before[k + 1 + d - 1]);
}

/* Where diagonal k begins after d steps: the first stands at the top. */
static long start(const long *before, long d, long k)
{
	if (d == 0)
		return 0;
	return comes_down(before, d, k) ? before[k + 1 + d - 1] : before[k - 1 + d - 1] + 1;
}

/* The number of steps to the end, or -1 beyond DIFFERENT_MOST. */
static long search(struct arena *out, struct middle *middle)
{
	middle->reach = arena_array(out, long *, DIFFERENT_MOST + 1);
	for (long d = 0; d <= DIFFERENT_MOST; d++) {
		long *now = middle->reach[d] = arena_array(out, long, (size_t)(2 * d + 1));
		const long *before = d ? middle->reach[d - 1] : NULL;
		for (long k = -d; k <= d; k += 2) {
			now[k + d] = follow(middle, start(before, d, k), k);
			if (now[k + d] >= middle->n && now[k + d] - k >= middle->m)
				return d;
		}
	}
	return -1;
}

static void walk_back(const struct middle *middle, long steps, bool *old_own, bool *new_own)
{
	long k = middle->n - middle->m;
	for (long d = steps; d > 0; d--) {
		const long *before = middle->reach[d - 1];
		if (comes_down(before, d, k)) {
			k++;
			new_own[before[k + d - 1] - k] = true;
		} else {
			k--;
			old_own[before[k + d - 1]] = true;
		}
	}
}

static void compare(struct diff *diff)
{
	trim(diff);
	struct middle middle = {
	        .a = diff->old.lines.at + diff->head,
	        .b = diff->new.lines.at + diff->head,
	        .n = (long)(diff->old.lines.n - diff->head - diff->tail),
	        .m = (long)(diff->new.lines.n - diff->head - diff->tail),
	};
	bool *old_own = diff->old.is_own + diff->head, *new_own = diff->new.is_own + diff->head;
	long steps = search(diff->out, &middle);
	if (steps >= 0) {
		walk_back(&middle, steps, old_own, new_own);
		return;
	}
	memset(old_own, true, (size_t)middle.n);
	memset(new_own, true, (size_t)middle.m);
}

/* ---- writing ---- */

static void put_line(struct buf *buf, char sign, struct str line)
{
	buf_char(buf, sign);
	buf_add(buf, line);
	if (!str_ends(line, STR("\n")))
		buf_lit(buf, "\n\\ No newline at end of file\n");
}

/* Where both sides stand. */
struct place {
	size_t i, j;
};

static bool is_end(const struct diff *diff, struct place at)
{
	return at.i == diff->old.lines.n && at.j == diff->new.lines.n;
}

static bool is_change(const struct diff *diff, struct place at)
{
	return (at.i < diff->old.lines.n && diff->old.is_own[at.i]) ||
	       (at.j < diff->new.lines.n && diff->new.is_own[at.j]);
}

/* One line further: what goes, then what comes, then what both have. */
static struct place step(const struct diff *diff, struct place at, char *sign)
{
	if (at.i < diff->old.lines.n && diff->old.is_own[at.i]) {
		*sign = '-';
		return (struct place){at.i + 1, at.j};
	}
	if (at.j < diff->new.lines.n && diff->new.is_own[at.j]) {
		*sign = '+';
		return (struct place){at.i, at.j + 1};
	}
	*sign = ' ';
	return (struct place){at.i + 1, at.j + 1};
}

/* The end of the hunk that starts at `at`: after the last change that is followed by fewer than two contexts of
 * equal lines, and its own context. */
static struct place hunk_end(const struct diff *diff, struct place at)
{
	struct place end = at;
	size_t equal = 0;
	char sign;
	while (!is_end(diff, at) && equal <= 2 * CONTEXT) {
		bool changes = is_change(diff, at);
		at = step(diff, at, &sign);
		equal = changes ? 0 : equal + 1;
		if (changes || equal <= CONTEXT)
			end = at;
	}
	return end;
}

static void put_range(struct buf *buf, size_t from, size_t n)
{
	buf_fmt(buf, n == 1 ? "%zu" : "%zu,%zu", n ? from + 1 : from, n);
}

static struct place put_hunk(struct buf *buf, const struct diff *diff, struct place change)
{
	size_t before = change.i < CONTEXT ? change.i : CONTEXT;
	if (before > change.j)
		before = change.j;
	struct place at = {change.i - before, change.j - before}, end = hunk_end(diff, change);
	buf_lit(buf, "@@ -");
	put_range(buf, at.i, end.i - at.i);
	buf_lit(buf, " +");
	put_range(buf, at.j, end.j - at.j);
	buf_lit(buf, " @@\n");
	while (at.i != end.i || at.j != end.j) {
		char sign;
		struct place next = step(diff, at, &sign);
		const strs *lines = sign == '+' ? &diff->new.lines : &diff->old.lines;
		size_t i = sign == '+' ? at.j : at.i;
		assert(i < lines->n);
		put_line(buf, sign, lines->at[i]);
		at = next;
	}
	return end;
}

struct str diff_unified(struct arena *out, struct str path, struct str old, struct str new)
{
	struct buf buf;
	buf_init(&buf, out);
	if (str_eq(old, new))
		return STR_NONE;
	struct diff diff = {.out = out, .old = side_of(out, old), .new = side_of(out, new)};
	compare(&diff);
	buf_fmt(&buf, "--- %.*s\n+++ %.*s\n", STR_ARG(path), STR_ARG(path));
	struct place at = {0};
	while (!is_end(&diff, at)) {
		char sign;
		at = is_change(&diff, at) ? put_hunk(&buf, &diff, at) : step(&diff, at, &sign);
	}
	return buf_str(&buf);
}
