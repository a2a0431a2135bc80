/* Writing the index, in one of two ways.
 *
 * A new one is built in a file of its own, without a journal, synced and moved into place: nothing is lost when
 * that is cut short.  An old one is changed in one transaction with a rollback journal.  Not with a write-ahead
 * log: its gain is for many small commits, ours is one, and a log left beside a file that was replaced, restored
 * by a CI cache or copied shows the wrong tables.  Facts wait in memory until then, so the lock is short. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/index.h"
#include "store/index_db.h"
#include "store/index_sql.h"

/* ---- one row ---- */

static int bind_hash(sqlite3_stmt *stmt, int at, struct hash128 hash)
{
	unsigned char bytes[16];
	for (size_t i = 0; i < 8; i++) {
		bytes[i] = (unsigned char)(hash.high >> (8 * i));
		bytes[8 + i] = (unsigned char)(hash.low >> (8 * i));
	}
	return sqlite3_bind_blob(stmt, at, bytes, sizeof bytes, SQLITE_TRANSIENT);
}

/* Steps a statement that gives no rows and makes it ready for the next; `rc` is that of its bindings. */
static int finish(sqlite3_stmt *stmt, int rc)
{
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	int reset = sqlite3_reset(stmt);
	return rc == SQLITE_DONE ? reset : rc;
}

static int insert_facts(sqlite3_stmt *stmt, uint32_t row, struct hash128 hash, struct str facts)
{
	int rc = sqlite3_bind_int64(stmt, 1, row);
	if (rc == SQLITE_OK)
		rc = bind_hash(stmt, 2, hash);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int64(stmt, 3, index_row_sum(row, hash, facts));
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_blob64(stmt, 4, facts.at, facts.n, SQLITE_STATIC);
	return finish(stmt, rc);
}

static int insert_stat(sqlite3 *db, uint64_t generation, struct str bytes)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, index_insert_stat, -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int64(stmt, 1, (int64_t)generation);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_blob64(stmt, 2, bytes.at, bytes.n, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = finish(stmt, rc);
	int last = sqlite3_finalize(stmt);
	return rc == SQLITE_OK ? last : rc;
}

/* ---- building a new file ---- */

/* The version comes last: a file that was not finished is not one of ours. */
static const char build_settings[] = "PRAGMA page_size = 32768;"
                                     "PRAGMA journal_mode = OFF;"
                                     "PRAGMA synchronous = OFF;" /* one fsync at the end does it */
                                     "PRAGMA locking_mode = EXCLUSIVE;"
                                     "PRAGMA cache_size = -8000;"
                                     "BEGIN EXCLUSIVE;";

/* By hand, since SQLite would only say that it is unable to. */
static enum db_answer make_file(const struct index *index, struct err *err)
{
	int fd = -1;
	if (unlink(index->new_path) == 0 || errno == ENOENT)
		fd = open(index->new_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd >= 0) {
		close(fd);
		return DB_OK;
	}
	int why = errno;
	if (why == EACCES || why == EPERM || why == EROFS)
		return DB_DENIED;
	fail(err, "cannot make %s: %s", index->new_path, strerror(why));
	return DB_FAILED;
}

enum db_answer index_start(struct index *index, struct err *err)
{
	const int access = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
	enum db_answer answer = make_file(index, err);
	if (answer != DB_OK)
		return answer;
	int rc = sqlite3_open_v2(index->new_path, &index->db, access, NULL);
	if (index->db)
		sqlite3_extended_result_codes(index->db, 1);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(index->db, build_settings, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(index->db, index_schema, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(index->db, index_insert_facts, -1, &index->insert, NULL);
	if (rc == SQLITE_OK)
		return DB_OK;
	db_fail(index->db, rc, index->new_path, err);
	index_abandon(index);
	return DB_FAILED;
}

void index_abandon(struct index *index)
{
	db_close(&index->db);
	index->insert = NULL;
	index->is_cold = false;
	(void)unlink(index->new_path); /* a leftover is removed when the next build starts */
}

static bool finish_tables(struct index *index, struct str stats, struct err *err)
{
	char sql[128];
	snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", INDEX_APPLICATION,
	         INDEX_SCHEMA);
	int rc = insert_stat(index->db, index->head.generation, stats);
	if (rc == SQLITE_OK)
		rc = sqlite3_finalize(index->insert);
	index->insert = NULL;
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(index->db, sql, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_close(index->db);
	if (rc != SQLITE_OK)
		return db_fail(index->db, rc, index->new_path, err);
	index->db = NULL;
	return true;
}

static bool sync_path(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(err, "cannot open %s: %s", path, strerror(errno));
	int rc, why;
	do {
		rc = fsync(fd);
		why = errno;
	} while (rc != 0 && why == EINTR);
	close(fd);
	return rc == 0 || why == EINVAL || fail(err, "cannot write %s: %s", path, strerror(why));
}

/* A journal of the old file must not stay: SQLite would play it back into the new one. */
static bool remove_journals(const struct index *index, struct err *err)
{
	static const char *const ends[] = {"-journal", "-wal", "-shm"};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct str path = str_fmt(index->arena, "%s%s", index->path, ends[i]);
		if (unlink(path.at) != 0 && errno != ENOENT)
			return fail(err, "cannot remove %s: %s", path.at, strerror(errno));
	}
	return true;
}

static bool move_into_place(struct index *index, struct err *err)
{
	if (!sync_path(index->new_path, err) || !remove_journals(index, err))
		return false;
	if (rename(index->new_path, index->path) != 0)
		return fail(err, "cannot rename %s to index.db: %s", index->new_path, strerror(errno));
	return sync_path(index->folder, err);
}

static bool commit_new(struct index *index, struct str stats, struct err *err)
{
	bool ok = finish_tables(index, stats, err) && move_into_place(index, err);
	if (!ok)
		index_abandon(index);
	index->is_cold = false;
	index->is_written = ok;
	index_unlock(index);
	return ok;
}

/* ---- changing an old file ---- */

/* Another process may have committed since we read: its rows are not ours then, and its index is as good. */
static int check_generation(const struct index *index)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(index->db, index_read_generation, -1, &stmt, NULL);
	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		rc = sqlite3_column_int64(stmt, 0) == (int64_t)(index->head.generation - 1) ? SQLITE_OK : SQLITE_BUSY;
	else if (rc == SQLITE_DONE)
		rc = SQLITE_CORRUPT;
	sqlite3_finalize(stmt);
	return rc;
}

