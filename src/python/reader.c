/* The cursor and the nodes. */
#include "python/reader.h"

#include <string.h>

void reader_fault(struct reader *r, enum fault_kind kind, uint32_t at)
{
	if (r->facts.faults.n < LEX_FAULTS)
		vec_push(r->tmp, &r->facts.faults, (struct fault){(uint8_t)kind, at, r->cursor.line});
}

void reader_fail(struct reader *r)
{
	if (!r->is_broken)
		reader_fault(r, FAULT_SYNTAX, r->cursor.now.start);
	r->is_broken = true;
	r->cursor.next.start = r->cursor.last;
	r->cursor.now = token_next(r->text, &r->cursor.next);
}

static void read_next(struct reader *r)
{
	struct cursor *cursor = &r->cursor;
	cursor->now = token_next(r->text, &cursor->next);
	while (cursor->now.start >= cursor->breaks->at)
		cursor->line = cursor->breaks++->line;
}

void reader_go(struct reader *r, struct token_place first, const uint32_t *last)
{
	r->cursor.next = first;
	r->cursor.last = last;
	read_next(r);
}

void reader_advance(struct reader *r)
{
	if (r->cursor.now.kind == TOKEN_END)
		return;
	r->cursor.before = r->cursor.now.end;
	read_next(r);
}

bool reader_take(struct reader *r, enum token_kind kind)
{
	if (r->cursor.now.kind != kind)
		return false;
	reader_advance(r);
	return true;
}

void reader_expect(struct reader *r, enum token_kind kind)
{
	if (!reader_take(r, kind))
		reader_fail(r);
}

enum token_kind reader_peek(const struct reader *r)
{
	if (r->cursor.now.kind == TOKEN_END)
		return TOKEN_END;
	struct token_place next = r->cursor.next;
	return token_next(r->text, &next).kind;
}

bool reader_is_word(const struct reader *r, const char *word)
{
	const struct token *now = &r->cursor.now;
	size_t n = strlen(word);
	return now->kind == TOKEN_NAME && now->end - now->start == n && memcmp(r->text + now->start, word, n) == 0;
}

name reader_name(struct reader *r)
{
	const struct token *now = &r->cursor.now;
	return intern(r->names, (struct str){r->text + now->start, now->end - now->start});
}

name reader_expect_name(struct reader *r)
{
	name text = reader_name(r);
	/* These two were names before 3.7. */
	if (!reader_take(r, TOKEN_ASYNC) && !reader_take(r, TOKEN_AWAIT))
		reader_expect(r, TOKEN_NAME);
	return text;
}

void reader_skip(struct reader *r)
{
	if (r->cursor.now.kind == TOKEN_END && !r->is_broken)
		return;
	r->cursor.next.start = r->cursor.last;
	read_next(r);
	r->cursor.before = r->cursor.now.start;
}

void reader_skip_square(struct reader *r)
{
	uint32_t open = 0;
	if (reader_kind(r) != TOKEN_OPEN_SQUARE)
		return;
	do {
		open += reader_kind(r) == TOKEN_OPEN_SQUARE;
		open -= reader_kind(r) == TOKEN_CLOSE_SQUARE;
		reader_advance(r);
	} while (open && reader_kind(r) != TOKEN_END);
	if (open)
		reader_fail(r);
}

static uint32_t add(struct reader *r, enum expr_kind kind, struct place place)
{
	vec_push(r->tmp, &r->facts.exprs, (struct expr){.kind = (uint8_t)kind, .at = place.at, .line = place.line});
	return (uint32_t)r->facts.exprs.n - 1;
}

uint32_t reader_leaf(struct reader *r, enum expr_kind kind)
{
	r->height = 1;
	return add(r, kind, reader_here(r));
}

void reader_chain(struct reader *r, struct chain *chain, uint32_t expr)
{
	if (chain->n++)
		r->facts.exprs.at[chain->last].next = expr;
	else
		chain->first = expr;
	chain->last = expr;
	if (chain->height < r->height)
		chain->height = r->height;
}

uint32_t reader_over(struct reader *r, enum expr_kind kind, const struct chain *chain, struct place place)
{
	uint32_t node = add(r, kind, place);
	r->facts.exprs.at[node].first = chain->first;
	r->height = chain->height + 1;
	return node;
}

uint32_t reader_wrap(struct reader *r, enum expr_kind kind, uint32_t child, struct place place)
{
	struct chain chain = {child, child, 1, r->height};
	return reader_over(r, kind, &chain, place);
}
