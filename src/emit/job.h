/* What the jobs of all CI systems have in common: their names, the arguments of pytest, the script that runs a shard
 * and leaves its parts, the script of the gate.  How a system calls these is its emitter's. */
#ifndef EMIT_JOB_H
#define EMIT_JOB_H

#include "emit/boot.h"
#include "emit/command.h"
#include "emit/emitters.h"
#include "emit/parts.h"
#include "emit/yaml.h"

struct job_maker {
	struct arena *out;
	const struct plan *plan;
	const struct config *config;
	struct test_command command;
	const char *dir; /* where a shard leaves its parts: "" or with a slash at its end */
	strs *notes;
	struct err *err;
};

/* Checks what every system wants: a shard, names that may be those of jobs, lists that pytest takes, a command. */
bool job_begin(struct job_maker *job, struct arena *out, const struct emit_source *source, strs *notes,
               struct err *err);

/* <name>-<suffix> */
struct str job_name(const struct job_maker *job, struct str suffix);

/* A note, unless it is there already. */
void job_note(struct job_maker *job, struct str note);

/* May a lane be called so?  check, gate, once, plan and lanes are jobs of their own. */
bool job_names_lane(struct str name);

/* What differs from lane to lane: -n of xdist and the lane's own arguments, as shell words; "" for nothing. */
struct str job_lane_args(struct arena *out, const struct plan_lane *lane);

/* Has this shard only files in which no test can be seen?  Running them may tell that there is none: pytest's exit 5. */
bool job_may_be_empty(const struct plan *plan, const struct plan_shard *shard);

/* Shell that runs the list $LANEWRIGHT_LIST and leaves the parts of $LANEWRIGHT_SHARD; `args` are shell words. */
bool job_script(struct job_maker *job, struct str args, struct str *script);

/* Shell of the gate behind the download: exactly the parts, `prove`, and the coverage of all together. */
struct str job_gate_script(struct job_maker *job);

bool job_has_coverage(const struct job_maker *job);

/* The services of lane k, the slowest first. */
bool job_services(struct job_maker *job, uint32_t k, boot_list *services);

/* The name of the environment variable's value as these systems can set it, or a note that only GitHub can. */
bool job_takes_value(struct job_maker *job, const struct service *service, const struct env_pair *pair);

/* The same of [emit.github] env, without what the jobs set themselves. */
bool job_takes_env(struct job_maker *job, const struct env_pair *pair);

/* Where each shard is a job: its variables as the map `key`, with [emit.github] env as the system must be told it. */
void job_add_env(struct job_maker *job, struct yaml *yaml, const char *key, const struct plan_shard *shard,
                 struct str (*literal)(struct arena *out, struct str s));

/* Where each shard is a job: none has the name of another lane or of a job of ours. */
bool job_check_shards(struct job_maker *job);

/* What of [emit.github] another system cannot have. */
void job_note_left_out(struct job_maker *job, const char *system);

/* `s` with every dollar doubled: GitLab, compose and Buildkite put variables into values. */
struct str job_dollars(struct arena *out, struct str s);

#endif
