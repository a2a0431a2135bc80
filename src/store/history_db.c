/* One SQLite file with a rollback journal, so that one file is the whole data. */
#include "store/history_db.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { BUSY_MS = 30000 };

static const char schema_sql[] =
        /* A set of reports recorded together. */
        "CREATE TABLE run (\n"
        "	number  INTEGER PRIMARY KEY, -- what the samples name it by\n"
        "	id      TEXT NOT NULL,       -- the user's name of the run, or the hash of its reports\n"
        "	lane    TEXT NOT NULL,       -- '' when not said\n"
        "	machine TEXT NOT NULL,       -- '' when not said\n"
        "	source  TEXT NOT NULL,       -- format of the reports\n"
        "	time    INTEGER NOT NULL,    -- seconds since 1970, UTC\n"
        "	units   INTEGER NOT NULL,    -- rows of unit with a sample of this run\n"
        "	hash    INTEGER NOT NULL,    -- XXH3 of all the above\n"
        "	UNIQUE (id, lane, time, machine, source)\n"
        ");\n"
        /* What a test function took, newest first; see history_rows.c for the packing. */
        "CREATE TABLE unit (\n"
        "	id      TEXT NOT NULL PRIMARY KEY, -- path::Class::func\n"
        "	samples BLOB NOT NULL,\n"
        "	hash    INTEGER NOT NULL           -- XXH3 of both\n"
        ") WITHOUT ROWID;\n"
        /* The content a file had when it was last recorded. */
        "CREATE TABLE file (\n"
        "	path TEXT NOT NULL PRIMARY KEY,\n"
        "	high INTEGER NOT NULL, -- XXH3-128 of the content\n"
        "	low  INTEGER NOT NULL,\n"
        "	hash INTEGER NOT NULL  -- XXH3 of all the above\n"
        ") WITHOUT ROWID;\n"
        "PRAGMA application_id = 1280202568;\n"
        "PRAGMA user_version = 1;\n";

static const char recover_hint[] = "`lanewright history recover` saves what can be read";

bool history_damaged(const struct history_db *db, struct err *err, const char *what)
{
	return fail(err, "%s is damaged: %s; %s", db->path, what, recover_hint);
}

bool history_fail(const struct history_db *db, struct err *err)
{
	int code = sqlite3_errcode(db->sqlite) & 0xff;
	const char *text = sqlite3_errmsg(db->sqlite);
	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		return history_damaged(db, err, text);
	if (code == SQLITE_BUSY)
		return fail(err, "%s is being written by another process for more than %d s; try again later", db->path,
		            BUSY_MS / 1000);
	if (code == SQLITE_FULL)
		return fail(err, "cannot write %s: the disk is full; nothing was changed", db->path);
	if (code == SQLITE_READONLY)
		return fail(err, "cannot write %s: it or its folder is read-only", db->path);
	return fail(err, "%s: %s", db->path, text);
}

bool history_exec(const struct history_db *db, const char *sql, struct err *err)
{
	return sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK || history_fail(db, err);
}

bool history_prepare(const struct history_db *db, sqlite3_stmt **statement, const char *sql, struct err *err)
{
	*statement = NULL;
	return sqlite3_prepare_v2(db->sqlite, sql, -1, statement, NULL) == SQLITE_OK || history_fail(db, err);
}

void history_bind(sqlite3_stmt *statement, int at, struct str text)
{
	/* A failed bind leaves NULL, which every column refuses, so the step says it. */
	(void)sqlite3_bind_text64(statement, at, text.at, text.n, SQLITE_STATIC, SQLITE_UTF8);
}

bool history_step(const struct history_db *db, sqlite3_stmt *statement, bool *is_row, struct err *err)
{
	int code = sqlite3_step(statement);
	*is_row = code == SQLITE_ROW;
	return code == SQLITE_ROW || code == SQLITE_DONE || history_fail(db, err);
}

struct str history_column(sqlite3_stmt *statement, int at)
{
	const void *bytes = sqlite3_column_blob(statement, at);
	return (struct str){bytes ? bytes : "", (size_t)sqlite3_column_bytes(statement, at)};
}

