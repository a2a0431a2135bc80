/* The tokens of an f-string's field.  The lexer takes an f-string as one token; what is in its fields is read when the
 * string is. */
#ifndef PYTHON_FIELD_H
#define PYTHON_FIELD_H

#include <stdint.h>

struct field_tokens {
	uint32_t *starts,
	        *ends; /* as token_next wants them; both have room for as many as the field has bytes, and 2 */
	uint32_t n, n_ends;
};

/* Fills in the tokens of the expression in a field: from `at` up to where it ends, at `:`, `!`, `}` or a lone `=` outside
 * of brackets, or at the offset `to`.  The last token is at `nul`, the offset of a NUL, and so reads as TOKEN_END.
 * Returns where the expression ends. */
uint32_t field_lex(struct field_tokens *tokens, const char *text, uint32_t at, uint32_t to, uint32_t nul);

#endif
