/* `plan`: deals the tests out to shards, writes the plan and its lists, and says how good it is. */
#include <string.h>

#include "cli/commands.h"

const struct option cmd_plan_options[] = {
        {"shards", "N", NULL, "this many shards over all lanes (default: as the config says)"},
        {"target", "SECONDS", NULL, "the fewest shards that end by then"},
        {"max-minutes", "M", NULL, "the earliest end that is billed no more minutes"},
        {"previous", "FILE", NULL, "stay close to this plan while it is good enough"},
        {"curve", NULL, NULL, "writes nothing; shows wall-clock against billed minutes, the knee marked"},
        {"diff", NULL, NULL, "prints what moved since the previous plan, and why, instead of the shards"},
        {"format", "FORMAT", "text json csv markdown", "how to print (default: text; csv: --curve, markdown: --diff)"},
        {0},
};

enum { DAY = 86400, MINUTES_MOST = 1000000, SHARDS_MOST = 65535 };

static const char *percent(struct arena *arena, int64_t part, int64_t whole, int digits)
{
	return str_fmt(arena, "%.*f %%", digits, whole ? 100.0 * (double)part / (double)whole : 0.0).at;
}

static void print_quality(const struct call *call, const struct lanewright_plan *plan)
{
	struct arena *arena = call->arena;
	int64_t gap = plan->makespan_ms - plan->bound_ms;
	output_fmt(call->out, STYLE_BOLD, "makespan %s s, proven bound %s s, gap %s%s",
	           seconds_text(arena, plan->makespan_ms), seconds_text(arena, plan->bound_ms),
	           percent(arena, gap, plan->bound_ms, 2), gap == 0 ? " (optimal)" : "");
	output_line(call->out);
	if (*plan->binds) {
		output_fmt(call->out, STYLE_PLAIN, "bound by: %s", plan->binds);
		output_line(call->out);
	}
	if (*plan->nothing_more) {
		output_text(call->out, STYLE_WARN, plan->nothing_more);
		output_line(call->out);
	}
	output_fmt(call->out, STYLE_PLAIN, "ends by %s s with a chance of 50 %%, by %s s with 95 %%",
	           seconds_text(arena, plan->p50_ms), seconds_text(arena, plan->p95_ms));
	output_line(call->out);
}

static void print_cost(const struct call *call, const struct lanewright_plan *plan)
{
	struct arena *arena = call->arena;
	int64_t load = plan->history_ms + plan->regression_ms + plan->default_ms;
	output_fmt(call->out, STYLE_PLAIN, "billed %s minutes on %zu shards", seconds_text(arena, plan->billed_ms / 60),
	           plan->n_shards);
	output_line(call->out);
	output_fmt(call->out, STYLE_PLAIN, "unknown share %s of %s s (regression %s, default %s)",
	           percent(arena, load - plan->history_ms, load, 1), seconds_text(arena, load),
	           percent(arena, plan->regression_ms, load, 1), percent(arena, plan->default_ms, load, 1));
	output_line(call->out);
	if (plan->has_previous) {
		output_fmt(call->out, STYLE_PLAIN, "moved %u of %u units", plan->moved, plan->moved + plan->kept);
		output_line(call->out);
	}
}

static void print_shards(const struct call *call, const struct lanewright_plan *plan)
{
	struct arena *arena = call->arena;
	const char *const header[] = {"shard", "units", "tests", "start-up", "running", "seconds", "services"};
	enum { COLUMNS = sizeof header / sizeof *header };
	const char **cells = arena_array(arena, const char *, plan->n_shards *COLUMNS);
	for (size_t i = 0; i < plan->n_shards; i++) {
		const struct lanewright_shard *shard = &plan->shards[i];
		const char **row = cells + i * COLUMNS;
		row[0] = shard->name;
		row[1] = count_text(arena, shard->n_units);
		row[2] = count_text(arena, shard->n_tests);
		row[3] = seconds_text(arena, shard->fixed_ms);
		row[4] = seconds_text(arena, shard->load_ms);
		row[5] = seconds_text(arena, shard->fixed_ms + shard->load_ms);
		row[6] = plan->lanes[shard->lane].services;
	}
	output_line(call->out);
	output_table(call->out, header, cells, plan->n_shards, COLUMNS, 0x3e);
}

