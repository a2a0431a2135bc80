/* Operators, brackets, calls: one function a construct, from the atoms up to lists of expressions. */
#include "python/expr.h"

#include "python/bracket.h"
#include "python/primary.h"

/* How tightly operators bind. */
enum {
	BIND_NONE,
	BIND_OR,
	BIND_AND,
	BIND_NOT,
	BIND_COMPARE,
	BIND_BIT_OR,
	BIND_BIT_XOR,
	BIND_BIT_AND,
	BIND_SHIFT,
	BIND_ADD,
	BIND_MULTIPLY,
	BIND_UNARY,
	BIND_POWER,
};

struct operator
{
	uint8_t bind, op;
};

/* Binary operators by token; `not` stands for `not in`. */
static const struct operator operators[TOKEN_KINDS] = {
        [TOKEN_OR] = {BIND_OR, 0},
        [TOKEN_AND] = {BIND_AND, 0},
        [TOKEN_EQ] = {BIND_COMPARE, OP_EQ},
        [TOKEN_NE] = {BIND_COMPARE, OP_NE},
        [TOKEN_LT] = {BIND_COMPARE, OP_LT},
        [TOKEN_GT] = {BIND_COMPARE, OP_GT},
        [TOKEN_LE] = {BIND_COMPARE, OP_LE},
        [TOKEN_GE] = {BIND_COMPARE, OP_GE},
        [TOKEN_IN] = {BIND_COMPARE, OP_IN},
        [TOKEN_NOT] = {BIND_COMPARE, OP_NOT_IN},
        [TOKEN_IS] = {BIND_COMPARE, OP_IS},
        [TOKEN_BIT_OR] = {BIND_BIT_OR, OP_BIT_OR},
        [TOKEN_BIT_XOR] = {BIND_BIT_XOR, OP_BIT_XOR},
        [TOKEN_BIT_AND] = {BIND_BIT_AND, OP_BIT_AND},
        [TOKEN_LSHIFT] = {BIND_SHIFT, OP_LSHIFT},
        [TOKEN_RSHIFT] = {BIND_SHIFT, OP_RSHIFT},
        [TOKEN_PLUS] = {BIND_ADD, OP_ADD},
        [TOKEN_MINUS] = {BIND_ADD, OP_SUBTRACT},
        [TOKEN_TIMES] = {BIND_MULTIPLY, OP_MULTIPLY},
        [TOKEN_AT] = {BIND_MULTIPLY, OP_MATMUL},
        [TOKEN_SLASH] = {BIND_MULTIPLY, OP_DIVIDE},
        [TOKEN_FLOOR] = {BIND_MULTIPLY, OP_FLOOR_DIVIDE},
        [TOKEN_PERCENT] = {BIND_MULTIPLY, OP_MODULO},
        [TOKEN_POWER] = {BIND_POWER, OP_POWER},
};

static uint32_t climb(struct reader *r, unsigned least);

/* Begins an operand that primary_read reads. */
static const bool begins_operand[TOKEN_KINDS] = {
        [TOKEN_NAME] = true,       [TOKEN_NUMBER] = true,      [TOKEN_STRING] = true,
        [TOKEN_FALSE] = true,      [TOKEN_NONE] = true,        [TOKEN_TRUE] = true,
        [TOKEN_OPEN_PAREN] = true, [TOKEN_OPEN_SQUARE] = true, [TOKEN_OPEN_CURLY] = true,
};

/* No part of an expression: what it stands behind is complete. */
static const bool ends_element[TOKEN_KINDS] = {
        [TOKEN_END] = true,   [TOKEN_COMMA] = true,       [TOKEN_COLON] = true,        [TOKEN_SEMICOLON] = true,
        [TOKEN_EQUAL] = true, [TOKEN_CLOSE_PAREN] = true, [TOKEN_CLOSE_SQUARE] = true, [TOKEN_CLOSE_CURLY] = true,
};

