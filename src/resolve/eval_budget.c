/* What bounds the work: each run of a definition has so many steps, a step being a statement run, an expression
 * evaluated or an element built.  Straight code takes one each, so the budget grows with the file: what exceeds it
 * repeats itself, by loops in loops that are gone through item by item.  A callee has a budget of its own and is run
 * once for each shape of its arguments, of which there are SHAPES_MOST (eval_call.c): so what a tree can cost is
 * written down here, and what the steps cut off does not depend on which test comes first.
 *
 * Where the steps end there is a contact of grade unknown that could be any service.  Calls deeper than DEPTH_MOST
 * (eval_call.c) are not followed and say nothing: it is recursion on growing arguments that gets there, and to call
 * that unknown too was tried: one public suite of 470 rows had 1,650 rows more. */
#include "resolve/eval.h"

enum { STEPS_MOST = 20000, STEPS_EACH = 4 };

uint64_t budget_begin(struct eval *e, uint32_t file)
{
	const struct facts *facts = names_facts(e->names, file);
	uint64_t left = e->steps_left;
	e->steps_left = STEPS_MOST + STEPS_EACH * (uint64_t)(facts->exprs.n + facts->stmts.n);
	return left;
}

void budget_end(struct eval *e, uint64_t left)
{
	e->steps_left = left;
}

void budget_exceeded(struct run *run, struct def_ref ref)
{
	const struct facts *facts = names_facts(run->e->names, ref.file);
	const struct def *def = &facts->defs.at[ref.def];
	struct hop *hop = arena_new(run->e->arena, struct hop);
	*hop = (struct hop){.verb = HOP_EXCEEDS, .file = ref.file, .callee = {REF_NOWHERE, 0}, .what = def->name};
	hop->line = def->stmt ? facts->stmts.at[def->stmt].line : 1;
	contact_add(run, (struct contact){.grade = GRADE_UNKNOWN, .is_dynamic = true, .hops = hop});
}

bool is_exceeded(const struct contact *contact)
{
	const struct hop *hop = contact->hops;
	while (hop->next)
		hop = hop->next;
	return hop->verb == HOP_EXCEEDS;
}

bool run_step(struct run *run)
{
	if (run->e->steps_left) {
		run->e->steps_left--;
		return true;
	}
	budget_exceeded(run, (struct def_ref){run->frame->file, run->frame->def});
	return false;
}
