/* Opening and reading the index.  The old file is read in one transaction and checked row by row before any
 * of it is believed; where it fails, a new one is begun, and the caller sees an index that knows nothing. */
#include "store/index.h"

#include <errno.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/index_db.h"
#include "store/index_sql.h"

/* ---- from hash to row ---- */

static uint32_t *slot_of(const struct index *index, struct hash128 hash)
{
	size_t mask = index->n_slots - 1;
	for (size_t i = hash.low & mask;; i = (i + 1) & mask) {
		uint32_t row = index->slots[i];
		if (row == 0 || hash128_eq(index->rows.at[row].hash, hash))
			return &index->slots[i];
	}
}

static void grow_slots(struct index *index)
{
	index->n_slots = index->n_slots ? index->n_slots * 2 : 64;
	while (index->n_slots < index->rows.n * 2)
		index->n_slots *= 2;
	index->slots = arena_array(index->arena, uint32_t, index->n_slots);
	for (uint32_t row = 1; row < index->rows.n; row++)
		if (index->rows.at[row].is_stored || index->rows.at[row].is_new)
			*slot_of(index, index->rows.at[row].hash) = row;
}

void index_remember(struct index *index, uint32_t row, struct hash128 hash, struct str facts)
{
	while (index->rows.n <= row)
		vec_push(index->arena, &index->rows, ((struct index_row){0}));
	index->rows.at[row].hash = hash;
	index->rows.at[row].facts = facts;
	if (index->rows.n * 2 > index->n_slots)
		grow_slots(index);
	*slot_of(index, hash) = row;
}

/* Without the facts the stat table tells which rows there are: every row is some file's. */
void index_know_rows(struct index *index)
{
	struct stat_cursor cursor;
	struct index_entry entry;
	if (index->has_rows)
		return;
	index->has_rows = true;
	index_first(index, &cursor);
	while (stat_next(&cursor, &entry)) {
		if (entry.row == 0 || (entry.row < index->rows.n && index->rows.at[entry.row].is_stored))
			continue;
		index_remember(index, entry.row, entry.hash, (struct str){NULL, 0});
		index->rows.at[entry.row].is_stored = true;
	}
}

/* ---- reading the old file ---- */

/* What is being read, and why it cannot be used once that is known. */
struct reading {
	struct index *index;
	struct err *err;
	char why[256];
};

static enum db_answer unfit(struct reading *reading, const char *why)
{
	if (!reading->why[0])
		snprintf(reading->why, sizeof reading->why, "%s", why);
	return DB_UNFIT;
}

