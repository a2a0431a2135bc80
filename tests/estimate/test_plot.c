/* What `history show` draws. */
#include "estimate/plot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static void draws_a_line_for_each_sample(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, NULL);
	struct history h = {0};
	vec_push(&arena, &h.runs, ((struct history_run){.id = STR("1"), .lane = STR("a"), .time = 0}));
	vec_push(&arena, &h.runs,
	         ((struct history_run){.id = STR("2"), .lane = STR("elastic"), .time = 86400 * 366 + 60}));
	vec_push(&arena, &h.samples, ((struct history_sample){.unit = STR("a.py::t"), .run = 0, .us = 9}));
	vec_push(&arena, &h.samples, ((struct history_sample){.unit = STR("b.py::t"), .run = 0, .us = 1000000}));
	vec_push(&arena, &h.samples,
	         ((struct history_sample){.unit = STR("b.py::t"), .run = 1, .us = 2500000, .outcome = OUTCOME_FAILED}));
	struct buf to;
	buf_init(&to, &arena);
	assert_true(plot_unit(&to, &h, STR("b.py::t"), 10));
	buf_char(&to, '\0');
	assert_string_equal(to.at, "1970-01-01 00:00  a            1.000 s  ####\n"
	                           "1971-01-02 00:01  elastic      2.500 s  xxxxxxxxxx\n");
	to.n = 0;
	assert_true(plot_unit(&to, &h, STR("a.py::t"), 0));
	assert_false(plot_unit(&to, &h, STR("c.py::t"), 10));
	assert_false(plot_unit(&to, &h, STR("b.py::"), 10));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(draws_a_line_for_each_sample),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
