/* From a suite with needs and estimates to a plan: units, lanes, the problem, its solution, the books. */
#ifndef PARTITION_UNITS_H
#define PARTITION_UNITS_H

#include "base/err.h"
#include "model/needs.h"
#include "model/plan.h"

struct plan_request {
	const struct repo *repo;
	const struct suite *suite;
	const struct needs *needs; /* overrides already applied */
	const struct config *config;
	const struct estimate *estimates; /* by suite test, then by file of suite.hiding */
	const int64_t *module_ms;         /* by repo file: what its fixtures of module scope take; or NULL: not known */
	const struct plan *previous;      /* or NULL: kept while it is good enough */
	uint32_t shards;                  /* total; 0: as the config says */
	int64_t target_ms;                /* the fewest shards that end by then; 0: none */
	int64_t max_billed_ms;            /* the earliest end that costs no more; 0: none */
};

/* Everything of the plan but `inputs` and the shards' `list_sha256`, checked by partition_check.  Lives in `out`, and
 * borrows names from the request. */
bool plan_make(struct arena *out, struct arena *tmp, const struct plan_request *request, struct plan *plan,
               struct err *err);

/* What binds the makespan, in a sentence: "lanes elastic+opensearch hold 2,310 s on 6 shards". */
struct str plan_binding(struct arena *out, const struct plan *plan);

/* "one file binds: tests/x.py 83 s; more than 6 shards do not help", or "" when that is not so. */
struct str plan_nothing_more(struct arena *out, const struct plan *plan);

#endif
