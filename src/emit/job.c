/* Names, arguments and scripts, the same everywhere. */
#include "emit/job.h"

#include "base/buf.h"
#include "emit/quote.h"

bool job_names_lane(struct str name)
{
	static const char *const ours[] = {"check", "gate", "once", "plan", "lanes"};
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (str_eq(name, str_of(ours[i])))
			return false;
	return list_name_is_plain(name);
}

static bool check_names(const struct job_maker *job)
{
	const struct plan *plan = job->plan;
	if (!boot_is_name(job->config->github.name))
		return fail_usage(job->err,
		                  "[emit.github] name: \"%.*s\" cannot begin the name of a job: letters, digits, _ and "
		                  "- are expected, a letter first",
		                  STR_ARG(quote_shown(job->out, job->config->github.name)));
	for (size_t i = 0; i < plan->lanes.n; i++) {
		struct str lane = plan->lanes.at[i].name;
		if (!job_names_lane(lane))
			return fail_usage(job->err,
			                  "[lanes]: \"%.*s\" cannot name a job: letters, digits, _ and - are expected, "
			                  "and not check, gate, once, plan or lanes, which are jobs of their own",
			                  STR_ARG(quote_shown(job->out, lane)));
		if (str_has(plan->lanes.at[i].pytest_args, STR("${{")))
			return fail_usage(
			        job->err,
			        "[lanes.%.*s] pytest_args: \"${{\" in a script is an injection; put the value "
			        "into [emit.github] env and write \"$NAME\"",
			        STR_ARG(lane));
		if (str_has(plan->lanes.at[i].pytest_args, STR("\n")))
			return fail_usage(job->err, "[lanes.%.*s] pytest_args: one line is expected", STR_ARG(lane));
	}
	return true;
}

bool job_begin(struct job_maker *job, struct arena *out, const struct emit_source *source, strs *notes, struct err *err)
{
	list_files lists; /* a plan whose lists are refused has no jobs either */
	*job = (struct job_maker){
	        .out = out, .plan = source->plan, .config = source->config, .dir = "", .notes = notes, .err = err};
	if (job->plan->shards.n == 0)
		return fail_finding(err, "the plan has no shard, so there is no job to write: run `lanewright plan`");
	return check_names(job) && list_build(out, job->plan, &lists, err) &&
	       test_command_read(out, job->config, &job->command, err);
}

struct str job_name(const struct job_maker *job, struct str suffix)
{
	return str_fmt(job->out, "%.*s-%.*s", STR_ARG(job->config->github.name), STR_ARG(suffix));
}

void job_note(struct job_maker *job, struct str note)
{
	for (size_t i = 0; i < job->notes->n; i++)
		if (str_eq(job->notes->at[i], note))
			return;
	vec_push(job->out, job->notes, note);
}

bool job_has_coverage(const struct job_maker *job)
{
	return job->config->github.coverage_source.n > 0;
}

struct str job_lane_args(struct arena *out, const struct plan_lane *lane)
{
	struct str own = lane->pytest_args;
	if (lane->serial || lane->workers < 2)
		return own;
	return str_fmt(out, "-n %u%s%.*s", lane->workers, own.n ? " " : "", STR_ARG(own));
}

static bool all_args(struct job_maker *job, struct str lane_args, struct str *args)
{
	struct buf buf;
	struct str source = job->config->github.coverage_source, word;
	buf_init(&buf, job->out);
	struct str up = job->dir[0] == '/' ? STR_NONE : job->command.up;
	buf_fmt(&buf, "--junitxml=\"%.*s%sjunit-$LANEWRIGHT_SHARD.xml\"", STR_ARG(up), job->dir);
	if (source.n && !job->command.has_coverage) {
		if (!quote_sh(job->out, source, &word, job->err))
			return false;
		buf_fmt(&buf, " --cov=%.*s --cov-report= --cov-fail-under=0", STR_ARG(word));
	}
	if (lane_args.n)
		buf_fmt(&buf, " %.*s", STR_ARG(lane_args));
	*args = buf_str(&buf);
	return true;
}

bool job_may_be_empty(const struct plan *plan, const struct plan_shard *shard)
{
	uint32_t number = (uint32_t)(shard - plan->shards.at);
	for (size_t i = 0; i < plan->units.n; i++)
		if (plan->units.at[i].shard == number && plan->units.at[i].n_tests)
			return false;
	return true;
}

/* Exit 5, nothing collected, is a failure of a shard that has tests; of one that may have none it is how it ends. */
static void allow_empty(struct job_maker *job, struct buf *buf)
{
	strs names = {0};
	for (size_t i = 0; i < job->plan->shards.n; i++)
		if (job_may_be_empty(job->plan, &job->plan->shards.at[i]))
			vec_push(job->out, &names,
			         str_fmt(job->out, "\"5 %.*s\"", STR_ARG(job->plan->shards.at[i].name)));
	if (names.n)
		buf_fmt(buf,
		        " || { status=$?; case \"$status $LANEWRIGHT_SHARD\" in %.*s) echo \"no test in these files, and none "
		        "was seen in them\";; *) exit \"$status\";; esac; }",
		        STR_ARG(str_join(job->out, names.at, names.n, STR("|"))));
}

