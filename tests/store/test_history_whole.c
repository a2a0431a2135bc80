/* Histories united, thinned, moved and saved: the content decides, never the way it came about. */
#include "base/file.h"
#include "store/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static struct arena arena;
static struct err err;
static char dir[64];

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	err = (struct err){0};
	/* In memory where there is such a folder: thousands of fsyncs take a minute on a disk. */
	snprintf(dir, sizeof dir, "%s/lanewright-whole-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	return mkdtemp(dir) ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	int code = system(str_fmt(&arena, "rm -r %s", dir).at);
	arena_free(&arena);
	return code;
}

static const char *in_dir(const char *name)
{
	return str_fmt(&arena, "%s/%s", dir, name).at;
}

static unsigned seed;

static unsigned draw(unsigned below)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 12) % below;
}

/* A small world, so that histories overlap and disagree: few runs, lanes, units, times and values. */
static void record_something(const char *path)
{
	struct history_db *db;
	struct history_change change;
	assert_true(history_open(&arena, &db, path, HISTORY_WRITE, &err));
	for (unsigned i = draw(12); i > 0; i--) {
		struct history_run run = {.id = str_fmt(&arena, "run %u", draw(6)),
		                          .lane = draw(3) ? STR("a") : STR("b"),
		                          .machine = STR_NONE,
		                          .source = draw(4) ? STR("junit") : STR("durations"),
		                          .time = (int64_t)draw(4) * 86400};
		struct history_sample samples[4];
		size_t n = draw(4) + 1;
		for (size_t k = 0; k < n; k++)
			samples[k] = (struct history_sample){.unit = str_fmt(&arena, "t%u.py::t", draw(5)),
			                                     .outcome = draw(2) ? OUTCOME_PASSED : OUTCOME_FAILED,
			                                     .us = draw(3),
			                                     .setup_us = draw(2) ? 1 : MS_UNKNOWN,
			                                     .call_us = MS_UNKNOWN,
			                                     .teardown_us = MS_UNKNOWN};
		struct history_file file = {.path = STR("t1.py"), .high = draw(3), .low = 1};
		struct history_batch batch = {.samples = samples, .n = n, .files = &file, .n_files = 1};
		if (!history_record(db, &run, &batch, &change, &err))
			fail_msg("%s", err.text);
	}
	history_close(db);
}

static struct history read_path(const char *path)
{
	struct history_db *db = NULL;
	struct history history = {0};
	if (!history_open(&arena, &db, path, HISTORY_READ, &err) || !history_samples(db, &arena, &history, &err))
		fail_msg("%s", err.text);
	history_close(db);
	return history;
}

static struct history_change merge_into(const char *path, const char *const *others, size_t n)
{
	struct history_db *db;
	struct history_change change;
	struct history *all = arena_array(&arena, struct history, n);
	const struct history **parts = arena_array(&arena, const struct history *, n);
	for (size_t i = 0; i < n; i++) {
		all[i] = read_path(others[i]);
		parts[i] = &all[i];
	}
	assert_true(history_open(&arena, &db, path, HISTORY_WRITE, &err));
	if (!history_merge(db, parts, n, &change, &err))
		fail_msg("%s", err.text);
	history_close(db);
	return change;
}

static void copy_file(const char *from, const char *to)
{
	struct str text;
	assert_true(file_read(&arena, from, &text, &err) && file_write(to, text, &err));
}

/* SQLite counts changes and versions of the schema in its header: those bytes tell how often a file was written,
 * not what is in it. */
static struct str content_of(const char *path)
{
	struct str text;
	assert_true(file_read(&arena, path, &text, &err));
	assert_true(text.n >= 100);
	char *at = (char *)text.at;
	memset(at + 24, 0, 4);
	memset(at + 40, 0, 4);
	memset(at + 92, 0, 4);
	return text;
}

static void assert_same_bytes(const char *a, const char *b)
{
	struct str x = content_of(a), y = content_of(b);
	assert_int_equal(x.n, y.n);
	assert_memory_equal(x.at, y.at, x.n);
}

