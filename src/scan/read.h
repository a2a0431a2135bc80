/* Files read, hashed and surveyed by several threads, handed over in the order they were asked for.
 *
 * The threads run ahead of the one who takes the results by a fixed number of files, so memory stays small
 * however many there are. */
#ifndef SCAN_READ_H
#define SCAN_READ_H

#include "scan/walk.h"
#include "store/index.h"

enum {
	READ_LARGEST = 64 << 20, /* bytes of a file */
	READ_CHUNK = 16,         /* files taken at a time */
	READ_AHEAD = 8           /* chunks a thread, before the results are taken */
};

struct reading {
	struct found *file;     /* its `now` is filled in, or its trouble */
	bool was_there;         /* in the last run */
	bool looks_same;        /* as then, but that says nothing */
	struct hash128 content; /* then */
	bool has_vanished;
	bool is_known;     /* the index had the content: now.row is set */
	struct str survey; /* if it is not known and can be read; borrowed until the next is taken */
};

struct read_part;
struct read_slot;

struct reader {
	const struct below *below;
	const struct index *index; /* asked whether it knows a content; NULL: nobody is */
	struct reading *at;        /* in the order of taking */
	size_t n;
	struct crew crew;
	bool has_threads;
	struct arena *out;
	struct read_part *parts; /* by worker */
	struct read_slot *slots; /* chunk c is in slot c modulo n_slots */
	size_t n_slots;
	size_t claimed, taken; /* chunks, under the mutex */
};

/* below, index, at and n are set. */
void read_start(struct reader *reader, struct arena *out, unsigned jobs);
/* Reading i, after all before it.  NULL: trouble, which read_close tells. */
const struct reading *read_take(struct reader *reader, size_t i);
bool read_close(struct reader *reader, struct err *err);
/* After a trap, or when the results are not wanted any more; may be called at any time. */
void read_abandon(struct reader *reader);

#endif
