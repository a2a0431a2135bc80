/* pytest-split's files. */
#include "base/buf.h"

#include "reading.h"

static void reads_both_shapes(void **state)
{
	(void)state;
	assert_reads(
	        STR("{\n  \"tests/test_a.py::test_x[\\u00e9-1]\": 5.0000000000e-05,\n  \"tests/test_b.py::T::t\": 2,\n"
	            "  \"c.py::u\": 0.25}"));
	assert_str(report.format, "durations");
	assert_int_equal(report.cases.n, 3);
	assert_str(report.cases.at[0].node, "tests/test_a.py::test_x[\xc3\xa9-1]");
	assert_int_equal(report.cases.at[0].microseconds, 50);
	assert_int_equal(report.cases.at[1].microseconds, 2000000);
	assert_reads(STR("[[\"a.py::t\", 1.5], [\"a.py::u\", 0.5]]"));
	assert_int_equal(report.cases.n, 2);
	assert_int_equal(report.cases.at[1].microseconds, 500000);
	assert_reads(STR("\xef\xbb\xbf{}"));
	assert_int_equal(report.cases.n, 0);
}

static void refuses_durations_that_are_none(void **state)
{
	(void)state;
	assert_reads(
	        STR("{\"a.py::n\": -1, \"a.py::l\": 90000, \"a.py::t\": true, \"a.py::z\": null, \"a.py::g\": 1}"));
	assert_int_equal(report.cases.n, 1);
	assert_int_equal(report.rejected.n, 4);
	assert_rejected(0, "the duration of a.py::n is refused: it is negative");
	assert_rejected(1, "longer than 86,400");
	assert_rejected(2, "is no number");
	assert_rejected(3, "is missing");
}

static void refuses_files_that_are_wrong_as_a_whole(void **state)
{
	(void)state;
	assert_refuses(STR("{\"a.py::t\": 1, \"a.py::t\": 2}"), "duplicate object key");
	assert_refuses(STR("[[\"a.py::t\", 1], [\"a.py::t\", 2]]"), "entry 2 of the list repeats the node id a.py::t");
	assert_refuses(STR("[[\"a.py::t\"]]"), "entry 1 of the list is no pair");
	assert_refuses(STR("[1, 2]"), "entry 1 of the list is no pair");
	assert_refuses(STR("{\"a.py::t\": NaN}"), "line 1: ");
	assert_refuses(STR("{\"a.py::t\": 1}\n{}"), "line 2: ");
	assert_refuses(STR("{\"a.py::\xff\": 1}"), "unable to decode byte 0xff");
	assert_refuses(STR("{\"a.py::t\": 123456789012345678901234567890}"), "line 1: ");
}

static void refuses_a_file_that_is_cut_short(void **state)
{
	(void)state;
	const struct str whole = STR("{\"a.py::t\": 1.5, \"b.py::u\": 2}");
	for (size_t n = 1; n < whole.n; n++)
		assert_refuses(str_slice(whole, 0, n), "line 1: ");
}

static void refuses_deep_nesting(void **state)
{
	(void)state;
	struct buf deep;
	buf_init(&deep, &arena);
	for (int i = 0; i < 200000; i++)
		buf_lit(&deep, "[");
	assert_refuses(buf_str(&deep), "nested deeper than 256");
}

static void keeps_brackets_and_colons_of_an_id(void **state)
{
	(void)state;
	struct buf text;
	buf_init(&text, &arena);
	buf_lit(&text, "{\"a.py::t[");
	for (int i = 0; i < 4073; i++)
		buf_char(&text, ':');
	buf_lit(&text, "]\": 1}");
	assert_reads(buf_str(&text));
	assert_int_equal(report.cases.at[0].node.n, 4073 + 9);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	        STORY(reads_both_shapes),
	        STORY(refuses_durations_that_are_none),
	        STORY(refuses_files_that_are_wrong_as_a_whole),
	        STORY(refuses_a_file_that_is_cut_short),
	        STORY(refuses_deep_nesting),
	        STORY(keeps_brackets_and_colons_of_an_id),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
