/* What the tests of this room share: Python text in, short text of its facts out. */
#ifndef TESTS_PYTHON_READING_H
#define TESTS_PYTHON_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* base/err.h has a better one */

#include "base/file.h"
#include "python/dump.h"
#include "python/outline.h"

struct reading {
	struct arena arena;
	struct intern names;
	struct facts facts;
};

/* The text with the padding that readers want, in memory of exactly that size, so that a look beyond is seen. */
static inline struct str padded(struct arena *arena, const char *text, size_t n)
{
	char *copy = arena_alloc(arena, n + FILE_PADDING);
	memcpy(copy, text, n);
	return (struct str){copy, n};
}

static inline struct reading read_bytes(const char *text, size_t n)
{
	struct reading reading;
	struct arena tmp;
	memset(&reading, 0, sizeof reading);
	arena_init(&reading.arena, NULL);
	arena_init(&tmp, NULL);
	struct str copy = padded(&tmp, text, n);
	intern_init(&reading.names, &reading.arena);
	outline_read(&reading.arena, &tmp, &reading.names, copy, &reading.facts);
	arena_free(&tmp);
	reading.names.arena = NULL; /* `reading` moves: nothing may be interned any more */
	return reading;
}

static inline struct reading read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static inline struct str dump_of(struct reading *reading)
{
	struct buf dump;
	buf_init(&dump, &reading->arena);
	facts_dump(&dump, &reading->names, &reading->facts);
	return buf_str(&dump);
}

static inline bool is_digit_or(char c, const char *others)
{
	return (c >= '0' && c <= '9') || (c && strchr(others, c));
}

/* The dump without "lines N" and without places: `1:0-5 ` before a statement, `@4:1` in an expression, ` to:3`. */
static inline const char *shape_of(struct reading *reading)
{
	struct str dump = dump_of(reading);
	struct buf shape;
	buf_init(&shape, &reading->arena);
	bool line_begins = true;
	for (size_t i = str_find(dump, STR("\n"), 0) + 1; i < dump.n; i++) {
		if (line_begins && is_digit_or(dump.at[i], "")) {
			while (is_digit_or(dump.at[i], ":-"))
				i++;
			line_begins = false;
			continue;
		}
		if (dump.at[i] == '@' && is_digit_or(dump.at[i + 1], "")) {
			while (is_digit_or(dump.at[i + 1], ":"))
				i++;
			continue;
		}
		if (strncmp(dump.at + i, " to:", 4) == 0) {
			for (i += 4; is_digit_or(dump.at[i + 1], "");)
				i++;
			continue;
		}
		line_begins = dump.at[i] == '\n' || (line_begins && dump.at[i] == ' ');
		buf_char(&shape, dump.at[i]);
	}
	return str_c(&reading->arena, buf_str(&shape));
}

#define assert_shape(text, expected)                                                                                   \
	do {                                                                                                           \
		struct reading reading_ = read_text(text);                                                             \
		assert_string_equal(shape_of(&reading_), (expected));                                                  \
		arena_free(&reading_.arena);                                                                           \
	} while (0)

/* The one expression statement that the text is. */
#define assert_expr(text, expected) assert_shape(text, "expr " expected "\n")

#endif
