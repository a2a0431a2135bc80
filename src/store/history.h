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

/* What a run recorded. */
struct history_batch {
	const struct history_sample *samples; /* `run` in them is not looked at */
	size_t n;
	const struct history_file *files; /* the contents of the files they are of */
	size_t n_files;
};

/* Adds one run in one transaction.  Samples are keyed by unit, run id and lane; of two values for one key the
 * later one stays, by (time, machine, source, value), so that order does not matter and recording twice changes
 * nothing. */
bool history_record(struct history_db *db, const struct history_run *run, const struct history_batch *batch,
                    struct history_change *change, struct err *err);
/* Everything. */
bool history_samples(struct history_db *db, struct arena *out, struct history *history, struct err *err);

/* ---- the whole history at once ---- */

/* All samples of all parts, one for each key, the newest HISTORY_CAP of a unit: the same whatever the order,
 * the grouping and the repetition of the parts.  Of two contents of a file that of the part given later stays. */
struct history history_union(struct arena *out, const struct history *const *parts, size_t n);

struct history_keep {
	int64_t since;           /* drop samples of runs before; INT64_MIN: none */
	const struct str *files; /* drop units of other files; sorted; NULL: none */
	size_t n_files;
	size_t newest; /* of a unit; 0: HISTORY_CAP */
};

struct history history_kept(struct arena *out, const struct history *history, const struct history_keep *keep);

/* Units of moved files under their new path; what the new path had already is united with it. */
struct history history_moved(struct arena *out, const struct history *history, const struct history_move *moves,
                             size_t n);

/* In one transaction reads everything, lets `change` make something else of it, and writes that.  The file is
 * then as small as it can be, and its pages depend on the content alone. */
struct history_edit {
	struct history (*change)(void *me, struct arena *out, const struct history *history);
	void *me;
	size_t before, after; /* samples */
};

bool history_edit(struct history_db *db, struct history_edit *edit, struct err *err);
/* `history_edit` with the union. */
bool history_merge(struct history_db *db, const struct history *const *others, size_t n, struct history_change *change,
                   struct err *err);

struct history_recovered {
	size_t samples, runs; /* saved */
	size_t lost_rows;     /* seen and not what was written; more may be unreadable */
	struct str damaged;   /* where the damaged file is now; "": it was sound */
};

/* Reads what can still be read of a damaged history and puts it in its place; the damaged file stays beside it. */
bool history_recover(struct arena *out, const char *path, struct history_recovered *recovered, struct err *err);

#endif
