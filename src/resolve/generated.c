/* Statements that make names no reader can list.  Only those that run at import count, and `globals()[...] =` in any
 * function of the file, since somebody calls it. */
#include "resolve/generated.h"

#include "resolve/branches.h"
#include "resolve/calls.h"

static bool is_maker(const struct names *names, struct target t)
{
	return target_is(names, t, "builtins.exec") || target_is(names, t, "builtins.setattr") ||
	       target_is(names, t, "pytest_bdd.scenarios") || target_is(names, t, "pytest_bdd.scenario.scenarios");
}

/* globals(), vars(), locals() called. */
static bool is_namespace(const struct names *names, const struct facts *facts, uint32_t expr)
{
	const struct expr *call = &facts->exprs.at[expr];
	if (call->kind != EXPR_CALL || facts->exprs.at[call->first].kind != EXPR_NAME)
		return false;
	struct str what = names_str(names, facts->exprs.at[call->first].text);
	return str_eq(what, STR("globals")) || str_eq(what, STR("vars")) || str_eq(what, STR("locals"));
}

bool generated_by(struct names *names, struct target t)
{
	if (t.kind != TARGET_DEF || names_def(names, (struct def_ref){t.file, t.index})->kind != DEF_FUNCTION)
		return false;
	const struct facts *facts = names_facts(names, t.file);
	uint32_t first, last;
	calls_expr_range(facts, t.index, &first, &last);
	for (uint32_t e = first; e < last; e++)
		if (facts->exprs.at[e].kind == EXPR_CALL &&
		    is_maker(names, names_expr(names, t.file, t.index, facts->exprs.at[e].first)))
			return true;
	return false;
}

static void read_expr(struct fixtures *f, struct arena *out, struct file_exactness *x, uint32_t file, uint32_t stmt,
                      uint32_t expr)
{
	const struct facts *facts = names_facts(f->names, file);
	const struct expr *e = &facts->exprs.at[expr];
	if (e->kind == EXPR_LAMBDA)
		return;
	if (e->kind == EXPR_CALL) {
		const struct expr *callee = &facts->exprs.at[e->first];
		struct target t = names_expr(f->names, file, facts->stmts.at[stmt].owner, e->first);
		bool makes = is_maker(f->names, t) || (t.kind == TARGET_DEF && generated_by(f->names, t));
		makes |= callee->kind == EXPR_ATTRIBUTE && is_namespace(f->names, facts, callee->first) &&
		         str_eq(names_str(f->names, callee->text), STR("update"));
		if (makes && branch_statement(f->names, file, stmt) != VERDICT_NEVER)
			exactness_note(f, out, x, UNKNOWN_GENERATED, true, file, e->line,
			               STR("names made while the module runs"));
	}
	for (uint32_t c = e->first; c; c = facts->exprs.at[c].next)
		read_expr(f, out, x, file, stmt, c);
}

static void read_namespace(struct fixtures *f, struct arena *out, struct file_exactness *x, uint32_t file,
                           const struct stmt *s)
{
	const struct facts *facts = names_facts(f->names, file);
	for (uint32_t e = s->expr; e && facts->exprs.at[e].next; e = facts->exprs.at[e].next)
		if (facts->exprs.at[e].kind == EXPR_INDEX && is_namespace(f->names, facts, facts->exprs.at[e].first))
			exactness_note(f, out, x, UNKNOWN_GENERATED, true, file, s->line, STR("globals()[...]"));
}

static bool runs_at_import(const struct facts *facts, const struct stmt *s)
{
	uint32_t owner = s->owner;
	while (owner && facts->defs.at[owner].kind == DEF_CLASS)
		owner = facts->defs.at[owner].parent;
	return owner == 0;
}

static void read_stars(struct fixtures *f, struct arena *out, struct file_exactness *x, uint32_t file)
{
	const struct facts *facts = names_facts(f->names, file);
	for (size_t i = 0; i < facts->imports.n; i++) {
		const struct import *import = &facts->imports.at[i];
		if (!import->name || !str_eq(names_str(f->names, import->name), STR("*")) ||
		    facts->stmts.at[import->stmt].owner)
			continue;
		struct target t = names_module(f->names, file, names_str(f->names, import->module), import->level);
		if (t.kind != TARGET_MODULE)
			exactness_note(f, out, x, UNKNOWN_STAR_IMPORT, true, file, facts->stmts.at[import->stmt].line,
			               names_str(f->names, import->module));
	}
}

void generated_read(struct fixtures *f, struct arena *out, uint32_t file, struct file_exactness *x)
{
	const struct facts *facts = names_facts(f->names, file);
	for (uint32_t i = 1; i < facts->stmts.n; i++) {
		const struct stmt *s = &facts->stmts.at[i];
		if (s->kind == STMT_ASSIGN)
			read_namespace(f, out, x, file, s);
		if (s->kind == STMT_FUNCTION || s->kind == STMT_CLASS || !runs_at_import(facts, s))
			continue;
		for (uint32_t e = s->expr; e; e = facts->exprs.at[e].next)
			read_expr(f, out, x, file, i, e);
	}
	read_stars(f, out, x, file);
}
