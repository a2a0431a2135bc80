/* Which test a case is, and adding cases up. */
#include "report/tally.h"

#include "reading.h"

#define FIXED(literal)                                                                                                 \
	{                                                                                                              \
		literal, sizeof literal - 1                                                                            \
	} /* a compound literal is no constant */
static const struct str files[] = {FIXED("a.b/c.py"),
                                   FIXED("a/b/c.py"),
                                   FIXED("tests/one/test_same.py"),
                                   FIXED("tests/test_a.py"),
                                   FIXED("tests/test_a/test_b.py"),
                                   FIXED("tests/two/test_same.py"),
                                   FIXED("tests/unit/test_only.py")};
static const struct str ids[] = {FIXED("a.b/c.py::test_x"),
                                 FIXED("a/b/c.py::test_x"),
                                 FIXED("tests/one/test_same.py::test_s"),
                                 FIXED("tests/test_a.py::TestOuter::TestInner::test_deep"),
                                 FIXED("tests/test_a.py::TestOuter::test_in"),
                                 FIXED("tests/test_a.py::test_plain"),
                                 FIXED("tests/test_a/test_b.py::test_c"),
                                 FIXED("tests/two/test_same.py::test_s"),
                                 FIXED("tests/unit/test_only.py::test_o")};

enum { FILES = sizeof files / sizeof *files, IDS = sizeof ids / sizeof *ids };

static struct match_known known(struct str root)
{
	return (struct match_known){.tests = ids, .n_tests = IDS, .files = files, .n_files = FILES, .root = root};
}

static struct matcher *matcher(struct str root)
{
	struct match_known k = known(root);
	return match_begin(&arena, &k);
}

/* The id a JUnit case is matched with, or the reason against it. */
static const char *junit(struct matcher *m, const char *classname, const char *name, const char *file)
{
	struct report_case one = report_blank_case();
	one.classname = str_of(classname);
	one.name = str_of(name);
	one.file = str_of(file);
	size_t test;
	enum match_answer answer = match_case(m, &one, &test);
	return answer == MATCH_OK ? ids[test].at : match_reason(answer);
}

static const char *node(struct matcher *m, const char *id)
{
	struct report_case one = report_blank_case();
	one.node = str_of(id);
	size_t test;
	enum match_answer answer = match_case(m, &one, &test);
	return answer == MATCH_OK ? ids[test].at : match_reason(answer);
}

static void cuts_the_longest_known_file_from_a_classname(void **state)
{
	(void)state;
	struct matcher *m = matcher(STR_NONE);
	assert_string_equal(junit(m, "tests.test_a", "test_plain", ""), "tests/test_a.py::test_plain");
	assert_string_equal(junit(m, "tests.test_a", "test_plain[x::y[z]]", ""), "tests/test_a.py::test_plain");
	assert_string_equal(junit(m, "tests.test_a.TestOuter", "test_in", ""), "tests/test_a.py::TestOuter::test_in");
	assert_string_equal(junit(m, "tests.test_a.TestOuter.TestInner", "test_deep", ""),
	                    "tests/test_a.py::TestOuter::TestInner::test_deep");
	/* test_a is a file and a folder. */
	assert_string_equal(junit(m, "tests.test_a.test_b", "test_c", ""), "tests/test_a/test_b.py::test_c");
}

static void says_why_a_case_is_no_known_test(void **state)
{
	(void)state;
	struct matcher *m = matcher(STR_NONE);
	assert_string_equal(junit(m, "", "tests.test_a", ""), "a collection error or a module's skip, no test");
	assert_string_equal(junit(m, "tests.test_gone", "test_plain", ""), "unknown file");
	assert_string_equal(junit(m, "tests.test_a", "test_gone", ""), "unknown test in a known file");
	assert_string_equal(junit(m, "tests.test_a.TestGone", "test_plain", ""), "unknown test in a known file");
	assert_string_equal(junit(m, "a.b.c", "test_x", ""), "several files fit");
	assert_string_equal(junit(m, "...", "test_x", ""), "unknown file");
	assert_string_equal(node(m, "tests/test_a.py"), "a collection error or a module's skip, no test");
	assert_string_equal(node(m, "tests/gone.py::t"), "unknown file");
	assert_string_equal(node(m, "tests/test_a.py::test_gone"), "unknown test in a known file");
}

static void lets_the_file_attribute_decide_only_between_equals(void **state)
{
	(void)state;
	struct matcher *m = matcher(STR_NONE);
	assert_string_equal(junit(m, "a.b.c", "test_x", "a/b/c.py"), "a/b/c.py::test_x");
	assert_string_equal(junit(m, "a.b.c", "test_x", "a.b/c.py"), "a.b/c.py::test_x");
	assert_string_equal(junit(m, "a.b.c", "test_x", "elsewhere.py"), "several files fit");
	/* An inherited test: the function is written in another file. */
	assert_string_equal(junit(m, "tests.test_a", "test_plain", "tests/unit/test_only.py"),
	                    "tests/test_a.py::test_plain");
}

