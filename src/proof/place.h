/* Where a plan has a test: the units that hold it. */
#ifndef PROOF_PLACE_H
#define PROOF_PLACE_H

#include "model/plan.h"

enum { PLACES_MOST = 4 };

/* A test's file, its classes from the outside in, itself: whichever of these are units.  One is right, none means it
 * runs nowhere, several that it runs more than once.  More than PLACES_MOST are not told apart. */
struct places {
	const struct plan_unit *at[PLACES_MOST];
	size_t n;
};

/* Of the test `id` (path::Class::func) in the file `path`. */
struct places places_of(const struct plan *plan, struct str path, struct str id);

/* The unit with that id, or NULL. */
const struct plan_unit *place_unit(const struct plan *plan, struct str id);

/* The lane's services as bits of the catalogue: a plan that was read counts in numbers of its own. */
service_set place_services(const struct plan *plan, const struct plan_lane *lane, const struct catalogue *catalogue);

#endif
