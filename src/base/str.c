/* Text functions, each a few lines over memcmp and memchr. */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct str str_of(const char *c_string)
{
	return (struct str){c_string, strlen(c_string)};
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.at, b.at, n) : 0;
	return order ? order : (a.n > b.n) - (a.n < b.n);
}

int str_cmp_qsort(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && memcmp(s.at, prefix.at, prefix.n) == 0;
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && memcmp(s.at + s.n - suffix.n, suffix.at, suffix.n) == 0;
}

size_t str_find(struct str s, struct str part, size_t from)
{
	if (part.n == 0)
		return from <= s.n ? from : SIZE_MAX;
	while (from < s.n && s.n - from >= part.n) {
		const char *hit = memchr(s.at + from, part.at[0], s.n - from - part.n + 1);
		if (!hit)
			return SIZE_MAX;
		if (memcmp(hit, part.at, part.n) == 0)
			return (size_t)(hit - s.at);
		from = (size_t)(hit - s.at) + 1;
	}
	return SIZE_MAX;
}

bool str_has(struct str s, struct str part)
{
	return str_find(s, part, 0) != SIZE_MAX;
}

size_t str_rfind_char(struct str s, char c)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.at[i - 1] == c)
			return i - 1;
	return SIZE_MAX;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return (struct str){s.at + from, to - from};
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n && is_blank(s.at[0]))
		s = str_slice(s, 1, s.n);
	while (s.n && is_blank(s.at[s.n - 1]))
		s.n--;
	return s;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

struct str str_lower(struct arena *out, struct str s)
{
	char *to = arena_alloc(out, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		to[i] = lower(s.at[i]);
	return (struct str){to, s.n};
}

struct str str_copy(struct arena *out, struct str s)
{
	char *to = arena_alloc(out, s.n + 1);
	if (s.n)
		memcpy(to, s.at, s.n);
	return (struct str){to, s.n};
}

const char *str_c(struct arena *out, struct str s)
{
	return str_copy(out, s).at;
}

struct str str_fmt(struct arena *out, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0)
		return STR_NONE;
	char *to = arena_alloc(out, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(to, (size_t)n + 1, format, args);
	va_end(args);
	return (struct str){to, (size_t)n};
}

struct str str_join(struct arena *out, const struct str *parts, size_t n, struct str between)
{
	size_t total = 0;
	for (size_t i = 0; i < n; i++)
		total += parts[i].n + (i ? between.n : 0);
	char *to = arena_alloc(out, total + 1), *at = to;
	for (size_t i = 0; i < n; i++) {
		if (i && between.n)
			at = (char *)memcpy(at, between.at, between.n) + between.n;
		if (parts[i].n)
			at = (char *)memcpy(at, parts[i].at, parts[i].n) + parts[i].n;
	}
	return (struct str){to, total};
}

struct str path_dir(struct str path)
{
	size_t slash = str_rfind_char(path, '/');
	return slash == SIZE_MAX ? STR_NONE : str_slice(path, 0, slash);
}

struct str path_base(struct str path)
{
	size_t slash = str_rfind_char(path, '/');
	return slash == SIZE_MAX ? path : str_slice(path, slash + 1, path.n);
}

struct str path_join(struct arena *out, struct str dir, struct str name)
{
	if (dir.n == 0)
		return str_copy(out, name);
	return str_join(out, (const struct str[]){dir, name}, 2, STR("/"));
}

bool path_normal(struct arena *out, struct str path, struct str *normal)
{
	char *to = arena_alloc(out, path.n + 1);
	size_t n = 0;
	bool is_absolute = path.n && path.at[0] == '/';
	if (is_absolute)
		to[n++] = '/';
	size_t top = n;
	for (size_t i = 0; i <= path.n;) {
		size_t end = i;
		while (end < path.n && path.at[end] != '/')
			end++;
		struct str part = str_slice(path, i, end);
		i = end + 1;
		if (part.n == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR(".."))) {
			if (n == top)
				return false;
			while (n > top && to[n - 1] != '/')
				n--;
			if (n > top)
				n--;
			continue;
		}
		if (n > top)
			to[n++] = '/';
		memcpy(to + n, part.at, part.n);
		n += part.n;
	}
	*normal = (struct str){to, n};
	return true;
}

/* Whether c is in the set that starts after `[`; *end is moved behind the closing bracket.  A set that is
 * never closed is a plain bracket, as in Python. */
static bool in_set(struct str pattern, size_t *end, unsigned char c, bool *is_set)
{
	size_t i = *end;
	bool negate = i < pattern.n && pattern.at[i] == '!';
	if (negate)
		i++;
	size_t close = i < pattern.n && pattern.at[i] == ']' ? i + 1 : i;
	while (close < pattern.n && pattern.at[close] != ']')
		close++;
	*is_set = close < pattern.n;
	if (!*is_set)
		return c == '[';
	bool found = false;
	for (; i < close; i++) {
		unsigned char from = (unsigned char)pattern.at[i], to = from;
		if (i + 2 < close && pattern.at[i + 1] == '-') {
			to = (unsigned char)pattern.at[i + 2];
			i += 2;
		}
		found |= c >= from && c <= to;
	}
	*end = close + 1;
	return found != negate;
}

bool str_fnmatch(struct str pattern, struct str s)
{
	size_t p = 0, i = 0, star = SIZE_MAX, mark = 0;
	while (i < s.n) {
		bool is_set = false, ok = false;
		size_t next = p + 1;
		if (p < pattern.n) {
			char c = pattern.at[p];
			if (c == '*') {
				star = p++;
				mark = i;
				continue;
			}
			ok = c == '?' || c == s.at[i];
			if (c == '[')
				ok = in_set(pattern, &next, (unsigned char)s.at[i], &is_set);
		}
		if (ok) {
			p = next;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.at[p] == '*')
		p++;
	return p == pattern.n;
}

enum { LONGEST_WORD = 64 };

static size_t distance(struct str a, struct str b)
{
	size_t row[LONGEST_WORD + 1];
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = diagonal + (a.at[i - 1] != b.at[j - 1]);
			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b.n];
}

size_t str_nearest(struct str word, const struct str *known, size_t n)
{
	size_t best = SIZE_MAX, limit = word.n / 3 + 1;
	if (word.n > LONGEST_WORD)
		return best;
	for (size_t i = 0; i < n; i++) {
		if (known[i].n > LONGEST_WORD)
			continue;
		size_t d = distance(word, known[i]);
		if (d < limit || (d == limit && best == SIZE_MAX)) {
			limit = d;
			best = i;
		}
	}
	return best;
}

bool str_number(struct str s, uint64_t most, uint64_t *value)
{
	uint64_t sum = 0;
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned)(unsigned char)s.at[i] - '0';
		if (digit > 9 || sum > (most - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	*value = sum;
	return true;
}
