/* The plan: its inputs are hashed, its lists and itself written, and it is laid out for clients. */
#include "engine.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/hash.h"
#include "emit/list.h"
#include "emit/plan_file.h"
#include "estimate/modules.h"
#include "partition/curve.h"
#include "partition/moves.h"

enum { OWN_INPUTS = TREE_INPUTS + 2 }; /* and history, options; the previous plan comes last */

struct planning {
	const struct lanewright_plan_options *options;
	const struct lanewright_plan **made;
	bool has_previous;
	struct str previous_text;
	struct plan previous;
	struct err damage; /* of the plan that lies there */
	struct plan_input inputs[OWN_INPUTS];
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

/* What the project's CI says of services; where it says it does not matter. */
static struct str ci_sum(lanewright *lw)
{
	struct buf text;
	buf_init(&text, &lw->tmp);
	for (size_t i = 0; i < lw->ci_words.n; i++) {
		const struct ci_word *word = &lw->ci_words.at[i];
		buf_fmt(&text, "%d", (int)word->kind);
		buf_add(&text, word->word);
		buf_char(&text, '\0');
		buf_add(&text, lw->config.catalogue.services.at[word->service].name);
		buf_char(&text, '\n');
	}
	for (size_t i = 0; i < lw->config.given.n; i++) {
		const struct given_value *one = &lw->config.given.at[i];
		buf_fmt(&text, "%d", (int)one->giver);
		buf_add(&text, one->variable);
		buf_char(&text, '\0');
		buf_add(&text, one->value);
		buf_char(&text, '\n');
	}
	return sha256_hex(&lw->out, buf_str(&text));
}

void engine_tree_inputs(lanewright *lw, struct plan_input inputs[TREE_INPUTS])
{
	inputs[0] = (struct plan_input){STR("config"), sha256_hex(&lw->out, lw->config.text)};
	inputs[1] = (struct plan_input){STR("tree"), tree_sum(lw)};
	inputs[2] = (struct plan_input){STR("ci"), ci_sum(lw)};
}

static void sum_inputs(lanewright *lw, struct planning *planning)
{
	engine_tree_inputs(lw, planning->inputs);
	planning->inputs[TREE_INPUTS] = (struct plan_input){STR("history"), history_sum(lw)};
	planning->inputs[TREE_INPUTS + 1] = (struct plan_input){STR("options"), options_sum(lw, planning->options)};
}

static const struct plan_input *input_of(const struct plan *plan, struct str name)
{
	for (size_t i = 0; i < plan->inputs.n; i++)
		if (str_eq(plan->inputs.at[i].name, name))
			return &plan->inputs.at[i];
	return NULL;
}

/* Whether the previous plan was made from just what there is now. */
static bool is_same(const struct planning *planning)
{
	for (size_t i = 0; i < OWN_INPUTS; i++) {
		const struct plan_input *input = input_of(&planning->previous, planning->inputs[i].name);
		if (!input || !str_eq(input->sha256, planning->inputs[i].sha256))
			return false;
	}
	return true;
}

/* The same inputs give the same bytes, however often: a plan that only repeats the one before keeps its account of what
 * moved. */
static void add_inputs(lanewright *lw, const struct planning *planning, struct plan *plan)
{
	for (size_t i = 0; i < OWN_INPUTS; i++)
		vec_push(&lw->out, &plan->inputs, planning->inputs[i]);
	if (!planning->has_previous)
		return;
	struct plan_input previous = {STR("previous"), sha256_hex(&lw->out, planning->previous_text)};
	const struct plan_input *before = input_of(&planning->previous, previous.name);
	if (before && !plan->moved && plan->kept == planning->previous.units.n && is_same(planning)) {
		previous = *before;
		plan->moved = planning->previous.moved;
		plan->kept = planning->previous.kept;
	}
	vec_push(&lw->out, &plan->inputs, previous);
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

/* The plan asked for; else the last one written, when something has changed since it was made or it had one before it.
 * A damaged one is as good as none: it is written anew. */
static bool read_previous(lanewright *lw, struct planning *planning)
{
	const char *path = planning->options->previous, *last = engine_path(lw, PLAN_PATH);
	if (path) {
		planning->has_previous = true;
		return file_read(&lw->out, path, &planning->previous_text, &lw->err) &&
		       plan_file_read(&lw->out, planning->previous_text, path, &planning->previous, &lw->err);
	}
	if (!file_exists(last))
		return true;
	if (!file_read(&lw->out, last, &planning->previous_text, &lw->err))
		return false; /* a plan that nobody can read now is not a damaged one */
	planning->has_previous =
	        plan_file_read(&lw->out, planning->previous_text, last, &planning->previous, &planning->damage);
	if (planning->has_previous && is_same(planning) && !input_of(&planning->previous, STR("previous")))
		planning->has_previous = false;
	return true;
}

static const int64_t *module_times(lanewright *lw)
{
	const struct suite *suite = &lw->suite;
	struct str *paths = arena_array(&lw->tmp, struct str, lw->repo.files.n); /* as ids have them */
	for (size_t i = 0; i < lw->repo.files.n; i++) {
		struct str id = suite->first_test[i] < suite->first_test[i + 1]
		                        ? suite->tests.at[suite->first_test[i]].id
		                        : STR_NONE;
		size_t end = str_find(id, STR(".py::"), 0);
		paths[i] = str_slice(id, 0, end == SIZE_MAX ? 0 : end + 3);
	}
	return estimate_modules(&lw->out, &lw->tmp, &lw->past, paths, lw->repo.files.n);
}

static struct plan_request request_of(lanewright *lw, const struct planning *planning)
{
	const struct lanewright_plan_options *options = planning->options;
	return (struct plan_request){
	        .repo = &lw->repo,
	        .suite = &lw->suite,
	        .needs = &lw->needs,
	        .config = &lw->config,
	        .estimates = lw->estimates,
	        .module_ms = module_times(lw),
	        .previous = planning->has_previous ? &planning->previous : NULL,
	        .shards = options->shards,
	        .target_ms = options->target_ms,
	        .max_billed_ms = options->max_billed_ms,
	};
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

static void show_moves(lanewright *lw, const struct planning *planning, const struct plan *plan,
                       struct lanewright_plan *shown)
{
	shown->has_previous = planning->has_previous;
	shown->note =
	        planning->damage.code ? str_fmt(&lw->out, "%s; planned without it", planning->damage.text).at : "";
	shown->moved = plan->moved;
	shown->kept = plan->kept;
	shown->moves_text = shown->moves_markdown = "";
	if (!planning->has_previous)
		return;
	struct moves moves = plan_moves(&lw->out, &planning->previous, plan);
	shown->moves_text = str_c(&lw->out, moves_text(&lw->out, &moves, &planning->previous, plan));
	shown->moves_markdown = str_c(&lw->out, moves_markdown(&lw->out, &moves, &planning->previous, plan));
}

static const struct lanewright_plan *show(lanewright *lw, const struct planning *planning, const struct plan *plan,
                                          struct str text)
{
	struct lanewright_plan *shown = arena_new(&lw->out, struct lanewright_plan);
	*shown = (struct lanewright_plan){
	        .makespan_ms = plan->makespan_ms,
	        .bound_ms = plan->bound_ms,
	        .billed_ms = plan->billed_ms,
	        .billing_ms = lw->config.billing_ms,
	        .p50_ms = plan->p50_ms,
	        .p95_ms = plan->p95_ms,
	        .binds = str_c(&lw->out, plan_binding(&lw->out, plan)),
	        .nothing_more = str_c(&lw->out, plan_nothing_more(&lw->out, plan)),
	        .history_ms = plan->history_ms,
	        .regression_ms = plan->regression_ms,
	        .default_ms = plan->default_ms,
	        .json = str_c(&lw->out, text),
	};
	show_lanes(lw, plan, shown);
	show_shards(lw, plan, shown);
	show_units(lw, plan, shown);
	show_moves(lw, planning, plan, shown);
	return shown;
}

static bool gather(lanewright *lw, struct planning *planning)
{
	if (!engine_needs(lw) || !engine_estimates(lw) || !all_readable(lw))
		return false;
	sum_inputs(lw, planning);
	return true;
}

static bool plan(lanewright *lw, void *args)
{
	struct planning *planning = args;
	struct plan made = {0};
	struct str text;
	if (!gather(lw, planning) || !read_previous(lw, planning))
		return false;
	struct plan_request request = request_of(lw, planning);
	if (!plan_make(&lw->out, &lw->tmp, &request, &made, &lw->err))
		return false;
	add_inputs(lw, planning, &made);
	if (!write_plan(lw, &made, &text))
		return false;
	*planning->made = show(lw, planning, &made, text);
	return true;
}

static const struct lanewright_plan_options no_options;

int lanewright_make_plan(lanewright *lw, const struct lanewright_plan_options *options,
                         const struct lanewright_plan **made)
{
	struct planning planning = {.options = options ? options : &no_options, .made = made};
	*made = NULL;
	return engine_run(lw, plan, &planning);
}

/* ---- the curve ---- */

struct curving {
	struct planning planning;
	struct str format, text;
};

static bool draw_curve(lanewright *lw, void *args)
{
	struct curving *curving = args;
	struct curve found;
	if (!gather(lw, &curving->planning))
		return false;
	struct plan_request request = request_of(lw, &curving->planning);
	if (!plan_curve(&lw->out, &lw->tmp, &request, curving->planning.options->shards, &found, &lw->err))
		return false;
	curving->text = str_eq(curving->format, STR("csv"))    ? curve_csv(&lw->out, &found)
	                : str_eq(curving->format, STR("json")) ? curve_json(&lw->out, &found)
	                                                       : curve_text(&lw->out, &found);
	return true;
}

int lanewright_curve(lanewright *lw, const struct lanewright_plan_options *options, const char *format,
                     const char **curve)
{
	struct curving curving = {{.options = options ? options : &no_options}, str_of(format), STR_NONE};
	int status = engine_run(lw, draw_curve, &curving);
	*curve = status == LANEWRIGHT_OK ? str_c(&lw->out, curving.text) : "";
	return status;
}
