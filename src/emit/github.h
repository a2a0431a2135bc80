/* What the jobs of a GitHub workflow share while they are written: github.c has the jobs before the lanes,
 * github_lane.c the lanes, github_matrix.c all lanes as one matrix, github_gate.c the gate. */
#ifndef EMIT_GITHUB_H
#define EMIT_GITHUB_H

#include "emit/boot.h"
#include "emit/job.h"
#include "emit/steps.h"
#include "emit/yaml.h"

enum github_shape { SHAPE_LANES, SHAPE_MATRIX, SHAPE_REUSABLE, SHAPE_DYNAMIC };

struct github {
	struct job_maker job;
	struct arena *out;
	const struct plan *plan;
	const struct config *config;
	const struct github_config *own; /* config->github */
	enum github_shape shape;
	bool is_planned; /* the plan is made in CI and handed on, not committed */
	struct pin upload, download;
	struct pin cache;     /* of actions/cache; uses is "" when no workflow pins it */
	struct str condition; /* of every job, without ${{ }}; "" when there is none */
	strs upstream;        /* jobs that the condition or the environment speaks of: they must be needed */
	struct yaml yaml;
	struct err *err;
};

/* Begins a job: its name, what it needs, if, runs-on, timeout, permissions; yaml_end ends it. */
void github_begin_job(struct github *g, struct str id, struct str name, const strs *needs, struct str condition,
                      int64_t minutes);

/* `container:` and `env:` of a job that installs what the tests import, as [emit.github] container and job_env say;
 * `with_own_env` the env of the pytest step too. */
void github_add_place(struct github *g, bool with_own_env);

/* `run:` of a step of ours.  `${{` in it is refused: GitHub would paste a value into the code. */
void github_add_script(struct github *g, struct str script);

/* A step that fetches artifacts by `key` (name or pattern) into a folder. */
void github_add_download(struct github *g, const char *name, const char *key, struct str value, struct str path);

/* A step that uploads; `paths` are lines. */
void github_add_upload(struct github *g, const char *name, struct str condition, struct str artifact, struct str paths);

/* The job that comes before the lanes: it checks the plan, or makes it. */
struct str github_first(struct github *g);

/* In a job behind it: the plan that it made, fetched and compared.  Nothing when the plan is committed. */
void github_add_plan(struct github *g);

/* Where the plan is made in CI, and actions/cache is pinned: a step that restores or saves the history. */
void github_add_history(struct github *g, const char *verb);

/* The environment of [emit.github] without what our steps set themselves. */
void github_add_own_env(struct github *g);

/* `services:` of a job: all of them, or `by_matrix` those that the entry of the matrix names. */
bool github_add_services(struct github *g, const boot_list *services, bool by_matrix);

/* What tells one shard from another: constants, or expressions of the matrix. */
struct shard_words {
	struct str lane, shard, list, coverage;
};

struct shard_words github_matrix_words(void);

/* The step that runs the tests of a shard, `args` being shell words, and the one that keeps its parts. */
bool github_add_tests(struct github *g, struct str before, struct str args, const struct shard_words *words);

/* An entry of a matrix. */
void github_add_entry(struct github *g, const struct plan_shard *shard);

/* The job of the plan's lane k; false when its services cannot be written. */
bool github_lane(struct github *g, uint32_t k);

/* One job for all lanes. */
bool github_matrix(struct github *g);

void github_gate(struct github *g);

#endif
