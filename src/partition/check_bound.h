/* The checker's view of what stays together, and its doubts about proofs.  Shares no code with the solver. */
#ifndef PARTITION_CHECK_BOUND_H
#define PARTITION_CHECK_BOUND_H

#include "base/err.h"
#include "model/plan.h"

/* What stays together: an item alone, or all items of a group. */
struct lump {
	uint32_t group, shard, item;
	int64_t ms;
	uint64_t lanes;
};

/* Groups are made into lumps; an item that is alone is one, without a copy: a million of them would be much. */
struct lumps {
	const struct problem *problem;
	const struct lump *groups;
	size_t n_groups;
	size_t n; /* of both */
};

/* The i-th of all lumps: items without a group first. An item of a group gives one without time. */
static inline struct lump lump_at(const struct lumps *lumps, size_t i)
{
	if (i >= lumps->problem->items.n)
		return lumps->groups[i - lumps->problem->items.n];
	const struct item *item = &lumps->problem->items.at[i];
	return (struct lump){.item = (uint32_t)i, .ms = item->group ? 0 : item->ms, .lanes = item->lanes};
}

/* Adds the certificate of the bound up again; false when it proves nothing. */
bool check_bound(struct arena *tmp, const struct problem *problem, const struct solution *solution,
                 const struct lumps *lumps, struct err *err);

#endif
