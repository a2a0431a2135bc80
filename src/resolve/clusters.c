/* The tests of a folder that follow one another stay together, and join those with whom they share a good part of what
 * they import: what both reach is looked into once.  Those that share little are apart: a change of what one of them
 * reaches does not concern the other.
 *
 * It must not make a first run much slower: a file that is reached from several clusters is looked into for each.  With
 * SHARED_MOST at a quarter that is at most about a third more. */
#include "resolve/clusters.h"

#include <string.h>

enum { SHARED_MOST = 4 }; /* clusters share less than this part of what the smaller reaches: one of 4 */

typedef uint64_t word;

/* A set of files, and how many it holds. */
struct reach {
	word *words;
	size_t n;
};

struct finder {
	struct arena *out, *tmp;
	const struct repo *repo;
	uint32_t *first, *to; /* to[first[f] .. first[f + 1]]: what f imports */
	size_t n_words;
	file_list queue;
	file_lists *clusters;
	VEC(struct reach) reaches; /* by cluster */
};

static void sort_edges(struct finder *f, const import_edges *edges)
{
	size_t n = f->repo->files.n;
	f->first = arena_array(f->tmp, uint32_t, n + 2);
	f->to = arena_array(f->tmp, uint32_t, edges->n + 1);
	for (size_t i = 0; i < edges->n; i++)
		f->first[edges->at[i].by + 2]++;
	for (size_t i = 2; i < n + 2; i++)
		f->first[i] += f->first[i - 1];
	for (size_t i = 0; i < edges->n; i++)
		f->to[f->first[edges->at[i].by + 1]++] = edges->at[i].imported;
}

static void add(struct finder *f, struct reach *reach, uint32_t file)
{
	word bit = (word)1 << file % 64;
	if (reach->words[file / 64] & bit)
		return;
	reach->words[file / 64] |= bit;
	reach->n++;
	vec_push(f->tmp, &f->queue, file);
}

static void add_conftests(struct finder *f, struct reach *reach, struct str folder)
{
	for (;; folder = path_dir(folder)) {
		const struct source_file *file = repo_file(f->repo, path_join(f->tmp, folder, STR("conftest.py")));
		if (file)
			add(f, reach, (uint32_t)(file - f->repo->files.at));
		if (!folder.n)
			return;
	}
}

static struct reach reach_of(struct finder *f, const file_list *files)
{
	struct reach reach = {.words = arena_array(f->tmp, word, f->n_words)};
	for (size_t i = 0; i < files->n; i++)
		add(f, &reach, files->at[i]);
	add_conftests(f, &reach, path_dir(f->repo->files.at[files->at[0]].path));
	while (f->queue.n) {
		uint32_t file = f->queue.at[--f->queue.n];
		for (uint32_t i = f->first[file]; i < f->first[file + 1]; i++)
			add(f, &reach, f->to[i]);
	}
	return reach;
}

static size_t shared(const struct finder *f, const struct reach *a, const struct reach *b)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n_words; i++)
		n += (size_t)__builtin_popcountll(a->words[i] & b->words[i]);
	return n;
}

static void join(const struct finder *f, struct reach *a, const struct reach *b)
{
	a->n = 0;
	for (size_t i = 0; i < f->n_words; i++)
		a->n += (size_t)__builtin_popcountll(a->words[i] |= b->words[i]);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Into the cluster that it shares most with, or one of its own. */
static void place(struct finder *f, const file_list *files)
{
	struct reach reach = reach_of(f, files);
	size_t best = SIZE_MAX, most = 0;
	for (size_t i = 0; i < f->reaches.n; i++) {
		size_t n = shared(f, &reach, &f->reaches.at[i]);
		if (n > most && n * SHARED_MOST >= least(reach.n, f->reaches.at[i].n)) {
			best = i;
			most = n;
		}
	}
	if (best == SIZE_MAX) {
		best = f->reaches.n;
		vec_push(f->tmp, &f->reaches, reach);
		vec_push(f->out, f->clusters, (file_list){0});
	}
	join(f, &f->reaches.at[best], &reach);
	for (size_t i = 0; i < files->n; i++)
		vec_push(f->out, &f->clusters->at[best], files->at[i]);
}

void clusters_find(struct arena *out, struct arena *tmp, const struct repo *repo, const import_edges *edges,
                   file_lists *clusters)
{
	struct finder f = {
	        .out = out, .tmp = tmp, .repo = repo, .n_words = repo->files.n / 64 + 1, .clusters = clusters};
	file_list run = {0};
	*clusters = (file_lists){0};
	sort_edges(&f, edges);
	for (uint32_t i = 0; i < repo->files.n; i++) {
		if (!repo->files.at[i].is_test)
			continue;
		struct str folder = path_dir(repo->files.at[i].path);
		if (run.n && !str_eq(folder, path_dir(repo->files.at[run.at[0]].path))) {
			place(&f, &run);
			run.n = 0;
		}
		vec_push(tmp, &run, i);
	}
	if (run.n)
		place(&f, &run);
}
