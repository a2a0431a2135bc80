/* Expressions to abstract values. */
#include <string.h>

#include "resolve/environment.h"

static const struct facts *facts_of(const struct run *run)
{
	return names_facts(run->e->names, run->frame->file);
}

const struct value *frame_get(const struct frame *frame, name what)
{
	for (; frame; frame = frame->outer)
		for (size_t i = frame->slots.n; i-- > 0;)
			if (frame->slots.at[i].name == what)
				return frame->slots.at[i].value;
	return NULL;
}

void frame_set(struct eval *e, struct frame *frame, name what, const struct value *value)
{
	for (size_t i = 0; i < frame->slots.n; i++)
		if (frame->slots.at[i].name == what) {
			frame->slots.at[i].value = value;
			return;
		}
	vec_push(e->arena, &frame->slots, ((struct slot){what, value}));
}

static const struct value *eval_name(struct run *run, const struct expr *x)
{
	struct eval *e = run->e;
	const struct value *v = frame_get(run->frame, x->text);
	if (v)
		return v;
	uint64_t key = map_mix((uint64_t)run->frame->file << 32 | run->frame->def, 0x200000000u | x->text);
	v = value_known(e, key);
	if (v)
		return v;
	struct target t = names_find(e->names, run->frame->file, run->frame->def, x->text);
	if (t.kind == TARGET_VARIABLE && t.file == run->frame->file && names_variable(e->names, t)->owner &&
	    names_variable(e->names, t)->owner == run->frame->def)
		return eval_variable(e, t, run->frame);
	/* Who binds a name of the module finds there, before it has bound it, what the module says. */
	bool is_own = t.kind == TARGET_VARIABLE && !run->frame->is_still &&
	              names_is_global(e->names, run->frame->file, run->frame->def, x->text);
	struct value found = is_own ? *eval_variable(e, t, NULL) : *value_of_target(e, t);
	found.ref_file = run->frame->file;
	found.ref_name = x->text;
	return is_settled(e, t) ? value_remember(e, key, value_make(e, found)) : value_make(e, found);
}

name run_table_slot(struct run *run, uint32_t table, uint32_t key)
{
	const struct facts *facts = facts_of(run);
	const struct expr *x = &facts->exprs.at[table], *k = &facts->exprs.at[key]; /* 0: of no kind */
	const struct names *names = run->e->names;
	struct str owner = STR_NONE, at = key && k->kind == EXPR_STRING ? names_str(names, k->text) : STR_NONE;
	if (x->kind == EXPR_ATTRIBUTE && facts->exprs.at[x->first].kind == EXPR_NAME)
		owner = names_str(names, facts->exprs.at[x->first].text);
	else if (x->kind != EXPR_NAME)
		return 0;
	if (str_eq(owner, STR("os")) || k->kind == EXPR_NUMBER)
		return 0; /* the environment is a table of its own; a list's places are no keys */
	return intern(names->repo->names, str_fmt(run->e->arena, "%.*s.%.*s[%.*s]", STR_ARG(owner),
	                                          STR_ARG(names_str(names, x->text)), STR_ARG(at)));
}

/* What this body put there, else what the table is known to hold. */
static const struct value *eval_item(struct run *run, const struct expr *x)
{
	uint32_t index = facts_of(run)->exprs.at[x->first].next;
	const struct value *object = eval_expr(run, x->first);
	const struct value *key = index ? eval_expr(run, index) : &value_unknown;
	const struct value *given = protocol_call(run, object, "__getitem__", key, x->line);
	const struct value *held = given ? given : value_index(run, object, key);
	name one = run_table_slot(run, x->first, index), any = run_table_slot(run, x->first, 0);
	const struct value *stored = one ? frame_get(run->frame, one) : NULL;
	if (stored && one != any)
		return stored;
	if (!stored)
		stored = one ? frame_get(run->frame, any) : NULL;
	return stored ? value_join(run->e, stored, held) : held;
}

