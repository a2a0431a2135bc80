/* Atoms, and the calls, attributes and subscripts behind them. */
#include "python/primary.h"

#include "python/bracket.h"
#include "python/expr.h"
#include "python/string.h"

static uint32_t fail_here(struct reader *r)
{
	reader_fail(r);
	return reader_leaf(r, EXPR_OTHER);
}

static uint32_t read_constant(struct reader *r, enum expr_kind kind)
{
	uint32_t node = reader_leaf(r, kind);
	reader_advance(r);
	return node;
}

/* A name or number. */
static uint32_t read_text(struct reader *r, enum expr_kind kind)
{
	uint32_t node = reader_leaf(r, kind);
	r->facts.exprs.at[node].text = reader_name(r);
	reader_advance(r);
	return node;
}

/* `name=value`: `node` is the name, just read. */
static uint32_t read_keyword(struct reader *r, uint32_t node)
{
	struct expr label = r->facts.exprs.at[node];
	r->facts.exprs.n--;
	reader_advance(r);
	uint32_t value = expr_read_element(r);
	node = reader_wrap(r, EXPR_KEYWORD, value, (struct place){label.at, label.line});
	r->facts.exprs.at[node].text = label.text;
	return node;
}

static uint32_t read_argument(struct reader *r)
{
	if (reader_kind(r) == TOKEN_POWER)
		return bracket_double_star(r);
	uint32_t node = expr_read_element(r);
	const struct expr *expr = &r->facts.exprs.at[node];
	if (reader_kind(r) == TOKEN_EQUAL && expr->kind == EXPR_NAME)
		return read_keyword(r, node);
	if (!bracket_at_comprehension(r))
		return node;
	struct chain parts = {0};
	struct place here = {expr->at, expr->line};
	reader_chain(r, &parts, node);
	return bracket_comprehension(r, EXPR_OTHER, &parts, here);
}

struct chain primary_arguments(struct reader *r, struct chain chain)
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
static uint32_t read_slice(struct reader *r, struct chain *parts, struct place here)
{
	while (reader_take(r, TOKEN_COLON))
		if (expr_begins(reader_kind(r)))
			reader_chain(r, parts, expr_read_element(r));
	return reader_over(r, EXPR_OTHER, parts, here);
}

static uint32_t read_subscript(struct reader *r)
{
	struct chain parts = {0};
	struct place here = reader_here(r);
	if (reader_kind(r) == TOKEN_COLON)
		return read_slice(r, &parts, here);
	uint32_t node = expr_read_element(r);
	if (reader_kind(r) != TOKEN_COLON)
		return node;
	reader_chain(r, &parts, node);
	return read_slice(r, &parts, here);
}

/* Behind `[`.  `a[*b]` is a tuple of one. */
static uint32_t read_index(struct reader *r)
{
	struct place here = reader_here(r);
	uint32_t node = read_subscript(r);
	if (reader_kind(r) == TOKEN_COMMA || r->facts.exprs.at[node].kind == EXPR_STAR) {
		struct chain chain = {0};
		reader_chain(r, &chain, node);
		while (reader_take(r, TOKEN_COMMA) && reader_kind(r) != TOKEN_CLOSE_SQUARE && !r->is_broken)
			reader_chain(r, &chain, read_subscript(r));
		node = reader_over(r, EXPR_TUPLE, &chain, here);
	}
	reader_expect(r, TOKEN_CLOSE_SQUARE);
	return node;
}

static bool is_attribute_name(const struct reader *r)
{
	enum token_kind kind = reader_kind(r);
	return kind == TOKEN_NAME || (kind >= TOKEN_FALSE && kind <= TOKEN_YIELD);
}

/* Behind a dot. */
static name read_attribute_name(struct reader *r)
{
	if (!is_attribute_name(r)) {
		reader_fail(r);
		return 0;
	}
	name text = reader_name(r);
	reader_advance(r);
	return text;
}

