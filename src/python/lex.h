/* The lexer: where tokens begin, which of them make a logical line, how deep
 * that line is indented.
 *
 * A token is one number, the offset of its first byte; its kind and its end are
 * told from the bytes when somebody asks (token_read).  Only strings take two
 * entries, as their end cannot be seen from their beginning.  Files are read in
 * batches of whole logical lines, so that memory stays small and warm. */
#ifndef PYTHON_LEX_H
#define PYTHON_LEX_H

#include "base/str.h"
#include "model/facts.h"
#include "python/token.h"

enum {
	LEX_INDENTS = 100,     /* levels of indentation, as CPython */
	LEX_LONGEST = 1 << 24, /* tokens of one logical line; what is beyond is left
                            out, with a fault */
	LEX_FAULTS = 100,      /* more are not recorded */
};

/* Its entries run from `first` to one that stands at the line's end
 * (TOKEN_END); there is at least one before. */
struct logical_line {
	uint32_t first; /* index into tokens */
	uint32_t level; /* of indentation, from 0 */
};

/* From byte `at` on, the line number is `line`. */
struct line_break {
	uint32_t at, line;
};

struct lexer {
	const char *text;
	uint32_t n;  /* bytes, up to the first NUL */
	uint32_t at; /* where the next batch begins */
	uint32_t line;
	uint32_t depth;  /* of open brackets */
	bool has_cr;     /* some lines may end in \r */
	size_t patience; /* for literal_read */
	uint32_t indents[LEX_INDENTS];
	uint32_t n_indents;
	struct arena *tmp;
	/* The batch. */
	VEC(uint32_t) tokens;
	VEC(struct logical_line) lines;
	VEC(struct line_break) breaks; /* ascending, the last one is at UINT32_MAX */
	/* The whole file. */
	VEC(struct fault) faults;
	VEC(struct line_break) remarks; /* comments that begin with `# lanewright:` */
};

/* `text` is followed by FILE_PADDING zero bytes. */
void lex_start(struct lexer *lexer, struct arena *tmp, struct str text);
bool lex_more(struct lexer *lexer); /* replaces the batch by the next one; false
                                       at the end of the text */

/* How many lines end in text[from..to). */
uint32_t lex_lines(const struct lexer *lexer, size_t from, size_t to);

/* The entries of the expression in an f-string field: from `at` up to where it
 * ends, at `:`, `!`, `}` or a lone `=` outside of brackets, or at the offset
 * `n`.  `tokens` has room for n - at + 2 entries; the last one is `nul`, the
 * offset of a NUL, and so reads as TOKEN_END.  Returns where the expression
 * ends. */
uint32_t lex_field(const char *text, uint32_t at, uint32_t n, uint32_t nul, uint32_t *tokens);

#endif
