/* Tests and needs of a whole tree, cluster by cluster.
 *
 *	struct whole whole;
 *	whole_begin(&whole, out, tmp, repo, config, pytest);
 *	resolve_suite(&whole, tmp, &suite);
 *	resolve_needs(&whole, tmp, &needs);
 *
 * Nothing but what is here is known to more than one cluster: each looks names up, and runs code, as if the others were not
 * there.  A cluster that is known already, from a run before this one, is not inferred again. */
#ifndef RESOLVE_WHOLE_H
#define RESOLVE_WHOLE_H

#include "model/cluster.h"
#include "resolve/names.h"
#include "resolve/skips.h"

struct whole {
	struct arena *out;
	const struct repo *repo;
	const struct config *config;
	const struct pytest_config *pytest;
	bool has_ground;
	struct repo ground; /* of the readings */
	struct names names; /* likewise; they look nothing up */
	struct tree_answers answers;
	cluster_list clusters; /* whoever knows what one of them says fills it in before the suite is resolved */
};

/* What is known of the tree from a run before this one. */
struct tree_known {
	const struct tree_answers *answers;
	const bool *changed;  /* by file: it holds something else since */
	bool imports_changed; /* of some file: survey_imports() */
};

/* Asks what is asked of the tree as a whole; that and all that is inferred live in `out`.  `known` may be NULL. */
void whole_begin(struct whole *whole, struct arena *out, struct arena *tmp, const struct repo *repo,
                 const struct config *config, const struct pytest_config *pytest, const struct tree_known *known);
/* Whether one of the files holds something else than it did. */
bool tree_has_changed(const struct tree_known *known, const file_list *files);
void resolve_suite(struct whole *whole, struct arena *tmp, struct suite *suite);
/* After resolve_suite(). */
void resolve_needs(struct whole *whole, struct arena *tmp, struct needs *needs);

#endif
