/* Needs as JSON, for `needs` and `explain`. */
#ifndef CLI_NEEDS_JSON_H
#define CLI_NEEDS_JSON_H

#include "cli/output.h"
#include "lanewright.h"

/* The members of an open object: "test" or "path", "tests", "demand", "needs". */
void put_needs(struct output *out, const struct lanewright_needs *needs, bool is_test);

#endif
