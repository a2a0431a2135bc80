/* Making, joining and comparing abstract values. */
#include <string.h>

#include "base/hash.h"
#include "resolve/environment.h"

enum { JOINED_CONTACTS_MOST = 24 };

const struct value value_unknown = {.kind = VALUE_UNKNOWN};
const struct value value_none = {.kind = VALUE_NONE};
const struct value value_bool = {.kind = VALUE_BOOL};
const struct value value_true = {.kind = VALUE_BOOL, .text = {"1", 1}};
const struct value value_false = {.kind = VALUE_BOOL, .text = {"0", 1}};
const struct value value_double = {.kind = VALUE_DOUBLE};

static bool has_hole(struct str text)
{
	return text.n && memchr(text.at, VALUE_HOLE, text.n);
}

bool value_is_text(const struct value *v)
{
	return v->kind == VALUE_STRING && !has_hole(v->text);
}

/* A mark of the test at hand. */
static bool is_mark(const struct value *v)
{
	return v->kind == VALUE_FOREIGN && str_eq(v->text, STR("pytest.item.mark"));
}

/* What the environment can change is not known. */
enum truth value_truth(const struct value *v)
{
	if (v->variable)
		return TRUTH_UNKNOWN;
	switch (v->kind) {
	case VALUE_NONE: return TRUTH_NO;
	case VALUE_BOOL: return v->text.n == 0 ? TRUTH_UNKNOWN : v->text.at[0] == '1' ? TRUTH_YES : TRUTH_NO;
	case VALUE_STRING: return v->text.n == 0 ? TRUTH_NO : has_hole(v->text) ? TRUTH_UNKNOWN : TRUTH_YES;
	case VALUE_FUNCTION:
	case VALUE_CLASS:
	case VALUE_MODULE:
	case VALUE_DOUBLE:
	case VALUE_INSTANCE: return TRUTH_YES;
	case VALUE_FOREIGN: return is_mark(v) ? TRUTH_YES : TRUTH_UNKNOWN;
	default: return TRUTH_UNKNOWN;
	}
}

enum truth value_equal(const struct value *a, const struct value *b)
{
	bool known_a = a->kind == VALUE_STRING || a->kind == VALUE_NONE || a->kind == VALUE_NUMBER;
	bool known_b = b->kind == VALUE_STRING || b->kind == VALUE_NONE || b->kind == VALUE_NUMBER;
	bool object_a = a->kind == VALUE_INSTANCE || a->kind == VALUE_FUNCTION || a->kind == VALUE_CLASS ||
	                a->kind == VALUE_DOUBLE || is_mark(a);
	if (a->variable || b->variable)
		return TRUTH_UNKNOWN;
	if (object_a && b->kind == VALUE_NONE)
		return TRUTH_NO;
	if (!known_a || !known_b || has_hole(a->text) || has_hole(b->text))
		return TRUTH_UNKNOWN;
	if (a->kind == VALUE_NUMBER || b->kind == VALUE_NUMBER)
		return a->kind == b->kind && str_eq(a->text, b->text) ? TRUTH_YES : TRUTH_UNKNOWN;
	return a->kind == b->kind && str_eq(a->text, b->text) ? TRUTH_YES : TRUTH_NO;
}

const struct value *value_double_of(struct eval *e, const struct value *original)
{
	return value_make(e, (struct value){.kind = VALUE_DOUBLE, .self = original});
}

/* Children carry their own, so that a deep value costs no more than a flat one. */
static uint64_t hash_of(const struct value *v)
{
	uint64_t h = map_mix(v->kind | (uint64_t)v->is_bare << 8, v->variable);
	h = map_mix(h, v->text.n ? hash64(v->text) : 0);
	h = map_mix(h, (uint64_t)v->def.file << 32 | v->def.def);
	h = map_mix(h, (uint64_t)(uintptr_t)v->frame);
	h = map_mix(h, (uint64_t)(uintptr_t)v->contacts);
	bool is_request = v->kind == VALUE_FOREIGN && str_eq(v->text, STR("pytest.request"));
	for (uint32_t i = 0; i < (is_request ? 2 : v->n_items); i++) /* not the node: see eval->asks_item */
		h = map_mix(h, v->items[i] ? value_hash(v->items[i]) : 7);
	for (const struct maker *m = v->makers; m; m = m->next)
		h = map_mix(map_mix(h, (uint64_t)m->def.file << 32 | m->def.def),
		            (uint64_t)m->ref_file << 32 | m->ref_name);
	return map_mix(h, v->self ? value_hash(v->self) : 0);
}

uint64_t value_hash(const struct value *v)
{
	return v->hash ? v->hash : hash_of(v);
}

const struct value *value_make(struct eval *e, struct value value)
{
	struct value *made = arena_new(e->arena, struct value);
	*made = value;
	made->hash = hash_of(&value);
	return made;
}

const struct value *value_known(const struct eval *e, uint64_t key)
{
	uint32_t at = map_get(&e->known, key);
	return at == MAP_NONE ? NULL : e->known_list.at[at];
}

