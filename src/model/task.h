/* What a project's own task runners do when they are called by a name: which commands, where, with which environment.
 * Tests that a job runs by `tox -e pg` or `make test` are found there. */
#ifndef MODEL_TASK_H
#define MODEL_TASK_H

#include "model/service.h"

enum task_tool {
	TASK_TOX,    /* an environment */
	TASK_NOX,    /* a session */
	TASK_MAKE,   /* a target */
	TASK_HATCH,  /* a script of an environment: "test:cov", of the default one "cov" */
	TASK_PDM,    /* a script */
	TASK_POE,    /* a task of poethepoet */
	TASK_SCRIPT, /* a file of sh; its name is its path */
};

struct task {
	enum task_tool tool;
	struct str name;
	/* A script of sh.  `{posargs:DEFAULT}` stands where the arguments of a call go; whatever else stands in braces or
	 * in $( ) of make, only the tool knows. */
	struct str run;
	struct str dir; /* relative to the root, "" for it */
	VEC(struct env_pair) env;
	VEC(struct env_pair) variables; /* of make */
	strs first;                     /* targets that make brings about before */
	strs pythons;                   /* of nox: it makes a session of each */
	struct str place;               /* "tox.ini:12" */
};

typedef VEC(struct task) task_list;

#endif