bool expr_begins(enum token_kind kind)
{
	switch (kind) {
	case TOKEN_NAME:
	case TOKEN_NUMBER:
	case TOKEN_STRING:
	case TOKEN_FALSE:
	case TOKEN_NONE:
	case TOKEN_TRUE:
	case TOKEN_ASYNC:
	case TOKEN_AWAIT:
	case TOKEN_LAMBDA:
	case TOKEN_NOT:
	case TOKEN_YIELD:
	case TOKEN_OPEN_PAREN:
	case TOKEN_OPEN_SQUARE:
	case TOKEN_OPEN_CURLY:
	case TOKEN_ELLIPSIS:
	case TOKEN_PLUS:
	case TOKEN_MINUS:
	case TOKEN_TIMES:
	case TOKEN_TILDE: return true;
	default: return false;
	}
}

static bool ends_skip(enum token_kind kind)
{
	switch (kind) {
	case TOKEN_COMMA:
	case TOKEN_COLON:
	case TOKEN_SEMICOLON:
	case TOKEN_EQUAL:
	case TOKEN_CLOSE_PAREN:
	case TOKEN_CLOSE_SQUARE:
	case TOKEN_CLOSE_CURLY: return true;
	default: return false;
	}
}

/* Nested too deeply: skips to where this expression should end. */
uint32_t expr_skip_deep(struct reader *r)
{
	reader_fault(r, FAULT_DEPTH, r->cursor.now.start);
	uint32_t node = reader_leaf(r, EXPR_OTHER), open = 0;
	while (reader_kind(r) != TOKEN_END && (open || !ends_skip(reader_kind(r)))) {
		char c = r->text[r->cursor.now.start];
		open += byte_class(c) == BYTE_OPEN;
		open -= byte_class(c) == BYTE_CLOSE;
		reader_advance(r);
	}
	return node;
}

bool expr_is_operator(enum token_kind kind)
{
	return operators[kind].bind != BIND_NONE;
}

/* ---- operators ---- */

static uint32_t read_prefix(struct reader *r, enum expr_kind kind, enum op op, unsigned bind)
{
	struct place here = reader_here(r);
	reader_advance(r);
	uint32_t node = reader_wrap(r, kind, climb(r, bind), here);
	r->facts.exprs.at[node].op = (uint8_t)op;
	return node;
}

static uint32_t read_operand(struct reader *r)
{
	switch (reader_kind(r)) {
	case TOKEN_NOT: return read_prefix(r, EXPR_NOT, OP_NONE, BIND_NOT);
	case TOKEN_MINUS: return read_prefix(r, EXPR_UNARY, OP_SUBTRACT, BIND_UNARY);
	case TOKEN_PLUS: return read_prefix(r, EXPR_UNARY, OP_ADD, BIND_UNARY);
	case TOKEN_TILDE: return read_prefix(r, EXPR_UNARY, OP_INVERT, BIND_UNARY);
	default: return primary_read(r);
	}
}

/* Takes the operator at the cursor, which may be two words. */
static enum op take_operator(struct reader *r)
{
	enum token_kind kind = reader_kind(r);
	reader_advance(r);
	if (kind == TOKEN_NOT)
		reader_expect(r, TOKEN_IN);
	if (kind == TOKEN_IS && reader_take(r, TOKEN_NOT))
		return OP_IS_NOT;
	return operators[kind].op;
}

/* How many nodes, the last ones made, an expression of nothing but numbers takes; 0 when there is more in it. */
static uint32_t number_nodes(const struct reader *r, uint32_t node)
{
	uint32_t n = 1;
	const struct expr *expr = &r->facts.exprs.at[node];
	for (; expr->kind == EXPR_UNARY; n++)
		expr = &r->facts.exprs.at[expr->first];
	return expr->kind == EXPR_NUMBER || (expr->kind == EXPR_OTHER && !expr->first) ? n : 0;
}

/* An operation on numbers alone is of no interest: one node without children stands for it. */
static bool is_blank(struct reader *r, const struct chain *sides)
{
	uint32_t left = number_nodes(r, sides->first), right = number_nodes(r, sides->last);
	if (!left || !right)
		return false;
	r->facts.exprs.n -= left + right;
	return true;
}

