/* What the project's own CI teaches of its services: under which hosts, ports and variables they are reached. */
#ifndef PROJECT_WORDS_H
#define PROJECT_WORDS_H

#include "model/job.h"

/* Words of the jobs that belong to one service of the catalogue, sorted by word; a host or port that two services
 * claim tells nothing and is left out, and so is what the catalogue has already. */
ci_words words_of_jobs(struct arena *out, struct arena *tmp, const job_list *jobs, const struct catalogue *catalogue);

#endif
