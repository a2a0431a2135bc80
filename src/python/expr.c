/* Operators, brackets, calls: one function a construct, from the atoms up to lists of expressions. */
#include "python/expr.h"

#include "python/string.h"

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

static uint32_t fail_here(struct reader *r)
{
	reader_fail(r);
	return reader_leaf(r, EXPR_OTHER);
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
static uint32_t skip_deep(struct reader *r)
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

static uint32_t atom_leaf(struct reader *r, enum expr_kind kind)
{
	uint32_t node = reader_leaf(r, kind);
	if (kind == EXPR_NAME || kind == EXPR_NUMBER)
		r->facts.exprs.at[node].text = reader_name(r);
	reader_advance(r);
	return node;
}

/* ---- brackets ---- */

static bool at_comprehension(const struct reader *r)
{
	return reader_kind(r) == TOKEN_FOR || (reader_kind(r) == TOKEN_ASYNC && reader_peek(r) == TOKEN_FOR);
}

static uint32_t read_for_in(struct reader *r)
{
	struct chain parts = {0};
	uint32_t at = r->cursor.now.start, line = r->cursor.line;
	reader_take(r, TOKEN_ASYNC);
	reader_expect(r, TOKEN_FOR);
	reader_chain(r, &parts, expr_read_targets(r));
	reader_expect(r, TOKEN_IN);
	reader_chain(r, &parts, climb(r, BIND_OR));
	return reader_over(r, EXPR_FOR_IN, &parts, at, line);
}

/* At the first `for`; `parts` has the element. */
static uint32_t read_comprehension(struct reader *r, enum expr_kind builds, struct chain *parts, uint32_t at,
                                   uint32_t line)
{
	while (at_comprehension(r)) {
		reader_chain(r, parts, read_for_in(r));
		while (reader_take(r, TOKEN_IF))
			reader_chain(r, parts, climb(r, BIND_OR));
	}
	uint32_t node = reader_over(r, EXPR_COMPREHENSION, parts, at, line);
	r->facts.exprs.at[node].op = (uint8_t)builds;
	return node;
}

/* Keeps an element of a literal collection, unless there are too many. */
static void keep(struct reader *r, struct chain *chain, uint32_t element, size_t mark)
{
	if (chain->n < READER_ELEMENTS)
		reader_chain(r, chain, element);
	else
		r->facts.exprs.n = mark;
}

static uint32_t make_collection(struct reader *r, enum expr_kind kind, const struct chain *chain, bool is_cut,
                                uint32_t at, uint32_t line)
{
	uint32_t node = reader_over(r, kind, chain, at, line);
	r->facts.exprs.at[node].op = is_cut;
	return node;
}

/* The elements behind the first, which is in the chain: `, b, c`. */
static bool read_more(struct reader *r, struct chain *chain)
{
	bool is_cut = false;
	while (reader_take(r, TOKEN_COMMA) && expr_begins(reader_kind(r))) {
		size_t mark = r->facts.exprs.n;
		is_cut |= chain->n == READER_ELEMENTS;
		keep(r, chain, expr_read_element(r), mark);
	}
	return is_cut;
}

static uint32_t read_parenthesis(struct reader *r)
{
	struct chain chain = {0};
	uint32_t at = r->cursor.now.start, line = r->cursor.line, node;
	reader_advance(r);
	if (reader_take(r, TOKEN_CLOSE_PAREN))
		return reader_over(r, EXPR_TUPLE, &chain, at, line);
	node = expr_read_element(r);
	if (at_comprehension(r)) {
		reader_chain(r, &chain, node);
		node = read_comprehension(r, EXPR_OTHER, &chain, at, line);
	} else if (reader_kind(r) == TOKEN_COMMA) {
		reader_chain(r, &chain, node);
		bool is_cut = read_more(r, &chain);
		node = make_collection(r, EXPR_TUPLE, &chain, is_cut, at, line);
	}
	reader_expect(r, TOKEN_CLOSE_PAREN);
	return node;
}

static uint32_t read_square(struct reader *r)
{
	struct chain chain = {0};
	uint32_t at = r->cursor.now.start, line = r->cursor.line, node;
	bool is_cut = false;
	reader_advance(r);
	if (reader_kind(r) != TOKEN_CLOSE_SQUARE) {
		reader_chain(r, &chain, expr_read_element(r));
		is_cut = read_more(r, &chain);
	}
	if (at_comprehension(r) && chain.n == 1)
		node = read_comprehension(r, EXPR_LIST, &chain, at, line);
	else
		node = make_collection(r, EXPR_LIST, &chain, is_cut, at, line);
	reader_expect(r, TOKEN_CLOSE_SQUARE);
	return node;
}

static uint32_t read_double_star(struct reader *r)
{
	uint32_t at = r->cursor.now.start, line = r->cursor.line;
	reader_advance(r);
	uint32_t value = expr_read(r);
	return reader_wrap(r, EXPR_DOUBLE_STAR, value, at, line);
}

/* `key: value` or `**x` of a dict into the chain. */
static void read_pair(struct reader *r, struct chain *chain)
{
	if (reader_kind(r) == TOKEN_POWER) {
		reader_chain(r, chain, read_double_star(r));
		return;
	}
	reader_chain(r, chain, expr_read_element(r));
	reader_expect(r, TOKEN_COLON);
	reader_chain(r, chain, expr_read_element(r));
}

/* The pairs behind the first one. */
static bool read_more_pairs(struct reader *r, struct chain *chain)
{
	bool is_cut = false;
	uint32_t pairs = 1;
	while (reader_take(r, TOKEN_COMMA) && (expr_begins(reader_kind(r)) || reader_kind(r) == TOKEN_POWER)) {
		struct chain rest = {0};
		size_t mark = r->facts.exprs.n;
		read_pair(r, pairs < READER_ELEMENTS ? chain : &rest);
		if (pairs++ < READER_ELEMENTS)
			continue;
		r->facts.exprs.n = mark;
		is_cut = true;
	}
	return is_cut;
}

static uint32_t read_dict(struct reader *r, struct chain *chain, uint32_t at, uint32_t line)
{
	if (at_comprehension(r))
		return read_comprehension(r, EXPR_DICT, chain, at, line);
	bool is_cut = read_more_pairs(r, chain);
	return make_collection(r, EXPR_DICT, chain, is_cut, at, line);
}

static uint32_t read_set(struct reader *r, struct chain *chain, uint32_t at, uint32_t line)
{
	if (at_comprehension(r))
		return read_comprehension(r, EXPR_SET, chain, at, line);
	bool is_cut = read_more(r, chain);
	return make_collection(r, EXPR_SET, chain, is_cut, at, line);
}

static uint32_t read_curly(struct reader *r)
{
	struct chain chain = {0};
	uint32_t at = r->cursor.now.start, line = r->cursor.line, node;
	reader_advance(r);
	if (reader_take(r, TOKEN_CLOSE_CURLY))
		return reader_over(r, EXPR_DICT, &chain, at, line);
	if (reader_kind(r) == TOKEN_POWER) {
		reader_chain(r, &chain, read_double_star(r));
		node = read_dict(r, &chain, at, line);
	} else {
		reader_chain(r, &chain, expr_read_element(r));
		if (reader_take(r, TOKEN_COLON)) {
			reader_chain(r, &chain, expr_read_element(r));
			node = read_dict(r, &chain, at, line);
		} else {
			node = read_set(r, &chain, at, line);
		}
	}
	reader_expect(r, TOKEN_CLOSE_CURLY);
	return node;
}

/* ---- what follows an atom ---- */

/* `name=value`: `node` is the name, just read. */
static uint32_t read_keyword(struct reader *r, uint32_t node)
{
	struct expr label = r->facts.exprs.at[node];
	r->facts.exprs.n--;
	reader_advance(r);
	uint32_t value = expr_read_element(r);
	node = reader_wrap(r, EXPR_KEYWORD, value, label.at, label.line);
	r->facts.exprs.at[node].text = label.text;
	return node;
}

static uint32_t read_argument(struct reader *r)
{
	if (reader_kind(r) == TOKEN_POWER)
		return read_double_star(r);
	uint32_t node = expr_read_element(r);
	const struct expr *expr = &r->facts.exprs.at[node];
	if (reader_kind(r) == TOKEN_EQUAL && expr->kind == EXPR_NAME)
		return read_keyword(r, node);
	if (!at_comprehension(r))
		return node;
	struct chain parts = {0};
	uint32_t at = expr->at, line = expr->line;
	reader_chain(r, &parts, node);
	return read_comprehension(r, EXPR_OTHER, &parts, at, line);
}

struct chain expr_read_arguments(struct reader *r, struct chain chain)
{
	while (reader_kind(r) != TOKEN_CLOSE_PAREN && !r->is_broken) {
		reader_chain(r, &chain, read_argument(r));
		if (!reader_take(r, TOKEN_COMMA))
			break;
	}
	reader_expect(r, TOKEN_CLOSE_PAREN);
	return chain;
}

/* `a:b:c`; the part before the first colon is in the chain if there is one. */
static uint32_t read_slice(struct reader *r, struct chain *parts, uint32_t at, uint32_t line)
{
	while (reader_take(r, TOKEN_COLON))
		if (expr_begins(reader_kind(r)))
			reader_chain(r, parts, expr_read_element(r));
	return reader_over(r, EXPR_OTHER, parts, at, line);
}

static uint32_t read_subscript(struct reader *r)
{
	struct chain parts = {0};
	uint32_t at = r->cursor.now.start, line = r->cursor.line;
	if (reader_kind(r) == TOKEN_COLON)
		return read_slice(r, &parts, at, line);
	uint32_t node = expr_read_element(r);
	if (reader_kind(r) != TOKEN_COLON)
		return node;
	reader_chain(r, &parts, node);
	return read_slice(r, &parts, at, line);
}

/* Behind `[`. */
static uint32_t read_index(struct reader *r)
{
	uint32_t node = read_subscript(r);
	if (reader_kind(r) == TOKEN_COMMA) {
		struct chain chain = {0};
		reader_chain(r, &chain, node);
		while (reader_take(r, TOKEN_COMMA) && reader_kind(r) != TOKEN_CLOSE_SQUARE && !r->is_broken)
			reader_chain(r, &chain, read_subscript(r));
		node = reader_behind(r, EXPR_TUPLE, &chain);
	}
	reader_expect(r, TOKEN_CLOSE_SQUARE);
	return node;
}

static bool is_attribute_name(const struct reader *r)
{
	enum token_kind kind = reader_kind(r);
	return kind == TOKEN_NAME || (kind >= TOKEN_FALSE && kind <= TOKEN_YIELD);
}

/* One of `.name`, `(arguments)`, `[index]` into a chain that has the object.  Gives the name of the attribute. */
static name read_trailer(struct reader *r, struct chain *parts)
{
	name text = 0;
	switch (reader_kind(r)) {
	case TOKEN_DOT:
		reader_advance(r);
		if (!is_attribute_name(r)) {
			reader_fail(r);
			break;
		}
		text = reader_name(r);
		reader_advance(r);
		break;
	case TOKEN_OPEN_PAREN:
		reader_advance(r);
		*parts = expr_read_arguments(r, *parts);
		break;
	default: reader_advance(r); reader_chain(r, parts, read_index(r));
	}
	return text;
}

static enum expr_kind trailer_kind(const struct reader *r)
{
	switch (reader_kind(r)) {
	case TOKEN_DOT: return EXPR_ATTRIBUTE;
	case TOKEN_OPEN_PAREN: return EXPR_CALL;
	case TOKEN_OPEN_SQUARE: return EXPR_INDEX;
	default: return EXPR_NONE;
	}
}

/* The chain got too tall: all that follows lies side by side. */
static uint32_t read_flat_trailers(struct reader *r, struct chain *parts)
{
	while (trailer_kind(r) != EXPR_NONE)
		read_trailer(r, parts);
	return reader_behind(r, EXPR_OTHER, parts);
}

static uint32_t read_trailers(struct reader *r, uint32_t node)
{
	enum expr_kind kind;
	while ((kind = trailer_kind(r)) != EXPR_NONE) {
		struct chain parts = {0};
		reader_chain(r, &parts, node);
		if (r->height >= READER_HEIGHT)
			return read_flat_trailers(r, &parts);
		name text = read_trailer(r, &parts);
		node = reader_behind(r, kind, &parts);
		r->facts.exprs.at[node].text = text;
	}
	return node;
}

static uint32_t read_primary(struct reader *r);

/* `await` was a name before 3.7. */
static uint32_t read_await(struct reader *r)
{
	uint32_t at = r->cursor.now.start, line = r->cursor.line;
	enum token_kind after = reader_peek(r);
	if (!expr_begins(after) || operators[after].bind)
		return atom_leaf(r, EXPR_NAME);
	if (r->depth == READER_DEPTH)
		return skip_deep(r);
	r->depth++;
	reader_advance(r);
	uint32_t value = read_primary(r);
	r->depth--;
	return reader_wrap(r, EXPR_AWAIT, value, at, line);
}

static uint32_t read_primary(struct reader *r)
{
	uint32_t node;
	switch (reader_kind(r)) {
	case TOKEN_NAME:
	case TOKEN_ASYNC: node = atom_leaf(r, EXPR_NAME); break;
	case TOKEN_NUMBER: node = atom_leaf(r, EXPR_NUMBER); break;
	case TOKEN_STRING: node = string_read(r); break;
	case TOKEN_NONE: node = atom_leaf(r, EXPR_NONE); break;
	case TOKEN_TRUE: node = atom_leaf(r, EXPR_TRUE); break;
	case TOKEN_FALSE: node = atom_leaf(r, EXPR_FALSE); break;
	case TOKEN_ELLIPSIS: node = atom_leaf(r, EXPR_ELLIPSIS); break;
	case TOKEN_OPEN_PAREN: node = read_parenthesis(r); break;
	case TOKEN_OPEN_SQUARE: node = read_square(r); break;
	case TOKEN_OPEN_CURLY: node = read_curly(r); break;
	case TOKEN_AWAIT: node = read_await(r); break;
	default: return fail_here(r);
	}
	return read_trailers(r, node);
}

/* ---- operators ---- */

static uint32_t read_prefix(struct reader *r, enum expr_kind kind, enum op op, unsigned bind)
{
	uint32_t at = r->cursor.now.start, line = r->cursor.line;
	reader_advance(r);
	uint32_t node = reader_wrap(r, kind, climb(r, bind), at, line);
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
	default: return read_primary(r);
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

static uint32_t read_binary(struct reader *r, struct chain *sides, unsigned bind)
{
	const struct expr left = r->facts.exprs.at[sides->first];
	enum op op = take_operator(r);
	reader_chain(r, sides, climb(r, bind == BIND_POWER ? BIND_UNARY : bind + 1));
	bool is_numbers = is_blank(r, sides);
	uint32_t node = reader_over(r, is_numbers ? EXPR_OTHER : EXPR_BINARY, sides, left.at, left.line);
	struct expr *expr = &r->facts.exprs.at[node];
	if (is_numbers)
		expr->first = 0;
	else
		expr->op = (uint8_t)op;
	return node;
}

/* Operators of one level whose operands lie side by side: or, and, comparisons. */
static uint32_t read_row(struct reader *r, struct chain *sides, unsigned bind)
{
	enum expr_kind kind = bind == BIND_OR ? EXPR_OR : bind == BIND_AND ? EXPR_AND : EXPR_COMPARE;
	enum op first = OP_NONE;
	while (operators[reader_kind(r)].bind == bind) {
		enum op op = take_operator(r);
		first = first ? first : op;
		reader_chain(r, sides, climb(r, bind + 1));
	}
	uint32_t node = reader_behind(r, kind, sides);
	r->facts.exprs.at[node].op = (uint8_t)first;
	return node;
}

/* The tree got too tall: all operands that follow lie side by side. */
static uint32_t read_flat(struct reader *r, struct chain *sides, unsigned least)
{
	unsigned bind;
	while ((bind = operators[reader_kind(r)].bind) >= least) {
		take_operator(r);
		reader_chain(r, sides, climb(r, bind + 1));
	}
	return reader_behind(r, EXPR_OTHER, sides);
}

/* An operand and the operators behind it that bind at least so tightly. */
static uint32_t climb(struct reader *r, unsigned least)
{
	if (r->depth == READER_DEPTH)
		return skip_deep(r);
	r->depth++;
	uint32_t node = read_operand(r);
	unsigned bind;
	while ((bind = operators[reader_kind(r)].bind) >= least) {
		struct chain sides = {0};
		reader_chain(r, &sides, node);
		if (r->height >= READER_HEIGHT)
			node = read_flat(r, &sides, least);
		else if (bind <= BIND_COMPARE)
			node = read_row(r, &sides, bind);
		else
			node = read_binary(r, &sides, bind);
	}
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
	uint32_t at = r->cursor.now.start, line = r->cursor.line;
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
	return reader_over(r, EXPR_LAMBDA, &parts, at, line);
}

static uint32_t read_yield(struct reader *r)
{
	struct chain parts = {0};
	uint32_t at = r->cursor.now.start, line = r->cursor.line;
	r->has_yield = true;
	reader_advance(r);
	bool is_from = reader_take(r, TOKEN_FROM);
	if (is_from)
		reader_chain(r, &parts, expr_read(r));
	else if (expr_begins(reader_kind(r)))
		reader_chain(r, &parts, expr_read_list(r));
	uint32_t node = reader_over(r, EXPR_YIELD, &parts, at, line);
	r->facts.exprs.at[node].op = is_from;
	return node;
}

/* Behind `if`. */
static uint32_t read_conditional(struct reader *r, uint32_t value)
{
	struct chain parts = {0};
	reader_chain(r, &parts, value);
	reader_chain(r, &parts, climb(r, BIND_OR));
	reader_expect(r, TOKEN_ELSE);
	reader_chain(r, &parts, expr_read(r));
	return reader_behind(r, EXPR_IF, &parts);
}

static uint32_t read_whole(struct reader *r)
{
	if (reader_kind(r) == TOKEN_LAMBDA)
		return read_lambda(r);
	if (reader_kind(r) == TOKEN_YIELD)
		return read_yield(r);
	uint32_t value = climb(r, BIND_OR);
	if (reader_kind(r) != TOKEN_IF || r->mode.is_pattern)
		return value;
	reader_advance(r);
	return read_conditional(r, value);
}

uint32_t expr_read(struct reader *r)
{
	if (r->depth == READER_DEPTH)
		return skip_deep(r);
	r->depth++;
	uint32_t node = read_whole(r);
	r->depth--;
	return node;
}

/* `left OP right`, for `:=` and `as`. */
static uint32_t read_pair_of(struct reader *r, enum expr_kind kind, uint32_t left)
{
	struct chain parts = {0};
	reader_chain(r, &parts, left);
	reader_advance(r);
	reader_chain(r, &parts, kind == EXPR_AS ? climb(r, BIND_BIT_OR) : expr_read(r));
	return reader_behind(r, kind, &parts);
}

uint32_t expr_read_element(struct reader *r)
{
	if (reader_kind(r) == TOKEN_TIMES) {
		uint32_t at = r->cursor.now.start, line = r->cursor.line;
		reader_advance(r);
		uint32_t value = expr_read(r);
		return reader_wrap(r, EXPR_STAR, value, at, line);
	}
	uint32_t node = expr_read(r);
	if (reader_kind(r) == TOKEN_WALRUS)
		node = read_pair_of(r, EXPR_ASSIGN, node);
	if (r->mode.binds && reader_kind(r) == TOKEN_AS)
		node = read_pair_of(r, EXPR_AS, node);
	return node;
}

uint32_t expr_read_list(struct reader *r)
{
	struct chain chain = {0};
	uint32_t node = expr_read_element(r);
	if (reader_kind(r) != TOKEN_COMMA)
		return node;
	const struct expr first = r->facts.exprs.at[node];
	reader_chain(r, &chain, node);
	bool is_cut = read_more(r, &chain);
	return make_collection(r, EXPR_TUPLE, &chain, is_cut, first.at, first.line);
}

static uint32_t read_target(struct reader *r)
{
	if (reader_kind(r) != TOKEN_TIMES)
		return climb(r, BIND_BIT_OR);
	uint32_t at = r->cursor.now.start, line = r->cursor.line;
	reader_advance(r);
	uint32_t value = climb(r, BIND_BIT_OR);
	return reader_wrap(r, EXPR_STAR, value, at, line);
}

uint32_t expr_read_targets(struct reader *r)
{
	struct chain chain = {0};
	uint32_t node = read_target(r);
	if (reader_kind(r) != TOKEN_COMMA)
		return node;
	reader_chain(r, &chain, node);
	while (reader_take(r, TOKEN_COMMA) && expr_begins(reader_kind(r)))
		reader_chain(r, &chain, read_target(r));
	return reader_behind(r, EXPR_TUPLE, &chain);
}
