/* The difference of two texts is what `patch` would take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/diff.h"

static struct arena arena;

static void shows(const char *old, const char *new, const char *expected)
{
	struct str found = diff_unified(&arena, STR("f"), str_of(old), str_of(new));
	assert_string_equal(str_c(&arena, found), expected);
}

static void says_nothing_about_equal_texts(void **state)
{
	(void)state;
	shows("a\nb\n", "a\nb\n", "");
	shows("", "", "");
}

static void shows_a_changed_line_with_its_context(void **state)
{
	(void)state;
	shows("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
	      "--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

static void shows_a_new_file_as_added(void **state)
{
	(void)state;
	shows("", "a\nb\n", "--- f\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n");
}

static void notes_a_missing_last_line_end(void **state)
{
	(void)state;
	shows("a\nb", "a\nc\n", "--- f\n+++ f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n");
}

static void parts_changes_that_are_far_from_each_other(void **state)
{
	(void)state;
	shows("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
	      "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

static void joins_changes_whose_contexts_touch(void **state)
{
	(void)state;
	shows("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
	      "--- f\n+++ f\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(says_nothing_about_equal_texts),
	        cmocka_unit_test(shows_a_changed_line_with_its_context),
	        cmocka_unit_test(shows_a_new_file_as_added),
	        cmocka_unit_test(notes_a_missing_last_line_end),
	        cmocka_unit_test(parts_changes_that_are_far_from_each_other),
	        cmocka_unit_test(joins_changes_whose_contexts_touch),
	};
	arena_init(&arena, NULL);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
