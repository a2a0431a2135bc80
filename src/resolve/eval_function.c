/* Functions of the tree: parameters, variables, what a body gives for one shape of its arguments. */
#include "resolve/calls.h"
#include "resolve/own_client.h"

enum { DEPTH_MOST = 40 };

const struct value *argument_at(const struct arguments *a, uint32_t position)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (!a->at[i].key && position-- == 0)
			return a->at[i].value;
	return NULL;
}

const struct value *argument_key(const struct eval *e, const struct arguments *a, const char *key)
{
	name wanted = intern(e->names->repo->names, str_of(key));
	for (uint32_t i = 0; wanted && i < a->n; i++)
		if (a->at[i].key == wanted)
			return a->at[i].value;
	return NULL;
}

static const struct value *bound_value(struct run *run, const struct binding *b)
{
	const struct value *v = eval_expr(run, b->value);
	struct eval *e = run->e;
	if (b->kind == BIND_LOOP)
		v = value_element(e, v);
	if (b->item) {
		if (v->kind == VALUE_LIST && b->item <= v->n_items)
			v = v->items[b->item - 1];
		else if (v->kind != VALUE_DOUBLE)
			v = value_with_contacts(e, &value_unknown, v->contacts);
	}
	/* Contacts made on the way belong to the value: whoever uses it makes them. */
	return value_with_contacts(e, v, own_client_left(e, run->contacts));
}

const struct value *eval_variable(struct eval *e, struct target variable, struct frame *frame)
{
	const struct binding *b = names_variable(e->names, variable);
	uint64_t key = map_mix((uint64_t)variable.file << 32 | variable.index, (uint64_t)(uintptr_t)frame);
	uint32_t at = map_get(&e->variables, key);
	if (at != MAP_NONE)
		return e->variable_list.at[at] ? e->variable_list.at[at] : &value_unknown; /* it refers to itself */
	if (!b->value || e->depth >= DEPTH_MOST)
		return &value_unknown;
	at = (uint32_t)e->variable_list.n;
	vec_push(e->arena, &e->variable_list, NULL);
	map_put(&e->variables, key, at);
	struct frame *scope = frame;
	if (!scope) {
		scope = arena_new(e->arena, struct frame);
		*scope = (struct frame){.file = variable.file,
		                        .def = names_facts(e->names, variable.file)->stmts.at[b->stmt].owner,
		                        .is_still = true};
		frame_arguments(e, scope, &(struct arguments){0});
	}
	struct run run = {.e = e, .frame = scope, .returned = &value_none};
	uint64_t left = budget_begin(e, variable.file);
	e->depth++;
	const struct value *v =
	        scope == frame || rule_holds(e->names, RULE_CONSTANTS) ? bound_value(&run, b) : &value_unknown;
	e->depth--;
	budget_end(e, left);
	e->variable_list.at[at] = v;
	return v;
}

const struct value *eval_global(struct eval *e, struct target variable)
{
	size_t n;
	const struct value *v = eval_variable(e, variable, NULL);
	const uint32_t *globals = names_globals(e->names, variable.file, &n);
	name what = n ? names_variable(e->names, variable)->name : 0;
	for (size_t i = 0; i < n; i++) {
		struct target t = {.kind = TARGET_VARIABLE, .file = variable.file, .index = globals[i]};
		if (t.index != variable.index && names_variable(e->names, t)->name == what)
			v = value_join(e, v, eval_variable(e, t, NULL));
	}
	return v;
}

static const struct value *take_argument(struct eval *e, const struct arguments *a, bool *taken, const struct param *p,
                                         uint32_t *position)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (a->at[i].key == p->name && !taken[i]) {
			taken[i] = true;
			return a->at[i].value;
		}
	if (p->kind == PARAM_KEYWORD_ONLY)
		return NULL;
	const struct value *v = argument_at(a, *position);
	if (v)
		++*position;
	(void)e;
	return v;
}

static const struct value *rest_of(struct eval *e, const struct arguments *a, const bool *taken, uint32_t position,
                                   bool keywords)
{
	VEC(const struct value *) items = {0};
	uint32_t seen = 0;
	for (uint32_t i = 0; i < a->n; i++) {
		if (keywords && a->at[i].key && !taken[i]) {
			vec_push(e->arena, &items, value_string(e, names_str(e->names, a->at[i].key)));
			vec_push(e->arena, &items, a->at[i].value);
		}
		if (!keywords && !a->at[i].key && seen++ >= position)
			vec_push(e->arena, &items, a->at[i].value);
	}
	struct value v = {.kind = keywords ? VALUE_DICT : VALUE_LIST, .items = items.at, .n_items = (uint32_t)items.n};
	return value_make(e, v);
}

void frame_arguments(struct eval *e, struct frame *frame, const struct arguments *a)
{
	const struct facts *facts = names_facts(e->names, frame->file);
	const struct def *def = &facts->defs.at[frame->def];
	bool taken[ARGUMENTS_MOST] = {false};
	uint32_t position = 0;
	for (uint32_t i = 0; i < def->n_params; i++) {
		const struct param *p = &facts->params.at[def->params + i];
		const struct value *v = NULL;
		if (i == 0 && frame->self)
			v = frame->self;
		else if (p->kind == PARAM_REST || p->kind == PARAM_KEYWORDS)
			v = rest_of(e, a, taken, position, p->kind == PARAM_KEYWORDS);
		else if (rule_holds(e->names, RULE_ARGUMENTS))
			v = take_argument(e, a, taken, p, &position);
		if (!v && p->initial && !a->has_star && rule_holds(e->names, RULE_DEFAULTS)) {
			struct frame outer = {.file = frame->file, .def = def->parent};
			struct run run = {.e = e, .frame = &outer, .returned = &value_none};
			v = eval_expr(&run, p->initial);
		}
		frame_set(e, frame, p->name, v ? v : &value_unknown);
	}
}

