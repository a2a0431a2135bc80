/* Values of string literals: prefixes, escapes, adjacent literals, fields of
 * f-strings. */
#ifndef PYTHON_STRING_H
#define PYTHON_STRING_H

#include "python/reader.h"

/* At a string token: reads it and those that follow directly; EXPR_STRING or
 * EXPR_FSTRING. */
uint32_t string_read(struct reader *reader);

#endif