static bool read_number(const struct history_db *db, const char *sql, int64_t *value, struct err *err)
{
	sqlite3_stmt *statement;
	bool is_row = false;
	if (!history_prepare(db, &statement, sql, err))
		return false;
	bool ok = history_step(db, statement, &is_row, err);
	*value = is_row ? sqlite3_column_int64(statement, 0) : 0;
	sqlite3_finalize(statement);
	return ok;
}

/* Sets db->schema; a database that is not ours is refused before anything is written to it. */
static bool read_schema(struct history_db *db, struct err *err)
{
	int64_t application, tables;
	if (!read_number(db, "PRAGMA user_version", &db->schema, err) ||
	    !read_number(db, "PRAGMA application_id", &application, err) ||
	    !read_number(db, "SELECT count(*) FROM sqlite_schema", &tables, err))
		return false;
	if (application != HISTORY_APPLICATION && (application || tables || db->schema))
		return fail(err, "%s is an SQLite database, but no history of lanewright's", db->path);
	if (application == HISTORY_APPLICATION && db->schema < 1)
		return history_damaged(db, err, "its schema has no number");
	return true;
}

bool history_open(struct arena *out, struct history_db **opened, const char *path, enum history_mode mode,
                  struct err *err)
{
	struct history_db *db = arena_new(out, struct history_db);
	*db = (struct history_db){.arena = out, .path = str_c(out, str_of(path)), .mode = mode};
	*opened = db;
	struct stat st;
	if (mode == HISTORY_READ && stat(path, &st) != 0 && errno == ENOENT)
		return true;
	int flags = SQLITE_OPEN_READWRITE | (mode == HISTORY_WRITE ? SQLITE_OPEN_CREATE : 0);
	if (sqlite3_open_v2(path, &db->sqlite, flags, NULL) != SQLITE_OK) {
		fail(err, "cannot open %s: %s", path, db->sqlite ? sqlite3_errmsg(db->sqlite) : "out of memory");
		history_close(db);
		return false;
	}
	sqlite3_busy_timeout(db->sqlite, BUSY_MS);
	sqlite3_extended_result_codes(db->sqlite, 1);
	if (history_exec(db, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA synchronous = EXTRA",
	                 err) &&
	    read_schema(db, err))
		return true;
	history_close(db);
	return false;
}

void history_close(struct history_db *db)
{
	sqlite3_close(db->sqlite);
	db->sqlite = NULL;
}

/* Inside the transaction, so that of two processes that find no tables only one makes them. */
static bool make_tables(struct history_db *db, struct err *err)
{
	if (!read_schema(db, err))
		return false;
	if (db->schema > HISTORY_SCHEMA)
		return fail(err,
		            "%s was written by a newer lanewright (schema %lld; this one knows %d): it can be read "
		            "but not changed here; update lanewright",
		            db->path, (long long)db->schema, HISTORY_SCHEMA);
	if (db->schema == 0 && !history_exec(db, schema_sql, err))
		return false;
	db->schema = HISTORY_SCHEMA;
	return true;
}

bool history_begin(struct history_db *db, struct err *err)
{
	return history_exec(db, "BEGIN IMMEDIATE", err) && (make_tables(db, err) || history_end(db, false, err));
}

