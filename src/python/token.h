/* The words of Python: what a token is, told from its first bytes.  The lexer
 * stores only where tokens begin; the kind is read here, when somebody asks. */
#ifndef PYTHON_TOKEN_H
#define PYTHON_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "python/look.h"

/* Every keyword of 3.14.  `match`, `case`, `type` and `_` are names until the
 * statement says otherwise. */
#define PYTHON_KEYWORDS(X)                                                                                             \
	X(FALSE, "False")                                                                                              \
	X(NONE, "None")                                                                                                \
	X(TRUE, "True")                                                                                                \
	X(AND, "and")                                                                                                  \
	X(AS, "as")                                                                                                    \
	X(ASSERT, "assert")                                                                                            \
	X(ASYNC, "async")                                                                                              \
	X(AWAIT, "await")                                                                                              \
	X(BREAK, "break")                                                                                              \
	X(CLASS, "class")                                                                                              \
	X(CONTINUE, "continue")                                                                                        \
	X(DEF, "def")                                                                                                  \
	X(DEL, "del")                                                                                                  \
	X(ELIF, "elif")                                                                                                \
	X(ELSE, "else")                                                                                                \
	X(EXCEPT, "except")                                                                                            \
	X(FINALLY, "finally")                                                                                          \
	X(FOR, "for")                                                                                                  \
	X(FROM, "from")                                                                                                \
	X(GLOBAL, "global")                                                                                            \
	X(IF, "if")                                                                                                    \
	X(IMPORT, "import")                                                                                            \
	X(IN, "in")                                                                                                    \
	X(IS, "is")                                                                                                    \
	X(LAMBDA, "lambda")                                                                                            \
	X(NONLOCAL, "nonlocal")                                                                                        \
	X(NOT, "not")                                                                                                  \
	X(OR, "or")                                                                                                    \
	X(PASS, "pass")                                                                                                \
	X(RAISE, "raise")                                                                                              \
	X(RETURN, "return")                                                                                            \
	X(TRY, "try")                                                                                                  \
	X(WHILE, "while")                                                                                              \
	X(WITH, "with")                                                                                                \
	X(YIELD, "yield")

/* Operators and delimiters. */
#define PYTHON_OPERATORS(X)                                                                                            \
	X(OPEN_PAREN, "(")                                                                                             \
	X(CLOSE_PAREN, ")")                                                                                            \
	X(OPEN_SQUARE, "[")                                                                                            \
	X(CLOSE_SQUARE, "]")                                                                                           \
	X(OPEN_CURLY, "{")                                                                                             \
	X(CLOSE_CURLY, "}")                                                                                            \
	X(COMMA, ",")                                                                                                  \
	X(SEMICOLON, ";")                                                                                              \
	X(COLON, ":")                                                                                                  \
	X(WALRUS, ":=")                                                                                                \
	X(DOT, ".")                                                                                                    \
	X(ELLIPSIS, "...")                                                                                             \
	X(ARROW, "->")                                                                                                 \
	X(BANG, "!")                                                                                                   \
	X(EQUAL, "=")                                                                                                  \
	X(EQ, "==")                                                                                                    \
	X(NE, "!=")                                                                                                    \
	X(LT, "<")                                                                                                     \
	X(GT, ">")                                                                                                     \
	X(LE, "<=")                                                                                                    \
	X(GE, ">=")                                                                                                    \
	X(PLUS, "+")                                                                                                   \
	X(MINUS, "-")                                                                                                  \
	X(TIMES, "*")                                                                                                  \
	X(AT, "@")                                                                                                     \
	X(SLASH, "/")                                                                                                  \
	X(FLOOR, "//")                                                                                                 \
	X(PERCENT, "%")                                                                                                \
	X(POWER, "**")                                                                                                 \
	X(LSHIFT, "<<")                                                                                                \
	X(RSHIFT, ">>")                                                                                                \
	X(BIT_AND, "&")                                                                                                \
	X(BIT_OR, "|")                                                                                                 \
	X(BIT_XOR, "^")                                                                                                \
	X(TILDE, "~")                                                                                                  \
	X(PLUS_EQUAL, "+=")                                                                                            \
	X(MINUS_EQUAL, "-=")                                                                                           \
	X(TIMES_EQUAL, "*=")                                                                                           \
	X(AT_EQUAL, "@=")                                                                                              \
	X(SLASH_EQUAL, "/=")                                                                                           \
	X(FLOOR_EQUAL, "//=")                                                                                          \
	X(PERCENT_EQUAL, "%=")                                                                                         \
	X(POWER_EQUAL, "**=")                                                                                          \
	X(LSHIFT_EQUAL, "<<=")                                                                                         \
	X(RSHIFT_EQUAL, ">>=")                                                                                         \
	X(AND_EQUAL, "&=")                                                                                             \
	X(OR_EQUAL, "|=")                                                                                              \
	X(XOR_EQUAL, "^=")

enum token_kind {
	TOKEN_END, /* of the logical line */
	TOKEN_NAME,
	TOKEN_NUMBER,
	TOKEN_STRING,
	TOKEN_BAD, /* a byte that begins no token: $ ? and such */
#define X(id, text) TOKEN_##id,
	PYTHON_KEYWORDS(X) PYTHON_OPERATORS(X)
#undef X
	        TOKEN_KINDS
};

