/* Calls that leave the tree: what each does, by its role or by whom it reaches. */
#include <string.h>

#include "resolve/django.h"
#include "resolve/external_own.h"
#include "resolve/flask.h"

/* What came back: carries the contacts this very call made. */
static const struct value *foreign(struct outcall *o, const struct contact *before)
{
	VEC(const struct value *) items = {0};
	struct value v = {.kind = VALUE_FOREIGN, .text = o->dotted};
	for (uint32_t i = 0; i < o->a->n; i++)
		vec_push(o->e->arena, &items, o->a->at[i].value);
	if (o->callee->self && o->callee->self->kind == VALUE_FOREIGN)
		for (uint32_t i = 0; i < o->callee->self->n_items; i++)
			vec_push(o->e->arena, &items, o->callee->self->items[i]);
	v.items = items.at;
	v.n_items = (uint32_t)items.n;
	for (const struct contact *c = o->run->contacts; c && c != before; c = c->next) {
		struct contact *copy = arena_new(o->e->arena, struct contact);
		*copy = *c;
		copy->next = v.contacts;
		v.contacts = copy;
	}
	v.contacts = contacts_joined(o->e, v.contacts, o->callee->contacts);
	return value_make(o->e, v);
}

static bool is_one_of(struct str what, const char *const *known, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(what, str_of(known[i])))
			return true;
	return false;
}

/* Who calls what it is given with the arguments that follow. */
static bool passes_on(struct str last)
{
	static const char *const known[] = {"submit",
	                                    "run_in_executor",
	                                    "to_thread",
	                                    "run_sync",
	                                    "callback",
	                                    "push_async_callback",
	                                    "call_soon",
	                                    "call_soon_threadsafe",
	                                    "apply",
	                                    "apply_async",
	                                    "addCleanup",
	                                    "addClassCleanup",
	                                    "register",
	                                    "start_soon",
	                                    "run_sync_in_worker_thread"};
	return is_one_of(last, known, sizeof known / sizeof *known);
}

static bool is_thread(struct str last)
{
	static const char *const known[] = {"Thread", "Timer", "Process"};
	return is_one_of(last, known, sizeof known / sizeof *known);
}

/* Thread(target=f, args=(host,), kwargs={"port": port}) */
static struct arguments of_thread(struct outcall *o)
{
	struct arguments a = {0};
	const struct value *list = argument_key(o->e, o->a, "args"), *dict = argument_key(o->e, o->a, "kwargs");
	for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->n_items && a.n < ARGUMENTS_MOST; i++)
		a.at[a.n++] = (struct argument){0, list->items[i]};
	for (uint32_t i = 0; dict && dict->kind == VALUE_DICT && i + 1 < dict->n_items && a.n < ARGUMENTS_MOST; i += 2)
		a.at[a.n++] =
		        (struct argument){intern(o->e->names->repo->names, dict->items[i]->text), dict->items[i + 1]};
	return a;
}

/* The arguments that a function gets which stands `at` that place among those of the call. */
static struct arguments handed_on(struct outcall *o, uint32_t at)
{
	struct arguments a = {.has_star = true};
	struct str last = external_last(o->dotted);
	if (is_thread(last))
		return of_thread(o);
	if (!passes_on(last))
		return a;
	a.has_star = o->a->has_star;
	for (uint32_t i = at + 1; i < o->a->n; i++)
		a.at[a.n++] = o->a->at[i];
	return a;
}

/* Who keeps a failure: nobody hears of it, or only who asks for the result. */
static bool keeps_failure(struct str last)
{
	return str_eq(last, STR("submit")) || str_eq(last, STR("apply_async")) || is_thread(last);
}

static bool is_map(struct str last)
{
	static const char *const known[] = {"map", "starmap", "imap", "imap_unordered"};
	return is_one_of(last, known, sizeof known / sizeof *known);
}

/* What comes up in there is swallowed where it happens. */
static void kept_back(struct outcall *o, const struct contact *list)
{
	for (const struct contact *c = list; c; c = c->next) {
		struct contact kept = *c;
		kept.is_guarded = true;
		kept.is_gate = false;
		contact_add(o->run, kept);
	}
}

