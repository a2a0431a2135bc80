/* The facts of files, read when somebody asks.  The text must be the one the scan saw: a file that changed in between
 * is trouble, since the answer would fit no state of the tree. */
#ifndef SCAN_SOURCES_H
#define SCAN_SOURCES_H

#include "model/repo.h"

/* Gives the repo its reader; facts live in `out`. */
void sources_open(struct arena *out, struct repo *repo);
/* Reads a file's facts into arenas of the caller's, for one look at them; false as repo_facts notes it. */
bool sources_glance(struct repo *repo, uint32_t file, struct arena *out, struct intern *names, struct facts *facts);
/* Gives back what is not in `out`; may be called twice, and on a repo that was never opened. */
void sources_close(struct repo *repo);

#endif
