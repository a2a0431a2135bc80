/* Seconds for every test from what past runs took, with how sure that is. */
#ifndef ESTIMATE_ESTIMATE_H
#define ESTIMATE_ESTIMATE_H

#include "model/estimate.h"
#include "model/history.h"

/* One estimate for each ask, in its order.  The same history and asks give the same numbers on any machine. */
void estimate_all(struct arena *tmp, const struct history *history, const struct estimate_ask *asks, size_t n,
                  struct estimate *estimates);

#endif
