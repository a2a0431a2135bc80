/* The emitters, in the order of the help: a row is the prototype, the table entry and the help.
 *
 * Each turns a plan and its config into text, and writes nothing: the engine puts the text where the config or the
 * user says, and into a file that holds more than ours by into.h. */
#ifndef EMIT_EMITTERS_H
#define EMIT_EMITTERS_H

#include <stddef.h>

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

#define NO_PLACE      SIZE_MAX
#define PLACE(member) offsetof(struct config, member)

/* X(function, name, how it goes into a file, which key of the config names that file, help) */
/* clang-format off */
#define EMITTERS(X) \
	X(lists,     "lists",          INTO_NOTHING, NO_PLACE,              "the shard lists, one argument of pytest a line") \
	X(matrix,    "matrix",         INTO_NOTHING, NO_PLACE,              "one line of JSON: the `include` of a job matrix, an entry a shard") \
	X(github,    "github",         INTO_JOBS,    PLACE(github.into),    "jobs for GitHub Actions: one a lane with its services, a check before and a gate after") \
	X(gitlab,    "gitlab",         INTO_NOTHING, NO_PLACE,              "the same for GitLab, a file to be included; image and setup are in your job .lanewright") \
	X(circleci,  "circleci",       INTO_NOTHING, NO_PLACE,              "a config for CircleCI, services as secondary images; setup is in .circleci/lanewright-setup.sh") \
	X(buildkite, "buildkite",      INTO_NOTHING, NO_PLACE,              "a pipeline for Buildkite, services by docker compose; setup is in .buildkite/lanewright-setup.sh") \
	X(azure,     "azure",          INTO_NOTHING, NO_PLACE,              "a pipeline for Azure, services as containers; setup is in .azure/lanewright-setup.sh") \
	X(make,      "make",           INTO_LINES,   NO_PLACE,              "make targets: test-LANE, test-LANE-N, services-up-LANE, services-down-LANE") \
	X(compose,   "compose",        INTO_NOTHING, NO_PLACE,              "the lanes' services for docker compose, with health checks, a profile a lane") \
	X(plugin,    "pytest-plugin",  INTO_NOTHING, PLACE(github.plugin),  "a plugin by which pytest collects just what a list names, in linear time") \
	X(guard,     "conftest-guard", INTO_NOTHING, NO_PLACE,              "a plugin that fails a skipped test whose services its lane does not have")
/* clang-format on */

#define X(function, name, into, place, help)                                                                           \
	bool emit_##function(struct arena *out, const struct emit_source *source, struct emitted *emitted,             \
	                     struct err *err);
EMITTERS(X)
#undef X

struct emitter {
	const char *name, *help;
	enum into_kind into;
	size_t place; /* of the struct str in the config that names its file, "" for none; or NO_PLACE */
	bool (*emit)(struct arena *out, const struct emit_source *source, struct emitted *emitted, struct err *err);
};

extern const struct emitter emitters[];
extern const size_t n_emitters;

/* By name, or NULL. */
const struct emitter *emitter_find(struct str name);

#endif
