/* GitHub workflows: the jobs with their services and steps. */
#ifndef PROJECT_WORKFLOW_H
#define PROJECT_WORKFLOW_H

#include "base/err.h"
#include "model/job.h"

/* Adds the jobs of a workflow's text.  Jobs that only call another workflow are left out; what is not shaped as a
 * workflow is skipped over, not complained about: the file is the project's, and GitHub is its judge.  Fails only on
 * text that is no YAML, ERR_FINDING with its place. */
bool workflow_read(struct arena *out, struct str text, struct str path, job_list *jobs, struct err *err);

#endif
