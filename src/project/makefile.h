/* The targets of a Makefile as tasks, each with the variables of the file.  Functions of make, patterns and includes are
 * not read. */
#ifndef PROJECT_MAKEFILE_H
#define PROJECT_MAKEFILE_H

#include "model/task.h"

void makefile_read(struct arena *out, struct str text, struct str path, task_list *tasks);

/* `$(NAME)` filled in; of one name the last counts, so what a call says (`make test PYTEST=...`) goes behind the rest. */
struct str makefile_fill(struct arena *out, struct str text, const struct env_pair *variables, size_t n);

#endif
