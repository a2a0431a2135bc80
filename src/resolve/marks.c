/* Reading marks.  A mark is `pytest.mark.NAME` or a call of it; names bound to one are followed over any
 * number of modules. */
#include "resolve/marks.h"

#include <string.h>

#include "resolve/decorators.h"

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

/* What a decorator names, with `mark = pytest.mark` followed. */
static struct target target_of(struct names *names, uint32_t file, uint32_t owner, uint32_t expr)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *e = &facts->exprs.at[expr];
	struct target t = names_expr(names, file, owner, expr);
	if (t.kind != TARGET_NONE || e->kind != EXPR_ATTRIBUTE)
		return t;
	struct target object = names_expr(names, file, owner, e->first);
	if (object.kind != TARGET_VARIABLE)
		return t;
	const struct binding *b = names_variable(names, object);
	if (!b->value || b->item)
		return t;
	object = names_expr(names, object.file, b->owner, b->value);
	return object.kind == TARGET_EXTERNAL ? names_attribute(names, object, e->text) : t;
}

static void add(struct arena *out, mark_list *marks, name what, uint32_t file, uint32_t owner, uint32_t expr,
                uint32_t line)
{
	vec_push(out, marks, ((struct mark){.name = what, .file = file, .expr = expr, .owner = owner, .line = line}));
}

/* The binding in force at that byte of the file: `pytestmark = [pytestmark, mark.x]` means the one before. */
static struct target bound_before(struct names *names, struct target t, uint32_t at)
{
	size_t n;
	const struct facts *facts = names_facts(names, t.file);
	const struct binding *b = names_variable(names, t);
	const struct binding *all = names_bindings(names, t.file, b->owner, b->name, &n);
	uint32_t first = t.index - (uint32_t)(b - all);
	for (size_t i = n; i-- > 0;)
		if (facts->stmts.at[all[i].stmt].end < at) {
			t.index = first + (uint32_t)i;
			break;
		}
	return t;
}

static void follow(struct names *names, struct arena *out, struct target t, mark_list *marks, int depth)
{
	const struct binding *b = names_variable(names, t);
	if (b->value && !b->item)
		read_expr(names, out, t.file, b->owner, b->value, marks, depth + 1);
}

/* `needs = pytest.mark.skipif` and then `@needs(...)`: the alias gives the name, the call the arguments. */
static void follow_call(struct names *names, struct arena *out, struct target t, mark_list *marks, struct mark call,
                        int depth)
{
	mark_list found = {0};
	follow(names, out, t, &found, depth);
	for (size_t i = 0; i < found.n; i++) {
		bool is_bare = names_facts(names, found.at[i].file)->exprs.at[found.at[i].expr].kind != EXPR_CALL;
		add(out, marks, found.at[i].name, is_bare ? call.file : found.at[i].file,
		    is_bare ? call.owner : found.at[i].owner, is_bare ? call.expr : found.at[i].expr, call.line);
	}
}

static bool is_inside(const struct facts *facts, uint32_t def, uint32_t outer)
{
	while (def && def != outer)
		def = facts->defs.at[def].parent;
	return def == outer;
}

/* A function of the tree that returns `pytest.mark.x(...)` or puts it around its argument gives that mark, without
 * the arguments, which may be its own.  The decorator itself stays as a mark without a name. */
static void returned(struct names *names, struct arena *out, struct target t, mark_list *marks, struct mark call)
{
	const struct facts *facts = names_facts(names, t.file);
	name what = 0;
	for (uint32_t s = 1; s < facts->stmts.n; s++) {
		uint32_t owner = facts->stmts.at[s].owner;
		if (facts->stmts.at[s].kind != STMT_RETURN || !facts->stmts.at[s].expr ||
		    !is_inside(facts, owner, t.index))
			continue;
		for (uint32_t e = facts->stmts.at[s].expr; !what && e && facts->exprs.at[e].kind == EXPR_CALL;
		     e = facts->exprs.at[e].first) {
			uint32_t callee = facts->exprs.at[e].first;
			what = mark_name(names, target_of(names, t.file, owner, callee));
			if (what)
				add(out, marks, what, t.file, owner, callee, call.line);
		}
	}
	struct str text = what ? names_str(names, what) : STR_NONE;
	call.is_opaque = what ? str_eq(text, STR("parametrize")) || str_eq(text, STR("usefixtures"))
	                      : decorator_speaks_of_marks(names, t);
	vec_push(out, marks, call);
}

