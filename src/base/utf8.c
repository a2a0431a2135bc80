/* Decoding by the table of RFC 3629. */
#include "base/utf8.h"

static bool follows(struct str s, size_t at, unsigned char low, unsigned char high)
{
	return at < s.n && (unsigned char)s.at[at] >= low && (unsigned char)s.at[at] <= high;
}

/* The length that the first byte promises, and the range of the second byte that rules out overlong forms,
 * surrogates and too large values. */
static size_t promise(unsigned char first, unsigned char *low, unsigned char *high)
{
	*low = 0x80;
	*high = 0xbf;
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef) {
		if (first == 0xe0)
			*low = 0xa0;
		if (first == 0xed)
			*high = 0x9f;
		return 3;
	}
	if (first >= 0xf0 && first <= 0xf4) {
		if (first == 0xf0)
			*low = 0x90;
		if (first == 0xf4)
			*high = 0x8f;
		return 4;
	}
	return 0;
}

size_t utf8_decode(struct str s, size_t at, uint32_t *code)
{
	if (at >= s.n)
		return 0;
	unsigned char first = (unsigned char)s.at[at], low, high;
	*code = first;
	if (first < 0x80)
		return 1;
	size_t length = promise(first, &low, &high);
	if (length == 0 || !follows(s, at + 1, low, high))
		return 0;
	*code = first & (0x7f >> length);
	for (size_t i = 1; i < length; i++) {
		if (!follows(s, at + i, 0x80, 0xbf))
			return 0;
		*code = *code << 6 | ((unsigned char)s.at[at + i] & 0x3f);
	}
	return length;
}

bool utf8_valid(struct str s)
{
	uint32_t code;
	for (size_t at = 0; at < s.n;) {
		size_t length = utf8_decode(s, at, &code);
		if (length == 0)
			return false;
		at += length;
	}
	return true;
}
