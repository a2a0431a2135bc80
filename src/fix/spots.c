/* Reading facts with the eyes of somebody who is about to edit the file.  Only plain shapes are accepted: an assignment
 * to pytestmark that always runs, an import at the top that nobody rebinds. */
#include "fix/spots.h"

service_set fix_services_of(const struct audit *a, struct str marker)
{
	service_set set = 0;
	for (unsigned k = 0; marker.n && k < a->it->config->catalogue.services.n; k++)
		for (size_t i = 0; audit_has_marker(a, k) && i < audit_service(a, k)->markers.n; i++)
			if (str_eq(audit_service(a, k)->markers.at[i], marker))
				set |= (service_set)1 << k;
	return set;
}

static bool is_named(const struct audit *a, const struct facts *facts, uint32_t expr, struct str what)
{
	return audit_expr(facts, expr)->kind == EXPR_NAME && str_eq(audit_text(a, audit_expr(facts, expr)->text), what);
}

/* ---- pytestmark ---- */

static bool is_mark(const struct audit *a, const struct facts *facts, uint32_t expr)
{
	const struct expr *e = audit_expr(facts, expr);
	uint32_t callee = e->kind == EXPR_CALL ? e->first : expr;
	return str_starts(audit_imported(a, facts, callee), STR("pytest.mark."));
}

/* `pytestmark.append(...)` */
static bool is_method_of(const struct audit *a, const struct facts *facts, const struct stmt *stmt, struct str what)
{
	const struct expr *call = audit_expr(facts, stmt->expr), *callee = audit_expr(facts, call->first);
	return stmt->kind == STMT_EXPR && call->kind == EXPR_CALL && callee->kind == EXPR_ATTRIBUTE &&
	       is_named(a, facts, callee->first, what);
}

static bool imports_name(const struct audit *a, const struct facts *facts, const struct stmt *stmt, struct str what)
{
	bool is_import = stmt->kind == STMT_IMPORT || stmt->kind == STMT_FROM;
	for (uint32_t i = 0; is_import && i < stmt->count; i++)
		if (str_eq(audit_text(a, facts->imports.at[stmt->index + i].bound), what))
			return true;
	return false;
}

static bool assigns(const struct audit *a, const struct facts *facts, const struct stmt *stmt, struct str what)
{
	if (stmt->kind == STMT_FUNCTION || stmt->kind == STMT_CLASS)
		return str_eq(audit_text(a, facts->defs.at[stmt->index].name), what);
	if (stmt->kind != STMT_ASSIGN && stmt->kind != STMT_AUGMENT && stmt->kind != STMT_ANNOTATE &&
	    stmt->kind != STMT_DELETE && stmt->kind != STMT_FOR)
		return false;
	for (uint32_t e = stmt->expr; e; e = audit_expr(facts, e)->next) {
		bool is_value = stmt->kind == STMT_ASSIGN && !audit_expr(facts, e)->next;
		if (!is_value && is_named(a, facts, e, what))
			return true;
	}
	return false;
}

static void judge_value(const struct audit *a, const struct facts *facts, const struct stmt *stmt, struct pytestmark *p)
{
	uint32_t target = stmt->expr, next = audit_expr(facts, target)->next;
	uint32_t value = stmt->kind == STMT_ANNOTATE && next ? audit_expr(facts, next)->next : next;
	bool is_plain = stmt->kind == STMT_ASSIGN || (stmt->kind == STMT_ANNOTATE && value);
	p->value = value;
	p->is_list = is_plain && value && audit_expr(facts, value)->kind == EXPR_LIST;
	if (stmt->parent != facts->defs.at[stmt->owner].stmt)
		p->why_not = SPOTS_CONDITION;
	else if (!is_plain || !value || audit_expr(facts, value)->next || !(p->is_list || is_mark(a, facts, value)))
		p->why_not = STR("pytestmark is neither a mark nor a list of marks");
}

struct pytestmark spots_pytestmark(const struct audit *a, uint32_t file, uint32_t def)
{
	struct pytestmark p = {.why_not = STR_NONE};
	const struct facts *facts = audit_facts(a, file);
	struct str what = STR("pytestmark");
	for (uint32_t s = 1; s < facts->stmts.n; s++) {
		const struct stmt *stmt = &facts->stmts.at[s];
		if (stmt->owner != def || !(assigns(a, facts, stmt, what) || is_method_of(a, facts, stmt, what) ||
		                            imports_name(a, facts, stmt, what)))
			continue;
		if (p.stmt)
			p.why_not = STR("pytestmark is set in several places");
		else
			judge_value(a, facts, stmt, &p);
		p.why_line = stmt->line;
		p.stmt = s;
	}
	return p;
}

