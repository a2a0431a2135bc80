/* What `init` finds before it knows the tests: shared by engine_init.c and engine_init_find.c. */
#ifndef ENGINE_INIT_H
#define ENGINE_INIT_H

#include "engine.h"
#include "project/propose.h"

struct init_found {
	job_list jobs;
	task_list tasks; /* of tox, make and the like */
	struct taken taken;
	struct str source; /* "the job heavy of .github/workflows/ci.yml" */
	strs others, notes;
};

/* The job that was asked for or fits best, with its services; else those of compose files; else none. */
bool init_find(lanewright *lw, const struct lanewright_init_options *options, const struct catalogue *catalogue,
               struct init_found *found);

/* What other files say: pytest's version, pins, [tool.coverage.paths]; paths that are not there are left out. */
void init_look_around(lanewright *lw, struct init_found *found, struct proposal *proposal);

/* Fills `tasks` with what the jobs may call. */
void init_find_tasks(lanewright *lw, struct init_found *found);

/* A file of the root; false when it is not there, and with a note when it cannot be read. */
bool init_read(lanewright *lw, struct init_found *found, struct str path, struct str *text);

/* A note that a file was not looked at: `why` names it. */
void init_unread(lanewright *lw, struct init_found *found, struct str why);

#endif
