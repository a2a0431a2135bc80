/* From graded needs to what a lane must offer. */
#include "model/needs.h"

struct demand needs_demand(struct arena *out, const need_list *needs, enum grade least)
{
	struct demand demand = {0};
	for (size_t i = 0; i < needs->n; i++) {
		const struct need *need = &needs->at[i];
		if (need->grade < least && need->grade != GRADE_UNKNOWN)
			continue;
		bool is_single = (need->services & (need->services - 1)) == 0;
		if (is_single || need->grade == GRADE_UNKNOWN) /* unknown: the union of what is possible */
			demand.all |= need->services;
		else
			vec_push(out, &demand.any_of, need->services);
	}
	return demand;
}

bool demand_met(const struct demand *demand, service_set offered)
{
	if ((demand->all & offered) != demand->all)
		return false;
	for (size_t i = 0; i < demand->any_of.n; i++)
		if (!(demand->any_of.at[i] & offered))
			return false;
	return true;
}
