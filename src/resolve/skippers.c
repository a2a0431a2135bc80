/* Whoever skips says so by a name with "skip" in it, in the module itself or in a helper that it got by an import.  So
 * the word is followed back along the imports. */
#include "resolve/skippers.h"

#include <stdlib.h>

/* Who binds a package can reach all below it: files from..to. */
struct span {
	uint32_t by, from, to;
};

struct search {
	struct names *names;
	struct arena *out;
	bool *may; /* by file */
	import_edges edges;
	VEC(struct span) spans;
	VEC(uint32_t) queue;
};

static void add(struct search *s, uint32_t file)
{
	if (s->may[file])
		return;
	s->may[file] = true;
	vec_push(s->out, &s->queue, file);
}

/* The first file whose path is not before `path`. */
static uint32_t first_from(const struct repo *repo, struct str path)
{
	uint32_t low = 0, high = (uint32_t)repo->files.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (str_cmp(repo->files.at[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A package that a file binds.  One without __init__.py has no folder of its own: it may be anywhere. */
static void bind_package(struct search *s, uint32_t by, struct target package)
{
	const struct repo *repo = s->names->repo;
	if (package.kind == TARGET_PACKAGE) {
		add(s, by);
		return;
	}
	if (package.kind != TARGET_MODULE)
		return;
	struct str path = repo->files.at[package.file].path;
	if (!str_eq(path_base(path), STR("__init__.py")))
		return;
	struct str folder = str_slice(path, 0, path.n - path_base(path).n); /* with its slash */
	struct str behind = str_copy(s->out, folder);
	if (folder.n)
		((char *)behind.at)[folder.n - 1] = '/' + 1;
	uint32_t to = folder.n ? first_from(repo, behind) : (uint32_t)repo->files.n;
	vec_push(s->out, &s->spans, ((struct span){by, first_from(repo, folder), to}));
}

static struct target reach(struct search *s, uint32_t by, struct str dotted, unsigned level)
{
	struct target t = names_module(s->names, by, dotted, level);
	if (t.kind == TARGET_MODULE && t.file != by)
		vec_push(s->out, &s->edges, ((struct import_edge){t.file, by}));
	return t;
}

/* `import a.b.c` runs a, a.b and a.b.c, and binds a; with an alias it binds the last. */
static void read_plain(struct search *s, uint32_t file, struct str module)
{
	for (size_t end = 0; end != SIZE_MAX;) {
		end = str_find(module, STR("."), end ? end + 1 : 0);
		bind_package(s, file, reach(s, file, str_slice(module, 0, end), 0));
	}
}

static void read_from(struct search *s, uint32_t file, const struct surveyed_import *import)
{
	struct str dotted = import->module;
	struct target from = reach(s, file, dotted, import->level);
	if ((from.kind != TARGET_MODULE && from.kind != TARGET_PACKAGE && import->module.n) ||
	    str_eq(import->name, STR("*")))
		return;
	if (dotted.n)
		dotted = str_fmt(s->out, "%.*s.%.*s", STR_ARG(dotted), STR_ARG(import->name));
	else
		dotted = import->name;
	bind_package(s, file, reach(s, file, dotted, import->level));
}

static void read_file(struct search *s, uint32_t file)
{
	const struct repo *repo = s->names->repo;
	struct survey_cursor at;
	struct surveyed_import import;
	if (survey_begin(&at, repo->files.at[file].survey).speaks_of_skips)
		add(s, file);
	while (survey_next(&at, &import)) {
		if (import.name.n)
			read_from(s, file, &import);
		else
			read_plain(s, file, import.module);
	}
	struct str folder = path_dir(repo->files.at[file].path);
	const struct source_file *init = repo_file(repo, path_join(s->out, folder, STR("__init__.py")));
	if (init && init != &repo->files.at[file])
		vec_push(s->out, &s->edges, ((struct import_edge){(uint32_t)(init - repo->files.at), file}));
}

static int by_imported(const void *left, const void *right)
{
	const struct import_edge *a = left, *b = right;
	return (a->imported > b->imported) - (a->imported < b->imported);
}

/* first[f]: where the edges to file f begin. */
static void follow_edges(struct search *s, const uint32_t *first)
{
	while (s->queue.n) {
		uint32_t file = s->queue.at[--s->queue.n];
		for (uint32_t i = first[file]; i < first[file + 1]; i++)
			add(s, s->edges.at[i].by);
	}
}

static void follow_spans(struct search *s)
{
	for (size_t i = 0; i < s->spans.n; i++) {
		const struct span *span = &s->spans.at[i];
		for (uint32_t f = span->from; f < span->to && !s->may[span->by]; f++)
			if (s->may[f])
				add(s, span->by);
	}
}

static const uint32_t *sort_edges(struct search *s, size_t n_files)
{
	uint32_t *first = arena_array(s->out, uint32_t, n_files + 2);
	if (s->edges.n)
		qsort(s->edges.at, s->edges.n, sizeof *s->edges.at, by_imported);
	for (size_t f = 0, i = 0; f <= n_files; f++) {
		while (i < s->edges.n && s->edges.at[i].imported < f)
			i++;
		first[f] = (uint32_t)i;
	}
	return first;
}

const bool *skippers_find(struct names *names, struct arena *out, import_edges *edges)
{
	size_t n = names->repo->files.n;
	struct search s = {.names = names, .out = out, .may = arena_array(out, bool, n + 1)};
	for (uint32_t file = 0; file < n; file++)
		read_file(&s, file);
	const uint32_t *first = sort_edges(&s, n);
	while (s.queue.n) {
		follow_edges(&s, first);
		follow_spans(&s);
	}
	*edges = s.edges;
	return s.may;
}
