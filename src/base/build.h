/* Which build of the program this is: what one build inferred and kept is no good to another. */
#ifndef BASE_BUILD_H
#define BASE_BUILD_H

#include "base/str.h"

/* The linker's build id, a hash of everything that was linked; "" where it gave none.  Borrowed for good. */
struct str build_id(void);

#endif
