/* Which handler catches which exception, by the classes' names alone. */
#ifndef RESOLVE_ERRORS_H
#define RESOLVE_ERRORS_H

#include "resolve/branches.h"

/* An exception is a target: a class of the tree or a dotted name.  TARGET_NONE is a refusal to connect as the client
 * at hand raises it; TARGET_MODULE is any exception at all. */
enum { ERROR_REFUSAL = TARGET_NONE, ERROR_ANY = TARGET_MODULE };

bool error_same(struct target a, struct target b);
/* Whether `except expr` (0: without a class) in the scope `owner` catches it. */
enum verdict error_is_caught(struct names *names, uint32_t file, uint32_t owner, uint32_t expr, struct target error);
/* What the raise statements of a handler make of the exception that it caught. */
struct target error_after(struct names *names, uint32_t file, uint32_t owner, uint32_t body, struct target caught);

#endif
