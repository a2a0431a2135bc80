/* Estimates on series whose truth is known because they were made up. */
#include "estimate/estimate.h"
#include "estimate/logs.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

enum { UNITS = 20, RUNS_MOST = 40 };

static struct arena arena;
static struct history history;
static struct str ids[UNITS];
static struct estimate_ask asks[UNITS + 4];

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	history = (struct history){0};
	for (int i = 0; i < UNITS; i++) {
		struct str path = str_fmt(&arena, "tests/%s/test_%02d.py", i < UNITS / 2 ? "fast" : "slow", i);
		ids[i] = str_fmt(&arena, "%.*s::test_it", STR_ARG(path));
		asks[i] = (struct estimate_ask){
		        .test = ids[i], .path = path, .file_bytes = 1000, .file_tests = 1, .n_params = 1};
	}
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* us[run][unit]; 0 is not run.  The runs are a day apart. */
static void tell(int runs, int64_t us[][UNITS])
{
	for (int r = 0; r < runs; r++)
		vec_push(
		        &arena, &history.runs,
		        ((struct history_run){.id = str_fmt(&arena, "r%02d", r), .time = 86400 * r, .lane = STR_NONE}));
	for (int u = 0; u < UNITS; u++)
		for (int r = 0; r < runs; r++)
			if (us[r][u])
				vec_push(&arena, &history.samples,
				         ((struct history_sample){.unit = ids[u],
				                                  .run = (uint32_t)r,
				                                  .us = us[r][u],
				                                  .setup_us = MS_UNKNOWN,
				                                  .call_us = MS_UNKNOWN,
				                                  .teardown_us = MS_UNKNOWN}));
}

static struct estimate of(size_t i, size_t n)
{
	struct estimate *estimates = arena_array(&arena, struct estimate, n);
	estimate_all(&arena, &history, asks, n, estimates);
	return estimates[i];
}

/* A little noise that is the same on every machine: within 4 %. */
static int64_t noisy(int64_t us, int run, int unit)
{
	return us * (1000 + (run * 7919 + unit * 104729) % 81 - 40) / 1000;
}

static int64_t base_us(int unit)
{
	return unit < UNITS / 2 ? 100000 + unit * 5000 : 2000000 + unit * 50000;
}

static void fill(int runs, int64_t us[][UNITS])
{
	for (int r = 0; r < runs; r++)
		for (int u = 0; u < UNITS; u++)
			us[r][u] = noisy(base_us(u), r, u);
}

#define assert_near(ms, expected, percent)                                                                             \
	do {                                                                                                           \
		int64_t m = (ms), e = (expected);                                                                      \
		if (m < e - e * (percent) / 100 || m > e + e * (percent) / 100)                                        \
			fail_msg("%lld ms is not %lld ms", (long long)m, (long long)e);                                \
	} while (0)

static void keeps_to_a_calm_series(void **state)
{
	(void)state;
	int64_t us[10][UNITS];
	fill(10, us);
	tell(10, us);
	for (int u = 0; u < UNITS; u++) {
		struct estimate e = of((size_t)u, UNITS);
		assert_near(e.ms, base_us(u) / 1000, 5);
		assert_int_equal(e.source, ESTIMATE_HISTORY);
		assert_true(e.low < e.ms && e.ms < e.high);
		assert_true(e.low > e.ms * 8 / 10 && e.high < e.ms * 12 / 10);
		assert_true(e.variance > 0);
	}
}

static void follows_a_drift(void **state)
{
	(void)state;
	int64_t us[20][UNITS];
	fill(20, us);
	for (int r = 0; r < 20; r++)
		us[r][3] = noisy(100000 + 10000 * r, r, 3); /* doubles, and goes on */
	tell(20, us);
	assert_near(of(3, UNITS).ms, 290, 8);
	assert_near(of(4, UNITS).ms, 120, 5);
}

/* One took 6 % longer when it was seen again after a year, too little for a jump. */
static void believes_the_newest_after_a_long_pause(void **state)
{
	(void)state;
	int64_t us[10][UNITS];
	for (int r = 0; r < 10; r++)
		for (int u = 0; u < UNITS; u++)
			us[r][u] = base_us(u);
	us[9][UNITS - 1] = base_us(UNITS - 1) / 100 * 106;
	tell(10, us);
	history.runs.at[9].time += INT64_C(86400) * 365;
	int64_t ageless = of(UNITS - 1, UNITS).ms, newest = us[9][UNITS - 1] / 1000;
	history.half_life = INT64_C(86400) * 14;
	int64_t aged = of(UNITS - 1, UNITS).ms;
	assert_true(ageless < newest * 99 / 100);
	assert_true(aged > ageless);
	assert_near(aged, newest, 0);
}

