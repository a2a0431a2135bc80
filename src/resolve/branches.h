/* Which definition of a name is left when the statements of a scope have run: conditions decided where they can
 * be, all ways kept where not. */
#ifndef RESOLVE_BRANCHES_H
#define RESOLVE_BRANCHES_H

#include "resolve/names.h"

enum verdict { VERDICT_NEVER, VERDICT_MAYBE, VERDICT_ALWAYS };

/* Whether a condition holds wherever tests are collected: TYPE_CHECKING, __name__, old Python versions, literals. */
enum verdict branch_condition(struct names *names, uint32_t file, uint32_t expr);
/* Whether a statement of a module or class body runs when that body does. */
enum verdict branch_statement(struct names *names, uint32_t file, uint32_t stmt);

struct outcome {
	VEC(struct binding) last; /* each could be the one that counts, in source order */
	bool may_be_absent;
};

/* What name `what` of a module or class body can be bound to in the end. */
void branch_outcome(struct names *names, struct arena *tmp, struct def_ref scope, name what, struct outcome *outcome);

#endif