bool history_end(const struct history_db *db, bool ok, struct err *err)
{
	if (ok && history_exec(db, "COMMIT", err))
		return true;
	/* Some errors have rolled back already: then this one fails and changes nothing. */
	(void)sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

bool history_check(const struct history_db *db, struct err *err)
{
	sqlite3_stmt *statement;
	bool is_row = false;
	if (!history_prepare(db, &statement, "PRAGMA integrity_check(1)", err))
		return false;
	bool ok = history_step(db, statement, &is_row, err);
	if (ok && !(is_row && str_eq(history_column(statement, 0), STR("ok"))))
		ok = history_damaged(db, err, "its pages or indices are not in order");
	sqlite3_finalize(statement);
	return ok;
}

struct run_row history_read_run(struct arena *out, sqlite3_stmt *statement)
{
	return (struct run_row){
	        .number = sqlite3_column_int64(statement, 0),
	        .run = {.id = str_copy(out, history_column(statement, 1)),
	                .lane = str_copy(out, history_column(statement, 2)),
	                .machine = str_copy(out, history_column(statement, 3)),
	                .source = str_copy(out, history_column(statement, 4)),
	                .time = sqlite3_column_int64(statement, 5)},
	        .units = sqlite3_column_int64(statement, 6),
	};
}

bool history_load_runs(const struct history_db *db, struct arena *out, run_rows *runs, struct err *err)
{
	sqlite3_stmt *statement;
	*runs = (run_rows){0};
	if (!history_prepare(db, &statement,
	                     "SELECT number, id, lane, machine, source, time, units, hash FROM run ORDER BY number",
	                     err))
		return false;
	bool is_row = false, ok;
	while ((ok = history_step(db, statement, &is_row, err)) && is_row) {
		struct run_row row = history_read_run(out, statement);
		if (sqlite3_column_int64(statement, 7) != run_check(out, &row)) {
			ok = history_damaged(db, err, "a run's row is not what was written");
			break;
		}
		vec_push(out, runs, row);
	}
	sqlite3_finalize(statement);
	return ok;
}

static bool save_run(const struct history_db *db, struct arena *tmp, sqlite3_stmt *save, const struct run_row *row,
                     struct err *err)
{
	bool is_row;
	sqlite3_bind_int64(save, 1, row->number);
	history_bind(save, 2, row->run.id);
	history_bind(save, 3, row->run.lane);
	history_bind(save, 4, row->run.machine);
	history_bind(save, 5, row->run.source);
	sqlite3_bind_int64(save, 6, row->run.time);
	sqlite3_bind_int64(save, 7, row->units);
	sqlite3_bind_int64(save, 8, run_check(tmp, row));
	return history_step(db, save, &is_row, err) && (sqlite3_reset(save) == SQLITE_OK || history_fail(db, err));
}

bool history_save_runs(const struct history_db *db, struct arena *tmp, const run_rows *runs, struct err *err)
{
	sqlite3_stmt *save;
	bool is_row, ok = true;
	if (!history_prepare(db, &save,
	                     "INSERT OR REPLACE INTO run (number, id, lane, machine, source, time, units, hash)\n"
	                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	                     err))
		return false;
	for (size_t i = 0; ok && i < runs->n; i++)
		if (runs->at[i].is_changed && runs->at[i].units > 0)
			ok = save_run(db, tmp, save, &runs->at[i], err);
	sqlite3_finalize(save);
	sqlite3_stmt *forget;
	if (!ok || !history_prepare(db, &forget, "DELETE FROM run WHERE number = ?", err))
		return false;
	for (size_t i = 0; ok && i < runs->n; i++) {
		if (runs->at[i].units > 0 || runs->at[i].is_new)
			continue;
		sqlite3_bind_int64(forget, 1, runs->at[i].number);
		ok = history_step(db, forget, &is_row, err) &&
		     (sqlite3_reset(forget) == SQLITE_OK || history_fail(db, err));
	}
	sqlite3_finalize(forget);
	return ok;
}

bool history_put(const struct history_db *db, sqlite3_stmt *statement, struct err *err)
{
	bool is_row;
	return history_step(db, statement, &is_row, err) &&
	       (sqlite3_reset(statement) == SQLITE_OK || history_fail(db, err));
}

bool history_save_files(const struct history_db *db, struct arena *tmp, const struct history_file *files, size_t n,
                        struct err *err)
{
	sqlite3_stmt *insert;
	bool ok = true;
	if (!history_prepare(db, &insert,
	                     "INSERT INTO file (path, high, low, hash) VALUES (?, ?, ?, ?)\n"
	                     "ON CONFLICT (path) DO UPDATE SET\n"
	                     "	high = excluded.high, low = excluded.low, hash = excluded.hash",
	                     err))
		return false;
	for (size_t i = 0; ok && i < n; i++) {
		history_bind(insert, 1, files[i].path);
		(void)sqlite3_bind_int64(insert, 2, (int64_t)files[i].high);
		(void)sqlite3_bind_int64(insert, 3, (int64_t)files[i].low);
		(void)sqlite3_bind_int64(insert, 4, file_check(tmp, &files[i]));
		ok = history_put(db, insert, err);
	}
	sqlite3_finalize(insert);
	return ok;
}
