/* The JSON formats: one small session, as each plugin wrote it. */
#include "base/buf.h"

#include "reading.h"

/* What the session did: TestA::test_in passed (0.2 s of it in setup), test_p[x::y[z]] passed, test_fail failed,
 * test_skip was skipped, test_xf failed as expected, test_xn is not to be run, test_td broke in teardown; and
 * test_broken.py cannot be imported. */
struct expected {
	const char *node;
	enum outcome outcome;
	bool has_time;
	const char *message;
};

static const struct expected session[] = {
        {"tests/test_x.py::TestA::test_in", OUTCOME_PASSED, true, ""},
        {"tests/test_x.py::test_p[x::y[z]]", OUTCOME_PASSED, true, ""},
        {"tests/test_x.py::test_fail", OUTCOME_FAILED, true, "AssertionError: why not\nassert 1 == 2"},
        {"tests/test_x.py::test_skip", OUTCOME_SKIPPED, false, "no engine"},
        {"tests/test_x.py::test_xf", OUTCOME_PASSED, true, NULL},
        {"tests/test_x.py::test_xn", OUTCOME_SKIPPED, false, "[NOTRUN] never"},
        {"tests/test_x.py::test_td", OUTCOME_ERROR, true, "RuntimeError: tear broke"},
};

static void assert_session(size_t from)
{
	size_t n = sizeof session / sizeof *session;
	assert_int_equal(report.cases.n, from + n);
	for (size_t i = 0; i < n; i++) {
		const struct report_case *c = &report.cases.at[from + i];
		assert_str(c->node, session[i].node);
		if (c->outcome != session[i].outcome || (c->microseconds != MS_UNKNOWN) != session[i].has_time)
			fail_msg("%s has outcome %d, %lld us", session[i].node, (int)c->outcome,
			         (long long)c->microseconds);
		if (session[i].message)
			assert_str(c->message, session[i].message);
	}
}

#define PHASE(node, when, outcome, duration, rest)                                                                     \
	"{\"nodeid\": \"tests/test_x.py::" node "\", \"when\": \"" when "\", \"outcome\": \"" outcome                  \
	"\", \"duration\": " duration ", \"start\": 1795522116.9, " rest "\"$report_type\": \"TestReport\"}\n"
#define SETUP(node)    PHASE(node, "setup", "passed", "0.0003", "\"longrepr\": null, ")
#define TEARDOWN(node) PHASE(node, "teardown", "passed", "1.5e-04", "\"longrepr\": null, ")
#define CRASH(message) "\"longrepr\": {\"reprcrash\": {\"path\": \"t.py\", \"message\": \"" message "\"}}, "

#define LOG                                                                                                            \
	"{\"pytest_version\": \"9.0\", \"$report_type\": \"SessionStart\"}\n"                                          \
	"{\"outcome\": \"passed\", \"longrepr\": null, \"nodeid\": \"\", \"$report_type\": \"CollectReport\"}\n"       \
	"{\"outcome\": \"failed\", \"longrepr\": \"ImportError: x\", \"nodeid\": \"tests/test_broken.py\", "           \
	"\"$report_type\": \"CollectReport\"}\n" /**/                                                                  \
	        PHASE("TestA::test_in", "setup", "passed", "0.2", "")                                                  \
	                PHASE("TestA::test_in", "call", "passed", "0.001", "")                                         \
	                        TEARDOWN("TestA::test_in") /* Two workers at once. */                                  \
	        SETUP("test_p[x::y[z]]") SETUP("test_fail") PHASE("test_p[x::y[z]]", "call", "passed", "0.0105",       \
	                                                          "") TEARDOWN("test_p[x::y[z]]")                      \
	                PHASE("test_fail", "call", "failed", "0.0004",                                                 \
	                      CRASH("AssertionError: why not\\nassert 1 == 2")) TEARDOWN("test_fail")                  \
	                        PHASE("test_skip", "setup", "skipped", "7e-05",                                        \
	                              "\"longrepr\": [\"t.py\", 10, \"Skipped: no engine\"], ") TEARDOWN("test_skip")  \
	                                SETUP("test_xf") PHASE("test_xf", "call", "skipped", "0.02",                   \
	                                                       "\"wasxfail\": \"known\", " CRASH("assert 0"))          \
	                                        TEARDOWN("test_xf") PHASE("test_xn", "setup", "skipped", "7e-05",      \
	                                                                  "\"wasxfail\": \"[NOTRUN] never\", ")        \
	                                                TEARDOWN("test_xn") SETUP("test_td")                           \
	                                                        PHASE("test_td", "call", "passed", "6e-05", "")        \
	                                                                PHASE("test_td", "teardown", "failed",         \
	                                                                      "7e-05",                                 \
	                                                                      CRASH("RuntimeError: tear broke"))

