/* What `init` finds before it knows the tests: shared by engine_init.c and engine_init_find.c. */
#ifndef ENGINE_INIT_H
#define ENGINE_INIT_H

#include "engine.h"
#include "project/propose.h"

struct init_found {
	job_list jobs;
	struct taken taken;
	struct str source; /* "the job heavy of .github/workflows/ci.yml" */
	strs others, notes;
};

/* The job that was asked for or fits best, with its services; else those of compose files; else none. */
bool init_find(lanewright *lw, const struct lanewright_init_options *options, const struct catalogue *catalogue,
               struct init_found *found);

/* What other files say: pytest's version, pins, [tool.coverage.paths]; paths that are not there are left out. */
void init_look_around(lanewright *lw, struct init_found *found, struct proposal *proposal);

#endif