static void read_expr(struct names *names, struct arena *out, uint32_t file, uint32_t owner, uint32_t expr,
                      mark_list *marks, int depth)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *e = &facts->exprs.at[expr];
	if (depth > ALIAS_DEPTH)
		return;
	if (e->kind == EXPR_LIST || e->kind == EXPR_TUPLE || (e->kind == EXPR_BINARY && e->op == OP_ADD)) {
		for (uint32_t c = e->first; c; c = facts->exprs.at[c].next)
			read_expr(names, out, file, owner, c, marks, depth + 1);
		return;
	}
	struct target t = target_of(names, file, owner, e->kind == EXPR_CALL ? e->first : expr);
	if (t.kind == TARGET_VARIABLE && t.file == file)
		t = bound_before(names, t, e->at);
	struct mark here = {.name = mark_name(names, t), .file = file, .expr = expr, .owner = owner, .line = e->line};
	if (here.name)
		vec_push(out, marks, here);
	else if (t.kind == TARGET_VARIABLE && e->kind == EXPR_CALL)
		follow_call(names, out, t, marks, here, depth);
	else if (t.kind == TARGET_VARIABLE)
		follow(names, out, t, marks, depth);
	else if (t.kind == TARGET_DEF && facts->defs.n)
		returned(names, out, t, marks, here);
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

/* `pytestmark.append(mark)`, `pytestmark.extend([mark])` in the body of the scope. */
static void appended(struct names *names, struct arena *out, struct def_ref scope, name pytestmark, mark_list *marks)
{
	const struct facts *facts = names_facts(names, scope.file);
	for (uint32_t s = facts->defs.at[scope.def].body; s; s = facts->stmts.at[s].next) {
		const struct expr *call = &facts->exprs.at[facts->stmts.at[s].expr];
		const struct expr *method = &facts->exprs.at[call->first], *list = &facts->exprs.at[method->first];
		if (facts->stmts.at[s].kind != STMT_EXPR || call->kind != EXPR_CALL || method->kind != EXPR_ATTRIBUTE ||
		    list->kind != EXPR_NAME || list->text != pytestmark)
			continue;
		struct str what = names_str(names, method->text);
		if (str_eq(what, STR("append")) || str_eq(what, STR("extend")))
			read_expr(names, out, scope.file, scope.def, method->next, marks, 0);
	}
}

void marks_of_scope(struct names *names, struct arena *out, struct def_ref scope, mark_list *marks)
{
	size_t n;
	name pytestmark = intern(names->repo->names, STR("pytestmark"));
	if (!pytestmark)
		return;
	const struct binding *b = names_bindings(names, scope.file, scope.def, pytestmark, &n);
	size_t from = 0; /* a plain assignment forgets what was there before */
	for (size_t i = 0; i < n; i++)
		if (b[i].kind != BIND_OTHER && !b[i].is_conditional)
			from = i;
	for (size_t i = from; i < n; i++) {
		if (b[i].kind == BIND_IMPORT) {
			struct target t = names_find(names, scope.file, scope.def, pytestmark);
			if (t.kind == TARGET_VARIABLE)
				follow(names, out, t, marks, 0);
			continue;
		}
		if (b[i].value)
			read_expr(names, out, scope.file, scope.def, b[i].value, marks, 0);
	}
	if (n)
		appended(names, out, scope, pytestmark, marks);
}

uint32_t mark_arguments(const struct names *names, const struct mark *mark)
{
	const struct facts *facts = names_facts(names, mark->file);
	const struct expr *e = &facts->exprs.at[mark->expr];
	return e->kind == EXPR_CALL ? facts->exprs.at[e->first].next : 0;
}