/* A hook above a whole suite may speak for hundreds of files. */
static void print_whole(const struct call *call, const struct lanewright_plan *plan)
{
	enum { SHOWN = 20 };
	size_t n = 0;
	for (size_t i = 0; i < plan->n_units; i++) {
		if (!*plan->units[i].why_whole || n++ >= SHOWN)
			continue;
		output_fmt(call->out, STYLE_WARN, "%s stays whole: %s", plan->units[i].id, plan->units[i].why_whole);
		output_line(call->out);
	}
	if (n > SHOWN) {
		output_fmt(call->out, STYLE_WARN, "%zu more stay whole; why_whole in .lanewright/plan.json tells each",
		           n - SHOWN);
		output_line(call->out);
	}
}

static void print_remarks(const struct call *call, const struct lanewright_plan *plan)
{
	for (size_t i = 0; i < plan->n_lanes; i++) {
		if (!plan->lanes[i].is_derived || !plan->lanes[i].n_shards || !*plan->lanes[i].why)
			continue;
		output_line(call->out);
		output_fmt(call->out, STYLE_WARN, "lane %s was made: %s", plan->lanes[i].name, plan->lanes[i].why);
		output_line(call->out);
	}
	print_whole(call, plan);
}

/* Text of several lines, shown line by line so that no name in it speaks to the terminal. */
static void print_lines(const struct call *call, const char *text)
{
	for (const char *end; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		output_text(call->out, STYLE_PLAIN, str_c(call->arena, (struct str){text, (size_t)(end - text)}));
		output_line(call->out);
	}
}

static int print_curve(struct call *call, const struct lanewright_plan_options *options, const char *format)
{
	const char *curve;
	int status = lanewright_curve(call->lw, options, format, &curve);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	call_warn_of_faults(call);
	if (strcmp(format, "text") == 0)
		print_lines(call, curve);
	else
		output_bytes(call->out, str_of(curve));
	return LANEWRIGHT_OK;
}

static void print_diff(struct call *call, const struct lanewright_plan *plan, const char *format)
{
	if (!plan->has_previous)
		call_note(call, "no plan of before to compare with: made from the same, or the first");
	else if (strcmp(format, "markdown") == 0)
		output_bytes(call->out, str_of(plan->moves_markdown));
	else
		print_lines(call, plan->moves_text);
}

static bool read_options(struct call *call, struct lanewright_plan_options *options)
{
	uint64_t shards = 0, target = 0, minutes = 0;
	if (!call_number(call, "shards", 1, SHARDS_MOST, &shards) || !call_number(call, "target", 1, DAY, &target) ||
	    !call_number(call, "max-minutes", 1, MINUTES_MOST, &minutes))
		return false;
	const char *previous = call_value(call, "previous");
	*options = (struct lanewright_plan_options){
	        .shards = (uint32_t)shards,
	        .target_ms = (int64_t)target * 1000,
	        .max_billed_ms = (int64_t)minutes * 60000,
	        .previous = previous ? call_input(call, previous) : NULL,
	};
	return true;
}

static void print_plan(struct call *call, const struct lanewright_plan *plan)
{
	print_quality(call, plan);
	print_cost(call, plan);
	print_shards(call, plan);
	print_remarks(call, plan);
}

int cmd_plan(struct call *call)
{
	struct lanewright_plan_options options;
	const struct lanewright_plan *plan;
	const char *format = call_value(call, "format") ? call_value(call, "format") : "text";
	bool is_curve = call_has(call, "curve"), is_diff = call_has(call, "diff");
	if (!read_options(call, &options))
		return LANEWRIGHT_USAGE;
	if (is_curve && is_diff)
		return call_usage(call, "--curve and --diff exclude each other");
	if (strcmp(format, "csv") == 0 && !is_curve)
		return call_usage(call, "--format csv goes with --curve");
	if (strcmp(format, "markdown") == 0 && !is_diff)
		return call_usage(call, "--format markdown goes with --diff");
	if (is_curve)
		return print_curve(call, &options, format);
	int status = lanewright_make_plan(call->lw, &options, &plan);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	call_warn_of_faults(call);
	if (*plan->note)
		call_note(call, "%s", plan->note);
	if (strcmp(format, "json") == 0)
		output_bytes(call->out, str_of(plan->json));
	else if (is_diff)
		print_diff(call, plan, format);
	else if (!call->is_quiet)
		print_plan(call, plan);
	return LANEWRIGHT_OK;
}