static void starts_again_after_a_jump(void **state)
{
	(void)state;
	int64_t us[10][UNITS];
	fill(10, us);
	us[9][3] = 5000000;
	us[8][4] = us[9][4] = 5000000;
	tell(10, us);
	/* The first jump may still be chance; seen twice it is not. */
	assert_near(of(3, UNITS).ms, 5000, 12);
	assert_near(of(4, UNITS).ms, 5000, 2);
}

static void learns_that_the_suites_jumps_go_back(void **state)
{
	(void)state;
	int64_t us[12][UNITS];
	fill(12, us);
	/* A session's fixture is paid by another test each time. */
	for (int r = 1; r < 12; r++)
		us[r][r % 10] += 5000000;
	tell(12, us);
	/* The last to pay, in run 11, is unit 1: it has most of its own level, not of the 5.1 s. */
	assert_true(of(1, UNITS).ms < 1000);
	assert_near(of(5, UNITS).ms, base_us(5) / 1000, 6);
}

/* Setups known apart: 1 ms of each sample, and all of what is beyond 30 s. */
static void tell_setups(void)
{
	for (size_t i = 0; i < history.samples.n; i++) {
		struct history_sample *one = &history.samples.at[i];
		one->setup_us = one->us > 30000000 ? 30001000 : 1000;
		one->call_us = one->us - one->setup_us;
		one->teardown_us = 0;
	}
}

static void takes_a_long_setup_for_somebody_elses(void **state)
{
	(void)state;
	int64_t us[4][UNITS];
	fill(4, us);
	us[3][2] += 30000000;
	tell(4, us);
	assert_true(of(2, UNITS).ms > 10000); /* for all that is known it became slow */
	tell_setups();
	assert_near(of(2, UNITS).ms, base_us(2) / 1000, 6);
}

static void leaves_a_modules_fixture_to_its_file(void **state)
{
	(void)state;
	int64_t us[12][UNITS];
	fill(12, us);
	for (int u = UNITS / 2; u < UNITS; u++) {
		asks[u].path = STR("tests/slow.py");
		ids[u] = asks[u].test = str_fmt(&arena, "tests/slow.py::test_%02d", u);
		for (int r = 0; r < 12; r++)
			us[r][u] = noisy(10000, r, u);
	}
	for (int r = 0; r < 12; r++)
		us[r][UNITS / 2 + r * 7 % 10] += 30000000;
	tell(12, us);
	tell_setups();
	int64_t sum = 0;
	for (int u = UNITS / 2; u < UNITS; u++)
		sum += of((size_t)u, UNITS).ms;
	assert_near(sum, 30100, 6); /* the runs are not all as fast */
}

static void keeps_what_a_file_pays_each_time(void **state)
{
	(void)state;
	int64_t us[12][UNITS];
	fill(12, us);
	/* The tests 10 to 19 are one file, whose fixture is paid by another of them each time. */
	for (int u = UNITS / 2; u < UNITS; u++) {
		asks[u].path = STR("tests/slow.py");
		ids[u] = asks[u].test = str_fmt(&arena, "tests/slow.py::test_%02d", u);
		for (int r = 0; r < 12; r++)
			us[r][u] = noisy(10000, r, u);
	}
	for (int r = 0; r < 12; r++)
		us[r][UNITS / 2 + r * 7 % 10] += 5000000;
	tell(12, us);
	int64_t sum = 0;
	for (int u = UNITS / 2; u < UNITS; u++)
		sum += of((size_t)u, UNITS).ms;
	assert_near(sum, 5100, 8);
}

static void divides_out_a_slow_partial_run(void **state)
{
	(void)state;
	int64_t us[10][UNITS];
	fill(10, us);
	/* The last run had only the fast folder, on a machine half as fast. */
	for (int u = 0; u < UNITS; u++)
		us[9][u] = u < UNITS / 2 ? us[9][u] * 2 : 0;
	tell(10, us);
	int64_t fast = of(0, UNITS).ms, slow = of(UNITS - 1, UNITS).ms;
	/* Their proportion is what it was. */
	assert_near(slow * 1000 / fast, base_us(UNITS - 1) * 1000 / base_us(0), 8);
	assert_near(fast, base_us(0) / 1000, 8);
}

static void moves_to_a_new_machine(void **state)
{
	(void)state;
	int64_t us[12][UNITS];
	fill(12, us);
	for (int r = 4; r < 12; r++)
		for (int u = 0; u < UNITS; u++)
			us[r][u] /= 2;
	tell(12, us);
	assert_near(of(5, UNITS).ms, base_us(5) / 2000, 6);
}

