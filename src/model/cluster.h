/* Test files that are judged together, and all that was inferred of them: a piece of the suite and of its needs.
 *
 * What it says follows from the paths of the tree, the config, what is asked of the tree as a whole (struct tree_answers),
 * and from the contents of the files in `read`, and from nothing else.  So it can be kept while those are the same, whatever
 * happens elsewhere. */
#ifndef MODEL_CLUSTER_H
#define MODEL_CLUSTER_H

#include "model/needs.h"
#include "model/reading.h"

/* Whether a module may skip itself, or what imports it, when it is imported. */
struct module_skip {
	bool may_skip, is_certain; /* certain: a pytest.skip(allow_module_level=True) without a condition */
	uint32_t file, line;       /* where */
	struct str text;
};

/* `by` runs, or gets at, `imported`. */
struct import_edge {
	uint32_t imported, by;
};

typedef VEC(struct import_edge) import_edges;

/* Files that may skip, looked into together.  What it says rests on the contents of the files in `read`. */
struct skip_part {
	file_list files, read;
	struct module_skip *own; /* by position in `files`: the module's own, imports left out; NULL until known */
	bool has_edges;          /* they are looked for when some module skips */
	import_edges edges;      /* what the files import when they are imported */
};

typedef VEC(file_list) file_lists;
typedef VEC(struct skip_part) skip_parts;

/* What is asked of the tree as a whole.  It follows from the paths, the config, what every file imports and whether it speaks
 * of skips (survey_imports), and from what the skip parts say. */
struct tree_answers {
	uint64_t starts;  /* a hash of where modules may start; every cluster and skip part rests on it */
	file_lists parts; /* the files of each cluster */
	skip_parts skip_parts;
	const struct module_skip *skips; /* by file, imports followed; a cluster rests on those of its own files */
};

/* A test that may need whatever the suite needs anywhere: the need, without its services. */
struct open_need {
	uint32_t test;
	struct need need;
};

struct cluster {
	file_list files; /* in order */
	file_list read;  /* whose facts were asked for */

	/* first_test and file_is_exact go by position in `files`, and so does the first of the unknowns that each file gave;
	 * the numbers of fixtures are those of the cluster. */
	bool has_suite;
	struct suite suite;
	uint32_t *first_unknown; /* files.n + 1 */

	bool has_needs;
	need_list *tests;    /* by test, before what is open is known */
	gate_list *gates;    /* by test */
	need_list *words;    /* by position in `files`: what literals of it mention */
	service_set *hidden; /* by suite.hiding: what the tests that nobody can name could need */
	VEC(struct open_need) open;
	service_set seen; /* needed by its tests, probably or surely */
};

typedef VEC(struct cluster) cluster_list;

#endif
