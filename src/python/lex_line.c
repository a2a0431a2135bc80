/* Line ends where more stands than blanks and a statement. */
#include "python/lex_line.h"

#include <string.h>

#include "python/look.h"

void lex_fault(struct lexer *lx, enum fault_kind kind, size_t at)
{
	if (lx->faults.n < LEX_FAULTS)
		vec_push(lx->tmp, &lx->faults, (struct fault){(uint8_t)kind, (uint32_t)at, lx->line});
}

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
	size_t lines = look_count_lines(text + from, to - from);
	return lines == SIZE_MAX ? count_slowly(text, from, to) : (uint32_t)lines;
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

static void note_remark(struct lexer *lx, size_t at)
{
	static const char word[] = "lanewright:";
	size_t word_at = at + 1;
	while (lx->text[word_at] == ' ')
		word_at++;
	if (strncmp(lx->text + word_at, word, sizeof word - 1) == 0)
		vec_push(lx->tmp, &lx->remarks, (struct line_break){(uint32_t)at, lx->line});
}

size_t lex_comment(struct lexer *lx, size_t at)
{
	char c = lx->text[at + 1];
	if (c == ' ')
		c = lx->text[at + 2];
	if (c == 'l' || c == ' ')
		note_remark(lx, at);
	return line_end(lx, at);
}

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
			*at = lex_after_newline(lx->text, *at + 1) - 1;
			lx->line++;
		} else {
			return joined ? joined : column;
		}
	}
}

/* From the start of a line over blank lines and comments.  Returns the column of what comes then, at *at. */
static uint32_t pass_blank_lines(struct lexer *lx, size_t *at)
{
	for (;; lx->line++) {
		uint32_t column = read_odd_indent(lx, at);
		if (lx->text[*at] == '#')
			*at = lex_comment(lx, *at);
		if (byte_class(lx->text[*at]) != BYTE_NEWLINE)
			return column;
		*at = lex_after_newline(lx->text, *at);
	}
}

size_t lex_begin_odd_line(struct lexer *lx, size_t at, size_t n)
{
	uint32_t column = pass_blank_lines(lx, &at);
	if (at < lx->n)
		lex_enter_line(lx, at, column, n);
	return at;
}

bool lex_begins_statement(const struct lexer *lx, size_t at)
{
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
