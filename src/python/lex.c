/* The lexer, a block of 64 bytes at a time.  In each block the masks say where plain code has its tokens; what they
 * cannot say is an event: strings, comments, line ends, numbers that are more than digits.  Events are looked at one by
 * one, then the tokens of the block are written down all at once.
 *
 * The functions that work on blocks are compiled twice, for any machine and for one with AVX2; LEX marks them.  A block is
 * a value whose masks live in registers: what is rare works on a copy of it in memory. */
#include "python/lex.h"

#include <string.h>

#include "python/block.h"
#include "python/lex_line.h"
#include "python/literal.h"
#include "python/look.h"

enum {
	BATCH = 1 << 13,                   /* tokens; a batch ends with the logical line that reaches it */
	LONGEST_BATCH = BATCH + (1 << 10), /* with that line, nearly always */
	ROOM = 2 * BLOCK_SIZE,             /* tokens that may be added without asking again */
};

/* ---- strings ---- */

static inline void add_end(struct lexer *lx, size_t end)
{
	lx->ends.at[lx->ends.n++] = (uint32_t)end;
}

/* Any string but a plain one on one line. */
static size_t read_long_string(struct lexer *lx, size_t quote, unsigned prefix)
{
	struct literal literal = literal_read(lx->text, lx->n, quote, prefix, &lx->patience);
	if (!literal.is_closed)
		lex_fault(lx, FAULT_UNTERMINATED, quote);
	else if (literal.is_broken)
		lex_fault(lx, FAULT_SYNTAX, quote);
	add_end(lx, literal.end);
	uint32_t lines = lex_lines(lx->text, quote, literal.end);
	if (lines) {
		lx->line += lines;
		lex_break(lx, literal.end, quote);
	}
	return literal.end;
}

/* The closing quote of a string that has one quote and no fields; SIZE_MAX when the line ends before it, or when a
 * backslash joins lines. */
static inline size_t find_quote(const struct lexer *lx, size_t at, char quote)
{
	while (at < lx->n) {
		at = look_for_quote(lx->text, at, quote);
		char c = lx->text[at];
		if (c == quote)
			return at;
		if (c == '\n' || c == '\r' || (c == '\\' && byte_class(lx->text[at + 1]) == BYTE_NEWLINE))
			break;
		at += c == '\\' ? 2 : 1;
	}
	return SIZE_MAX;
}

static size_t read_string(struct lexer *lx, size_t quote, unsigned prefix)
{
	if (prefix & PREFIX_FORMAT || literal_is_triple(lx->text, quote))
		return read_long_string(lx, quote, prefix);
	size_t end = find_quote(lx, quote + 1, lx->text[quote]);
	if (end == SIZE_MAX)
		return read_long_string(lx, quote, prefix);
	add_end(lx, end + 1);
	return end + 1;
}

/* ---- the tokens of a block ---- */

/* A line too long to be kept: the rest of it is read, but what the last block recorded of it is dropped. */
static void limit_line(struct lexer *lx)
{
	size_t first = lx->lines.n ? lx->lines.at[lx->lines.n - 1].first : 0;
	if (lx->tokens.n - first <= LEX_LONGEST)
		return;
	if (!lx->is_cut) {
		lex_fault(lx, FAULT_SIZE, lx->tokens.at[lx->tokens.n - 1]);
		lx->n_ends = lx->ends.n;
	}
	lx->is_cut = true;
	lx->tokens.n = first + LEX_LONGEST;
	lx->ends.n = lx->n_ends;
}

/* Room for `cap` tokens.  Then there is room for their strings and lines too, and nobody asks: a string is a token, and a line
 * has two at least. */
