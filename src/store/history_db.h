/* The file behind the history: opening, statements that say what failed, the rows in and out.  For the other
 * history_*.c files only. */
#ifndef STORE_HISTORY_DB_H
#define STORE_HISTORY_DB_H

#include <sqlite3.h>

#include "store/history_rows.h"

enum { HISTORY_APPLICATION = 0x4c4e5748 /* "LNWH" */ };

struct history_db {
	struct arena *arena; /* as long as the database is open */
	const char *path;
	sqlite3 *sqlite; /* NULL: the file does not exist, and is only to be read */
	int64_t schema;  /* of the file; 0: no table yet */
	enum history_mode mode;
};

/* What SQLite says, as a sentence about this file. */
bool history_fail(const struct history_db *db, struct err *err);
bool history_damaged(const struct history_db *db, struct err *err, const char *what);

bool history_exec(const struct history_db *db, const char *sql, struct err *err);
bool history_prepare(const struct history_db *db, sqlite3_stmt **statement, const char *sql, struct err *err);
void history_bind(sqlite3_stmt *statement, int at, struct str text);
/* To the next row: SQLITE_ROW or SQLITE_DONE, anything else is said. */
bool history_step(const struct history_db *db, sqlite3_stmt *statement, bool *is_row, struct err *err);
/* A step that gives no row, and the statement is ready again. */
bool history_put(const struct history_db *db, sqlite3_stmt *statement, struct err *err);
struct str history_column(sqlite3_stmt *statement, int at); /* borrowed until the next step */

/* A transaction that writes: makes the tables when there are none, refuses a newer schema. */
bool history_begin(struct history_db *db, struct err *err);
/* Commits when `ok`, else rolls back and returns false. */
bool history_end(const struct history_db *db, bool ok, struct err *err);

/* SQLite's own check of pages and indices. */
bool history_check(const struct history_db *db, struct err *err);
/* The row of a SELECT number, id, lane, machine, source, time, units, hash. */
struct run_row history_read_run(struct arena *out, sqlite3_stmt *statement);
bool history_load_runs(const struct history_db *db, struct arena *out, run_rows *runs, struct err *err);
/* Writes the runs that are new or changed, and forgets those without units. */
bool history_save_runs(const struct history_db *db, struct arena *tmp, const run_rows *runs, struct err *err);
bool history_save_files(const struct history_db *db, struct arena *tmp, const struct history_file *files, size_t n,
                        struct err *err);

/* Everything, by the runs read before; inside a transaction. */
bool history_load(struct history_db *db, struct arena *out, struct history *history, struct err *err);

#endif
