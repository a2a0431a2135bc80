/* Displays and comprehensions. */
#include "python/bracket.h"

#include "python/expr.h"

bool bracket_at_comprehension(const struct reader *r)
{
	return reader_kind(r) == TOKEN_FOR || (reader_kind(r) == TOKEN_ASYNC && reader_peek(r) == TOKEN_FOR);
}

static uint32_t read_for_in(struct reader *r)
{
	struct chain parts = {0};
	struct place here = reader_here(r);
	reader_take(r, TOKEN_ASYNC);
	reader_expect(r, TOKEN_FOR);
	reader_chain(r, &parts, expr_read_targets(r));
	reader_expect(r, TOKEN_IN);
	reader_chain(r, &parts, expr_read_operators(r));
	return reader_over(r, EXPR_FOR_IN, &parts, here);
}

/* At the first `for`; `parts` has the element. */
uint32_t bracket_comprehension(struct reader *r, enum expr_kind builds, struct chain *parts, struct place here)
{
	while (bracket_at_comprehension(r)) {
		reader_chain(r, parts, read_for_in(r));
		while (reader_take(r, TOKEN_IF))
			reader_chain(r, parts, expr_read_operators(r));
	}
	uint32_t node = reader_over(r, EXPR_COMPREHENSION, parts, here);
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

uint32_t bracket_collection(struct reader *r, enum expr_kind kind, const struct chain *chain, bool is_cut,
                            struct place here)
{
	uint32_t node = reader_over(r, kind, chain, here);
	r->facts.exprs.at[node].op = is_cut;
	return node;
}

/* The elements behind the first, which is in the chain: `, b, c`. */
bool bracket_more(struct reader *r, struct chain *chain)
{
	bool is_cut = false;
	while (reader_take(r, TOKEN_COMMA) && expr_begins(reader_kind(r))) {
		size_t mark = r->facts.exprs.n;
		is_cut |= chain->n == READER_ELEMENTS;
		keep(r, chain, expr_read_element(r), mark);
	}
	return is_cut;
}

uint32_t bracket_read_parenthesis(struct reader *r)
{
	struct chain chain = {0};
	struct place here = reader_here(r);
	uint32_t node;
	reader_advance(r);
	if (reader_take(r, TOKEN_CLOSE_PAREN))
		return reader_over(r, EXPR_TUPLE, &chain, here);
	node = expr_read_element(r);
	if (bracket_at_comprehension(r)) {
		reader_chain(r, &chain, node);
		node = bracket_comprehension(r, EXPR_OTHER, &chain, here);
	} else if (reader_kind(r) == TOKEN_COMMA) {
		reader_chain(r, &chain, node);
		bool is_cut = bracket_more(r, &chain);
		node = bracket_collection(r, EXPR_TUPLE, &chain, is_cut, here);
	}
	reader_expect(r, TOKEN_CLOSE_PAREN);
	return node;
}

uint32_t bracket_read_square(struct reader *r)
{
	struct chain chain = {0};
	struct place here = reader_here(r);
	uint32_t node;
	bool is_cut = false;
	reader_advance(r);
	if (reader_kind(r) != TOKEN_CLOSE_SQUARE) {
		reader_chain(r, &chain, expr_read_element(r));
		is_cut = bracket_more(r, &chain);
	}
	if (bracket_at_comprehension(r) && chain.n == 1)
		node = bracket_comprehension(r, EXPR_LIST, &chain, here);
	else
		node = bracket_collection(r, EXPR_LIST, &chain, is_cut, here);
	reader_expect(r, TOKEN_CLOSE_SQUARE);
	return node;
}

uint32_t bracket_double_star(struct reader *r)
{
	struct place here = reader_here(r);
	reader_advance(r);
	uint32_t value = expr_read(r);
	return reader_wrap(r, EXPR_DOUBLE_STAR, value, here);
}

/* `key: value` or `**x` of a dict into the chain. */
static void read_pair(struct reader *r, struct chain *chain)
{
	if (reader_kind(r) == TOKEN_POWER) {
		reader_chain(r, chain, bracket_double_star(r));
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

static uint32_t read_dict(struct reader *r, struct chain *chain, struct place here)
{
	if (bracket_at_comprehension(r))
		return bracket_comprehension(r, EXPR_DICT, chain, here);
	bool is_cut = read_more_pairs(r, chain);
	return bracket_collection(r, EXPR_DICT, chain, is_cut, here);
}

static uint32_t read_set(struct reader *r, struct chain *chain, struct place here)
{
	if (bracket_at_comprehension(r))
		return bracket_comprehension(r, EXPR_SET, chain, here);
	bool is_cut = bracket_more(r, chain);
	return bracket_collection(r, EXPR_SET, chain, is_cut, here);
}

uint32_t bracket_read_curly(struct reader *r)
{
	struct chain chain = {0};
	struct place here = reader_here(r);
	uint32_t node;
	reader_advance(r);
	if (reader_take(r, TOKEN_CLOSE_CURLY))
		return reader_over(r, EXPR_DICT, &chain, here);
	if (reader_kind(r) == TOKEN_POWER) {
		reader_chain(r, &chain, bracket_double_star(r));
		node = read_dict(r, &chain, here);
	} else {
		reader_chain(r, &chain, expr_read_element(r));
		if (reader_take(r, TOKEN_COLON)) {
			reader_chain(r, &chain, expr_read_element(r));
			node = read_dict(r, &chain, here);
		} else {
			node = read_set(r, &chain, here);
		}
	}
	reader_expect(r, TOKEN_CLOSE_CURLY);
	return node;
}
