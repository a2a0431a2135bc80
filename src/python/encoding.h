/* Is a file in the encoding it claims?  Python's rules: UTF-8, unless a comment in the first two lines says other. */
#ifndef PYTHON_ENCODING_H
#define PYTHON_ENCODING_H

#include "base/str.h"

/* The offset of the first byte that is not, or SIZE_MAX.  Of encodings other than UTF-8 nothing is checked but that
 * ASCII is part of them. */
size_t encoding_check(struct str text);

#endif
