/* The plan: its inputs are hashed, its lists and itself written, and it is laid out for clients. */
#include "engine.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/hash.h"
#include "emit/list.h"
#include "emit/plan_file.h"
#include "partition/units.h"

struct planning {
	const struct lanewright_plan_options *options;
	const struct lanewright_plan **made;
	struct str previous_text;
	struct plan previous;
};

/* ---- inputs ---- */

static struct str tree_sum(lanewright *lw)
{
	struct buf text;
	buf_init(&text, &lw->tmp);
	for (size_t i = 0; i < lw->repo.files.n; i++) {
		const struct source_file *file = &lw->repo.files.at[i];
		buf_add(&text, file->path);
		buf_char(&text, '\0');
		buf_fmt(&text, "%016" PRIx64 "%016" PRIx64 "\n", file->hash_high, file->hash_low);
	}
	return sha256_hex(&lw->out, buf_str(&text));
}

static struct str history_sum(lanewright *lw)
{
	const struct history *past = &lw->past;
	struct buf text;
	buf_init(&text, &lw->tmp);
	for (size_t i = 0; i < past->samples.n; i++) {
		const struct history_sample *sample = &past->samples.at[i];
		const struct history_run *run = &past->runs.at[sample->run];
		buf_add(&text, sample->unit);
		buf_char(&text, '\0');
		buf_add(&text, run->id);
		buf_char(&text, '\0');
		buf_add(&text, run->lane);
		buf_fmt(&text, "%c%" PRId64 " %d %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", '\0', run->time,
		        (int)sample->outcome, sample->us, sample->setup_us, sample->call_us, sample->teardown_us);
	}
	return sha256_hex(&lw->out, buf_str(&text));
}

static struct str options_sum(lanewright *lw, const struct lanewright_plan_options *options)
{
	struct str text = str_fmt(&lw->tmp, "shards %u target_ms %" PRId64 " max_billed_ms %" PRId64 "\n",
	                          options->shards, options->target_ms, options->max_billed_ms);
	return sha256_hex(&lw->out, text);
}

static void add_input(lanewright *lw, struct plan *plan, struct str name, struct str sum)
{
	vec_push(&lw->out, &plan->inputs, ((struct plan_input){name, sum}));
}

void engine_tree_inputs(lanewright *lw, struct plan_input inputs[2])
{
	inputs[0] = (struct plan_input){STR("config"), sha256_hex(&lw->out, lw->config.text)};
	inputs[1] = (struct plan_input){STR("tree"), tree_sum(lw)};
}

static void add_inputs(lanewright *lw, const struct planning *planning, struct plan *plan)
{
	struct plan_input tree[2];
	engine_tree_inputs(lw, tree);
	add_input(lw, plan, tree[0].name, tree[0].sha256);
	add_input(lw, plan, tree[1].name, tree[1].sha256);
	add_input(lw, plan, STR("history"), history_sum(lw));
	add_input(lw, plan, STR("options"), options_sum(lw, planning->options));
	if (planning->options->previous)
		add_input(lw, plan, STR("previous"), sha256_hex(&lw->out, planning->previous_text));
}

/* ---- making ---- */

/* What pytest would collect and we could not read would be on no list. */
static bool all_readable(lanewright *lw)
{
	for (size_t i = 0; i < lw->repo.files.n; i++) {
		const struct source_file *file = &lw->repo.files.at[i];
		if (file->is_unreadable && (file->is_test || file->is_conftest))
			return fail(&lw->err, "%s cannot be read, so its tests would be on no list; scan says why",
			            lw->paths[i]);
	}
	return true;
}

static bool read_previous(lanewright *lw, struct planning *planning)
{
	const char *path = planning->options->previous;
	if (!path)
		return true;
	return file_read(&lw->out, path, &planning->previous_text, &lw->err) &&
	       plan_file_read(&lw->out, planning->previous_text, path, &planning->previous, &lw->err);
}

static bool make(lanewright *lw, struct planning *planning, struct plan *plan)
{
	const struct lanewright_plan_options *options = planning->options;
	struct plan_request request = {
	        .repo = &lw->repo,
	        .suite = &lw->suite,
	        .needs = &lw->needs,
	        .config = &lw->config,
	        .estimates = lw->estimates,
	        .previous = options->previous ? &planning->previous : NULL,
	        .shards = options->shards,
	        .target_ms = options->target_ms,
	        .max_billed_ms = options->max_billed_ms,
	};
	return plan_make(&lw->out, &lw->tmp, &request, plan, &lw->err);
}

static bool write_lists(lanewright *lw, const list_files *lists)
{
	for (size_t i = 0; i < lists->n; i++)
		if (!file_write(engine_path(lw, str_c(&lw->tmp, lists->at[i].path)), lists->at[i].text, &lw->err))
			return false;
	return true;
}

/* The lists first, then the plan that vouches for them with their hashes, then away with lists of old. */
static bool write_plan(lanewright *lw, struct plan *plan, struct str *text)
{
	list_files lists = {0};
	if (!list_build(&lw->out, plan, &lists, &lw->err))
		return false;
	for (size_t i = 0; i < plan->shards.n; i++)
		plan->shards.at[i].list_sha256 = lists.at[i].sha256;
	return plan_file_write(&lw->out, plan, text, &lw->err) && write_lists(lw, &lists) &&
	       file_write(engine_path(lw, PLAN_PATH), *text, &lw->err) && engine_remove_strays(lw, plan);
}

