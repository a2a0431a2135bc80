/* Headers of functions and classes. */
#ifndef PYTHON_DEF_H
#define PYTHON_DEF_H

#include "python/reader.h"

/* Behind `def` or `class`, up to the colon.  Gives the new def's index; its
 * decorators, statement and end are set by the caller. */
uint32_t def_read_function(struct reader *reader, uint32_t owner);
uint32_t def_read_class(struct reader *reader, uint32_t owner);

#endif
