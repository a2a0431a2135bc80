/* What a lane costs before its first test, and lanes made from sets of services. */
#ifndef PARTITION_LANES_H
#define PARTITION_LANES_H

#include "model/config.h"
#include "model/plan.h"

/* Names of the set, longest warm-up first (ties by name): it warms up while the others are pulled and polled. */
strs lane_service_order(struct arena *out, const struct catalogue *catalogue, service_set services);

/* Milliseconds until the last service of `order` is known to be healthy, after `overhead_ms`.  Names that are no
 * service cost nothing.  Every guess of a lane's start-up is this function. */
int64_t lane_fixed_ms(const struct catalogue *catalogue, const strs *order, int64_t overhead_ms);

/* Services of the lane that its order does not name (base ones) come last. */
struct plan_lane lane_from_config(struct arena *out, const struct config *config, const struct lane_config *lane);
/* Base services are added.  Named after the others, or "none". */
struct plan_lane lane_derived(struct arena *out, const struct config *config, service_set services, struct str why);

#endif