/* Functions handed to the outside (threads, executors, retry helpers) are taken to be called.  Gives what comes up when
 * somebody asks for the result. */
static const struct contact *call_back(struct outcall *o)
{
	struct str last = external_last(o->dotted);
	struct run inner = *o->run;
	inner.contacts = NULL;
	inner.guard = NULL;
	inner.guards = 0;
	struct run *run = keeps_failure(last) ? &inner : o->run;
	for (uint32_t i = 0; i < o->a->n && rule_holds(o->e->names, RULE_CALLBACKS); i++) {
		const struct value *v = o->a->at[i].value;
		struct arguments a = handed_on(o, i);
		if (v->kind == VALUE_FUNCTION)
			eval_apply(run, v, &a, o->line);
		else if (v->kind == VALUE_UNKNOWN && v->contacts && !v->ref_name && !v->variable)
			eval_apply(run, v, &(struct arguments){0}, o->line);
	}
	kept_back(o, inner.contacts);
	return is_thread(last) ? NULL : inner.contacts;
}

static bool may_be_client(const struct value *v)
{
	for (uint32_t i = 0; v->kind == VALUE_EITHER && i < v->n_items; i++)
		if (v->items[i]->kind == VALUE_FOREIGN && v->items[i]->contacts)
			return true;
	return v->kind == VALUE_FOREIGN && v->contacts;
}

/* Values that carry contacts are used when handed to the outside: helpers.bulk(client, ...). */
static void use_arguments(struct outcall *o)
{
	struct hop hop = {.verb = HOP_USES, .line = o->line, .callee = {REF_NOWHERE, 0}};
	for (uint32_t i = 0; i < o->a->n; i++) {
		const struct value *v = o->a->at[i].value;
		if (!may_be_client(v))
			continue;
		hop.what = v->ref_name;
		hop.ref_file = v->ref_file;
		hop.ref_name = v->ref_name;
		contacts_through(o->run, v->contacts, hop);
	}
}

/* client.get.assert_called_with(...): only a mock has such methods. */
static bool asks_a_mock(struct str dotted)
{
	struct str last = external_last(dotted);
	return str_starts(last, STR("assert_called")) || str_starts(last, STR("assert_awaited")) ||
	       str_starts(last, STR("assert_not_")) || str_starts(last, STR("assert_any_")) ||
	       str_starts(last, STR("assert_has_")) || str_eq(last, STR("reset_mock")) ||
	       str_has(dotted, STR(".return_value."));
}

bool external_sends_nothing(struct str method)
{
	static const char *const quiet[] = {"register_script", "pipeline",       "pubsub",
	                                    "get_database",    "get_collection", "get_connection_kwargs",
	                                    "options",         "with_options"};
	for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
		if (str_eq(method, str_of(quiet[i])))
			return true;
	return false;
}

static void use_receiver(struct outcall *o)
{
	const struct value *self = o->callee->self;
	struct hop hop = {.verb = HOP_USES, .line = o->line, .callee = {REF_NOWHERE, 0}};
	if (rule_holds(o->e->names, RULE_IDLE) && external_sends_nothing(external_last(o->dotted)))
		self = o->callee->kind == VALUE_FOREIGN ? o->callee : NULL; /* client.register_script("...")() */
	if (!self || !o->callee->contacts || asks_a_mock(o->dotted))
		return;
	hop.what = self->ref_name;
	hop.ref_file = self->ref_file;
	hop.ref_name = self->ref_name;
	contacts_through(o->run, o->callee->contacts, hop);
}

/* Containers started by the test itself need docker, no service of the CI. */
static void start_container(struct outcall *o)
{
	int docker = catalogue_find(o->e->names->catalogue, STR("docker"));
	if (docker >= 0)
		external_reach(o, (service_set)1 << docker, GRADE_REQUIRES, true, o->dotted, 0);
}

