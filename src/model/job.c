/* Where a job's tests stand. */
#include "model/job.h"

bool job_is_in_container(const struct job *job)
{
	return job->container.n > 0;
}