static void unites_in_any_order_grouping_and_repetition(void **state)
{
	(void)state;
	for (seed = 1; seed <= 40 * 1000; seed = seed / 1000 * 1000 + 1001) {
		unsigned round = seed;
		const char *a = in_dir("a"), *b = in_dir("b"), *c = in_dir("c"), *x = in_dir("x"), *y = in_dir("y");
		record_something(a);
		record_something(b);
		record_something(c);
		/* (a + b) + c */
		copy_file(a, x);
		merge_into(x, (const char *[]){b}, 1);
		merge_into(x, (const char *[]){c}, 1);
		/* c + (b + a + b), twice */
		copy_file(b, y);
		merge_into(y, (const char *[]){a, b}, 2);
		copy_file(c, in_dir("z"));
		merge_into(in_dir("z"), (const char *[]){y}, 1);
		assert_same_bytes(x, in_dir("z"));
		struct history_change again = merge_into(in_dir("z"), (const char *[]){y, c}, 2);
		assert_int_equal(again.added, 0);
		assert_same_bytes(x, in_dir("z"));
		unlink(a);
		unlink(b);
		unlink(c);
		seed = round;
	}
}

static struct history_sample sample(const char *unit, uint32_t run, int64_t us)
{
	return (struct history_sample){.unit = str_of(unit),
	                               .run = run,
	                               .us = us,
	                               .setup_us = MS_UNKNOWN,
	                               .call_us = MS_UNKNOWN,
	                               .teardown_us = MS_UNKNOWN};
}

static struct history made(void)
{
	struct history h = {0};
	for (int i = 0; i < 100; i++)
		vec_push(&arena, &h.runs,
		         ((struct history_run){.id = str_fmt(&arena, "r%03d", i),
		                               .lane = STR_NONE,
		                               .machine = STR_NONE,
		                               .source = STR("junit"),
		                               .time = i * 86400}));
	for (uint32_t i = 0; i < 100; i++)
		vec_push(&arena, &h.samples, sample("a.py::t", i, i));
	vec_push(&arena, &h.samples, sample("b.py::T::t", 0, 7));
	vec_push(&arena, &h.samples, sample("b.py::T::t", 99, 8));
	vec_push(&arena, &h.samples, sample("c.py::t", 0, 9));
	vec_push(&arena, &h.files, ((struct history_file){.path = STR("b.py"), .high = 1, .low = 2}));
	return h;
}

static void forgets_the_oldest_and_runs_without_samples(void **state)
{
	(void)state;
	struct history h = made();
	const struct history *parts[] = {&h};
	struct history u = history_union(&arena, parts, 1);
	assert_int_equal(u.samples.n, HISTORY_CAP + 3);
	assert_int_equal(u.runs.n, HISTORY_CAP + 1); /* the first is still named by b.py and c.py */
	assert_int_equal(u.samples.at[0].us, 100 - HISTORY_CAP);
}

static void prunes_by_time_file_and_number(void **state)
{
	(void)state;
	struct history h = made();
	struct history k = history_kept(&arena, &h, &(struct history_keep){.since = 90 * 86400});
	assert_int_equal(k.samples.n, 11);
	assert_int_equal(k.runs.n, 10);
	struct str files[] = {STR("b.py"), STR("c.py")};
	k = history_kept(&arena, &h, &(struct history_keep){.since = INT64_MIN, .files = files, .n_files = 2});
	assert_int_equal(k.samples.n, 3);
	assert_int_equal(k.files.n, 1);
	k = history_kept(&arena, &h, &(struct history_keep){.since = INT64_MIN, .newest = 1});
	assert_int_equal(k.samples.n, 3);
	assert_int_equal(k.samples.at[0].us, 99);
	assert_int_equal(k.samples.at[1].us, 8);
	assert_int_equal(k.runs.n, 2);
}

static void moves_units_with_their_file(void **state)
{
	(void)state;
	struct history h = made();
	struct history_move moves[] = {{STR("b.py"), STR("0/new.py")}, {STR("c.py"), STR("a.py")}};
	struct history m = history_moved(&arena, &h, moves, 2);
	assert_true(str_eq(m.samples.at[0].unit, STR("0/new.py::T::t")));
	assert_int_equal(m.samples.at[0].us, 7);
	assert_true(str_eq(m.files.at[0].path, STR("0/new.py")));
	/* c.py::t came under a.py::t: one value for each run, the newest HISTORY_CAP. */
	assert_int_equal(m.samples.n, 2 + HISTORY_CAP);
}

