/* Members and items of values. */
#include <string.h>

#include "resolve/environment.h"

const struct value *value_element(struct eval *e, const struct value *list)
{
	const struct value *any = &value_none;
	if (list->kind == VALUE_EITHER && list->n_items)
		list = list->items[0];
	uint32_t step = list->kind == VALUE_DICT ? 2 : 1;
	if (list->kind == VALUE_LIST || list->kind == VALUE_DICT)
		for (uint32_t i = 0; i < list->n_items; i += step)
			any = value_join(e, any, list->items[i]);
	if (any->kind == VALUE_NONE)
		any = list->kind == VALUE_DOUBLE ? &value_double : &value_unknown;
	return value_with_variable(e, value_with_contacts(e, any, list->contacts), list->variable);
}

static bool is_upper_name(struct str s)
{
	bool has_letter = false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] >= 'a' && s.at[i] <= 'z')
			return false;
		has_letter |= s.at[i] >= 'A' && s.at[i] <= 'Z';
	}
	return has_letter && s.n > 3;
}

/* An attribute of something we know nothing of; UPPER_CASE ones are settings. */
static const struct value *attribute_of_unknown(struct eval *e, const struct value *object, name attribute)
{
	struct str text = names_str(e->names, attribute);
	const struct value *v = value_with_contacts(e, &value_unknown, object->contacts);
	if (!is_upper_name(text))
		return value_with_variable(e, v, object->variable);
	return value_with_contacts(e, environment_value(e, attribute, NULL), object->contacts);
}

/* urlsplit(url).hostname and its kin. */
static const struct value *part_of_url(struct eval *e, const struct value *split, struct str attribute)
{
	const struct value *url = split->n_items ? split->items[0] : &value_unknown;
	if (url->kind == VALUE_EITHER && url->n_items)
		url = url->items[0];
	struct endpoint parts = {0};
	const struct value *part = &value_unknown;
	if (url->kind == VALUE_STRING)
		endpoint_parse(url->text, &parts);
	if (str_eq(attribute, STR("hostname")) && parts.host.n)
		part = value_string(e, parts.host);
	else if (str_eq(attribute, STR("port")) && parts.port.n)
		part = value_make(e, (struct value){.kind = VALUE_NUMBER, .text = parts.port});
	else if (str_eq(attribute, STR("netloc")) && parts.host.n)
		part = value_string(e, str_fmt(e->arena, "%.*s:%.*s", STR_ARG(parts.host), STR_ARG(parts.port)));
	return value_with_variable(e, part, url->variable);
}

static bool is_url_split(const struct value *object)
{
	return object->kind == VALUE_FOREIGN &&
	       (str_eq(object->text, STR("urllib.parse.urlsplit")) ||
	        str_eq(object->text, STR("urllib.parse.urlparse")) ||
	        str_eq(object->text, STR("sqlalchemy.engine.make_url")) || str_eq(object->text, STR("yarl.URL")));
}

static const struct value *foreign_member(struct eval *e, const struct value *object, name attribute)
{
	uint64_t key = map_mix(map_mix(map_mix(value_hash(object), object->ref_name), object->ref_file),
	                       0x100000000u | attribute);
	const struct value *known = value_known(e, key);
	if (known)
		return known;
	struct str text =
	        str_fmt(e->arena, "%.*s.%.*s", STR_ARG(object->text), STR_ARG(names_str(e->names, attribute)));
	struct value v = {.kind = VALUE_EXTERNAL, .text = text, .contacts = object->contacts};
	v.self = object->kind == VALUE_FOREIGN ? object : object->self;
	v.ref_file = object->ref_file;
	v.ref_name = object->ref_name;
	return value_remember(e, key, value_make(e, v));
}

static bool has_decorator(struct names *names, struct def_ref ref, const char *a, const char *b)
{
	const struct facts *facts = names_facts(names, ref.file);
	for (uint32_t d = names_def(names, ref)->decorators; d; d = facts->exprs.at[d].next) {
		struct str text = names_str(names, facts->exprs.at[d].text);
		if (str_eq(text, str_of(a)) || str_eq(text, str_of(b)))
			return true;
	}
	return false;
}

