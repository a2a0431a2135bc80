/* The lexer, a block of 64 bytes at a time.  In each block the masks say where plain code has its tokens; what they
 * cannot say is an event: strings, comments, line ends, numbers that are more than digits.  Events are looked at one by
 * one, then the tokens of the block are written down all at once.
 *
 * The functions that work on blocks are compiled twice, for any machine and for one with AVX2; LEX marks them. */
#include "python/lex.h"

#include <string.h>

#include "python/literal.h"
#include "python/look.h"

#define LEX static inline __attribute__((always_inline))

enum {
	BATCH = 1 << 13,       /* tokens; a batch ends with the logical line that reaches it */
	ROOM = 2 * BLOCK_SIZE, /* tokens that may be added without asking again */
};

static void add_fault(struct lexer *lx, enum fault_kind kind, size_t at)
{
	if (lx->faults.n < LEX_FAULTS)
		vec_push(lx->tmp, &lx->faults, (struct fault){(uint8_t)kind, (uint32_t)at, lx->line});
}

/* ---- lines ---- */

/* A \r\n counts once. */
static uint32_t count_slowly(const char *text, size_t from, size_t to)
{
	uint32_t lines = 0;
	for (; from < to; from++)
		lines += text[from] == '\n' || (text[from] == '\r' && text[from + 1] != '\n');
	return lines;
}

uint32_t lex_lines(const char *text, size_t from, size_t to)
{
	uint32_t lines = 0;
	for (; from + 16 <= to; from += 16) {
		unsigned more = look_count_lines(text + from);
		lines += more <= 16 ? more : count_slowly(text, from, from + 16);
	}
	return lines + count_slowly(text, from, to);
}

static inline size_t after_newline(const char *text, size_t at)
{
	return at + 1 + (text[at] == '\r' && text[at + 1] == '\n');
}

/* The end of the line that holds `at`. */
static inline size_t line_end(const struct lexer *lx, size_t at)
{
	while (at < lx->n) {
		at = look_for_control(lx->text, at);
		if (lx->text[at] == '\n' || lx->text[at] == '\r')
			return at;
		at++; /* a tab, or the NUL */
	}
	return lx->n;
}

/* From `at` on it is the line lx->line, within a logical line whose last token begins at `last`. */
static void add_break(struct lexer *lx, size_t at, size_t last)
{
	struct line_break *before = lx->breaks.n ? &lx->breaks.at[lx->breaks.n - 1] : NULL;
	if (before && before->at > last) /* nothing stands between: one entry for both */
		*before = (struct line_break){(uint32_t)at, lx->line};
	else
		vec_push(lx->tmp, &lx->breaks, (struct line_break){(uint32_t)at, lx->line});
}

/* ---- comments ---- */

static void note_remark(struct lexer *lx, size_t at)
{
	static const char word[] = "lanewright:";
	size_t word_at = at + 1;
	while (lx->text[word_at] == ' ')
		word_at++;
	if (strncmp(lx->text + word_at, word, sizeof word - 1) == 0)
		vec_push(lx->tmp, &lx->remarks, (struct line_break){(uint32_t)at, lx->line});
}

static inline size_t read_comment(struct lexer *lx, size_t at)
{
	char c = lx->text[at + 1];
	if (c == ' ')
		c = lx->text[at + 2];
	if (c == 'l' || c == ' ')
		note_remark(lx, at);
	return line_end(lx, at);
}

/* ---- indentation and blank lines ---- */

/* The column behind the blanks at the start of a line, and in *at the first byte behind them.  Of lines joined by
 * backslashes the first one that is indented counts. */
static uint32_t read_odd_indent(struct lexer *lx, size_t *at)
{
	uint32_t column = 0, joined = 0;
	for (;; ++*at) {
		char c = lx->text[*at];
		if (c == ' ') {
			column++;
		} else if (c == '\t') {
			column = (column / 8 + 1) * 8;
		} else if (c == '\f') {
			column = 0;
		} else if (c == '\\' && byte_class(lx->text[*at + 1]) == BYTE_NEWLINE) {
			joined = joined ? joined : column;
			*at = after_newline(lx->text, *at + 1) - 1;
			lx->line++;
		} else {
			return joined ? joined : column;
		}
	}
}