static enum db_answer judge(struct reading *reading, int rc)
{
	sqlite3 *db = reading->index->db;
	enum db_answer answer = db_judge(db, rc, reading->index->path, reading->err);
	if (answer == DB_UNFIT || answer == DB_DENIED) {
		char why[200];
		snprintf(why, sizeof why, "damaged (SQLite: %s)", db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
		return unfit(reading, why);
	}
	return answer;
}

typedef enum db_answer row_reader(struct reading *reading, sqlite3_stmt *stmt);

/* Calls `read` for every row; `*n` counts them. */
static enum db_answer each_row(struct reading *reading, const char *sql, row_reader *read, size_t *n)
{
	sqlite3 *db = reading->index->db;
	sqlite3_stmt *stmt = NULL;
	enum db_answer answer = judge(reading, sqlite3_prepare_v2(db, sql, -1, &stmt, NULL));
	*n = 0;
	while (answer == DB_OK) {
		int rc = sqlite3_step(stmt);
		if (rc == SQLITE_DONE)
			break;
		answer = rc == SQLITE_ROW ? read(reading, stmt) : judge(reading, sqlite3_extended_errcode(db));
		++*n;
	}
	sqlite3_finalize(stmt); /* repeats what step said */
	return answer;
}

static enum db_answer read_version(struct reading *reading, sqlite3_stmt *stmt)
{
	if (sqlite3_column_int64(stmt, 0) != INDEX_APPLICATION)
		return unfit(reading, "not an index of lanewright");
	if (sqlite3_column_int64(stmt, 1) != INDEX_SCHEMA)
		return unfit(reading, "of another version of lanewright");
	return DB_OK;
}

/* False when there was no memory for the BLOB, which looks like an empty one. */
static bool blob_of(struct reading *reading, sqlite3_stmt *stmt, int column, struct str *blob)
{
	const void *at = sqlite3_column_blob(stmt, column);
	int n = sqlite3_column_bytes(stmt, column);
	if (!at && sqlite3_errcode(reading->index->db) == SQLITE_NOMEM)
		return fail(reading->err, "out of memory while reading %s", reading->index->path);
	*blob = at ? (struct str){at, (size_t)n} : STR_NONE;
	return true;
}

static enum db_answer read_stat(struct reading *reading, sqlite3_stmt *stmt)
{
	struct index *index = reading->index;
	struct stat_cursor cursor;
	struct str blob;
	uint32_t version = index->head.facts_version;
	if (!blob_of(reading, stmt, 1, &blob))
		return DB_FAILED;
	index->stats = str_copy(index->arena, blob);
	if (!stat_open(&cursor, index->arena, index->stats, &index->head) ||
	    (int64_t)index->head.generation != sqlite3_column_int64(stmt, 0))
		return unfit(reading, "damaged (the table of files fails its checksum)");
	if (index->head.facts_version != version) {
		index->head.facts_version = version;
		return unfit(reading, "of another version of lanewright");
	}
	/* Row numbers are reused, so this many more rows than files are left by a tree that shrank (or by somebody
	 * who wants us to ask for a lot of memory). */
	if (index->head.last_row > 4 * (index->stats.n / STAT_ENTRY_LEAST) + 1024)
		return unfit(reading, "of a much larger tree");
	return DB_OK;
}

static enum db_answer read_facts(struct reading *reading, sqlite3_stmt *stmt)
{
	struct index *index = reading->index;
	int64_t row = sqlite3_column_int64(stmt, 0);
	struct str hash_bytes, facts;
	struct hash128 hash;
	if (!blob_of(reading, stmt, 1, &hash_bytes) || !blob_of(reading, stmt, 3, &facts))
		return DB_FAILED;
	if (row < 1 || row > index->head.last_row || hash_bytes.n != sizeof hash)
		return unfit(reading, "damaged (a row of facts has no place)");
	hash = (struct hash128){0};
	for (size_t i = 0; i < 8; i++) {
		hash.high |= (uint64_t)(unsigned char)hash_bytes.at[i] << (8 * i);
		hash.low |= (uint64_t)(unsigned char)hash_bytes.at[8 + i] << (8 * i);
	}
	if (sqlite3_column_int64(stmt, 2) != index_row_sum((uint32_t)row, hash, facts))
		return unfit(reading, "damaged (facts fail their checksum)");
	if ((size_t)row < index->rows.n && index->rows.at[row].is_stored)
		return unfit(reading, "damaged (facts are there twice)");
	index_remember(index, (uint32_t)row, hash, str_copy(index->arena, facts));
	index->rows.at[row].is_stored = true;
	return DB_OK;
}

/* Every file's facts must be there: a vanished row is damage too. */
static enum db_answer check_rows(struct reading *reading)
{
	struct index *index = reading->index;
	struct stat_cursor cursor;
	struct index_entry entry;
	struct str facts;
	uint64_t n = 0;
	index_first(index, &cursor);
	for (; stat_next(&cursor, &entry); n++)
		if (!index_facts(index, entry.row, entry.hash, &facts))
			return unfit(reading, "damaged (facts are missing)");
	return n == index->head.entries ? DB_OK : unfit(reading, "damaged (the table of files ends early)");
}

static enum db_answer read_tables(struct reading *reading, enum index_wants wants)
{
	size_t n;
	enum db_answer answer = each_row(reading, index_read_version, read_version, &n);
	if (answer == DB_OK)
		answer = each_row(reading, index_read_stat, read_stat, &n);
	if (answer == DB_OK && n != 1)
		answer = unfit(reading, "damaged (the table of files is missing)");
	if (answer != DB_OK || !(wants & INDEX_FACTS))
		return answer;
	reading->index->has_rows = true;
	answer = each_row(reading, index_read_facts, read_facts, &n);
	return answer == DB_OK ? check_rows(reading) : answer;
}

static void forget(struct index *index)
{
	index->head = (struct stat_head){.facts_version = index->head.facts_version};
	index->stats = STR_NONE;
	index->rows.n = index->rows.cap = index->n_slots = 0;
	index->rows.at = NULL;
	index->has_rows = false;
}

static enum db_answer open_db(struct reading *reading, enum index_wants wants)
{
	struct index *index = reading->index;
	int access = wants & INDEX_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	int rc = sqlite3_open_v2(index->path, &index->db, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL);
	if (rc != SQLITE_OK)
		return judge(reading, index->db ? sqlite3_extended_errcode(index->db) : rc);
	sqlite3_extended_result_codes(index->db, 1);
	sqlite3_busy_timeout(index->db, INDEX_WAIT_MS);
	sqlite3_db_config(index->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* secure_delete would overwrite what is freed; nothing here is secret. */
	return judge(reading, sqlite3_exec(index->db,
	                                   "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
	                                   "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF; BEGIN",
	                                   NULL, NULL, NULL));
}

/* The index as it is on the disk.  DB_UNFIT with an empty `why`: there is none. */
static enum db_answer read_old(struct reading *reading, enum index_wants wants)
{
	struct index *index = reading->index;
	struct stat st;
	if (lstat(index->path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR))
		return DB_UNFIT;
	if (!S_ISREG(st.st_mode))
		return unfit(reading, "not a regular file");
	enum db_answer answer = open_db(reading, wants);
	if (answer == DB_OK)
		answer = read_tables(reading, wants);
	if (answer == DB_OK)
		answer = judge(reading, sqlite3_exec(index->db, "COMMIT", NULL, NULL, NULL));
	if (answer != DB_OK) {
		db_close(&index->db);
		forget(index);
	}
	return answer;
}

/* ---- opening ---- */

static bool freeze(struct index *index, const char *why)
{
	index->is_frozen = true;
	index->note = str_fmt(index->arena, "%s is not written: %s", index->path, why);
	return true;
}

static bool build(struct index *index, const char *why, struct err *err)
{
	enum db_answer answer = index_start(index, err);
	if (answer == DB_FAILED)
		return false;
	if (answer != DB_OK) {
		index_unlock(index);
		return freeze(index, strerror(errno));
	}
	index->is_cold = true;
	if (*why)
		index->note = str_fmt(index->arena, "%s was %s and is built anew", index->path, why);
	return true;
}

/* The old index cannot be used as it was found.  Under the lock it is looked at again: another process may have
 * just built it. */
static bool open_locked(struct index *index, enum index_wants wants, struct err *err)
{
	struct reading again = {.index = index, .err = err};
	enum db_answer answer = index_lock(index, err);
	if (answer == DB_DENIED)
		return freeze(index, strerror(errno));
	if (answer == DB_BUSY)
		return freeze(index, "another process is writing it");
	if (answer == DB_OK)
		answer = read_old(&again, wants);
	if (answer == DB_UNFIT)
		return build(index, again.why, err);
	index_unlock(index);
	if (answer == DB_BUSY)
		return freeze(index, "another process is using it");
	return answer == DB_OK;
}

static void name_files(struct index *index, struct arena *out, const char *folder)
{
	index->arena = out;
	index->folder = str_c(out, str_of(folder));
	index->path = str_fmt(out, "%s/index.db", folder).at;
	index->new_path = str_fmt(out, "%s/index.db.new", folder).at;
	index->lock_path = str_fmt(out, "%s/index.db.lock", folder).at;
	index->free_row = 1;
}

/* SQLite refuses paths with symbolic links, which guards index.db itself; the folder may be one. */
static bool find_folder(struct index *index, struct arena *out, const char *folder, enum index_wants wants,
                        struct err *err)
{
	char real[PATH_MAX];
	bool is_made = wants & INDEX_READ_ONLY || mkdir(folder, 0777) == 0 || errno == EEXIST;
	int why = errno;
	name_files(index, out, folder);
	if (is_made && !realpath(folder, real)) {
		is_made = false;
		why = errno;
	}
	if (is_made) {
		name_files(index, out, real);
		return true;
	}
	if (wants & INDEX_READ_ONLY || why == EACCES || why == EPERM || why == EROFS)
		return freeze(index, strerror(why));
	return fail(err, "cannot make the folder %s: %s", folder, strerror(why));
}

bool index_open(struct index *index, struct arena *out, const char *folder, uint32_t version, enum index_wants wants,
                struct err *err)
{
	struct reading reading = {.index = index, .err = err};
	*index = (struct index){.head.facts_version = version, .stats = STR_NONE, .note = STR_NONE};
	if (wants == INDEX_NONE) {
		name_files(index, out, folder);
		index->is_frozen = true;
		return true;
	}
	if (!find_folder(index, out, folder, wants, err))
		return false;
	if (index->is_frozen)
		return true;
	switch (read_old(&reading, wants)) {
	case DB_OK: index->is_frozen = wants & INDEX_READ_ONLY; return true;
	case DB_FAILED: return false;
	case DB_BUSY: return freeze(index, "another process is using it");
	case DB_UNFIT:
	case DB_DENIED: break;
	}
	if (wants & INDEX_READ_ONLY)
		return freeze(index, reading.why[0] ? reading.why : "there is none, and nothing may be written");
	return open_locked(index, wants, err);
}

/* ---- asking ---- */

void index_first(const struct index *index, struct stat_cursor *cursor)
{
	struct stat_head head;
	if (index->stats.n == 0 || !stat_open(cursor, index->arena, index->stats, &head))
		*cursor = (struct stat_cursor){.rest = STR_NONE};
}

bool index_settled(const struct index_entry *now, int64_t began_ns)
{
	enum { SECOND = 1000000000 };
	/* File systems with a grain of one or two seconds cut the fraction off. */
	int64_t grain = now->mtime_ns % SECOND == 0 && now->ctime_ns % SECOND == 0 ? 2LL * SECOND : 0;
	return now->mtime_ns < began_ns - grain && now->ctime_ns < began_ns - grain;
}

bool index_same_look(const struct index_entry *then, const struct index_entry *now)
{
	return then->size == now->size && then->mtime_ns == now->mtime_ns && then->ctime_ns == now->ctime_ns &&
	       then->ino == now->ino && then->dev == now->dev && then->mode == now->mode;
}

bool index_trusts(const struct index *index, const struct index_entry *then, const struct index_entry *now,
                  int64_t began_ns)
{
	/* After a clock that went back, times may come round again. */
	return index_same_look(then, now) && began_ns >= index->head.read_ns && index_settled(now, index->head.read_ns);
}

uint32_t index_find(const struct index *index, struct hash128 hash)
{
	return index->n_slots ? *slot_of(index, hash) : 0;
}

bool index_facts(const struct index *index, uint32_t row, struct hash128 hash, struct str *facts)
{
	if (row >= index->rows.n || !index->rows.at[row].facts.at || !hash128_eq(index->rows.at[row].hash, hash))
		return false;
	*facts = index->rows.at[row].facts;
	return true;
}

void index_close(struct index *index)
{
	if (index->is_cold)
		index_abandon(index);
	db_close(&index->db);
	index_unlock(index);
}

bool index_drop(struct index *index, struct err *err)
{
	bool ok = index->is_frozen || unlink(index->path) == 0 || errno == ENOENT;
	int why = errno;
	index_close(index);
	return ok || fail(err, "cannot remove %s: %s", index->path, strerror(why));
}
