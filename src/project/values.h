/* What the jobs of the CI give to variables of the environment. */
#ifndef PROJECT_VALUES_H
#define PROJECT_VALUES_H

#include "model/given.h"
#include "model/job.h"
#include "model/task.h"

/* Adds the values of all jobs, in any order: of a workflow and its steps, and of those containers of a compose file that
 * run the project's own code.  A value out of a matrix comes once for each of its values; one that nobody can know
 * before the run is left out. */
void values_of_jobs(struct arena *out, const job_list *jobs, given_values *given);

/* Adds what tasks of nox, hatch, pdm and poe set for what they run. */
void values_of_tasks(struct arena *out, const task_list *tasks, given_values *given);

/* Adds the lines NAME=value of a `.env` file. */
void values_of_dotenv(struct arena *out, struct str text, struct str path, given_values *given);

#endif