/* The value of all children, for their effects and contacts. */
static const struct value *eval_children(struct run *run, uint32_t first, const struct value *seed)
{
	const struct facts *facts = facts_of(run);
	const struct value *all = seed;
	for (uint32_t c = first; c; c = facts->exprs.at[c].next) {
		const struct value *v = eval_expr(run, c);
		all = value_with_contacts(run->e, all, v->contacts);
		if (v->variable && !all->variable)
			all = value_with_variable(run->e, all, v->variable);
	}
	return all;
}

static const struct value *eval_items(struct run *run, const struct expr *x, uint8_t kind)
{
	const struct facts *facts = facts_of(run);
	VEC(const struct value *) items = {0};
	struct value v = {.kind = kind};
	for (uint32_t c = x->first; c; c = facts->exprs.at[c].next) {
		const struct expr *item = &facts->exprs.at[c];
		if (item->kind == EXPR_STAR || item->kind == EXPR_DOUBLE_STAR) {
			const struct value *inner = eval_expr(run, item->first);
			bool same = inner->kind == kind;
			for (uint32_t i = 0; same && i < inner->n_items; i++)
				vec_push(run->e->arena, &items, inner->items[i]);
			v.contacts = contacts_joined(run->e, v.contacts, inner->contacts);
			continue;
		}
		vec_push(run->e->arena, &items, eval_expr(run, c));
	}
	v.items = items.at;
	v.n_items = (uint32_t)items.n;
	return value_make(run->e, v);
}

/* A string being put together. */
struct text {
	VEC(struct str) parts;
	const struct contact *contacts;
	name variable;
	const struct value *choice; /* the first piece that is any of several by its variable */
	size_t at;                  /* which piece that is */
};

static void text_add(struct eval *e, struct text *text, const struct value *piece)
{
	if (!text->choice && piece->kind == VALUE_EITHER && piece->variable) {
		text->choice = piece;
		text->at = text->parts.n;
	}
	vec_push(e->arena, &text->parts, value_text(e, piece));
	text->contacts = contacts_joined(e, text->contacts, piece->contacts);
	if (!text->variable)
		text->variable = piece->variable;
}

static const struct value *joined(struct eval *e, const struct text *text, name variable)
{
	struct value v = {.kind = VALUE_STRING, .contacts = text->contacts, .variable = variable};
	v.text = str_join(e->arena, text->parts.at, text->parts.n, STR_NONE);
	return value_make(e, v);
}

static const struct value *text_value(struct eval *e, const struct text *text)
{
	const struct value *all = &value_none;
	if (!rule_holds(e->names, RULE_PIECES))
		return value_make(e, (struct value){.kind = VALUE_STRING,
		                                    .text = STR_NONE,
		                                    .contacts = text->contacts,
		                                    .variable = text->variable});
	if (!text->choice)
		return joined(e, text, text->variable);
	for (uint32_t i = 0; i < text->choice->n_items; i++) {
		const struct value *one = text->choice->items[i];
		text->parts.at[text->at] = value_text(e, one);
		all = value_join(e, all, joined(e, text, one->variable ? one->variable : text->variable));
	}
	return all;
}

static const struct value *eval_fstring(struct run *run, const struct expr *x)
{
	const struct facts *facts = facts_of(run);
	struct text text = {0};
	for (uint32_t c = x->first; c; c = facts->exprs.at[c].next)
		text_add(run->e, &text, eval_expr(run, c));
	return text_value(run->e, &text);
}

