/* Files that were moved keep their past, when it is clear which is which. */
#include "estimate/moves.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;
static struct history history;
static VEC(struct history_file) files;
static strs tests;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	memset(&history, 0, sizeof history);
	memset(&files, 0, sizeof files);
	memset(&tests, 0, sizeof tests);
	vec_push(&arena, &history.runs, ((struct history_run){.id = STR("1")}));
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* Called in the order of paths. */
static void was(const char *path, uint64_t content, const char *names)
{
	if (content)
		vec_push(&arena, &history.files, ((struct history_file){str_of(path), content, 1}));
	for (const char *n = names; *n; n++)
		vec_push(&arena, &history.samples,
		         ((struct history_sample){.unit = str_fmt(&arena, "%s::test_%c", path, *n), .us = 1}));
}

static void is(const char *path, uint64_t content, const char *names)
{
	vec_push(&arena, &files, ((struct history_file){str_of(path), content, 1}));
	for (const char *n = names; *n; n++)
		vec_push(&arena, &tests, str_fmt(&arena, "%s::test_%c", path, *n));
}

/* "from>to from>to" */
static const char *found(void)
{
	struct moves_now now = {files.at, files.n, tests.at, tests.n};
	history_moves moves = moves_find(&arena, &history, &now);
	struct str all = STR_NONE;
	for (size_t i = 0; i < moves.n; i++)
		all = str_fmt(&arena, "%.*s%s%.*s>%.*s", STR_ARG(all), i ? " " : "", STR_ARG(moves.at[i].from),
		              STR_ARG(moves.at[i].to));
	return str_c(&arena, all);
}

static void knows_a_file_by_its_content(void **state)
{
	(void)state;
	was("a.py", 7, "x");
	was("stays.py", 8, "x");
	is("b/new.py", 7, "x");
	is("stays.py", 9, "x");
	assert_string_equal(found(), "a.py>b/new.py");
}

static void knows_a_changed_file_by_the_names_of_its_tests(void **state)
{
	(void)state;
	was("a.py", 7, "xyz");
	was("c/test_one.py", 0, "x");
	is("b.py", 10, "xyz");
	is("d/test_one.py", 11, "x");
	assert_string_equal(found(), "a.py>b.py c/test_one.py>d/test_one.py");
}

static void does_not_guess(void **state)
{
	(void)state;
	was("a.py", 7, "xyz"); /* two files have its content */
	was("c.py", 8, "x");   /* one test of a common name */
	was("e.py", 0, "opq"); /* two files have its names */
	was("f.py", 0, "opq");
	was("g.py", 12, "abc"); /* its new place has a past of its own */
	was("k.py", 0, "mno");
	is("a1.py", 7, "xyz");
	is("a2.py", 7, "xyz");
	is("d.py", 9, "x");
	is("h.py", 10, "opq");
	is("k.py", 12, "abc");
	assert_string_equal(found(), "");
}

static void finds_nothing_in_nothing(void **state)
{
	(void)state;
	assert_string_equal(found(), "");
	is("a.py", 1, "x");
	assert_string_equal(found(), "");
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest all[] = {
	        STORY(knows_a_file_by_its_content),
	        STORY(knows_a_changed_file_by_the_names_of_its_tests),
	        STORY(does_not_guess),
	        STORY(finds_nothing_in_nothing),
	};
	return cmocka_run_group_tests(all, NULL, NULL);
}
