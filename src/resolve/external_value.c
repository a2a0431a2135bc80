/* What calls of the outside give back: environment variables, doubles, attributes, pieces of dicts, partials. */
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
	if (!what || !value_is_text(what))
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

/* TABLE.get("x") of a constant, by its name, that has other keys only. */
static bool lacks(const struct names *names, const struct value *dict, const struct value *key)
{
	struct str called = dict->ref_name ? names_str(names, dict->ref_name) : STR_NONE;
	bool is_constant = called.n > 1 && dict->n_items;
	for (size_t i = 0; i < called.n; i++)
		is_constant &= !(called.at[i] >= 'a' && called.at[i] <= 'z');
	for (uint32_t i = 0; i + 1 < dict->n_items && is_constant; i += 2)
		is_constant = value_equal(key, dict->items[i]) == TRUTH_NO;
	return is_constant && key->kind == VALUE_STRING && rule_holds(names, RULE_TABLES);
}

const struct value *external_dict_method(struct outcall *o)
{
	struct str what = external_last(o->dotted);
	const struct value *dict = o->callee->self, *key = argument_at(o->a, 0), *other = argument_at(o->a, 1);
	VEC(const struct value *) items = {0};
	struct value v = {.kind = VALUE_LIST, .contacts = dict->contacts};
	if (key && (str_eq(what, STR("get")) || str_eq(what, STR("pop")) || str_eq(what, STR("setdefault")))) {
		if (str_eq(what, STR("get")) && lacks(o->e->names, dict, key))
			return other ? other : &value_none;
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

bool item_is_common(struct str mark)
{
	static const char *const common[] = {"parametrize", "usefixtures",    "skip",       "skipif",
	                                     "xfail",       "filterwarnings", "asyncio",    "anyio",
	                                     "timeout",     "flaky",          "xdist_group"};
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (str_eq(mark, str_of(common[i])))
			return true;
	return false;
}

static const struct value *marks_called(struct outcall *o, struct str what)
{
	const struct value *marks = o->callee->self->items[0];
	VEC(const struct value *) items = {0};
	for (uint32_t i = 0; i < marks->n_items; i++)
		if (!what.n || str_eq(marks->items[i]->items[0]->text, what))
			vec_push(o->e->arena, &items, marks->items[i]);
	bool is_all = o->callee->self->items[3] == &value_false; /* no more can come */
	return value_make(o->e, (struct value){.kind = VALUE_LIST,
	                                       .text = is_all ? STR("all") : STR_NONE,
	                                       .items = items.at,
	                                       .n_items = (uint32_t)items.n});
}

const struct value *external_item(struct outcall *o)
{
	struct str method = external_last(o->dotted);
	const struct value *first = argument_at(o->a, 0), *found;
	bool closest = str_eq(method, STR("get_closest_marker")) || str_eq(method, STR("get_marker"));
	if (str_eq(method, STR("add_marker")) && first) {
		bool is_mark = first->kind == VALUE_EXTERNAL || first->kind == VALUE_FOREIGN;
		o->run->skips |= is_mark && str_eq(first->text, STR("pytest.mark.skip"));
		if (is_mark && str_eq(first->text, STR("pytest.mark.skipif")) && first->n_items)
			contacts_gate(o->run, o->run->contacts, first->items[0], o->line, "skipif");
		return &value_none;
	}
	if (!closest && !str_eq(method, STR("iter_markers")))
		return NULL;
	first = first ? first : argument_key(o->e, o->a, "name");
	if (first && (!value_is_text(first) || item_is_common(first->text)))
		return &value_unknown;
	found = marks_called(o, first ? first->text : STR_NONE);
	if (!closest)
		return found;
	if (found->n_items)
		return found->items[0];
	const struct value *other = argument_at(o->a, 1);
	return !found->text.n ? &value_unknown : other ? other : &value_none;
}
