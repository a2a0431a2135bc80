/* Our block in a user's file: everything else keeps its bytes. */
#include "emit/into.h"
#include "sample.h"

static struct arena arena;

static const char job[] = "lane:\n  runs-on: x\n  steps:\n    - run: |\n        a\n\n        b\n";

static struct str splice(enum into_kind kind, const char *file, const char *block)
{
	struct into into = {.kind = kind, .path = "pr.yml"};
	struct err err = {0};
	struct str result;
	if (!into_splice(&arena, &into, str_of(file), str_of(block), &result, &err))
		fail_msg("%s", err.text);
	return result;
}

static void refuses(const char *file, const char *sentence)
{
	struct into into = {.kind = INTO_JOBS, .path = "pr.yml"};
	struct err err = {0};
	struct str result;
	assert_false(into_splice(&arena, &into, str_of(file), str_of(job), &result, &err));
	assert_int_equal(err.code, ERR_FINDING);
	if (!strstr(err.text, sentence))
		fail_msg("\"%s\" does not say \"%s\"", err.text, sentence);
}

/* `result` is `before`, our block, `after`. */
static void stands_between(struct str result, const char *before, const char *after)
{
	if (!str_starts(result, str_of(before)) || !str_ends(result, str_of(after)))
		fail_msg("%.*s", STR_ARG(result));
	struct str block = str_slice(result, strlen(before), result.n - strlen(after));
	assert_true(str_starts(str_trim(block), STR("# >>> lanewright:begin lanes sha256=")));
	assert_true(str_ends(str_trim(block), STR("# <<< lanewright:end lanes")));
}

static void goes_to_the_end_of_the_jobs(void **state)
{
	(void)state;
	stands_between(splice(INTO_JOBS, "jobs:\n  a:\n    runs-on: x\n", job), "jobs:\n  a:\n    runs-on: x\n", "");
	stands_between(splice(INTO_JOBS, "jobs:\n    a:\n        runs-on: x\n\n# of env\nenv:\n  A: b\n", job),
	               "jobs:\n    a:\n        runs-on: x\n", "\n# of env\nenv:\n  A: b\n");
	stands_between(splice(INTO_JOBS, "jobs:\n  a:\n    env: {x: y} # flow\n  # of jobs\n\n  # too\n# not\n", job),
	               "jobs:\n  a:\n    env: {x: y} # flow\n  # of jobs\n\n  # too\n", "# not\n");
	stands_between(splice(INTO_JOBS, "jobs:\n  a:\n    steps:\n    - run: |+\n        x\n\n\non: push\n", job),
	               "jobs:\n  a:\n    steps:\n    - run: |+\n        x\n\n\n", "on: push\n");
	stands_between(splice(INTO_JOBS, "jobs:\n  a:\n    b:\n", job), "jobs:\n  a:\n    b:\n", "");
	stands_between(splice(INTO_JOBS, "jobs:\n", job), "jobs:\n", "");
	stands_between(splice(INTO_JOBS, "on: push\njobs: # none yet\nname: x\n", job), "on: push\njobs: # none yet\n",
	               "name: x\n");
}

static void takes_no_line_of_the_same_length_for_a_marker(void **state)
{
	(void)state;
	struct str once = splice(INTO_JOBS, "jobs:\n  a:\n    name: twelve letters twice\n", job);
	struct str twice = splice(INTO_JOBS, str_c(&arena, once), job);
	assert_true(str_eq(once, twice));
	assert_int_equal(strlen("name: twelve letters twice"), strlen("# <<< lanewright:end lanes"));
}

static void has_the_indent_of_the_jobs(void **state)
{
	(void)state;
	struct str result = splice(INTO_JOBS, "jobs:\n    a:\n        runs-on: x\n", job);
	assert_true(str_has(result, STR("\n    # >>> lanewright")));
	assert_true(str_has(result, STR("\n    lane:\n      runs-on: x\n")));
	assert_true(str_has(result, STR("\n            a\n\n            b\n")));
	assert_true(str_has(result, STR("\n    # <<< lanewright:end lanes\n")));
}