static void finds_files_of_another_root(void **state)
{
	(void)state;
	struct matcher *m = matcher(STR_NONE);
	/* Ours are longer. */
	assert_string_equal(junit(m, "unit.test_only", "test_o", ""), "tests/unit/test_only.py::test_o");
	assert_string_equal(junit(m, "test_a.TestOuter", "test_in", ""), "tests/test_a.py::TestOuter::test_in");
	assert_string_equal(node(m, "test_only.py::test_o"), "tests/unit/test_only.py::test_o");
	assert_string_equal(junit(m, "test_same", "test_s", ""), "several files fit");
	assert_string_equal(node(m, "test_same.py::test_s"), "several files fit");
	assert_string_equal(junit(m, "two.test_same", "test_s", ""), "tests/two/test_same.py::test_s");
	/* Theirs are longer. */
	assert_string_equal(junit(m, "backend.tests.test_a", "test_plain", ""), "tests/test_a.py::test_plain");
	assert_string_equal(node(m, "home/ci/backend/tests/unit/test_only.py::test_o[1]"),
	                    "tests/unit/test_only.py::test_o");
	/* Only whole components count. */
	assert_string_equal(node(m, "only.py::test_o"), "unknown file");
	assert_string_equal(node(m, "mytests/test_a.py::test_plain"), "unknown file");
	/* A class in the path of a node id is no file. */
	assert_string_equal(node(m, "tests/test_a/TestOuter.py::test_in"), "unknown file");
}

static void strips_the_root_the_user_names(void **state)
{
	(void)state;
	struct matcher *m = matcher(STR("./backend/"));
	assert_string_equal(junit(m, "backend.tests.test_a", "test_plain", ""), "tests/test_a.py::test_plain");
	assert_string_equal(junit(m, "tests.test_a", "test_plain", ""), "tests/test_a.py::test_plain");
	m = matcher(STR("tests"));
	assert_string_equal(node(m, "tests/a/b/c.py::test_x"), "several files fit");
}

static void adds_parameters_up(void **state)
{
	(void)state;
	struct match_known k = known(STR_NONE);
	struct tally tally;
	tally_begin(&tally, &arena, &k);
	struct report_input in;
	input_memory(
	        &arena, &in,
	        STR("<testsuite><testcase classname=\"tests.test_a\" name=\"test_plain[1]\" time=\"1.5\"/>"
	            "<testcase classname=\"tests.test_a\" name=\"test_plain[2]\" time=\"2\"><failure/></testcase>"
	            "<testcase classname=\"tests.test_a\" name=\"test_plain[3]\" time=\"2\"><skipped/></testcase>"
	            "<testcase classname=\"tests.test_a.TestOuter\" name=\"test_in\" time=\"1\"><skipped/></testcase>"
	            "<testcase classname=\"a.b.c\" name=\"test_x\" time=\"1\"/>"
	            "<testcase classname=\"tests.unit.test_only\" name=\"test_o\"/></testsuite>"));
	assert_true(report_stream(&arena, &in, NULL, tally_sink(&tally), &report, &err));
	assert_int_equal(tally.cases, 6);
	assert_int_equal(tally.matched, 5);
	assert_int_equal(tally.skipped, 2);
	assert_int_equal(tally.untimed, 1);
	assert_int_equal(tally.missed, 1);
	assert_int_equal(tally.missed_by[MATCH_AMBIGUOUS_FILE], 1);
	assert_str(tally.misses.at[0].what, "a.b.c test_x");
	size_t n;
	const struct history_sample *samples = tally_samples(&tally, &arena, &n);
	assert_int_equal(n, 1);
	assert_str(samples[0].unit, "tests/test_a.py::test_plain");
	assert_int_equal(samples[0].us, 3500000);
	assert_int_equal(samples[0].outcome, OUTCOME_FAILED);
	assert_int_equal(samples[0].setup_us, MS_UNKNOWN);
}

static void names_a_run_by_its_bytes(void **state)
{
	(void)state;
	struct report_input in;
	struct report_sink sink = tally_sink(&(struct tally){0});
	input_memory(&arena, &in, STR("{}  "));
	assert_true(report_stream(&arena, &in, NULL, sink, &report, &err));
	struct hash128 whole = hash128(STR("{}  "));
	assert_str(input_hash(&arena, &in),
	           str_fmt(&arena, "%016llx%016llx", (unsigned long long)whole.high, (unsigned long long)whole.low).at);
}

static void matches_nothing_when_nothing_is_known(void **state)
{
	(void)state;
	struct match_known none = {.root = STR_NONE};
	struct matcher *m = match_begin(&arena, &none);
	assert_string_equal(junit(m, "a.b", "t", ""), "unknown file");
	assert_string_equal(node(m, "a.py::t"), "unknown file");
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	        STORY(cuts_the_longest_known_file_from_a_classname),
	        STORY(says_why_a_case_is_no_known_test),
	        STORY(lets_the_file_attribute_decide_only_between_equals),
	        STORY(finds_files_of_another_root),
	        STORY(strips_the_root_the_user_names),
	        STORY(adds_parameters_up),
	        STORY(names_a_run_by_its_bytes),
	        STORY(matches_nothing_when_nothing_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
