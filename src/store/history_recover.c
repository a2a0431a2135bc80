/* Saving what can be read of a damaged history.
 *
 * The tables are read from both ends; when that breaks off, the raw pages are searched for rows as well.  Rows
 * whose hash is wrong are left out.  Samples of a run whose row is lost keep their times under a made-up name.  When even SQLite's header is gone, it is written anew over a copy in memory:
 * it holds nothing but constants and counts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "store/history_db.h"
#include "store/history_salvage.h"

enum { PAGE = 4096, HEADER = 100 };

struct recover {
	struct arena *out;
	const struct history_db *db;
	run_rows runs;
	struct history history;
	struct str last; /* the unit at which the pass from the front stopped */
	size_t lost;
};

static void put_32(char *at, uint64_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (char)(value >> (24 - 8 * i));
}

/* The header SQLite gives such a file: see "Database File Format" of its documentation. */
static void mend_header(char *page, size_t size)
{
	static const unsigned char shape[] = {0x10, 0, 1, 1, 0, 64, 32, 32}; /* 4096, journal, no reserve, fractions */
	memcpy(page, "SQLite format 3", 16);
	memcpy(page + 16, shape, sizeof shape);
	put_32(page + 24, 1);
	put_32(page + 28, size / PAGE);
	memset(page + 32, 0, 8); /* no free pages: at worst space is wasted */
	put_32(page + 40, 1);
	put_32(page + 44, 4);
	memset(page + 48, 0, 8);
	put_32(page + 56, 1); /* UTF-8 */
	put_32(page + 60, HISTORY_SCHEMA);
	memset(page + 64, 0, 4);
	put_32(page + 68, HISTORY_APPLICATION);
	memset(page + 72, 0, 20);
	put_32(page + 92, 1);
}

