/* The portable reader of plain code: a look at each token's first byte. */
#include "python/code.h"

#include "python/literal.h"

enum { CODE_ROOM = 1024 /* tokens in one go */ };

static void reserve(struct lexer *lx)
{
	while (lx->tokens.cap - lx->tokens.n < CODE_ROOM)
		vec_more(lx->tmp, (void **)&lx->tokens.at, &lx->tokens.cap, sizeof *lx->tokens.at);
}

static size_t after_operator(const char *text, size_t at)
{
	size_t n;
	token_operator(text, at, &n);
	return at + n;
}

size_t code_read(struct lexer *lx, size_t at)
{
	const char *text = lx->text;
	reserve(lx);
	uint32_t *to = lx->tokens.at + lx->tokens.n, *end = to + CODE_ROOM, depth = lx->depth;
	for (; to < end; to++) {
		while (byte_class(text[at]) == BYTE_SPACE)
			at++;
		enum byte_class class = byte_class(text[at]);
		if (class >= BYTE_QUOTE)
			break;
		*to = (uint32_t)at;
		switch (class) {
		case BYTE_WORD: at = token_name_end(text, at); break;
		case BYTE_DIGIT: at = token_number_end(text, at); break;
		case BYTE_DOT:
			if (byte_class(text[at + 1]) == BYTE_DIGIT)
				at = token_number_end(text, at);
			else
				at = after_operator(text, at);
			break;
		case BYTE_OPERATOR: at = after_operator(text, at); break;
		case BYTE_OPEN:
			depth++;
			at++;
			break;
		case BYTE_CLOSE:
			depth -= depth > 0;
			at++;
			break;
		default: at++; /* of no use to Python; the reader of statements complains */
		}
	}
	lx->tokens.n = (size_t)(to - lx->tokens.at);
	lx->depth = depth;
	return at;
}

/* A string inside a field, whose prefix was taken for the last token. */
static uint32_t field_string(const char *text, uint32_t quote, uint32_t n, uint32_t *tokens, uint32_t *n_tokens)
{
	unsigned prefix = PREFIX_NONE;
	uint32_t *last = *n_tokens ? &tokens[*n_tokens - 1] : NULL;
	if (last && *last < quote)
		prefix = token_prefix(text + *last, quote - *last);
	if (prefix == PREFIX_NONE) {
		prefix = 0;
		last = &tokens[(*n_tokens)++];
		*last = quote;
	}
	*last |= TOKEN_IS_STRING;
	size_t patience = n - quote;
	uint32_t end = (uint32_t)literal_read(text, n, quote, prefix, &patience).end;
	tokens[(*n_tokens)++] = end;
	return end;
}

/* Does the expression of a field end here? */
static bool ends_field(const char *text, uint32_t at)
{
	switch (text[at]) {
	case '}':
	case ':': return true;
	case '!': return text[at + 1] != '=';
	case '=': return text[at + 1] != '=';
	}
	return false;
}

static uint32_t after_plain(const char *text, uint32_t at)
{
	switch (byte_class(text[at])) {
	case BYTE_WORD: return (uint32_t)token_name_end(text, at);
	case BYTE_DIGIT: return (uint32_t)token_number_end(text, at);
	case BYTE_DOT:
		if (byte_class(text[at + 1]) == BYTE_DIGIT)
			return (uint32_t)token_number_end(text, at);
		return (uint32_t)after_operator(text, at);
	case BYTE_OPERATOR: return (uint32_t)after_operator(text, at);
	default: return at + 1;
	}
}

uint32_t lex_field(const char *text, uint32_t at, uint32_t n, uint32_t nul, uint32_t *tokens)
{
	uint32_t n_tokens = 0, depth = 0;
	while (at < n && (depth || !ends_field(text, at))) {
		switch (byte_class(text[at])) {
		case BYTE_QUOTE: at = field_string(text, at, n, tokens, &n_tokens); continue;
		case BYTE_COMMENT:
			while (at < n && byte_class(text[at]) != BYTE_NEWLINE)
				at++;
			continue;
		case BYTE_SPACE:
		case BYTE_NEWLINE:
		case BYTE_BACKSLASH: at++; continue;
		case BYTE_OPEN: depth++; break;
		case BYTE_CLOSE: depth -= depth > 0; break;
		default: break;
		}
		tokens[n_tokens++] = at;
		at = after_plain(text, at);
	}
	tokens[n_tokens] = nul;
	return at < n ? at : n;
}
