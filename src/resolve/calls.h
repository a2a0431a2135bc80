/* Small readers of calls that several parts of resolve/ share. */
#ifndef RESOLVE_CALLS_H
#define RESOLVE_CALLS_H

#include "resolve/names.h"

/* The exprs of a function's body are contiguous: [first, last).  The reader writes them in source order. */
void calls_expr_range(const struct facts *facts, uint32_t def, uint32_t *first, uint32_t *last);
/* The value of keyword `key` of a call, 0 if absent. */
uint32_t call_keyword(const struct names *names, uint32_t file, uint32_t call, const char *key);
/* The n-th positional argument (from 0), 0 if absent; stops at a star. */
uint32_t call_positional(const struct facts *facts, uint32_t call, unsigned n);
/* How many arguments a `@patch(...)` decorator injects: 0 or 1. */
unsigned patch_injects(struct names *names, uint32_t file, uint32_t owner, uint32_t decorator);
/* Whether a target is mock.patch, mock.patch.object, ... of unittest.mock or mock; `*kind` its last part. */
bool target_is_patch(const struct names *names, struct target target, struct str *kind);

#endif