#define FINISH "{\"exitstatus\": 1, \"$report_type\": \"SessionFinish\"}\n"

static void reads_the_lines_of_reportlog(void **state)
{
	(void)state;
	assert_reads(STR(LOG FINISH));
	assert_str(report.format, "reportlog");
	assert_int_equal(report.rejected.n, 0);
	assert_str(report.cases.at[0].node, "tests/test_broken.py");
	assert_int_equal(report.cases.at[0].outcome, OUTCOME_ERROR);
	assert_session(1);
	const struct report_case *in = &report.cases.at[1];
	assert_int_equal(in->setup_us, 200000);
	assert_int_equal(in->call_us, 1000);
	assert_int_equal(in->teardown_us, 150);
	assert_int_equal(in->microseconds, 201150);
	assert_int_equal(in->line, 6);
	assert_str(report.timestamp, "2026-11-24T12:08:36Z");
}

static void takes_the_last_of_reruns(void **state)
{
	(void)state;
	assert_reads(STR("{\"$report_type\": \"SessionStart\"}\n" SETUP("t") PHASE("t", "call", "rerun", "50", "")
	                         PHASE("t", "teardown", "rerun", "0.1", "") SETUP("t")
	                                 PHASE("t", "call", "passed", "0.5", "") TEARDOWN("t") FINISH));
	assert_int_equal(report.cases.n, 1);
	assert_int_equal(report.cases.at[0].microseconds, 500450);
}

static void says_that_a_log_ends_early(void **state)
{
	(void)state;
	/* At the end of a line: a killed run; what was complete is true. */
	assert_reads(STR(LOG SETUP("test_open")));
	assert_session(1);
	assert_int_equal(report.rejected.n, 2);
	assert_rejected(0, "tests/test_x.py::test_open did not end");
	assert_rejected(1, "the run was cut short");
	/* In the middle of a line: a truncated file. */
	struct str whole = STR(LOG FINISH);
	assert_refuses(str_slice(whole, 0, whole.n - 20), "line 23: premature end");
}

static void refuses_lines_that_are_wrong(void **state)
{
	(void)state;
	assert_refuses(STR("{\"$report_type\": \"SessionStart\"}\n{\"nodeid\": \"a\", \"nodeid\": \"b\"}\n"),
	               "line 2: duplicate object key");
	assert_reads(STR("{\"$report_type\": \"SessionStart\"}\n" PHASE("t", "call", "passed", "-1", "") FINISH));
	assert_rejected(0, "line 2: a duration of tests/test_x.py::t is refused: it is negative");
	assert_refuses(STR("{\"$report_type\": \"SessionStart\"}\n" PHASE("t", "call", "passed", "NaN", "")),
	               "line 2: ");
	struct buf deep;
	buf_init(&deep, &arena);
	buf_lit(&deep, "{\"$report_type\": \"SessionStart\"}\n{\"x\": ");
	for (int i = 0; i < 200000; i++)
		buf_lit(&deep, "[");
	assert_refuses(buf_str(&deep), "line 2: the JSON is nested deeper than 256");
}

#define PART(name, duration, outcome, rest)                                                                            \
	"\"" name "\": {\"duration\": " duration ", \"outcome\": \"" outcome "\"" rest "}"
#define OK(name) PART(name, "0.0003", "passed", "")

