/* What each shard leaves behind, and the script with which a gate asks for exactly that. */
#ifndef EMIT_PARTS_H
#define EMIT_PARTS_H

#include "model/plan.h"

/* Where a gate has the parts of all shards, merged into one folder: their names tell them apart. */
#define PARTS_DIR ".lanewright/parts"

/* .coverage.<lane>-<n>; never .coverage.<lane>.<n>, which combining .coverage.<lane> would swallow. */
struct str parts_coverage_file(struct arena *out, const struct plan *plan, const struct plan_shard *shard);

/* Shell behind a pytest that succeeded: the report is there (an os._exit(0) in a test leaves none), and a record says
 * which list ran.  `dir` is where both stand, "" or with a slash at its end; $LANEWRIGHT_LANE, _SHARD and _LIST are set. */
struct str parts_record(struct arena *out, const char *dir);

/* Python that fails unless PARTS_DIR holds exactly the parts of the plan's shards, each of them whole; with coverage
 * files when `has_coverage`, and `others` beside them. */
struct str parts_script(struct arena *out, const struct plan *plan, bool has_coverage, const strs *others);

#endif
