/* Text: what stands in a CSV field, names with wildcards, the nearest word, UTF-8 that is none; and memory that moves. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

static void quotes_a_field_only_where_it_must(void **state)
{
	static const char *const rows[][2] = {
	        {"plain words", "plain words"},
	        {"", ""},
	        {"a,b", "\"a,b\""},
	        {"a \"b\"", "\"a \"\"b\"\"\""},
	        {"a\nb", "\"a\nb\""},
	        {"a\rb", "\"a\rb\""},
	};
	struct arena arena;
	(void)state;
	arena_init(&arena, NULL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf buf;
		buf_init(&buf, &arena);
		buf_csv(&buf, str_of(rows[i][0]));
		assert_string_equal(str_c(&arena, buf_str(&buf)), rows[i][1]);
	}
	arena_free(&arena);
}

static void matches_names_as_python_does(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool matches;
	} rows[] = {
	        {"test_*.py", "test_a.py", true},
	        {"test_*.py", "tests.py", false},
	        {"[ab]?", "b1", true},
	        {"[!ab]?", "b1", false},
	        {"[!ab]?", "c1", true},
	        {"[a-c]", "b", true},
	        {"[a-c]", "d", false},
	        {"[]a]", "]", true},
	        {"[abc", "[abc", true},
	        {"[abc", "a", false},
	        {"[!", "[!", true},
	        {"*a*b*", "xaxxb", true},
	        {"*a*b*", "xbxa", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(str_fnmatch(str_of(rows[i].pattern), str_of(rows[i].name)), rows[i].matches);
}

static void finds_the_nearest_word_but_not_one_too_far_or_too_long(void **state)
{
	char longest[512];
	memset(longest, 'a', sizeof longest);
	struct str words[] = {STR("postgres"), {longest, sizeof longest}, STR("redis")};
	(void)state;
	assert_int_equal(str_nearest(STR("postgers"), words, 3), 0);
	assert_int_equal(str_nearest(STR("rdis"), words, 3), 2);
	assert_int_equal(str_nearest(STR("kafka"), words, 3), SIZE_MAX);
	assert_int_equal(str_nearest(words[1], words, 3), SIZE_MAX);
}

static void finds_nothing_everywhere(void **state)
{
	(void)state;
	assert_int_equal(str_find(STR("abc"), STR(""), 3), 3);
	assert_int_equal(str_find(STR("abc"), STR(""), 4), SIZE_MAX);
	assert_int_equal(str_find(STR("abcabc"), STR("ca"), 0), 2);
	assert_int_equal(str_find(STR("abcabc"), STR("cb"), 0), SIZE_MAX);
}

/* Overlong forms, surrogates, values beyond the last, and what is cut off are no characters. */
static void reads_the_bytes_of_rfc_3629_only(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		uint32_t code;
	} rows[] = {
	        {"a", 1, 'a'},
	        {"\xc3\xa9", 2, 0xe9},
	        {"\xe0\xa0\x80", 3, 0x800},
	        {"\xef\xbf\xbd", 3, 0xfffd},
	        {"\xf0\x90\x80\x80", 4, 0x10000},
	        {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
	        {"\xe0\x9f\x80", 0, 0},
	        {"\xf0\x8f\x80\x80", 0, 0},
	        {"\xed\xa0\x80", 0, 0},
	        {"\xf4\x90\x80\x80", 0, 0},
	        {"\xc1\x80", 0, 0},
	        {"\xff", 0, 0},
	        {"\x80", 0, 0},
	        {"\xe2\x82", 0, 0},
	        {"\xe2\x82z", 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint32_t code = 0;
		assert_int_equal(utf8_decode(str_of(rows[i].bytes), 0, &code), rows[i].n);
		if (rows[i].n)
			assert_int_equal(code, rows[i].code);
	}
	assert_int_equal(utf8_decode(STR("a"), 1, &(uint32_t){0}), 0);
}

static void keeps_what_an_arena_takes_over_alive(void **state)
{
	struct arena to, from;
	(void)state;
	arena_init(&to, NULL);
	for (int round = 0; round < 3; round++) { /* into an empty one, then into one that holds something */
		arena_init(&from, NULL);
		char *text = arena_alloc(&from, 10000);
		memset(text, 'a' + round, 10000);
		arena_adopt(&to, &from);
		arena_free(&from);
		memset(arena_alloc(&to, 10000), 'z', 10000);
		assert_int_equal(text[0], 'a' + round);
		assert_int_equal(text[9999], 'a' + round);
	}
	arena_adopt(&to, &from); /* which is empty */
	assert_true(to.total >= 60000);
	arena_free(&to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(quotes_a_field_only_where_it_must),
	        cmocka_unit_test(matches_names_as_python_does),
	        cmocka_unit_test(finds_the_nearest_word_but_not_one_too_far_or_too_long),
	        cmocka_unit_test(finds_nothing_everywhere),
	        cmocka_unit_test(reads_the_bytes_of_rfc_3629_only),
	        cmocka_unit_test(keeps_what_an_arena_takes_over_alive),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
