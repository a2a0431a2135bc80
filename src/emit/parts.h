/* What each shard leaves behind, and the scripts with which a gate asks for exactly that.
 *
 * The scripts are Python, which whoever runs pytest has, without a single quote in what is ours: they may stand
 * between two of them, behind `python3 -c`. */
#ifndef EMIT_PARTS_H
#define EMIT_PARTS_H

#include "emit/command.h"
#include "model/plan.h"

/* Where a gate has the parts of all shards, merged into one folder: their names tell them apart. */
#define PARTS_DIR ".lanewright/parts"

/* .coverage.<lane>-<n>; never .coverage.<lane>.<n>, which combining .coverage.<lane> would swallow. */
struct str parts_coverage_file(struct arena *out, const struct plan *plan, const struct plan_shard *shard);

/* Shell behind a pytest that succeeded: fails without a whole report (an os._exit(0) in a test leaves none), and
 * writes the record: which list of which plan ran, on which commit, and which report came of it, with its counts.
 * `dir` is where both stand, "" or with a slash at its end; $LANEWRIGHT_LANE, _SHARD and _LIST are set, and
 * $LANEWRIGHT_COMMIT where the system knows it. */
struct str parts_record(struct arena *out, const char *dir);

/* Python that fails unless PARTS_DIR holds exactly the parts of the plan's shards, each of them whole; with coverage
 * files when `has_coverage`, and `others` beside them.  Without a plan it reads plan.json when it runs. */
struct str parts_script(struct arena *out, const struct plan *plan, bool has_coverage, const strs *others);

/* The same as shell: python3 -c '...'. */
struct str parts_shell(struct arena *out, const struct plan *plan, bool has_coverage);

/* Shell: `lanewright prove` over the parts, with these options ("" or "--format github"). */
struct str parts_prove(struct arena *out, const char *options);

/* Shell: coverage combined by name (of plan.json's shards without a plan), coverage.xml, the report; where pytest runs,
 * and by the Python it runs in, as `command` says.  `others` are shell words. */
struct str parts_combine(struct arena *out, const struct plan *plan, const struct test_command *command,
                         const strs *others);

#endif