static const struct value *by_role(struct outcall *o)
{
	const struct value *first = argument_at(o->a, 0);
	const struct contact *before = o->run->contacts;
	switch (o->x->role) {
	case ROLE_TRY:
	case ROLE_DIAL: {
		const struct value *host = first ? first : argument_key(o->e, o->a, "host");
		const struct value *port = argument_at(o->a, 1);
		if (host)
			external_dial_each(o, host, port ? port : argument_key(o->e, o->a, "port"));
		return foreign(o, before);
	}
	case ROLE_LAZY_HOST: {
		const struct value *port = argument_at(o->a, 1);
		if (first)
			external_dial(o, first, port ? port : argument_key(o->e, o->a, "port"), GRADE_PROBABLE, false);
		return foreign(o, before);
	}
	case ROLE_URL:
		if (first && rule_holds(o->e->names, RULE_HTTP))
			external_open_value(o, first, GRADE_PROBABLE, false);
		return foreign(o, before);
	case ROLE_ENVIRONMENT: return external_environment(o);
	case ROLE_DOUBLE: return external_double(o);
	case ROLE_RUN: external_run_program(o); return foreign(o, before);
	case ROLE_IMPORT: return external_import(o);
	case ROLE_EXEC:
		if (first && first->kind != VALUE_STRING)
			external_load(o, STR_NONE);
		return &value_unknown;
	case ROLE_SAME: return first ? first : &value_unknown;
	case ROLE_THIRD: return argument_at(o->a, 2) ? argument_at(o->a, 2) : &value_unknown;
	case ROLE_EACH: return external_each(o);
	case ROLE_NEXT: return external_next(o);
	case ROLE_ZIP: return external_zip(o);
	case ROLE_ENUMERATE: return external_enumerate(o);
	case ROLE_MAP: return external_map(o);
	case ROLE_ENTER:
		if (first)
			protocol_leave(o->run, first, o->line);
		return first ? protocol_enter(o->run, first, o->line) : &value_unknown;
	case ROLE_TRUTH:
		return first ? value_with_contacts(o->e, &value_bool, protocol_truth(o->run, first, o->line)->contacts)
		             : &value_bool;
	case ROLE_ASKS:
		if (first)
			first = protocol_iterate(o->run, first, o->line);
		return first ? value_with_contacts(o->e, &value_bool, value_element(o->e, first)->contacts)
		             : &value_bool;
	case ROLE_LOOKS: return &value_bool;
	case ROLE_GETATTR: return external_getattr(o);
	case ROLE_DICT: return external_dict(o);
	case ROLE_HOLDS: return foreign(o, before);
	case ROLE_PARTIAL: return first && rule_holds(o->e->names, RULE_PARTIALS) ? external_hold(o) : NULL;
	default: return NULL;
	}
}

/* cache.get("x") of django.core.cache, caches["default"].clear(): the service that the settings name. */
static bool asks_cache(struct str dotted)
{
	return str_starts(dotted, STR("django.core.cache.cache."));
}

static void reach_setting(struct outcall *o, const struct setting *setting, struct str what)
{
	if (!setting->services)
		return;
	struct hop *sets = arena_new(o->e->arena, struct hop);
	*sets = (struct hop){.verb = HOP_SETS, .file = setting->file, .line = setting->line, .detail = what};
	sets->callee.file = REF_NOWHERE;
	struct hop *uses = external_cause(o, HOP_USES, STR_NONE);
	uses->next = sets;
	contact_add(o->run, (struct contact){.services = setting->services,
	                                     .grade = o->run->raises ? GRADE_MENTION : GRADE_PROBABLE,
	                                     .hops = uses});
}

static const struct setting *django_caches(struct eval *e)
{
	struct setting *s = &e->caches;
	if (!s->is_known)
		s->services = django_services(e->names, true, &s->file, &s->line);
	s->is_known = true;
	return s;
}

static const struct setting *flask_database(struct eval *e)
{
	struct setting *s = &e->flask;
	if (!s->is_known)
		s->services = flask_services(e->names, &s->file, &s->line);
	s->is_known = true;
	return s;
}

