/* Reads what tox gives to its environments: `tox.ini`, `tox.toml`, `[tool.tox]` of a pyproject.toml. */
#ifndef CONFIG_TOX_H
#define CONFIG_TOX_H

#include "base/err.h"
#include "model/job.h"

/* Adds a job for each environment that sets variables or starts containers (tox-docker's).  `path` says which kind of file
 * the text is.  False for a damaged file, with a usage error. */
bool tox_read(struct arena *out, struct str text, struct str path, job_list *jobs, struct err *err);

#endif
