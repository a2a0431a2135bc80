/* The reports of corpus/shop: three months of them, and its durations. */
#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "report/tally.h"

#include "reading.h"

static const char shop[] = SOURCE_DIR "/corpus/shop";

/* The test functions and files the durations name: what a scan of the suite would know. */
struct names {
	strs tests, files;
};

static void add_new(strs *to, struct str s)
{
	if (to->n == 0 || !str_eq(to->at[to->n - 1], s))
		vec_push(&arena, to, s);
}

static struct names known_names(void)
{
	struct names names = {0};
	struct str text;
	assert_true(file_read(&arena, str_fmt(&arena, "%s/.test_durations", shop).at, &text, &err));
	assert_reads(text);
	assert_str(report.format, "durations");
	strs all = {0};
	for (size_t i = 0; i < report.cases.n; i++) {
		struct str node = report.cases.at[i].node;
		vec_push(&arena, &all, str_slice(node, 0, str_find(node, STR("["), 0)));
	}
	qsort(all.at, all.n, sizeof *all.at, str_cmp_qsort);
	for (size_t i = 0; i < all.n; i++) {
		add_new(&names.tests, all.at[i]);
		add_new(&names.files, str_slice(all.at[i], 0, str_find(all.at[i], STR("::"), 0)));
	}
	return names;
}

static void knows_nearly_every_case_of_three_months(void **state)
{
	(void)state;
	struct names names = known_names();
	struct match_known known = {.tests = names.tests.at,
	                            .n_tests = names.tests.n,
	                            .files = names.files.at,
	                            .n_files = names.files.n,
	                            .root = STR_NONE};
	struct tally tally;
	tally_begin(&tally, &arena, &known);
	DIR *dir = opendir(str_fmt(&arena, "%s/timings", shop).at);
	assert_non_null(dir);
	int files = 0;
	for (const struct dirent *entry; (entry = readdir(dir));) {
		if (!str_ends(str_of(entry->d_name), STR(".xml")))
			continue;
		struct report_input in;
		assert_true(input_open(&arena, &in, str_fmt(&arena, "%s/timings/%s", shop, entry->d_name).at, &err));
		if (!report_stream(&arena, &in, NULL, tally_sink(&tally), &report, &err))
			fail_msg("%s", err.text);
		input_close(&in);
		assert_str(report.format, "junit");
		assert_true(report.timestamp.n > 0);
		assert_int_equal(report.rejected.n, 0);
		files++;
	}
	closedir(dir);
	assert_true(files >= 20);
	assert_true(tally.cases > 5000);
	/* A file was renamed, and what was skipped has no time: nothing else is missed. */
	assert_int_equal(tally.missed_by[MATCH_NO_CLASSNAME], 0);
	assert_int_equal(tally.missed_by[MATCH_AMBIGUOUS_FILE], 0);
	assert_true(tally.missed * 20 < tally.cases);
	print_message("%d reports, %zu cases, %zu matched, %zu skipped, %zu missed\n", files, tally.cases,
	              tally.matched, tally.skipped, tally.missed);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	        STORY(knows_nearly_every_case_of_three_months),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
