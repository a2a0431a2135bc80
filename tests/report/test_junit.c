/* JUnit XML as pytest and others write it, and as nobody should. */
#include "base/buf.h"

#include "reading.h"

static void reads_what_pytest_writes(void **state)
{
	(void)state;
	assert_reads(
	        STR("<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites><testsuite name=\"pytest\" errors=\"0\" "
	            "failures=\"1\" skipped=\"1\" tests=\"3\" time=\"0.321\" timestamp=\"2024-05-01T10:20:30.5\" "
	            "hostname=\"h\">"
	            "<testcase classname=\"tests.test_a.TestX\" name=\"test_y[a-1]\" time=\"0.123\" />"
	            "<testcase classname=\"tests.test_a\" name=\"test_bad\" time=\"0.050\">"
	            "<failure message=\"assert 1 == 2\">trace</failure></testcase>\n"
	            "<testcase classname=\"tests.test_a\" name=\"test_off\" time=\"0.001\">"
	            "<skipped type=\"pytest.skip\" message=\"no engine\">f:1: no engine</skipped></testcase>"
	            "</testsuite></testsuites>"));
	assert_str(report.format, "junit");
	assert_str(report.timestamp, "2024-05-01T10:20:30.5");
	assert_int_equal(report.cases.n, 3);
	const struct report_case *c = report.cases.at;
	assert_str(c[0].classname, "tests.test_a.TestX");
	assert_str(c[0].name, "test_y[a-1]");
	assert_str(c[0].node, "");
	assert_int_equal(c[0].microseconds, 123000);
	assert_int_equal(c[0].call_us, MS_UNKNOWN);
	assert_int_equal(c[0].line, 1);
	assert_int_equal(c[1].outcome, OUTCOME_FAILED);
	assert_int_equal(c[1].microseconds, 50000);
	assert_str(c[1].message, "assert 1 == 2");
	assert_int_equal(c[2].outcome, OUTCOME_SKIPPED);
	assert_int_equal(c[2].microseconds, MS_UNKNOWN);
	assert_str(c[2].message, "no engine");
	assert_int_equal(c[2].line, 2);
	assert_int_equal(report.rejected.n, 0);
}

static void keeps_the_file_of_xunit1(void **state)
{
	(void)state;
	assert_reads(
	        STR("<testsuites><testsuite><testcase classname=\"tests.test_a\" name=\"t\" file=\"tests/test_a.py\" "
	            "line=\"3\" time=\"1\"/></testsuite></testsuites>"));
	assert_str(report.cases.at[0].file, "tests/test_a.py");
}

static void reads_the_reports_of_other_makers(void **state)
{
	(void)state;
	/* A bare suite, suites in suites, the file on the suite, thousands, no time. */
	assert_reads(STR("\xef\xbb\xbf<testsuite file=\"a.py\" timestamp=\"2024-01-01\"><testsuite>"
	                 "<testcase classname=\"a\" name=\"t\" time=\"1,234.5\"/></testsuite>"
	                 "<testsuite file=\"b.py\"><testcase classname=\"b\" name=\"u\"/></testsuite>"
	                 "<testcase classname=\"a\" name=\"v\" file=\"c.py\" time=\"\"/></testsuite>"));
	assert_int_equal(report.cases.n, 3);
	assert_int_equal(report.cases.at[0].microseconds, 1234500000);
	assert_str(report.cases.at[0].file, "a.py");
	assert_int_equal(report.cases.at[1].microseconds, MS_UNKNOWN);
	assert_str(report.cases.at[1].file, "b.py");
	assert_int_equal(report.cases.at[2].microseconds, MS_UNKNOWN);
	assert_str(report.cases.at[2].file, "c.py");
}

static void takes_the_worst_of_a_case(void **state)
{
	(void)state;
	assert_reads(
	        STR("<testsuite><testcase classname=\"a\" name=\"t\" time=\"2\"><failure message=\"f\"/>"
	            "<error message=\"e\"/><system-out>&lt;skipped/&gt;</system-out></testcase>"
	            "<testcase classname=\"a\" name=\"u\" time=\"2\"><skipped message=\"s\"/><error message=\"e\"/>"
	            "</testcase></testsuite>"));
	assert_int_equal(report.cases.at[0].outcome, OUTCOME_ERROR);
	assert_str(report.cases.at[0].message, "e");
	assert_int_equal(report.cases.at[1].outcome, OUTCOME_ERROR);
	assert_int_equal(report.cases.at[1].microseconds, 2000000);
}