static uint32_t read_binary(struct reader *r, struct chain *sides, unsigned bind, struct place here)
{
	enum op op = take_operator(r);
	reader_chain(r, sides, climb(r, bind == BIND_POWER ? BIND_UNARY : bind + 1));
	bool is_numbers = is_blank(r, sides);
	uint32_t node = reader_over(r, is_numbers ? EXPR_OTHER : EXPR_BINARY, sides, here);
	struct expr *expr = &r->facts.exprs.at[node];
	if (is_numbers)
		expr->first = 0;
	else
		expr->op = (uint8_t)op;
	return node;
}

/* Operators of one level whose operands lie side by side: or, and, comparisons. */
static uint32_t read_row(struct reader *r, struct chain *sides, unsigned bind, struct place here)
{
	enum expr_kind kind = bind == BIND_OR ? EXPR_OR : bind == BIND_AND ? EXPR_AND : EXPR_COMPARE;
	enum op first = OP_NONE;
	while (operators[reader_kind(r)].bind == bind) {
		enum op op = take_operator(r);
		first = first ? first : op;
		reader_chain(r, sides, climb(r, bind + 1));
	}
	uint32_t node = reader_over(r, kind, sides, here);
	r->facts.exprs.at[node].op = (uint8_t)first;
	return node;
}

/* The tree got too tall: all operands that follow lie side by side. */
static uint32_t read_flat(struct reader *r, struct chain *sides, unsigned least, struct place here)
{
	unsigned bind;
	while ((bind = operators[reader_kind(r)].bind) >= least) {
		take_operator(r);
		reader_chain(r, sides, climb(r, bind + 1));
	}
	return reader_over(r, EXPR_OTHER, sides, here);
}

/* The operators behind an operand that bind at least so tightly. */
static uint32_t read_operators(struct reader *r, uint32_t node, unsigned least, struct place here)
{
	unsigned bind;
	while ((bind = operators[reader_kind(r)].bind) >= least) {
		struct chain sides = {0};
		reader_chain(r, &sides, node);
		if (r->height >= READER_HEIGHT)
			node = read_flat(r, &sides, least, here);
		else if (bind <= BIND_COMPARE)
			node = read_row(r, &sides, bind, here);
		else
			node = read_binary(r, &sides, bind, here);
	}
	return node;
}

static uint32_t climb(struct reader *r, unsigned least)
{
	if (r->depth == READER_DEPTH)
		return expr_skip_deep(r);
	r->depth++;
	struct place here = reader_here(r);
	uint32_t node = read_operators(r, read_operand(r), least, here);
	r->depth--;
	return node;
}

/* ---- whole expressions ---- */

static void read_lambda_parameters(struct reader *r, struct chain *defaults)
{
	while (reader_kind(r) != TOKEN_COLON && !r->is_broken) {
		if (!reader_take(r, TOKEN_SLASH)) {
			bool is_star = reader_take(r, TOKEN_TIMES) || reader_take(r, TOKEN_POWER);
			if (!(is_star && reader_kind(r) == TOKEN_COMMA))
				reader_expect(r, TOKEN_NAME);
		}
		if (reader_take(r, TOKEN_EQUAL))
			reader_chain(r, defaults, expr_read(r));
		if (!reader_take(r, TOKEN_COMMA))
			break;
	}
}

static uint32_t read_lambda(struct reader *r)
{
	struct chain defaults = {0}, parts = {0};
	struct place here = reader_here(r);
	bool has_yield = r->has_yield; /* one in the body is of the lambda */
	reader_advance(r);
	read_lambda_parameters(r, &defaults);
	reader_expect(r, TOKEN_COLON);
	reader_chain(r, &parts, expr_read(r));
	r->has_yield = has_yield;
	if (defaults.n) {
		r->height = defaults.height;
		reader_chain(r, &parts, defaults.first);
	}
	return reader_over(r, EXPR_LAMBDA, &parts, here);
}

static uint32_t read_yield(struct reader *r)
{
	struct chain parts = {0};
	struct place here = reader_here(r);
	r->has_yield = true;
	reader_advance(r);
	bool is_from = reader_take(r, TOKEN_FROM);
	if (is_from)
		reader_chain(r, &parts, expr_read(r));
	else if (expr_begins(reader_kind(r)))
		reader_chain(r, &parts, expr_read_list(r));
	uint32_t node = reader_over(r, EXPR_YIELD, &parts, here);
	r->facts.exprs.at[node].op = is_from;
	return node;
}

