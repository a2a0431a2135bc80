/* The step of a job that runs pytest: found, by its own words or behind a tool that it calls, and taken over. */
#ifndef PROJECT_TAKE_PYTEST_H
#define PROJECT_TAKE_PYTEST_H

#include "base/buf.h"
#include "project/behind.h"
#include "project/script.h"
#include "project/take.h"

struct dealing {
	struct arena *out;
	const struct job *job;
	const task_list *tasks;
	const struct catalogue *catalogue;
	struct taken *taken;
	struct buf before, after, once;
	strs lost_ids; /* of steps that are in no job any more */
};

/* The pytest of a step. */
struct testing {
	struct script script;
	struct behind behind; /* when another tool is called for it */
	bool is_behind;
};

void dealing_note(struct dealing *d, const struct job_step *step, const char *what);
void dealing_lose(struct dealing *d, const struct job_step *step);

/* Does the step run pytest? */
bool dealing_tests(struct arena *out, const struct job *job, const task_list *tasks, const struct job_step *step,
                   struct testing *testing);

/* Its command, environment and folder are taken; what stands around it goes into steps before, or is noted. */
void dealing_pytest(struct dealing *d, const struct job_step *step);

/* A step that runs tests by a tool behind which no pytest was found. */
void dealing_hidden(struct dealing *d, const struct job_step *step);

#endif
