/* What keeps a file, a class or a test from being known exactly. */
#ifndef RESOLVE_EXACTNESS_H
#define RESOLVE_EXACTNESS_H

#include "resolve/fixtures.h"
#include "resolve/skips.h"

struct file_exactness {
	bool is_exact;        /* nothing in the file or in a hook above it could add or remove a test */
	bool is_dead;         /* skipped as a whole, without a condition */
	bool is_ignored;      /* by a literal collect_ignore */
	bool may_hide;        /* it may collect tests that have no name here; `hides` tells */
	bool may_vanish;      /* pytest may collect none of its tests; `why` tells */
	bool marks_may_grow;  /* a hook adds marks */
	bool ids_are_pytests; /* no hook names parameters */
	struct unknown why, hides;
	def_refs generators; /* pytest_generate_tests */
	VEC(struct unknown) unknowns;
};

void file_exactness(struct fixtures *fixtures, struct arena *out, const struct module_skip *skips, uint32_t file,
                    struct file_exactness *exactness);
/* Notes what could add tests (`adds`), or only tells the reader. */
void exactness_note(struct fixtures *fixtures, struct arena *out, struct file_exactness *x, enum unknown_kind kind,
                    bool adds, uint32_t file, uint32_t line, struct str text);
/* The same for what could take all tests of the file away, and brings none. */
void exactness_vanish(struct fixtures *fixtures, struct arena *out, struct file_exactness *x, enum unknown_kind kind,
                      uint32_t file, uint32_t line, struct str text);
/* The same for what could put others in their place. */
void exactness_replace(struct fixtures *fixtures, struct arena *out, struct file_exactness *x, enum unknown_kind kind,
                       uint32_t file, uint32_t line, struct str text);

#endif