const struct value *external_call(struct run *run, const struct value *callee, const struct arguments *a, uint32_t line)
{
	struct outcall o = {.run = run, .e = run->e, .callee = callee, .a = a, .line = line, .dotted = callee->text};
	o.x = external_of(run->e, intern(run->e->names->repo->names, callee->text));
	struct external known = *o.x; /* the list may move while arguments are evaluated */
	o.x = &known;
	const struct contact *before = run->contacts;
	if (callee->kind == VALUE_FOREIGN && callee->n_items >= 2 && str_eq(callee->text, STR("functools.partial")))
		return external_call_held(run, callee, a, line);
	if (callee->self && callee->self->kind == VALUE_STRING)
		return external_string_method(&o);
	if (callee->self && callee->self->kind == VALUE_DICT)
		return external_dict_method(&o);
	if (callee->self && callee->self->kind == VALUE_FOREIGN && str_eq(callee->self->text, STR("pytest.item"))) {
		const struct value *v = external_item(&o);
		if (v)
			return v;
	}
	if (known.role) {
		const struct value *v = by_role(&o);
		if (v)
			return v;
	}
	if (known.role == ROLE_PATCH)
		return &value_double;
	use_receiver(&o);
	if (known.doubles) {
		contact_add(run, (struct contact){.services = known.doubles,
		                                  .grade = GRADE_MOCKED,
		                                  .hops = external_cause(&o, HOP_DOUBLES, o.dotted)});
		return &value_double;
	}
	if (external_reads_variable(&o))
		return external_environment(&o);
	if (asks_cache(o.dotted))
		reach_setting(&o, django_caches(o.e), STR("CACHES"));
	else if (flask_asks(o.dotted))
		reach_setting(&o, flask_database(o.e), STR("SQLALCHEMY_DATABASE_URI"));
	else if (known.is_container)
		start_container(&o);
	else if (known.services)
		external_construct(&o);
	else
		external_http(&o);
	if (!known.services) /* a client wrapped into another client is not used yet */
		use_arguments(&o);
	if (is_map(external_last(o.dotted)) && a->n && a->at[0].value->kind == VALUE_FUNCTION)
		return external_map(&o);
	const struct contact *later = call_back(&o);
	return value_with_contacts(o.e, foreign(&o, later ? run->contacts : before), later);
}

void external_open(struct run *run, const struct value *settings, name what, uint32_t line)
{
	struct value callee = {.kind = VALUE_EXTERNAL, .text = names_str(run->e->names, what)};
	static const struct arguments none = {.n = 0};
	struct external asks = {.role = ROLE_URL};
	struct outcall o = {.run = run, .e = run->e, .callee = &callee, .a = &none, .line = line};
	o.x = &asks;
	o.dotted = callee.text;
	for (uint32_t i = 1; settings->kind == VALUE_DICT && i < settings->n_items; i += 2)
		external_open_value(&o, settings->items[i], GRADE_PROBABLE, false);
}

void external_probe(struct run *run, const struct value *object, uint32_t line)
{
	struct value callee = {.kind = VALUE_EXTERNAL, .text = STR("client")};
	static const struct arguments none = {.n = 0};
	struct outcall o = {.run = run, .e = run->e, .callee = &callee, .a = &none, .line = line};
	o.dotted = callee.text;
	if (object->kind == VALUE_INSTANCE)
		callee.text = o.dotted = names_str(run->e->names, names_def(run->e->names, object->def)->name);
	if (object->kind != VALUE_INSTANCE && object->kind != VALUE_FOREIGN)
		return;
	struct external asks = {.role = ROLE_URL};
	o.x = &asks;
	for (uint32_t i = 0; i < object->n_items; i++)
		if (object->items[i]->kind == VALUE_STRING && str_has(object->items[i]->text, STR(":")))
			external_open_text(&o, object->items[i]->text, object->items[i]->variable, GRADE_PROBABLE,
			                   false);
}
