/* Calls: of functions, classes, doubles and the outside; their arguments as written. */
#include <string.h>

#include "resolve/calls.h"
#include "resolve/eval.h"
#include "resolve/flask.h"
#include "resolve/own_client.h"

static struct hop call_hop(const struct value *f, const struct names *names, uint32_t line)
{
	struct hop hop = {
	        .verb = HOP_CALLS, .line = line, .callee = f->def, .ref_file = f->ref_file, .ref_name = f->ref_name};
	hop.what = names_def(names, f->def)->name;
	hop.makers = f->self ? f->self->makers : NULL;
	return hop;
}

/* An instance remembers that it came from `f`. */
static const struct value *made_by(struct eval *e, const struct value *f, const struct value *answer)
{
	if (answer->kind != VALUE_INSTANCE || answer == f->self)
		return answer;
	struct maker *maker = arena_new(e->arena, struct maker);
	*maker = (struct maker){answer->makers, f->def, f->ref_file, f->ref_name};
	struct value copy = *answer;
	copy.makers = maker;
	return value_make(e, copy);
}

/* What a function answers tells of whom it asked: the answer carries its contacts, this call before each. */
static const struct value *answer_of(struct eval *e, const struct summary *s, struct hop hop)
{
	struct value answer = *s->returned;
	answer.contacts = NULL;
	for (const struct contact *c = s->contacts; c; c = c->next) {
		if (c->grade <= GRADE_MOCKED)
			continue;
		struct contact *copy = arena_new(e->arena, struct contact);
		*copy = *c;
		copy->next = answer.contacts;
		answer.contacts = copy;
	}
	answer.contacts = contacts_joined(e, answer.contacts, s->returned->contacts);
	if (!answer.contacts)
		return s->returned;
	answer.contacts = contacts_after(e, answer.contacts, hop);
	return value_make(e, answer);
}

/* connect(mongo_client_class=mongomock.MongoClient): the services whose double the function is to use. */
static service_set given_doubles(struct eval *e, const struct arguments *a)
{
	service_set set = 0;
	for (uint32_t i = 0; i < a->n && rule_holds(e->names, RULE_GIVEN); i++) {
		const struct value *v = a->at[i].value;
		struct str what = STR_NONE;
		if (v->kind == VALUE_EXTERNAL || v->kind == VALUE_FOREIGN)
			set |= external_of(e, intern(e->names->repo->names, v->text))->doubles;
		if (v->kind == VALUE_CLASS || v->kind == VALUE_INSTANCE)
			what = names_str(e->names, names_def(e->names, v->def)->name);
		if (name_is_double(e->names, what))
			set |= words_services(e->names, what);
	}
	return set;
}

/* What would have reached one of `doubled` is mocked. */
static const struct contact *contacts_doubled(struct eval *e, const struct contact *list, service_set doubled)
{
	const struct contact *all = NULL;
	for (; list; list = list->next) {
		struct contact *copy = arena_new(e->arena, struct contact);
		*copy = *list;
		if (list->services && !(list->services & ~doubled) && list->grade > GRADE_MOCKED) {
			copy->grade = GRADE_MOCKED;
			copy->is_gate = false;
		}
		copy->next = all;
		all = copy;
	}
	return all;
}

/* Clients handed to a function that is called in too many ways to be run for this one are taken to be used. */
static void use_clients(struct run *run, const struct value *f, const struct arguments *a, uint32_t line)
{
	struct hop hop = {.verb = HOP_USES, .line = line, .callee = {REF_NOWHERE, 0}};
	bool keeps = str_starts(names_str(run->e->names, names_def(run->e->names, f->def)->name), STR("__"));
	for (uint32_t i = 0; i < a->n && !keeps; i++) {
		const struct value *v = a->at[i].value;
		if (v->kind != VALUE_FOREIGN && (v->kind != VALUE_INSTANCE || own_client_is_inside(run)))
			continue;
		hop.what = v->ref_name;
		hop.ref_file = v->ref_file;
		hop.ref_name = v->ref_name;
		contacts_through(run, v->contacts, hop);
	}
}

