/* Wall-clock against billed minutes, for every number of shards. */
#ifndef PARTITION_CURVE_H
#define PARTITION_CURVE_H

#include "partition/units.h"

struct curve_row {
	uint32_t shards;
	int64_t makespan_ms, bound_ms, billed_ms;
	bool is_knee; /* more shards buy less from here on */
};

struct curve {
	VEC(struct curve_row) rows; /* none worse in both than another; soonest last */
	struct str nothing_more;    /* why more shards do not help, "" when the limit of shards ends the curve */
};

/* Up to the larger of max_shards and `most` shards (0: as far as it pays).  The request's shards, target and bill are
 * not looked at. */
bool plan_curve(struct arena *out, struct arena *tmp, const struct plan_request *request, uint32_t most,
                struct curve *curve, struct err *err);

/* For people, with a small plot; for spreadsheets: shards,makespan,bound,billed_minutes,knee; for programs. */
struct str curve_text(struct arena *out, const struct curve *curve);
struct str curve_csv(struct arena *out, const struct curve *curve);
struct str curve_json(struct arena *out, const struct curve *curve);

#endif
