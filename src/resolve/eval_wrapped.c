/* What decorators of the tree make of a function: to call it is to call what they gave instead. */
#include "resolve/eval.h"

static bool is_callable(struct eval *e, const struct value *v)
{
	name call = intern(e->names->repo->names, STR("__call__"));
	return v->kind == VALUE_FUNCTION ||
	       (v->kind == VALUE_INSTANCE && names_class_member(e->names, v->def, call).kind == TARGET_DEF);
}

/* `@session()`, of a context manager of the tree: it is entered whenever the function is called. */
static bool is_manager(struct eval *e, uint32_t file, uint32_t owner, uint32_t decorator)
{
	const struct expr *x = &names_facts(e->names, file)->exprs.at[decorator];
	struct target t = {.kind = TARGET_NONE};
	if (x->kind == EXPR_CALL)
		t = names_expr(e->names, file, owner, x->first);
	if (t.kind != TARGET_DEF)
		return false;
	struct def_ref ref = {t.file, t.index};
	if (names_def(e->names, ref)->kind == DEF_FUNCTION)
		return names_def(e->names, ref)->is_generator;
	return names_class_member(e->names, ref, intern(e->names->repo->names, STR("__enter__"))).kind == TARGET_DEF;
}

bool wrapped_by_manager(struct run *run, uint32_t decorator)
{
	return is_manager(run->e, run->frame->file, run->frame->def, decorator);
}

/* One decorator around `inner`. */
static void wrap(struct run *run, uint32_t decorator, struct wrapped *w)
{
	struct eval *e = run->e;
	const struct expr *x = &names_facts(e->names, run->frame->file)->exprs.at[decorator];
	struct run making = {.e = e, .frame = run->frame, .returned = &value_none};
	const struct value *d = eval_expr(&making, decorator);
	if (is_manager(e, run->frame->file, run->frame->def, decorator)) {
		protocol_enter(&making, d, x->line);
		protocol_leave(&making, d, x->line);
		w->contacts = contacts_joined(e, w->contacts, making.contacts);
	}
	if (d->kind != VALUE_FUNCTION && d->kind != VALUE_CLASS && !is_callable(e, d))
		return;
	struct arguments a = {.n = 1};
	a.at[0] = (struct argument){0, w->value};
	const struct value *v = eval_apply(&making, d, &a, x->line);
	if (v != w->value && is_callable(e, v)) {
		w->value = v;
		w->is_wrapped = true;
	}
}

const struct wrapped *eval_wrapped(struct eval *e, const struct value *f)
{
	const struct facts *facts = names_facts(e->names, f->def.file);
	const struct def *def = names_def(e->names, f->def);
	uint64_t key = map_mix((uint64_t)f->def.file << 32 | f->def.def, (uint64_t)(uintptr_t)f->frame);
	uint32_t at = map_get(&e->wraps, key);
	if (at != MAP_NONE)
		return e->wrapped_list.at[at];
	struct value bare = {.kind = VALUE_FUNCTION, .def = f->def, .frame = f->frame, .is_bare = true};
	struct wrapped *w = arena_new(e->arena, struct wrapped);
	*w = (struct wrapped){.value = value_make(e, bare)};
	map_put(&e->wraps, key, (uint32_t)e->wrapped_list.n); /* a decorator that calls it gets it bare */
	vec_push(e->arena, &e->wrapped_list, w);
	struct frame *scope = arena_new(e->arena, struct frame);
	*scope = (struct frame){.outer = f->frame, .file = f->def.file, .def = def->parent};
	struct run run = {.e = e, .frame = scope, .returned = &value_none};
	VEC(uint32_t) decorators = {0};
	for (uint32_t d = def->decorators; d; d = facts->exprs.at[d].next)
		vec_push(e->arena, &decorators, d);
	struct wrapped made = *w;
	for (size_t i = decorators.n; i-- > 0;)
		wrap(&run, decorators.at[i], &made);
	*w = made;
	return w;
}
