/* Numbers of seconds, read to the microsecond. */
#include "report/seconds.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <locale.h>
#include <math.h>

struct row {
	const char *text;
	enum seconds_answer answer;
	int64_t us;
};

static const struct row rows[] = {
        {"0", SECONDS_OK, 0},
        {"0.000", SECONDS_OK, 0},
        {"-0.000", SECONDS_OK, 0},
        {"0.001", SECONDS_OK, 1000},
        {"1,234.5", SECONDS_OK, 1234500000},
        {"12,345", SECONDS_OK, 12345000000},
        {"1.5e1", SECONDS_OK, 15000000},
        {"5.0000000000e-05", SECONDS_OK, 50},
        {"4e-7", SECONDS_OK, 0},
        {"5e-7", SECONDS_OK, 1},
        {"0.0000005", SECONDS_OK, 1},
        {"0.00000049999999999999999999999", SECONDS_OK, 0},
        {" 3.25\n", SECONDS_OK, 3250000},
        {"+.5", SECONDS_OK, 500000},
        {"5.", SECONDS_OK, 5000000},
        {"86400", SECONDS_OK, 86400000000},
        {"86400.000001", SECONDS_TOO_LONG, 0},
        {"86400.00000000000000001", SECONDS_OK, 86400000000},
        {"1e-999999999999", SECONDS_OK, 0},
        {"1e999999999999", SECONDS_TOO_LONG, 0},
        {"0e999999999999", SECONDS_OK, 0},
        {"99999999999999999999999999999999", SECONDS_TOO_LONG, 0},
        {"00000000000000000000000000000000012.5", SECONDS_OK, 12500000},
        {"0.00000000000000000000000000000000012", SECONDS_OK, 0},
        {"-1", SECONDS_NEGATIVE, 0},
        {"-0.001", SECONDS_NEGATIVE, 0},
        {"nan", SECONDS_NAN, 0},
        {"NaN", SECONDS_NAN, 0},
        {"inf", SECONDS_NAN, 0},
        {"-Infinity", SECONDS_NAN, 0},
        {"", SECONDS_NONE, 0},
        {"  ", SECONDS_NONE, 0},
        {"1.5s", SECONDS_NO_NUMBER, 0},
        {"1.2.3", SECONDS_NO_NUMBER, 0},
        {".", SECONDS_NO_NUMBER, 0},
        {"e5", SECONDS_NO_NUMBER, 0},
        {"1e", SECONDS_NO_NUMBER, 0},
        {"--1", SECONDS_NO_NUMBER, 0},
        {"0x10", SECONDS_NO_NUMBER, 0},
        {"1_000", SECONDS_NO_NUMBER, 0},
        {"0,123", SECONDS_NO_NUMBER, 0}, /* a decimal comma; 123 seconds would be wrong by a thousand */
        {"1,23", SECONDS_NO_NUMBER, 0},
        {"1,2345", SECONDS_NO_NUMBER, 0},
        {"1234,567", SECONDS_NO_NUMBER, 0},
        {",123", SECONDS_NO_NUMBER, 0},
        {"1,,234", SECONDS_NO_NUMBER, 0},
};

static void reads_each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t us = 0;
		enum seconds_answer answer = seconds_parse(str_of(rows[i].text), &us);
		if (answer != rows[i].answer || (answer == SECONDS_OK && us != rows[i].us))
			fail_msg("\"%s\" gives %d, %lld us", rows[i].text, (int)answer, (long long)us);
	}
}

static void does_not_ask_the_locale(void **state)
{
	(void)state;
	(void)setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is installed */
	reads_each_row(NULL);
	(void)setlocale(LC_ALL, "C");
}

static void refuses_doubles_that_are_no_duration(void **state)
{
	(void)state;
	int64_t us;
	assert_int_equal(seconds_from_double(1.5, &us), SECONDS_OK);
	assert_int_equal(us, 1500000);
	assert_int_equal(seconds_from_double((double)NAN, &us), SECONDS_NAN);
	assert_int_equal(seconds_from_double((double)INFINITY, &us), SECONDS_NAN);
	assert_int_equal(seconds_from_double(-1e-9, &us), SECONDS_NEGATIVE);
	assert_int_equal(seconds_from_double(1e300, &us), SECONDS_TOO_LONG);
}

static void knows_the_time_of_a_run(void **state)
{
	(void)state;
	int64_t s = 0;
	assert_true(seconds_of_iso(STR("1970-01-01T00:00:00"), &s));
	assert_int_equal(s, 0);
	assert_true(seconds_of_iso(STR("2024-02-29T12:34:56.789012"), &s));
	assert_int_equal(s, 1709210096);
	assert_true(seconds_of_iso(STR("2024-02-29T12:34:56.789012+02:00"), &s));
	assert_int_equal(s, 1709202896);
	assert_true(seconds_of_iso(STR("2024-02-29T12:34:56Z"), &s));
	assert_int_equal(s, 1709210096);
	assert_true(seconds_of_iso(STR("2024-02-29 12:34"), &s));
	assert_int_equal(s, 1709210040);
	assert_true(seconds_of_iso(STR("1969-12-31T23:59:59-0030"), &s));
	assert_int_equal(s, 1799);
	static const char *const wrong[] = {
	        "", "2024", "2024-13-01", "2024-02-29T25:00:00", "yesterday", "2024-02-29T12:34:56 and more"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(seconds_of_iso(str_of(wrong[i]), &s));
}

static void writes_times_it_can_read_again(void **state)
{
	(void)state;
	struct arena out;
	arena_init(&out, NULL);
	for (int64_t s = -60000000000; s < 200000000000; s += 86399 * 1231) {
		struct str iso = seconds_to_iso(&out, s);
		int64_t again;
		assert_true(seconds_of_iso(iso, &again));
		assert_int_equal(again, s);
	}
	arena_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_each_row),
	        cmocka_unit_test(does_not_ask_the_locale),
	        cmocka_unit_test(refuses_doubles_that_are_no_duration),
	        cmocka_unit_test(knows_the_time_of_a_run),
	        cmocka_unit_test(writes_times_it_can_read_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
