/* Is a file in the encoding it claims? */
#include "reading.h"

#include "python/encoding.h"

static void accepts_what_python_accepts(void **state)
{
	(void)state;
	const char *fine[] = {
	        "",
	        "x = 'a'\n",
	        "x = 'ü€😀'\n",
	        "\xef\xbb\xbfx = 'ü'\n",
	        "# -*- coding: latin-1 -*-\nx = '\xfc'\n",
	        "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\xfc'\n",
	        "\n# coding: koi8-r\n'\xfc'\n",
	        "# coding: utf-8\n'ü'\n",
	        "# coding:UTF_8\n'ü'\n",
	};
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		assert_true(encoding_check(str_of(fine[i])) == SIZE_MAX);
}

static void finds_the_first_byte_that_is_not_utf8(void **state)
{
	(void)state;
	const struct {
		const char *text;
		size_t at;
	} bad[] = {
	        {"x = '\xfc'\n", 5},
	        {"x = 'ü\xc3'\n", 7},
	        {"'\xc0\x80'", 1},
	        {"'\xed\xa0\x80'", 1},
	        {"# coding: utf-8\n'\xff'\n", 17},
	        {"x\n# no\n# coding: latin-1\n'\xfc'\n", 26},
	        {"x\n# coding: latin-1\n'\xfc'\n", 21},
	        {"# coding latin-1\n'\xfc'\n", 18},
	        {"\xff\xfex", 0},
	        {"\xfe\xffx", 0},
	        {"\xef\xbb\xbf# coding: latin-1\n'\xfc'\n", 0},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(encoding_check(str_of(bad[i].text)), bad[i].at);
}

static void makes_a_fault_and_reads_on(void **state)
{
	(void)state;
	struct reading reading = read_text("x\ny = '\xfc'\nz\n");
	assert_int_equal(reading.facts.stmts.n, 4);
	assert_int_equal(reading.facts.faults.n, 1);
	assert_int_equal(reading.facts.faults.at[0].kind, FAULT_ENCODING);
	assert_int_equal(reading.facts.faults.at[0].line, 2);
	assert_int_equal(reading.facts.faults.at[0].at, 7);
	arena_free(&reading.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(accepts_what_python_accepts),
	        cmocka_unit_test(finds_the_first_byte_that_is_not_utf8),
	        cmocka_unit_test(makes_a_fault_and_reads_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
