/* What index.c and index_write.c share: SQLite's answers sorted by what they mean for a cache, and the lock. */
#ifndef STORE_INDEX_DB_H
#define STORE_INDEX_DB_H

#include "base/err.h"
#include "store/index.h"

enum { INDEX_SCHEMA = 1, INDEX_APPLICATION = 0x6c776978 /* "lwix" in the file's header */ };

/* All waiting ends after this: for SQLite's locks and ours. */
enum { INDEX_WAIT_MS = 5000 };

enum db_answer {
	DB_OK,
	DB_UNFIT,  /* damaged, not ours, of another version: to be built anew */
	DB_BUSY,   /* another process has it */
	DB_DENIED, /* may not be written */
	DB_FAILED, /* trouble: err says which */
};

/* The meaning of a result code; fills in err for DB_FAILED. */
enum db_answer db_judge(struct sqlite3 *db, int rc, const char *path, struct err *err);
/* For a step that has no business to fail: whatever the code, it is trouble. */
bool db_fail(struct sqlite3 *db, int rc, const char *path, struct err *err);
/* Also statements that a trap left behind. */
void db_close(struct sqlite3 **db);
/* Over bytes and place, so that a checksum also tells one row from another. */
int64_t index_row_sum(uint32_t row, struct hash128 hash, struct str facts);

/* One writer at a time: flock on `index.db.lock`, since SQLite's locks end where a file is replaced by another.
 * DB_DENIED leaves errno. */
enum db_answer index_lock(struct index *index, struct err *err);
void index_unlock(struct index *index);

void index_remember(struct index *index, uint32_t row, struct hash128 hash, struct str facts);

/* Starts `index.db.new`.  The lock is held. */
enum db_answer index_start(struct index *index, struct err *err);
/* Ends the build without a result. */
void index_abandon(struct index *index);

#endif
