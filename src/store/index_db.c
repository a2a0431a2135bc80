/* SQLite's result codes as a cache understands them, and the lock around writing. */
#include "store/index_db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

static enum db_answer meaning(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE: return DB_OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return DB_BUSY;
	case SQLITE_READONLY: return rc == SQLITE_READONLY_DBMOVED ? DB_BUSY : DB_DENIED;
	case SQLITE_PERM:
	case SQLITE_AUTH: return DB_DENIED;
	case SQLITE_NOMEM:
	case SQLITE_FULL:
	case SQLITE_INTERRUPT: return DB_FAILED;
	case SQLITE_IOERR: return rc == SQLITE_IOERR_SHORT_READ || rc == SQLITE_IOERR_CORRUPTFS ? DB_UNFIT : DB_FAILED;
	default: return DB_UNFIT; /* CORRUPT, NOTADB, ERROR (no such table), CANTOPEN, ... */
	}
}

bool db_fail(struct sqlite3 *db, int rc, const char *path, struct err *err)
{
	bool is_io = (rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_FULL || (rc & 0xff) == SQLITE_CANTOPEN;
	bool is_last = db && sqlite3_extended_errcode(db) == rc;
	int why = is_io && is_last ? sqlite3_system_errno(db) : 0;
	return fail(err, "%s: %s%s%s", path, is_last ? sqlite3_errmsg(db) : sqlite3_errstr(rc), why ? ": " : "",
	            why ? strerror(why) : "");
}

enum db_answer db_judge(struct sqlite3 *db, int rc, const char *path, struct err *err)
{
	enum db_answer answer = meaning(rc);
	if (answer == DB_FAILED)
		db_fail(db, rc, path, err);
	return answer;
}

void db_close(struct sqlite3 **db)
{
	sqlite3_stmt *stmt;
	while (*db && (stmt = sqlite3_next_stmt(*db, NULL)))
		sqlite3_finalize(stmt);
	sqlite3_close(*db);
	*db = NULL;
}

static void put_le64(char *to, uint64_t value)
{
	for (size_t i = 0; i < 8; i++)
		to[i] = (char)(unsigned char)(value >> (8 * i));
}

int64_t index_row_sum(uint32_t row, struct hash128 hash, struct str facts)
{
	char bytes[32];
	put_le64(bytes, row);
	put_le64(bytes + 8, hash.high);
	put_le64(bytes + 16, hash.low);
	put_le64(bytes + 24, hash64(facts));
	return (int64_t)hash64((struct str){bytes, sizeof bytes});
}

static enum db_answer refused(const struct index *index, int why, struct err *err)
{
	if (why == EACCES || why == EPERM || why == EROFS || why == ELOOP) {
		errno = why;
		return DB_DENIED;
	}
	fail(err, "cannot open %s: %s", index->lock_path, strerror(why));
	return DB_FAILED;
}

enum db_answer index_lock(struct index *index, struct err *err)
{
	int fd = open(index->lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
	if (fd < 0)
		return refused(index, errno, err);
	enum { STEP_MS = 10 };
	for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += STEP_MS) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			break; /* a file system without locks: what two writers spoil, checksums find */
		if (waited >= INDEX_WAIT_MS) {
			close(fd);
			return DB_BUSY;
		}
		nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
	}
	index->lock = fd + 1;
	return DB_OK;
}

void index_unlock(struct index *index)
{
	if (index->lock)
		close(index->lock - 1);
	index->lock = 0;
}
