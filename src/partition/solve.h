/* From a problem to a proven solution. */
#ifndef PARTITION_SOLVE_H
#define PARTITION_SOLVE_H

#include "base/err.h"
#include "model/plan.h"

/* Deterministic: the same problem gives the same solution on every machine.  Fails with ERR_USAGE when the problem
 * has no solution or its numbers are out of range; units are named by their index, so a caller who wants
 * better words looks first.  The solution lives in `out`.  Always bound <= makespan. */
bool partition_solve(struct arena *out, struct arena *tmp, const struct problem *problem, struct solution *solution,
                     struct err *err);

#endif
