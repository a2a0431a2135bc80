/* A small lexer, a token at a time: fields are short. */
#include "python/field.h"

#include <stdbool.h>

#include "python/literal.h"
#include "python/token.h"

/* A string inside a field, whose prefix was taken for the last token. */
static uint32_t read_string(struct field_tokens *tokens, const char *text, uint32_t quote, uint32_t to)
{
	unsigned prefix = PREFIX_NONE;
	uint32_t last = tokens->n ? tokens->starts[tokens->n - 1] : quote;
	if (last < quote && quote - last <= 2)
		prefix = token_prefix(text + last, quote - last);
	if (prefix == PREFIX_NONE) {
		prefix = 0;
		tokens->starts[tokens->n++] = quote;
	}
	size_t patience = to - quote;
	uint32_t end = (uint32_t)literal_read(text, to, quote, prefix, &patience).end;
	tokens->ends[tokens->n_ends++] = end;
	return end;
}

/* Does the expression of a field end here? */
static bool ends_field(const char *text, uint32_t at)
{
	switch (text[at]) {
	case '}':
	case ':': return true;
	case '!':
	case '=': return text[at + 1] != '=';
	}
	return false;
}

static uint32_t after_token(const char *text, uint32_t at)
{
	size_t n = 1;
	switch (byte_class(text[at])) {
	case BYTE_WORD: return (uint32_t)look_behind_name(text, at);
	case BYTE_DIGIT: return (uint32_t)token_number_end(text, at);
	case BYTE_DOT:
		if (byte_class(text[at + 1]) == BYTE_DIGIT)
			return (uint32_t)token_number_end(text, at);
		token_operator(text, at, &n);
		return at + (uint32_t)n;
	case BYTE_OPERATOR: token_operator(text, at, &n); return at + (uint32_t)n;
	default: return at + 1;
	}
}

static uint32_t after_comment(const char *text, uint32_t at, uint32_t to)
{
	while (at < to && byte_class(text[at]) != BYTE_NEWLINE)
		at++;
	return at;
}

uint32_t field_lex(struct field_tokens *tokens, const char *text, uint32_t at, uint32_t to, uint32_t nul)
{
	uint32_t depth = 0;
	tokens->n = tokens->n_ends = 0;
	while (at < to && (depth || !ends_field(text, at))) {
		switch (byte_class(text[at])) {
		case BYTE_QUOTE: at = read_string(tokens, text, at, to); continue;
		case BYTE_COMMENT: at = after_comment(text, at, to); continue;
		case BYTE_SPACE:
		case BYTE_NEWLINE:
		case BYTE_BACKSLASH: at++; continue;
		case BYTE_OPEN: depth++; break;
		case BYTE_CLOSE: depth -= depth > 0; break;
		default: break;
		}
		uint32_t after = after_token(text, at);
		if (after >= to && byte_class(text[to]) == BYTE_QUOTE)
			break; /* not closed: what looks like a prefix stands before the end of the f-string */
		tokens->starts[tokens->n++] = at;
		at = after;
	}
	tokens->starts[tokens->n] = nul;
	return at < to ? at : to;
}
