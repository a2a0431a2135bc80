/* The lexer, line by line.  The plain stretches of code between strings, comments and line ends are the business of
 * code_read. */
#include "python/lex.h"

#include <string.h>

#include "python/code.h"
#include "python/literal.h"

enum {
	BATCH = 1 << 13 /* tokens; a batch ends with the logical line that reaches it */
};

static void add_fault(struct lexer *lx, enum fault_kind kind, size_t at)
{
	if (lx->faults.n < LEX_FAULTS)
		vec_push(lx->tmp, &lx->faults, (struct fault){(uint8_t)kind, (uint32_t)at, lx->line});
}

static void add_break(struct lexer *lx, size_t at)
{
	struct line_break *last = lx->breaks.n ? &lx->breaks.at[lx->breaks.n - 1] : NULL;
	uint32_t after = lx->tokens.n ? lx->tokens.at[lx->tokens.n - 1] & ~TOKEN_IS_STRING : 0;
	if (last && (lx->tokens.n == 0 || last->at > after)) /* nothing stands between: one entry for both */
		*last = (struct line_break){(uint32_t)at, lx->line};
	else
		vec_push(lx->tmp, &lx->breaks, (struct line_break){(uint32_t)at, lx->line});
}

/* A \r\n counts once. */
uint32_t lex_lines(const struct lexer *lx, size_t from, size_t to)
{
	uint32_t lines = 0;
	for (size_t i = from; i < to; i++)
		lines += lx->text[i] == '\n';
	if (!lx->has_cr)
		return lines;
	for (size_t i = from; i < to; i++)
		lines += lx->text[i] == '\r' && lx->text[i + 1] != '\n';
	return lines;
}

static size_t after_newline(const struct lexer *lx, size_t at)
{
	return at + 1 + (lx->text[at] == '\r' && lx->text[at + 1] == '\n');
}

/* The end of the line that holds `at`. */
static size_t line_end(const struct lexer *lx, size_t at)
{
	if (lx->has_cr) {
		while (at < lx->n && byte_class(lx->text[at]) != BYTE_NEWLINE)
			at++;
		return at;
	}
	const char *end = memchr(lx->text + at, '\n', lx->n - at);
	return end ? (size_t)(end - lx->text) : lx->n;
}

static size_t read_comment(struct lexer *lx, size_t at)
{
	static const char word[] = "lanewright:";
	size_t word_at = at + 1;
	while (lx->text[word_at] == ' ')
		word_at++;
	if (lx->text[word_at] == 'l' && strncmp(lx->text + word_at, word, sizeof word - 1) == 0)
		vec_push(lx->tmp, &lx->remarks, (struct line_break){(uint32_t)at, lx->line});
	return line_end(lx, at);
}

/* At a quote.  Its prefix, if it has one, was taken for a name: the last entry. */
static size_t read_string(struct lexer *lx, size_t quote, uint32_t first)
{
	uint32_t *last = lx->tokens.n > first ? &lx->tokens.at[lx->tokens.n - 1] : NULL;
	unsigned prefix = PREFIX_NONE;
	if (last && *last < quote)
		prefix = token_prefix(lx->text + *last, quote - *last);
	if (prefix == PREFIX_NONE) {
		prefix = 0;
		vec_push(lx->tmp, &lx->tokens, (uint32_t)quote | TOKEN_IS_STRING);
	} else {
		*last |= TOKEN_IS_STRING;
	}
	struct literal literal = literal_read(lx->text, lx->n, quote, prefix, &lx->patience);
	if (!literal.is_closed)
		add_fault(lx, FAULT_UNTERMINATED, quote);
	else if (literal.is_broken)
		add_fault(lx, FAULT_SYNTAX, quote);
	vec_push(lx->tmp, &lx->tokens, (uint32_t)literal.end);
	uint32_t lines = lex_lines(lx, quote, literal.end);
	if (lines) {
		lx->line += lines;
		add_break(lx, literal.end);
	}
	return literal.end;
}

/* Inside brackets, a line that begins with one of these shows that a bracket was forgotten. */
static bool begins_statement(const struct lexer *lx, size_t at)
{
	while (byte_class(lx->text[at]) == BYTE_SPACE)
		at++;
	if (byte_class(lx->text[at]) != BYTE_WORD)
		return false;
	switch (token_name_kind(lx->text, at, token_name_end(lx->text, at) - at)) {
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

/* At a backslash; joins the lines when one ends right behind it. */
static size_t read_backslash(struct lexer *lx, size_t at)
{
	if (byte_class(lx->text[at + 1]) != BYTE_NEWLINE) {
		add_fault(lx, FAULT_SYNTAX, at);
		return at + 1;
	}
	at = after_newline(lx, at + 1);
	lx->line++;
	add_break(lx, at);
	return at;
}

/* The indentation at the start of a line: its column, and in *at the first byte behind it.  Of lines joined by
 * backslashes the first one that is indented counts. */
static uint32_t read_indent(struct lexer *lx, size_t *at)
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
			*at = read_backslash(lx, *at) - 1;
		} else {
			return joined ? joined : column;
		}
	}
}