static void knows_that_an_expected_failure_ran(void **state)
{
	(void)state;
	assert_reads(STR("<testsuite><testcase classname=\"a\" name=\"t\" time=\"2\"><skipped type=\"pytest.xfail\" "
	                 "message=\"known\"/></testcase><testcase classname=\"a\" name=\"u\" time=\"2\"><skipped "
	                 "type=\"pytest.xfail\" message=\"[NOTRUN] \"/></testcase></testsuite>"));
	assert_int_equal(report.cases.at[0].outcome, OUTCOME_PASSED);
	assert_int_equal(report.cases.at[0].microseconds, 2000000);
	assert_int_equal(report.cases.at[1].outcome, OUTCOME_SKIPPED);
	assert_int_equal(report.cases.at[1].microseconds, MS_UNKNOWN);
}

static void gives_a_collection_error_no_time(void **state)
{
	(void)state;
	assert_reads(STR("<testsuite><testcase classname=\"\" name=\"tests.test_a\" time=\"0.000\"><error "
	                 "message=\"collection failure\"/></testcase></testsuite>"));
	assert_int_equal(report.cases.at[0].outcome, OUTCOME_ERROR);
	assert_int_equal(report.cases.at[0].microseconds, MS_UNKNOWN);
}

static void refuses_times_that_are_none(void **state)
{
	(void)state;
	assert_reads(STR("<testsuite>\n<testcase classname=\"a\" name=\"n\" time=\"nan\"/>\n"
	                 "<testcase classname=\"a\" name=\"m\" time=\"-1\"/>\n"
	                 "<testcase classname=\"a\" name=\"l\" time=\"86401\"/>\n"
	                 "<testcase classname=\"a\" name=\"x\" time=\"soon\"/>\n"
	                 "<testcase classname=\"a\" name=\"good\" time=\"1\"/></testsuite>"));
	assert_int_equal(report.cases.n, 1);
	assert_str(report.cases.at[0].name, "good");
	assert_int_equal(report.rejected.n, 4);
	assert_rejected(0, "line 2: the time of n is refused: \"nan\" is not a finite number");
	assert_rejected(1, "line 3: the time of m is refused: \"-1\" is negative");
	assert_rejected(2, "is longer than 86,400 seconds");
	assert_rejected(3, "is no number");
}

static void stops_at_a_doctype(void **state)
{
	(void)state;
	assert_refuses(STR("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol1 "
	                   "\"&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;\">]>"
	                   "<testsuite><testcase classname=\"a\" name=\"&lol1;\"/></testsuite>"),
	               "line 1: the report has a DOCTYPE");
	assert_refuses(STR("<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><testsuite/>"), "DOCTYPE");
	assert_refuses(STR("<testsuite><testcase classname=\"a\" name=\"&x;\"/></testsuite>"), "undefined entity");
}

static void refuses_a_report_that_is_cut_short(void **state)
{
	(void)state;
	const struct str whole = STR("<testsuites><testsuite><testcase classname=\"a\" name=\"t\" time=\"1\"><failure "
	                             "message=\"m\">t</failure></testcase></testsuite></testsuites>");
	assert_reads(whole);
	for (size_t n = 1; n < whole.n; n++)
		assert_refuses(str_slice(whole, 0, n), "the report is cut short");
	assert_refuses(STR(""), "is empty");
	assert_refuses(STR(" \n"), "is empty");
}

static void refuses_deep_nesting(void **state)
{
	(void)state;
	struct buf deep;
	buf_init(&deep, &arena);
	for (int i = 0; i < 200000; i++)
		buf_lit(&deep, "<testsuite>");
	assert_refuses(buf_str(&deep), "nested deeper than 256");
}

