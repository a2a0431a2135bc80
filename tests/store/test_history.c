/* The history keeps what it was given, once, whole, whatever happens meanwhile. */
#include "store/history.h"
#include "base/file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static struct arena arena;
static struct err err;
static char dir[64], path[96];

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	err = (struct err){0};
	/* In memory where there is such a folder: thousands of fsyncs take a minute on a disk. */
	snprintf(dir, sizeof dir, "%s/lanewright-history-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof path, "%s/history.db", dir);
	return 0;
}

static int end(void **state)
{
	(void)state;
	char journal[128];
	snprintf(journal, sizeof journal, "%s-journal", path);
	unlink(path);
	unlink(journal);
	rmdir(dir);
	arena_free(&arena);
	return 0;
}

static struct history_run run(const char *id, int64_t time, const char *lane)
{
	return (struct history_run){
	        .id = str_of(id), .time = time, .lane = str_of(lane), .machine = STR_NONE, .source = STR("junit")};
}

static struct history_sample sample(const char *unit, int64_t us)
{
	return (struct history_sample){.unit = str_of(unit),
	                               .us = us,
	                               .setup_us = MS_UNKNOWN,
	                               .call_us = MS_UNKNOWN,
	                               .teardown_us = MS_UNKNOWN};
}

static bool try_record(struct history_run r, const struct history_sample *samples, size_t n,
                       struct history_change *change)
{
	struct history_db *db;
	err = (struct err){0};
	if (!history_open(&arena, &db, path, HISTORY_WRITE, &err))
		return false;
	bool ok = history_record(db, &r, &(struct history_batch){.samples = samples, .n = n}, change, &err);
	history_close(db);
	return ok;
}

static struct history_change record(struct history_run r, const struct history_sample *samples, size_t n)
{
	struct history_change change;
	if (!try_record(r, samples, n, &change))
		fail_msg("%s", err.text);
	return change;
}

static bool try_read(struct history *history)
{
	struct history_db *db;
	err = (struct err){0};
	if (!history_open(&arena, &db, path, HISTORY_READ, &err))
		return false;
	bool ok = history_samples(db, &arena, history, &err);
	history_close(db);
	return ok;
}

static struct history all(void)
{
	struct history history;
	if (!try_read(&history))
		fail_msg("%s", err.text);
	return history;
}