/* A decorated function: what its decorators made of it is called, if they made anything of it. */
static bool apply_wrapped(struct run *run, const struct value *f, const struct arguments *a, struct summary *s)
{
	struct eval *e = run->e;
	if (f->is_bare || !names_def(e->names, f->def)->decorators)
		return false;
	const struct wrapped *w = eval_wrapped(e, f);
	if (!w->is_wrapped && !w->contacts)
		return false;
	struct frame frame = {.file = f->def.file};
	struct run inner = {.e = e, .frame = &frame, .returned = &value_none};
	struct arguments all = {.has_star = a->has_star};
	if (f->self)
		all.at[all.n++] = (struct argument){0, f->self};
	for (uint32_t i = 0; i < a->n && all.n < ARGUMENTS_MOST; i++)
		all.at[all.n++] = a->at[i];
	uint32_t line = names_facts(e->names, f->def.file)->stmts.at[names_def(e->names, f->def)->stmt].line;
	if (w->is_wrapped) {
		s->returned = eval_apply(&inner, w->value, &all, line);
		s->contacts = inner.contacts;
	} else {
		*s = *eval_function(e, f, a);
	}
	s->contacts = contacts_joined(e, s->contacts, w->contacts);
	return true;
}

static const struct value *apply_function(struct run *run, const struct value *f, const struct arguments *a,
                                          uint32_t line)
{
	struct summary by_wrapper = {0};
	const struct summary *s = apply_wrapped(run, f, a, &by_wrapper) ? &by_wrapper : eval_function(run->e, f, a);
	service_set doubled = given_doubles(run->e, a);
	struct summary with_doubles = *s;
	if (doubled) {
		struct value returned = *s->returned;
		returned.contacts = contacts_doubled(run->e, returned.contacts, doubled);
		with_doubles.returned = value_make(run->e, returned);
		with_doubles.contacts = contacts_doubled(run->e, s->contacts, doubled);
		s = &with_doubles;
	}
	struct hop hop = call_hop(f, run->e->names, line);
	hop.file = run->frame->file;
	contacts_through(run, s->contacts, hop);
	const struct value *answer = made_by(run->e, f, answer_of(run->e, s, hop));
	const struct contact *client = own_client_opened(run, f, a, line);
	contacts_through(run, client, hop);
	own_client_used(run, f, a, line);
	if (s->is_rough)
		use_clients(run, f, a, line);
	return client ? value_with_contacts(run->e, answer, client) : answer;
}

/* External base classes: a subclass of redis.Redis connects as redis.Redis does.  So do classes that are clients. */
static const struct contact *base_contacts(struct run *run, struct def_ref class_, const struct arguments *a,
                                           uint32_t line)
{
	struct eval *e = run->e;
	def_refs mro = {0};
	bool unknown;
	struct run inner = {.e = e, .frame = run->frame, .returned = &value_none, .raises = run->raises};
	const struct contact *own = NULL;
	names_mro(e->names, e->arena, class_, &mro, &unknown);
	for (size_t i = 0; i < mro.n; i++)
		own = contacts_joined(e, own, own_client_made(run, mro.at[i], a, line));
	for (size_t i = 0; unknown && i < mro.n; i++) {
		const struct facts *facts = names_facts(e->names, mro.at[i].file);
		for (uint32_t b = names_def(e->names, mro.at[i])->bases; b; b = facts->exprs.at[b].next) {
			struct target t = names_base(e->names, mro.at[i], b);
			if (t.kind != TARGET_EXTERNAL || !external_of(e, t.text)->services)
				continue;
			struct value callee = {.kind = VALUE_EXTERNAL, .text = names_str(e->names, t.text)};
			external_call(&inner, &callee, a, line);
		}
	}
	return contacts_joined(e, inner.contacts, own);
}

bool name_is_double(const struct names *names, struct str what)
{
	static const char *const prefixes[] = {"Stub", "Fake", "Spy", "InMemory", "Mock", "Dummy"};
	if (str_starts(what, STR("_")))
		what = str_slice(what, 1, what.n);
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes && rule_holds(names, RULE_DOUBLES); i++)
		if (str_starts(what, str_of(prefixes[i])))
			return true;
	return false;
}

/* A class of the tree called FakeRedis stands for Redis. */
static void double_contact(struct run *run, struct def_ref class_, uint32_t line)
{
	const struct names *names = run->e->names;
	name what = names_def(names, class_)->name;
	if (!name_is_double(names, names_str(names, what)))
		return;
	service_set set = words_services(names, names_str(names, what));
	if (!set)
		return;
	struct hop *hop = arena_new(run->e->arena, struct hop);
	*hop = (struct hop){.verb = HOP_DOUBLES, .file = run->frame->file, .line = line, .what = what};
	hop->callee.file = REF_NOWHERE;
	hop->detail = names_str(names, what);
	contact_add(run, (struct contact){.services = set, .grade = GRADE_MOCKED, .hops = hop});
}

