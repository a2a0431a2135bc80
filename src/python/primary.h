/* The operands of operators. */
#ifndef PYTHON_PRIMARY_H
#define PYTHON_PRIMARY_H

#include "python/reader.h"

uint32_t primary_read(struct reader *reader);
/* Adds what stands in the parentheses of a call or a class, behind the opening
 * one; takes the closing one too. */
struct chain primary_arguments(struct reader *reader, struct chain chain);

#endif