static void expects_of_a_new_file_what_its_folder_does(void **state)
{
	(void)state;
	int64_t us[3][UNITS];
	fill(3, us);
	tell(3, us);
	static const char *const paths[] = {"tests/fast/test_new.py", "tests/slow/test_new.py", "other/test_new.py"};
	for (size_t i = 0; i < 3; i++)
		asks[UNITS + i] = (struct estimate_ask){.test = str_fmt(&arena, "%s::test_it", paths[i]),
		                                        .path = str_of(paths[i]),
		                                        .file_bytes = 1000,
		                                        .file_tests = 1,
		                                        .n_params = 1};
	struct estimate fast = of(UNITS, UNITS + 3), slow = of(UNITS + 1, UNITS + 3), other = of(UNITS + 2, UNITS + 3);
	assert_int_equal(fast.source, ESTIMATE_REGRESSION);
	assert_true(fast.ms < other.ms && other.ms < slow.ms);
	assert_true(fast.ms > 50 && fast.ms < 500);
	assert_true(slow.ms > 1000 && slow.ms < 5000);
	assert_true(slow.high > slow.ms * 2); /* it is a guess, and says so */
}

static void expects_more_of_a_larger_file(void **state)
{
	(void)state;
	int64_t us[3][UNITS];
	for (int u = 0; u < UNITS; u++) {
		asks[u].file_bytes = (uint64_t)(1000 * (u % 10 + 1));
		asks[u].path = str_fmt(&arena, "tests/test_%02d.py", u);
		for (int r = 0; r < 3; r++)
			us[r][u] = noisy(100000 * (u % 10 + 1), r, u);
	}
	tell(3, us);
	for (size_t i = 0; i < 2; i++)
		asks[UNITS + i] = (struct estimate_ask){.test = str_fmt(&arena, "tests/test_n%zu.py::t", i),
		                                        .path = str_fmt(&arena, "tests/test_n%zu.py", i),
		                                        .file_bytes = i ? 9000 : 1500,
		                                        .file_tests = 1,
		                                        .n_params = 1};
	assert_near(of(UNITS, UNITS + 2).ms, 150, 40);
	assert_near(of(UNITS + 1, UNITS + 2).ms, 900, 40);
}

static void is_never_zero(void **state)
{
	(void)state;
	int64_t us[3][UNITS];
	for (int r = 0; r < 3; r++)
		for (int u = 0; u < UNITS; u++)
			us[r][u] = 1;
	tell(3, us);
	struct estimate e = of(0, UNITS);
	assert_int_equal(e.ms, 1);
	assert_true(e.low >= 1 && e.high >= e.ms);
}

static void guesses_from_size_without_any_history(void **state)
{
	(void)state;
	asks[1].file_bytes = 20000;
	asks[2].n_params = 10;
	struct estimate e = of(0, UNITS);
	assert_int_equal(e.source, ESTIMATE_DEFAULT);
	assert_int_equal(e.ms, 100);
	assert_int_equal(of(1, UNITS).ms, 1050);
	assert_int_equal(of(2, UNITS).ms, 1000);
	asks[3] = (struct estimate_ask){.test = ids[3], .path = ids[3]};
	assert_int_equal(of(3, UNITS).ms, 50);
}

static void believes_a_failure_only_without_a_pass(void **state)
{
	(void)state;
	int64_t us[6][UNITS];
	fill(6, us);
	us[5][2] = 90000000;
	tell(6, us);
	for (size_t i = 0; i < history.samples.n; i++)
		if (history.samples.at[i].us == 90000000)
			history.samples.at[i].outcome = OUTCOME_FAILED;
	assert_near(of(2, UNITS).ms, base_us(2) / 1000, 6);
	for (size_t i = 0; i < history.samples.n; i++)
		if (str_eq(history.samples.at[i].unit, ids[2]))
			history.samples.at[i].outcome = OUTCOME_FAILED;
	assert_near(of(2, UNITS).ms, 90000, 6);
}

static void has_logarithms_of_its_own(void **state)
{
	(void)state;
	for (double x = 1e-12; x < 1e15; x *= 1.37) {
		assert_true(fabs(log_of(x) - log(x)) <= 1e-14 * (1 + fabs(log(x))));
		assert_true(fabs(exp_of(log(x)) / x - 1) < 1e-12);
	}
	assert_true(log_of(1) == 0 && exp_of(0) == 1);
	assert_true(exp_of(1e300) > 1e300 && exp_of(-1e300) >= 0);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	        STORY(keeps_to_a_calm_series),
	        STORY(follows_a_drift),
	        STORY(believes_the_newest_after_a_long_pause),
	        STORY(starts_again_after_a_jump),
	        STORY(learns_that_the_suites_jumps_go_back),
	        STORY(keeps_what_a_file_pays_each_time),
	        STORY(takes_a_long_setup_for_somebody_elses),
	        STORY(leaves_a_modules_fixture_to_its_file),
	        STORY(divides_out_a_slow_partial_run),
	        STORY(moves_to_a_new_machine),
	        STORY(expects_of_a_new_file_what_its_folder_does),
	        STORY(expects_more_of_a_larger_file),
	        STORY(is_never_zero),
	        STORY(guesses_from_size_without_any_history),
	        STORY(believes_a_failure_only_without_a_pass),
	        STORY(has_logarithms_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
