/* The steps of a job that is taken over, dealt out: before pytest, after it, once, or not at all. */
#ifndef PROJECT_TAKE_STEPS_H
#define PROJECT_TAKE_STEPS_H

#include "project/take.h"

void take_steps(struct arena *out, const struct job *job, const task_list *tasks, const struct catalogue *catalogue,
                struct taken *taken);

/* "file:line (its name)" */
struct str take_step_name(struct arena *out, const struct job_step *step);

#endif
