/* The plan as a file: `.lanewright/plan.json`, version 1, described in docs/plan.md.
 *
 * The same plan is the same bytes: fixed key order, one lane, shard and unit a line, LF.  Only the services
 * that the plan speaks of are written, by name, so that a service new in the catalogue changes nothing. */
#ifndef EMIT_PLAN_FILE_H
#define EMIT_PLAN_FILE_H

#include "base/err.h"
#include "model/plan.h"

enum { PLAN_VERSION = 1 };
#define PLAN_PATH ".lanewright/plan.json"

/* The text of the file; fails on a name that is no UTF-8, which JSON cannot hold. */
bool plan_file_write(struct arena *out, const struct plan *plan, struct str *text, struct err *err);

/* The plan in a file's text, checked whole: types, ranges, names, order, references.  `path` begins messages.
 * Its service sets count in plan->services, which is not the catalogue: see plan_file_services. */
bool plan_file_read(struct arena *out, struct str text, const char *path, struct plan *plan, struct err *err);

/* A set that counts in `from` (a plan's services) as one that counts in the catalogue; names it lacks drop out. */
service_set plan_file_services(const strs *from, service_set set, const struct catalogue *catalogue);

#endif
