/* Compose files: the services, as one job without steps. */
#ifndef PROJECT_COMPOSE_H
#define PROJECT_COMPOSE_H

#include "base/err.h"
#include "model/job.h"

/* Is this the name of a compose file: compose.yml, docker-compose.test.yaml, ...? */
bool compose_is_name(struct str file);

/* Adds one job with the file's services; none when it has none.  ERR_FINDING on text that is no YAML. */
bool compose_read(struct arena *out, struct str text, struct str path, job_list *jobs, struct err *err);

#endif
