/* Which modules may skip when they are imported, told from the surveys: all others need not be read for it. */
#ifndef RESOLVE_SKIPPERS_H
#define RESOLVE_SKIPPERS_H

#include "model/cluster.h"
#include "resolve/names.h"

/* By file.  Too many rather than too few: those that speak of skipping, and those that get at such a module by their
 * imports, over any number of modules.  `edges`: all imports of the tree, sorted by what is imported. */
const bool *skippers_find(struct names *names, struct arena *out, import_edges *edges);

#endif