static void grow(struct lexer *lx, size_t cap)
{
	struct arena *tmp = lx->tmp;
	size_t tokens = lx->tokens.n * sizeof *lx->tokens.at, ends = lx->ends.n * sizeof *lx->ends.at;
	size_t lines = lx->lines.n * sizeof *lx->lines.at;
	lx->tokens.at = arena_grow(tmp, lx->tokens.at, tokens, arena_size(tmp, cap, sizeof *lx->tokens.at));
	lx->ends.at = arena_grow(tmp, lx->ends.at, ends, arena_size(tmp, cap, sizeof *lx->ends.at));
	lx->lines.at = arena_grow(tmp, lx->lines.at, lines, arena_size(tmp, cap / 2, sizeof *lx->lines.at));
	lx->tokens.cap = lx->ends.cap = cap;
	lx->lines.cap = cap / 2;
}

static void make_room(struct lexer *lx)
{
	limit_line(lx);
	while (lx->tokens.cap - lx->tokens.n < ROOM)
		grow(lx, 2 * lx->tokens.cap);
	lx->until = lx->tokens.cap - ROOM < LEX_LONGEST ? lx->tokens.cap - ROOM : LEX_LONGEST;
}

/* The classifier, and how the lowest bit is found: of any machine, or of one with AVX2. */
typedef struct block block_load(const char *text, size_t at, struct block_carry *carry);
typedef unsigned block_first(uint64_t bits);

LEX uint64_t add_four(uint32_t *to, uint32_t base, uint64_t starts, block_first *first)
{
	to[0] = base + first(starts);
	starts &= starts - 1;
	to[1] = base + first(starts);
	starts &= starts - 1;
	to[2] = base + first(starts);
	starts &= starts - 1;
	to[3] = base + first(starts);
	return starts & (starts - 1);
}

/* Four at a time, wanted or not: cheaper than to ask after each. */
LEX void write_tokens(struct lexer *lx, const struct block *block, block_first *first)
{
	uint32_t *to = lx->tokens.at + lx->tokens.n, base = (uint32_t)block->at;
	uint64_t starts = block->starts;
	lx->tokens.n += (size_t)__builtin_popcountll(starts);
	starts = add_four(to, base, starts, first);
	starts = add_four(to + 4, base, starts, first);
	for (starts = add_four(to + 8, base, starts, first); starts; to += 4)
		starts = add_four(to + 12, base, starts, first);
}

/* Where the last token before `at` begins; SIZE_MAX when there is none yet. */
LEX size_t last_token(const struct lexer *lx, const struct block *block, size_t at)
{
	uint64_t starts = block->starts & (block_bit(at) - 1);
	if (starts)
		return block->at + 63 - (size_t)__builtin_clzll(starts);
	return lx->tokens.n ? lx->tokens.at[lx->tokens.n - 1] : SIZE_MAX;
}

/* How many brackets are open behind `code`, the first bytes of the block.  More closed than opened is an error: the statement
 * ends where its line does. */
LEX uint32_t count_brackets(struct lexer *lx, const struct block *block, uint64_t code)
{
	uint32_t opens = lx->depth + (uint32_t)__builtin_popcountll(block->open & code);
	uint32_t closes = (uint32_t)__builtin_popcountll(block->close & code);
	if (opens >= closes)
		return opens - closes;
	lx->depth += closes - opens;
	return 0;
}

/* Takes the second and third bytes of operators out of the starts.  Returns the end of the last operator, which may lie
 * beyond what is looked at. */
LEX size_t join_operators(const char *text, struct block *block, uint64_t code)
{
	size_t end = 0, n;
	for (uint64_t pairs = block->pairs & code; pairs; pairs &= pairs - 1) {
		size_t second = block->at + (size_t)__builtin_ctzll(pairs);
		if (second <= end)
			continue; /* the byte before it belongs to another operator */
		token_operator(text, second - 1, &n);
		if (n == 1)
			continue;
		end = second - 1 + n;
		block->starts &= ~block_bit(second);
		if (n == 3)
			block->starts &= ~(block_bit(second) << 1);
	}
	block->pairs &= ~code;
	return end;
}

/* ---- what is rare ---- */

static bool begins_number(const char *at)
{
	return byte_class(*at) == BYTE_DIGIT || (*at == '.' && byte_class(at[1]) == BYTE_DIGIT);
}

