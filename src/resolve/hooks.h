/* What conftest.py files and plugins of the tree do to the collection of a file. */
#ifndef RESOLVE_HOOKS_H
#define RESOLVE_HOOKS_H

#include "resolve/exactness.h"

/* Adds to `x` what the hooks of one module, and its collect_ignore, mean for the file at `path`. */
void hooks_read(struct fixtures *fixtures, struct arena *out, uint32_t module, struct str path,
                struct file_exactness *x);
/* A test module is no plugin: of its hooks only pytest_generate_tests is called. */
void hooks_read_own(struct fixtures *fixtures, struct arena *out, uint32_t file, struct file_exactness *x);

#endif
