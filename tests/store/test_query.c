/* SQL over what lanewright knows: reading, and nothing else. */
#include "base/buf.h"
#include "store/query.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

static struct arena arena;
static struct err err;
static struct query query;
static struct buf result;

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	return 0;
}

static int end(void **state)
{
	(void)state;
	query_close(&query);
	query_close(&query);
	arena_free(&arena);
	return 0;
}

static bool opens(const char *sql)
{
	query_close(&query);
	err = (struct err){0};
	return query_open(&query, &arena, str_of(sql), &err);
}

static bool print(void *context, const struct query_value *values, size_t n, struct err *failed)
{
	(void)failed;
	struct buf *to = context;
	for (size_t i = 0; i < n; i++) {
		const char *between = i ? " " : "";
		switch (values[i].type) {
		case QUERY_NULL: buf_fmt(to, "%snull", between); break;
		case QUERY_INTEGER: buf_fmt(to, "%s%lld", between, (long long)values[i].integer); break;
		case QUERY_REAL: buf_fmt(to, "%s%.3f", between, values[i].real); break;
		case QUERY_TEXT: buf_fmt(to, "%s'%.*s'", between, STR_ARG(values[i].text)); break;
		}
	}
	buf_char(to, '\n');
	return true;
}

static void fill_marks(void)
{
	static const struct {
		const char *test, *mark;
	} rows[] = {{"t.py::a", "slow"}, {"t.py::b", "slow"}, {"t.py::b", "db"}};
	if (!query_wants(&query, QUERY_MARKS))
		return;
	assert_true(query_fill(&query, QUERY_MARKS, &err));
	for (size_t i = 0; i < 3; i++) {
		const struct query_value values[] = {query_text(str_of(rows[i].test)), query_text(str_of(rows[i].mark)),
		                                     query_some_text(i ? STR("t.py") : STR_NONE),
		                                     query_integer((int64_t)i + 1)};
		assert_true(query_row(&query, values, 4, &err));
	}
}

static void assert_answers(const char *sql, const char *expected)
{
	if (!opens(sql))
		fail_msg("%s: %s", sql, err.text);
	fill_marks();
	buf_init(&result, &arena);
	if (!query_run(&query, print, &result, &err))
		fail_msg("%s: %s", sql, err.text);
	buf_char(&result, '\0');
	assert_string_equal(result.at, expected);
}

static void assert_refused(const char *sql, const char *why)
{
	if (opens(sql))
		fail_msg("%s is allowed", sql);
	assert_int_equal(err.code, ERR_USAGE);
	if (!str_has(str_of(err.text), str_of(why)))
		fail_msg("%s: %s", sql, err.text);
}

static void answers(void **state)
{
	(void)state;
	assert_answers("SELECT mark, count(*) FROM v1_marks GROUP BY mark ORDER BY mark;  -- as text\n",
	               "'db' 1\n'slow' 2\n");
	assert_answers("SELECT path, line FROM v1_marks WHERE line < 3", "null 1\n't.py' 2\n");
	assert_answers("SELECT 1, 2.5, 'x', NULL, '', x'', x'616200'", "1 2.500 'x' null '' '' 'ab'\n");
	assert_answers("SELECT test FROM v1_tests", "");
	assert_answers(
	        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT sum(i) FROM n",
	        "10\n");
}

static void names_its_columns(void **state)
{
	(void)state;
	assert_true(opens("SELECT test, count(*) AS \"how many\" FROM v1_marks"));
	assert_int_equal(query.columns.n, 2);
	assert_string_equal(query.columns.at[0].at, "test");
	assert_string_equal(query.columns.at[1].at, "how many");
}

static void asks_for_the_tables_that_are_read(void **state)
{
	(void)state;
	assert_true(opens("SELECT count(*) FROM v1_imports AS i, (SELECT 1 FROM \"V1_Needs\") -- v1_plan, 'v1_tests'"));
	assert_true(query_wants(&query, QUERY_IMPORTS) && query_wants(&query, QUERY_NEEDS));
	assert_false(query_wants(&query, QUERY_PLAN) || query_wants(&query, QUERY_TESTS));
	assert_true(opens("SELECT 'v1_plan'"));
	assert_false(query_wants(&query, QUERY_PLAN));
}