/* What making an object calls besides __init__. */
static void construct(struct run *run, const struct value *made, const struct arguments *a, bool has_init,
                      uint32_t line)
{
	struct names *names = run->e->names;
	name what = intern(names->repo->names, STR("__new__"));
	struct target t = names_class_member(names, made->def, what);
	struct value class_ = {.kind = VALUE_CLASS, .def = made->def};
	struct value new = {.kind = VALUE_FUNCTION, .def = {t.file, t.index}, .self = value_make(run->e, class_)};
	if (t.kind == TARGET_DEF)
		eval_apply(run, value_make(run->e, new), a, line);
	if (!has_init)
		protocol_call(run, made, "__post_init__", NULL, line);
	if (!has_init)
		protocol_call(run, made, "__attrs_post_init__", NULL, line);
}

static const struct value *apply_class(struct run *run, const struct value *class_, const struct arguments *a,
                                       uint32_t line)
{
	struct eval *e = run->e;
	struct value instance = {.kind = VALUE_INSTANCE, .def = class_->def, .frame = class_->frame};
	if (names_inherits(e->names, class_->def, STR(FLASK_DATABASE))) /* what it adds is of no interest here */
		return value_make(e, (struct value){.kind = VALUE_FOREIGN, .text = STR(FLASK_DATABASE)});
	struct target init = names_class_member(e->names, class_->def, intern(e->names->repo->names, STR("__init__")));
	struct run fields = {.e = e, .frame = run->frame, .returned = &value_none, .raises = run->raises};
	eval_fields(&fields, &instance, init, a);
	const struct contact *from_bases = base_contacts(run, class_->def, a, line);
	if (name_is_double(e->names, names_str(e->names, names_def(e->names, class_->def)->name)))
		from_bases = NULL; /* class MockConsumer(Consumer) */
	instance.contacts = from_bases;
	const struct value *made = value_make(e, instance);
	struct hop hop = {.verb = HOP_CALLS, .line = line, .callee = class_->def, .ref_file = class_->ref_file};
	hop.ref_name = class_->ref_name;
	hop.what = names_def(e->names, class_->def)->name;
	contacts_through(run, from_bases, hop);
	double_contact(run, class_->def, line);
	construct(&fields, made, a, init.kind == TARGET_DEF, line);
	contacts_through(run, fields.contacts, hop);
	if (init.kind != TARGET_DEF)
		return made;
	struct value bound = {
	        .kind = VALUE_FUNCTION, .def = {init.file, init.index}, .self = made, .frame = class_->frame};
	const struct summary *s = eval_function(e, value_make(e, bound), a);
	contacts_through(run, s->contacts, hop);
	return made;
}

/* Nothing is reached; what the original would have reached is mocked. */
static const struct value *apply_double(struct run *run, const struct value *callee, const struct arguments *a,
                                        uint32_t line)
{
	struct run would = {.e = run->e, .frame = run->frame, .returned = &value_none};
	if (!callee->self)
		return &value_double;
	eval_apply(&would, callee->self, a, line);
	for (const struct contact *c = would.contacts; c; c = c->next) {
		struct contact mocked = *c;
		mocked.grade = GRADE_MOCKED;
		mocked.is_gate = false;
		contact_add(run, mocked);
	}
	return &value_double;
}