/* Classes of bytes, for the first look. */
enum byte_class {
	BYTE_BAD,
	BYTE_WORD, /* letters, _, and everything beyond ASCII */
	BYTE_DIGIT,
	BYTE_DOT,
	BYTE_OPEN,
	BYTE_CLOSE,
	BYTE_OPERATOR,
	BYTE_QUOTE,
	/* From here on no token begins. */
	BYTE_SPACE, /* blank, tab, form feed */
	BYTE_COMMENT,
	BYTE_NEWLINE,
	BYTE_BACKSLASH,
	BYTE_NUL,
};

extern const uint8_t byte_classes[256];

static inline enum byte_class byte_class(char c)
{
	return byte_classes[(unsigned char)c];
}

static inline bool byte_is_word(char c) /* may continue a name */
{
	unsigned k = byte_classes[(unsigned char)c];
	return k == BYTE_WORD || k == BYTE_DIGIT;
}

/* A perfect hash: the first eight bytes of a word times a number that a search found to give each keyword a slot of its
 * own. */
struct keyword {
	char text[8];
	uint8_t kind;
};

#define KEYWORD_FACTOR UINT64_C(0xb57c8e05e3c9b0e1)
enum { KEYWORD_SHIFT = 58, KEYWORD_SLOTS = 64, KEYWORD_LONGEST = 8 };
extern const struct keyword token_keywords[KEYWORD_SLOTS];

/* Eight bytes as a number, the first one lowest. */
static inline uint64_t token_load(const char *from)
{
	uint64_t bytes;
	memcpy(&bytes, from, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	bytes = __builtin_bswap64(bytes);
#endif
	return bytes;
}

/* TOKEN_NAME or a keyword. */
static inline enum token_kind token_name_kind(const char *text, size_t at, size_t n)
{
	if (n < 2 || n > KEYWORD_LONGEST)
		return TOKEN_NAME;
	uint64_t bytes = token_load(text + at) & (~UINT64_C(0) >> (64 - 8 * n));
	const struct keyword *word = &token_keywords[bytes * KEYWORD_FACTOR >> KEYWORD_SHIFT];
	return token_load(word->text) == bytes ? (enum token_kind)word->kind : TOKEN_NAME;
}

/* All of these look a few bytes beyond the end of the text, which FILE_PADDING
 * allows. */
size_t token_number_end(const char *text, size_t at);                   /* at a digit, or at a dot before a digit */
enum token_kind token_operator(const char *text, size_t at, size_t *n); /* longest match; n: its length */

enum { PREFIX_RAW = 1, PREFIX_BYTES = 2, PREFIX_FORMAT = 4, PREFIX_UNICODE = 8, PREFIX_NONE = 64 };
/* The flags of a string prefix of n letters; PREFIX_NONE when it is none.  n
 * may be 0. */
unsigned token_prefix(const char *text, size_t n);

struct token {
	enum token_kind kind;
	uint32_t start, end;
};

/* The lexer's arrays: where tokens begin, and where those of them end that are strings. */
struct token_place {
	const uint32_t *start, *end; /* of the token to come */
};

/* By first byte: the kind of a token that is an operator of one byte; of words, digits, quotes and ends what they are;
 * TOKEN_BAD otherwise. */
extern const uint8_t token_first[256];
/* By first byte: its width when it is a token of its own, else 0. */
extern const uint8_t token_width[256];
/* Which tokens want a closer look: bits of the first byte and of the byte behind that must meet. */
enum { ODD_WORD = 1, ODD_OPERATOR = 2, ODD_ALWAYS = 4 };
extern const uint8_t token_may_be_odd[256], token_makes_odd[256];

/* The token at the place when it is a string, a number or a longer operator, perhaps. */
struct token token_next_odd(const char *text, struct token_place *place);

/* The token at the place, which moves on.  Names, keywords and short operators are all read by the same steps: what comes
 * next cannot be foreseen, and branches would be taken wrongly. */
static inline void token_next(const char *text, struct token_place *place, struct token *token)
{
	static const uint64_t masks[KEYWORD_LONGEST + 1] = {
	        0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, ~UINT64_C(0),
	};
	uint32_t start = *place->start;
	unsigned char first = (unsigned char)text[start];
	size_t n = look_behind_name(text, start) - start + token_width[first];
	if (token_may_be_odd[first] & token_makes_odd[(unsigned char)text[start + n]]) {
		*token = token_next_odd(text, place);
		return;
	}
	place->start++;
	uint64_t bytes = token_load(text + start) & masks[n < KEYWORD_LONGEST ? n : KEYWORD_LONGEST];
	const struct keyword *word = &token_keywords[bytes * KEYWORD_FACTOR >> KEYWORD_SHIFT];
	unsigned kind = token_first[first], is_keyword = (token_load(word->text) == bytes) & (n <= KEYWORD_LONGEST);
	token->kind = (enum token_kind)(kind ^ ((kind ^ word->kind) & (0 - is_keyword)));
	token->start = start;
	token->end = start + (uint32_t)n;
}

const char *token_name(enum token_kind kind);

#endif