/* `value if condition else otherwise`, when there is an `if`. */
static uint32_t read_conditional(struct reader *r, uint32_t value, struct place here)
{
	struct chain parts = {0};
	if (reader_kind(r) != TOKEN_IF || r->mode.is_pattern)
		return value;
	reader_advance(r);
	reader_chain(r, &parts, value);
	reader_chain(r, &parts, climb(r, BIND_OR));
	reader_expect(r, TOKEN_ELSE);
	reader_chain(r, &parts, expr_read(r));
	return reader_over(r, EXPR_IF, &parts, here);
}

static uint32_t read_whole(struct reader *r)
{
	if (reader_kind(r) == TOKEN_LAMBDA)
		return read_lambda(r);
	if (reader_kind(r) == TOKEN_YIELD)
		return read_yield(r);
	struct place here = reader_here(r);
	uint32_t value = climb(r, BIND_OR);
	return read_conditional(r, value, here);
}

uint32_t expr_read_operators(struct reader *r)
{
	return climb(r, BIND_OR);
}

uint32_t expr_read(struct reader *r)
{
	if (r->depth == READER_DEPTH)
		return expr_skip_deep(r);
	r->depth++;
	uint32_t node = read_whole(r);
	r->depth--;
	return node;
}

/* `left OP right`, for `:=` and `as`. */
static uint32_t read_pair_of(struct reader *r, enum expr_kind kind, uint32_t left, struct place here)
{
	struct chain parts = {0};
	reader_chain(r, &parts, left);
	reader_advance(r);
	reader_chain(r, &parts, kind == EXPR_AS ? climb(r, BIND_BIT_OR) : expr_read(r));
	return reader_over(r, kind, &parts, here);
}

/* As expr_read, quicker when no operator stands in it: most elements are an operand alone. */
static uint32_t read_short(struct reader *r, struct place here)
{
	if (!begins_operand[reader_kind(r)] || r->depth == READER_DEPTH)
		return expr_read(r);
	r->depth++;
	uint32_t node = primary_read(r);
	if (!ends_element[reader_kind(r)])
		node = read_conditional(r, read_operators(r, node, BIND_OR, here), here);
	r->depth--;
	return node;
}

uint32_t expr_read_element(struct reader *r)
{
	struct place here = reader_here(r);
	if (reader_kind(r) == TOKEN_TIMES) {
		reader_advance(r);
		uint32_t value = expr_read(r);
		return reader_wrap(r, EXPR_STAR, value, here);
	}
	uint32_t node = read_short(r, here);
	if (ends_element[reader_kind(r)])
		return node;
	if (reader_kind(r) == TOKEN_WALRUS)
		node = read_pair_of(r, EXPR_ASSIGN, node, here);
	if (r->mode.binds && reader_kind(r) == TOKEN_AS)
		node = read_pair_of(r, EXPR_AS, node, here);
	return node;
}

uint32_t expr_read_list(struct reader *r)
{
	struct chain chain = {0};
	struct place here = reader_here(r);
	uint32_t node = expr_read_element(r);
	if (reader_kind(r) != TOKEN_COMMA)
		return node;
	reader_chain(r, &chain, node);
	bool is_cut = bracket_more(r, &chain);
	return bracket_collection(r, EXPR_TUPLE, &chain, is_cut, here);
}

static uint32_t read_target(struct reader *r)
{
	if (reader_kind(r) != TOKEN_TIMES)
		return climb(r, BIND_BIT_OR);
	struct place here = reader_here(r);
	reader_advance(r);
	uint32_t value = climb(r, BIND_BIT_OR);
	return reader_wrap(r, EXPR_STAR, value, here);
}

uint32_t expr_read_targets(struct reader *r)
{
	struct chain chain = {0};
	struct place here = reader_here(r);
	uint32_t node = read_target(r);
	if (reader_kind(r) != TOKEN_COMMA)
		return node;
	reader_chain(r, &chain, node);
	while (reader_take(r, TOKEN_COMMA) && expr_begins(reader_kind(r)))
		reader_chain(r, &chain, read_target(r));
	return reader_over(r, EXPR_TUPLE, &chain, here);
}
