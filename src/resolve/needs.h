/* Which services each test needs: the evidence engine's door. */
#ifndef RESOLVE_NEEDS_H
#define RESOLVE_NEEDS_H

#include "base/err.h"
#include "model/needs.h"
#include "resolve/rules.h"

/* Lives in `out`. */
bool resolve_needs(struct arena *out, struct arena *tmp, const struct repo *repo, const struct suite *suite,
                   const struct config *config, const struct pytest_config *pytest, struct needs *needs,
                   struct err *err);
/* The same with one rule left out: for tests that show what a rule is for. */
bool resolve_needs_without(enum rule without, struct arena *out, struct arena *tmp, const struct repo *repo,
                           const struct suite *suite, const struct config *config, const struct pytest_config *pytest,
                           struct needs *needs, struct err *err);

#endif