/* The chain got too tall: all that follows lies side by side. */
static uint32_t read_flat_trailers(struct reader *r, uint32_t node, struct place here)
{
	struct chain parts = {0};
	reader_chain(r, &parts, node);
	for (;;) {
		if (reader_take(r, TOKEN_DOT))
			read_attribute_name(r);
		else if (reader_take(r, TOKEN_OPEN_PAREN))
			parts = primary_arguments(r, parts);
		else if (reader_take(r, TOKEN_OPEN_SQUARE))
			reader_chain(r, &parts, read_index(r));
		else
			return reader_over(r, EXPR_OTHER, &parts, here);
	}
}

static uint32_t read_attribute(struct reader *r, uint32_t object, struct place here)
{
	uint32_t height = r->height;
	reader_advance(r);
	name text = read_attribute_name(r);
	r->height = height;
	uint32_t node = reader_wrap(r, EXPR_ATTRIBUTE, object, here);
	r->facts.exprs.at[node].text = text;
	return node;
}

static uint32_t read_call(struct reader *r, uint32_t callee, struct place here)
{
	struct chain parts = {callee, callee, 1, r->height};
	reader_advance(r);
	parts = primary_arguments(r, parts);
	return reader_over(r, EXPR_CALL, &parts, here);
}

static uint32_t read_item(struct reader *r, uint32_t object, struct place here)
{
	struct chain parts = {object, object, 1, r->height};
	reader_advance(r);
	reader_chain(r, &parts, read_index(r));
	return reader_over(r, EXPR_INDEX, &parts, here);
}

/* `.name`, `(arguments)` and `[index]`, as many as there are. */
static uint32_t read_trailers(struct reader *r, uint32_t node, struct place here)
{
	while (r->height < READER_HEIGHT) {
		switch (reader_kind(r)) {
		case TOKEN_DOT: node = read_attribute(r, node, here); break;
		case TOKEN_OPEN_PAREN: node = read_call(r, node, here); break;
		case TOKEN_OPEN_SQUARE: node = read_item(r, node, here); break;
		default: return node;
		}
	}
	switch (reader_kind(r)) {
	case TOKEN_DOT:
	case TOKEN_OPEN_PAREN:
	case TOKEN_OPEN_SQUARE: return read_flat_trailers(r, node, here);
	default: return node;
	}
}

/* `await` was a name before 3.7. */
static uint32_t read_await(struct reader *r)
{
	struct place here = reader_here(r);
	enum token_kind after = reader_peek(r);
	if (!expr_begins(after) || expr_is_operator(after))
		return read_text(r, EXPR_NAME);
	if (r->depth == READER_DEPTH)
		return expr_skip_deep(r);
	r->depth++;
	reader_advance(r);
	uint32_t value = primary_read(r);
	r->depth--;
	return reader_wrap(r, EXPR_AWAIT, value, here);
}

uint32_t primary_read(struct reader *r)
{
	struct place here = reader_here(r);
	uint32_t node;
	switch (reader_kind(r)) {
	case TOKEN_NAME:
	case TOKEN_ASYNC: node = read_text(r, EXPR_NAME); break;
	case TOKEN_NUMBER: node = read_text(r, EXPR_NUMBER); break;
	case TOKEN_STRING: node = string_read(r); break;
	case TOKEN_NONE: node = read_constant(r, EXPR_NONE); break;
	case TOKEN_TRUE: node = read_constant(r, EXPR_TRUE); break;
	case TOKEN_FALSE: node = read_constant(r, EXPR_FALSE); break;
	case TOKEN_ELLIPSIS: node = read_constant(r, EXPR_ELLIPSIS); break;
	case TOKEN_OPEN_PAREN: node = bracket_read_parenthesis(r); break;
	case TOKEN_OPEN_SQUARE: node = bracket_read_square(r); break;
	case TOKEN_OPEN_CURLY: node = bracket_read_curly(r); break;
	case TOKEN_AWAIT: node = read_await(r); break;
	default: return fail_here(r);
	}
	return read_trailers(r, node, here);
}
