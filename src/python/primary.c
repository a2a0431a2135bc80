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

static uint32_t atom_leaf(struct reader *r, enum expr_kind kind)
{
	uint32_t node = reader_leaf(r, kind);
	if (kind == EXPR_NAME || kind == EXPR_NUMBER)
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

/* One of `.name`, `(arguments)`, `[index]` into a chain that has the object.
 * Gives the name of the attribute. */
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
		*parts = primary_arguments(r, *parts);
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
static uint32_t read_flat_trailers(struct reader *r, struct chain *parts, struct place here)
{
	while (trailer_kind(r) != EXPR_NONE)
		read_trailer(r, parts);
	return reader_over(r, EXPR_OTHER, parts, here);
}

static uint32_t read_trailers(struct reader *r, uint32_t node, struct place here)
{
	enum expr_kind kind;
	while ((kind = trailer_kind(r)) != EXPR_NONE) {
		struct chain parts = {0};
		reader_chain(r, &parts, node);
		if (r->height >= READER_HEIGHT)
			return read_flat_trailers(r, &parts, here);
		name text = read_trailer(r, &parts);
		node = reader_over(r, kind, &parts, here);
		r->facts.exprs.at[node].text = text;
	}
	return node;
}

/* `await` was a name before 3.7. */
static uint32_t read_await(struct reader *r)
{
	struct place here = reader_here(r);
	enum token_kind after = reader_peek(r);
	if (!expr_begins(after) || expr_is_operator(after))
		return atom_leaf(r, EXPR_NAME);
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
	case TOKEN_ASYNC: node = atom_leaf(r, EXPR_NAME); break;
	case TOKEN_NUMBER: node = atom_leaf(r, EXPR_NUMBER); break;
	case TOKEN_STRING: node = string_read(r); break;
	case TOKEN_NONE: node = atom_leaf(r, EXPR_NONE); break;
	case TOKEN_TRUE: node = atom_leaf(r, EXPR_TRUE); break;
	case TOKEN_FALSE: node = atom_leaf(r, EXPR_FALSE); break;
	case TOKEN_ELLIPSIS: node = atom_leaf(r, EXPR_ELLIPSIS); break;
	case TOKEN_OPEN_PAREN: node = bracket_read_parenthesis(r); break;
	case TOKEN_OPEN_SQUARE: node = bracket_read_square(r); break;
	case TOKEN_OPEN_CURLY: node = bracket_read_curly(r); break;
	case TOKEN_AWAIT: node = read_await(r); break;
	default: return fail_here(r);
	}
	return read_trailers(r, node, here);
}