static void assert_str(struct str s, const char *expected)
{
	if (!str_eq(s, str_of(expected)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(s), expected);
}

static void assert_says(const char *part)
{
	if (!strstr(err.text, part))
		fail_msg("it says \"%s\", not \"%s\"", err.text, part);
}

static void gives_back_what_was_recorded(void **state)
{
	(void)state;
	struct history_sample samples[] = {sample("b.py::t", 2500),
	                                   sample("a.py::T::t", 0),
	                                   {.unit = STR("c.py::t\xc3\xa9"),
	                                    .outcome = OUTCOME_FAILED,
	                                    .us = 86400000000,
	                                    .setup_us = 1,
	                                    .call_us = MS_UNKNOWN,
	                                    .teardown_us = 3}};
	struct history_change change = record(run("two", 200, "elastic"), samples, 3);
	assert_int_equal(change.added, 3);
	record(run("one", 100, ""), samples, 1);
	struct history h = all();
	assert_int_equal(h.runs.n, 2);
	assert_str(h.runs.at[0].id, "one");
	assert_int_equal(h.runs.at[0].time, 100);
	assert_str(h.runs.at[1].lane, "elastic");
	assert_str(h.runs.at[1].source, "junit");
	assert_int_equal(h.samples.n, 4);
	assert_str(h.samples.at[0].unit, "a.py::T::t");
	assert_int_equal(h.samples.at[0].us, 0);
	assert_int_equal(h.samples.at[0].run, 1);
	assert_str(h.samples.at[1].unit, "b.py::t");
	assert_int_equal(h.samples.at[1].run, 0);
	assert_int_equal(h.samples.at[2].run, 1);
	assert_int_equal(h.samples.at[3].us, 86400000000);
	assert_int_equal(h.samples.at[3].outcome, OUTCOME_FAILED);
	assert_int_equal(h.samples.at[3].setup_us, 1);
	assert_int_equal(h.samples.at[3].call_us, MS_UNKNOWN);
	assert_int_equal(h.samples.at[3].teardown_us, 3);
}

static void gives_an_empty_history_without_a_file(void **state)
{
	(void)state;
	struct history h = all();
	assert_int_equal(h.samples.n, 0);
	assert_false(file_exists(path));
	close(open(path, O_CREAT | O_WRONLY, 0666)); /* what a kill before the first transaction leaves */
	h = all();
	assert_int_equal(h.samples.n, 0);
	struct history_sample one = sample("a.py::t", 1);
	record(run("r", 1, ""), &one, 1);
	assert_int_equal(all().samples.n, 1);
}

static struct str bytes_of_file(void)
{
	struct str text;
	assert_true(file_read(&arena, path, &text, &err));
	return text;
}

static void changes_nothing_the_second_time(void **state)
{
	(void)state;
	struct history_sample samples[] = {sample("a.py::t", 1), sample("b.py::t", 2)};
	struct history_run r = run("r", 100, "x");
	r.is_time_guessed = true;
	record(r, samples, 2);
	struct history before = all();
	r.time = 999; /* now, as a later call would guess */
	struct history_change change = record(r, samples, 2);
	assert_int_equal(change.same, 2);
	assert_int_equal(change.added + change.changed, 0);
	struct history after = all();
	assert_int_equal(after.runs.n, 1);
	assert_int_equal(after.runs.at[0].time, 100);
	assert_int_equal(after.samples.n, before.samples.n);
}

static void keeps_lanes_of_a_run_apart_and_adds_shards_of_a_lane(void **state)
{
	(void)state;
	struct history_sample a = sample("a.py::t", 1), b = sample("b.py::t", 2);
	record(run("r", 100, "x"), &a, 1);
	record(run("r", 100, "y"), &a, 1);
	record(run("r", 101, "x"), &b, 1);
	struct history h = all();
	assert_int_equal(h.samples.n, 3);
	assert_int_equal(h.runs.n, 3);
}

static void lets_the_later_of_two_values_win(void **state)
{
	(void)state;
	struct history_sample low = sample("a.py::t", 1), high = sample("a.py::t", 2);
	record(run("r", 100, "x"), &low, 1);
	assert_int_equal(record(run("r", 100, "x"), &high, 1).changed, 1);
	assert_int_equal(record(run("r", 100, "x"), &low, 1).same, 1);
	assert_int_equal(record(run("r", 200, "x"), &low, 1).changed, 1);
	struct history h = all();
	assert_int_equal(h.samples.n, 1);
	assert_int_equal(h.samples.at[0].us, 1);
	assert_int_equal(h.runs.n, 1); /* the first is in no sample any more */
	assert_int_equal(h.runs.at[0].time, 200);
}

static void keeps_the_newest_of_a_unit(void **state)
{
	(void)state;
	struct history_sample one = sample("a.py::t", 1);
	for (int i = 0; i < HISTORY_CAP + 10; i++) {
		char id[16];
		snprintf(id, sizeof id, "r%03d", i);
		one.us = i;
		/* Not in the order of their times. */
		record(run(id, (i * 31) % (HISTORY_CAP + 10), ""), &one, 1);
	}
	struct history h = all();
	assert_int_equal(h.samples.n, HISTORY_CAP);
	assert_int_equal(h.runs.n, HISTORY_CAP);
	for (size_t i = 0; i < h.samples.n; i++) {
		assert_int_equal(h.samples.at[i].run, i);
		assert_int_equal(h.runs.at[i].time, i + 10);
	}
	/* One older than all is not added. */
	assert_int_equal(record(run("old", 1, ""), &one, 1).same, 1);
	assert_int_equal(all().runs.n, HISTORY_CAP);
}

static void alter(const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void is_read_only_when_its_schema_is_newer(void **state)
{
	(void)state;
	struct history_sample one = sample("a.py::t", 7);
	record(run("r", 1, ""), &one, 1);
	alter("PRAGMA user_version = 9");
	assert_int_equal(all().samples.at[0].us, 7);
	struct history_change change;
	assert_false(try_record(run("s", 2, ""), &one, 1, &change));
	assert_says("was written by a newer lanewright (schema 9; this one knows 1)");
	assert_int_equal(all().samples.n, 1);
}

static void says_that_a_newer_schema_cannot_be_read(void **state)
{
	(void)state;
	struct history_sample one = sample("a.py::t", 7);
	struct history h;
	record(run("r", 1, ""), &one, 1);
	alter("PRAGMA user_version = 9; ALTER TABLE run RENAME COLUMN lane TO track");
	assert_false(try_read(&h));
	assert_says("was written by a newer lanewright (schema 9; this one knows 1) and cannot be read here");
}

static void adds_nothing_to_samples_that_are_damaged(void **state)
{
	(void)state;
	struct history_sample one = sample("a.py::t", 7);
	struct history_change change;
	record(run("r", 1, ""), &one, 1);
	alter("UPDATE unit SET hash = hash + 1");
	assert_false(try_record(run("s", 2, ""), &one, 1, &change));
	assert_says("the samples of a.py::t are not what was written");
	alter("UPDATE unit SET hash = hash - 1");
	assert_int_equal(all().samples.n, 1);
}

static void notices_a_changed_content_of_a_file(void **state)
{
	(void)state;
	struct history_sample one = sample("a.py::t", 7);
	struct history_file file = {.path = STR("a.py"), .high = 1, .low = 2};
	struct history_batch batch = {.samples = &one, .n = 1, .files = &file, .n_files = 1};
	struct history_run r = run("r", 1, "");
	struct history_change change;
	struct history_db *db;
	struct history h;
	assert_true(history_open(&arena, &db, path, HISTORY_WRITE, &err));
	assert_true(history_record(db, &r, &batch, &change, &err));
	history_close(db);
	h = all();
	assert_int_equal(h.files.n, 1);
	assert_int_equal(h.files.at[0].high, 1);
	alter("UPDATE file SET high = 3");
	assert_false(try_read(&h));
	assert_says("a file's row is not what was written");
}

static void refuses_what_is_no_history(void **state)
{
	(void)state;
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE mine (x)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	struct history_change change;
	struct history_sample one = sample("a.py::t", 7);
	struct history h;
	assert_false(try_record(run("s", 2, ""), &one, 1, &change));
	assert_says("no history of lanewright's");
	assert_false(try_read(&h));
	assert_true(file_write(path, STR("these are no pages at all, but a text of some length"), &(struct err){0}));
	assert_false(try_read(&h));
	assert_says("is damaged");
	assert_says("history recover");
}

/* Any byte of the samples or runs changed is noticed: nothing else reads back as something new. */
static void notices_every_changed_byte(void **state)
{
	(void)state;
	struct history_sample samples[40];
	char ids[40][48];
	for (int i = 0; i < 40; i++) {
		snprintf(ids[i], sizeof ids[i], "tests/test_%02d.py::test_it", i);
		samples[i] = sample(ids[i], 1000 + i * 77);
	}
	record(run("one", 100, "x"), samples, 40);
	record(run("two", 200, "x"), samples, 40);
	struct history good = all();
	struct str bytes = bytes_of_file();
	char *copy = (char *)str_copy(&arena, bytes).at;
	size_t noticed = 0, harmless = 0;
	struct arena outer = arena;
	for (size_t i = 0; i < bytes.n; i += 7) {
		arena_init(&arena, NULL);
		copy[i] ^= (char)(1 << (i % 8));
		FILE *file = fopen(path, "wb");
		assert_non_null(file);
		fwrite(copy, 1, bytes.n, file);
		fclose(file);
		struct history h;
		if (!try_read(&h)) {
			noticed++;
		} else {
			/* Unused space, or a counter of SQLite's. */
			harmless++;
			assert_int_equal(h.samples.n, good.samples.n);
			for (size_t k = 0; k < h.samples.n; k++) {
				assert_true(str_eq(h.samples.at[k].unit, good.samples.at[k].unit));
				assert_int_equal(h.samples.at[k].us, good.samples.at[k].us);
				assert_int_equal(h.samples.at[k].run, good.samples.at[k].run);
			}
		}
		copy[i] ^= (char)(1 << (i % 8));
		arena_free(&arena);
	}
	arena = outer;
	assert_true(noticed > 100);
	assert_true(harmless > 0);
}

/* A child that records run `number`: every unit gets its time. */
static void record_many(int number)
{
	enum { UNITS = 400 };
	struct history_sample *samples = arena_array(&arena, struct history_sample, UNITS);
	for (int i = 0; i < UNITS; i++)
		samples[i] = sample(str_fmt(&arena, "tests/test_%03d.py::test_it", i).at, number);
	struct history_change change;
	const char *id = str_fmt(&arena, "run %d", number).at;
	_exit(try_record(run(id, number, ""), samples, UNITS, &change) ? 0 : 1);
}

static void is_whole_after_a_kill_at_any_moment(void **state)
{
	(void)state;
	unsigned seed = 12345;
	int whole_runs = 0;
	for (int i = 1; i <= 200; i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			record_many(i);
		seed = seed * 1103515245 + 12345;
		usleep((seed >> 8) % 25000);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		struct arena outer = arena;
		arena_init(&arena, NULL);
		struct history h = all();
		/* Each run is there for all units or for none. */
		size_t per_run = h.runs.n ? h.samples.n / h.runs.n : 400;
		assert_int_equal(per_run, 400);
		assert_int_equal(h.samples.n, h.runs.n * 400);
		whole_runs = (int)h.runs.n;
		arena_free(&arena);
		arena = outer;
	}
	/* Both happened, or the moments were badly chosen. */
	print_message("%d of 200 runs were committed before the kill\n", whole_runs);
	assert_true(whole_runs < 200);
}

/* A file that may not grow is what a full disk looks like from here. */
static void is_unchanged_when_it_cannot_be_written(void **state)
{
	(void)state;
	struct history_sample one = sample("a.py::t", 7);
	record(run("r", 1, ""), &one, 1);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct history_sample *many = arena_array(&arena, struct history_sample, 2000);
		for (int i = 0; i < 2000; i++)
			many[i] = sample(str_fmt(&arena, "tests/test_%d.py::t", i).at, i);
		struct rlimit limit = {32768, 32768};
		struct history_change change;
		signal(SIGXFSZ, SIG_IGN);
		bool failed = setrlimit(RLIMIT_FSIZE, &limit) == 0 && !try_record(run("s", 2, ""), many, 2000, &change);
		_exit(failed && strstr(err.text, path) ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	struct history h = all();
	assert_int_equal(h.samples.n, 1);
	assert_int_equal(h.runs.n, 1);
}

static void lets_processes_wait_for_each_other(void **state)
{
	(void)state;
	pid_t children[4];
	for (int c = 0; c < 4; c++) {
		children[c] = fork();
		assert_true(children[c] >= 0);
		if (children[c] != 0)
			continue;
		for (int i = 0; i < 10; i++) {
			struct history_sample one = sample("a.py::t", c * 100 + i);
			struct history_change change;
			const char *id = str_fmt(&arena, "run %d of %d", i, c).at;
			if (!try_record(run(id, c * 100 + i, ""), &one, 1, &change) || change.added != 1)
				_exit(1);
		}
		_exit(0);
	}
	for (int c = 0; c < 4; c++) {
		int status;
		assert_int_equal(waitpid(children[c], &status, 0), children[c]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(all().samples.n, 40);
}

static void says_that_a_folder_is_read_only(void **state)
{
	(void)state;
	struct history_change change;
	struct history_sample one = sample("a.py::t", 7);
	snprintf(path, sizeof path, "%s/missing/history.db", dir);
	assert_false(try_record(run("s", 2, ""), &one, 1, &change));
	assert_says("cannot open");
	snprintf(path, sizeof path, "%s/history.db", dir);
	record(run("s", 2, ""), &one, 1);
	if (geteuid() == 0)
		skip(); /* root writes anywhere */
	chmod(path, 0444);
	chmod(dir, 0555);
	assert_int_equal(all().samples.n, 1);
	assert_false(try_record(run("t", 3, ""), &one, 1, &change));
	assert_says("read-only");
	chmod(dir, 0755);
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	        STORY(gives_back_what_was_recorded),
	        STORY(gives_an_empty_history_without_a_file),
	        STORY(changes_nothing_the_second_time),
	        STORY(keeps_lanes_of_a_run_apart_and_adds_shards_of_a_lane),
	        STORY(lets_the_later_of_two_values_win),
	        STORY(keeps_the_newest_of_a_unit),
	        STORY(is_read_only_when_its_schema_is_newer),
	        STORY(says_that_a_newer_schema_cannot_be_read),
	        STORY(adds_nothing_to_samples_that_are_damaged),
	        STORY(notices_a_changed_content_of_a_file),
	        STORY(refuses_what_is_no_history),
	        STORY(notices_every_changed_byte),
	        STORY(is_whole_after_a_kill_at_any_moment),
	        STORY(is_unchanged_when_it_cannot_be_written),
	        STORY(lets_processes_wait_for_each_other),
	        STORY(says_that_a_folder_is_read_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
