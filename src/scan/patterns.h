/* The user's patterns (`[services.x] patterns`), looked for in code: comments and docstrings are not seen. */
#ifndef SCAN_PATTERNS_H
#define SCAN_PATTERNS_H

#include "base/err.h"
#include "model/config.h"
#include "model/repo.h"

/* Fills repo->hits.  Reads the files again, which costs nothing where the config has no patterns.  A pattern that
 * gives up at its match limit is an error: never the same as no match. */
bool patterns_find(struct arena *out, struct arena *tmp, const struct config *config, struct repo *repo,
                   struct err *err);

#endif
