/* Lines in, lines out: what is refused, what is exact, and that the order of lines is no matter. */
#include "partition/check.h"
#include "partition/decimal.h"
#include "partition/solve.h"
#include "partition/split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;
static struct err err;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	err = (struct err){0};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* The lines, or the message. */
static const char *run(const char *text, const char *lanes, uint32_t shards, struct str *stats)
{
	struct str lane_text = lanes ? str_of(lanes) : STR_NONE, lines, unused;
	struct split_ask ask = {str_of(text), "in", lanes ? &lane_text : NULL, "lanes", shards};
	err = (struct err){0};
	if (!split_run(&arena, &arena, &ask, &lines, stats ? stats : &unused, &err)) {
		assert_int_equal(err.code, ERR_USAGE);
		return str_c(&arena, str_of(err.text));
	}
	return lines.at;
}

static void deals_lines_to_shards(void **state)
{
	(void)state;
	struct str stats;
	assert_string_equal(run("3\ta\n2\tb\n1.5\tc\n0.5\td\n", NULL, 1, &stats), "1\ta\n1\tb\n1\tc\n1\td\n");
	assert_string_equal(str_c(&arena, stats),
	                    "{\"version\":1,\"makespan\":7,\"bound\":7,\"gap\":0,\"optimal\":true,\"shards\":1}\n");
	run("3\ta\n2\tb\n1.5\tc\n0.5\td\n", NULL, 2, &stats);
	assert_string_equal(str_c(&arena, stats),
	                    "{\"version\":1,\"makespan\":3.5,\"bound\":3.5,\"gap\":0,\"optimal\":true,"
	                    "\"shards\":2}\n");
	run("3\ta\n2\tb", NULL, 9, &stats); /* more shards than units: fewer shards */
	assert_non_null(strstr(stats.at, "\"shards\":2"));
}

static void reads_seconds_exactly(void **state)
{
	(void)state;
	struct str stats;
	run("9.2e-05\ta\n1E1\tb\n.5\tc\n1.\td\r\n", NULL, 1, &stats);
	assert_non_null(strstr(stats.at, "\"makespan\":11.500092,"));
	run("0\ta\n0.000\tb\n", NULL, 1, &stats);
	assert_non_null(strstr(stats.at, "\"makespan\":2,")); /* nothing takes no time: one unit of the scale each */
	run("0.1234567891234567\ta\n", NULL, 1, &stats);
	assert_non_null(strstr(stats.at, "\"makespan\":0.123456789,"));
}

