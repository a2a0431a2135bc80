/* UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

/* The code point at byte `at` and how many bytes it takes; 0 when the bytes there are not UTF-8 or s ends. */
size_t utf8_decode(struct str s, size_t at, uint32_t *code);
bool utf8_valid(struct str s);

#endif
