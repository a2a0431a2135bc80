/* The shell script behind `lanewright run`: the same command that the emitted jobs call, for one shard or a whole lane. */
#ifndef EMIT_RUN_H
#define EMIT_RUN_H

#include "emit/emitters.h"

struct run_ask {
	struct str target; /* the name of a shard, else of a lane */
	struct str parts;  /* a folder for report, record and coverage of a shard, as CI leaves them; "" for none */
	strs args;         /* of pytest, after the config's and the lane's */
};

struct run_made {
	struct str script;
	const struct plan_lane *lane;
	const struct plan_shard *shard; /* NULL when it is a lane of several */
	strs lists;                     /* paths, relative to the root */
	struct str coverage;            /* the file it goes to, "" without parts */
};

/* ERR_USAGE when there is no such shard or lane, or when it has no tests. */
bool run_make(struct arena *out, const struct emit_source *source, const struct run_ask *ask, struct run_made *made,
              struct err *err);

#endif
