/* Items are what a hook's parameter of that name holds.  Calls that get them are followed into functions of the tree;
 * anything else that gets them may do anything. */
#include "resolve/items.h"

#include "resolve/calls.h"

enum { CALLS_DEEP = 4 };

struct hook {
	struct names *names;
	const struct facts *facts;
	uint32_t file, def;
	struct str items; /* the parameter's name */
	int depth;
	bool *adds_marks;
};

static struct str text_of(const struct hook *h, uint32_t expr)
{
	return names_str(h->names, h->facts->exprs.at[expr].text);
}

static bool is_items(const struct hook *h, uint32_t expr)
{
	uint8_t kind = h->facts->exprs.at[expr].kind;
	return (kind == EXPR_NAME && str_eq(text_of(h, expr), h->items)) ||
	       (kind == EXPR_ATTRIBUTE && str_eq(text_of(h, expr), STR("items")) &&
	        h->facts->exprs.at[h->facts->exprs.at[expr].first].kind == EXPR_NAME &&
	        str_eq(text_of(h, h->facts->exprs.at[expr].first), STR("session")));
}

static bool only_reads(struct str function)
{
	static const char *const known[] = {"len", "enumerate", "list", "tuple", "set",   "zip",    "iter",
	                                    "any", "all",       "map",  "bool",  "print", "sorted", "reversed"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_eq(function, str_of(known[i])))
			return true;
	return false;
}

static bool function_changes(struct names *names, struct target t, uint32_t argument, struct str keyword, int depth,
                             bool *adds_marks);

/* Hands the items, as that argument, to a function. */
static bool hands_on(const struct hook *h, uint32_t callee, uint32_t argument, uint32_t position)
{
	struct target t = names_expr(h->names, h->file, h->def, callee);
	const struct expr *a = &h->facts->exprs.at[argument];
	struct str keyword = a->kind == EXPR_KEYWORD ? names_str(h->names, a->text) : STR_NONE;
	return t.kind != TARGET_DEF || function_changes(h->names, t, position, keyword, h->depth + 1, h->adds_marks);
}

/* `items.remove(...)`, `change(items)`, `pytest_deselected(...)`. */
static bool call_changes(const struct hook *h, const struct expr *call)
{
	const struct expr *callee = &h->facts->exprs.at[call->first];
	struct str what = names_str(h->names, callee->text);
	if (str_eq(what, STR("pytest_deselected")))
		return true;
	if (callee->kind == EXPR_ATTRIBUTE && is_items(h, callee->first))
		return !str_eq(what, STR("sort")) && !str_eq(what, STR("reverse")) && !str_eq(what, STR("index")) &&
		       !str_eq(what, STR("count")) && !str_eq(what, STR("copy"));
	uint32_t position = 0;
	for (uint32_t a = callee->next; a; a = h->facts->exprs.at[a].next, position++) {
		uint32_t plain = h->facts->exprs.at[a].kind == EXPR_KEYWORD ? h->facts->exprs.at[a].first : a;
		if (is_items(h, plain) && !(callee->kind == EXPR_NAME && only_reads(what)) &&
		    hands_on(h, call->first, a, position))
			return true;
	}
	return false;
}

/* ---- sorting into piles ---- */

static bool in_sum(const struct hook *h, uint32_t expr, name pile)
{
	const struct expr *e = &h->facts->exprs.at[expr];
	if (e->kind == EXPR_BINARY && e->op == OP_ADD)
		return in_sum(h, e->first, pile) || in_sum(h, h->facts->exprs.at[e->first].next, pile);
	return e->kind == EXPR_NAME && e->text == pile;
}

/* `pile.append(item)` for a pile of the sum. */
static bool appends(const struct hook *h, const struct stmt *s, name item, uint32_t sum)
{
	const struct expr *call = &h->facts->exprs.at[s->expr];
	if (s->kind != STMT_EXPR || call->kind != EXPR_CALL)
		return false;
	const struct expr *callee = &h->facts->exprs.at[call->first];
	if (callee->kind != EXPR_ATTRIBUTE || !str_eq(names_str(h->names, callee->text), STR("append")) ||
	    !callee->next)
		return false;
	const struct expr *pile = &h->facts->exprs.at[callee->first], *what = &h->facts->exprs.at[callee->next];
	return pile->kind == EXPR_NAME && what->kind == EXPR_NAME && what->text == item && in_sum(h, sum, pile->text);
}

