/* Recording and reading: the doors of the history. */
#include "store/history.h"

#include <stdlib.h>
#include <string.h>

#include "store/history_db.h"

struct recording {
	struct history_db *db;
	struct arena tmp; /* emptied after each unit, so that a long report stays small */
	run_rows runs;
	uint32_t run; /* being recorded */
	sqlite3_stmt *read, *write;
	struct history_change *change;
};

/* The row of this very run, made when there is none.  When the time is only a guess, the run keeps the one it
 * was first recorded with: recording the same report again changes nothing. */
static void find_run(struct recording *r, struct history_run run)
{
	int64_t number = 0;
	for (size_t i = 0; i < r->runs.n; i++) {
		struct run_row *row = &r->runs.at[i];
		if (run.is_time_guessed && run_same_key(&row->run, &run) && str_eq(row->run.machine, run.machine) &&
		    str_eq(row->run.source, run.source))
			run.time = row->run.time;
		number = row->number;
	}
	for (size_t i = 0; i < r->runs.n; i++)
		if (run_order(&r->runs.at[i].run, &run) == 0) {
			r->run = (uint32_t)i;
			return;
		}
	r->run = (uint32_t)r->runs.n;
	vec_push(r->db->arena, &r->runs, ((struct run_row){.number = number + 1, .run = run, .is_new = true}));
}

/* The samples the unit has, none when it is new. */
static bool read_unit(struct recording *r, struct str unit, unit_samples *samples, struct err *err)
{
	bool is_row;
	history_bind(r->read, 1, unit);
	if (!history_step(r->db, r->read, &is_row, err))
		return false;
	if (is_row) {
		struct str blob = str_copy(&r->tmp, history_column(r->read, 0));
		if (sqlite3_column_int64(r->read, 1) != unit_check(&r->tmp, unit, blob) ||
		    !samples_unpack(&r->tmp, &r->runs, blob, samples, &(int64_t){0}))
			return history_damaged(
			        r->db, err,
			        str_c(&r->tmp,
			              str_fmt(&r->tmp, "the samples of %.*s are not what was written", STR_ARG(unit))));
	}
	return sqlite3_reset(r->read) == SQLITE_OK || history_fail(r->db, err);
}

static bool write_unit(struct recording *r, struct str unit, const unit_samples *samples, struct err *err)
{
	bool is_row;
	struct str blob = samples_pack(&r->tmp, &r->runs, samples);
	history_bind(r->write, 1, unit);
	(void)sqlite3_bind_blob64(r->write, 2, blob.at, blob.n, SQLITE_STATIC);
	(void)sqlite3_bind_int64(r->write, 3, unit_check(&r->tmp, unit, blob));
	return history_step(r->db, r->write, &is_row, err) &&
	       (sqlite3_reset(r->write) == SQLITE_OK || history_fail(r->db, err));
}

static bool record_one(struct recording *r, const struct history_sample *sample, struct err *err)
{
	unit_samples samples = {0};
	if (!read_unit(r, sample->unit, &samples, err))
		return false;
	struct unit_sample one = {.run = r->run,
	                          .outcome = (uint8_t)sample->outcome,
	                          .us = sample->us,
	                          .setup_us = sample->setup_us,
	                          .call_us = sample->call_us,
	                          .teardown_us = sample->teardown_us};
	switch (sample_put(&r->tmp, &r->runs, &samples, one)) {
	case PUT_SAME: r->change->same++; return true;
	case PUT_ADDED: r->change->added++; break;
	case PUT_CHANGED: r->change->changed++; break;
	}
	return write_unit(r, sample->unit, &samples, err);
}

static bool record_all(struct recording *r, const struct history_run *run, const struct history_batch *batch,
                       struct err *err)
{
	if (!history_load_runs(r->db, r->db->arena, &r->runs, err) ||
	    !history_prepare(r->db, &r->read, "SELECT samples, hash FROM unit WHERE id = ?", err) ||
	    !history_prepare(r->db, &r->write,
	                     "INSERT INTO unit (id, samples, hash) VALUES (?, ?, ?)\n"
	                     "ON CONFLICT (id) DO UPDATE SET samples = excluded.samples, hash = excluded.hash",
	                     err))
		return false;
	find_run(r, *run);
	for (size_t i = 0; i < batch->n; i++) {
		if (!record_one(r, &batch->samples[i], err))
			return false;
		arena_reset(&r->tmp);
	}
	return history_save_runs(r->db, &r->tmp, &r->runs, err) &&
	       history_save_files(r->db, &r->tmp, batch->files, batch->n_files, err);
}

