/* Text as a pointer and a length: UTF-8 as far as we know, any bytes in fact, not ended by NUL unless a
 * function says so.  Borrowed; the owner is an arena or the file it was read from. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/vec.h"

struct str {
	const char *at;
	size_t n;
};

typedef VEC(struct str) strs;

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE     ((struct str){"", 0})
/* For printf: printf("%.*s", STR_ARG(name)) */
#define STR_ARG(s) (int)(s).n, (s).at

struct str str_of(const char *c_string); /* borrowed */
bool str_eq(struct str a, struct str b);
int str_cmp(struct str a, struct str b); /* by bytes, shorter first */
int str_cmp_qsort(const void *a, const void *b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_has(struct str s, struct str part);
/* Where `part` begins in s at or after `from`, or SIZE_MAX. */
size_t str_find(struct str s, struct str part, size_t from);
size_t str_rfind_char(struct str s, char c);                /* SIZE_MAX if absent */
struct str str_slice(struct str s, size_t from, size_t to); /* clamped */
struct str str_trim(struct str s);                          /* ASCII blanks at both ends */
struct str str_lower(struct arena *out, struct str s);      /* ASCII */
/* The copy is followed by a NUL that does not count. */
struct str str_copy(struct arena *out, struct str s);
const char *str_c(struct arena *out, struct str s);
struct str str_fmt(struct arena *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct str str_join(struct arena *out, const struct str *parts, size_t n, struct str between);
/* `path` without its last component ("" at the top), and the last component. */
struct str path_dir(struct str path);
struct str path_base(struct str path);
/* "a/b" + "c" = "a/b/c", "" + "c" = "c".  No normalisation. */
struct str path_join(struct arena *out, struct str dir, struct str name);
/* Removes ".", "..", doubled and trailing slashes by text alone; false when it leads above the top. */
bool path_normal(struct arena *out, struct str path, struct str *normal);
/* Shell wildcards as Python's fnmatch has them: `*` and `?` match `/` too, `[seq]`, `[!seq]`. */
bool str_fnmatch(struct str pattern, struct str s);
/* The entry of `known` nearest to `word` by edit distance, at most a third of its length; SIZE_MAX if none. */
size_t str_nearest(struct str word, const struct str *known, size_t n);
/* A whole decimal number without sign, at most `most`; false otherwise. */
bool str_number(struct str s, uint64_t most, uint64_t *value);

#endif
