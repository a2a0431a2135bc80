/* The emitters, in the order of the help: a row is the prototype, the table entry and the help.
 *
 * Each turns a plan and its config into text, and writes nothing: the engine puts the text where the config or the
 * user says, and into a file that holds more than ours by into.h. */
#ifndef EMIT_EMITTERS_H
#define EMIT_EMITTERS_H

#include "base/err.h"
#include "emit/into.h"
#include "emit/list.h"
#include "model/config.h"
#include "model/plan.h"

struct emit_source {
	const struct plan *plan;
	const struct config *config;
	/* Texts in which the user has pinned actions already: the file to be written into first, then the other
	 * workflows in the order of their names.  May be empty. */
	strs workflows;
};

struct emitted {
	struct str text;  /* the whole: what stdout or a new file gets */
	struct str block; /* what stands between the markers of a file that holds more: into_splice; "" when nothing */
	list_files files; /* lists: files with places of their own */
	strs notes;       /* for a person: what was left out, and what to do about it */
};

/* X(name, how it goes into a file, help) */
/* clang-format off */
#define EMITTERS(X) \
	X(lists,   INTO_NOTHING, "the shard lists, one argument of pytest a line") \
	X(matrix,  INTO_NOTHING, "one line of JSON: the `include` of a job matrix, an entry a shard") \
	X(github,  INTO_JOBS,    "jobs for GitHub Actions: one a lane with its services, a check before and a gate after") \
	X(gitlab,  INTO_NOTHING, "the same for GitLab, a file to be included; image and setup are in your job .lanewright") \
	X(make,    INTO_LINES,   "make targets: test-LANE, test-LANE-N, services-up-LANE, services-down-LANE") \
	X(compose, INTO_NOTHING, "the lanes' services for docker compose, with health checks, a profile a lane")
/* clang-format on */

#define X(name, into, help)                                                                                            \
	bool emit_##name(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err);
EMITTERS(X)
#undef X

struct emitter {
	const char *name, *help;
	enum into_kind into;
	bool (*emit)(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err);
};

extern const struct emitter emitters[];
extern const size_t n_emitters;

/* By name, or NULL. */
const struct emitter *emitter_find(struct str name);

#endif
