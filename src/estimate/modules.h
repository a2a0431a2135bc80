/* What the fixtures of a whole module take: time that a file pays once more for each job it is spread over. */
#ifndef ESTIMATE_MODULES_H
#define ESTIMATE_MODULES_H

#include "model/history.h"

/* Milliseconds by path; 0 where no run tells setups apart.  One test of the file pays in each run: the median over runs
 * of how much its setup is above the usual one of the file. */
int64_t *estimate_modules(struct arena *out, struct arena *tmp, const struct history *history, const struct str *paths,
                          size_t n);

#endif