/* The same where something may be wrong: the byte before it may seem to go on. */
static size_t begin_odd_token(const char *text, struct block *block, size_t at)
{
	while (block_holds(block, at) && block->word & block_bit(at) & ~block->starts &&
	       byte_class(text[at]) == BYTE_DIGIT) {
		size_t end = token_number_end(text, at); /* of the 1 of 0b21 */
		block->starts |= block_bit(at);
		block_leave_out_behind(block, at, end);
		at = end;
	}
	if (!block_holds(block, at))
		return at;
	block->starts |= block->word & block_bit(at);
	block->pairs &= ~block_bit(at);
	if (block->events & block_bit(at) & ~block->stops && !begins_number(text + at))
		block->events &= ~block_bit(at); /* it was looked at */
	return at;
}

/* Code goes on at `at`, and a token begins there whatever stands before it: a number ended, or an operator.  Returns where
 * to go on. */
LEX size_t begin_token(const char *text, struct block *block, size_t at)
{
	enum byte_class class = byte_class(text[at]);
	if (class == BYTE_CLOSE || class >= BYTE_SPACE || text[at] == ',')
		return at;
	struct block copy = *block;
	at = begin_odd_token(text, &copy, at);
	*block = copy;
	return at;
}

/* Something behind digits, or a dot before one.  It belongs to the number that is the last token, or a number begins
 * there, or a name (1if). */
LEX size_t read_number(struct lexer *lx, struct block *block, size_t at)
{
	size_t last = last_token(lx, block, at), end = 0;
	if (block->pairs & (block_bit(at) - 1))
		end = join_operators(lx->text, block, block_bit(at) - 1);
	block->starts &= ~block_bit(at);
	if (end <= at && last < at && begins_number(lx->text + last))
		end = token_number_end(lx->text, last);
	if (end <= at && lx->text[at] == '.') {
		block->starts |= block_bit(at);
		end = token_number_end(lx->text, at);
	}
	if (end <= at)
		return begin_token(lx->text, block, at);
	block_leave_out_behind(block, at, end);
	return begin_token(lx->text, block, end);
}

/* At a backslash; joins the lines when one ends right behind it. */
static size_t read_backslash(struct lexer *lx, const struct block *block, size_t at)
{
	size_t after = lex_after_newline(lx->text, at + 1);
	if (byte_class(lx->text[at + 1]) != BYTE_NEWLINE) {
		lex_fault(lx, FAULT_SYNTAX, at);
		return at + 1;
	}
	lx->line++;
	lex_break(lx, after, last_token(lx, block, at));
	return after;
}

/* At a quote.  Its prefix, if it has one, was taken for a name: the last token. */
LEX size_t read_quote(struct lexer *lx, struct block *block, size_t at)
{
	size_t last = last_token(lx, block, at);
	unsigned prefix = PREFIX_NONE;
	if (last < at && at - last <= 2)
		prefix = token_prefix(lx->text + last, at - last);
	if (prefix == PREFIX_NONE) {
		prefix = 0;
		block->starts |= block_bit(at);
	}
	size_t end = read_string(lx, at, prefix);
	block_leave_out_behind(block, at, end);
	return end;
}

LEX size_t pass_comment(struct lexer *lx, struct block *block, size_t at)
{
	size_t end = lex_comment(lx, at);
	block_leave_out_behind(block, at, end);
	return end;
}

/* ---- line ends ---- */

/* The logical line ends at `at`, and with it goes its last token.  Returns the number of the next one. */
LEX size_t end_line(struct lexer *lx, struct block *block, size_t at)
{
	uint64_t line = block_bit(at) - 1;
	if (block->pairs & line)
		join_operators(lx->text, block, line);
	if (lx->is_cut) {
		block->starts &= ~line;
		lx->is_cut = false; /* so that this last token is written, also where no other line follows */
	}
	size_t n = lx->tokens.n + (size_t)__builtin_popcountll(block->starts & line);
	if (n == lx->first) {
		lx->lines.n--; /* nothing but a stray backslash stood in it */
		return n;
	}
	block->starts |= block_bit(at);
	return n + 1;
}