static const struct value *method(struct run *run, const struct value *object, struct def_ref ref, uint32_t line)
{
	struct value v = {.kind = VALUE_FUNCTION, .def = ref, .self = object};
	if (names_def(run->e->names, ref)->kind == DEF_CLASS)
		return value_make(run->e, (struct value){.kind = VALUE_CLASS, .def = ref});
	if (has_decorator(run->e->names, ref, "staticmethod", "staticmethod"))
		v.self = NULL;
	const struct value *bound = value_make(run->e, v);
	if (object->kind == VALUE_INSTANCE && has_decorator(run->e->names, ref, "property", "cached_property"))
		return eval_apply(run, bound, &(struct arguments){0}, line);
	return bound;
}

/* The value a constructor was given for a name: `self.url = url` in __init__, or a dataclass field. */
static const struct value *given(const struct eval *e, const struct value *object, name attribute)
{
	for (uint32_t i = 0; i + 1 < object->n_items; i += 2)
		if (intern_find(e->names->repo->names, object->items[i]->text) == attribute)
			return object->items[i + 1];
	return NULL;
}

/* The default of a parameter of a constructor that was not given: NULL if it has none. */
static const struct value *initial_value(struct eval *e, uint32_t file, uint32_t function, uint32_t param)
{
	const struct def *def = names_def(e->names, (struct def_ref){file, function});
	const struct param *p = &names_facts(e->names, file)->params.at[def->params + param];
	if (!p->initial || !str_eq(names_str(e->names, def->name), STR("__init__")))
		return NULL;
	struct frame outer = {.file = file, .def = def->parent};
	struct run run = {.e = e, .frame = &outer, .returned = &value_none};
	return eval_expr(&run, p->initial);
}

/* `self.x` set in some method: the expression is evaluated with that method's names, as far as known. */
static const struct value *self_value(struct eval *e, const struct value *object, struct target t)
{
	const struct binding *b = names_variable(e->names, t);
	const struct facts *facts = names_facts(e->names, t.file);
	uint32_t owner = facts->stmts.at[b->stmt].owner;
	uint64_t key = map_mix(value_hash(object), (uint64_t)t.file << 32 | t.index);
	uint32_t at = map_get(&e->attributes, key);
	if (at != MAP_NONE)
		return e->attribute_list.at[at] ? e->attribute_list.at[at] : &value_unknown; /* it refers to itself */
	at = (uint32_t)e->attribute_list.n;
	vec_push(e->arena, &e->attribute_list, NULL);
	map_put(&e->attributes, key, at);
	struct frame *frame = arena_new(e->arena, struct frame);
	*frame = (struct frame){.file = t.file, .def = owner, .self = object};
	const struct def *def = &facts->defs.at[owner];
	for (uint32_t i = 0; i < def->n_params; i++) {
		name p = facts->params.at[def->params + i].name;
		const struct value *v = i == 0 ? object : given(e, object, p);
		if (!v)
			v = initial_value(e, t.file, owner, i);
		frame_set(e, frame, p, v ? v : &value_unknown);
	}
	const struct value *v = eval_variable(e, t, frame);
	e->attribute_list.at[at] = v;
	return v;
}

/* The key under which an instance keeps an attribute that was set from outside. */
static name replaced_name(struct eval *e, name attribute)
{
	return intern(e->names->repo->names, str_fmt(e->arena, "=%.*s", STR_ARG(names_str(e->names, attribute))));
}

const struct value *value_with_attribute(struct eval *e, const struct value *object, name attribute,
                                         const struct value *value)
{
	struct value copy = *object;
	const struct value **items = arena_array(e->arena, const struct value *, object->n_items + 2);
	items[0] = value_string(e, names_str(e->names, replaced_name(e, attribute)));
	items[1] = value;
	for (uint32_t i = 0; i < object->n_items; i++)
		items[i + 2] = object->items[i];
	copy.items = items;
	copy.n_items = object->n_items + 2;
	return value_make(e, copy);
}

