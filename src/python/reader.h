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
	struct token now, ahead; /* the one ahead is read while this one is used: its kind is known early */
	struct token_place next; /* behind it */
	const uint32_t *last;    /* start of the line's end, among the tokens */
	uint32_t line;
	uint32_t before;                 /* where the token before ended */
	const struct line_break *breaks; /* the next one */
};

/* What may be read in the place where we are. */
struct mode {
	bool binds;      /* `as NAME` may follow any element: with, except and case */
	bool is_pattern; /* `if` begins a guard, not a conditional */
};

/* Names seen of late, by their first sixteen bytes: most names come again soon. */
struct known_name {
	uint64_t low, high;
	name name;
};

enum { KNOWN_BITS = 9 };

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
	struct known_name known[1 << KNOWN_BITS];
};

void reader_fault(struct reader *reader, enum fault_kind kind, uint32_t at);
void reader_fail(struct reader *reader); /* a syntax error at the cursor */

/* ---- the cursor ---- */

static inline enum token_kind reader_kind(const struct reader *reader)
{
	return reader->cursor.now.kind;
}

/* The kind after the current one. */
static inline enum token_kind reader_peek(const struct reader *reader)
{
	return reader->cursor.ahead.kind;
}

/* Takes in the token ahead. */
static inline void reader_next(struct reader *reader)
{
	struct cursor *cursor = &reader->cursor;
	cursor->now = cursor->ahead;
	if (cursor->ahead.kind != TOKEN_END)
		token_next(reader->text, &cursor->next, &cursor->ahead);
	while (cursor->now.start >= cursor->breaks->at)
		cursor->line = cursor->breaks++->line;
}

static inline void reader_advance(struct reader *reader)
{
	if (reader->cursor.now.kind == TOKEN_END)
		return;
	reader->cursor.before = reader->cursor.now.end;
	reader_next(reader);
}

/* Advances when it is the one. */
static inline bool reader_take(struct reader *reader, enum token_kind kind)
{
	if (reader->cursor.now.kind != kind)
		return false;
	reader_advance(reader);
	return true;
}

/* Takes it, or fails. */
static inline void reader_expect(struct reader *reader, enum token_kind kind)
{
	if (!reader_take(reader, kind))
		reader_fail(reader);
}

/* To the first token of a line, or of a field; last: the one at its end. */
void reader_go(struct reader *reader, struct token_place first, const uint32_t *last);
bool reader_is_word(const struct reader *reader, const char *word);
name reader_name(struct reader *reader);        /* the text of the current token, interned */
name reader_expect_name(struct reader *reader); /* the same, and takes it; fails when it is no name */
void reader_skip(struct reader *reader);        /* to the end of the line */
void reader_skip_square(struct reader *reader); /* `[...]`, if it stands here */

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

static inline uint32_t reader_node(struct reader *reader, enum expr_kind kind, struct place place, uint32_t first)
{
	vec_push(reader->tmp, &reader->facts.exprs,
	         (struct expr){.kind = (uint8_t)kind, .at = place.at, .line = place.line, .first = first});
	return (uint32_t)reader->facts.exprs.n - 1;
}

/* A node without children, at the current token. */
static inline uint32_t reader_leaf(struct reader *reader, enum expr_kind kind)
{
	reader->height = 1;
	return reader_node(reader, kind, reader_here(reader), 0);
}

/* expr was just read. */
static inline void reader_chain(struct reader *reader, struct chain *chain, uint32_t expr)
{
	if (chain->n++)
		reader->facts.exprs.at[chain->last].next = expr;
	else
		chain->first = expr;
	chain->last = expr;
	if (chain->height < reader->height)
		chain->height = reader->height;
}

/* A node over the chain, or over one child just read. */
static inline uint32_t reader_over(struct reader *reader, enum expr_kind kind, const struct chain *chain,
                                   struct place place)
{
	reader->height = chain->height + 1;
	return reader_node(reader, kind, place, chain->first);
}

static inline uint32_t reader_wrap(struct reader *reader, enum expr_kind kind, uint32_t child, struct place place)
{
	reader->height++;
	return reader_node(reader, kind, place, child);
}

#endif