static void record_units(const char *path, int units, int runs)
{
	struct history_db *db;
	struct history_change change;
	assert_true(history_open(&arena, &db, path, HISTORY_WRITE, &err));
	for (int r = 0; r < runs; r++) {
		struct history_run run = {.id = str_fmt(&arena, "run %d", r),
		                          .lane = STR_NONE,
		                          .machine = STR_NONE,
		                          .source = STR("junit"),
		                          .time = r};
		struct history_sample *samples = arena_array(&arena, struct history_sample, (size_t)units);
		for (int i = 0; i < units; i++) {
			samples[i] = sample(str_fmt(&arena, "tests/test_%04d.py::test_it", i).at, 0, i + r);
			samples[i].setup_us = samples[i].call_us = samples[i].teardown_us = 86400000000;
		}
		assert_true(history_record(db, &run, &(struct history_batch){.samples = samples, .n = (size_t)units},
		                           &change, &err));
	}
	history_close(db);
}

static void damage(const char *path, size_t from, size_t n)
{
	FILE *file = fopen(path, "r+b");
	assert_non_null(file);
	fseek(file, (long)from, SEEK_SET);
	for (size_t i = 0; i < n; i++)
		fputc(0xa5, file);
	fclose(file);
}

static void assert_true_samples(const struct history *h)
{
	for (size_t i = 0; i < h->samples.n; i++) {
		unsigned u, r;
		struct str run = h->runs.at[h->samples.at[i].run].id;
		assert_int_equal(sscanf(h->samples.at[i].unit.at, "tests/test_%u.py", &u), 1);
		if (sscanf(run.at, "recovered-%u", &r) == 1)
			r--; /* runs are numbered from 1 */
		else
			assert_int_equal(sscanf(run.at, "run %u", &r), 1);
		assert_int_equal(h->samples.at[i].us, u + r);
	}
}

/* Each page in turn is overwritten: what is saved is true, and no more is lost than lay on it. */
static void saves_nearly_all(int units, int runs)
{
	const char *path = in_dir("history.db");
	record_units(path, units, runs);
	struct str whole;
	assert_true(file_read(&arena, path, &whole, &err));
	size_t pages = whole.n / 4096, all = (size_t)(units * runs), least = all;
	struct history_recovered recovered;
	assert_true(history_recover(&arena, path, &recovered, &err));
	assert_int_equal(recovered.samples, all);
	assert_int_equal(recovered.damaged.n, 0);
	for (size_t page = 0; page < pages; page++) {
		struct arena outer = arena;
		arena_init(&arena, NULL);
		assert_true(file_write(path, whole, &err));
		damage(path, page * 4096, 4096);
		err = (struct err){0};
		if (!history_recover(&arena, path, &recovered, &err))
			fail_msg("page %zu: %s", page, err.text);
		struct history h = read_path(path);
		assert_int_equal(h.samples.n, recovered.samples);
		assert_true_samples(&h);
		least = recovered.samples < least ? recovered.samples : least;
		assert_true(recovered.damaged.n > 0 && file_exists(recovered.damaged.at));
		unlink(recovered.damaged.at);
		arena_free(&arena);
		arena = outer;
	}
	print_message("%zu pages, %zu samples, at least %zu saved\n", pages, all, least);
	assert_true(least > all - all / 10);
	unlink(path);
}

static void saves_what_can_be_read(void **state)
{
	(void)state;
	saves_nearly_all(1000, 3);
	saves_nearly_all(60, 64); /* rows longer than a page takes */
}

static void keeps_the_damaged_file(void **state)
{
	(void)state;
	const char *path = in_dir("history.db");
	assert_true(file_write(path, STR("no history at all, but somebody's text"), &err));
	struct history_recovered recovered;
	assert_false(history_recover(&arena, path, &recovered, &err));
	struct str text;
	err = (struct err){0};
	assert_true(file_read(&arena, path, &text, &err));
	assert_true(str_eq(text, STR("no history at all, but somebody's text")));
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
	        STORY(unites_in_any_order_grouping_and_repetition),
	        STORY(forgets_the_oldest_and_runs_without_samples),
	        STORY(prunes_by_time_file_and_number),
	        STORY(moves_units_with_their_file),
	        STORY(saves_what_can_be_read),
	        STORY(keeps_the_damaged_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