/* "%s:%d" % (host, port) */
static const struct value *eval_format(struct run *run, const struct value *format, const struct value *with)
{
	VEC(struct str) parts = {0};
	struct str text = format->text;
	uint32_t used = 0;
	for (size_t from = 0; from <= text.n;) {
		size_t percent = str_find(text, STR("%"), from);
		vec_push(run->e->arena, &parts, str_slice(text, from, percent));
		if (percent == SIZE_MAX || percent + 1 >= text.n)
			break;
		if (text.at[percent + 1] == '(') { /* %(name)s */
			size_t close = str_find(text, STR(")"), percent);
			const struct value *key = value_string(run->e, str_slice(text, percent + 2, close));
			vec_push(run->e->arena, &parts, value_text(run->e, value_index(run, with, key)));
			from = close == SIZE_MAX ? text.n + 1 : close + 2;
			continue;
		}
		const struct value *one = with->kind != VALUE_LIST ? with
		                          : used < with->n_items   ? with->items[used]
		                                                   : &value_unknown;
		used++;
		vec_push(run->e->arena, &parts, value_text(run->e, one));
		from = percent + 2;
	}
	struct value v = {.kind = VALUE_STRING, .contacts = with->contacts, .variable = with->variable};
	v.text = str_join(run->e->arena, parts.at, parts.n, STR_NONE);
	return value_make(run->e, v);
}

/* Neither is a string. */
static const struct value *added(struct eval *e, const struct value *a, const struct value *b)
{
	uint64_t m, n;
	if (a->kind == VALUE_LIST)
		return value_join(e, a, b);
	if (a->kind == VALUE_NUMBER && b->kind == VALUE_NUMBER && str_number(a->text, UINT32_MAX, &m) &&
	    str_number(b->text, UINT32_MAX, &n)) { /* BASE_PORT + 1 */
		struct value sum = {.kind = VALUE_NUMBER, .text = str_fmt(e->arena, "%llu", (unsigned long long)m + n)};
		sum.contacts = contacts_joined(e, a->contacts, b->contacts);
		return value_make(e, sum);
	}
	return value_with_contacts(e, value_with_contacts(e, &value_unknown, a->contacts), b->contacts);
}

/* `a + b + c` is one sum, of operands that are each evaluated once: as (a + b) + c it would cost the square of its
 * length in text, and its depth in stack. */
static const struct value *eval_sum(struct run *run, const struct expr *x)
{
	const struct facts *facts = facts_of(run);
	struct eval *e = run->e;
	VEC(uint32_t) operands = {0}; /* the last one first */
	uint32_t first = 0;
	for (; x->kind == EXPR_BINARY && x->op == OP_ADD; x = &facts->exprs.at[first]) {
		first = x->first;
		vec_push(e->arena, &operands, facts->exprs.at[first].next);
	}
	const struct value *sum = eval_expr(run, first);
	struct text text = {0};
	for (size_t i = operands.n; i-- > 0;) {
		const struct value *v = operands.at[i] ? eval_expr(run, operands.at[i]) : &value_unknown;
		if (!text.parts.n && (sum->kind == VALUE_STRING || v->kind == VALUE_STRING))
			text_add(e, &text, sum);
		if (text.parts.n)
			text_add(e, &text, v);
		else
			sum = added(e, sum, v);
	}
	return text.parts.n ? text_value(e, &text) : sum;
}

static const struct value *eval_binary(struct run *run, const struct expr *x)
{
	const struct facts *facts = facts_of(run);
	uint32_t right = facts->exprs.at[x->first].next;
	if (x->op == OP_ADD)
		return eval_sum(run, x);
	if (x->op == OP_MODULO) {
		const struct value *format = eval_expr(run, x->first);
		const struct value *with = right ? eval_expr(run, right) : &value_unknown;
		if (format->kind == VALUE_STRING)
			return eval_format(run, format, with);
		return value_with_contacts(run->e, &value_unknown, with->contacts);
	}
	if (x->op == OP_BIT_OR || x->op == OP_DIVIDE) {
		const struct value *a = eval_expr(run, x->first), *b = right ? eval_expr(run, right) : &value_unknown;
		return x->op == OP_BIT_OR ? value_join(run->e, a, b)
		                          : value_with_contacts(run->e, &value_unknown, a->contacts);
	}
	return eval_children(run, x->first, &value_unknown);
}

enum { UNROLL_MOST = 8 };

struct built {
	VEC(const struct value *) items;
	const struct contact *contacts;
};

