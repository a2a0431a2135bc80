/* The sessions of a noxfile.py as tasks: what they run by `session.run` with arguments that stand there as text.  An
 * argument that is anything else comes out as `{it}`. */
#ifndef PROJECT_NOXFILE_H
#define PROJECT_NOXFILE_H

#include "model/task.h"

void noxfile_read(struct arena *out, struct str text, struct str path, task_list *tasks);

#endif
