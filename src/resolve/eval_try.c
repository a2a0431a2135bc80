/* Who catches what.  A refusal to connect goes up through the blocks around it; a handler that raises another
 * exception sends that one on, and only who catches that one swallows it. */
#include "resolve/eval.h"

/* What a block does with an exception that comes up in it. */
enum handling { HANDLING_PASSES, HANDLING_GATES, HANDLING_SWALLOWS };

struct handled {
	enum handling handling;
	struct target error; /* what goes on when it passes */
};

static const struct facts *facts_of(const struct run *run)
{
	return names_facts(run->e->names, run->frame->file);
}

static bool raises(const struct facts *facts, uint32_t stmt)
{
	for (uint32_t s = stmt; s; s = facts->stmts.at[s].next)
		if (facts->stmts.at[s].kind == STMT_RAISE ||
		    (facts->stmts.at[s].body && facts->stmts.at[s].kind != STMT_FUNCTION &&
		     raises(facts, facts->stmts.at[s].body)))
			return true;
	return false;
}

/* The handlers that may catch it, up to the first that does for sure. */
static struct handled handled_by_try(struct run *run, uint32_t try_, struct target error)
{
	struct names *names = run->e->names;
	const struct facts *facts = facts_of(run);
	uint32_t file = run->frame->file, owner = run->frame->def;
	bool swallows = false, gates = false, passes = false;
	struct handled h = {.error = error};
	for (uint32_t c = facts->stmts.at[try_].next; c; c = facts->stmts.at[c].next) {
		const struct stmt *clause = &facts->stmts.at[c];
		if (clause->kind != STMT_EXCEPT)
			break;
		enum verdict catches = error_is_caught(names, file, owner, clause->expr, error);
		struct str message = STR_NONE;
		if (catches == VERDICT_NEVER)
			continue;
		if (block_gates(names, file, owner, clause->body, &message)) {
			gates = true;
		} else if (!raises(facts, clause->body)) {
			swallows = true;
		} else {
			struct target after = error_after(names, file, owner, clause->body, error);
			h.error = !passes || error_same(after, h.error) ? after : (struct target){.kind = ERROR_ANY};
			passes = true;
		}
		if (catches == VERDICT_ALWAYS)
			break;
	}
	swallows &= rule_holds(names, RULE_SWALLOWED);
	h.handling = gates ? HANDLING_GATES : swallows ? HANDLING_SWALLOWS : HANDLING_PASSES;
	return h;
}

static bool suppresses(struct run *run, uint32_t call, struct target error)
{
	const struct facts *facts = facts_of(run);
	for (uint32_t a = facts->exprs.at[facts->exprs.at[call].first].next; a; a = facts->exprs.at[a].next)
		if (error_is_caught(run->e->names, run->frame->file, run->frame->def, a, error) != VERDICT_NEVER)
			return true;
	return false;
}

/* ... and sends on in `error` what it is when it passes. */
static bool swallowed_by(struct run *run, const struct guard *guard, struct target *error)
{
	if (guard->suppress)
		return suppresses(run, guard->suppress, *error);
	struct handled h = handled_by_try(run, guard->try_, *error);
	*error = h.error;
	return h.handling == HANDLING_SWALLOWS;
}

bool is_swallowed(struct run *run, struct target error)
{
	for (const struct guard *g = run->guard; g; g = g->outer)
		if (swallowed_by(run, g, &error))
			return true;
	return false;
}

static void push_guard(struct run *run, struct guard guard)
{
	struct guard *made = arena_new(run->e->arena, struct guard);
	struct target refusal = {.kind = ERROR_REFUSAL};
	*made = guard;
	made->outer = run->guard;
	run->guard = made;
	run->guards += swallowed_by(run, made, &refusal);
}

void run_suppress(struct run *run, uint32_t call)
{
	push_guard(run, (struct guard){.suppress = call});
}

static bool handles_refusal(const struct run *run, const struct stmt *s)
{
	const struct facts *facts = facts_of(run);
	for (uint32_t c = s->next; c && facts->stmts.at[c].kind == STMT_EXCEPT; c = facts->stmts.at[c].next)
		if (facts->stmts.at[c].expr && is_connection_error(run, facts->stmts.at[c].expr))
			return true;
	return false;
}

/* The contacts made in the block go on as what its handlers raise. */
static void send_on(struct run *run, const struct contact *before, uint32_t try_)
{
	VEC(const struct contact *) made = {0};
	bool any = false;
	for (const struct contact *c = run->contacts; c != before; c = c->next) {
		vec_push(run->e->arena, &made, c);
		any |= !c->is_guarded && !error_same(c->error, handled_by_try(run, try_, c->error).error);
	}
	if (!any)
		return;
	run->contacts = before;
	for (size_t i = made.n; i-- > 0;) {
		struct contact *c = arena_new(run->e->arena, struct contact);
		*c = *made.at[i];
		c->next = run->contacts;
		if (!c->is_guarded)
			c->error = handled_by_try(run, try_, c->error).error;
		run->contacts = c;
	}
}

/* Gates on what the block's own handlers skip or fail for. */
static void gate_on(struct run *run, const struct contact *before, uint32_t try_, uint32_t line)
{
	for (const struct contact *c = run->contacts; c != before; c = c->next)
		if (handled_by_try(run, try_, c->error).handling == HANDLING_GATES)
			contacts_gate_one(run, c, line, "skip");
}

void run_try(struct run *run, const struct stmt *s)
{
	const struct contact *before = run->contacts;
	uint32_t try_ = (uint32_t)(s - facts_of(run)->stmts.at), guards = run->guards;
	const struct guard *outer = run->guard;
	bool dials = handles_refusal(run, s);
	push_guard(run, (struct guard){.try_ = try_});
	bool swallows = run->guards > guards;
	run->dials += dials;
	run->branches += swallows; /* a return in it may not come to pass */
	run_block(run, s->body);
	run->dials -= dials;
	run->branches -= swallows;
	run->guards = guards;
	run->guard = outer;
	if (rule_holds(run->e->names, RULE_SKIP_TRY))
		gate_on(run, before, try_, s->line);
	send_on(run, before, try_);
}