static void build(struct run *run, const struct expr *x, uint32_t clause, struct built *built)
{
	const struct facts *facts = facts_of(run);
	if (!run_step(run))
		return;
	if (!clause) {
		const struct value *element = eval_expr(run, x->first);
		vec_push(run->e->arena, &built->items, element);
		built->contacts = contacts_joined(run->e, built->contacts, element->contacts);
		if (x->op == EXPR_DICT)
			vec_push(run->e->arena, &built->items, eval_expr(run, facts->exprs.at[x->first].next));
		return;
	}
	const struct expr *c = &facts->exprs.at[clause];
	if (c->kind != EXPR_FOR_IN) {
		const struct value *v = eval_expr(run, clause);
		built->contacts = contacts_joined(run->e, built->contacts, v->contacts);
		if (value_truth(v) != TRUTH_NO)
			build(run, x, c->next, built);
		return;
	}
	const struct value *list = protocol_iterate(run, eval_expr(run, facts->exprs.at[c->first].next), c->line);
	built->contacts = contacts_joined(run->e, built->contacts, list->contacts);
	bool unrolls = list->kind == VALUE_LIST && list->n_items && list->n_items <= UNROLL_MOST &&
	               built->items.n < UNROLL_MOST;
	for (uint32_t i = 0; i < (unrolls ? list->n_items : 1); i++) {
		run_bind(run, c->first, unrolls ? list->items[i] : value_element(run->e, list));
		build(run, x, c->next, built);
	}
}

static const struct value *eval_comprehension(struct run *run, const struct expr *x)
{
	const struct facts *facts = facts_of(run);
	uint32_t clauses = facts->exprs.at[x->first].next;
	if (x->op == EXPR_DICT && clauses)
		clauses = facts->exprs.at[clauses].next;
	struct built built = {0};
	build(run, x, clauses, &built);
	struct value v = {.kind = x->op == EXPR_DICT ? VALUE_DICT : VALUE_LIST, .contacts = built.contacts};
	v.items = built.items.at;
	v.n_items = (uint32_t)built.items.n;
	return value_make(run->e, v);
}

enum { OPERANDS_MOST = 8 };

/* `a or b`, `a and b`: up to the operand that decides. */
static const struct value *eval_either(struct run *run, const struct expr *x)
{
	const struct facts *facts = facts_of(run);
	enum truth ends = x->kind == EXPR_OR ? TRUTH_YES : TRUTH_NO;
	const struct value *all = NULL;
	const struct contact *before = run->contacts;
	struct operand operands[OPERANDS_MOST];
	uint32_t n = 0;
	bool is_any = true;
	for (uint32_t c = x->first; c; c = facts->exprs.at[c].next) {
		const struct value *v = eval_expr(run, c);
		enum truth truth = value_truth(v);
		protocol_truth(run, v, x->line);
		/* of `a or b` one is enough, and so it is where `not a and not b` skips */
		is_any &= (facts->exprs.at[c].kind == EXPR_NOT) == (x->kind == EXPR_AND) && n < OPERANDS_MOST;
		if (is_any)
			operands[n++] = (struct operand){v, run->contacts};
		if (truth == ends)
			return all ? value_join(run->e, all, v) : v;
		if (truth != TRUTH_UNKNOWN && facts->exprs.at[c].next)
			continue; /* it decides nothing, and is not the answer */
		all = all ? value_join(run->e, all, v) : v;
	}
	if (all && is_any)
		return any_of_operands(run, before, operands, n, all, x->line);
	return all ? all : &value_none;
}

static const struct value *with_truth(struct run *run, const struct value *answer, enum truth truth)
{
	if (truth == TRUTH_UNKNOWN)
		return answer;
	return value_with_contacts(run->e, truth == TRUTH_YES ? &value_true : &value_false, answer->contacts);
}

static enum truth opposite(enum truth truth)
{
	return truth == TRUTH_YES ? TRUTH_NO : truth == TRUTH_NO ? TRUTH_YES : TRUTH_UNKNOWN;
}

