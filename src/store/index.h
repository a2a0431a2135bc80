/* What the files said last time: `.lanewright/index.db`, a cache.  It holds the survey of every content (by its
 * hash; `facts` in the names below are those bytes) and how each file looked when it was read, so that only changed
 * files are read again.
 *
 * It may vanish at any time and is never believed on its word: every BLOB carries our own checksum, since
 * SQLite notices few flipped bits.  An index that is damaged, of another version or not ours is built anew and
 * `note` says so; one that cannot be written is done without, and `note` says that.
 *
 *	struct index index = {0};
 *	if (!index_open(&index, out, folder, version, wants, err))
 *		return false;
 *	... index_first/stat_next, index_know_rows, index_find, index_facts, index_put ...
 *	index_add for every file, index_commit
 *	index_close(&index);        // on every path, also after a trap; may be called twice
 */
#ifndef STORE_INDEX_H
#define STORE_INDEX_H

#include "base/err.h"
#include "store/index_stat.h"

struct sqlite3;
struct sqlite3_stmt;

struct index_row {
	struct hash128 hash; /* of the content */
	struct str facts;    /* .at NULL: not loaded */
	bool is_stored;      /* in the file as it was opened */
	bool is_new;         /* put since then */
	bool is_kept;        /* a file of the new stat table has it */
};

enum index_wants {
	INDEX_STATS = 0,     /* only which files changed */
	INDEX_FACTS = 1,     /* the facts of all files are loaded and checked */
	INDEX_READ_ONLY = 2, /* flag: nothing is written */
	INDEX_NONE = 4,      /* alone: nothing is read or written; for when it is in the way */
};

struct index {
	struct arena *arena;                              /* what it hands out lives there */
	const char *folder, *path, *new_path, *lock_path; /* absolute */
	struct sqlite3 *db;
	struct sqlite3_stmt *insert; /* of facts, while a new file is built */
	int lock;                    /* descriptor + 1 of the lock file; 0: not locked */
	bool is_cold;                /* a new file is being built */
	bool is_frozen;              /* nothing will be written */
	bool is_written;             /* index_commit has */
	struct str note;
	struct stat_head head;
	struct str stats;           /* the stat table of the last run */
	VEC(struct index_row) rows; /* by row number; 0 is none */
	uint32_t *slots;            /* of a table from hash to row */
	size_t n_slots;
	uint32_t free_row; /* no row below it is free */
	bool has_rows;
	uint64_t bytes; /* of facts put since index_open */
	struct stat_writer writer;
};

/* `folder` is made when it is missing.  `version` is that of the facts: others are not used.  False only for
 * trouble: I/O errors, a full disk, no memory. */
bool index_open(struct index *index, struct arena *out, const char *folder, uint32_t version, enum index_wants wants,
                struct err *err);
/* The files of the last run, sorted by path. */
void index_first(const struct index *index, struct stat_cursor *cursor);
/* Whether a look at the file by a scan that began then says something for good: what changed while or after it
 * was read, within the grain of the clock, looks the same (git calls it racy). */
bool index_settled(const struct index_entry *now, int64_t began_ns);
bool index_same_look(const struct index_entry *then, const struct index_entry *now);
/* Whether the file now looks as it did, and both looks say something.  `began_ns` is when this scan began. */
bool index_trusts(const struct index *index, const struct index_entry *then, const struct index_entry *now,
                  int64_t began_ns);
/* The row of a content, or 0.  index_know_rows comes first; then this only reads, from any thread. */
uint32_t index_find(const struct index *index, struct hash128 hash);
void index_know_rows(struct index *index);
/* The facts of a row, when it is that of the content and they were loaded. */
bool index_facts(const struct index *index, uint32_t row, struct hash128 hash, struct str *facts);
/* Keeps the facts of a new content; the row is that of an equal content if there is one.  They are borrowed
 * until index_commit, unless the index is cold. */
bool index_put(struct index *index, struct hash128 hash, struct str facts, uint32_t *row, struct err *err);
/* The files as they are now, in order of their paths, then all or nothing onto the disk. */
void index_add(struct index *index, const struct index_entry *entry);
bool index_commit(struct index *index, int64_t began_ns, struct err *err);
void index_close(struct index *index);
/* For facts that passed their checksum and still made no sense: closes it and removes the file. */
bool index_drop(struct index *index, struct err *err);

#endif
