/* Lanes from what tests need: the largest sets, and smaller ones that enough tests need to be worth a job. */
#ifndef PROJECT_PROPOSE_LANES_H
#define PROJECT_PROPOSE_LANES_H

#include "project/propose.h"

/* A set of services, and how many tests and files need exactly that. */
struct lane_wish {
	service_set set;
	size_t tests, files;
};

typedef VEC(struct lane_wish) lane_wishes;

/* Adds to proposal->lanes.  Sets count in `catalogue`; those of `base` services are on every lane.  `order` are the names
 * of services in the order of the file, which is that of their boot. */
void propose_lanes(struct arena *out, const lane_wishes *wishes, const struct catalogue *catalogue, service_set base,
                   const strs *order, struct proposal *proposal);

#endif