const struct value *eval_apply(struct run *run, const struct value *callee, const struct arguments *a, uint32_t line)
{
	if (run->dials && callee->self)
		external_probe(run, callee->self, line);
	switch (callee->kind) {
	case VALUE_FUNCTION: return apply_function(run, callee, a, line);
	case VALUE_CLASS: return apply_class(run, callee, a, line);
	case VALUE_EXTERNAL:
	case VALUE_FOREIGN: return external_call(run, callee, a, line);
	case VALUE_DOUBLE: return apply_double(run, callee, a, line);
	case VALUE_INSTANCE: {
		name call = intern(run->e->names->repo->names, STR("__call__"));
		if (names_class_member(run->e->names, callee->def, call).kind == TARGET_DEF)
			return eval_apply(run, value_attribute(run, callee, call, line), a, line);
		return &value_unknown;
	}
	case VALUE_EITHER: {
		const struct value *all = &value_none;
		for (uint32_t i = 0; i < callee->n_items; i++)
			all = value_join(run->e, all, eval_apply(run, callee->items[i], a, line));
		return all;
	}
	default: /* unknown: a lambda's body, or a method of something that carries contacts */
		if (callee->contacts) {
			struct hop hop = {
			        .verb = HOP_USES, .line = line, .callee = {REF_NOWHERE, 0}, .what = callee->ref_name};
			contacts_through(run, callee->contacts, hop);
		}
		return value_with_contacts(run->e, &value_unknown, callee->contacts);
	}
}

static void add_argument(struct arguments *a, name key, const struct value *value)
{
	if (a->n < ARGUMENTS_MOST)
		a->at[a->n++] = (struct argument){key, value};
	else
		a->has_star = true;
}

static void add_star(struct run *run, struct arguments *a, const struct value *v, bool is_double)
{
	if (!is_double && v->kind == VALUE_EITHER) {
		uint32_t n = v->items[0]->kind == VALUE_LIST ? v->items[0]->n_items : 0;
		for (uint32_t i = 0; i < n; i++) {
			const struct value *all = &value_none;
			for (uint32_t k = 0; k < v->n_items; k++)
				if (v->items[k]->kind == VALUE_LIST && i < v->items[k]->n_items)
					all = value_join(run->e, all, v->items[k]->items[i]);
			add_argument(a, 0, all);
		}
		a->has_star |= n == 0;
	} else if (!is_double && v->kind == VALUE_LIST) {
		for (uint32_t i = 0; i < v->n_items; i++)
			add_argument(a, 0, v->items[i]);
	} else if (is_double && v->kind == VALUE_DICT) {
		for (uint32_t i = 0; i + 1 < v->n_items; i += 2)
			if (v->items[i]->kind == VALUE_STRING)
				add_argument(a, intern(run->e->names->repo->names, v->items[i]->text), v->items[i + 1]);
	} else {
		a->has_star = true;
	}
}

static void read_arguments(struct run *run, uint32_t first, struct arguments *a)
{
	const struct facts *facts = names_facts(run->e->names, run->frame->file);
	for (uint32_t x = first; x; x = facts->exprs.at[x].next) {
		const struct expr *e = &facts->exprs.at[x];
		if (e->kind == EXPR_STAR || e->kind == EXPR_DOUBLE_STAR)
			add_star(run, a, eval_expr(run, e->first), e->kind == EXPR_DOUBLE_STAR);
		else if (e->kind == EXPR_KEYWORD)
			add_argument(a, e->text, eval_expr(run, e->first));
		else
			add_argument(a, 0, eval_expr(run, x));
	}
}

/* `super()`: the instance, seen as its first base class. */
static const struct value *eval_super(struct run *run)
{
	struct eval *e = run->e;
	const struct facts *facts = names_facts(e->names, run->frame->file);
	uint32_t class_ = facts->defs.at[run->frame->def].parent;
	if (!run->frame->self || facts->defs.at[class_].kind != DEF_CLASS)
		return NULL;
	for (uint32_t b = facts->defs.at[class_].bases; b; b = facts->exprs.at[b].next) {
		struct target t = names_base(e->names, (struct def_ref){run->frame->file, class_}, b);
		if (t.kind != TARGET_DEF)
			continue;
		struct value v = *run->frame->self;
		v.kind = VALUE_INSTANCE;
		v.def = (struct def_ref){t.file, t.index};
		return value_make(e, v);
	}
	return NULL;
}

/* `urls.append(x)` and `.extend(xs)` on a local list: the name now means the longer list. */
static bool mutate_list(struct run *run, const struct expr *callee, struct str what, const struct value *v)
{
	const struct expr *object = &names_facts(run->e->names, run->frame->file)->exprs.at[callee->first];
	bool appends = str_eq(what, STR("append")), extends = str_eq(what, STR("extend"));
	const struct value *list =
	        object->kind == EXPR_NAME && (appends || extends) ? frame_get(run->frame, object->text) : NULL;
	if (!list || list->kind != VALUE_LIST || list->n_items > 64)
		return false;
	VEC(const struct value *) items = {0};
	for (uint32_t i = 0; i < list->n_items; i++)
		vec_push(run->e->arena, &items, list->items[i]);
	for (uint32_t i = 0; extends && v->kind == VALUE_LIST && i < v->n_items; i++)
		vec_push(run->e->arena, &items, v->items[i]);
	if (appends)
		vec_push(run->e->arena, &items, v);
	struct value longer = *list;
	longer.items = items.at;
	longer.n_items = (uint32_t)items.n;
	longer.contacts = contacts_joined(run->e, list->contacts, v->contacts);
	frame_set(run->e, run->frame, object->text, value_make(run->e, longer));
	return true;
}