static void has_as_many_columns_as_it_promises(void **state)
{
	(void)state;
	static const struct {
		const char *sql;
		enum query_table table;
	} all[] = {
#define ROW(number, name, columns) {"SELECT * FROM " name, number},
	        QUERY_TABLES(ROW)
#undef ROW
	};
	struct query_value values[16];
	for (size_t i = 0; i < QUERY_N_TABLES; i++) {
		assert_true(opens(all[i].sql));
		assert_true(query_wants(&query, all[i].table));
		size_t n = query.columns.n;
		for (size_t k = 0; k < n; k++)
			values[k] = query_seconds(1500);
		assert_true(query_fill(&query, all[i].table, &err));
		assert_true(query_row(&query, values, n, &err));
		buf_init(&result, &arena);
		assert_true(query_run(&query, print, &result, &err));
		assert_true(str_has(buf_str(&result), STR("1.5")));
	}
}

static void refuses_all_but_reading(void **state)
{
	(void)state;
	static const char *const deeds[] = {
	        "DELETE FROM v1_marks",
	        "INSERT INTO v1_marks VALUES (1, 2, 3, 4)",
	        "UPDATE v1_marks SET test = 1",
	        "DROP TABLE v1_marks",
	        "CREATE TABLE x (y)",
	        "CREATE TEMP VIEW x AS SELECT 1",
	        "ATTACH '/tmp/other.db' AS other",
	        "DETACH main",
	        "PRAGMA user_version = 3",
	        "PRAGMA table_info(v1_marks)",
	        "VACUUM INTO '/tmp/copy.db'",
	        "SELECT load_extension('/tmp/evil.so')",
	        "BEGIN",
	        "ROLLBACK",
	        "SAVEPOINT x",
	        "REINDEX",
	        "ANALYZE",
	        "WITH x AS (SELECT 1) INSERT INTO v1_marks SELECT 1, 2, 3, 4",
	};
	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
		assert_refused(deeds[i], "only reading is allowed");
}

static void says_what_is_wrong(void **state)
{
	(void)state;
	assert_refused("", "no statement");
	assert_refused("  -- nothing\n", "no statement");
	assert_refused("SELECT 1; SELECT 2", "more than one statement");
	assert_refused("SELECT 1; DROP TABLE v1_marks", "more than one statement");
	assert_refused("SELECT 1; nonsense", "more than one statement");
	assert_refused("SELEC 1", "syntax error");
	assert_refused("SELECT 1 FROM v1_test", "did you mean v1_tests?");
	assert_refused("SELECT 1 FROM elephants", "there are v1_files, v1_tests");
	assert_refused("SELECT tset FROM v1_tests", "at character 8: no such column: tset");
	assert_refused("SELECT v1_marks('x')", "no such function");
	query_close(&query);
	err = (struct err){0};
	assert_false(query_open(&query, &arena, STR("SELECT 1\0, 2"), &err));
	assert_int_equal(err.code, ERR_USAGE);
}

static void stops_what_has_no_end(void **state)
{
	(void)state;
	assert_true(opens("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"));
	query.steps = QUERY_STEPS_MOST - 10; /* it has gone on for long */
	buf_init(&result, &arena);
	assert_false(query_run(&query, print, &result, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_true(str_has(str_of(err.text), STR("no end")));
}

static void makes_no_giants(void **state)
{
	(void)state;
	assert_true(opens("SELECT length(zeroblob(1000000000))"));
	assert_false(query_run(&query, print, &result, &err));
	assert_int_equal(err.code, ERR_USAGE);
}

static bool refuse(void *context, const struct query_value *values, size_t n, struct err *failed)
{
	(void)values;
	++*(int *)context;
	return fail_finding(failed, "no more than %zu", n);
}

static void stops_when_nobody_takes_the_rows(void **state)
{
	(void)state;
	int calls = 0;
	assert_true(opens("SELECT 1 UNION SELECT 2"));
	assert_false(query_run(&query, refuse, &calls, &err));
	assert_int_equal(calls, 1);
	assert_string_equal(err.text, "no more than 1");
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        STORY(answers),
	        STORY(names_its_columns),
	        STORY(asks_for_the_tables_that_are_read),
	        STORY(has_as_many_columns_as_it_promises),
	        STORY(refuses_all_but_reading),
	        STORY(says_what_is_wrong),
	        STORY(stops_what_has_no_end),
	        STORY(makes_no_giants),
	        STORY(stops_when_nobody_takes_the_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
