/* Modules that may skip themselves, or what imports them, when they are imported. */
#ifndef RESOLVE_SKIPS_H
#define RESOLVE_SKIPS_H

#include "resolve/names.h"

struct module_skip {
	bool may_skip, is_certain; /* certain: a pytest.skip(allow_module_level=True) without a condition */
	uint32_t file, line;       /* where */
	struct str text;
};

/* For each file of the repo, imports followed; `may`: those that skippers_find found. */
const struct module_skip *module_skips(struct names *names, struct arena *out, const bool *may);

#endif