bool job_script(struct job_maker *job, struct str lane_args, struct str *script)
{
	struct buf buf;
	strs list = {0};
	struct str args;
	if (!all_args(job, lane_args, &args))
		return false;
	vec_push(job->out, &list, STR("\"$LANEWRIGHT_LIST\""));
	if (job->command.dir.n && job_has_coverage(job) && job->dir[0] != '/')
		job->command.env = str_fmt(job->out, "COVERAGE_FILE=\"%.*s$COVERAGE_FILE\" ", STR_ARG(job->command.up));
	struct str guard = test_command_guard(job->out, &job->command, &list);
	buf_init(&buf, job->out);
	if (guard.n)
		buf_fmt(&buf, "%.*s\n", STR_ARG(guard));
	buf_add(&buf, test_command_text(job->out, &job->command, &list, args));
	allow_empty(job, &buf);
	buf_char(&buf, '\n');
	buf_add(&buf, parts_record(job->out, job->dir));
	*script = buf_str(&buf);
	return true;
}

struct str job_gate_script(struct job_maker *job)
{
	struct buf buf;
	strs none = {0};
	buf_init(&buf, job->out);
	buf_fmt(&buf, "set -e\n%.*s", STR_ARG(parts_shell(job->out, job->plan, job_has_coverage(job))));
	buf_fmt(&buf, "%.*s\n", STR_ARG(parts_prove(job->out, "")));
	if (job_has_coverage(job))
		buf_add(&buf, parts_combine(job->out, job->plan, &job->command, &none));
	return buf_str(&buf);
}

bool job_services(struct job_maker *job, uint32_t k, boot_list *services)
{
	return boot_lane(job->out, job->config, &job->plan->lanes.at[k], services, job->err);
}

bool job_takes_value(struct job_maker *job, const struct service *service, const struct env_pair *pair)
{
	if (!str_has(pair->value, STR("${{")))
		return true;
	job_note(job, str_fmt(job->out, "[services.%.*s] env: %.*s is left out, only GitHub can set it",
	                      STR_ARG(service->name), STR_ARG(quote_shown(job->out, pair->name))));
	return false;
}

bool job_takes_env(struct job_maker *job, const struct env_pair *pair)
{
	bool is_ours = str_starts(pair->name, STR("LANEWRIGHT_")) ||
	               (job_has_coverage(job) && str_eq(pair->name, STR("COVERAGE_FILE")));
	if (!is_ours && !str_has(pair->value, STR("${{")))
		return true;
	job_note(job, str_fmt(job->out, "[emit.github] env: %.*s is left out, %s",
	                      STR_ARG(quote_shown(job->out, pair->name)),
	                      is_ours ? "the job sets it itself" : "only GitHub can set it"));
	return false;
}

void job_add_env(struct job_maker *job, struct yaml *yaml, const char *key, const struct plan_shard *shard,
                 struct str (*literal)(struct arena *out, struct str s))
{
	const struct github_config *github = &job->config->github;
	yaml_map(yaml, str_of(key));
	for (size_t i = 0; i < github->env.n; i++)
		if (job_takes_env(job, &github->env.at[i]))
			yaml_text(yaml, github->env.at[i].name, literal(job->out, github->env.at[i].value));
	yaml_pair(yaml, "LANEWRIGHT_LANE", job->plan->lanes.at[shard->lane].name);
	yaml_pair(yaml, "LANEWRIGHT_SHARD", shard->name);
	yaml_pair(yaml, "LANEWRIGHT_LIST", list_path(job->out, shard->name));
	if (job_has_coverage(job))
		yaml_pair(
		        yaml, "COVERAGE_FILE",
		        str_fmt(job->out, PARTS_DIR "/%.*s", STR_ARG(parts_coverage_file(job->out, job->plan, shard))));
	yaml_end(yaml);
}

bool job_check_shards(struct job_maker *job)
{
	const struct plan *plan = job->plan;
	for (size_t i = 0; i < plan->shards.n; i++)
		if (!job_names_lane(plan->shards.at[i].name))
			return fail_usage(job->err, "[lanes]: a shard called %.*s cannot be a job, rename its lane",
			                  STR_ARG(quote_shown(job->out, plan->shards.at[i].name)));
	return true;
}

void job_note_left_out(struct job_maker *job, const char *system)
{
	const struct github_config *github = &job->config->github;
	if (github->parts.n)
		job_note(job, STR("[[emit.github.part]] is left out: it names jobs of GitHub"));
	if (github->once.n)
		job_note(job, STR("[emit.github] once is left out: its steps are GitHub's"));
	if (github->if_.n)
		job_note(job, str_fmt(job->out, "[emit.github] if is left out: %s has conditions of its own", system));
}

struct str job_dollars(struct arena *out, struct str s)
{
	struct buf buf;
	buf_init(&buf, out);
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '$')
			buf_char(&buf, '$');
		buf_char(&buf, s.at[i]);
	}
	return buf_str(&buf);
}