static const struct value *member_of_instance(struct run *run, const struct value *object, name attribute,
                                              uint32_t line)
{
	struct eval *e = run->e;
	bool is_data = names_class_member(e->names, object->def, attribute).kind != TARGET_DEF;
	if (is_data && !rule_holds(e->names, RULE_ATTRIBUTES))
		return &value_unknown;
	const struct value *set = given(e, object, replaced_name(e, attribute));
	if (set)
		return set;
	struct target t = names_class_member(e->names, object->def, attribute);
	if (t.kind == TARGET_DEF)
		return method(run, object, (struct def_ref){t.file, t.index}, line);
	const struct value *v = object->kind == VALUE_INSTANCE ? given(e, object, attribute) : NULL;
	if (t.kind == TARGET_VARIABLE && names_variable(e->names, t)->kind == BIND_SELF)
		return self_value(e, object, t);
	if (v)
		return v;
	v = t.kind == TARGET_VARIABLE ? eval_variable(e, t, NULL) : &value_unknown;
	const struct value *field = environment_field(e, object->def, attribute, v);
	if (field)
		return field;
	if (t.kind == TARGET_VARIABLE)
		return is_upper_name(names_str(e->names, attribute)) ? value_with_variable(e, v, attribute) : v;
	v = protocol_call(run, object, "__getattr__", value_string(e, names_str(e->names, attribute)), line);
	if (v)
		return v;
	return attribute_of_unknown(e, object, attribute);
}

/* A variable that is being worked out at this moment will mean more later. */
bool is_settled(struct eval *e, struct target t)
{
	if (t.kind != TARGET_VARIABLE)
		return true;
	size_t n;
	uint32_t at = map_get(&e->variables, map_mix((uint64_t)t.file << 32 | t.index, 0));
	names_globals(e->names, t.file, &n);
	return at != MAP_NONE && e->variable_list.at[at] && !n;
}

static const struct value *member_of_module(struct eval *e, const struct value *object, name attribute)
{
	uint64_t key = map_mix((uint64_t)object->def.file << 32 | attribute, 0x30d);
	const struct value *known = value_known(e, key);
	if (known)
		return known;
	struct target t = names_member(e->names, object->def.file, attribute);
	if (t.kind == TARGET_NONE)
		return attribute_of_unknown(e, object, attribute);
	struct value v = *value_of_target(e, t);
	v.ref_file = object->def.file;
	v.ref_name = attribute;
	return is_settled(e, t) ? value_remember(e, key, value_make(e, v)) : value_make(e, v);
}

/* Of the test as hooks and request.node see it, and of its marks; NULL for other members. */
static const struct value *item_member(const struct value *object, struct str what)
{
	static const struct {
		const char *of, *name;
		uint32_t item;
	} members[] = {{"pytest.item", "own_markers", 0},  {"pytest.item", "keywords", 1},
	               {"pytest.item", "fixturenames", 2}, {"pytest.item.mark", "name", 0},
	               {"pytest.item.mark", "args", 1},    {"pytest.item.mark", "kwargs", 2}};
	for (size_t i = 0; object->kind == VALUE_FOREIGN && i < sizeof members / sizeof *members; i++)
		if (str_eq(object->text, str_of(members[i].of)) && str_eq(what, str_of(members[i].name)))
			return object->items[members[i].item];
	return NULL;
}

