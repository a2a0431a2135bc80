/* Tests that come into being while a module runs: exec, setattr, globals(), star imports from elsewhere. */
#ifndef RESOLVE_GENERATED_H
#define RESOLVE_GENERATED_H

#include "resolve/exactness.h"

void generated_read(struct fixtures *fixtures, struct arena *out, uint32_t file, struct file_exactness *x);
/* Whether a function of the tree puts attributes into what it is given: as a class decorator it may make tests. */
bool generated_by(struct names *names, struct target function);

#endif
