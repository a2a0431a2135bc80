/* What the tests of this folder share: a report read from a literal, with its arena. */
#ifndef TESTS_REPORT_READING_H
#define TESTS_REPORT_READING_H

#include "report/formats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h> /* last: its fail() is not ours */

static struct arena arena;
static struct report report;
static struct err err;

static inline int begin(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	return 0;
}

static inline int end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static inline bool reads(struct str text, const char *as)
{
	err = (struct err){0};
	return report_read(&arena, text, as, &report, &err);
}

static inline void assert_reads(struct str text)
{
	if (!reads(text, NULL))
		fail_msg("%s", err.text);
}

static inline void assert_refuses(struct str text, const char *part)
{
	if (reads(text, NULL))
		fail_msg("it was read, but should say \"%s\"", part);
	if (!strstr(err.text, part))
		fail_msg("it says \"%s\", not \"%s\"", err.text, part);
	assert_int_equal(err.code, ERR_TROUBLE);
}

static inline void assert_str(struct str s, const char *expected)
{
	if (!str_eq(s, str_of(expected)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(s), expected);
}

#define assert_rejected(i, part)                                                                                       \
	do {                                                                                                           \
		assert_true(report.rejected.n > (i));                                                                  \
		if (!str_has(report.rejected.at[i], STR(part)))                                                        \
			fail_msg("\"%.*s\" does not say \"%s\"", STR_ARG(report.rejected.at[i]), part);                \
	} while (0)

#endif
