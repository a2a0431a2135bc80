/* Reads `.gitlab-ci.yml`. */
#ifndef PROJECT_GITLAB_H
#define PROJECT_GITLAB_H

#include "base/err.h"
#include "model/job.h"

/* Adds its jobs: what each starts and gives to its environment, by itself, by what it extends and by the defaults of the
 * file.  False for a text that is no YAML, with a finding. */
bool gitlab_read(struct arena *out, struct str text, struct str path, job_list *jobs, struct err *err);

#endif