bool history_record(struct history_db *db, const struct history_run *run, const struct history_batch *batch,
                    struct history_change *change, struct err *err)
{
	*change = (struct history_change){0};
	struct recording r = {.db = db, .change = change};
	arena_init(&r.tmp, db->arena->trap);
	if (!history_begin(db, err))
		return false;
	bool ok = record_all(&r, run, batch, err);
	sqlite3_finalize(r.read);
	sqlite3_finalize(r.write);
	arena_free(&r.tmp);
	return history_end(db, ok, err);
}

static int by_run_order(const void *a, const void *b, void *runs)
{
	const struct run_row *rows = ((const run_rows *)runs)->at;
	return run_order(&rows[*(const uint32_t *)a].run, &rows[*(const uint32_t *)b].run);
}

/* The runs oldest first; returns where each row went. */
static uint32_t *give_runs(struct arena *out, run_rows *rows, struct history *history)
{
	uint32_t *order = arena_array(out, uint32_t, rows->n), *place = arena_array(out, uint32_t, rows->n);
	for (size_t i = 0; i < rows->n; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, rows->n, sizeof *order, by_run_order, rows);
	for (size_t i = 0; i < rows->n; i++) {
		place[order[i]] = (uint32_t)i;
		vec_push(out, &history->runs, rows->at[order[i]].run);
	}
	return place;
}

static void give_unit(struct arena *out, struct history *history, struct str unit, const unit_samples *samples,
                      const uint32_t *place)
{
	for (size_t i = samples->n; i-- > 0;) { /* they are newest first */
		const struct unit_sample *one = &samples->at[i];
		vec_push(out, &history->samples,
		         ((struct history_sample){.unit = unit,
		                                  .run = place[one->run],
		                                  .outcome = one->outcome,
		                                  .us = one->us,
		                                  .setup_us = one->setup_us,
		                                  .call_us = one->call_us,
		                                  .teardown_us = one->teardown_us}));
	}
}

static bool read_units(struct history_db *db, struct arena *out, const run_rows *runs, const uint32_t *place,
                       struct history *history, struct err *err)
{
	sqlite3_stmt *statement;
	if (!history_prepare(db, &statement, "SELECT id, samples, hash FROM unit ORDER BY id", err))
		return false;
	struct arena tmp;
	arena_init(&tmp, out->trap);
	bool is_row = false, ok;
	while ((ok = history_step(db, statement, &is_row, err)) && is_row) {
		struct str unit = str_copy(out, history_column(statement, 0));
		struct str blob = history_column(statement, 1);
		unit_samples samples = {0};
		if (sqlite3_column_int64(statement, 2) != unit_check(&tmp, unit, blob) ||
		    !samples_unpack(&tmp, runs, blob, &samples, &(int64_t){0})) {
			ok = history_damaged(db, err, "the samples of a unit are not what was written");
			break;
		}
		give_unit(out, history, unit, &samples, place);
		arena_reset(&tmp);
	}
	arena_free(&tmp);
	sqlite3_finalize(statement);
	return ok;
}

static bool read_files(struct history_db *db, struct arena *out, struct history *history, struct err *err)
{
	sqlite3_stmt *statement;
	if (!history_prepare(db, &statement, "SELECT path, high, low, hash FROM file ORDER BY path", err))
		return false;
	bool is_row = false, ok;
	while ((ok = history_step(db, statement, &is_row, err)) && is_row) {
		struct history_file file = {.path = str_copy(out, history_column(statement, 0)),
		                            .high = (uint64_t)sqlite3_column_int64(statement, 1),
		                            .low = (uint64_t)sqlite3_column_int64(statement, 2)};
		if (sqlite3_column_int64(statement, 3) != file_check(out, &file)) {
			ok = history_damaged(db, err, "a file's row is not what was written");
			break;
		}
		vec_push(out, &history->files, file);
	}
	sqlite3_finalize(statement);
	return ok;
}

bool history_load(struct history_db *db, struct arena *out, struct history *history, struct err *err)
{
	run_rows rows;
	*history = (struct history){0};
	return history_load_runs(db, out, &rows, err) &&
	       read_units(db, out, &rows, give_runs(out, &rows, history), history, err) &&
	       read_files(db, out, history, err);
}

bool history_samples(struct history_db *db, struct arena *out, struct history *history, struct err *err)
{
	*history = (struct history){0};
	if (!db->sqlite || db->schema == 0)
		return true;
	if (!history_exec(db, "BEGIN", err))
		return false;
	bool ok = history_load(db, out, history, err);
	if (!ok && db->schema > HISTORY_SCHEMA) {
		*err = (struct err){0};
		fail(err,
		     "%s was written by a newer lanewright (schema %lld; this one knows %d) and cannot be read here; "
		     "update lanewright",
		     db->path, (long long)db->schema, HISTORY_SCHEMA);
	}
	return history_end(db, ok, err);
}