static int change_rows(const struct index *index)
{
	sqlite3_stmt *insert = NULL, *delete = NULL;
	int rc = sqlite3_prepare_v2(index->db, index_insert_facts, -1, &insert, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(index->db, index_delete_facts, -1, &delete, NULL);
	for (uint32_t i = 1; i < index->rows.n && rc == SQLITE_OK; i++) {
		const struct index_row *row = &index->rows.at[i];
		if (row->is_new && row->is_kept) {
			rc = insert_facts(insert, i, row->hash, row->facts);
		} else if (row->is_stored && !row->is_kept) {
			rc = sqlite3_bind_int64(delete, 1, i);
			rc = finish(delete, rc);
		}
	}
	sqlite3_finalize(insert);
	sqlite3_finalize(delete);
	return rc;
}

static int change(struct index *index, struct str stats)
{
	int rc = sqlite3_exec(index->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = check_generation(index);
	if (rc == SQLITE_OK)
		rc = change_rows(index);
	if (rc == SQLITE_OK)
		rc = insert_stat(index->db, index->head.generation, stats);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(index->db, "COMMIT", NULL, NULL, NULL);
	return rc;
}

static void not_written(struct index *index, const char *why)
{
	index->note = str_fmt(index->arena, "%s is not written: %s", index->path, why);
}

static bool commit_old(struct index *index, struct str stats, struct err *err)
{
	enum db_answer answer = index_lock(index, err);
	int why = errno;
	if (answer == DB_OK) {
		int rc = change(index, stats);
		answer = db_judge(index->db, rc, index->path, err);
		why = EACCES;
		if (rc != SQLITE_OK) /* fails when SQLite has rolled back already */
			sqlite3_exec(index->db, "ROLLBACK", NULL, NULL, NULL);
	}
	if (answer == DB_BUSY)
		not_written(index, "another process has just written it");
	else if (answer == DB_DENIED)
		not_written(index, strerror(why));
	else if (answer == DB_UNFIT) {
		index->note = str_fmt(index->arena, "%s was damaged and is removed; the next run builds it anew",
		                      index->path);
		return index_drop(index, err);
	}
	index->is_written = answer == DB_OK;
	index_unlock(index);
	return answer != DB_FAILED;
}

/* ---- the doors ---- */

static uint32_t take_row(struct index *index)
{
	while (index->free_row < index->rows.n &&
	       (index->rows.at[index->free_row].is_stored || index->rows.at[index->free_row].is_new))
		index->free_row++;
	return index->free_row;
}

bool index_put(struct index *index, struct hash128 hash, struct str facts, uint32_t *row, struct err *err)
{
	index_know_rows(index);
	*row = index_find(index, hash);
	if (*row)
		return true;
	*row = take_row(index);
	bool waits = !index->is_cold && !index->is_frozen;
	index_remember(index, *row, hash, waits ? facts : (struct str){NULL, 0});
	index->rows.at[*row].is_new = true;
	index->bytes += facts.n;
	if (!index->is_cold)
		return true;
	int rc = insert_facts(index->insert, *row, hash, facts);
	return rc == SQLITE_OK || db_fail(index->db, rc, index->new_path, err);
}

void index_add(struct index *index, const struct index_entry *entry)
{
	assert(entry->row);
	if (index->is_frozen)
		return;
	if (index->writer.bytes.arena == NULL) {
		index_know_rows(index);
		stat_begin(&index->writer, index->arena);
	}
	stat_add(&index->writer, entry);
	if (entry->row < index->rows.n)
		index->rows.at[entry->row].is_kept = true;
}

bool index_commit(struct index *index, int64_t began_ns, struct err *err)
{
	if (index->is_frozen)
		return true;
	if (index->writer.bytes.arena == NULL)
		stat_begin(&index->writer, index->arena);
	index->head.generation++;
	index->head.read_ns = began_ns;
	index->head.last_row = 0;
	for (uint32_t row = 1; row < index->rows.n; row++)
		if (index->rows.at[row].is_kept)
			index->head.last_row = row;
	struct str stats = stat_end(&index->writer, &index->head);
	return index->is_cold ? commit_new(index, stats, err) : commit_old(index, stats, err);
}
