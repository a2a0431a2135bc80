/* Which units stay together: `[[group]]` paths, xdist_group marks, bundles of a split file. */
#ifndef PARTITION_GROUPS_H
#define PARTITION_GROUPS_H

#include "partition/parts.h"

struct group {
	uint32_t *units; /* ascending */
	uint32_t n;
	struct demand demand;
	int64_t ms;
};

struct groups {
	struct group *at; /* by their first unit; a unit that is alone is a group too */
	uint32_t n;
	uint32_t *of; /* by unit: index into at */
};

struct groups groups_find(struct arena *out, struct arena *tmp, const struct plan_request *request, const units *units);

#endif
