/* The difference of two texts as `diff -u` writes it. */
#ifndef BASE_DIFF_H
#define BASE_DIFF_H

#include "base/str.h"

/* "" when they are equal.  `path` names both sides. */
struct str diff_unified(struct arena *out, struct str path, struct str old, struct str new);

#endif
