/* The backtest on histories whose answer can be said. */
#include "estimate/backtest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct arena arena;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

enum { FILES = 12 };

/* `runs` runs of FILES files with one test each, file f taking (f + 1) s, changed by `us`. */
static struct history told(int runs, int64_t (*us)(int run, int file))
{
	struct history h = {0};
	for (int r = 0; r < runs; r++)
		vec_push(
		        &arena, &h.runs,
		        ((struct history_run){.id = str_fmt(&arena, "r%02d", r), .lane = STR_NONE, .time = r * 86400}));
	for (int f = 0; f < FILES; f++)
		for (int r = 0; r < runs; r++)
			if (us(r, f))
				vec_push(&arena, &h.samples,
				         ((struct history_sample){.unit = str_fmt(&arena, "t/test_%02d.py::test_it", f),
				                                  .run = (uint32_t)r,
				                                  .us = us(r, f),
				                                  .setup_us = MS_UNKNOWN,
				                                  .call_us = MS_UNKNOWN,
				                                  .teardown_us = MS_UNKNOWN}));
	return h;
}

static int64_t constant(int run, int file)
{
	(void)run;
	return (file + 1) * 1000000;
}

static void is_exact_when_nothing_changes(void **state)
{
	(void)state;
	struct history h = told(5, constant);
	struct backtest b = backtest_all(&arena, &h, NULL, 0, (struct backtest_shape){3, false});
	assert_int_equal(b.rows.n, 4);
	for (size_t i = 0; i < b.rows.n; i++) {
		const struct backtest_row *row = &b.rows.at[i];
		assert_int_equal(row->run, i + 1);
		assert_int_equal(row->files, FILES);
		assert_int_equal(row->new_units, 0);
		assert_int_equal(row->total_us, 78000000);
		assert_int_equal(row->bound_us, 26000000);
		for (int way = 0; way < WAYS; way++)
			assert_int_equal(row->makespan_us[way], 26000000);
		/* Within a thousandth: the level is a logarithm. */
		assert_in_range(row->predicted_us, 77922000, 78078000);
	}
	assert_int_equal(b.mean_ppm[WAY_OURS], 0);
}

static int64_t growing(int run, int file)
{
	return file == FILES - 1 && run < 3 ? 0 : constant(run, file);
}

static void plans_on_what_was_known_before(void **state)
{
	(void)state;
	struct history h = told(4, growing);
	struct backtest b = backtest_all(&arena, &h, NULL, 0, (struct backtest_shape){3, false});
	assert_int_equal(b.rows.n, 3);
	assert_int_equal(b.rows.at[1].new_units, 0);
	assert_int_equal(b.rows.at[2].new_units, 1);
	/* The new file, 12 s, is dealt as nothing, so last, onto the shard with the least. */
	assert_true(b.rows.at[2].makespan_us[WAY_P85] > b.rows.at[2].bound_us);
	for (int way = 0; way < WAYS; way++)
		assert_true(b.rows.at[2].makespan_us[way] >= b.rows.at[2].bound_us);
}

static int64_t slow_part(int run, int file)
{
	if (run == 3)
		return file < FILES / 2 ? 4 * constant(run, file) : 0; /* half of the files, on a slow machine */
	return constant(run, file);
}

static void is_better_than_the_last_value_after_a_slow_partial_run(void **state)
{
	(void)state;
	struct history h = told(5, slow_part);
	struct backtest b = backtest_all(&arena, &h, NULL, 0, (struct backtest_shape){3, false});
	const struct backtest_row *last = &b.rows.at[b.rows.n - 1];
	assert_int_equal(last->bound_us, 26000000);
	assert_true(last->makespan_us[WAY_LAST] > 30000000);
	assert_int_equal(last->makespan_us[WAY_OURS], 26000000);
}

static int64_t lopsided(int run, int file)
{
	(void)run;
	return file ? 1000000 : 60000000;
}

static void bounds_by_the_longest_file_unless_it_is_split(void **state)
{
	(void)state;
	struct history h = told(3, lopsided);
	struct backtest whole = backtest_all(&arena, &h, NULL, 0, (struct backtest_shape){4, false});
	assert_int_equal(whole.rows.at[0].bound_us, 60000000);
	assert_int_equal(whole.rows.at[0].makespan_us[WAY_OURS], 60000000);
	struct backtest split = backtest_all(&arena, &h, NULL, 0, (struct backtest_shape){4, true});
	assert_int_equal(split.rows.at[0].bound_us, 60000000);
	assert_int_equal(split.rows.at[0].makespan_us[WAY_OURS], 60000000);
}

static void has_nothing_to_say_of_one_run(void **state)
{
	(void)state;
	struct history h = told(1, constant);
	struct backtest b = backtest_all(&arena, &h, NULL, 0, (struct backtest_shape){3, false});
	assert_int_equal(b.rows.n, 0);
	assert_int_equal(b.mean_ppm[WAY_OURS], 0);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	        STORY(is_exact_when_nothing_changes),
	        STORY(plans_on_what_was_known_before),
	        STORY(is_better_than_the_last_value_after_a_slow_partial_run),
	        STORY(bounds_by_the_longest_file_unless_it_is_split),
	        STORY(has_nothing_to_say_of_one_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
