/* Kinds of tokens from their bytes: tables and short looks ahead. */
#include "python/token.h"

/* clang-format off */
enum {
	B = BYTE_BAD, S = BYTE_SPACE, W = BYTE_WORD, D = BYTE_DIGIT, P = BYTE_DOT, O = BYTE_OPEN, C = BYTE_CLOSE,
	X = BYTE_OPERATOR, Q = BYTE_QUOTE, H = BYTE_COMMENT, L = BYTE_NEWLINE, K = BYTE_BACKSLASH, Z = BYTE_NUL,
};
#define HIGH W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W /* bytes beyond ASCII */

const uint8_t byte_classes[256] = {
	Z, B, B, B, B, B, B, B, B, S, L, B, S, L, B, B, /* control */
	B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, /* control */
	S, X, Q, H, B, X, X, Q, O, C, X, X, X, X, P, X, /* blank ! " # ... / */
	D, D, D, D, D, D, D, D, D, D, X, X, X, X, X, B, /* 0-9 : ; < = > ? */
	X, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* @ A-O */
	W, W, W, W, W, W, W, W, W, W, W, O, K, C, X, W, /* P-Z [ \ ] ^ _ */
	B, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* ` a-o */
	W, W, W, W, W, W, W, W, W, W, W, O, X, C, X, B, /* p-z { | } ~ */
	HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH,
};
/* clang-format on */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_digit_of(char c, int base)
{
	if (c <= '9')
		return c >= '0' && c - '0' < base;
	return base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
}

/* Digits with single underscores between them. */
static size_t decimals_end(const char *text, size_t at)
{
	while (is_digit(text[at]) || (text[at] == '_' && is_digit(text[at + 1])))
		at++;
	return at;
}

static size_t digits_end(const char *text, size_t at, int base)
{
	while (is_digit_of(text[at], base) || (text[at] == '_' && is_digit_of(text[at + 1], base)))
		at++;
	return at;
}

static int base_of(char letter)
{
	switch (letter | 0x20) {
	case 'x': return 16;
	case 'o': return 8;
	case 'b': return 2;
	}
	return 0;
}

size_t token_number_end(const char *text, size_t at)
{
	int base = text[at] == '0' ? base_of(text[at + 1]) : 0;
	if (base) {
		size_t digits = at + 2 + (text[at + 2] == '_');
		if (is_digit_of(text[digits], base))
			return digits_end(text, digits, base);
	}
	at = decimals_end(text, at);
	if (text[at] == '.' && is_digit(text[++at]))
		at = decimals_end(text, at);
	if ((text[at] | 0x20) == 'e') {
		size_t digits = at + 1 + (text[at + 1] == '+' || text[at + 1] == '-');
		if (is_digit(text[digits]))
			at = decimals_end(text, digits);
	}
	return at + ((text[at] | 0x20) == 'j');
}

/* clang-format off */
/* The kind of an operator byte with = behind it. */
static const uint8_t with_equal[128] = {
	[':'] = TOKEN_WALRUS, ['!'] = TOKEN_NE, ['='] = TOKEN_EQ, ['<'] = TOKEN_LE, ['>'] = TOKEN_GE,
	['+'] = TOKEN_PLUS_EQUAL, ['-'] = TOKEN_MINUS_EQUAL, ['*'] = TOKEN_TIMES_EQUAL, ['@'] = TOKEN_AT_EQUAL,
	['/'] = TOKEN_SLASH_EQUAL, ['%'] = TOKEN_PERCENT_EQUAL, ['&'] = TOKEN_AND_EQUAL, ['|'] = TOKEN_OR_EQUAL,
	['^'] = TOKEN_XOR_EQUAL,
};
/* Doubled, and doubled with = behind it. */
static const uint8_t doubled[128] = {
	['*'] = TOKEN_POWER, ['/'] = TOKEN_FLOOR, ['<'] = TOKEN_LSHIFT, ['>'] = TOKEN_RSHIFT,
};
static const uint8_t doubled_equal[128] = {
	['*'] = TOKEN_POWER_EQUAL, ['/'] = TOKEN_FLOOR_EQUAL, ['<'] = TOKEN_LSHIFT_EQUAL, ['>'] = TOKEN_RSHIFT_EQUAL,
};
/* clang-format on */

enum token_kind token_operator(const char *text, size_t at, size_t *n)
{
	unsigned char c = (unsigned char)text[at], after = (unsigned char)text[at + 1];
	*n = 1;
	if (c >= 128)
		return TOKEN_BAD;
	if (after == '=' && with_equal[c]) {
		*n = 2;
		return with_equal[c];
	}
	if (after == c && doubled[c]) {
		*n = text[at + 2] == '=' ? 3 : 2;
		return *n == 3 ? doubled_equal[c] : doubled[c];
	}
	if (c == '-' && after == '>') {
		*n = 2;
		return TOKEN_ARROW;
	}
	if (c == '.' && after == '.' && text[at + 2] == '.') {
		*n = 3;
		return TOKEN_ELLIPSIS;
	}
	return (enum token_kind)token_first[c];
}

const struct keyword token_keywords[KEYWORD_SLOTS] = {
        [2] = {"pass", TOKEN_PASS},
        [4] = {"if", TOKEN_IF},
        [6] = {"return", TOKEN_RETURN},
        [7] = {"await", TOKEN_AWAIT},
        [10] = {"or", TOKEN_OR},
        [12] = {"with", TOKEN_WITH},
        [13] = {"nonlocal", TOKEN_NONLOCAL},
        [15] = {"True", TOKEN_TRUE},
        [16] = {"False", TOKEN_FALSE},
        [17] = {"else", TOKEN_ELSE},
        [18] = {"except", TOKEN_EXCEPT},
        [21] = {"not", TOKEN_NOT},
        [23] = {"yield", TOKEN_YIELD},
        [24] = {"is", TOKEN_IS},
        [26] = {"break", TOKEN_BREAK},
        [28] = {"finally", TOKEN_FINALLY},
        [29] = {"async", TOKEN_ASYNC},
        [33] = {"class", TOKEN_CLASS},
        [35] = {"for", TOKEN_FOR},
        [36] = {"while", TOKEN_WHILE},
        [37] = {"continue", TOKEN_CONTINUE},
        [39] = {"def", TOKEN_DEF},
        [41] = {"None", TOKEN_NONE},
        [42] = {"assert", TOKEN_ASSERT},
        [45] = {"as", TOKEN_AS},
        [47] = {"elif", TOKEN_ELIF},
        [48] = {"and", TOKEN_AND},
        [49] = {"raise", TOKEN_RAISE},
        [51] = {"global", TOKEN_GLOBAL},
        [53] = {"try", TOKEN_TRY},
        [55] = {"from", TOKEN_FROM},
        [56] = {"lambda", TOKEN_LAMBDA},
        [60] = {"del", TOKEN_DEL},
        [61] = {"in", TOKEN_IN},
        [63] = {"import", TOKEN_IMPORT},
};

unsigned token_prefix(const char *text, size_t n)
{
	unsigned flags = 0;
	if (n > 2)
		return PREFIX_NONE;
	for (size_t i = 0; i < n; i++) {
		unsigned flag = 0;
		switch (text[i] | 0x20) {
		case 'r': flag = PREFIX_RAW; break;
		case 'b': flag = PREFIX_BYTES; break;
		case 'f':
		case 't': flag = PREFIX_FORMAT; break;
		case 'u': flag = PREFIX_UNICODE; break;
		}
		if (!flag || !(text[i] & 0x40) || (flags & flag))
			return PREFIX_NONE;
		flags |= flag;
	}
	if (n == 2 && (!(flags & PREFIX_RAW) || (flags & PREFIX_UNICODE)))
		return PREFIX_NONE;
	return flags;
}

static struct token string_token(uint32_t start, struct token_place *place)
{
	return (struct token){TOKEN_STRING, start, *place->end++};
}

/* A word right before a quote may be its prefix. */
static bool is_prefix(const char *text, size_t start, size_t end)
{
	return byte_class(text[end]) == BYTE_QUOTE && token_prefix(text + start, end - start) != PREFIX_NONE;
}

struct token token_next_odd(const char *text, struct token_place *place)
{
	uint32_t start = *place->start++;
	size_t n = token_width[(unsigned char)text[start]];
	enum token_kind kind = (enum token_kind)token_first[(unsigned char)text[start]];
	switch (kind) {
	case TOKEN_STRING: return string_token(start, place);
	case TOKEN_NAME:
		n = look_behind_name(text, start) - start;
		if (is_prefix(text, start, start + n))
			return string_token(start, place);
		kind = token_name_kind(text, start, n);
		break;
	case TOKEN_NUMBER: n = token_number_end(text, start) - start; break;
	case TOKEN_END: break;
	default:
		if (kind != TOKEN_DOT || byte_class(text[start + 1]) != BYTE_DIGIT) {
			kind = token_operator(text, start, &n);
			break;
		}
		kind = TOKEN_NUMBER;
		n = token_number_end(text, start) - start;
	}
	return (struct token){kind, start, start + (uint32_t)n};
}

const char *token_name(enum token_kind kind)
{
	static const char *const names[TOKEN_KINDS] = {"end",
	                                               "name",
	                                               "number",
	                                               "string",
	                                               "bad",
#define X(id, text) text,
	                                               PYTHON_KEYWORDS(X) PYTHON_OPERATORS(X)
#undef X
	};
	return names[kind];
}
