/* What the readers of expressions, strings and statements share: a cursor over
 * the tokens of one logical line, and the arrays of facts that grow behind it.
 *
 * A syntax error does not unwind: reader_fail moves the cursor to the end of
 * the line, where every loop stops by itself, and the statement that was being
 * read becomes STMT_BROKEN. */
#ifndef PYTHON_READER_H
#define PYTHON_READER_H

#include "base/buf.h"
#include "python/field.h"
#include "python/lex.h"

enum {
	READER_DEPTH = 200,     /* nested brackets, operators, lambdas; beyond:
                          FAULT_DEPTH and EXPR_OTHER */
	READER_HEIGHT = 200,    /* a chain (a.b.c, a + b + c) stops nesting here and goes
                          on flat, in an EXPR_OTHER */
	READER_ELEMENTS = 4096, /* of a literal collection that are kept */
	READER_FIELDS = 8,      /* f-strings within fields of f-strings */
};

struct cursor {
	struct token now;
	struct token_place next;
	const uint32_t *last; /* start of the line's end, among the tokens */
	uint32_t line;
	uint32_t before;                 /* where the token before ended */
	const struct line_break *breaks; /* the next one */
};

/* What may be read in the place where we are. */
struct mode {
	bool binds;      /* `as NAME` may follow any element: with, except and case */
	bool is_pattern; /* `if` begins a guard, not a conditional */
};

struct reader {
	struct arena *tmp;
	struct intern *names;
	struct lexer lexer;
	const char *text;
	struct cursor cursor;
	struct mode mode;
	bool is_broken;                                /* the statement being read */
	bool has_yield;                                /* a yield was seen, outside of lambdas */
	uint32_t depth;                                /* of nested expressions, now */
	uint32_t height;                               /* of the expression just read */
	uint32_t n_fields;                             /* f-string fields around the cursor */
	struct field_tokens fields[READER_FIELDS + 1]; /* one for each level of nesting */
	uint32_t field_room[READER_FIELDS + 1];        /* tokens there is room for */
	struct facts facts;                            /* in tmp; copied when they are complete */
};

void reader_fault(struct reader *reader, enum fault_kind kind, uint32_t at);
void reader_fail(struct reader *reader); /* a syntax error at the cursor */

/* ---- the cursor ---- */
/* To the first token of a line, or a field. */
void reader_go(struct reader *reader, struct token_place first, const uint32_t *last);
void reader_advance(struct reader *reader);
bool reader_take(struct reader *reader, enum token_kind kind);   /* advances when it is the one */
void reader_expect(struct reader *reader, enum token_kind kind); /* takes it, or fails */
enum token_kind reader_peek(const struct reader *reader);        /* the kind after the current one */
bool reader_is_word(const struct reader *reader, const char *word);
name reader_name(struct reader *reader);        /* the text of the current token, interned */
name reader_expect_name(struct reader *reader); /* the same, and takes it; fails
                                                   when it is no name */
void reader_skip(struct reader *reader);        /* to the end of the line */
void reader_skip_square(struct reader *reader); /* `[...]`, if it stands here */

static inline enum token_kind reader_kind(const struct reader *reader)
{
	return reader->cursor.now.kind;
}

/* ---- nodes; children are made before their parent ---- */

struct place {
	uint32_t at, line;
};

static inline struct place reader_here(const struct reader *reader)
{
	return (struct place){reader->cursor.now.start, reader->cursor.line};
}

/* Siblings to be; height is that of the tallest. */
struct chain {
	uint32_t first, last, n, height;
};

/* A node without children, at the current token. */
uint32_t reader_leaf(struct reader *reader, enum expr_kind kind);
void reader_chain(struct reader *reader, struct chain *chain, uint32_t expr); /* expr was just read */
/* A node over the chain, or over one child just read. */
uint32_t reader_over(struct reader *reader, enum expr_kind kind, const struct chain *chain, struct place place);
uint32_t reader_wrap(struct reader *reader, enum expr_kind kind, uint32_t child, struct place place);

#endif