static void refuses_wrong_lines(void **state)
{
	(void)state;
	static const struct {
		const char *text, *message;
	} rows[] = {
	        {"", "in: no units"},
	        {"1\ta\n\n", "in:2: expected seconds, a tab and a name, found \"\""},
	        {"1\ta\n-1\tb\n", "in:2: expected seconds, a tab and a name, found \"-1\""},
	        {"nan\ta\n", "in:1: expected seconds, a tab and a name, found \"nan\""},
	        {"1,5\ta\n", "in:1: expected seconds, a tab and a name, found \"1,5\""},
	        {" 1\ta\n", "in:1: expected seconds, a tab and a name, found \" 1\""},
	        {"1e\ta\n", "in:1: expected seconds, a tab and a name, found \"1e\""},
	        {".\ta\n", "in:1: expected seconds, a tab and a name, found \".\""},
	        {"0x1\ta\n", "in:1: expected seconds, a tab and a name, found \"0x1\""},
	        {"1 a\n", "in:1: expected seconds, a tab and a name, found \"1 a\""},
	        {"1\n", "in:1: expected seconds, a tab and a name"},
	        {"1\t\n", "in:1: expected seconds, a tab and a name"},
	        {"1\ta\tpg\tx\n", "in:1: expected seconds, a tab and a name, and fewer tabs"},
	        {"1\ta\n2\tb\n3\ta\n4\tb\n", "in:3: a is already on line 1"},
	        {"1e300\ta\n", "in:1: 1e300 seconds are too many"},
	        {"9223372036854775808\ta\n", "in:1: 9223372036854775808 seconds are too many"},
	        {"30000000000000\ta\n30000000000000\tb\n", "in: the seconds add up to more than can be counted"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(run(rows[i].text, NULL, 2, NULL), rows[i].message);
}

static void knows_lanes(void **state)
{
	(void)state;
	const char *lanes = "5\tpg\tpostgres\n10\tes\tpostgres,elastic\t2\n", *units =
	                                                                              "4\ta\tpostgres\n6\tb\telastic\n"
	                                                                              "6\tc\telastic, postgres\n1\td\n";
	struct str stats;
	assert_string_equal(run(units, lanes, 3, &stats), "pg\ta\nes-1\tb\nes-2\tc\npg\td\n");
	assert_non_null(strstr(stats.at, "\"makespan\":16,"));
	assert_string_equal(run("1\ta\tsolr\n", lanes, 3, NULL), "in:1: no lane offers solr");
	assert_string_equal(run("1\ta\tsolr|elastic\n", lanes, 3, NULL), "es\ta\n");
	assert_string_equal(run("1\ta\n", "5\tpg\t\n5\tpg\t\n", 1, NULL), "lanes:2: lane pg is already there");
	assert_string_equal(run("1\ta\n", "", 1, NULL), "lanes: no lanes");
	assert_string_equal(run("1\ta\n", "1\tx\ty\t0\n", 1, NULL),
	                    "lanes:1: expected a number of shards from 1 to 65535, found \"0\"");
	assert_string_equal(run("1\ta\tp\n1\tb\tq\n", "0\tx\tp\n0\ty\tq\n", 1, NULL),
	                    "1 shards are too few: the lanes with work need at least 2");
}

static uint64_t seed = 3;

static uint32_t draw(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % n);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *sorted_lines(const char *lines)
{
	char *copy = strdup(lines), *rows[512], *save = NULL, *all;
	size_t n = 0;
	strs parts = {0};
	for (char *row = strtok_r(copy, "\n", &save); row; row = strtok_r(NULL, "\n", &save))
		rows[n++] = row;
	qsort(rows, n, sizeof *rows, by_text);
	for (size_t i = 0; i < n; i++)
		vec_push(&arena, &parts, str_of(rows[i]));
	all = (char *)str_c(&arena, str_join(&arena, parts.at, parts.n, STR("\n")));
	free(copy);
	return all;
}

static void does_not_mind_the_order_of_lines(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		enum { N = 200 };
		char rows[N][40], text[N * 40] = "", shuffled[N * 40] = "";
		for (int i = 0; i < N; i++) {
			snprintf(rows[i], sizeof rows[i], "%u.%02u\tu%d\n", draw(9), draw(100), i);
			strcat(text, rows[i]);
		}
		const char *first = sorted_lines(run(text, NULL, 7, NULL));
		for (int i = N; i > 1; i--) {
			char swap[40];
			uint32_t j = draw((uint32_t)i);
			memcpy(swap, rows[i - 1], 40);
			memcpy(rows[i - 1], rows[j], 40);
			memcpy(rows[j], swap, 40);
		}
		for (int i = 0; i < N; i++)
			strcat(shuffled, rows[i]);
		assert_string_equal(sorted_lines(run(shuffled, NULL, 7, NULL)), first);
	}
}

static void writes_decimals(void **state)
{
	(void)state;
	static const struct {
		int64_t value;
		int32_t places;
		const char *text;
	} rows[] = {{0, 0, "0"}, {12500, 3, "12.5"}, {1, 9, "0.000000001"}, {1000, 3, "1"}, {1050, 3, "1.05"}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(str_c(&arena, decimal_write(&arena, rows[i].value, rows[i].places)), rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(deals_lines_to_shards, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(reads_seconds_exactly, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(refuses_wrong_lines, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(knows_lanes, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(does_not_mind_the_order_of_lines, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(writes_decimals, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