/* Inside brackets a line ends, and a statement begins in the next one: a bracket was forgotten. */
static bool breaks_off(struct lexer *lx, size_t newline, size_t at)
{
	if (!lex_begins_statement(lx, at))
		return false;
	lex_fault(lx, FAULT_SYNTAX, newline);
	return true;
}

LEX bool may_begin_statement(char c)
{
	return c >= 'a' && c <= 'w';
}

/* The same at a line end behind which the batch is complete, or something else comes than a line that begins at once. */
static size_t read_odd_newline(struct lexer *lx, struct block *block, size_t at, size_t after, size_t n)
{
	size_t next = n < BATCH ? lex_begin_odd_line(lx, after, n) : after;
	if (n >= BATCH || next >= lx->n) {
		lx->at = (uint32_t)next;
		next = SIZE_MAX;
	}
	block_leave_out_behind(block, at, next); /* comments */
	return next;
}

/* At a line end.  Returns where to go on; SIZE_MAX when the batch is complete. */
LEX size_t read_newline(struct lexer *lx, struct block *block, size_t at, size_t after)
{
	uint32_t depth = count_brackets(lx, block, block_bit(at) - 1);
	if (depth) {
		size_t next = look_behind_blanks(lx->text, after);
		if (!may_begin_statement(lx->text[next]) || !breaks_off(lx, at, next)) {
			lx->line++;
			lex_break(lx, after, last_token(lx, block, at));
			return after;
		}
		lx->depth -= depth;
	}
	lx->line++;
	size_t n = end_line(lx, block, at);
	if (n < BATCH && lex_begin_line(lx, &after, n))
		return after;
	struct block copy = *block;
	after = read_odd_newline(lx, &copy, at, after, n);
	*block = copy;
	return after;
}

static size_t end_text(struct lexer *lx, struct block *block, size_t at)
{
	uint32_t depth = count_brackets(lx, block, block_bit(at) - 1);
	if (depth)
		lex_fault(lx, FAULT_UNTERMINATED, at);
	lx->depth -= depth;
	end_line(lx, block, at);
	block_leave_out_behind(block, at, SIZE_MAX);
	lx->at = lx->n;
	return SIZE_MAX;
}

/* ---- events ---- */

/* All events but the frequent ones.  Returns what read_event does. */
static size_t read_odd_event(struct lexer *lx, struct block *block, size_t at)
{
	switch (byte_class(lx->text[at])) {
	case BYTE_NEWLINE: return read_newline(lx, block, at, lex_after_newline(lx->text, at));
	case BYTE_BACKSLASH: return read_backslash(lx, block, at);
	default: return end_text(lx, block, at);
	}
}

/* Reads the string whose quote is at *at, and moves behind it, when it is a plain one: without prefix, one quote a side, no
 * backslash, no other quote or # but in the blocks to come.  False if it is none, or perhaps none. */
LEX bool read_plain_string(struct lexer *lx, struct block *block, size_t *at, block_first *first)
{
	uint64_t bit = block_bit(*at), behind = -(bit << 1), stops = block->stops & behind;
	bool has_prefix = (block->word << 1 | 1) & bit; /* perhaps */
	if (has_prefix)
		return false;
	size_t end = block->at + first(stops);
	if (!stops)
		end = look_for_quote(lx->text, block->at + BLOCK_SIZE, lx->text[*at]);
	if (end == *at + 1 || lx->text[end] != lx->text[*at])
		return false;
	block->starts |= bit;
	block_leave_out(block, behind & (stops ^ (stops - 1))); /* up to the lowest of them */
	*at = end + 1;
	add_end(lx, *at);
	return true;
}