const struct value *value_remember(struct eval *e, uint64_t key, const struct value *value)
{
	map_put(&e->known, key, (uint32_t)e->known_list.n);
	vec_push(e->arena, &e->known_list, value);
	return value;
}

const struct value *value_string(struct eval *e, struct str text)
{
	return value_make(e, (struct value){.kind = VALUE_STRING, .text = text});
}

const struct contact *contacts_joined(struct eval *e, const struct contact *a, const struct contact *b)
{
	if (!a || a == b)
		return b;
	if (!b)
		return a;
	const struct contact *all = a;
	uint32_t n = 0;
	for (const struct contact *c = a; c; c = c->next)
		n++;
	for (; b && n < JOINED_CONTACTS_MOST; b = b->next, n++) {
		bool known = false;
		for (const struct contact *c = a; c && !known; c = c->next)
			known = contact_same_cause(c, b);
		if (known)
			continue;
		struct contact *copy = arena_new(e->arena, struct contact);
		*copy = *b;
		copy->next = all;
		all = copy;
	}
	return all;
}

const struct value *value_with_contacts(struct eval *e, const struct value *value, const struct contact *contacts)
{
	if (!contacts || value->contacts == contacts)
		return value;
	struct value copy = *value;
	copy.contacts = contacts_joined(e, value->contacts, contacts);
	return value_make(e, copy);
}

const struct value *value_with_variable(struct eval *e, const struct value *value, name variable)
{
	if (!variable || value->variable == variable)
		return value;
	struct value copy = *value;
	copy.variable = variable;
	return value_make(e, copy);
}

static bool is_same(const struct value *a, const struct value *b)
{
	return a == b || (a->kind == b->kind && value_hash(a) == value_hash(b));
}

/* Of two choices of one variable, the variable. */
static name variable_joined(struct eval *e, name a, name b)
{
	if (!a || !b || a == b)
		return a ? a : b;
	struct str what = variable_name(names_str(e->names, a));
	return variable_choice(names_str(e->names, a)).n ? intern(e->names->repo->names, what) : a;
}

const struct value *value_join(struct eval *e, const struct value *a, const struct value *b)
{
	if (is_same(a, b) || b->kind == VALUE_NONE || (b->kind == VALUE_UNKNOWN && !b->contacts && !b->variable))
		return value_with_contacts(e, a, b->contacts);
	if (a->kind == VALUE_NONE || (a->kind == VALUE_UNKNOWN && !a->contacts && !a->variable))
		return value_with_contacts(e, b, a->contacts);
	const struct value *const *left = a->kind == VALUE_EITHER ? a->items : &a;
	const struct value *const *right = b->kind == VALUE_EITHER ? b->items : &b;
	uint32_t n_left = a->kind == VALUE_EITHER ? a->n_items : 1, n_right = b->kind == VALUE_EITHER ? b->n_items : 1;
	const struct value **items = arena_array(e->arena, const struct value *, n_left + n_right);
	uint32_t n = 0;
	for (uint32_t i = 0; i < n_left + n_right && n < ALTERNATIVES_MOST; i++) {
		const struct value *v = i < n_left ? left[i] : right[i - n_left];
		bool known = false;
		for (uint32_t k = 0; k < n && !known; k++)
			known = is_same(items[k], v);
		if (!known)
			items[n++] = v;
	}
	struct value either = {.kind = VALUE_EITHER, .items = items, .n_items = n};
	either.contacts = contacts_joined(e, a->contacts, b->contacts);
	either.variable = variable_joined(e, a->variable, b->variable);
	return n == 1 ? value_with_contacts(e, items[0], either.contacts) : value_make(e, either);
}

const struct value *value_of_target(struct eval *e, struct target t)
{
	switch (t.kind) {
	case TARGET_MODULE: return value_make(e, (struct value){.kind = VALUE_MODULE, .def = {t.file, 0}});
	case TARGET_DEF: {
		struct def_ref ref = {t.file, t.index};
		uint8_t kind = names_def(e->names, ref)->kind == DEF_CLASS ? VALUE_CLASS : VALUE_FUNCTION;
		return value_make(e, (struct value){.kind = kind, .def = ref});
	}
	case TARGET_VARIABLE: return eval_global(e, t);
	case TARGET_PACKAGE:
	case TARGET_EXTERNAL:
		return value_make(e, (struct value){.kind = VALUE_EXTERNAL, .text = names_str(e->names, t.text)});
	default: return &value_unknown;
	}
}

struct str value_text(struct eval *e, const struct value *v)
{
	static const char hole[] = {VALUE_HOLE, 0};
	(void)e;
	switch (v->kind) {
	case VALUE_STRING:
	case VALUE_NUMBER: return v->text;
	case VALUE_EITHER: return v->n_items ? value_text(e, v->items[0]) : str_of(hole);
	default: return str_of(hole);
	}
}
