/* Test files that are judged together, and all that was inferred of them: a piece of the suite and of its needs.
 *
 * What it says follows from the paths of the tree, the config, which files are judged together, what the tree as a whole
 * says of their imports (`skips`), and from the contents of the files in `read`, and from nothing else.  So it can be kept
 * while those are the same, whatever happens elsewhere. */
#ifndef MODEL_CLUSTER_H
#define MODEL_CLUSTER_H

#include "model/needs.h"
#include "model/reading.h"

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
