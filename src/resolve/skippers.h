/* Which modules may skip when they are imported, told from the surveys: all others need not be read for it. */
#ifndef RESOLVE_SKIPPERS_H
#define RESOLVE_SKIPPERS_H

#include "resolve/names.h"

/* `by` runs, or gets at, `imported`. */
struct import_edge {
	uint32_t imported, by;
};

typedef VEC(struct import_edge) import_edges;

/* By file.  Too many rather than too few: those that speak of skipping, and those that get at such a module by their
 * imports, over any number of modules.  `edges`: all imports of the tree, sorted by what is imported. */
const bool *skippers_find(struct names *names, struct arena *out, import_edges *edges);

#endif
