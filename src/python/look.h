/* Short looks ahead, sixteen bytes at a time where the machine can.  All stop at a NUL, so none needs to know where the
 * text ends; they may read up to 15 bytes behind it, which FILE_PADDING allows. */
#ifndef PYTHON_LOOK_H
#define PYTHON_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>

static inline __m128i look_load(const char *text)
{
	return _mm_loadu_si128((const __m128i *)(const void *)text);
}

static inline __m128i look_equal(__m128i bytes, char c)
{
	return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c));
}

/* Line ends, NUL and other control bytes up to \r. */
static inline __m128i look_control(__m128i bytes)
{
	return _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8('\r')), bytes);
}

/* The first byte that is a control byte up to \r. */
static inline size_t look_for_control(const char *text, size_t at)
{
	for (;; at += 16) {
		int found = _mm_movemask_epi8(look_control(look_load(text + at)));
		if (found)
			return at + (size_t)__builtin_ctz((unsigned)found);
	}
}

/* The first byte that is the quote, a backslash or a control byte up to \r. */
static inline size_t look_for_quote(const char *text, size_t at, char quote)
{
	for (;; at += 16) {
		__m128i bytes = look_load(text + at);
		__m128i either = _mm_or_si128(look_equal(bytes, quote), look_equal(bytes, '\\'));
		int found = _mm_movemask_epi8(_mm_or_si128(either, look_control(bytes)));
		if (found)
			return at + (size_t)__builtin_ctz((unsigned)found);
	}
}

/* The first byte that is the quote, a brace, a backslash or a control byte up to \r. */
static inline size_t look_for_field(const char *text, size_t at, char quote)
{
	for (;; at += 16) {
		__m128i bytes = look_load(text + at);
		__m128i brace = _mm_or_si128(look_equal(bytes, '{'), look_equal(bytes, '}'));
		__m128i either = _mm_or_si128(look_equal(bytes, quote), look_equal(bytes, '\\'));
		int found = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(either, brace), look_control(bytes)));
		if (found)
			return at + (size_t)__builtin_ctz((unsigned)found);
	}
}

/* The first byte that is no blank. */
static inline size_t look_behind_blanks(const char *text, size_t at)
{
	for (;; at += 16) {
		unsigned others = 0xffff ^ (unsigned)_mm_movemask_epi8(look_equal(look_load(text + at), ' '));
		if (others)
			return at + (size_t)__builtin_ctz(others);
	}
}

/* How many of n bytes are line ends, if none of them is a \r; else SIZE_MAX. */
static inline size_t look_count_lines(const char *text, size_t n)
{
	const __m128i none = _mm_setzero_si128();
	__m128i odd = none, sums = none;
	while (n >= 16) {
		__m128i counts = none; /* bytes, which hold that much */
		for (size_t end = n > 16 * 255 ? n - 16 * 255 : 0; n >= 16 && n > end; text += 16, n -= 16) {
			__m128i bytes = look_load(text);
			odd = _mm_or_si128(odd, look_equal(bytes, '\r'));
			counts = _mm_sub_epi8(counts, look_equal(bytes, '\n'));
		}
		sums = _mm_add_epi64(sums, _mm_sad_epu8(counts, none));
	}
	unsigned some = (1U << n) - 1, found = some & (unsigned)_mm_movemask_epi8(look_equal(look_load(text), '\n'));
	size_t lines = (size_t)_mm_cvtsi128_si64(_mm_add_epi64(sums, _mm_unpackhi_epi64(sums, sums)));
	for (; found; found &= found - 1)
		lines++;
	if (_mm_movemask_epi8(odd) || some & (unsigned)_mm_movemask_epi8(look_equal(look_load(text), '\r')))
		return SIZE_MAX;
	return lines;
}

/* The first byte that cannot be part of a name. */
static inline size_t look_behind_name(const char *text, size_t at)
{
	for (;; at += 16) {
		__m128i bytes = look_load(text + at);
		/* Signed comparisons, of ranges shifted to the top: a-z, whatever the case, and 0-9. */
		__m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
		__m128i letter = _mm_cmpgt_epi8(_mm_add_epi8(lower, _mm_set1_epi8(127 - 'z')), _mm_set1_epi8(127 - 26));
		__m128i digit = _mm_cmpgt_epi8(_mm_add_epi8(bytes, _mm_set1_epi8(127 - '9')), _mm_set1_epi8(127 - 10));
		__m128i either = _mm_or_si128(_mm_or_si128(letter, digit), look_equal(bytes, '_'));
		unsigned others = 0xffff ^ (unsigned)_mm_movemask_epi8(_mm_or_si128(either, bytes));
		if (others)
			return at + (size_t)__builtin_ctz(others);
	}
}

/* The first place where `mp` or `ki` stands, as in import and skip, or a NUL. */
static inline size_t look_for_words(const char *text, size_t at)
{
	for (;; at += 16) {
		__m128i one = look_load(text + at), two = look_load(text + at + 1);
		__m128i import = _mm_and_si128(look_equal(one, 'm'), look_equal(two, 'p'));
		__m128i skip = _mm_and_si128(look_equal(one, 'k'), look_equal(two, 'i'));
		int found = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(import, skip), look_equal(one, '\0')));
		if (found)
			return at + (size_t)__builtin_ctz((unsigned)found);
	}
}

#else

static inline size_t look_for_control(const char *text, size_t at)
{
	while ((unsigned char)text[at] > '\r')
		at++;
	return at;
}

static inline size_t look_for_quote(const char *text, size_t at, char quote)
{
	while ((unsigned char)text[at] > '\r' && text[at] != quote && text[at] != '\\')
		at++;
	return at;
}

static inline size_t look_for_field(const char *text, size_t at, char quote)
{
	while ((unsigned char)text[at] > '\r' && text[at] != quote && text[at] != '\\' && text[at] != '{' &&
	       text[at] != '}')
		at++;
	return at;
}

static inline size_t look_for_words(const char *text, size_t at)
{
	while (text[at] && !(text[at] == 'm' && text[at + 1] == 'p') && !(text[at] == 'k' && text[at + 1] == 'i'))
		at++;
	return at;
}

static inline size_t look_behind_blanks(const char *text, size_t at)
{
	while (text[at] == ' ')
		at++;
	return at;
}

static inline size_t look_count_lines(const char *text, size_t n)
{
	size_t lines = 0;
	for (size_t at = 0; at < n; at++) {
		if (text[at] == '\r')
			return SIZE_MAX;
		lines += text[at] == '\n';
	}
	return lines;
}

static inline size_t look_behind_name(const char *text, size_t at)
{
	for (;; at++) {
		unsigned char c = (unsigned char)text[at];
		bool is_letter = (unsigned char)((c | 0x20) - 'a') < 26, is_digit = (unsigned char)(c - '0') < 10;
		if (!is_letter && !is_digit && c != '_' && c < 0x80)
			return at;
	}
}

#endif

#endif