/* The same where there are only blanks. */
static inline uint32_t read_indent(struct lexer *lx, size_t *at)
{
	size_t start = *at, end = look_behind_blanks(lx->text, start);
	if (lx->text[end] == '\t' || lx->text[end] == '\f' || lx->text[end] == '\\')
		return read_odd_indent(lx, at);
	*at = end;
	return (uint32_t)(end - start);
}

/* The level of a column.  A dedent to a column that no open block has is a fault, and counts as the block around it;
 * so does indentation beyond the cap. */
static uint32_t change_level(struct lexer *lx, uint32_t column, size_t at)
{
	bool is_deeper = column > lx->indents[lx->n_indents - 1];
	if (is_deeper && lx->n_indents < LEX_INDENTS) {
		lx->indents[lx->n_indents++] = column;
		return lx->n_indents - 1;
	}
	while (lx->indents[lx->n_indents - 1] > column)
		lx->n_indents--;
	if (lx->indents[lx->n_indents - 1] != column)
		add_fault(lx, is_deeper ? FAULT_DEPTH : FAULT_INDENT, at);
	return lx->n_indents - 1;
}

/* From the start of a line over blank lines and comments to the first token of a logical line, token number n, which
 * is entered; or to the end of the text. */
static inline size_t begin_line(struct lexer *lx, size_t at, size_t n)
{
	uint32_t column;
	for (;; lx->line++) {
		column = read_indent(lx, &at);
		if (lx->text[at] == '#')
			at = read_comment(lx, at);
		if (byte_class(lx->text[at]) != BYTE_NEWLINE)
			break;
		at = after_newline(lx->text, at);
	}
	if (at >= lx->n)
		return at;
	uint32_t level = lx->n_indents - 1;
	if (column != lx->indents[level])
		level = change_level(lx, column, at);
	vec_push(lx->tmp, &lx->lines, (struct logical_line){(uint32_t)n, (uint32_t)lx->ends.n, level, lx->line});
	return at;
}

/* ---- strings ---- */

static inline void add_end(struct lexer *lx, size_t end)
{
	if (!lx->is_cut)
		vec_push(lx->tmp, &lx->ends, (uint32_t)end);
}