static uint64_t call_key(const struct value *f, const struct arguments *a)
{
	uint64_t key = value_hash(f);
	for (uint32_t i = 0; i < a->n; i++)
		key = map_mix(map_mix(key, a->at[i].key), value_hash(a->at[i].value));
	return map_mix(key, a->has_star);
}

enum { SHAPES_MOST = 64 };

/* A function called in many ways is run for the first of them, and once more for all others together. */
static bool is_worn(struct eval *e, struct def_ref def)
{
	uint64_t key = (uint64_t)def.file << 32 | def.def;
	uint32_t n = map_get(&e->shapes, key);
	n = n == MAP_NONE ? 0 : n;
	if (n < SHAPES_MOST)
		map_put(&e->shapes, key, n + 1);
	return n >= SHAPES_MOST;
}

/* A generator; one under a decorator may be a context manager, or anything. */
static bool gives_items(const struct names *names, struct def_ref ref)
{
	const struct def *def = names_def(names, ref);
	const struct facts *facts = names_facts(names, ref.file);
	for (uint32_t d = def->decorators; d; d = facts->exprs.at[d].next) {
		struct str what = names_str(names, facts->exprs.at[d].text);
		if (!str_eq(what, STR("staticmethod")) && !str_eq(what, STR("classmethod")) &&
		    !str_eq(what, STR("property")))
			return false;
	}
	return def->is_generator;
}

/* The list of what a generator yields. */
static const struct value *as_items(struct eval *e, const struct value *yielded)
{
	const struct value **one = arena_new(e->arena, const struct value *);
	*one = yielded;
	bool many = yielded->kind == VALUE_EITHER;
	struct value v = {.kind = VALUE_LIST,
	                  .items = many ? yielded->items : one,
	                  .n_items = many ? yielded->n_items : 1,
	                  .contacts = yielded->contacts};
	return value_make(e, v);
}

/* The position of a summary; where the first asked for the marks of its test, there is one for each set of them. */
static uint32_t summary_of(struct eval *e, uint64_t key)
{
	uint32_t at = map_get(&e->summaries, key);
	bool by_marks = at != MAP_NONE && e->summary_list.at[at].asks_item;
	return by_marks ? map_get(&e->summaries, map_mix(key, e->item)) : at;
}

struct summary eval_body(struct eval *e, const struct value *f, const struct arguments *a)
{
	struct frame *frame = arena_new(e->arena, struct frame);
	*frame = (struct frame){.outer = f->frame, .file = f->def.file, .def = f->def.def, .self = f->self};
	struct run run = {.e = e, .frame = frame, .returned = &value_none};
	uint64_t left = budget_begin(e, f->def.file);
	e->depth++;
	frame_arguments(e, frame, a);
	run_patterns(&run);
	run_block(&run, names_def(e->names, f->def)->body);
	e->depth--;
	budget_end(e, left);
	if (gives_items(e->names, f->def))
		run.returned = as_items(e, run.returned);
	return (struct summary){.returned = run.returned, .contacts = run.contacts};
}

const struct summary *eval_function(struct eval *e, const struct value *f, const struct arguments *a)
{
	static const struct summary nothing = {.returned = &value_unknown};
	static const struct arguments any = {.has_star = true};
	uint64_t key = call_key(f, a);
	uint32_t at = summary_of(e, key);
	struct value plain = {.kind = VALUE_FUNCTION, .def = f->def};
	bool is_rough = false;
	if (at == MAP_NONE && is_worn(e, f->def)) {
		if (f->self)
			plain.self = value_make(e, (struct value){.kind = VALUE_INSTANCE, .def = f->self->def});
		f = value_make(e, plain);
		a = &any;
		key = call_key(f, a);
		at = summary_of(e, key);
		is_rough = true;
	}
	if (at != MAP_NONE) {
		e->summary_list.at[at].is_rough |= is_rough;
		e->asks_item |= e->summary_list.at[at].asks_item;
		return e->summary_list.at[at].is_running ? &nothing : &e->summary_list.at[at];
	}
	if (e->depth >= DEPTH_MOST)
		return &nothing;
	at = (uint32_t)e->summary_list.n;
	vec_push(e->arena, &e->summary_list, ((struct summary){.returned = &value_unknown, .is_running = true}));
	map_put(&e->summaries, map_get(&e->summaries, key) == MAP_NONE ? key : map_mix(key, e->item), at);
	bool asked = e->asks_item;
	e->asks_item = false;
	struct summary made = eval_body(e, f, a);
	made.asks_item = e->asks_item;
	made.is_rough = is_rough;
	e->summary_list.at[at] = made;
	if (e->asks_item)
		map_put(&e->summaries, map_mix(key, e->item), at);
	e->asks_item |= asked;
	return &e->summary_list.at[at];
}

void eval_init(struct eval *e, struct names *names, struct arena *arena, const struct config *config)
{
	*e = (struct eval){.names = names, .arena = arena, .config = config};
	map_init(&e->shapes, arena);
	map_init(&e->summaries, arena);
	map_init(&e->variables, arena);
	map_init(&e->known, arena);
	map_init(&e->attributes, arena);
	map_init(&e->externals, arena);
	map_init(&e->libraries, arena);
	map_init(&e->modules, arena);
	map_init(&e->wraps, arena);
}
