/* Methods of strings, as far as they are known. */
#include "resolve/external_own.h"

static const struct value *split(struct outcall *o, const struct value *text, struct str at)
{
	VEC(const struct value *) items = {0};
	for (size_t from = 0; at.n && from <= text->text.n;) {
		size_t to = str_find(text->text, at, from);
		struct str piece = str_trim(str_slice(text->text, from, to));
		vec_push(o->e->arena, &items, value_with_variable(o->e, value_string(o->e, piece), text->variable));
		from = to == SIZE_MAX ? text->text.n + 1 : to + at.n;
	}
	struct value v = {.kind = VALUE_LIST, .items = items.at, .n_items = (uint32_t)items.n};
	v.contacts = text->contacts;
	v.variable = text->variable;
	return value_make(o->e, v);
}

/* What stands before, at and after the first, or the last, `at`. */
static const struct value *partition(struct outcall *o, const struct value *text, struct str at, bool last)
{
	const struct value **items = arena_array(o->e->arena, const struct value *, 3);
	size_t found = at.n ? str_find(text->text, at, 0) : SIZE_MAX;
	for (size_t next = found; last && next != SIZE_MAX; next = str_find(text->text, at, next + 1))
		found = next;
	struct str before = found == SIZE_MAX ? text->text : str_slice(text->text, 0, found), after = STR_NONE;
	if (found != SIZE_MAX)
		after = str_slice(text->text, found + at.n, text->text.n);
	bool swap = found == SIZE_MAX && last;
	items[0] = value_with_variable(o->e, value_string(o->e, swap ? after : before), text->variable);
	items[1] = value_string(o->e, found == SIZE_MAX ? STR_NONE : at);
	items[2] = value_with_variable(o->e, value_string(o->e, swap ? before : after), text->variable);
	struct value v = {.kind = VALUE_LIST, .items = items, .n_items = 3, .contacts = text->contacts};
	return value_make(o->e, v);
}

const struct value *external_string_method(struct outcall *o)
{
	struct str what = external_last(o->dotted);
	const struct value *self = o->callee->self;
	static const char *const keep[] = {"rstrip",  "lstrip", "strip",  "lower",       "upper",
	                                   "replace", "encode", "decode", "removesuffix"};
	for (size_t i = 0; i < sizeof keep / sizeof *keep; i++)
		if (str_eq(what, str_of(keep[i])))
			return self;
	if ((str_eq(what, STR("split")) || str_eq(what, STR("rsplit"))) && argument_at(o->a, 0) &&
	    self->kind == VALUE_STRING)
		return split(o, self, value_text(o->e, argument_at(o->a, 0)));
	bool last = str_eq(what, STR("rpartition"));
	if ((last || str_eq(what, STR("partition"))) && argument_at(o->a, 0))
		return partition(o, self, value_text(o->e, argument_at(o->a, 0)), last);
	if (str_eq(what, STR("format"))) {
		struct buf text;
		uint32_t used = 0;
		buf_init(&text, o->e->arena);
		for (size_t i = 0; i < self->text.n; i++) {
			if (self->text.at[i] != '{') {
				buf_char(&text, self->text.at[i]);
				continue;
			}
			size_t close = str_find(self->text, STR("}"), i);
			struct str field = str_slice(self->text, i + 1, close);
			field = str_slice(field, 0, str_find(field, STR(":"), 0));
			const struct value *v = field.n ? argument_key(o->e, o->a, str_c(o->e->arena, field))
			                                : argument_at(o->a, used++);
			uint64_t index;
			if (!v && str_number(field, 99, &index))
				v = argument_at(o->a, (uint32_t)index);
			buf_add(&text, value_text(o->e, v ? v : &value_unknown));
			i = close == SIZE_MAX ? self->text.n : close;
		}
		return value_with_variable(o->e, value_string(o->e, buf_str(&text)), self->variable);
	}
	return value_with_variable(o->e, &value_unknown, self->variable);
}
