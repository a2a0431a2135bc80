/* Modules that may skip themselves, or what imports them, when they are imported. */
#ifndef RESOLVE_SKIPS_H
#define RESOLVE_SKIPS_H

#include "model/cluster.h"
#include "resolve/names.h"

/* The files that skippers_find found, in parts of what lies together. */
skip_parts skips_parts(struct arena *out, const struct repo *repo, const bool *may);
/* Fills `own`, and `edges`, in `out`; `names` are of the part's own reading. */
void skips_read(struct arena *out, struct names *names, struct skip_part *part);
void skips_read_imports(struct arena *out, struct names *names, struct skip_part *part);
bool skips_are_there(const skip_parts *parts);
/* For each file of the repo, imports followed. */
const struct module_skip *skips_spread(struct arena *out, struct arena *tmp, size_t n_files, const skip_parts *parts);

#endif