static void keeps_a_missing_last_line_end(void **state)
{
	(void)state;
	struct str result = splice(INTO_JOBS, "jobs:\n  a:\n    runs-on: x", job);
	stands_between(result, "jobs:\n  a:\n    runs-on: x\n", "");
	assert_int_equal(result.at[result.n - 1], 's');
	assert_true(str_eq(splice(INTO_JOBS, str_c(&arena, result), job), result));
	assert_true(str_ends(splice(INTO_LINES, "a: b", "x:\n"), STR("# <<< lanewright:end lanes")));
}

static void keeps_carriage_returns(void **state)
{
	(void)state;
	struct str result = splice(INTO_JOBS, "jobs:\r\n  a:\r\n    runs-on: x\r\n\r\non: push\r\n", job);
	stands_between(result, "jobs:\r\n  a:\r\n    runs-on: x\r\n", "\r\non: push\r\n");
	for (size_t i = 0; i < result.n; i++)
		assert_true(result.at[i] != '\n' || (i > 0 && result.at[i - 1] == '\r'));
	assert_true(str_eq(splice(INTO_JOBS, str_c(&arena, result), job), result));
}

static void replaces_its_own_block_and_nothing_else(void **state)
{
	(void)state;
	const char *before = "# caf\xc3\xa9 \xe2\x82\xac\njobs:\n  a: {runs-on: x}   \n\n";
	const char *after = "\n\n  b:\n    runs-on: y\t\n# end";
	struct str start =
	        str_fmt(&arena, "%s  # >>> lanewright:begin lanes\n  # <<< lanewright:end lanes%s", before, after);
	struct into into = {.kind = INTO_JOBS, .path = "pr.yml"};
	struct err err = {0};
	struct str one, two;
	assert_true(into_splice(&arena, &into, start, str_of(job), &one, &err));
	assert_true(str_starts(one, str_of(before)) && str_ends(one, str_of(after)));
	assert_true(into_splice(&arena, &into, one, STR("other:\n  runs-on: z\n"), &two, &err));
	assert_true(str_starts(two, str_of(before)) && str_ends(two, str_of(after)));
	assert_true(str_has(two, STR("\n  other:\n    runs-on: z\n")));
	assert_false(str_has(two, STR("lane:")));
	assert_true(str_eq(splice(INTO_JOBS, str_c(&arena, two), job), one));
}

static void does_not_overwrite_what_a_person_edited(void **state)
{
	(void)state;
	struct str made = splice(INTO_JOBS, "jobs:\n  a: {}\n", job);
	size_t at = str_find(made, STR("runs-on: x"), 0);
	char *edited = (char *)str_c(&arena, made);
	edited[at + 9] = 'y';
	refuses(edited, "was edited by hand");
	struct into into = {.kind = INTO_JOBS, .path = "pr.yml", .force = true};
	struct err err = {0};
	struct str result;
	assert_true(into_splice(&arena, &into, str_of(edited), str_of(job), &result, &err));
	assert_true(str_eq(result, made));
}

static void is_not_edited_by_gits_line_ends(void **state)
{
	(void)state;
	struct str made = splice(INTO_JOBS, "jobs:\n  a: {}\n", job);
	struct buf crlf;
	buf_init(&crlf, &arena);
	for (size_t i = 0; i < made.n; i++) {
		if (made.at[i] == '\n')
			buf_char(&crlf, '\r');
		buf_char(&crlf, made.at[i]);
	}
	struct str file = buf_str(&crlf);
	assert_true(str_eq(splice(INTO_JOBS, str_c(&arena, file), job), file));
}

/* The same lines in a script are text of the script. */
static void does_not_take_a_script_for_markers(void **state)
{
	(void)state;
	const char *file = "jobs:\n  a:\n    steps:\n      - run: |\n          # >>> lanewright:begin lanes sha256=0\n"
	                   "          echo\n          # <<< lanewright:end lanes\n      - run: \"x\n\n"
	                   "          # >>> lanewright:begin lanes sha256=0\n\n          y\"\n";
	stands_between(splice(INTO_JOBS, file, job), file, "");
	const char *accents =
	        "# \xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\njobs:\n  a:\n"
	        "    x: |\n      # >>> lanewright:begin lanes sha256=0\n";
	stands_between(splice(INTO_JOBS, accents, job), accents, "");
}