/* A table that starts empty is there to be filled. */
static enum truth is_member(const struct run *run, const struct value *v, const struct value *list)
{
	enum truth all = TRUTH_NO;
	uint32_t step = list->kind == VALUE_DICT ? 2 : 1;
	if (list->kind != VALUE_LIST && list->kind != VALUE_DICT)
		return TRUTH_UNKNOWN;
	if (!list->n_items && rule_holds(run->e->names, RULE_STORED))
		return TRUTH_UNKNOWN;
	for (uint32_t i = 0; i < list->n_items; i += step) {
		enum truth one = value_equal(v, list->items[i]);
		if (one == TRUTH_YES)
			return one;
		all = one == TRUTH_UNKNOWN ? one : all;
	}
	return all;
}

static const char *method_of(uint8_t op)
{
	switch (op) {
	case OP_EQ: return "__eq__";
	case OP_NE: return "__ne__";
	case OP_IN:
	case OP_NOT_IN: return "__contains__";
	default: return NULL;
	}
}

/* os.environ["DB"] == "mysql": it holds for that value. */
static const struct value *compared(struct eval *e, const struct value *answer, const struct value *a,
                                    const struct value *b)
{
	const struct value *constant = a->variable ? b : a, *variable = a->variable ? a : b;
	bool is_plain = constant->kind == VALUE_STRING && !constant->variable && constant->text.n;
	if (!is_plain || !rule_holds(e->names, RULE_CHOICES))
		return answer;
	return value_chosen(e, answer, variable->variable, constant->text);
}

static const struct value *eval_compare(struct run *run, const struct expr *x)
{
	const struct facts *facts = facts_of(run);
	uint32_t right = facts->exprs.at[x->first].next;
	const struct value *answer = &value_bool;
	const struct value *operands[2] = {&value_unknown, &value_unknown};
	uint32_t n = 0;
	for (uint32_t c = x->first; c; c = facts->exprs.at[c].next, n++) {
		const struct value *v = eval_expr(run, c);
		if (n < 2)
			operands[n] = v;
		answer = value_with_contacts(run->e, answer, v->contacts);
		answer = value_with_variable(run->e, answer, answer->variable ? answer->variable : v->variable);
	}
	if (n == 2 && x->op == OP_EQ && answer->variable)
		return compared(run->e, answer, operands[0], operands[1]);
	if (n != 2 || !right || answer->variable)
		return answer;
	const char *method = method_of(x->op);
	bool is_in = x->op == OP_IN || x->op == OP_NOT_IN;
	if (method)
		protocol_call(run, operands[is_in], method, operands[!is_in], x->line);
	bool in_environment = operands[0]->kind == VALUE_STRING && operands[1]->kind == VALUE_EXTERNAL &&
	                      str_eq(operands[1]->text, STR("os.environ"));
	if (in_environment && (x->op == OP_IN || x->op == OP_NOT_IN))
		return value_with_variable(run->e, answer, intern(run->e->names->repo->names, operands[0]->text));
	switch (x->op) {
	case OP_EQ:
	case OP_IS: return with_truth(run, answer, value_equal(operands[0], operands[1]));
	case OP_NE:
	case OP_IS_NOT: return with_truth(run, answer, opposite(value_equal(operands[0], operands[1])));
	case OP_IN: return with_truth(run, answer, is_member(run, operands[0], operands[1]));
	case OP_NOT_IN: return with_truth(run, answer, opposite(is_member(run, operands[0], operands[1])));
	default: return answer;
	}
}

static const struct value *eval_not(struct run *run, const struct expr *x)
{
	const struct value *v = protocol_truth(run, eval_expr(run, x->first), x->line);
	const struct value *answer =
	        value_with_variable(run->e, value_with_contacts(run->e, &value_bool, v->contacts), v->variable);
	return with_truth(run, answer, opposite(value_truth(v)));
}

