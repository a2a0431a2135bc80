/* Numbers in groups of seven bits, the lowest first, as what lies on the disk has them. */
#ifndef BASE_VARINT_H
#define BASE_VARINT_H

#include "base/str.h"

enum { VARINT_MOST = 10 }; /* bytes of the largest */

/* Behind the last byte written. */
static inline char *varint_put(char *to, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*to++ = (char)(unsigned char)(value | 0x80);
	*to++ = (char)value;
	return to;
}

/* Takes a number off the front; false when there is none. */
static inline bool varint_get(struct str *from, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < from->n && i < VARINT_MOST; i++) {
		unsigned char byte = (unsigned char)from->at[i];
		*value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			*from = str_slice(*from, i + 1, from->n);
			return true;
		}
	}
	return false;
}

#endif
