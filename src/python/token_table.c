/* What the first byte of a token tells. */
#include "python/token.h"

/* clang-format off */
enum { N = TOKEN_NAME, I = TOKEN_NUMBER, J = TOKEN_STRING };
#define NAMES N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N

const uint8_t token_first[256] = {
	[0] = TOKEN_END, ['\t'] = TOKEN_BAD, ['\n'] = TOKEN_END, ['\r'] = TOKEN_END,
	[1] = TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD,
	[11] = TOKEN_BAD, TOKEN_BAD, [14] = TOKEN_BAD, TOKEN_BAD,
	[16] = TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD,
	[24] = TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD, TOKEN_BAD,
	[' '] = TOKEN_BAD, TOKEN_BANG, J, TOKEN_BAD, TOKEN_BAD, TOKEN_PERCENT, TOKEN_BIT_AND, J,
	['('] = TOKEN_OPEN_PAREN, TOKEN_CLOSE_PAREN, TOKEN_TIMES, TOKEN_PLUS, TOKEN_COMMA, TOKEN_MINUS, TOKEN_DOT, TOKEN_SLASH,
	['0'] = I, I, I, I, I, I, I, I, I, I, TOKEN_COLON, TOKEN_SEMICOLON, TOKEN_LT, TOKEN_EQUAL, TOKEN_GT, TOKEN_BAD,
	['@'] = TOKEN_AT, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	['P'] = N, N, N, N, N, N, N, N, N, N, N, TOKEN_OPEN_SQUARE, TOKEN_BAD, TOKEN_CLOSE_SQUARE, TOKEN_BIT_XOR, N,
	['`'] = TOKEN_BAD, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
	['p'] = N, N, N, N, N, N, N, N, N, N, N, TOKEN_OPEN_CURLY, TOKEN_BIT_OR, TOKEN_CLOSE_CURLY, TOKEN_TILDE, TOKEN_BAD,
	[128] = NAMES, NAMES, NAMES, NAMES, NAMES, NAMES, NAMES, NAMES,
};

#define ONES 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
#define NONE 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0

const uint8_t token_width[256] = {
	0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, ONES, ONES,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1,
	1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0,
	1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1,
	NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
};

enum { V = ODD_WORD, Y = ODD_OPERATOR, Z = ODD_ALWAYS, U = V | Z, T = Y | Z };
#define WORDS V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V
#define PLAIN Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z

/* Strings and numbers are; words and operators may be. */
const uint8_t token_may_be_odd[256] = {
	0, Y, Y, Y, Y, Y, Y, Y, Y, Y, 0, Y, Y, 0, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y,
	Y, Y, Z, Y, Y, Y, Y, Z, Y, Y, Y, Y, Y, Y, Y, Y, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Y, Y, Y, Y, Y, Y,
	Y, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, Y, Y, Y, Y, V,
	Y, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, V, Y, Y, Y, Y, Y,
	WORDS, WORDS, WORDS, WORDS, WORDS, WORDS, WORDS, WORDS,
};

/* A quote behind a word, which may be its prefix; behind an operator the rest of it, or a digit behind a dot. */
const uint8_t token_makes_odd[256] = {
	PLAIN, PLAIN,
	Z, Z, U, Z, Z, Z, Z, U, Z, Z, T, Z, Z, Z, T, T, T, T, T, T, T, T, T, T, T, T, Z, Z, T, T, T, Z,
	PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN,
};
