/* Lanes nobody configured: made from what the tests need. */
#ifndef PARTITION_DERIVE_H
#define PARTITION_DERIVE_H

#include "partition/groups.h"

typedef VEC(struct plan_lane) plan_lanes;

/* The set of services that meets the demand at the lowest start-up, base services included. */
service_set derive_cheapest(struct arena *tmp, const struct config *config, const struct demand *demand);

/* Lanes for everything: one for each distinct need, lanes merged while that saves more start-up than it costs time,
 * lanes added where a second set of services shortens the plan.  `total` is the most shards there may be. */
bool derive_lanes(struct arena *out, struct arena *tmp, const struct config *config, const struct groups *groups,
                  uint32_t total, plan_lanes *lanes, struct err *err);

/* One lane for the groups marked in `is_left`, which no lane of `lanes` covers. */
struct plan_lane derive_rest(struct arena *out, struct arena *tmp, const struct config *config,
                             const struct groups *groups, const bool *is_left, const units *units,
                             const plan_lanes *lanes);

#endif