static void takes_long_names_up_to_a_limit(void **state)
{
	(void)state;
	struct buf text;
	buf_init(&text, &arena);
	buf_lit(&text, "<testsuite><testcase classname=\"a\" time=\"1\" name=\"t[");
	for (int i = 0; i < 4073 - 3; i++)
		buf_char(&text, i % 100 < 2 ? ':' : 'x');
	buf_lit(&text, "]\"/>\n<testcase classname=\"a\" time=\"1\" name=\"");
	for (int i = 0; i < 70000; i++)
		buf_char(&text, 'y');
	buf_lit(&text, "\"/><testcase classname=\"a\" time=\"1\" name=\"z\"/></testsuite>");
	assert_reads(buf_str(&text));
	assert_int_equal(report.cases.n, 2);
	assert_int_equal(report.cases.at[0].name.n, 4073);
	assert_str(report.cases.at[1].name, "z");
	assert_rejected(0, "line 2: a case is refused: its name is longer than 65536 bytes");
}

static void refuses_an_endless_tag(void **state)
{
	(void)state;
	struct buf text;
	buf_init(&text, &arena);
	buf_lit(&text, "<testsuite><testcase name=\"");
	for (int i = 0; i < 3000000; i++)
		buf_char(&text, 'x');
	assert_refuses(buf_str(&text), "a tag is longer than 1 MiB");
}

static void cuts_messages(void **state)
{
	(void)state;
	struct buf text;
	buf_init(&text, &arena);
	buf_lit(&text, "<testsuite><testcase classname=\"a\" name=\"t\"><skipped message=\"");
	for (int i = 0; i < 600; i++)
		buf_char(&text, 'm');
	buf_lit(&text, "\"/></testcase></testsuite>");
	assert_reads(buf_str(&text));
	assert_int_equal(report.cases.at[0].message.n, 512);
}

static void says_what_encodings_it_does_not_read(void **state)
{
	(void)state;
	assert_refuses(STR("<?xml version=\"1.0\" encoding=\"ebcdic-xyz\"?><testsuite/>"), "unknown encoding");
	assert_refuses(STR("<testsuite><testcase name=\"\xff\xfe\"/></testsuite>"), "not well-formed");
	assert_reads(STR("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><testsuite><testcase classname=\"a\" "
	                 "name=\"t[\xe9]\"/></testsuite>"));
	assert_str(report.cases.at[0].name, "t[\xc3\xa9]");
	/* UTF-16 with its mark, as some Windows tools write. */
	static const char ascii[] = "<testsuite><testcase classname='a' name='t' time='1'/></testsuite>";
	struct buf wide;
	buf_init(&wide, &arena);
	buf_lit(&wide, "\xff\xfe");
	for (size_t i = 0; i < sizeof ascii - 1; i++) {
		buf_char(&wide, ascii[i]);
		buf_char(&wide, '\0');
	}
	assert_reads(buf_str(&wide));
	assert_int_equal(report.cases.at[0].microseconds, 1000000);
}

static void refuses_other_xml(void **state)
{
	(void)state;
	assert_refuses(STR("<html><body/></html>"), "this is no JUnit report");
	assert_refuses(STR("\x1f\x8b\x08 gz"), "is compressed");
	assert_refuses(STR("ok 1 - fine"), "in no known report format");
	assert_false(reads(STR("<testsuite/>"), "tap"));
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.text, "there is no report format 'tap'; known are junit, "));
}

static void counts_what_it_cannot_list(void **state)
{
	(void)state;
	struct buf text;
	buf_init(&text, &arena);
	buf_lit(&text, "<testsuite>");
	for (int i = 0; i < 1500; i++)
		buf_lit(&text, "<testcase classname=\"a\" name=\"t\" time=\"-1\"/>");
	buf_lit(&text, "</testsuite>");
	assert_reads(buf_str(&text));
	assert_int_equal(report.rejected.n, 1001);
	assert_str(report.rejected.at[1000], "and 500 more like these");
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	        STORY(reads_what_pytest_writes),
	        STORY(keeps_the_file_of_xunit1),
	        STORY(reads_the_reports_of_other_makers),
	        STORY(takes_the_worst_of_a_case),
	        STORY(knows_that_an_expected_failure_ran),
	        STORY(gives_a_collection_error_no_time),
	        STORY(refuses_times_that_are_none),
	        STORY(stops_at_a_doctype),
	        STORY(refuses_a_report_that_is_cut_short),
	        STORY(refuses_deep_nesting),
	        STORY(takes_long_names_up_to_a_limit),
	        STORY(refuses_an_endless_tag),
	        STORY(cuts_messages),
	        STORY(says_what_encodings_it_does_not_read),
	        STORY(refuses_other_xml),
	        STORY(counts_what_it_cannot_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
