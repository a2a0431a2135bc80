/* The ways through the statements of one scope.  A state is the set of bindings that may be the last so far, as
 * bits by position among the bindings of the name; bit 63 is "not bound".  Names bound more than 62 times in one
 * scope are left at their last binding. */
#include "resolve/branches.h"

#include <string.h>

typedef uint64_t state;

enum { BINDINGS_MOST = 62 };
static const state ABSENT = (state)1 << 63;

/* The oldest Python that pytest 8 runs on: `sys.version_info >= (3, 7)` is no question any more. */
enum { OLDEST_MAJOR = 3, OLDEST_MINOR = 8 };

struct flow {
	struct names *names;
	const struct facts *facts;
	uint32_t file;
	name what;
	const struct binding *b;
	size_t n;
	bool leaves; /* the block cannot be left at its end: raise, return */
};

static struct str text_of(const struct flow *f, uint32_t expr)
{
	return names_str(f->names, f->facts->exprs.at[expr].text);
}

static enum verdict negated(enum verdict v)
{
	return v == VERDICT_MAYBE ? v : v == VERDICT_NEVER ? VERDICT_ALWAYS : VERDICT_NEVER;
}

static bool small_number(const struct flow *f, uint32_t expr, int *value)
{
	uint64_t n;
	if (!expr || f->facts->exprs.at[expr].kind != EXPR_NUMBER || !str_number(text_of(f, expr), 1000, &n))
		return false;
	*value = (int)n;
	return true;
}

/* sys.version_info against a literal: decided when it holds, or fails, for every version from the oldest on. */
static enum verdict version(const struct flow *f, uint8_t op, uint32_t bound)
{
	const struct expr *e = &f->facts->exprs.at[bound];
	int major, minor = 0;
	if (e->kind != EXPR_TUPLE || !small_number(f, e->first, &major))
		return VERDICT_MAYBE;
	uint32_t second = f->facts->exprs.at[e->first].next;
	if (second && !small_number(f, second, &minor))
		return VERDICT_MAYBE;
	bool is_old = major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
	bool is_oldest = major == OLDEST_MAJOR && minor == OLDEST_MINOR && !f->facts->exprs.at[second].next;
	if ((op == OP_GE && (is_old || is_oldest)) || (op == OP_GT && is_old))
		return VERDICT_ALWAYS;
	if ((op == OP_LT && (is_old || is_oldest)) || (op == OP_LE && is_old))
		return VERDICT_NEVER;
	return VERDICT_MAYBE;
}

static enum verdict compare(const struct flow *f, const struct expr *e)
{
	uint32_t left = e->first, right = left ? f->facts->exprs.at[left].next : 0;
	if (!right || f->facts->exprs.at[right].next)
		return VERDICT_MAYBE;
	const struct expr *object = &f->facts->exprs.at[left];
	if (object->kind == EXPR_NAME && str_eq(text_of(f, left), STR("__name__")) &&
	    str_eq(text_of(f, right), STR("__main__")))
		return e->op == OP_EQ ? VERDICT_NEVER : VERDICT_MAYBE;
	uint32_t plain = object->kind == EXPR_INDEX ? object->first : left; /* sys.version_info[:2] */
	if (f->facts->exprs.at[plain].kind == EXPR_ATTRIBUTE || f->facts->exprs.at[plain].kind == EXPR_NAME)
		if (str_eq(text_of(f, plain), STR("version_info")))
			return version(f, e->op, right);
	return VERDICT_MAYBE;
}

static enum verdict condition(const struct flow *f, uint32_t expr, int depth)
{
	const struct expr *e = &f->facts->exprs.at[expr];
	if (!expr || depth > 16)
		return VERDICT_MAYBE;
	switch (e->kind) {
	case EXPR_TRUE: return VERDICT_ALWAYS;
	case EXPR_FALSE:
	case EXPR_NONE: return VERDICT_NEVER;
	case EXPR_NUMBER: return str_eq(text_of(f, expr), STR("0")) ? VERDICT_NEVER : VERDICT_ALWAYS;
	case EXPR_NAME:
	case EXPR_ATTRIBUTE: return str_eq(text_of(f, expr), STR("TYPE_CHECKING")) ? VERDICT_NEVER : VERDICT_MAYBE;
	case EXPR_NOT: return negated(condition(f, e->first, depth + 1));
	case EXPR_COMPARE: return compare(f, e);
	case EXPR_AND:
	case EXPR_OR: {
		enum verdict stops = e->kind == EXPR_AND ? VERDICT_NEVER : VERDICT_ALWAYS, all = negated(stops);
		for (uint32_t c = e->first; c; c = f->facts->exprs.at[c].next) {
			enum verdict v = condition(f, c, depth + 1);
			if (v == stops)
				return stops;
			if (v == VERDICT_MAYBE)
				all = VERDICT_MAYBE;
		}
		return all;
	}
	default: return VERDICT_MAYBE;
	}
}

