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
	struct repo ground;              /* of the readings */
	struct names names;              /* likewise; they look nothing up */
	const struct module_skip *skips; /* by file */
	file_list read;                  /* whose facts that took */
	cluster_list clusters;
};

/* What is asked of the tree as a whole; it and all that is inferred live in `out`. */
void whole_begin(struct whole *whole, struct arena *out, struct arena *tmp, const struct repo *repo,
                 const struct config *config, const struct pytest_config *pytest);
void resolve_suite(struct whole *whole, struct arena *tmp, struct suite *suite);
/* After resolve_suite(). */
void resolve_needs(struct whole *whole, struct arena *tmp, struct needs *needs);

#endif