const struct value *value_attribute(struct run *run, const struct value *object, name attribute, uint32_t line)
{
	struct eval *e = run->e;
	switch (object->kind) {
	case VALUE_MODULE: return member_of_module(e, object, attribute);
	case VALUE_EXTERNAL:
	case VALUE_FOREIGN:
		if (object->kind == VALUE_FOREIGN && str_eq(object->text, STR("pytest.request"))) {
			if (str_eq(names_str(e->names, attribute), STR("param")))
				return object->items[0];
			if (str_eq(names_str(e->names, attribute), STR("fixturenames")))
				return object->items[1];
			bool node = str_eq(names_str(e->names, attribute), STR("node"));
			bool keywords = str_eq(names_str(e->names, attribute), STR("keywords"));
			e->asks_item |= node || keywords;
			if (node)
				return object->items[2];
			if (keywords)
				return value_attribute(run, object->items[2], attribute, line);
		}
		if (item_member(object, names_str(e->names, attribute)))
			return item_member(object, names_str(e->names, attribute));
		if (is_url_split(object))
			return part_of_url(e, object, names_str(e->names, attribute));
		return foreign_member(e, object, attribute);
	case VALUE_CLASS:
	case VALUE_INSTANCE: return member_of_instance(run, object, attribute, line);
	case VALUE_DOUBLE:
		return object->self ? value_double_of(e, value_attribute(run, object->self, attribute, line))
		                    : &value_double;
	case VALUE_DICT:
		return value_make(e, (struct value){.kind = VALUE_EXTERNAL,
		                                    .text = str_fmt(e->arena, "dict.%.*s",
		                                                    STR_ARG(names_str(e->names, attribute))),
		                                    .self = object});
	case VALUE_STRING: /* "...".format: a method that knows its string */
		return value_make(e, (struct value){.kind = VALUE_EXTERNAL,
		                                    .text = str_fmt(e->arena, "str.%.*s",
		                                                    STR_ARG(names_str(e->names, attribute))),
		                                    .self = object,
		                                    .variable = object->variable});
	case VALUE_EITHER: {
		const struct value *all = &value_none;
		for (uint32_t i = 0; i < object->n_items; i++)
			all = value_join(e, all, value_attribute(run, object->items[i], attribute, line));
		return value_with_contacts(e, all, object->contacts);
	}
	default: return attribute_of_unknown(e, object, attribute);
	}
}

static const struct value *list_item(const struct value *list, struct str index)
{
	uint64_t n;
	if (str_number(index, UINT32_MAX, &n) && n < list->n_items)
		return list->items[n];
	return NULL;
}

/* TABLE[request.param]: the rows that the alternatives name, no others. */
static const struct value *index_each(struct run *run, const struct value *object, const struct value *index)
{
	const struct value *all = &value_none;
	for (uint32_t i = 0; i < index->n_items; i++)
		all = value_join(run->e, all, value_index(run, object, index->items[i]));
	return all;
}

/* A row of a table that a variable looks into. */
static const struct value *row_for(struct eval *e, const struct value *index, const struct value *key,
                                   const struct value *row)
{
	bool is_chosen = index->variable && key->kind == VALUE_STRING && key->text.n && !row->variable;
	return is_chosen && rule_holds(e->names, RULE_CHOICES) ? value_chosen(e, row, index->variable, key->text) : row;
}

const struct value *value_index(struct run *run, const struct value *object, const struct value *index)
{
	struct eval *e = run->e;
	if (object->kind == VALUE_DOUBLE)
		return object;
	if (!rule_holds(e->names, RULE_TABLES) && object->kind != VALUE_EXTERNAL)
		return &value_unknown;
	if (index->kind == VALUE_EITHER)
		return index_each(run, object, index);
	if (object->kind == VALUE_EXTERNAL && str_eq(object->text, STR("os.environ")) && index->kind == VALUE_STRING)
		return environment_value(e, intern(e->names->repo->names, index->text), NULL);
	const struct value *found = NULL;
	if (object->kind == VALUE_LIST && index->kind == VALUE_NUMBER)
		found = list_item(object, index->text);
	for (uint32_t i = 0; object->kind == VALUE_DICT && !found && i + 1 < object->n_items; i += 2)
		if (object->items[i]->kind == index->kind && str_eq(object->items[i]->text, index->text) &&
		    index->text.n)
			found = object->items[i + 1];
	if (!found && object->kind == VALUE_DICT) {
		found = &value_none;
		for (uint32_t i = 0; i + 1 < object->n_items; i += 2)
			found = value_join(e, found, row_for(e, index, object->items[i], object->items[i + 1]));
		if (found->kind == VALUE_NONE)
			found = &value_unknown;
	}
	if (!found && index->kind == VALUE_STRING && is_upper_name(index->text)) /* app.config["REDIS_URL"] */
		found = environment_value(e, intern(e->names->repo->names, index->text), NULL);
	if (!found)
		found = object->kind == VALUE_LIST || object->kind == VALUE_EITHER ? value_element(e, object)
		                                                                   : &value_unknown;
	return value_with_contacts(e, found, object->contacts);
}
