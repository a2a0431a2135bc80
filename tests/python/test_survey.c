/* A survey tells what a file imports without reading the rest of it. */
#include "reading.h"

#include "python/survey.h"

#include <stdlib.h>

static struct str survey_of(struct arena *arena, const char *text, size_t n)
{
	struct arena tmp;
	struct buf bytes;
	arena_init(&tmp, NULL);
	buf_init(&bytes, arena);
	survey_read(&bytes, &tmp, padded(&tmp, text, n));
	arena_free(&tmp);
	return buf_str(&bytes);
}

/* "1 os; 2 .a.b x as y" */
static const char *story_of(struct arena *arena, const char *text)
{
	struct survey_cursor at;
	struct surveyed_import import;
	struct buf story;
	buf_init(&story, arena);
	survey_begin(&at, survey_of(arena, text, strlen(text)));
	while (survey_next(&at, &import)) {
		buf_fmt(&story, "%s%u ", story.n ? "; " : "", import.line);
		buf_fmt(&story, "%.*s%.*s", (int)import.level, "....", STR_ARG(import.module));
		if (import.name.n)
			buf_fmt(&story, " %.*s", STR_ARG(import.name));
		if (!str_eq(import.bound, import.name))
			buf_fmt(&story, " as %.*s", STR_ARG(import.bound));
	}
	buf_char(&story, '\0');
	return story.at;
}

static void expect_imports(const char *text, const char *story)
{
	struct arena arena;
	arena_init(&arena, NULL);
	assert_string_equal(story_of(&arena, text), story);
	arena_free(&arena);
}

static void tells_every_form_of_import(void **state)
{
	(void)state;
	expect_imports("import os\nimport a.b, c as d\n", "1 os as os; 2 a.b as a; 2 c as d");
	expect_imports("from a.b import c, d as e\n", "1 a.b c; 1 a.b d as e");
	expect_imports("from ..a import (b,\n c)\nfrom . import d\n", "1 ..a b; 1 ..a c; 3 . d");
	expect_imports("from a import *\n", "1 a * as ");
	expect_imports("x = 1; import a; from b import c\n", "1 a as a; 1 b c");
	expect_imports("from a import (  # import b\n\tc\n)\n", "1 a c");
}

static void finds_imports_in_bodies_too(void **state)
{
	(void)state;
	expect_imports("def f():\n    if x:\n        import a\n    from b import c\n", "3 a as a; 4 b c");
	expect_imports("try: import a\nexcept ImportError: from b import a\n", "1 a as a; 2 b a");
	expect_imports("if {1: 2}[1:]: import a\n", "1 a as a");
	expect_imports("class A: import a\n", "1 a as a");
}

static void is_not_taken_in_by_strings_and_comments(void **state)
{
	(void)state;
	expect_imports("'''\nimport a\n'''\n# import b\nx = 'import c'\nimport_d = important\nimport e\n", "7 e as e");
	expect_imports("def f():\n    # import a\n    import b\n", "3 b as b");
	expect_imports("x = (1,\nimportlib)\nf(importable=2)\n", "");
}

static void leaves_out_what_is_not_understood(void **state)
{
	(void)state;
	expect_imports("import a b\nimport c\nfrom d import\n", "2 c as c");
}

static void knows_the_lines_and_whether_skipping_is_spoken_of(void **state)
{
	(void)state;
	struct arena arena;
	struct survey_cursor at;
	const struct {
		const char *text;
		uint32_t lines;
		bool skips;
	} cases[] = {
	        {"", 0, false},
	        {"import a", 1, false},
	        {"import a\r\nb\r\n'''\n\n'''", 5, false},
	        {"raise SkipTest\n", 1, true},
	        {"pytest.importorskip('x')\n\n", 2, true},
	        {"importorskin\nkip\n", 2, false},
	};
	arena_init(&arena, NULL);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct survey survey = survey_begin(&at, survey_of(&arena, cases[i].text, strlen(cases[i].text)));
		assert_int_equal(survey.lines, cases[i].lines);
		assert_int_equal(survey.speaks_of_skips, cases[i].skips);
	}
	struct survey survey = survey_begin(&at, survey_of(&arena, "a\nb\0\nskip\n", 10));
	assert_int_equal(survey.lines, 2);
	assert_false(survey.speaks_of_skips);
	arena_free(&arena);
}

/* A long file: the word stands in batches of the lexer far apart. */
static void goes_as_far_as_the_last_import(void **state)
{
	(void)state;
	struct arena arena;
	struct buf text;
	arena_init(&arena, NULL);
	buf_init(&text, &arena);
	buf_lit(&text, "import a\n");
	for (int i = 0; i < 20000; i++)
		buf_lit(&text, "x = (1,\n 2)\n");
	buf_lit(&text, "from b import c\n");
	for (int i = 0; i < 20000; i++)
		buf_lit(&text, "x = '''\n'''\n");
	buf_char(&text, '\0');
	assert_string_equal(story_of(&arena, text.at), "1 a as a; 40002 b c");
	struct survey_cursor at;
	assert_int_equal(survey_begin(&at, survey_of(&arena, text.at, text.n - 1)).lines, 80002);
	arena_free(&arena);
}

/* Cut anywhere, and with any byte changed: read to some end, or refused. */
static void does_not_believe_bytes(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, NULL);
	const char *text = "import os\nfrom ..a.b import c, d as e\n";
	struct str whole = survey_of(&arena, text, strlen(text));
	struct survey_cursor at;
	struct surveyed_import import;
	assert_true(survey_is_sound(whole));
	assert_false(survey_is_sound(STR_NONE));
	assert_false(survey_is_sound(STR("\xff\xff\xff\xff\xff\xff")));
	assert_false(survey_is_sound(STR("\1\0\0\1\x7fos")));
	for (size_t n = 0; n < whole.n; n++) {
		char *copy = malloc(whole.n);
		memcpy(copy, whole.at, whole.n);
		survey_begin(&at, (struct str){copy, n});
		while (survey_next(&at, &import))
			assert_in_range(import.module.n + import.name.n + import.bound.n, 0, 3 * n);
		for (int flip = 1; flip < 256; flip++) {
			copy[n] = (char)(whole.at[n] ^ flip);
			(void)survey_is_sound((struct str){copy, whole.n});
		}
		free(copy);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tells_every_form_of_import),
	        cmocka_unit_test(finds_imports_in_bodies_too),
	        cmocka_unit_test(is_not_taken_in_by_strings_and_comments),
	        cmocka_unit_test(leaves_out_what_is_not_understood),
	        cmocka_unit_test(knows_the_lines_and_whether_skipping_is_spoken_of),
	        cmocka_unit_test(goes_as_far_as_the_last_import),
	        cmocka_unit_test(does_not_believe_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
