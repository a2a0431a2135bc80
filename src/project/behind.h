/* The pytest that a job runs through something else: `tox -e pg`, `nox -s tests`, `make test`, a script of hatch, pdm or
 * poe, a file of sh.  The project's own files say what that is; lanes run pytest itself, in the same environment.
 *
 * tox and nox keep an environment each: it is made by the tool, without running anything, and pytest is called in it. */
#ifndef PROJECT_BEHIND_H
#define PROJECT_BEHIND_H

#include "model/job.h"
#include "model/task.h"

struct behind {
	struct str called;  /* "tox -e pg" */
	struct str place;   /* of the task: "tox.ini:12" */
	struct str script;  /* what it runs, arguments filled in */
	struct str dir;     /* where, "" for the root */
	struct str bin;     /* of the environment, ".tox/pg/bin"; "" when the script's words stand as they are */
	strs prefix;        /* words before the command: "hatch run" */
	strs before, after; /* commands of the step around the call */
	struct str setup;   /* a command that makes the environment, or the targets before; "" for none */
	VEC(struct env_pair) env;
	struct str why; /* why nothing was found: a clause that goes on "...: "; "" when something was */
};

/* Does the text run tests through another tool, or a file of sh?  What is found, or why it is not, is in `behind`. */
bool behind_find(struct arena *out, struct str text, const task_list *tasks, struct behind *behind);

/* Words of the job's scripts by which its tasks are found: names of environments of tox, and paths of files of sh. */
strs behind_environments(struct arena *out, const struct job *job);
strs behind_scripts(struct arena *out, struct str text);

#endif