/* Whether every way through the block puts the item on a pile. */
static bool always_appends(const struct hook *h, uint32_t first, name item, uint32_t sum)
{
	bool whole = false, body = false, handlers = true, has_else = false, is_try = false;
	for (uint32_t s = first; s; s = h->facts->stmts.at[s].next) {
		const struct stmt *stmt = &h->facts->stmts.at[s];
		bool inner = stmt->body && always_appends(h, stmt->body, item, sum);
		switch (stmt->kind) {
		case STMT_IF:
		case STMT_TRY:
			whole |= is_try ? body && handlers : body && has_else;
			is_try = stmt->kind == STMT_TRY;
			has_else = false;
			body = inner;
			handlers = true;
			break;
		case STMT_ELIF: body &= inner; break;
		case STMT_ELSE:
			has_else = true;
			body = is_try ? body || inner : body && inner;
			break;
		case STMT_EXCEPT: handlers &= inner; break;
		case STMT_FINALLY:
		case STMT_WITH: whole |= inner; break;
		case STMT_CONTINUE:
		case STMT_BREAK:
		case STMT_RETURN: return whole;
		default: whole |= appends(h, stmt, item, sum); break;
		}
	}
	return whole || (is_try ? body && handlers : body && has_else);
}

static bool is_sorting(const struct hook *h, uint32_t sum)
{
	for (uint32_t s = h->facts->defs.at[h->def].body; s; s = h->facts->stmts.at[s].next) {
		const struct stmt *loop = &h->facts->stmts.at[s];
		uint32_t iterable = loop->expr ? h->facts->exprs.at[loop->expr].next : 0;
		if (loop->kind == STMT_FOR && h->facts->exprs.at[loop->expr].kind == EXPR_NAME && iterable &&
		    is_items(h, iterable) && always_appends(h, loop->body, h->facts->exprs.at[loop->expr].text, sum))
			return true;
	}
	return false;
}

/* `items[:] = ...` and `del items[...]`; sorted(items) and the sum of all piles keep them all. */
static bool statement_changes(const struct hook *h, const struct stmt *s)
{
	bool hits = false;
	uint32_t value = 0;
	if (s->kind != STMT_ASSIGN && s->kind != STMT_DELETE && s->kind != STMT_AUGMENT)
		return false;
	for (uint32_t e = s->expr; e; e = h->facts->exprs.at[e].next) {
		const struct expr *target = &h->facts->exprs.at[e];
		hits |= target->kind == EXPR_INDEX && is_items(h, target->first) &&
		        (target->next || s->kind == STMT_DELETE);
		hits |= s->kind != STMT_DELETE && target->kind == EXPR_ATTRIBUTE && target->next && is_items(h, e);
		hits |= s->kind == STMT_AUGMENT && target->next && is_items(h, e);
		value = e;
	}
	if (!hits || s->kind != STMT_ASSIGN)
		return hits;
	const struct expr *call = &h->facts->exprs.at[value];
	uint32_t argument = call->kind == EXPR_CALL ? h->facts->exprs.at[call->first].next : 0;
	if (argument && str_eq(text_of(h, call->first), STR("sorted")) && is_items(h, argument))
		return false;
	return !is_sorting(h, value);
}

static bool body_changes(const struct hook *h)
{
	uint32_t first, last;
	calls_expr_range(h->facts, h->def, &first, &last);
	for (uint32_t e = first; e < last; e++) {
		if (h->facts->exprs.at[e].kind == EXPR_CALL && call_changes(h, &h->facts->exprs.at[e]))
			return true;
		if (h->facts->exprs.at[e].kind == EXPR_ATTRIBUTE && str_eq(text_of(h, e), STR("add_marker")))
			*h->adds_marks = true;
	}
	for (uint32_t i = 1; i < h->facts->stmts.n; i++)
		if (h->facts->stmts.at[i].owner == h->def && statement_changes(h, &h->facts->stmts.at[i]))
			return true;
	return false;
}

/* The parameter that gets the argument: by keyword, or by position. */
static bool function_changes(struct names *names, struct target t, uint32_t argument, struct str keyword, int depth,
                             bool *adds_marks)
{
	const struct def *def = names_def(names, (struct def_ref){t.file, t.index});
	struct hook h = {names, names_facts(names, t.file), t.file, t.index, STR_NONE, depth, adds_marks};
	if (depth > CALLS_DEEP || def->kind != DEF_FUNCTION)
		return true;
	for (uint32_t i = 0; i < def->n_params; i++) {
		const struct param *p = &h.facts->params.at[def->params + i];
		if (keyword.n ? str_eq(names_str(names, p->name), keyword) : i == argument && p->kind < PARAM_REST)
			h.items = names_str(names, p->name);
	}
	return !h.items.n || body_changes(&h);
}

bool items_change(struct names *names, struct target hook, bool *adds_marks)
{
	if (hook.kind != TARGET_DEF)
		return true;
	struct hook h = {names, names_facts(names, hook.file), hook.file, hook.index, STR("items"), 0, adds_marks};
	return body_changes(&h);
}
