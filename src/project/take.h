/* A job taken over: what of it goes into a config, and what does not, and why.
 *
 * The steps before pytest are kept byte for byte, but for matrix values: the jobs that are emitted have no matrix of the
 * user's, so those of its first combination stand in the text.  A step that verifies something beside the tests goes to
 * `once`, one that reports to `after`; for whatever has no place there is a note. */
#ifndef PROJECT_TAKE_H
#define PROJECT_TAKE_H

#include "model/config.h"
#include "model/job.h"
#include "model/task.h"

struct taken_service {
	struct str name; /* of the catalogue when it is known there, else its own */
	bool is_known;
	struct str image, options;
	strs ports, hosts;
	VEC(struct env_pair) env;
	struct str base_why; /* the step that needs it before the tests: "ci.yml:12 runs psql"; "" for none */
	struct str place;
};

typedef VEC(struct taken_service) taken_services;

struct taken_env {
	struct str name, value, place;
};

typedef VEC(struct taken_env) taken_env_list;

struct taken {
	const struct job *job; /* NULL when there was none to take */
	taken_services services;
	struct str before, after, once; /* steps */
	struct str before_place, after_place, once_place;
	struct str runs_on, container, if_, pytest, pytest_place, coverage;
	bool has_pytest;        /* the command was found */
	struct str dir;         /* where pytest runs in the job, "" for the root */
	bool has_dir;           /* the lanes can run it there too */
	strs paths;             /* arguments of pytest that are paths, relative to the root */
	taken_env_list job_env; /* of the job, for all steps */
	taken_env_list env;     /* of the pytest step */
	VEC(struct part_config) parts;
	strs notes; /* "ci.yml:12: ..." what was not taken over, or needs a look */
};

/* Does a step of the job run pytest, by its own words or by a task that it calls? */
bool take_has_pytest(struct arena *tmp, const struct job *job, const task_list *tasks);

/* `jobs` are all of the project: others of the same file may upload coverage.  `tasks` are what its tools run. */
void take_job(struct arena *out, const job_list *jobs, const task_list *tasks, const struct job *job,
              const struct catalogue *catalogue, struct taken *taken);

/* The services alone, of a job or a compose file; those that are built are left out. */
void take_services(struct arena *out, const struct job *job, const struct catalogue *catalogue, struct taken *taken);

/* Is this action used by any workflow in version 4 or later, as far as its reference tells? */
bool take_is_pinned(const job_list *jobs, const char *action);

void take_note(struct arena *out, struct taken *taken, struct str place, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

#endif
