/* What past runs took: the samples of `.lanewright/history.db` as arrays.  `store/history` reads and writes
 * them, `estimate/` turns them into seconds. */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include "base/str.h"
#include "base/vec.h"
#include "model/report.h"

/* One report or set of reports recorded together: a lane (or shard) of one CI run on one machine. */
struct history_run {
	struct str id;        /* what the user calls the run, or the hash of the reports' bytes */
	struct str lane;      /* "" when not said */
	struct str machine;   /* "" when not said */
	struct str source;    /* format: "junit", ... */
	int64_t time;         /* seconds since 1970, UTC */
	bool is_time_guessed; /* when recording: nobody said the time, so a run already known keeps its own */
};

/* What one test function took in one run, its parameters summed.  Only what ran: a skip has no duration. */
struct history_sample {
	struct str unit;                        /* path::Class::func */
	uint32_t run;                           /* index into history.runs */
	enum outcome outcome;                   /* the worst of its cases that ran */
	int64_t us;                             /* microseconds, >= 0 */
	int64_t setup_us, call_us, teardown_us; /* when the source has phases, else MS_UNKNOWN */
};

/* The content a file of tests had when it was last recorded: how a moved file is known again. */
struct history_file {
	struct str path;
	uint64_t high, low; /* XXH3-128 */
};

struct history_move {
	struct str from, to; /* paths of files */
};

struct history {
	VEC(struct history_run) runs;       /* oldest first: by time, id, lane, machine, source */
	VEC(struct history_sample) samples; /* by unit, then run */
	VEC(struct history_file) files;     /* by path */
	int64_t half_life;                  /* seconds in which a sample loses half its weight; 0: samples do not age */
};

#endif