static void reads_json_report(void **state)
{
	(void)state;
#define TEST(node, outcome, parts)                                                                                     \
	"{\"nodeid\": \"tests/test_x.py::" node "\", \"outcome\": \"" outcome "\", " parts "}"
	assert_reads(STR(
	        "{\"created\": 1795522117.25, \"duration\": 0.37, \"exitcode\": 1, \"root\": \"/p\", \"collectors\": "
	        "[{\"nodeid\": \"\", \"outcome\": \"passed\"}, {\"nodeid\": \"tests/test_broken.py\", \"outcome\": "
	        "\"failed\", \"longrepr\": \"ImportError\"}], \"tests\": [" /**/
	        TEST("TestA::test_in", "passed",
	             PART("setup", "0.2", "passed", "") ", " PART("call", "0.001", "passed",
	                                                          "") ", " OK("teardown")) ", "         /**/
	        TEST("test_p[x::y[z]]", "passed", OK("setup") ", " OK("call") ", " OK("teardown")) ", " /**/
	        TEST("test_fail", "failed",
	             OK("setup") ", " PART("call", "0.0004", "failed",
	                                   ", \"crash\": {\"message\": \"AssertionError: why not\\nassert 1 == 2\"}, "
	                                   "\"longrepr\": \"long\"") ", " OK("teardown")) ", " /**/
	        TEST("test_skip", "skipped",
	             PART("setup", "7e-05", "skipped", ", \"longrepr\": \"no engine\"") ", " OK("teardown")) ", " /**/
	        TEST("test_xf", "xfailed",
	             OK("setup") ", " PART("call", "0.02", "skipped", "") ", " OK("teardown")) ", " /**/
	        TEST("test_xn", "xfailed",
	             PART("setup", "7e-05", "skipped",
	                  ", \"longrepr\": \"[NOTRUN] never\"") ", " OK("teardown")) ", " /**/
	        TEST("test_td", "error",
	             OK("setup") ", " OK("call") ", " PART("teardown", "7e-05", "failed",
	                                                   ", \"crash\": {\"message\": \"RuntimeError: tear "
	                                                   "broke\"}")) "]}"));
	assert_str(report.format, "json-report");
	assert_str(report.timestamp, "2026-11-24T12:08:37Z");
	assert_str(report.cases.at[0].node, "tests/test_broken.py");
	assert_session(1);
	assert_int_equal(report.cases.at[1].setup_us, 200000);
	assert_int_equal(report.cases.at[1].microseconds, 201300);
	assert_refuses(STR("{\"created\": 1, \"exitcode\": 0}"), "has no list of tests");
}

static void reads_ctrf(void **state)
{
	(void)state;
#define CTRF(name, status, rest)                                                                                       \
	"{\"name\": \"tests/test_x.py::" name "\", \"status\": \"" status "\", \"duration\": 12, "                     \
	"\"filePath\": \"tests/test_x.py\"" rest "}"
	assert_reads(STR("{\"reportFormat\": \"CTRF\", \"results\": {\"summary\": {\"start\": 1795522116881}, \"tests\": [" CTRF("TestA::test_in", "passed", "") ", " CTRF(
	        "test_p[x::y[z]]", "passed",
	        "") ", " CTRF("test_fail", "failed",
	                      ", \"rawStatus\": \"call_failed\", \"message\": \"AssertionError: why not\\nassert 1 == "
	                      "2\"") ", " CTRF("test_skip", "skipped",
	                                       ", \"message\": \"no engine\"") ", " CTRF("test_xf", "skipped",
	                                                                                 ", \"rawStatus\": \"xfailed\", \"message\": \"known\"") ", " CTRF("test_xn",
	                                                                                                                                                   "skipped",
	                                                                                                                                                   ", \"rawStatus\": \"xfailed\", \"message\": \"[NOTRUN] never\"") ", " CTRF("test_td",
	                                                                                                                                                                                                                              "failed",
	                                                                                                                                                                                                                              ", \"rawStatus\": \"teardown_failed\", \"message\": \"RuntimeError: tear broke\"") "]}}"));
	assert_str(report.format, "ctrf");
	assert_str(report.timestamp, "2026-11-24T12:08:36Z");
	assert_session(0);
	assert_int_equal(report.cases.at[0].microseconds, 12000);
}

static void puts_a_node_together_from_what_other_tools_write(void **state)
{
	(void)state;
	assert_reads(
	        STR("{\"results\": {\"tests\": [{\"name\": \"test_a\", \"status\": \"passed\", \"duration\": 1.5, "
	            "\"filePath\": \"t/test_a.py\", \"suite\": [\"t/test_a.py\", \"TestB\"]}, {\"name\": \"free\", "
	            "\"status\": \"pending\", \"duration\": 0}, {\"name\": \"n\", \"status\": \"passed\", "
	            "\"duration\": -4}, {\"status\": \"passed\"}]}}"));
	assert_int_equal(report.cases.n, 2);
	assert_str(report.cases.at[0].node, "t/test_a.py::TestB::test_a");
	assert_int_equal(report.cases.at[0].microseconds, 1500);
	assert_str(report.cases.at[1].node, "free");
	assert_int_equal(report.cases.at[1].outcome, OUTCOME_SKIPPED);
	assert_rejected(0, "the duration of n is refused: it is negative");
	assert_rejected(1, "without a name");
	assert_refuses(STR("{\"results\": {}}"), "has no list results.tests");
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	        STORY(reads_the_lines_of_reportlog),
	        STORY(takes_the_last_of_reruns),
	        STORY(says_that_a_log_ends_early),
	        STORY(refuses_lines_that_are_wrong),
	        STORY(reads_json_report),
	        STORY(reads_ctrf),
	        STORY(puts_a_node_together_from_what_other_tools_write),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
