/* Names as small numbers, so that they are compared with ==.  Number 0 is the empty name, "none".
 * A flat open-addressing table: interning is on the path of every name the scanner reports. */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include <stdint.h>

#include "base/str.h"

typedef uint32_t name; /* index into one struct intern; meaningless in another */

struct intern {
	struct arena *arena; /* owns the copies */
	strs names;          /* by number */
	uint32_t *slots;     /* number, or 0 for free */
	uint32_t *hashes;    /* by number */
	size_t n_slots;      /* a power of two */
};

void intern_init(struct intern *names, struct arena *arena);
name intern(struct intern *names, struct str s);            /* copies s when it is new */
name intern_find(const struct intern *names, struct str s); /* 0 when nobody interned it */
struct str intern_str(const struct intern *names, name n);  /* NUL-ended, lives as long as the arena */

#endif