/* What the byte at `at`, which is an event, asks for.  Returns where to go on; SIZE_MAX: the batch is complete. */
LEX size_t read_event(struct lexer *lx, struct block *block, size_t at, block_first *first)
{
	char c = lx->text[at];
	if (c == '\n')
		return read_newline(lx, block, at, at + 1);
	if (c == '"' || c == '\'')
		return read_plain_string(lx, block, &at, first) ? at : read_quote(lx, block, at);
	if (c == '#')
		return pass_comment(lx, block, at);
	if (!(block->stops & block_bit(at)))
		return read_number(lx, block, at);
	struct block copy = *block;
	size_t end = read_odd_event(lx, &copy, at);
	*block = copy;
	return end;
}

/* ---- blocks ---- */

/* Code begins at `at`, within the block.  Returns where to go on. */
LEX size_t enter(const struct lexer *lx, struct block *block, size_t at)
{
	block_leave_out(block, block_bit(at) - 1);
	if (byte_class(lx->text[at - 1]) >= BYTE_QUOTE)
		return at; /* as nearly always: behind a string, or where a line begins */
	return begin_token(lx->text, block, at);
}

/* From a token on, block after block. */
LEX void read_blocks(struct lexer *lx, size_t at, block_load *load, block_first *first)
{
	struct block_carry carry = {0};
	while (at != SIZE_MAX) {
		if (lx->tokens.n >= lx->until)
			make_room(lx);
		struct block block = load(lx->text, at & ~(size_t)(BLOCK_SIZE - 1), &carry);
		const size_t behind = block.at + BLOCK_SIZE;
		bool runs_on = false; /* code, into the next block */
		if (at != block.at)
			at = enter(lx, &block, at);
		while (at < behind) {
			block.events &= ~UINT64_C(0) << (at % BLOCK_SIZE);
			runs_on = !block.events;
			at = runs_on ? behind : read_event(lx, &block, block.at + first(block.events), first);
		}
		size_t end = block.pairs ? join_operators(lx->text, &block, ~UINT64_C(0)) : 0;
		if (end >= behind) {
			at = end;
			runs_on = false;
		}
		if (!runs_on)
			carry = (struct block_carry){0};
		lx->depth = count_brackets(lx, &block, ~UINT64_C(0));
		write_tokens(lx, &block, first);
	}
}

LEX bool read_batch(struct lexer *lx, block_load *load, block_first *first)
{
	lx->tokens.n = lx->ends.n = lx->lines.n = lx->breaks.n = 0;
	size_t at = lex_begin_odd_line(lx, lx->at, 0);
	if (at < lx->n)
		read_blocks(lx, at, load, first);
	else
		lx->at = lx->n;
	vec_push(lx->tmp, &lx->breaks, (struct line_break){UINT32_MAX, lx->line});
	return lx->lines.n > 0 || lx->at < lx->n;
}

static bool read_batch_portable(struct lexer *lx)
{
	return read_batch(lx, block_load_portable, block_first_portable);
}

BLOCK_WIDE static bool read_batch_wide(struct lexer *lx)
{
	return read_batch(lx, block_load_wide, block_first_wide);
}

bool lex_more(struct lexer *lx)
{
	return lx->at < lx->n && lx->batch(lx);
}

/* Drops what follows a NUL, and the byte order mark. */
void lex_start_portable(struct lexer *lx, struct arena *tmp, struct str text)
{
	*lx = (struct lexer){
	        .text = text.at,
	        .n = (uint32_t)strlen(text.at),
	        .tmp = tmp,
	        .line = 1,
	        .batch = read_batch_portable,
	};
	lx->at = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;
	lx->patience = (size_t)lx->n * 2 + 4096;
	grow(lx, (lx->n < LONGEST_BATCH ? lx->n : LONGEST_BATCH) + ROOM);
}

void lex_start(struct lexer *lx, struct arena *tmp, struct str text)
{
	lex_start_portable(lx, tmp, text);
	if (block_can_be_wide())
		lx->batch = read_batch_wide;
}