/* Any string but a plain one on one line. */
static size_t read_long_string(struct lexer *lx, size_t quote, unsigned prefix)
{
	struct literal literal = literal_read(lx->text, lx->n, quote, prefix, &lx->patience);
	if (!literal.is_closed)
		add_fault(lx, FAULT_UNTERMINATED, quote);
	else if (literal.is_broken)
		add_fault(lx, FAULT_SYNTAX, quote);
	add_end(lx, literal.end);
	uint32_t lines = lex_lines(lx->text, quote, literal.end);
	if (lines) {
		lx->line += lines;
		add_break(lx, literal.end, quote);
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

static inline size_t read_string(struct lexer *lx, size_t quote, unsigned prefix)
{
	if (prefix & PREFIX_FORMAT || literal_is_triple(lx->text, quote))
		return read_long_string(lx, quote, prefix);
	size_t end = find_quote(lx, quote + 1, lx->text[quote]);
	if (end == SIZE_MAX)
		return read_long_string(lx, quote, prefix);
	add_end(lx, end + 1);
	return end + 1;
}

/* ---- ends of lines ---- */

/* Inside brackets, a line that begins with one of these shows that a bracket was forgotten. */
static bool begins_statement(const struct lexer *lx, size_t at)
{
	at = look_behind_blanks(lx->text, at);
	if (lx->text[at] < 'a' || lx->text[at] > 'w')
		return false;
	switch (token_name_kind(lx->text, at, look_behind_name(lx->text, at) - at)) {
	case TOKEN_ASSERT:
	case TOKEN_BREAK:
	case TOKEN_CLASS:
	case TOKEN_CONTINUE:
	case TOKEN_DEF:
	case TOKEN_DEL:
	case TOKEN_EXCEPT:
	case TOKEN_FINALLY:
	case TOKEN_GLOBAL:
	case TOKEN_IMPORT:
	case TOKEN_NONLOCAL:
	case TOKEN_PASS:
	case TOKEN_RAISE:
	case TOKEN_RETURN:
	case TOKEN_TRY:
	case TOKEN_WHILE:
	case TOKEN_WITH: return true;
	default: return false;
	}
}

/* At a line end.  Does the logical line end with it? */
static inline bool ends_logical(struct lexer *lx, size_t newline, size_t after)
{
	if (lx->depth == 0)
		return true;
	if (!begins_statement(lx, after))
		return false;
	add_fault(lx, FAULT_SYNTAX, newline);
	lx->depth = 0;
	return true;
}

/* At a backslash; joins the lines when one ends right behind it. */
static size_t read_backslash(struct lexer *lx, size_t at, size_t last)
{
	if (byte_class(lx->text[at + 1]) != BYTE_NEWLINE) {
		add_fault(lx, FAULT_SYNTAX, at);
		return at + 1;
	}
	at = after_newline(lx->text, at + 1);
	lx->line++;
	add_break(lx, at, last);
	return at;
}

/* ---- the tokens of a block ---- */

/* What is known of the block at hand while its events are looked at. */
struct page {
	size_t base;
	uint64_t starts; /* of tokens, up to where we are */
	uint64_t code;   /* whose brackets were not yet counted */
};

/* A line too long to be kept: the rest of it is read but not recorded. */
static void limit_line(struct lexer *lx)
{
	size_t first = lx->lines.n ? lx->lines.at[lx->lines.n - 1].first : 0;
	if (lx->tokens.n - first <= LEX_LONGEST)
		return;
	if (!lx->is_cut)
		add_fault(lx, FAULT_SIZE, lx->tokens.at[lx->tokens.n - 1]);
	lx->is_cut = true;
	lx->tokens.n = first + LEX_LONGEST;
}

static void make_room(struct lexer *lx)
{
	limit_line(lx);
	while (lx->tokens.cap - lx->tokens.n < ROOM)
		vec_more(lx->tmp, (void **)&lx->tokens.at, &lx->tokens.cap, sizeof *lx->tokens.at);
}

LEX uint64_t add_four(uint32_t *to, uint32_t base, uint64_t starts)
{
	const uint64_t none = UINT64_C(1) << 63; /* so that ctz is defined */
	to[0] = base + (uint32_t)__builtin_ctzll(starts | none);
	starts &= starts - 1;
	to[1] = base + (uint32_t)__builtin_ctzll(starts | none);
	starts &= starts - 1;
	to[2] = base + (uint32_t)__builtin_ctzll(starts | none);
	starts &= starts - 1;
	to[3] = base + (uint32_t)__builtin_ctzll(starts | none);
	return starts & (starts - 1);
}

/* Four at a time, wanted or not: cheaper than to ask after each. */
LEX void write_tokens(struct lexer *lx, const struct page *page)
{
	uint32_t *to = lx->tokens.at + lx->tokens.n, base = (uint32_t)page->base;
	uint64_t starts = lx->is_cut ? 0 : page->starts;
	lx->tokens.n += (size_t)__builtin_popcountll(starts);
	starts = add_four(to, base, starts);
	starts = add_four(to + 4, base, starts);
	for (starts = add_four(to + 8, base, starts); starts; to += 4)
		starts = add_four(to + 12, base, starts);
}

/* The number of the next token. */
LEX size_t count_tokens(const struct lexer *lx, const struct page *page)
{
	return lx->tokens.n + (size_t)__builtin_popcountll(page->starts);
}

/* Where the last token begins; SIZE_MAX when there is none yet. */
LEX size_t last_token(const struct lexer *lx, const struct page *page)
{
	if (page->starts)
		return page->base + 63 - (size_t)__builtin_clzll(page->starts);
	return lx->tokens.n ? lx->tokens.at[lx->tokens.n - 1] : SIZE_MAX;
}

LEX void add_token(struct page *page, size_t at)
{
	page->starts |= UINT64_C(1) << (at - page->base);
}

/* More closed than opened is an error: the statement ends where its line does. */
LEX void count_brackets(struct lexer *lx, struct page *page)
{
	uint32_t depth = lx->depth + (uint32_t)__builtin_popcountll(lx->block.open & page->code);
	uint32_t closes = (uint32_t)__builtin_popcountll(lx->block.close & page->code);
	lx->depth = depth > closes ? depth - closes : 0;
	page->code = 0;
}

/* ---- events ---- */

static bool begins_number(const char *at)
{
	return byte_class(*at) == BYTE_DIGIT || (*at == '.' && byte_class(at[1]) == BYTE_DIGIT);
}

/* Something behind digits, or a dot before one.  It belongs to the number that is the last token, or a number begins
 * there, or a name (1if). */
LEX size_t read_number(struct lexer *lx, struct page *page, size_t at)
{
	size_t last = last_token(lx, page), end = at;
	if (last < at && begins_number(lx->text + last))
		end = token_number_end(lx->text, last);
	if (end > at)
		return end;
	if (lx->text[at] != '.')
		return at;
	add_token(page, at);
	return token_number_end(lx->text, at);
}

/* At a quote.  Its prefix, if it has one, was taken for a name: the last token. */
LEX size_t read_quote(struct lexer *lx, struct page *page, size_t at)
{
	size_t last = last_token(lx, page);
	unsigned prefix = PREFIX_NONE;
	if (last < at && at - last <= 2)
		prefix = token_prefix(lx->text + last, at - last);
	if (prefix == PREFIX_NONE) {
		prefix = 0;
		add_token(page, at);
	}
	return read_string(lx, at, prefix);
}

LEX void end_line(struct lexer *lx, struct page *page, size_t at)
{
	if (lx->is_cut)
		page->starts = 0;
	if (lx->lines.at[lx->lines.n - 1].first == count_tokens(lx, page))
		lx->lines.n--; /* nothing but a stray backslash stood in it */
	else
		add_token(page, at);
	lx->is_cut = false; /* so that this last token is written, also where no other line follows */
}

/* At a line end.  Returns the next place to go on, which is the start of a line when *is_ended is set. */
LEX size_t read_newline(struct lexer *lx, struct page *page, size_t at, bool *is_ended)
{
	size_t after = after_newline(lx->text, at);
	count_brackets(lx, page);
	*is_ended = ends_logical(lx, at, after);
	lx->line++;
	if (!*is_ended) {
		add_break(lx, after, last_token(lx, page));
		return after;
	}
	end_line(lx, page, at);
	return after;
}

LEX void end_text(struct lexer *lx, struct page *page, size_t at)
{
	count_brackets(lx, page);
	if (lx->depth)
		add_fault(lx, FAULT_UNTERMINATED, at);
	lx->depth = 0;
	end_line(lx, page, at);
}

/* ---- blocks ---- */

/* Takes the second and third bytes of operators out of the starts.  Returns the end of the last operator, which may lie
 * beyond what is looked at. */
static size_t join_operators(const char *text, struct page *page, uint64_t pairs)
{
	size_t end = 0, n;
	for (; pairs; pairs &= pairs - 1) {
		size_t second = page->base + (size_t)__builtin_ctzll(pairs);
		if (second <= end)
			continue; /* the byte before it belongs to another operator */
		token_operator(text, second - 1, &n);
		if (n == 1)
			continue;
		end = second - 1 + n;
		page->starts &= ~(UINT64_C(1) << (second - page->base));
		if (n == 3 && second + 1 - page->base < BLOCK_SIZE)
			page->starts &= ~(UINT64_C(2) << (second - page->base));
	}
	return end;
}

/* Code from `at` to the next event, whose bit is given, or to the end of the block.  When `begins`, a token begins at
 * `at`.  Returns the end of an operator or number that reaches so far or farther, else 0. */
LEX size_t read_code(struct lexer *lx, struct page *page, size_t at, bool begins, uint64_t *event)
{
	const struct block *block = &lx->block;
	uint64_t here = UINT64_C(1) << (at - page->base), code = -here;
	uint64_t starts = block->starts, pairs = block->pairs, events = block->events & code;
	if (begins) {
		if (block->word & here & ~starts && byte_class(lx->text[at]) == BYTE_DIGIT) { /* the 1 of 0b21 */
			page->starts |= here;
			*event = 0;
			return token_number_end(lx->text, at);
		}
		starts |= block->word & here;
		pairs &= ~here;
		if (events & here & ~block->stops && !begins_number(lx->text + at))
			events ^= here; /* it was looked at */
	}
	*event = events & -events;
	if (events)
		code &= *event - 1;
	page->starts |= starts & code;
	page->code |= code;
	if (!(pairs & code))
		return 0;
	size_t end = join_operators(lx->text, page, pairs & code);
	size_t limit = page->base + (events ? (size_t)__builtin_ctzll(events) : BLOCK_SIZE);
	return end >= limit ? end : 0;
}

/* What the byte at `at`, which is an event, asks for.  SIZE_MAX: the batch is complete. */
LEX size_t read_event(struct lexer *lx, struct page *page, size_t at)
{
	bool is_ended = false;
	char c = lx->text[at];
	if (c == '#') {
		at = read_comment(lx, at);
		if (at - page->base >= BLOCK_SIZE)
			return at;
		c = lx->text[at];
	}
	if (c == '\n' || c == '\r') {
		at = read_newline(lx, page, at, &is_ended);
		if (!is_ended)
			return at;
		lx->at = (uint32_t)at;
		size_t n = count_tokens(lx, page);
		if (n >= BATCH)
			return SIZE_MAX;
		at = begin_line(lx, at, n);
		if (at < lx->n)
			return at;
		lx->at = lx->n;
		return SIZE_MAX;
	}
	if (c == '"' || c == '\'')
		return read_quote(lx, page, at);
	if (c == '\\')
		return read_backslash(lx, at, last_token(lx, page));
	if (c != '\0')
		return read_number(lx, page, at);
	end_text(lx, page, at);
	lx->at = lx->n;
	return SIZE_MAX;
}

/* From a token on, block after block. */
LEX void read_blocks(struct lexer *lx, size_t at, block_load *load)
{
	bool goes_on = false; /* from the block before */
	while (at != SIZE_MAX) {
		struct page page = {.base = at & ~(size_t)(BLOCK_SIZE - 1)};
		if (lx->tokens.cap - lx->tokens.n < ROOM)
			make_room(lx);
		load(&lx->block, lx->text, page.base, goes_on);
		while (at - page.base < BLOCK_SIZE) {
			uint64_t event;
			size_t end = read_code(lx, &page, at, !goes_on, &event);
			goes_on = !event && !end;
			if (end)
				at = end;
			else if (event)
				at = read_event(lx, &page, page.base + (size_t)__builtin_ctzll(event));
			else
				at = page.base + BLOCK_SIZE;
		}
		count_brackets(lx, &page);
		write_tokens(lx, &page);
	}
}

LEX bool read_batch(struct lexer *lx, block_load *load)
{
	lx->tokens.n = lx->ends.n = lx->lines.n = lx->breaks.n = 0;
	size_t at = begin_line(lx, lx->at, 0);
	if (at < lx->n)
		read_blocks(lx, at, load);
	else
		lx->at = lx->n;
	vec_push(lx->tmp, &lx->breaks, (struct line_break){UINT32_MAX, lx->line});
	return lx->lines.n > 0 || lx->at < lx->n;
}

static bool read_batch_portable(struct lexer *lx)
{
	return read_batch(lx, block_load_portable);
}

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("avx2,bmi,popcnt,lzcnt")))
#endif
static bool
read_batch_wide(struct lexer *lx)
{
	return read_batch(lx, block_load_wide);
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
	        .n = (uint32_t)text.n,
	        .tmp = tmp,
	        .line = 1,
	        .n_indents = 1,
	        .batch = read_batch_portable,
	};
	const char *nul = memchr(text.at, '\0', text.n);
	if (nul)
		lx->n = (uint32_t)(nul - text.at);
	lx->at = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;
	lx->patience = (size_t)lx->n * 2 + 4096;
	lx->tokens.cap = (lx->n < BATCH ? lx->n : BATCH) + ROOM;
	lx->tokens.at = arena_raw(tmp, arena_size(tmp, lx->tokens.cap, sizeof *lx->tokens.at));
	lx->lines.cap = lx->tokens.cap / 2;
	lx->lines.at = arena_raw(tmp, arena_size(tmp, lx->lines.cap, sizeof *lx->lines.at));
	lx->ends.cap = lx->tokens.cap / 4;
	lx->ends.at = arena_raw(tmp, arena_size(tmp, lx->ends.cap, sizeof *lx->ends.at));
}

void lex_start(struct lexer *lx, struct arena *tmp, struct str text)
{
	lex_start_portable(lx, tmp, text);
	if (block_can_be_wide())
		lx->batch = read_batch_wide;
}
