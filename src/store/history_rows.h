/* The rows of history.db in memory: runs by number, and the samples of one unit as the BLOB packs them.  For
 * the other history_*.c files only. */
#ifndef STORE_HISTORY_ROWS_H
#define STORE_HISTORY_ROWS_H

#include "base/buf.h"
#include "store/history.h"

/* A row of `run`. */
struct run_row {
	int64_t number;
	struct history_run run;
	int64_t units; /* rows of `unit` that have a sample of it; a run without any is forgotten */
	bool is_new, is_changed;
};

typedef VEC(struct run_row) run_rows; /* sorted by number */

/* One sample of a unit; `run` is an index into the run_rows. */
struct unit_sample {
	uint32_t run;
	uint8_t outcome;
	int64_t us, setup_us, call_us, teardown_us;
};

typedef VEC(struct unit_sample) unit_samples; /* newest first */

/* The order of samples: by time, id, lane, machine, source of the run, then by value.  It decides which of two
 * values for one key stays and which samples the cap keeps, and because it is one order for both, histories can
 * be merged in any order and grouping. */
int sample_rank(const run_rows *runs, const struct unit_sample *a, const struct unit_sample *b);
int run_order(const struct history_run *a, const struct history_run *b);     /* time, id, lane, machine, source */
bool run_same_key(const struct history_run *a, const struct history_run *b); /* id and lane */

enum put_answer { PUT_ADDED, PUT_CHANGED, PUT_SAME };
/* Puts a sample into those of its unit and cuts them to HISTORY_CAP; counts the runs' units. */
enum put_answer sample_put(struct arena *out, run_rows *runs, unit_samples *samples, struct unit_sample one);

/* Every row carries a hash of its content: SQLite itself notices one flipped bit in ten. */
int64_t run_check(struct arena *tmp, const struct run_row *row);
int64_t unit_check(struct arena *tmp, struct str unit, struct str blob);

int64_t file_check(struct arena *tmp, const struct history_file *file);

struct str samples_pack(struct arena *out, const run_rows *runs, const unit_samples *samples);
/* False when the bytes are no samples of these runs; *missing is then the number of a run that is not among
 * them, or 0. */
bool samples_unpack(struct arena *out, const run_rows *runs, struct str blob, unit_samples *samples, int64_t *missing);

#endif
