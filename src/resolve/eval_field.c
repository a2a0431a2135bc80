/* What a new object holds: what its constructor was given, by parameter name or field, and the fields it was given nothing
 * for.  Dataclasses, attrs and pydantic agree in how fields are written. */
#include "resolve/calls.h"
#include "resolve/eval.h"

/* The call of `client: Client = field(default_factory=Client)`, 0 if it is no field like that. */
static uint32_t field_call(const struct facts *facts, const struct stmt *s)
{
	uint32_t value = s->expr ? facts->exprs.at[s->expr].next : 0; /* of an annotation, the annotation */
	if (s->kind == STMT_ANNOTATE && value)
		value = facts->exprs.at[value].next;
	if ((s->kind != STMT_ANNOTATE && s->kind != STMT_ASSIGN) || !value)
		return 0;
	bool is_name = facts->exprs.at[s->expr].kind == EXPR_NAME;
	return is_name && facts->exprs.at[value].kind == EXPR_CALL ? value : 0;
}

/* What the field of a new object is; NULL when the call says nothing of it. */
static const struct value *initial_of(struct run *run, uint32_t call)
{
	const struct names *names = run->e->names;
	uint32_t factory = call_keyword(names, run->frame->file, call, "default_factory");
	uint32_t line = run_facts(run)->exprs.at[call].line;
	if (!factory)
		factory = call_keyword(names, run->frame->file, call, "factory");
	if (factory)
		return eval_apply(run, eval_expr(run, factory), &(struct arguments){0}, line);
	uint32_t initial = call_keyword(names, run->frame->file, call, "default");
	return initial ? eval_expr(run, initial) : NULL;
}

static name field_at(struct names *names, struct def_ref class_, uint32_t position)
{
	const struct facts *facts = names_facts(names, class_.file);
	for (uint32_t s = names_def(names, class_)->body; s; s = facts->stmts.at[s].next) {
		const struct stmt *st = &facts->stmts.at[s];
		if (st->kind == STMT_ANNOTATE && facts->exprs.at[st->expr].kind == EXPR_NAME && position-- == 0)
			return facts->exprs.at[st->expr].text;
	}
	return 0;
}

enum { HELD_MOST = ARGUMENTS_MOST + 40 };

static void give(struct eval *e, struct value *instance, name what, const struct value *value)
{
	const struct value **items = (const struct value **)instance->items;
	items[instance->n_items++] = value_string(e, names_str(e->names, what));
	items[instance->n_items++] = value;
}

/* The instance knows what its constructor was given, by parameter name or dataclass field. */
static void give_all(struct eval *e, struct value *instance, struct target init, const struct arguments *a)
{
	instance->items = arena_array(e->arena, const struct value *, 2 * HELD_MOST);
	uint32_t position = 0;
	for (uint32_t i = 0; i < a->n; i++) {
		name key = a->at[i].key;
		if (!key && init.kind == TARGET_DEF) {
			const struct def *def = names_def(e->names, (struct def_ref){init.file, init.index});
			uint32_t param = 1 + position++;
			key = param < def->n_params
			              ? names_facts(e->names, init.file)->params.at[def->params + param].name
			              : 0;
		} else if (!key) {
			key = field_at(e->names, instance->def, position++);
		}
		if (key)
			give(e, instance, key, a->at[i].value);
	}
	for (uint32_t i = 1; a->has_star && init.kind == TARGET_DEF && i < ARGUMENTS_MOST; i++) {
		const struct def *def = names_def(e->names, (struct def_ref){init.file, init.index});
		if (i < def->n_params && instance->n_items < 2 * ARGUMENTS_MOST) /* any of them may have been given */
			give(e, instance, names_facts(e->names, init.file)->params.at[def->params + i].name,
			     &value_unknown);
	}
}

static bool is_given(struct eval *e, const struct value *instance, name what)
{
	for (uint32_t i = 0; i + 1 < instance->n_items; i += 2)
		if (str_eq(instance->items[i]->text, names_str(e->names, what)))
			return true;
	return false;
}

static void initial_fields(struct run *run, struct def_ref class_, struct value *instance)
{
	struct eval *e = run->e;
	const struct facts *facts = names_facts(e->names, class_.file);
	struct frame *frame = arena_new(e->arena, struct frame);
	*frame = (struct frame){.file = class_.file, .def = class_.def};
	struct run inner = *run;
	inner.frame = frame;
	for (uint32_t s = names_def(e->names, class_)->body; s; s = facts->stmts.at[s].next) {
		uint32_t call = field_call(facts, &facts->stmts.at[s]);
		name what = call ? facts->exprs.at[facts->stmts.at[s].expr].text : 0;
		if (!call || is_given(e, instance, what) || instance->n_items + 2 > 2 * HELD_MOST)
			continue;
		const struct value *v = initial_of(&inner, call);
		if (v)
			give(e, instance, what, v);
	}
	run->contacts = inner.contacts;
}

void eval_fields(struct run *run, struct value *instance, struct target init, const struct arguments *a)
{
	def_refs mro = {0};
	bool unknown;
	give_all(run->e, instance, init, a);
	names_mro(run->e->names, run->e->arena, instance->def, &mro, &unknown);
	for (size_t i = 0; i < mro.n && init.kind != TARGET_DEF; i++)
		initial_fields(run, mro.at[i], instance);
}