enum verdict branch_condition(struct names *names, uint32_t file, uint32_t expr)
{
	struct flow f = {.names = names, .facts = names_facts(names, file), .file = file};
	return condition(&f, expr, 0);
}

static bool is_handled(const struct facts *facts, uint32_t try_)
{
	for (uint32_t s = facts->stmts.at[try_].next; s; s = facts->stmts.at[s].next) {
		uint8_t kind = facts->stmts.at[s].kind;
		if (kind == STMT_EXCEPT)
			return true;
		if (kind != STMT_ELSE && kind != STMT_FINALLY)
			return false;
	}
	return false;
}

static uint32_t block_of(const struct facts *facts, uint32_t stmt)
{
	const struct stmt *s = &facts->stmts.at[stmt];
	if (s->parent)
		return facts->stmts.at[s->parent].body;
	return facts->defs.at[0].body;
}

/* Of an if/elif/else chain: whether this clause runs. */
static enum verdict clause(struct names *names, uint32_t file, uint32_t stmt)
{
	const struct facts *facts = names_facts(names, file);
	uint32_t head = 0;
	for (uint32_t s = block_of(facts, stmt); s && s != stmt; s = facts->stmts.at[s].next)
		if (facts->stmts.at[s].kind != STMT_ELIF && facts->stmts.at[s].kind != STMT_ELSE)
			head = s;
	enum verdict before = VERDICT_NEVER; /* an earlier clause ran */
	if (facts->stmts.at[stmt].kind == STMT_IF)
		head = stmt;
	if (facts->stmts.at[head].kind != STMT_IF)
		return VERDICT_MAYBE; /* the else of a loop or try */
	for (uint32_t s = head; s && s != stmt; s = facts->stmts.at[s].next) {
		enum verdict v = branch_condition(names, file, facts->stmts.at[s].expr);
		if (v > before)
			before = v;
	}
	enum verdict own = facts->stmts.at[stmt].kind == STMT_ELSE
	                           ? VERDICT_ALWAYS
	                           : branch_condition(names, file, facts->stmts.at[stmt].expr);
	if (before == VERDICT_ALWAYS || own == VERDICT_NEVER)
		return VERDICT_NEVER;
	return before == VERDICT_NEVER ? own : VERDICT_MAYBE;
}

enum verdict branch_statement(struct names *names, uint32_t file, uint32_t stmt)
{
	const struct facts *facts = names_facts(names, file);
	enum verdict all = VERDICT_ALWAYS;
	for (uint32_t p = facts->stmts.at[stmt].parent; p; p = facts->stmts.at[p].parent) {
		enum verdict v = VERDICT_MAYBE;
		switch (facts->stmts.at[p].kind) {
		case STMT_WITH:
		case STMT_FINALLY:
		case STMT_CLASS: v = VERDICT_ALWAYS; break;
		case STMT_TRY: v = is_handled(facts, p) ? VERDICT_MAYBE : VERDICT_ALWAYS; break;
		case STMT_IF:
		case STMT_ELIF:
		case STMT_ELSE: v = clause(names, file, p); break;
		default: break;
		}
		if (v < all)
			all = v;
	}
	return all;
}

static state block(struct flow *f, uint32_t stmt, state in);

static state rebind(const struct flow *f, uint32_t stmt, state in)
{
	for (size_t i = f->n; i-- > 0;)
		if (f->b[i].stmt == stmt)
			return (state)1 << i;
	return in;
}

