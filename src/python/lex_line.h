/* What the lexer does at line ends: line numbers, comments, indentation, blank lines, and where a logical line begins.  The
 * ordinary ways are inlined into its loop; LEX marks what is compiled with it, once for each kind of machine. */
#ifndef PYTHON_LEX_LINE_H
#define PYTHON_LEX_LINE_H

#include "base/vec.h"
#include "python/lex.h"

#define LEX static inline __attribute__((always_inline))

void lex_fault(struct lexer *lx, enum fault_kind kind, size_t at);
size_t lex_comment(struct lexer *lx, size_t at); /* at a #: the end of its line */
/* From the start of a line, over anything, to the first token of a logical line, token number n, which is entered; or to the
 * end of the text. */
size_t lex_begin_odd_line(struct lexer *lx, size_t at, size_t n);
/* Inside brackets, a line that begins with one of these shows that a bracket was forgotten. */
bool lex_begins_statement(const struct lexer *lx, size_t at);

LEX size_t lex_after_newline(const char *text, size_t at)
{
	return at + 1 + (text[at] == '\r' && text[at + 1] == '\n');
}

/* From `at` on it is the line lx->line, within a logical line whose last token begins at `last`. */
LEX void lex_break(struct lexer *lx, size_t at, size_t last)
{
	struct line_break *before = lx->breaks.n ? &lx->breaks.at[lx->breaks.n - 1] : NULL;
	if (before && before->at > last) /* nothing stands between: one entry for both */
		*before = (struct line_break){(uint32_t)at, lx->line};
	else
		vec_push(lx->tmp, &lx->breaks, (struct line_break){(uint32_t)at, lx->line});
}

/* Goes to the level of a column.  A dedent to a column that no open block has is a fault, and counts as the block around
 * it; so does indentation beyond the cap. */
LEX void lex_change_level(struct lexer *lx, uint32_t column, size_t at)
{
	uint32_t level = lx->level;
	bool is_deeper = column > lx->indents[level];
	if (is_deeper && level + 1 < LEX_INDENTS)
		lx->indents[++level] = column;
	while (lx->indents[level] > column)
		level--;
	lx->level = level;
	if (lx->indents[level] != column)
		lex_fault(lx, is_deeper ? FAULT_DEPTH : FAULT_INDENT, at);
}

/* At `at` a logical line begins, with token number n. */
LEX void lex_enter_line(struct lexer *lx, size_t at, uint32_t column, size_t n)
{
	if (column != lx->indents[lx->level])
		lex_change_level(lx, column, at);
	lx->first = n;
	lx->lines.at[lx->lines.n++] = (struct logical_line){(uint32_t)n, (uint32_t)lx->ends.n, lx->level, lx->line};
}

/* The same as lex_begin_odd_line over blanks and line ends.  False when something else comes before the token, in the line
 * that begins at *at. */
LEX bool lex_begin_line(struct lexer *lx, size_t *at, size_t n)
{
	const char *text = lx->text;
	size_t from = *at, to = look_behind_blanks(text, from);
	for (; text[to] == '\n'; to = look_behind_blanks(text, from)) {
		lx->line++;
		from = to + 1;
	}
	bool is_plain = byte_class(text[to]) < BYTE_SPACE;
	*at = is_plain ? to : from;
	if (is_plain)
		lex_enter_line(lx, to, (uint32_t)(to - from), n);
	return is_plain;
}

#endif
