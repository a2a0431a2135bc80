/* The cursor and the nodes. */
#include "python/reader.h"

#include <string.h>

void reader_fault(struct reader *r, enum fault_kind kind, uint32_t at)
{
	if (r->facts.faults.n < LEX_FAULTS)
		vec_push(r->tmp, &r->facts.faults, (struct fault){(uint8_t)kind, at, r->cursor.line});
}

/* Puts the end of the line ahead. */
static void go_to_end(struct reader *r)
{
	r->cursor.next.start = r->cursor.last;
	token_next(r->text, &r->cursor.next, &r->cursor.ahead);
}

void reader_fail(struct reader *r)
{
	if (!r->is_broken)
		reader_fault(r, FAULT_SYNTAX, r->cursor.now.start);
	r->is_broken = true;
	go_to_end(r);
	r->cursor.now = r->cursor.ahead;
}

void reader_go(struct reader *r, struct token_place first, const uint32_t *last)
{
	r->cursor.next = first;
	r->cursor.last = last;
	token_next(r->text, &r->cursor.next, &r->cursor.ahead);
	reader_next(r);
}

bool reader_is_word(const struct reader *r, const char *word)
{
	const struct token *now = &r->cursor.now;
	size_t n = strlen(word);
	return now->kind == TOKEN_NAME && now->end - now->start == n && memcmp(r->text + now->start, word, n) == 0;
}

name reader_name(struct reader *r)
{
	static const uint64_t masks[9] = {
	        0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, ~UINT64_C(0),
	};
	const char *at = r->text + r->cursor.now.start;
	uint32_t n = r->cursor.now.end - r->cursor.now.start;
	if (n > 16)
		return intern(r->names, (struct str){at, n});
	uint64_t low = token_load(at) & masks[n < 8 ? n : 8], high = token_load(at + 8) & masks[n > 8 ? n - 8 : 0];
	uint64_t hash = (low ^ high * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xbf58476d1ce4e5b9);
	struct known_name *known = &r->known[hash >> (64 - KNOWN_BITS)];
	if (known->low != low || known->high != high)
		*known = (struct known_name){low, high, intern(r->names, (struct str){at, n})};
	return known->name;
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
	go_to_end(r);
	reader_next(r);
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