/* The level of a column.  A dedent to a column that no open block has is a fault, and counts as the block around it; so
 * does indentation beyond the cap. */
static uint32_t read_level(struct lexer *lx, uint32_t column, size_t at)
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

/* At a line end.  True when the logical line ends with it. */
static bool read_newline(struct lexer *lx, size_t *at)
{
	size_t newline = *at;
	*at = after_newline(lx, newline);
	if (lx->depth && begins_statement(lx, *at)) {
		add_fault(lx, FAULT_SYNTAX, newline);
		lx->depth = 0;
	}
	if (lx->depth == 0)
		vec_push(lx->tmp, &lx->tokens, (uint32_t)newline);
	lx->line++;
	add_break(lx, *at);
	return lx->depth == 0;
}

static void end_of_text(struct lexer *lx)
{
	if (lx->depth)
		add_fault(lx, FAULT_UNTERMINATED, lx->n);
	lx->depth = 0;
	vec_push(lx->tmp, &lx->tokens, lx->n);
}

/* A line too long to be kept: the rest of it is read but not recorded. */
static void limit_line(struct lexer *lx, uint32_t first, size_t at, bool *is_cut)
{
	if (lx->tokens.n - first <= LEX_LONGEST)
		return;
	if (!*is_cut)
		add_fault(lx, FAULT_SIZE, at);
	*is_cut = true;
	lx->tokens.n = first + LEX_LONGEST;
	if (lx->tokens.at[lx->tokens.n - 1] & TOKEN_IS_STRING)
		lx->tokens.n--; /* its end is gone */
}

/* The tokens of one logical line from its first byte on; returns where the next line begins. */
static size_t read_line(struct lexer *lx, size_t at)
{
	uint32_t first = (uint32_t)lx->tokens.n;
	bool is_cut = false;
	for (;;) {
		at = code_read(lx, at);
		limit_line(lx, first, at, &is_cut);
		switch (byte_class(lx->text[at])) {
		case BYTE_QUOTE: at = read_string(lx, at, first); break;
		case BYTE_COMMENT: at = read_comment(lx, at); break;
		case BYTE_BACKSLASH: at = read_backslash(lx, at); break;
		case BYTE_NEWLINE:
			if (read_newline(lx, &at))
				return at;
			break;
		case BYTE_NUL: end_of_text(lx); return at;
		default: break; /* code_read wants a rest */
		}
	}
}

/* Skips blank lines; then reads a logical line. */
static void read_logical(struct lexer *lx)
{
	size_t at = lx->at;
	uint32_t column = read_indent(lx, &at);
	enum byte_class class = byte_class(lx->text[at]);
	if (class == BYTE_COMMENT) {
		at = read_comment(lx, at);
		class = byte_class(lx->text[at]);
	}
	if (class == BYTE_NEWLINE) {
		at = after_newline(lx, at);
		lx->line++;
		add_break(lx, at);
	} else if (at < lx->n) {
		struct logical_line line = {(uint32_t)lx->tokens.n, read_level(lx, column, at)};
		at = read_line(lx, at);
		if (lx->tokens.n - line.first > 1)
			vec_push(lx->tmp, &lx->lines, line);
		else
			lx->tokens.n = line.first;
	}
	lx->at = (uint32_t)at;
}

bool lex_more(struct lexer *lx)
{
	lx->tokens.n = lx->lines.n = lx->breaks.n = 0;
	vec_push(lx->tmp, &lx->breaks, (struct line_break){lx->at, lx->line});
	while (lx->at < lx->n && lx->tokens.n < BATCH)
		read_logical(lx);
	vec_push(lx->tmp, &lx->breaks, (struct line_break){UINT32_MAX, lx->line});
	return lx->lines.n > 0 || lx->at < lx->n;
}

/* Drops what follows a NUL, and the byte order mark. */
void lex_start(struct lexer *lx, struct arena *tmp, struct str text)
{
	*lx = (struct lexer){.text = text.at, .n = (uint32_t)text.n, .tmp = tmp, .line = 1, .n_indents = 1};
	const char *nul = memchr(text.at, '\0', text.n);
	if (nul)
		lx->n = (uint32_t)(nul - text.at);
	lx->at = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;
	lx->has_cr = memchr(text.at, '\r', lx->n) != NULL;
	lx->patience = (size_t)lx->n * 2 + 4096;
}