/* ---- showing ---- */

static struct str joined(lanewright *lw, const strs *names)
{
	return str_join(&lw->out, names->at, names->n, STR(", "));
}

static const char *set_names(lanewright *lw, const struct plan *plan, service_set set)
{
	strs names = {0};
	for (size_t i = 0; i < plan->services.n; i++)
		if (set >> i & 1)
			vec_push(&lw->tmp, &names, plan->services.at[i]);
	return str_c(&lw->out, joined(lw, &names));
}

static void show_lanes(lanewright *lw, const struct plan *plan, struct lanewright_plan *shown)
{
	struct lanewright_lane *lanes = arena_array(&lw->out, struct lanewright_lane, plan->lanes.n);
	for (size_t i = 0; i < plan->lanes.n; i++) {
		const struct plan_lane *lane = &plan->lanes.at[i];
		lanes[i] = (struct lanewright_lane){
		        .name = str_c(&lw->out, lane->name),
		        .services = str_c(&lw->out, joined(lw, &lane->service_order)),
		        .is_derived = lane->is_derived,
		        .why = str_c(&lw->out, lane->why),
		        .is_serial = lane->serial,
		        .workers = lane->workers,
		        .fixed_ms = lane->fixed_ms,
		        .n_shards = lane->n_shards,
		};
	}
	shown->lanes = lanes;
	shown->n_lanes = plan->lanes.n;
}

static void show_shards(lanewright *lw, const struct plan *plan, struct lanewright_plan *shown)
{
	struct lanewright_shard *shards = arena_array(&lw->out, struct lanewright_shard, plan->shards.n);
	for (size_t i = 0; i < plan->shards.n; i++) {
		const struct plan_shard *shard = &plan->shards.at[i];
		shards[i] = (struct lanewright_shard){
		        .name = str_c(&lw->out, shard->name),
		        .lane = shard->lane,
		        .fixed_ms = shard->fixed_ms,
		        .load_ms = shard->load_ms,
		};
	}
	for (size_t i = 0; i < plan->units.n; i++) {
		shards[plan->units.at[i].shard].n_units++;
		shards[plan->units.at[i].shard].n_tests += plan->units.at[i].n_tests;
	}
	shown->shards = shards;
	shown->n_shards = plan->shards.n;
}

static void show_units(lanewright *lw, const struct plan *plan, struct lanewright_plan *shown)
{
	struct lanewright_unit *units = arena_array(&lw->out, struct lanewright_unit, plan->units.n);
	for (size_t i = 0; i < plan->units.n; i++) {
		const struct plan_unit *unit = &plan->units.at[i];
		units[i] = (struct lanewright_unit){
		        .id = str_c(&lw->out, unit->id),
		        .path = str_c(&lw->out, unit->path),
		        .shard = unit->shard,
		        .ms = unit->ms,
		        .source = estimate_source_name(unit->source),
		        .services = set_names(lw, plan, unit->needs),
		        .why_whole = str_c(&lw->out, unit->why_whole),
		        .n_tests = unit->n_tests,
		};
	}
	shown->units = units;
	shown->n_units = plan->units.n;
}

static const struct lanewright_plan *show(lanewright *lw, const struct plan *plan, bool has_previous, struct str text)
{
	struct lanewright_plan *shown = arena_new(&lw->out, struct lanewright_plan);
	*shown = (struct lanewright_plan){
	        .makespan_ms = plan->makespan_ms,
	        .bound_ms = plan->bound_ms,
	        .billed_ms = plan->billed_ms,
	        .billing_ms = lw->config.billing_ms,
	        .binds = str_c(&lw->out, plan_binding(&lw->out, plan)),
	        .history_ms = plan->history_ms,
	        .regression_ms = plan->regression_ms,
	        .default_ms = plan->default_ms,
	        .has_previous = has_previous,
	        .moved = plan->moved,
	        .kept = plan->kept,
	        .json = str_c(&lw->out, text),
	};
	show_lanes(lw, plan, shown);
	show_shards(lw, plan, shown);
	show_units(lw, plan, shown);
	return shown;
}

static bool plan(lanewright *lw, void *args)
{
	struct planning *planning = args;
	struct plan made = {0};
	struct str text;
	if (!engine_needs(lw) || !engine_estimates(lw) || !all_readable(lw) || !read_previous(lw, planning) ||
	    !make(lw, planning, &made))
		return false;
	add_inputs(lw, planning, &made);
	if (!write_plan(lw, &made, &text))
		return false;
	*planning->made = show(lw, &made, planning->options->previous != NULL, text);
	return true;
}

int lanewright_make_plan(lanewright *lw, const struct lanewright_plan_options *options,
                         const struct lanewright_plan **made)
{
	static const struct lanewright_plan_options none;
	struct planning planning = {.options = options ? options : &none, .made = made};
	*made = NULL;
	return engine_run(lw, plan, &planning);
}
