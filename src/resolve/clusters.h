/* Which test files are judged together. */
#ifndef RESOLVE_CLUSTERS_H
#define RESOLVE_CLUSTERS_H

#include "model/cluster.h"
#include "resolve/skippers.h"

/* Every test file is in one.  It follows from paths and imports alone. */
void clusters_find(struct arena *out, struct arena *tmp, const struct repo *repo, const import_edges *edges,
                   file_lists *clusters);

#endif
