/* What the jobs of a GitHub workflow share while they are written: github.c has the check,
 * github_lane.c the lanes, github_gate.c the gate. */
#ifndef EMIT_GITHUB_H
#define EMIT_GITHUB_H

#include "emit/command.h"
#include "emit/emitters.h"
#include "emit/steps.h"
#include "emit/yaml.h"

struct github {
	struct arena *out;
	const struct plan *plan;
	const struct config *config;
	const struct github_config *own; /* config->github */
	struct test_command command;
	struct pin upload, download;
	struct str condition; /* of every job, without ${{ }}; "" when there is none */
	strs upstream;        /* jobs that the condition or the environment speaks of: they must be needed */
	strs *notes;
	struct yaml yaml;
	struct err *err;
};

/* <name>-<suffix>, the id and the name of a job. */
struct str github_job(struct github *g, struct str suffix);

/* Begins a job: its name, what it needs, if, runs-on, timeout, permissions; yaml_end ends it. */
void github_begin_job(struct github *g, struct str id, struct str name, const strs *needs, struct str condition,
                      int64_t minutes);

/* `run:` of a step of ours.  `${{` in it is refused: GitHub would paste a value into the code. */
void github_add_script(struct github *g, struct str script);

/* The job of the plan's lane k; false when its services cannot be written. */
bool github_lane(struct github *g, uint32_t k);

void github_gate(struct github *g);

#endif
