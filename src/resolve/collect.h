/* The tests of a repo as pytest would collect them, with marks and fixture closures. */
#ifndef RESOLVE_COLLECT_H
#define RESOLVE_COLLECT_H

#include "model/config.h"
#include "base/err.h"
#include "model/suite.h"

/* Lives in `out`.  Fails only on a rootdir or config nobody can make sense of; trouble in a file is an unknown. */
bool resolve_suite(struct arena *out, struct arena *tmp, const struct repo *repo, const struct config *config,
                   const struct pytest_config *pytest, struct suite *suite, struct err *err);

#endif
