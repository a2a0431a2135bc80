/* Gone files are those the history knows and the tree does not; fresh ones the other way round.  A move is a pair
 * of them with the same mark, when nobody else has it. */
#include "estimate/moves.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"

enum { TESTS_LEAST = 3 }; /* with the same names, unless the file's own name is the same too */

/* One file and what it could be known by; a mark of zeros is none. */
struct marked {
	struct str path;
	struct hash128 mark;
	bool is_gone, is_moved;
	size_t first; /* its first sample when gone, its first test when fresh */
};

typedef VEC(struct marked) marked_files;

static struct str path_of(struct str id)
{
	return str_slice(id, 0, str_find(id, STR("::"), 0));
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const struct history_file *)a)->path, ((const struct history_file *)b)->path);
}

static const struct history_file *find_file(const struct history_file *files, size_t n, struct str path)
{
	struct history_file key = {.path = path};
	return n ? bsearch(&key, files, n, sizeof key, by_path) : NULL;
}

/* Where ids of `path` begin among n ids, sorted; id(all, i) is the i-th. */
static size_t first_of(struct arena *out, struct str path, const void *all, size_t n,
                       struct str (*id)(const void *, size_t))
{
	struct str key = str_fmt(out, "%.*s::", STR_ARG(path));
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_cmp(id(all, mid), key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct str unit_at(const void *history, size_t i)
{
	return ((const struct history *)history)->samples.at[i].unit;
}

static struct str test_at(const void *now, size_t i)
{
	return ((const struct moves_now *)now)->tests[i];
}

static bool has_unit(struct arena *out, const struct history *history, struct str path)
{
	size_t first = first_of(out, path, history, history->samples.n, unit_at);
	return first < history->samples.n && str_eq(path_of(unit_at(history, first)), path);
}

/* Ids of one file come together; their order within it does not say anything about the order of paths ("a.py::t"
 * stands before "a.py2"), so files are collected and then sorted. */
static void collect_gone(struct arena *out, const struct history *history, const struct moves_now *now,
                         marked_files *files)
{
	for (size_t i = 0; i < history->samples.n; i++) {
		struct str path = path_of(history->samples.at[i].unit);
		bool is_first = i == 0 || !str_eq(path, path_of(history->samples.at[i - 1].unit));
		if (is_first && !find_file(now->files, now->n_files, path))
			vec_push(out, files, ((struct marked){.path = path, .is_gone = true, .first = i}));
	}
}

static void collect_fresh(struct arena *out, const struct history *history, const struct moves_now *now,
                          marked_files *files)
{
	for (size_t i = 0; i < now->n_files; i++)
		if (!has_unit(out, history, now->files[i].path))
			vec_push(out, files,
			         ((struct marked){
			                 .path = now->files[i].path,
			                 .first = first_of(out, now->files[i].path, now, now->n_tests, test_at)}));
}

static void mark_content(const struct history *history, const struct moves_now *now, marked_files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		struct marked *file = &files->at[i];
		const struct history_file *known = file->is_gone
		                                           ? find_file(history->files.at, history->files.n, file->path)
		                                           : find_file(now->files, now->n_files, file->path);
		file->mark = known ? (struct hash128){known->high, known->low} : (struct hash128){0, 0};
	}
}

/* The names of the tests of a file, one on a line; with few of them the file's own name too. */
static struct hash128 mark_of_names(struct arena *tmp, struct str path, const strs *ids)
{
	struct buf names;
	buf_init(&names, tmp);
	if (ids->n == 0)
		return (struct hash128){0, 0};
	if (ids->n < TESTS_LEAST)
		buf_add(&names, path_base(path));
	for (size_t i = 0; i < ids->n; i++) {
		buf_char(&names, '\n');
		buf_add(&names, str_slice(ids->at[i], path.n, ids->at[i].n));
	}
	return hash128(buf_str(&names));
}

static void mark_names(const struct history *history, const struct moves_now *now, marked_files *files,
                       struct arena *tmp)
{
	for (size_t i = 0; i < files->n; i++) {
		struct marked *file = &files->at[i];
		const void *all = file->is_gone ? (const void *)history : (const void *)now;
		struct str (*id)(const void *, size_t) = file->is_gone ? unit_at : test_at;
		size_t n = file->is_gone ? history->samples.n : now->n_tests;
		strs ids = {0};
		for (size_t k = file->first; k < n && str_eq(path_of(id(all, k)), file->path); k++)
			if (ids.n == 0 || !str_eq(ids.at[ids.n - 1], id(all, k)))
				vec_push(tmp, &ids, id(all, k));
		file->mark = mark_of_names(tmp, file->path, &ids);
		arena_reset(tmp);
	}
}

static int by_mark(const void *a, const void *b)
{
	const struct marked *x = a, *y = b;
	if (x->is_moved != y->is_moved)
		return x->is_moved - y->is_moved;
	if (x->mark.high != y->mark.high)
		return x->mark.high < y->mark.high ? -1 : 1;
	if (x->mark.low != y->mark.low)
		return x->mark.low < y->mark.low ? -1 : 1;
	return x->is_gone != y->is_gone ? y->is_gone - x->is_gone : str_cmp(x->path, y->path);
}

/* Two files alone with a mark, one gone and one fresh. */
static void pair(struct arena *out, marked_files *files, history_moves *moves)
{
	if (files->n)
		qsort(files->at, files->n, sizeof *files->at, by_mark);
	for (size_t i = 0, end; i < files->n && !files->at[i].is_moved; i = end) {
		struct hash128 mark = files->at[i].mark;
		for (end = i; end < files->n && !files->at[end].is_moved && hash128_eq(files->at[end].mark, mark);)
			end++;
		if (end != i + 2 || (mark.high == 0 && mark.low == 0) || !files->at[i].is_gone ||
		    files->at[i + 1].is_gone)
			continue;
		vec_push(out, moves, ((struct history_move){files->at[i].path, files->at[i + 1].path}));
		files->at[i].is_moved = files->at[i + 1].is_moved = true;
	}
}

static int by_from(const void *a, const void *b)
{
	return str_cmp(((const struct history_move *)a)->from, ((const struct history_move *)b)->from);
}

history_moves moves_find(struct arena *out, const struct history *history, const struct moves_now *now)
{
	history_moves moves = {0};
	marked_files files = {0};
	struct arena tmp;
	arena_init(&tmp, out->trap);
	collect_gone(out, history, now, &files);
	collect_fresh(out, history, now, &files);
	mark_content(history, now, &files);
	pair(out, &files, &moves);
	mark_names(history, now, &files, &tmp);
	pair(out, &files, &moves);
	arena_free(&tmp);
	if (moves.n)
		qsort(moves.at, moves.n, sizeof *moves.at, by_from);
	return moves;
}
