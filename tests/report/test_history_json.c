/* A history written as JSON is the same when it is read again. */
#include "report/history_json.h"

#include "reading.h"

static struct history small(void)
{
	struct history h = {0};
	vec_push(&arena, &h.runs,
	         ((struct history_run){.id = STR("1"),
	                               .lane = STR_NONE,
	                               .machine = STR("m\n\"x\""),
	                               .source = STR("junit"),
	                               .time = -5}));
	vec_push(
	        &arena, &h.runs,
	        ((struct history_run){
	                .id = STR("2"), .lane = STR("a"), .machine = STR_NONE, .source = STR("reportlog"), .time = 9}));
	vec_push(&arena, &h.samples,
	         ((struct history_sample){STR("a.py::\xc3\xa9"), 0, OUTCOME_FAILED, 0, MS_UNKNOWN, MS_UNKNOWN,
	                                  MS_UNKNOWN}));
	vec_push(&arena, &h.samples,
	         ((struct history_sample){STR("a.py::\xc3\xa9"), 1, OUTCOME_PASSED, 7, 1, MS_UNKNOWN, 2}));
	vec_push(&arena, &h.samples, ((struct history_sample){STR("b.py::t"), 1, OUTCOME_ERROR, 86400000000, 1, 2, 3}));
	vec_push(&arena, &h.files, ((struct history_file){.path = STR("a.py"), .high = 0xfedcba9876543210, .low = 1}));
	return h;
}

static struct str written(const struct history *h, size_t *left_out)
{
	struct buf to;
	buf_init(&to, &arena);
	history_to_json(&to, h, left_out);
	return buf_str(&to);
}

static void reads_what_it_wrote(void **state)
{
	(void)state;
	struct history h = small(), again;
	size_t left_out;
	struct str text = written(&h, &left_out);
	assert_int_equal(left_out, 0);
	if (!history_from_json(&arena, text, &again, &err))
		fail_msg("%s", err.text);
	assert_int_equal(again.samples.n, 3);
	assert_int_equal(again.runs.n, 2);
	assert_int_equal(again.files.at[0].high, 0xfedcba9876543210);
	assert_int_equal(again.samples.at[1].setup_us, 1);
	assert_int_equal(again.samples.at[1].call_us, MS_UNKNOWN);
	assert_true(str_eq(written(&again, &left_out), text));
	struct history empty = {0};
	assert_true(history_from_json(&arena, written(&empty, &left_out), &again, &err));
	assert_int_equal(again.samples.n, 0);
}

static void leaves_out_what_json_cannot_say(void **state)
{
	(void)state;
	for (size_t at = 0; at < 3; at++) {
		struct history h = small(), again;
		size_t left_out;
		h.samples.at[at].unit = STR("\xff.py::t");
		struct str text = written(&h, &left_out);
		assert_int_equal(left_out, 1);
		if (!history_from_json(&arena, text, &again, &err))
			fail_msg("%s in %.*s", err.text, STR_ARG(text));
		assert_int_equal(again.samples.n, 2);
	}
}

static void refuses_what_is_no_export(void **state)
{
	(void)state;
	static const char *const wrong[][2] = {
	        {"{", "line 1"},
	        {"{}", "no exported history"},
	        {"{\"lanewright_history\": 2}", "another version (2"},
	        {"{\"lanewright_history\": 1, \"runs\": [{}]}", "no text \"id\""},
	        {"{\"lanewright_history\": 1, \"units\": {\"a\": [[0, \"passed\", 1]]}}", "a sample of a is not"},
	        {"{\"lanewright_history\": 1, \"units\": {\"a\": [], \"a\": []}}", "duplicate"},
	        {"{\"lanewright_history\": 1, \"files\": {\"a\": \"xyz\"}}", "32 digits"},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct history h;
		err = (struct err){0};
		assert_false(history_from_json(&arena, str_of(wrong[i][0]), &h, &err));
		if (!strstr(err.text, wrong[i][1]))
			fail_msg("%s: %s", wrong[i][0], err.text);
	}
#define RUN                                                                                                            \
	"{\"lanewright_history\": 1, \"runs\": [{\"id\": \"\", \"lane\": \"\", \"machine\": \"\", \"source\": \"\", \"time\": 1}], "
	static const char *const samples[] = {"[0, \"passed\", -1]",
	                                      "[0, \"passed\", 1.5]",
	                                      "[0, \"great\", 1]",
	                                      "[1, \"passed\", 1]",
	                                      "[-1, \"passed\", 1]",
	                                      "[0, \"passed\"]",
	                                      "[0, \"passed\", null]",
	                                      "[0, \"passed\", 1, 2]",
	                                      "0",
	                                      "[0, \"passed\", 99999999999999999]"};
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct history h;
		struct str text = str_fmt(&arena, "%s\"units\": {\"a\": [%s]}}", RUN, samples[i]);
		err = (struct err){0};
		if (history_from_json(&arena, text, &h, &err))
			fail_msg("%s was read", samples[i]);
	}
}

static void writes_durations_its_own_reader_reads(void **state)
{
	(void)state;
	struct durations_line lines[] = {{STR("a.py::t[\"\\x\"]"), 1500000}, {STR("b.py::t"), 7}, {STR("\xff"), 1}};
	struct buf to;
	buf_init(&to, &arena);
	durations_to_json(&to, lines, 3);
	assert_reads(buf_str(&to));
	assert_int_equal(report.cases.n, 2);
	assert_str(report.cases.at[0].node, "a.py::t[\"\\x\"]");
	assert_int_equal(report.cases.at[0].microseconds, 1500000);
	assert_int_equal(report.cases.at[1].microseconds, 7);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	        STORY(reads_what_it_wrote),
	        STORY(leaves_out_what_json_cannot_say),
	        STORY(refuses_what_is_no_export),
	        STORY(writes_durations_its_own_reader_reads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
