/* The stat table of the index as bytes: one entry a file, sorted by path, behind a head with a checksum.
 * It is one BLOB, since a row a file would make the check of an unchanged tree three times as slow. */
#ifndef STORE_INDEX_STAT_H
#define STORE_INDEX_STAT_H

#include "base/buf.h"
#include "base/hash.h"

/* How a file looked when its content was last read. */
struct index_entry {
	struct str path; /* relative to the root */
	uint64_t size;   /* bytes */
	int64_t mtime_ns, ctime_ns;
	uint64_t ino, dev;
	uint32_t mode;
	uint32_t row; /* of its facts, from 1; 0: none known */
	struct hash128 hash;
};

enum { STAT_ENTRY_LEAST = 9 + 16 }; /* bytes of one in the table */

struct stat_head {
	uint32_t facts_version;
	uint32_t last_row;   /* the highest in use */
	uint64_t entries;    /* files */
	uint64_t generation; /* counts commits */
	int64_t read_ns;     /* when the scan that wrote it began; later changes have a later time */
};

struct stat_writer {
	struct buf bytes;
	struct index_entry last;
	uint64_t entries;
};

struct stat_cursor {
	struct arena *arena;
	struct str rest;
	char *path; /* of the last entry: the next shares a prefix with it */
	size_t n, cap;
	struct index_entry last;
};

void stat_begin(struct stat_writer *to, struct arena *arena);
void stat_add(struct stat_writer *to, const struct index_entry *entry); /* its path stays borrowed until the next */
struct str stat_end(struct stat_writer *to, const struct stat_head *head);

/* False when the bytes are damaged or of another format. */
bool stat_open(struct stat_cursor *from, struct arena *arena, struct str bytes, struct stat_head *head);
/* The entry's path is borrowed until the next call.  False at the end, and at bytes that make no sense: what
 * follows them is then simply not known. */
bool stat_next(struct stat_cursor *from, struct index_entry *entry);

#endif
