/* pytest's exit code is the script's.  Exit 5 is explained: of a planned list nothing was collected, which a lane that is
 * green in CI never does, unless no test was seen in any of its files. */
#include "emit/run.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "emit/job.h"
#include "emit/quote.h"

static bool no_such_target(struct arena *out, const struct plan *plan, struct str target, struct err *err)
{
	strs known = {0};
	for (size_t i = 0; i < plan->lanes.n; i++)
		if (plan->lanes.at[i].n_shards)
			vec_push(out, &known, plan->lanes.at[i].name);
	for (size_t i = 0; i < plan->shards.n; i++)
		if (plan->lanes.at[plan->shards.at[i].lane].n_shards > 1)
			vec_push(out, &known, plan->shards.at[i].name);
	size_t nearest = str_nearest(target, known.at, known.n);
	struct str shown = quote_shown(out, target);
	if (nearest != SIZE_MAX)
		return fail_usage(err, "the plan has no shard or lane '%.*s'; did you mean '%.*s'?", STR_ARG(shown),
		                  STR_ARG(known.at[nearest]));
	return fail_usage(err, "the plan has no shard or lane '%.*s'; there are: %.*s", STR_ARG(shown),
	                  STR_ARG(str_join(out, known.at, known.n, STR(", "))));
}

static bool find_target(struct arena *out, const struct plan *plan, struct str target, struct run_made *made,
                        struct err *err)
{
	for (size_t i = 0; i < plan->shards.n; i++)
		if (str_eq(plan->shards.at[i].name, target))
			made->shard = &plan->shards.at[i];
	for (size_t i = 0; i < plan->lanes.n; i++)
		if (str_eq(plan->lanes.at[i].name, target))
			made->lane = &plan->lanes.at[i];
	if (made->shard)
		made->lane = &plan->lanes.at[made->shard->lane];
	if (!made->lane)
		return no_such_target(out, plan, target, err);
	for (size_t i = 0; i < plan->shards.n; i++) {
		const struct plan_shard *shard = &plan->shards.at[i];
		if (made->shard ? shard == made->shard : &plan->lanes.at[shard->lane] == made->lane)
			vec_push(out, &made->lists, list_path(out, shard->name));
	}
	if (made->lists.n == 0)
		return fail_usage(err, "the lane %.*s has no tests in this plan", STR_ARG(target));
	return true;
}

/* The beginning of the script: what exit 5 means for these lists. */
static struct str explained(struct arena *out, const struct plan *plan, const struct run_made *made)
{
	bool may_be_empty = true;
	for (size_t i = 0; i < plan->shards.n; i++)
		if (made->shard ? &plan->shards.at[i] == made->shard
		                : &plan->lanes.at[plan->shards.at[i].lane] == made->lane)
			may_be_empty &= job_may_be_empty(plan, &plan->shards.at[i]);
	const char *why = may_be_empty ? "none was seen in its files either, so all is well"
	                               : "its files skip themselves as a whole, or an option deselects all of them";
	return str_fmt(
	        out,
	        "set -e\n"
	        "trap 'status=$?; if [ \"$status\" -eq 5 ]; then echo \"lanewright run: pytest collected no test of "
	        "the list (exit 5): %s\" >&2; fi; exit \"$status\"' EXIT\n",
	        why);
}

/* The folder stands inside double quotes of a script that was written for constants. */
static bool check_parts(const struct run_ask *ask, const struct run_made *made, struct err *err)
{
	for (size_t i = 0; i < ask->parts.n; i++)
		if (!isalnum((unsigned char)ask->parts.at[i]) && !strchr("/._-", ask->parts.at[i]))
			return fail_usage(err, "--parts: a folder of letters, digits, / . _ and - is expected");
	if (ask->parts.n && !made->shard)
		return fail_usage(err, "--parts is for one shard: %.*s has several, name one",
		                  STR_ARG(made->lane->name));
	return true;
}

static bool arguments(struct arena *out, const struct run_ask *ask, const struct plan_lane *lane, struct str *args,
                      struct err *err)
{
	struct buf buf;
	buf_init(&buf, out);
	buf_add(&buf, job_lane_args(out, lane));
	for (size_t i = 0; i < ask->args.n; i++) {
		struct str word;
		if (!quote_sh(out, ask->args.at[i], &word, err))
			return false;
		buf_fmt(&buf, "%s%.*s", buf.n ? " " : "", STR_ARG(word));
	}
	*args = buf_str(&buf);
	return true;
}

static struct str plain_script(struct arena *out, const struct job_maker *job, const struct run_made *made,
                               struct str args)
{
	strs words = {0};
	for (size_t i = 0; i < made->lists.n; i++)
		vec_push(out, &words, str_fmt(out, "\"%.*s\"", STR_ARG(made->lists.at[i])));
	return str_fmt(out, "%.*s%.*s\n", STR_ARG(explained(out, job->plan, made)),
	               STR_ARG(test_command_text(out, &job->command, &words, args)));
}

static bool parts_script_of(struct arena *out, struct job_maker *job, const struct run_ask *ask, struct str args,
                            struct run_made *made)
{
	struct str script;
	job->dir = str_c(out, str_ends(ask->parts, STR("/")) ? ask->parts : str_fmt(out, "%.*s/", STR_ARG(ask->parts)));
	if (!job_script(job, args, &script))
		return false;
	made->script = str_fmt(out, "%.*smkdir -p \"%s\"\n%.*s", STR_ARG(explained(out, job->plan, made)), job->dir,
	                       STR_ARG(script));
	if (job_has_coverage(job))
		made->coverage =
		        str_fmt(out, "%s%.*s", job->dir, STR_ARG(parts_coverage_file(out, job->plan, made->shard)));
	return true;
}

bool run_make(struct arena *out, const struct emit_source *source, const struct run_ask *ask, struct run_made *made,
              struct err *err)
{
	struct job_maker job;
	strs notes = {0};
	struct str args;
	*made = (struct run_made){0};
	if (!job_begin(&job, out, source, &notes, err) || !find_target(out, source->plan, ask->target, made, err) ||
	    !check_parts(ask, made, err) || !arguments(out, ask, made->lane, &args, err))
		return false;
	if (ask->parts.n)
		return parts_script_of(out, &job, ask, args, made);
	made->script = plain_script(out, &job, made, args);
	return true;
}
