/* Tasks that stand in ini and TOML files: environments of tox, scripts of hatch and pdm, tasks of poe. */
#ifndef CONFIG_TASKS_H
#define CONFIG_TASKS_H

#include "base/err.h"
#include "model/task.h"

/* Environments of tox in tox.ini, or in a setup.cfg that has its sections: those of `names`, for any name is one when
 * there is [testenv].  False for a damaged file, as a usage error; so below. */
bool tasks_of_ini(struct arena *out, struct str text, struct str path, const strs *names, task_list *tasks,
                  struct err *err);

/* pyproject.toml, tox.toml: all that stands there. */
bool tasks_of_toml(struct arena *out, struct str text, struct str path, const strs *names, task_list *tasks,
                   struct err *err);

#endif
