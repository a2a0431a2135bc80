/* Which modules may skip when they are imported, told from the surveys: all others need not be read for it. */
#ifndef RESOLVE_SKIPPERS_H
#define RESOLVE_SKIPPERS_H

#include "resolve/names.h"

/* By file.  Too many rather than too few: those that speak of skipping, and those that get at such a module by their
 * imports, over any number of modules. */
const bool *skippers_find(struct names *names, struct arena *out);

#endif
