/* First deals: longest first, least flexible first, and longest first inside the quotas of the flow. */
#ifndef PARTITION_CONSTRUCT_H
#define PARTITION_CONSTRUCT_H

#include "partition/deal.h"
#include "partition/flow.h"

/* Places every piece that lies nowhere yet, largest first, where it ends soonest. */
void construct_longest(struct arena *tmp, struct deal *deal);
/* The best of all ways, into an empty deal.  `flow` was computed for its counts, with `loads`. */
void construct(struct arena *tmp, struct deal *deal, const struct flow *flow);

#endif
