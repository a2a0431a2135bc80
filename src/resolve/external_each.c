/* Calls that go through what they are given: list(), zip(), map(), a pool's map. */
#include "resolve/external_own.h"

enum { UNROLL_MOST = 8 };

typedef VEC(const struct value *) values;

static const struct value *list_of(struct outcall *o, const values *items, const struct contact *contacts)
{
	struct value v = {.kind = VALUE_LIST, .items = items->at, .n_items = (uint32_t)items->n, .contacts = contacts};
	return value_make(o->e, v);
}

/* The items of a short list, one by one; of anything else, one that is any of them. */
static values items_of(struct outcall *o, const struct value *list)
{
	values items = {0};
	list = protocol_iterate(o->run, list, o->line);
	bool unrolls = list->kind == VALUE_LIST && list->n_items && list->n_items <= UNROLL_MOST;
	for (uint32_t i = 0; unrolls && i < list->n_items; i++)
		vec_push(o->e->arena, &items, list->items[i]);
	if (!unrolls)
		vec_push(o->e->arena, &items, value_element(o->e, list));
	return items;
}

/* Tuples of the items that stand at the same place of each list, as many as the shortest has. */
static values rows_of(struct outcall *o, uint32_t from)
{
	values rows = {0}, column;
	uint32_t n = 0;
	values *columns = arena_array(o->e->arena, values, ARGUMENTS_MOST);
	for (uint32_t i = from; i < o->a->n; i++)
		if (!o->a->at[i].key)
			columns[n++] = items_of(o, o->a->at[i].value);
	size_t shortest = n ? columns[0].n : 0;
	for (uint32_t i = 1; i < n; i++)
		shortest = columns[i].n < shortest ? columns[i].n : shortest;
	for (size_t row = 0; row < shortest; row++) {
		column = (values){0};
		for (uint32_t i = 0; i < n; i++)
			vec_push(o->e->arena, &column, columns[i].at[row]);
		vec_push(o->e->arena, &rows, list_of(o, &column, NULL));
	}
	return rows;
}

static const struct contact *contacts_given(struct outcall *o)
{
	const struct contact *all = NULL;
	for (uint32_t i = 0; i < o->a->n; i++)
		all = contacts_joined(o->e, all, o->a->at[i].value->contacts);
	return all;
}

const struct value *external_each(struct outcall *o)
{
	const struct value *first = argument_at(o->a, 0);
	return first ? protocol_iterate(o->run, first, o->line) : &value_unknown;
}

const struct value *external_next(struct outcall *o)
{
	const struct value *first = argument_at(o->a, 0), *other = argument_at(o->a, 1);
	if (!first)
		return &value_unknown;
	const struct value *item = protocol_call(o->run, first, "__next__", NULL, o->line);
	if (!item)
		item = first->kind == VALUE_LIST && first->n_items ? value_element(o->e, first) : first;
	return other ? value_join(o->e, item, other) : item;
}

const struct value *external_zip(struct outcall *o)
{
	values rows = rows_of(o, 0);
	return list_of(o, &rows, contacts_given(o));
}

const struct value *external_enumerate(struct outcall *o)
{
	const struct value *first = argument_at(o->a, 0);
	values items = first ? items_of(o, first) : (values){0}, rows = {0};
	for (size_t i = 0; i < items.n; i++) {
		struct value at = {.kind = VALUE_NUMBER, .text = str_fmt(o->e->arena, "%zu", i)};
		values pair = {0};
		vec_push(o->e->arena, &pair, o->a->n > 1 ? &value_unknown : value_make(o->e, at));
		vec_push(o->e->arena, &pair, items.at[i]);
		vec_push(o->e->arena, &rows, list_of(o, &pair, NULL));
	}
	return list_of(o, &rows, contacts_given(o));
}

const struct value *external_map(struct outcall *o)
{
	const struct value *f = argument_at(o->a, 0);
	values rows = rows_of(o, 1), results = {0};
	const struct contact *before = o->run->contacts, *made = NULL;
	for (size_t r = 0; f && r < rows.n; r++) {
		struct arguments a = {0};
		const struct value *row = rows.at[r];
		bool spreads = str_eq(external_last(o->dotted), STR("starmap")) && row->n_items == 1;
		for (uint32_t i = 0; i < row->n_items && !spreads; i++)
			a.at[a.n++] = (struct argument){0, row->items[i]};
		for (uint32_t i = 0; spreads && i < row->items[0]->n_items && i < ARGUMENTS_MOST; i++)
			a.at[a.n++] = (struct argument){0, row->items[0]->items[i]};
		vec_push(o->e->arena, &results, eval_apply(o->run, f, &a, o->line));
	}
	for (const struct contact *c = o->run->contacts; c && c != before; c = c->next) {
		struct contact *copy = arena_new(o->e->arena, struct contact);
		*copy = *c;
		copy->next = made;
		made = copy;
	}
	return list_of(o, &results, made);
}
