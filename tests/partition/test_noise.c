/* Quantiles against values from tables of the normal distribution. */
#include "partition/noise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void is_about(int64_t value, int64_t expected)
{
	assert_in_range(value, expected - expected / 1000 - 1, expected + expected / 1000 + 1);
}

static void knows_one_shard(void **state)
{
	(void)state;
	struct noisy_end end = {100000, 10000 * INT64_C(10000)};
	is_about(noise_quantile(&end, 1, 50), 100000);
	is_about(noise_quantile(&end, 1, 95), 116449); /* 1.6449 deviations */
	is_about(noise_quantile(&end, 1, 5), 83551);
	end.variance = 0;
	assert_int_equal(noise_quantile(&end, 1, 95), 100000);
}

static void knows_that_the_last_of_many_is_late(void **state)
{
	(void)state;
	struct noisy_end ends[8];
	for (int j = 0; j < 8; j++)
		ends[j] = (struct noisy_end){100000, 10000 * INT64_C(10000)};
	is_about(noise_quantile(ends, 8, 50), 113822); /* the normal quantile of the eighth root of a half: 1.3822 */
	is_about(noise_quantile(ends, 8, 95), 124901); /* of 0.95: 2.4901 */
	for (int j = 1; j < 8; j++)
		ends[j].mean_ms = 10000; /* those that end early do not count */
	is_about(noise_quantile(ends, 8, 50), 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(knows_one_shard),
	        cmocka_unit_test(knows_that_the_last_of_many_is_late),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