static void wants_one_pair_of_markers(void **state)
{
	(void)state;
	refuses("jobs:\n  a: {}\n  # >>> lanewright:begin lanes sha256=0\n", "1 begin and 0 end");
	refuses("jobs:\n  a: {}\n  # <<< lanewright:end lanes\n  # >>> lanewright:begin lanes\n",
	        "one pair in this order");
	refuses("jobs:\n  # >>> lanewright:begin lanes\n  # <<< lanewright:end lanes\n"
	        "  # >>> lanewright:begin lanes\n  # <<< lanewright:end lanes\n",
	        "2 begin and 2 end");
}

static void refuses_a_file_that_is_no_workflow(void **state)
{
	(void)state;
	refuses("", "no `jobs:`");
	refuses("on: push\n", "no `jobs:`");
	refuses("- jobs\n", "no `jobs:`");
	refuses("jobs: {a: {}}\n", "a line each");
	refuses("jobs: [a]\n", "a line each");
	refuses("jobs: a\n", "a line each");
	refuses("jobs:\n  a: {}\n---\njobs:\n  b: {}\n", "more than one YAML document");
	refuses("jobs:\n  a: [\n", "pr.yml:");
	refuses("jobs:\n  \xff: x\n", "UTF-8");
}

static void refuses_a_job_that_is_there_already(void **state)
{
	(void)state;
	refuses("jobs:\n  lane:\n    runs-on: x\n", "there is a job lane already");
}

static void refuses_markers_that_are_not_below_jobs(void **state)
{
	(void)state;
	struct into into = {.kind = INTO_JOBS, .path = "pr.yml", .force = true};
	static const char *const bad[] = {
	        "jobs:\n  a: {}\nenv:\n  # >>> lanewright:begin lanes\n  # <<< lanewright:end lanes\n",
	        "jobs:\n  a:\n    # >>> lanewright:begin lanes\n    # <<< lanewright:end lanes\n    runs-on: x\n",
	        "jobs:\n  a: {\n  # >>> lanewright:begin lanes\n  # <<< lanewright:end lanes\n  }\n",
	};
	for (size_t i = 0; i < 3; i++) {
		struct err err = {0};
		struct str result;
		assert_false(into_splice(&arena, &into, str_of(bad[i]), str_of(job), &result, &err));
		assert_int_equal(err.code, ERR_FINDING);
	}
}

static void stands_in_any_file_of_lines(void **state)
{
	(void)state;
	const char *before = "all:\n\ttrue\n";
	stands_between(splice(INTO_LINES, before, "x:\n\ty\n"), before, "");
	struct str made = splice(INTO_LINES,
	                         "a\n  # >>> lanewright:begin lanes sha256="
	                         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
	                         "# <<< lanewright:end lanes\nb",
	                         "x\n");
	assert_true(str_has(made, STR("\n  x\n")));
	assert_true(str_ends(made, STR("\n# <<< lanewright:end lanes\nb")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(goes_to_the_end_of_the_jobs),
	        cmocka_unit_test(takes_no_line_of_the_same_length_for_a_marker),
	        cmocka_unit_test(has_the_indent_of_the_jobs),
	        cmocka_unit_test(keeps_a_missing_last_line_end),
	        cmocka_unit_test(keeps_carriage_returns),
	        cmocka_unit_test(replaces_its_own_block_and_nothing_else),
	        cmocka_unit_test(does_not_overwrite_what_a_person_edited),
	        cmocka_unit_test(is_not_edited_by_gits_line_ends),
	        cmocka_unit_test(does_not_take_a_script_for_markers),
	        cmocka_unit_test(wants_one_pair_of_markers),
	        cmocka_unit_test(refuses_a_file_that_is_no_workflow),
	        cmocka_unit_test(refuses_a_job_that_is_there_already),
	        cmocka_unit_test(refuses_markers_that_are_not_below_jobs),
	        cmocka_unit_test(stands_in_any_file_of_lines),
	};
	int failed = cmocka_run_group_tests_name("emit/into", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