static bool deletes(const struct flow *f, const struct stmt *s)
{
	for (uint32_t e = s->expr; e; e = f->facts->exprs.at[e].next)
		if (f->facts->exprs.at[e].kind == EXPR_NAME && f->facts->exprs.at[e].text == f->what)
			return true;
	return false;
}

/* The clauses from `*at` on; leaves `*at` at the last of them. */
static state if_chain(struct flow *f, uint32_t *at, state in)
{
	state out = 0;
	bool is_decided = false;
	for (uint32_t s = *at; s; s = f->facts->stmts.at[s].next) {
		uint8_t kind = f->facts->stmts.at[s].kind;
		if (s != *at && kind != STMT_ELIF && kind != STMT_ELSE)
			break;
		enum verdict v = kind == STMT_ELSE ? VERDICT_ALWAYS : condition(f, f->facts->stmts.at[s].expr, 0);
		if (!is_decided && v != VERDICT_NEVER) {
			f->leaves = false;
			state end = block(f, f->facts->stmts.at[s].body, in);
			out |= f->leaves ? 0 : end;
		}
		is_decided |= v == VERDICT_ALWAYS;
		*at = s;
	}
	f->leaves = is_decided && !out;
	return is_decided ? out : out | in;
}

static state try_chain(struct flow *f, uint32_t *at, state in)
{
	f->leaves = false;
	state body = block(f, f->facts->stmts.at[*at].body, in), out = 0, last = body;
	bool body_leaves = f->leaves, has_handler = false;
	for (uint32_t s = f->facts->stmts.at[*at].next; s; s = f->facts->stmts.at[s].next) {
		uint8_t kind = f->facts->stmts.at[s].kind;
		if (kind != STMT_EXCEPT && kind != STMT_ELSE && kind != STMT_FINALLY)
			break;
		f->leaves = false;
		state from = kind == STMT_EXCEPT ? in | body : kind == STMT_ELSE ? last : out | last;
		state end = block(f, f->facts->stmts.at[s].body, from);
		if (kind == STMT_EXCEPT)
			out |= f->leaves ? 0 : end;
		else if (kind == STMT_ELSE)
			last = end;
		else
			last = end, out = 0;
		has_handler |= kind == STMT_EXCEPT;
		*at = s;
	}
	f->leaves = body_leaves && !out;
	return (body_leaves && has_handler ? 0 : last) | out;
}

static state block(struct flow *f, uint32_t first, state in)
{
	for (uint32_t s = first; s; s = f->facts->stmts.at[s].next) {
		const struct stmt *stmt = &f->facts->stmts.at[s];
		switch (stmt->kind) {
		case STMT_IF: in = if_chain(f, &s, in); break;
		case STMT_TRY: in = try_chain(f, &s, in); break;
		case STMT_WITH: in = block(f, stmt->body, rebind(f, s, in)); break;
		case STMT_FOR: in = rebind(f, s, in) | in; /* fallthrough */
		case STMT_WHILE:
		case STMT_ELSE:
		case STMT_CASE: in |= block(f, stmt->body, in); break;
		case STMT_MATCH: in |= block(f, stmt->body, in); break;
		case STMT_DELETE: in = deletes(f, stmt) ? ABSENT : in; break;
		case STMT_RAISE:
		case STMT_RETURN: f->leaves = true; return in;
		default: in = rebind(f, s, in); break;
		}
		if (f->leaves && (stmt->kind == STMT_IF || stmt->kind == STMT_TRY))
			return in;
		f->leaves = false;
	}
	return in;
}

void branch_outcome(struct names *names, struct arena *tmp, struct def_ref scope, name what, struct outcome *outcome)
{
	struct flow f = {.names = names, .facts = names_facts(names, scope.file), .file = scope.file, .what = what};
	*outcome = (struct outcome){0};
	f.b = names_bindings(names, scope.file, scope.def, what, &f.n);
	state end = 0;
	if (f.n && f.n <= BINDINGS_MOST)
		end = block(&f, f.facts->defs.at[scope.def].body, ABSENT);
	for (size_t i = 0; i < f.n; i++)
		if (f.b[i].kind != BIND_SELF && ((end >> i & 1) || (f.n > BINDINGS_MOST && i + 1 == f.n)))
			vec_push(tmp, &outcome->last, f.b[i]);
	outcome->may_be_absent = (end & ABSENT) != 0;
}
