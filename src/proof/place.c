/* Units are sorted by id, so each name on the way to a test is a binary search. */
#include "proof/place.h"

#include <stdlib.h>

static int by_id(const void *key, const void *unit)
{
	return str_cmp(*(const struct str *)key, ((const struct plan_unit *)unit)->id);
}

const struct plan_unit *place_unit(const struct plan *plan, struct str id)
{
	return plan->units.n ? bsearch(&id, plan->units.at, plan->units.n, sizeof *plan->units.at, by_id) : NULL;
}

static void look(const struct plan *plan, struct str id, struct places *places)
{
	const struct plan_unit *unit = place_unit(plan, id);
	if (unit && places->n < PLACES_MOST)
		places->at[places->n++] = unit;
}

struct places places_of(const struct plan *plan, struct str path, struct str id)
{
	struct places places = {.n = 0};
	look(plan, path, &places);
	size_t at = str_starts(id, path) ? path.n : 0;
	while ((at = str_find(id, STR("::"), at)) != SIZE_MAX) {
		if (at > path.n)
			look(plan, str_slice(id, 0, at), &places);
		at += 2;
	}
	look(plan, id, &places);
	return places;
}

service_set place_services(const struct plan *plan, const struct plan_lane *lane, const struct catalogue *catalogue)
{
	service_set set = 0;
	for (size_t i = 0; i < plan->services.n; i++) {
		int at = lane->services >> i & 1 ? catalogue_find(catalogue, plan->services.at[i]) : -1;
		if (at >= 0)
			set |= (service_set)1 << at;
	}
	return set;
}
