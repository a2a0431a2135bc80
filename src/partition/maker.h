/* What a plan is made from, on the way: lanes, units, groups, and the problem they are. */
#ifndef PARTITION_MAKER_H
#define PARTITION_MAKER_H

#include "partition/derive.h"
#include "partition/groups.h"

struct maker {
	struct arena *out, *tmp;
	const struct plan_request *request;
	struct err *err;
	plan_lanes lanes;
	service_set *offered; /* by lane */
	units units;          /* sorted by id */
	struct groups groups;
};

/* Lanes as configured, units, then lanes for what is not covered; false with a reason. */
bool maker_gather(struct maker *maker);
/* Other units, in any order, in place of those there were. */
void maker_replace_units(struct maker *maker, units units);
/* Item i of the problem is unit i. */
struct problem maker_problem(struct maker *maker);

#endif
