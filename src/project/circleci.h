/* Reads `.circleci/config.yml`. */
#ifndef PROJECT_CIRCLECI_H
#define PROJECT_CIRCLECI_H

#include "base/err.h"
#include "model/job.h"

/* Adds its jobs and executors: what each starts and gives to its environment.  False for a text that is no YAML, with a
 * finding. */
bool circleci_read(struct arena *out, struct str text, struct str path, job_list *jobs, struct err *err);

#endif
