/* The names of markers that the pytest config and the hooks of the tree register. */
#include "audit/room.h"

static void add_name(const struct audit *a, strs *names, struct str line)
{
	size_t end = 0;
	while (end < line.n && line.at[end] != ':' && line.at[end] != '(' && line.at[end] != ' ')
		end++;
	vec_push(a->tmp, names, str_slice(line, 0, end));
}

/* config.addinivalue_line("markers", "slow: takes long"); false when one is computed. */
static bool add_registered(const struct audit *a, const struct facts *facts, strs *names)
{
	for (uint32_t e = 1; e < facts->exprs.n; e++) {
		const struct expr *call = audit_expr(facts, e), *callee = audit_expr(facts, call->first);
		if (call->kind != EXPR_CALL || callee->kind != EXPR_ATTRIBUTE ||
		    !str_eq(audit_text(a, callee->text), STR("addinivalue_line")) || !callee->next)
			continue;
		const struct expr *key = audit_expr(facts, callee->next), *value = audit_expr(facts, key->next);
		if (key->kind == EXPR_STRING && !str_eq(audit_text(a, key->text), STR("markers")))
			continue;
		if (key->kind != EXPR_STRING || !key->next)
			return false;
		if (value->kind == EXPR_FSTRING && audit_expr(facts, value->first)->kind == EXPR_STRING)
			value = audit_expr(facts, value->first);
		if (value->kind != EXPR_STRING)
			return false;
		add_name(a, names, audit_text(a, value->text));
	}
	return true;
}

bool audit_registered(const struct audit *a, strs *names)
{
	bool is_all = true;
	for (size_t i = 0; i < a->it->pytest->markers.n; i++)
		add_name(a, names, a->it->pytest->markers.at[i]);
	for (uint32_t f = 0; f < a->it->repo->files.n; f++)
		is_all &= add_registered(a, audit_facts(a, f), names);
	return is_all;
}
