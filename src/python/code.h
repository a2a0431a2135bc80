/* The plain stretches of code: what stands between strings, comments, line ends
 * and backslashes. */
#ifndef PYTHON_CODE_H
#define PYTHON_CODE_H

#include "python/lex.h"

/* Appends the tokens from `at` on to the lexer's and counts its brackets;
 * returns where it stopped, at one of those or, when there is much, somewhere
 * before. */
size_t code_read(struct lexer *lexer, size_t at);

#endif
