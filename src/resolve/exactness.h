/* What keeps a file, a class or a test from being known exactly. */
#ifndef RESOLVE_EXACTNESS_H
#define RESOLVE_EXACTNESS_H

#include "resolve/fixtures.h"

struct file_exactness {
	bool is_exact;   /* nothing in the file or in a hook above it could add or remove a test */
	bool is_dead;    /* skipped as a whole, without a condition */
	bool is_ignored; /* by a literal collect_ignore */
	VEC(struct unknown) unknowns;
};

void file_exactness(struct fixtures *fixtures, struct arena *out, uint32_t file, struct file_exactness *exactness);

struct unknown_decorator {
	bool adds_tests;
	uint32_t line;
	struct str text;
};

/* Whether a decorator of a test is of unknown origin. */
bool decorator_is_opaque(struct names *names, struct def_ref function, struct unknown_decorator *found);
/* unittest.TestCase or a library's class known to derive from it stands in the MRO. */
bool class_is_unittest(struct names *names, struct def_ref class_);
/* An unknown base makes it likely, which is never exact. */
bool class_looks_unittest(struct names *names, struct def_ref class_);

#endif
