/* Pytest marks: which stand on a test, in the order of pytest's iter_markers, aliases followed. */
#ifndef RESOLVE_MARKS_H
#define RESOLVE_MARKS_H

#include "resolve/names.h"

typedef VEC(struct mark) mark_list;

/* Marks of a chain of decorators, bottom first.  A decorator that is no mark is left out, unless it is a function of
 * the tree: then its mark has name 0. */
void marks_of_decorators(struct names *names, struct arena *out, struct def_ref def, mark_list *marks);
/* Marks of `pytestmark` in a scope (a class or, def 0, the module). */
void marks_of_scope(struct names *names, struct arena *out, struct def_ref scope, mark_list *marks);
/* A mark expression, a name for one, or a list of those. */
void marks_of_expr(struct names *names, struct arena *out, uint32_t file, uint32_t owner, uint32_t expr,
                   mark_list *marks);
/* Its arguments: the first expr after the callee, 0 without a call. */
uint32_t mark_arguments(const struct names *names, const struct mark *mark);

#endif
