/* Byte order marks, coding cookies, valid UTF-8. */
#include "python/encoding.h"

#include <string.h>

#include "base/utf8.h"

static struct str first_line(struct str text)
{
	size_t n = 0;
	while (n < text.n && text.at[n] != '\n' && text.at[n] != '\r')
		n++;
	return str_slice(text, 0, n);
}

static bool is_cookie_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
	       c == '.';
}

/* The encoding that a comment line names, as `# -*- coding: NAME -*-`; empty if none. */
static struct str cookie_of(struct str line)
{
	size_t at = 0;
	while (at < line.n && (line.at[at] == ' ' || line.at[at] == '\t' || line.at[at] == '\f'))
		at++;
	if (at == line.n || line.at[at] != '#')
		return STR_NONE;
	while ((at = str_find(line, STR("coding"), at)) != SIZE_MAX) {
		at += strlen("coding");
		if (at >= line.n || (line.at[at] != ':' && line.at[at] != '='))
			continue;
		size_t from = at + 1, to;
		while (from < line.n && (line.at[from] == ' ' || line.at[from] == '\t'))
			from++;
		for (to = from; to < line.n && is_cookie_char(line.at[to]); to++)
			;
		if (to > from)
			return str_slice(line, from, to);
	}
	return STR_NONE;
}

/* Only a blank or comment line may stand above the line with the cookie. */
static bool says_nothing(struct str line)
{
	struct str rest = str_trim(line);
	return rest.n == 0 || rest.at[0] == '#' || rest.at[0] == '\f';
}

static struct str find_cookie(struct str text)
{
	struct str line = first_line(text), cookie = cookie_of(line);
	if (cookie.n || !says_nothing(line))
		return cookie;
	text = str_slice(text, line.n, text.n);
	size_t newline = str_starts(text, STR("\r\n")) ? 2 : 1;
	return cookie_of(first_line(str_slice(text, newline, text.n)));
}

/* utf8, UTF-8, utf_8_sig, utf-8-unix... */
static bool is_utf8(struct str cookie)
{
	char plain[8];
	size_t n = 0;
	for (size_t i = 0; i < cookie.n && n < 4; i++) {
		char c = cookie.at[i];
		if (c != '-' && c != '_')
			plain[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	return (n == 4 && memcmp(plain, "utf8", 4) == 0) || str_eq(cookie, STR("u8")) || str_eq(cookie, STR("U8"));
}

/* The first byte at or after `at` that is beyond ASCII. */
static size_t after_ascii(struct str text, size_t at)
{
	uint64_t bytes[4];
	for (; text.n - at >= sizeof bytes; at += sizeof bytes) {
		memcpy(bytes, text.at + at, sizeof bytes);
		if ((bytes[0] | bytes[1] | bytes[2] | bytes[3]) & UINT64_C(0x8080808080808080))
			break;
	}
	while (at < text.n && (unsigned char)text.at[at] < 0x80)
		at++;
	return at;
}

static size_t check_utf8(struct str text, size_t at)
{
	uint32_t code;
	while ((at = after_ascii(text, at)) < text.n) {
		size_t n = utf8_decode(text, at, &code);
		if (n == 0)
			return at;
		at += n;
	}
	return SIZE_MAX;
}

size_t encoding_check(struct str text)
{
	if (str_starts(text, STR("\xff\xfe")) || str_starts(text, STR("\xfe\xff")))
		return 0; /* UTF-16 or 32 */
	size_t high = after_ascii(text, 0);
	if (high == text.n)
		return SIZE_MAX;
	bool has_mark = str_starts(text, STR("\xef\xbb\xbf"));
	struct str cookie = find_cookie(str_slice(text, has_mark ? 3 : 0, text.n));
	if (cookie.n == 0 || is_utf8(cookie))
		return check_utf8(text, high);
	return has_mark ? 0 : SIZE_MAX; /* the mark says UTF-8, the cookie another */
}
