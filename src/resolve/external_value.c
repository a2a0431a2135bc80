/* What calls of the outside give back: environment variables, doubles, attributes, pieces of dicts, partials. */
#include <string.h>

#include "resolve/environment.h"
#include "resolve/external_own.h"

const struct value *external_environment(struct outcall *o)
{
	const struct value *variable = argument_at(o->a, 0), *initial = argument_at(o->a, 1);
	if (!initial)
		initial = argument_key(o->e, o->a, "default");
	if (!variable || variable->kind != VALUE_STRING)
		return &value_unknown;
	bool is_known = initial && initial->kind != VALUE_NONE && rule_holds(o->e->names, RULE_DEFAULT_ENV);
	return environment_value(o->e, intern(o->e->names->repo->names, variable->text), is_known ? initial : NULL);
}

bool external_reads_variable(struct outcall *o)
{
	const struct value *first = argument_at(o->a, 0);
	bool is_reader = str_has(o->dotted, STR("env")) || str_ends(o->dotted, STR("starlette.config.Config"));
	if (!first || first->kind != VALUE_STRING || first->text.n < 4 || !is_reader)
		return false;
	for (size_t i = 0; i < first->text.n; i++) {
		char c = first->text.at[i];
		if (!((c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9')))
			return false;
	}
	return true;
}

const struct value *external_double(struct outcall *o)
{
	if (!rule_holds(o->e->names, RULE_SPECS))
		return &value_unknown;
	const struct value *spec = argument_key(o->e, o->a, "spec");
	if (!spec)
		spec = argument_at(o->a, 0);
	if (spec && spec->kind == VALUE_CLASS) {
		struct str path = o->e->names->repo->files.at[spec->def.file].path;
		struct str what = names_str(o->e->names, names_def(o->e->names, spec->def)->name);
		service_set set =
		        words_services(o->e->names, str_fmt(o->e->arena, "%.*s %.*s", STR_ARG(path), STR_ARG(what)));
		if (set)
			contact_add(o->run, (struct contact){.services = set,
			                                     .grade = GRADE_MOCKED,
			                                     .hops = external_cause(o, HOP_DOUBLES, what)});
	}
	if (spec && spec->kind == VALUE_EXTERNAL) {
		const struct external *x = external_of(o->e, intern(o->e->names->repo->names, spec->text));
		if (x->services) {
			struct contact c = {.services = x->services,
			                    .grade = GRADE_MOCKED,
			                    .hops = external_cause(o, HOP_DOUBLES, spec->text)};
			contact_add(o->run, c);
		}
	}
	return &value_double;
}

const struct value *external_getattr(struct outcall *o)
{
	const struct value *object = argument_at(o->a, 0), *what = argument_at(o->a, 1), *other = argument_at(o->a, 2);
	if (!object)
		return &value_unknown;
	if (!what || what->kind != VALUE_STRING || memchr(what->text.at, VALUE_HOLE, what->text.n))
		return value_with_contacts(o->e, &value_unknown, object->contacts);
	const struct value *v = value_attribute(o->run, object, intern(o->e->names->repo->names, what->text), o->line);
	return other ? value_join(o->e, v, other) : v;
}

const struct value *external_dict(struct outcall *o)
{
	VEC(const struct value *) items = {0};
	const struct value *first = argument_at(o->a, 0);
	for (uint32_t i = 0; i < o->a->n; i++) {
		if (!o->a->at[i].key)
			continue;
		vec_push(o->e->arena, &items, value_string(o->e, names_str(o->e->names, o->a->at[i].key)));
		vec_push(o->e->arena, &items, o->a->at[i].value);
	}
	for (uint32_t i = 0; first && first->kind == VALUE_DICT && i < first->n_items; i++)
		vec_push(o->e->arena, &items, first->items[i]);
	return value_make(o->e, (struct value){.kind = VALUE_DICT, .items = items.at, .n_items = (uint32_t)items.n});
}

const struct value *external_dict_method(struct outcall *o)
{
	struct str what = external_last(o->dotted);
	const struct value *dict = o->callee->self, *key = argument_at(o->a, 0), *other = argument_at(o->a, 1);
	VEC(const struct value *) items = {0};
	struct value v = {.kind = VALUE_LIST, .contacts = dict->contacts};
	if (key && (str_eq(what, STR("get")) || str_eq(what, STR("pop")) || str_eq(what, STR("setdefault")))) {
		const struct value *found = value_index(o->run, dict, key);
		return other ? value_join(o->e, found, other) : found;
	}
	for (uint32_t i = 0; i + 1 < dict->n_items; i += 2) {
		if (str_eq(what, STR("keys")))
			vec_push(o->e->arena, &items, dict->items[i]);
		else if (str_eq(what, STR("values")))
			vec_push(o->e->arena, &items, dict->items[i + 1]);
		else if (str_eq(what, STR("items")))
			vec_push(o->e->arena, &items,
			         value_make(o->e, (struct value){
			                                  .kind = VALUE_LIST, .items = dict->items + i, .n_items = 2}));
	}
	v.items = items.at;
	v.n_items = (uint32_t)items.n;
	return items.n ? value_make(o->e, v) : str_eq(what, STR("copy")) ? dict : &value_unknown;
}

const struct value *external_hold(struct outcall *o)
{
	VEC(const struct value *) items = {0};
	struct value v = {.kind = VALUE_FOREIGN, .text = STR("functools.partial")};
	for (uint32_t i = 0; i < o->a->n; i++) {
		vec_push(o->e->arena, &items, value_string(o->e, names_str(o->e->names, o->a->at[i].key)));
		vec_push(o->e->arena, &items, o->a->at[i].value);
	}
	v.items = items.at;
	v.n_items = (uint32_t)items.n;
	return value_make(o->e, v);
}

const struct value *external_call_held(struct run *run, const struct value *partial, const struct arguments *a,
                                       uint32_t line)
{
	struct arguments all = {.has_star = a->has_star};
	for (uint32_t i = 2; i + 1 < partial->n_items && all.n < ARGUMENTS_MOST; i += 2) {
		struct str key = partial->items[i]->text;
		all.at[all.n++] =
		        (struct argument){key.n ? intern(run->e->names->repo->names, key) : 0, partial->items[i + 1]};
	}
	for (uint32_t i = 0; i < a->n && all.n < ARGUMENTS_MOST; i++)
		all.at[all.n++] = a->at[i];
	return eval_apply(run, partial->items[1], &all, line);
}
