/* The words of Python: what a token is, told from its first bytes.  The lexer
 * stores only where tokens begin; the kind is read here, when somebody asks. */
#ifndef PYTHON_TOKEN_H
#define PYTHON_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	BYTE_SPACE, /* blank, tab, form feed */
	BYTE_WORD,  /* letters, _, and everything beyond ASCII */
	BYTE_DIGIT,
	BYTE_DOT,
	BYTE_OPEN,
	BYTE_CLOSE,
	BYTE_OPERATOR,
	BYTE_QUOTE,
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

/* All of these look a few bytes beyond the end of the text, which FILE_PADDING
 * allows. */
size_t token_name_end(const char *text, size_t at);
size_t token_number_end(const char *text, size_t at);                   /* at a digit, or at a dot before a digit */
enum token_kind token_operator(const char *text, size_t at, size_t *n); /* longest match; n: its length */
enum token_kind token_name_kind(const char *text, size_t at, size_t n); /* TOKEN_NAME or a keyword */

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

/* The token at the place, which moves on. */
struct token token_next(const char *text, struct token_place *place);

const char *token_name(enum token_kind kind);

#endif