/* ---- where a mark stands ---- */

static bool is_in_chain(const struct facts *facts, uint32_t first, uint32_t expr)
{
	while (first && first != expr)
		first = audit_expr(facts, first)->next;
	return first == expr;
}

bool spots_of_mark(const struct audit *a, const struct mark *mark, uint32_t *def, struct str *why)
{
	const struct facts *facts = audit_facts(a, mark->file);
	*why = STR_NONE;
	if (facts->faults.n) {
		*why = str_fmt(a->out, "line %u of the file is not understood", facts->faults.at[0].line);
		return false;
	}
	for (uint32_t d = 1; d < facts->defs.n; d++)
		if (is_in_chain(facts, facts->defs.at[d].decorators, mark->expr)) {
			*def = d;
			return true;
		}
	struct pytestmark p = spots_pytestmark(a, mark->file, mark->owner);
	bool is_here = p.value && (p.is_list ? is_in_chain(facts, audit_expr(facts, p.value)->first, mark->expr)
	                                     : p.value == mark->expr);
	*def = mark->owner;
	if (p.why_not.n)
		*why = p.why_not;
	else if (!is_here)
		*why = STR("it comes by another name or from a function");
	return is_here && p.why_not.n == 0;
}

/* ---- imports ---- */

/* Whether the module binds the name other than by importing pytest's. */
static bool is_taken(const struct audit *a, const struct facts *facts, struct str bound, bool is_module)
{
	for (uint32_t s = 1; s < facts->stmts.n; s++)
		if (facts->stmts.at[s].owner == 0 && assigns(a, facts, &facts->stmts.at[s], bound))
			return true;
	for (size_t i = 0; i < facts->imports.n; i++) {
		const struct import *import = &facts->imports.at[i];
		bool is_pytest = str_eq(audit_text(a, import->module), STR("pytest")) && import->level == 0;
		bool is_same =
		        is_pytest && (is_module ? import->name == 0 : str_eq(audit_text(a, import->name), STR("mark")));
		if (facts->stmts.at[import->stmt].owner == 0 && str_eq(audit_text(a, import->bound), bound) && !is_same)
			return true;
	}
	return false;
}

struct str spots_spelling(const struct audit *a, const struct facts *facts, uint32_t at, uint32_t *end)
{
	for (size_t i = 0; i < facts->imports.n; i++) {
		const struct import *import = &facts->imports.at[i];
		const struct stmt *stmt = &facts->stmts.at[import->stmt];
		struct str bound = audit_text(a, import->bound);
		bool is_pytest = str_eq(audit_text(a, import->module), STR("pytest")) && import->level == 0;
		bool is_mark = import->name && str_eq(audit_text(a, import->name), STR("mark"));
		if (!is_pytest || (import->name && !is_mark) || stmt->parent || stmt->start > at ||
		    is_taken(a, facts, bound, !is_mark))
			continue;
		*end = stmt->end;
		return is_mark ? bound : str_fmt(a->out, "%.*s.mark", STR_ARG(bound));
	}
	return STR_NONE;
}

/* Where a marker would go at the latest: above the first decorator. */
static uint32_t top_of(const struct facts *facts, uint32_t def)
{
	uint32_t first = facts->defs.at[def].decorators;
	if (def == 0)
		return UINT32_MAX;
	return first ? facts->exprs.at[first].at : facts->stmts.at[facts->defs.at[def].stmt].start;
}

bool spots_can_mark(const struct audit *a, uint32_t file, uint32_t def, struct str *why)
{
	const struct facts *facts = audit_facts(a, file);
	struct pytestmark p = def ? (struct pytestmark){.why_not = STR_NONE} : spots_pytestmark(a, file, def);
	uint32_t end;
	if (a->it->repo->files.at[file].is_unreadable)
		*why = STR("the file cannot be read");
	else if (facts->faults.n)
		*why = str_fmt(a->out, "line %u of the file is not understood", facts->faults.at[0].line);
	else if (p.why_not.n)
		*why = str_fmt(a->out, "%.*s, line %u", STR_ARG(p.why_not), p.why_line);
	else if (spots_spelling(a, facts, top_of(facts, def), &end).n == 0 && is_taken(a, facts, STR("pytest"), true))
		*why = STR("the name pytest is taken by something else");
	else
		return true;
	return false;
}
