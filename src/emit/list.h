/* Shard lists: what pytest is told to run, one argument a line.
 *
 * A list is dangerous where it is wrong: an empty list, or one blank line, makes pytest run the whole suite; a line
 * that begins with - or @ is an option or another list; a path with [ or :: names something else.  So a list is
 * never empty, has no blank line, writes `./-x` for `-x`, and a path that cannot be passed is refused by name. */
#ifndef EMIT_LIST_H
#define EMIT_LIST_H

#include "base/err.h"
#include "model/plan.h"

#define LIST_DIR ".lanewright/shards"

struct list_file {
	struct str path; /* .lanewright/shards/<shard>.txt, relative to the root */
	struct str text; /* lines sorted as the plan's units are, LF */
	struct str sha256;
};

typedef VEC(struct list_file) list_files;

/* The list of each shard, in plan->shards' order.  ERR_FINDING when a path cannot be passed to pytest, a shard
 * name is no file name or stands twice, or a shard has no unit. */
bool list_build(struct arena *out, const struct plan *plan, list_files *lists, struct err *err);

/* Where the list of a shard stands. */
struct str list_path(struct arena *out, struct str shard);

/* Of the file names found in LIST_DIR, the paths of those that are lists of no shard of the plan: to be removed. */
strs list_stale(struct arena *out, const struct plan *plan, const strs *present);

/* Why pytest cannot be told to run `id` (a path, or path::names), or NULL when it can. */
const char *list_refuses(struct str id, struct str path);

/* [A-Za-z0-9_-]+: fit for a file, a job, an artifact and a make target alike. */
bool list_name_is_plain(struct str name);

#endif
