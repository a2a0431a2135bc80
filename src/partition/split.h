/* The plumbing command: lines of seconds and names in, lines of shards and names out. */
#ifndef PARTITION_SPLIT_H
#define PARTITION_SPLIT_H

#include "base/err.h"
#include "model/plan.h"

struct split {
	struct problem problem; /* its times are units of 10^-places seconds; without lanes one that takes all */
	int32_t places;         /* as few as make the times exact, at most 9 */
	struct str text;        /* borrowed */
	strs lanes;             /* names; none when there was no file of lanes */
	uint32_t *item_of;      /* by line */
};

/* `text`: a line a unit, seconds TAB id [TAB service,...]; `lanes`: NULL, or a line a lane in the same
 * shape, its start-up in seconds, its name, its services, and perhaps TAB number of shards.  `a|b` among the services
 * of a unit is either.  Messages name the line of `name`, as "times.tsv:3".  The order of lines is no matter.
 * `shards` is the total, 0 when every lane has its number. */
bool split_read(struct arena *out, struct arena *tmp, struct str text, const char *name, const struct str *lanes,
                const char *lanes_name, uint32_t shards, struct split *split, struct err *err);

/* shard TAB id for each line, in the order of the input.  Shards are numbers from 1, or lane names with a
 * number where a lane has several. */
struct str split_lines(struct arena *out, struct arena *tmp, const struct split *split,
                       const struct solution *solution);

/* One line of json: makespan and bound in seconds, gap as a fraction of the bound, optimal, shards. */
struct str split_stats(struct arena *out, const struct split *split, const struct solution *solution);

/* All of it at once, with no more memory than a million lines deserve.  Both results end with a NUL that does not
 * count. */
struct split_ask {
	struct str text;
	const char *name;
	const struct str *lanes; /* or NULL */
	const char *lanes_name;
	uint32_t shards;
};
bool split_run(struct arena *out, struct arena *tmp, const struct split_ask *ask, struct str *lines, struct str *stats,
               struct err *err);

#endif
