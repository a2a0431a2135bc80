/* What a statement binds. */
#include "resolve/eval.h"

static bool is_double(const struct run *run, const struct value *v)
{
	if (v->kind == VALUE_DOUBLE)
		return true;
	return v->kind == VALUE_INSTANCE &&
	       name_is_double(run->e->names, names_str(run->e->names, names_def(run->e->names, v->def)->name));
}

/* `client.http = double`: the local name now means an object with that attribute. */
static void bind_attribute(struct run *run, const struct expr *x, const struct value *value)
{
	name what = run_facts(run)->exprs.at[x->first].text;
	const struct value *object = frame_get(run->frame, what);
	if (object && object->kind == VALUE_FOREIGN && is_double(run, value)) {
		frame_set(run->e, run->frame, what, &value_double); /* client.sock = MockSocket(...) */
		return;
	}
	if (!object || object->kind != VALUE_INSTANCE || object == run->frame->self)
		return;
	if (value->kind == VALUE_DOUBLE)
		value = value_double_of(run->e, value_attribute(run, object, x->text, x->line));
	frame_set(run->e, run->frame, what, value_with_attribute(run->e, object, x->text, value));
}

/* `self.client.sock = MockSocket()`: from here on self.client reaches nothing. */
static void bind_inner(struct run *run, const struct expr *x, const struct value *value)
{
	const struct expr *inner = &run_facts(run)->exprs.at[x->first];
	const struct expr *outer = &run_facts(run)->exprs.at[inner->first];
	const struct value *object = outer->kind == EXPR_NAME ? frame_get(run->frame, outer->text) : NULL;
	if (!object || object->kind != VALUE_INSTANCE || !is_double(run, value))
		return;
	if (value_attribute(run, object, inner->text, x->line)->kind == VALUE_FOREIGN)
		frame_set(run->e, run->frame, outer->text,
		          value_with_attribute(run->e, object, inner->text, &value_double));
}

/* Items of a tuple target; of alternatives, the alternatives of each item. */
static const struct value *item_of(struct run *run, const struct value *value, uint32_t i)
{
	if (value->kind == VALUE_LIST && i < value->n_items)
		return value->items[i];
	if (value->kind == VALUE_DOUBLE)
		return &value_double;
	const struct value *all = &value_none;
	for (uint32_t k = 0; value->kind == VALUE_EITHER && k < value->n_items; k++)
		if (value->items[k]->kind == VALUE_LIST && i < value->items[k]->n_items)
			all = value_join(run->e, all, value->items[k]->items[i]);
	return value_with_contacts(run->e, all->kind == VALUE_NONE ? &value_unknown : all, value->contacts);
}

/* `TABLE[key] = value`, `self.table[key] = value`: as long as the body runs, what is taken from it may be the value. */
static void bind_item(struct run *run, const struct expr *x, const struct value *value)
{
	uint32_t key = run_facts(run)->exprs.at[x->first].next;
	name any = run_table_slot(run, x->first, 0), one = run_table_slot(run, x->first, key);
	const struct value *old = any ? frame_get(run->frame, any) : NULL;
	if (key)
		eval_expr(run, key);
	if (!one || value->kind == VALUE_NONE)
		return;
	frame_set(run->e, run->frame, any, old ? value_join(run->e, old, value) : value);
	if (one != any)
		frame_set(run->e, run->frame, one, value);
}

void run_bind(struct run *run, uint32_t target, const struct value *value)
{
	const struct facts *facts = run_facts(run);
	const struct expr *x = &facts->exprs.at[target];
	if (x->kind == EXPR_NAME) {
		frame_set(run->e, run->frame, x->text, value);
	} else if (x->kind == EXPR_STAR) {
		run_bind(run, x->first, value);
	} else if (x->kind == EXPR_TUPLE || x->kind == EXPR_LIST) {
		uint32_t i = 0;
		for (uint32_t c = x->first; c; c = facts->exprs.at[c].next, i++)
			run_bind(run, c, item_of(run, value, i));
	} else if (x->kind == EXPR_ATTRIBUTE && facts->exprs.at[x->first].kind == EXPR_NAME) {
		bind_attribute(run, x, value);
	} else if (x->kind == EXPR_ATTRIBUTE && facts->exprs.at[x->first].kind == EXPR_ATTRIBUTE) {
		bind_inner(run, x, value);
	} else if (x->kind == EXPR_INDEX && rule_holds(run->e->names, RULE_STORED)) {
		bind_item(run, x, value);
	} else {
		eval_expr(run, target);
	}
}