/* `a if condition else b`: both, and what the condition asked. */
static const struct value *eval_if(struct run *run, const struct expr *x)
{
	const struct facts *facts = facts_of(run);
	uint32_t condition = facts->exprs.at[x->first].next,
	         otherwise = condition ? facts->exprs.at[condition].next : 0;
	const struct value *asked =
	        condition ? protocol_truth(run, eval_expr(run, condition), x->line) : &value_unknown;
	enum truth truth = value_truth(asked);
	if (truth == TRUTH_NO && otherwise)
		return value_with_contacts(run->e, eval_expr(run, otherwise), asked->contacts);
	const struct value *v = value_with_contacts(run->e, eval_expr(run, x->first), asked->contacts);
	return otherwise && truth == TRUTH_UNKNOWN ? value_join(run->e, v, eval_expr(run, otherwise)) : v;
}

/* A lambda is a function without a def: calling it is evaluating its body here and now. */
static const struct value *eval_lambda(struct run *run, const struct expr *x)
{
	struct run inner = {.e = run->e, .frame = run->frame, .returned = &value_none};
	const struct value *v = x->first ? eval_expr(&inner, x->first) : &value_none;
	struct value lambda = {.kind = VALUE_UNKNOWN};
	lambda.contacts = contacts_joined(run->e, v->contacts, inner.contacts);
	return value_make(run->e, lambda);
}

static const struct value *eval_literal(struct eval *e, const struct expr *x)
{
	uint64_t key = map_mix(x->kind, 0x400000000u | x->text);
	const struct value *known = value_known(e, key);
	if (known)
		return known;
	uint8_t kind = x->kind == EXPR_NUMBER ? VALUE_NUMBER : VALUE_STRING;
	return value_remember(e, key,
	                      value_make(e, (struct value){.kind = kind, .text = names_str(e->names, x->text)}));
}

const struct value *eval_expr(struct run *run, uint32_t expr)
{
	const struct facts *facts = facts_of(run);
	const struct expr *x = &facts->exprs.at[expr];
	struct eval *e = run->e;
	if (!run_step(run))
		return &value_unknown;
	switch (x->kind) {
	case EXPR_NONE: return &value_none;
	case EXPR_TRUE: return &value_true;
	case EXPR_FALSE: return &value_false;
	case EXPR_NUMBER:
	case EXPR_STRING: return eval_literal(e, x);
	case EXPR_FSTRING: return eval_fstring(run, x);
	case EXPR_NAME: return eval_name(run, x);
	case EXPR_ATTRIBUTE: return value_attribute(run, eval_expr(run, x->first), x->text, x->line);
	case EXPR_CALL: return eval_call(run, expr);
	case EXPR_INDEX: return eval_item(run, x);
	case EXPR_TUPLE:
	case EXPR_LIST:
	case EXPR_SET: return eval_items(run, x, VALUE_LIST);
	case EXPR_DICT: return eval_items(run, x, VALUE_DICT);
	case EXPR_AND:
	case EXPR_OR: return eval_either(run, x);
	case EXPR_BINARY: return eval_binary(run, x);
	case EXPR_IF: return eval_if(run, x);
	case EXPR_LAMBDA: return eval_lambda(run, x);
	case EXPR_AWAIT:
	case EXPR_STAR:
	case EXPR_DOUBLE_STAR: return eval_expr(run, x->first);
	case EXPR_KEYWORD: return eval_expr(run, x->first);
	case EXPR_YIELD: {
		const struct value *v = x->first ? eval_expr(run, x->first) : &value_none;
		if (x->op == 1)
			v = value_element(e, v);
		run->returned = value_join(e, run->returned, v);
		return &value_unknown;
	}
	case EXPR_COMPREHENSION: return eval_comprehension(run, x);
	case EXPR_ASSIGN: {
		uint32_t value = facts->exprs.at[x->first].next;
		const struct value *v = value ? eval_expr(run, value) : &value_unknown;
		run_bind(run, x->first, v);
		return v;
	}
	case EXPR_AS: return eval_expr(run, x->first);
	case EXPR_NOT: return eval_not(run, x);
	case EXPR_COMPARE: return eval_compare(run, x);
	default: return eval_children(run, x->first, &value_unknown);
	}
}
