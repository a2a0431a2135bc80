/* Reading marks.  A mark is `pytest.mark.NAME` or a call of it; names bound to one are followed over any
 * number of modules. */
#include "resolve/marks.h"

#include <string.h>

enum { ALIAS_DEPTH = 16 };

static name mark_name(struct names *names, struct target t)
{
	if (t.kind != TARGET_EXTERNAL)
		return 0;
	struct str dotted = names_str(names, t.text);
	if (str_starts(dotted, STR("pytest.mark.")))
		dotted = str_slice(dotted, strlen("pytest.mark."), dotted.n);
	else
		return 0;
	return str_has(dotted, STR(".")) ? 0 : intern(names->repo->names, dotted);
}

static void read_expr(struct names *names, struct arena *out, uint32_t file, uint32_t owner, uint32_t expr,
                      mark_list *marks, int depth);

static void follow(struct names *names, struct arena *out, struct target t, mark_list *marks, int depth)
{
	const struct binding *b = names_variable(names, t);
	if (b->value && !b->item)
		read_expr(names, out, t.file, b->owner, b->value, marks, depth + 1);
}

static void read_expr(struct names *names, struct arena *out, uint32_t file, uint32_t owner, uint32_t expr,
                      mark_list *marks, int depth)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *e = &facts->exprs.at[expr];
	if (depth > ALIAS_DEPTH)
		return;
	if (e->kind == EXPR_LIST || e->kind == EXPR_TUPLE) {
		for (uint32_t c = e->first; c; c = facts->exprs.at[c].next)
			read_expr(names, out, file, owner, c, marks, depth + 1);
		return;
	}
	uint32_t callee = e->kind == EXPR_CALL ? e->first : expr;
	struct target t = names_expr(names, file, owner, callee);
	name what = mark_name(names, t);
	if (what)
		vec_push(out, marks, ((struct mark){.name = what, .file = file, .expr = expr, .line = e->line}));
	else if (t.kind == TARGET_VARIABLE && e->kind != EXPR_CALL)
		follow(names, out, t, marks, depth);
	else if (t.kind == TARGET_DEF)
		vec_push(out, marks, ((struct mark){.name = 0, .file = file, .expr = expr, .line = e->line}));
}

void marks_of_expr(struct names *names, struct arena *out, uint32_t file, uint32_t owner, uint32_t expr,
                   mark_list *marks)
{
	read_expr(names, out, file, owner, expr, marks, 0);
}

void marks_of_decorators(struct names *names, struct arena *out, struct def_ref ref, mark_list *marks)
{
	const struct facts *facts = names_facts(names, ref.file);
	const struct def *def = names_def(names, ref);
	VEC(uint32_t) chain = {0};
	for (uint32_t e = def->decorators; e; e = facts->exprs.at[e].next)
		vec_push(out, &chain, e);
	for (size_t i = chain.n; i-- > 0;)
		read_expr(names, out, ref.file, def->parent, chain.at[i], marks, 0);
}

void marks_of_scope(struct names *names, struct arena *out, struct def_ref scope, mark_list *marks)
{
	size_t n;
	name pytestmark = intern_find(names->repo->names, STR("pytestmark"));
	if (!pytestmark)
		return;
	const struct binding *b = names_bindings(names, scope.file, scope.def, pytestmark, &n);
	for (size_t i = 0; i < n; i++) {
		if (b[i].kind == BIND_IMPORT) {
			struct target t = names_find(names, scope.file, scope.def, pytestmark);
			if (t.kind == TARGET_VARIABLE)
				follow(names, out, t, marks, 0);
			continue;
		}
		if (b[i].value)
			read_expr(names, out, scope.file, scope.def, b[i].value, marks, 0);
	}
}

uint32_t mark_arguments(const struct names *names, const struct mark *mark)
{
	const struct facts *facts = names_facts(names, mark->file);
	const struct expr *e = &facts->exprs.at[mark->expr];
	return e->kind == EXPR_CALL ? facts->exprs.at[e->first].next : 0;
}
