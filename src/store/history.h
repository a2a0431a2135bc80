/* `.lanewright/history.db`: what past runs took.  It is the user's data: never dropped, changed only in whole
 * transactions, read-only when a newer lanewright wrote it, and checked (each row carries a hash of its
 * content), so that damage is said and not planned with. */
#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include "base/err.h"
#include "model/history.h"

struct history_db;

enum history_mode { HISTORY_READ, HISTORY_WRITE };
enum { HISTORY_SCHEMA = 1, HISTORY_CAP = 64 /* samples kept of a unit, the newest */ };

/* Another process that writes is waited for, up to 30 s.  To read a file that does not exist gives an empty
 * history; to write makes it, and its folder must exist.  Close what was opened. */
bool history_open(struct arena *out, struct history_db **db, const char *path, enum history_mode mode, struct err *err);
void history_close(struct history_db *db);

struct history_change {
	size_t added;   /* samples that were not there */
	size_t changed; /* those there with another value */
	size_t same;    /* recorded before, or older than the newest HISTORY_CAP of their unit */
};

/* Adds one run in one transaction.  Samples are keyed by unit, run id and lane; of two values for one key the
 * later one stays, by (time, machine, source, value), so that order does not matter and recording twice changes
 * nothing.  `run` in the samples is not looked at. */
bool history_record(struct history_db *db, const struct history_run *run, const struct history_sample *samples,
                    size_t n, struct history_change *change, struct err *err);
/* Everything. */
bool history_samples(struct history_db *db, struct arena *out, struct history *history, struct err *err);

#endif