/* A copy of the file in memory, so that nothing is written to what is damaged. */
static bool open_copy(struct arena *out, struct history_db *db, struct str text, bool mends, struct err *err)
{
	size_t size = (text.n + PAGE - 1) / PAGE * PAGE;
	unsigned char *copy = sqlite3_malloc64(size ? size : 1);
	*db = (struct history_db){.arena = out, .path = db->path};
	if (!copy || sqlite3_open_v2(":memory:", &db->sqlite, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		sqlite3_free(copy);
		return fail(err, "out of memory");
	}
	memset(copy, 0, size);
	if (text.n)
		memcpy(copy, text.at, text.n);
	if (mends && size >= PAGE)
		mend_header((char *)copy, size);
	int flags = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY;
	if (sqlite3_deserialize(db->sqlite, "main", copy, (int64_t)size, (int64_t)size, (unsigned)flags) != SQLITE_OK)
		return history_fail(db, err);
	return sqlite3_exec(db->sqlite, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK ||
	       history_fail(db, err);
}

/* Steps through a statement as far as it goes; false when that is not the end. */
static bool read_rows(struct recover *r, const char *sql, void (*take)(struct recover *, sqlite3_stmt *))
{
	sqlite3_stmt *statement = NULL;
	int code = r->db->sqlite ? sqlite3_prepare_v2(r->db->sqlite, sql, -1, &statement, NULL) : SQLITE_MISUSE;
	if (code == SQLITE_OK)
		while ((code = sqlite3_step(statement)) == SQLITE_ROW)
			take(r, statement);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE;
}

static void take_run(struct recover *r, sqlite3_stmt *statement)
{
	struct run_row row = history_read_run(r->out, statement);
	for (size_t i = 0; i < r->runs.n; i++)
		if (r->runs.at[i].number == row.number)
			return;
	/* A wrong row is not counted as lost here: it comes up again when a sample names it. */
	if (row.number > 0 && sqlite3_column_int64(statement, 7) == run_check(r->out, &row))
		vec_push(r->out, &r->runs, row);
}

/* A stand-in for a run whose row is lost: as old as the last run before it that is known. */
static void invent_run(struct recover *r, int64_t number)
{
	size_t at = 0;
	while (at < r->runs.n && r->runs.at[at].number < number)
		at++;
	int64_t time = at ? r->runs.at[at - 1].run.time : r->runs.n ? r->runs.at[0].run.time : 0;
	struct run_row row = {.number = number,
	                      .run = {.id = str_fmt(r->out, "recovered-%08lld", (long long)number),
	                              .lane = STR_NONE,
	                              .machine = STR_NONE,
	                              .source = STR_NONE,
	                              .time = time}};
	vec_push(r->out, &r->runs, row);
	memmove(&r->runs.at[at + 1], &r->runs.at[at], (r->runs.n - at - 1) * sizeof row);
	r->runs.at[at] = row;
	r->lost++;
}

/* Until all runs are known, a sample names its run by number. */
static void take_samples(struct recover *r, struct str unit, struct str blob)
{
	unit_samples samples = {0};
	int64_t missing = 0;
	while (!samples_unpack(r->out, &r->runs, blob, &samples, &missing)) {
		if (missing <= 0 || missing > UINT32_MAX) {
			r->lost++;
			break;
		}
		invent_run(r, missing);
	}
	for (size_t i = 0; i < samples.n; i++) {
		const struct unit_sample *one = &samples.at[i];
		vec_push(r->out, &r->history.samples,
		         ((struct history_sample){.unit = unit,
		                                  .run = (uint32_t)r->runs.at[one->run].number,
		                                  .outcome = one->outcome,
		                                  .us = one->us,
		                                  .setup_us = one->setup_us,
		                                  .call_us = one->call_us,
		                                  .teardown_us = one->teardown_us}));
	}
}

static void take_unit(struct recover *r, sqlite3_stmt *statement)
{
	struct str unit = str_copy(r->out, history_column(statement, 0));
	struct str blob = history_column(statement, 1);
	r->last = str_cmp(unit, r->last) > 0 ? unit : r->last;
	if (sqlite3_column_int64(statement, 2) != unit_check(r->out, unit, blob)) {
		r->lost++;
		return;
	}
	take_samples(r, unit, blob);
}

/* From the other end, until it meets the first pass. */
static void take_unit_backward(struct recover *r, sqlite3_stmt *statement)
{
	struct str last = r->last;
	if (str_cmp(history_column(statement, 0), last) > 0)
		take_unit(r, statement);
	r->last = last;
}

/* A row on a raw page; rows that are no true unit's are not lost ones, but indices and torn remains. */
static void take_raw(void *me, struct str id, struct str samples, int64_t hash)
{
	struct recover *r = me;
	if (hash == unit_check(r->out, id, samples))
		take_samples(r, str_copy(r->out, id), samples);
}

static void take_file(struct recover *r, sqlite3_stmt *statement)
{
	struct history_file file = {.path = str_copy(r->out, history_column(statement, 0)),
	                            .high = (uint64_t)sqlite3_column_int64(statement, 1),
	                            .low = (uint64_t)sqlite3_column_int64(statement, 2)};
	if (sqlite3_column_int64(statement, 3) == file_check(r->out, &file))
		vec_push(r->out, &r->history.files, file);
	else
		r->lost++;
}

static int by_number(const void *a, const void *b)
{
	const struct run_row *x = a, *y = b;
	return (x->number > y->number) - (x->number < y->number);
}

static int by_unit(const void *a, const void *b)
{
	return str_cmp(((const struct history_sample *)a)->unit, ((const struct history_sample *)b)->unit);
}

static void place_samples(struct recover *r)
{
	for (size_t i = 0; i < r->runs.n; i++)
		vec_push(r->out, &r->history.runs, r->runs.at[i].run);
	for (size_t i = 0; i < r->history.samples.n; i++) {
		struct run_row key = {.number = r->history.samples.at[i].run};
		const struct run_row *row = bsearch(&key, r->runs.at, r->runs.n, sizeof key, by_number);
		r->history.samples.at[i].run = (uint32_t)(row - r->runs.at);
	}
}

#define RUN_COLUMNS "SELECT number, id, lane, machine, source, time, units, hash FROM run ORDER BY number"

static struct history read_all(struct recover *r, struct str text)
{
	read_rows(r, RUN_COLUMNS, take_run);
	read_rows(r, RUN_COLUMNS " DESC", take_run);
	if (r->runs.n)
		qsort(r->runs.at, r->runs.n, sizeof *r->runs.at, by_number);
	if (!read_rows(r, "SELECT id, samples, hash FROM unit ORDER BY id", take_unit)) {
		read_rows(r, "SELECT id, samples, hash FROM unit ORDER BY id DESC", take_unit_backward);
		salvage_units(r->out, text, take_raw, r);
	}
	read_rows(r, "SELECT path, high, low, hash FROM file ORDER BY path", take_file);
	place_samples(r);
	if (r->history.samples.n)
		qsort(r->history.samples.at, r->history.samples.n, sizeof *r->history.samples.at, by_unit);
	const struct history *parts[] = {&r->history};
	return history_union(r->out, parts, 1);
}

static struct history give(void *me, struct arena *out, const struct history *history)
{
	(void)out, (void)history;
	return *(const struct history *)me;
}

static bool write_new(struct arena *out, const char *path, struct history *saved, struct err *err)
{
	struct history_db *db;
	struct history_edit edit = {.change = give, .me = saved};
	unlink(path);
	if (!history_open(out, &db, path, HISTORY_WRITE, err))
		return false;
	bool ok = history_edit(db, &edit, err);
	history_close(db);
	return ok;
}

/* The damaged file gets the first free name beside it. */
static bool swap_files(struct arena *out, const char *path, const char *new, struct str *damaged, struct err *err)
{
	for (int i = 1; i < 1000; i++) {
		*damaged = str_fmt(out, "%s.damaged-%d", path, i);
		if (!file_exists(damaged->at))
			break;
	}
	const char *journal = str_fmt(out, "%s-journal", path).at;
	if (link(path, damaged->at) != 0 || rename(new, path) != 0)
		return fail(err, "cannot put the recovered history in place of %s: %s", path, strerror(errno));
	if (file_exists(journal)) /* it belongs to the damaged file and would be played into the new one */
		(void)rename(journal, str_fmt(out, "%.*s-journal", STR_ARG(*damaged)).at);
	return true;
}

/* Opening it the ordinary way plays a journal back, and often there is nothing else to mend. */
static bool is_sound(struct arena *out, const char *path, struct history_recovered *recovered)
{
	struct err err = {0};
	struct history_db *db;
	struct history history;
	if (!history_open(out, &db, path, HISTORY_READ, &err))
		return false;
	bool ok = history_samples(db, out, &history, &err) && history_check(db, &err);
	history_close(db);
	if (ok)
		*recovered = (struct history_recovered){
		        .samples = history.samples.n, .runs = history.runs.n, .damaged = STR_NONE};
	return ok;
}

bool history_recover(struct arena *out, const char *path, struct history_recovered *recovered, struct err *err)
{
	struct history_db db = {.path = path};
	struct str text;
	struct err first = {0};
	if (!file_read(out, path, &text, err))
		return false;
	if (is_sound(out, path, recovered))
		return true;
	bool ok = open_copy(out, &db, text, false, &first);
	if (!ok) {
		history_close(&db);
		ok = open_copy(out, &db, text, true, err);
	}
	if (!ok)
		history_close(&db);
	/* Without a database there are still its pages. */
	struct recover r = {.out = out, .db = &db, .last = STR_NONE};
	struct history saved = read_all(&r, text);
	history_close(&db);
	const char *new = str_fmt(out, "%s.recovered", path).at;
	if (saved.samples.n == 0)
		return fail(err, "nothing in %s can be read", path);
	*err = (struct err){0};
	if (!write_new(out, new, &saved, err) || !swap_files(out, path, new, &recovered->damaged, err))
		return false;
	recovered->samples = saved.samples.n;
	recovered->runs = saved.runs.n;
	recovered->lost_rows = r.lost;
	return true;
}
