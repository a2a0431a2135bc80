/* The tests of some files as pytest would collect them, with marks and fixture closures. */
#ifndef RESOLVE_COLLECT_H
#define RESOLVE_COLLECT_H

#include "model/cluster.h"
#include "resolve/skips.h"

/* Fills the cluster's suite, in `out`; trouble in a file is an unknown.  `names` are of the cluster's own reading. */
void collect_cluster(struct arena *out, struct arena *tmp, struct names *names, const struct module_skip *skips,
                     const struct config *config, const struct pytest_config *pytest, struct cluster *cluster);

#endif
