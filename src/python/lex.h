/* The lexer: where tokens begin, which of them make a logical line, how deep that line is indented.
 *
 * A token is one number, the offset of its first byte; its kind and its end are told from the bytes when somebody asks
 * (token_next).  Only of strings the ends are kept too, as they cannot be seen from the beginning.  Files are read in
 * batches of whole logical lines, so that memory stays small and warm. */
#ifndef PYTHON_LEX_H
#define PYTHON_LEX_H

#include "base/str.h"
#include "model/facts.h"
#include "python/token.h"

enum {
	LEX_INDENTS = 100,     /* levels of indentation, as CPython */
	LEX_LONGEST = 1 << 24, /* tokens of one logical line; the rest is left out, with a fault */
	LEX_FAULTS = 100,      /* more are not recorded */
};

/* Its tokens run from `first` to the one that stands at its end (TOKEN_END); there is at least one before that. */
struct logical_line {
	uint32_t first;  /* index into tokens */
	uint32_t string; /* index into ends: of the first string in this line or behind it */
	uint32_t level;  /* of indentation, from 0 */
	uint32_t line;   /* number of the line on which it begins */
};

/* Inside a logical line: from byte `at` on, the line number is `line`. */
struct line_break {
	uint32_t at, line;
};

struct lexer;
typedef bool lex_batch(struct lexer *lexer);

struct lexer {
	const char *text;
	uint32_t n;  /* bytes, up to the first NUL */
	uint32_t at; /* where the next batch begins */
	uint32_t line;
	uint32_t depth;  /* of open brackets */
	bool is_cut;     /* the line being read is longer than LEX_LONGEST */
	size_t n_ends;   /* of strings, where it was cut */
	size_t until;    /* tokens that may be there and leave room for another block */
	size_t patience; /* for literal_read */
	uint32_t indents[LEX_INDENTS];
	uint32_t level; /* indents in force, but for the first one, which is 0 */
	size_t first;   /* token of the logical line being read */
	lex_batch *batch;
	struct arena *tmp;
	/* The batch. */
	VEC(uint32_t) tokens;
	VEC(uint32_t) ends; /* of strings: the offset behind the closing quote */
	VEC(struct logical_line) lines;
	VEC(struct line_break) breaks; /* ascending, the last one is at UINT32_MAX */
	/* The whole file. */
	VEC(struct fault) faults;
	VEC(struct line_break) remarks; /* comments that begin with `# lanewright:` */
};

/* `text` is followed by FILE_PADDING zero bytes. */
void lex_start(struct lexer *lexer, struct arena *tmp, struct str text);
/* The same by portable code alone, whatever the machine can do: for tests. */
void lex_start_portable(struct lexer *lexer, struct arena *tmp, struct str text);
bool lex_more(struct lexer *lexer); /* replaces the batch by the next one; false at the end of the text */

/* How many lines end in text[from..to). */
uint32_t lex_lines(const char *text, size_t from, size_t to);

#endif