/* request.getfixturevalue: of a computed name, any fixture it could be. */
static const struct value *fixture_value(struct run *run, const struct value *what, uint32_t line)
{
	struct eval *e = run->e;
	bool is_known = value_is_text(what);
	if (what->kind == VALUE_EITHER) { /* parametrized with literal names */
		const struct value *all = &value_none;
		for (uint32_t i = 0; i < what->n_items; i++)
			all = value_join(e, all, fixture_value(run, what->items[i], line));
		return all;
	}
	if (is_known)
		return e->fixture(e->fixture_data, run, intern(e->names->repo->names, what->text), line);
	struct hop *hop = arena_new(e->arena, struct hop);
	*hop = (struct hop){.verb = HOP_LOADS, .file = run->frame->file, .line = line, .callee = {REF_NOWHERE, 0}};
	hop->what = intern(e->names->repo->names, STR("getfixturevalue"));
	hop->detail = value_text(e, what);
	contact_add(run, (struct contact){.grade = GRADE_UNKNOWN, .is_dynamic = true, .hops = hop});
	return &value_unknown;
}

/* What the plugins for fixtures among parametrized arguments call them. */
static bool is_lazy(const struct names *names, struct str what)
{
	static const char *const lazy[] = {"lf", "lazy_fixture", "fixture_ref"};
	for (size_t i = 0; i < sizeof lazy / sizeof *lazy && rule_holds(names, RULE_LAZY); i++)
		if (str_eq(what, str_of(lazy[i])))
			return true;
	return false;
}

const struct value *eval_call(struct run *run, uint32_t call)
{
	struct eval *e = run->e;
	const struct facts *facts = names_facts(e->names, run->frame->file);
	const struct expr *x = &facts->exprs.at[call], *callee = &facts->exprs.at[x->first];
	struct str what = callee->kind == EXPR_NAME || callee->kind == EXPR_ATTRIBUTE
	                          ? names_str(e->names, callee->text)
	                          : STR_NONE;
	if (callee->kind == EXPR_NAME && str_eq(what, STR("super"))) {
		const struct value *base = eval_super(run);
		if (base)
			return base;
	}
	struct arguments a = {0};
	const struct value *f = eval_expr(run, x->first);
	const struct contact *before = run->contacts;
	read_arguments(run, callee->next, &a);
	if (f->kind == VALUE_EXTERNAL && str_eq(f->text, STR("builtins.any")) && a.n) {
		any_of_contacts(run, before, x->line);
		return run->contacts == before ? eval_apply(run, f, &a, x->line) : &value_bool;
	}
	if (callee->kind == EXPR_ATTRIBUTE && a.n && mutate_list(run, callee, what, a.at[0].value))
		return &value_none;
	if (e->fixture && a.n && (str_eq(what, STR("getfixturevalue")) || is_lazy(e->names, what)))
		return fixture_value(run, a.at[0].value, x->line);
	if (a.n && str_eq(what, STR("getoption")) && a.at[0].value->kind == VALUE_STRING &&
	    words_services(e->names, a.at[0].value->text)) /* config.getoption("--postgresql") */
		return value_with_variable(e, &value_unknown, intern(e->names->repo->names, a.at[0].value->text));
	if (f->kind == VALUE_UNKNOWN && a.n &&
	    (str_eq(what, STR("addCleanup")) || str_eq(what, STR("addClassCleanup")))) {
		struct arguments rest = {.n = a.n - 1,
		                         .has_star = a.has_star}; /* of a TestCase, which calls it later */
		memcpy(rest.at, a.at + 1, rest.n * sizeof *rest.at);
		eval_apply(run, a.at[0].value, &rest, x->line);
	}
	return eval_apply(run, f, &a, x->line);
}
