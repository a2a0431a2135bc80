/* Which services each test of a cluster needs: the evidence engine's door. */
#ifndef RESOLVE_NEEDS_H
#define RESOLVE_NEEDS_H

#include "model/cluster.h"
#include "resolve/names.h"

/* Fills the cluster's needs, in `out`; its suite is there.  What cannot be decided is graded unknown.  `names` are of the
 * cluster's own reading. */
void judge_cluster(struct arena *out, struct arena *tmp, struct names *names, const struct config *config,
                   struct cluster *cluster);

#endif
