/* Where a string literal ends.  f- and t-strings may hold strings, brackets and
 * line ends inside their fields (PEP 701), so finding their end takes a stack;
 * it is an explicit one with a cap. */
#ifndef PYTHON_LITERAL_H
#define PYTHON_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

struct literal {
	size_t end;     /* after the closing quote; when there is none, the end of the
                     line or of the text */
	bool is_closed; /* it has its closing quote */
	bool is_broken; /* an f-string whose fields make no sense; it was read as a
                     plain string */
};

/* The literal whose opening quote is at `quote` and whose prefix has the flags
 * `prefix`; n is the length of text. `patience` is how many bytes may yet be
 * read in vain: a broken f-string is read twice, and the sum over a file must
 * stay linear.  When it is used up, f-strings are read as plain ones. */
struct literal literal_read(const char *text, size_t n, size_t quote, unsigned prefix, size_t *patience);

bool literal_is_triple(const char *text, size_t quote);

#endif
