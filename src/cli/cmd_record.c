/* `record`: timings of past runs into the history, and what of them is no test of this suite. */
#include <string.h>

#include "cli/commands.h"

const struct option cmd_record_options[] = {
        {"run", "ID", NULL, "what to call the run (default: each FILE is a run, named by its content)"},
        {"at", "TIME", NULL,
         "when it ran, as 2024-05-01T10:20:30Z or seconds since 1970 (default: as the report says)"},
        {"lane", "LANE", NULL, "the lane or shard it ran in"},
        {"machine", "NAME", NULL, "the kind of machine it ran on"},
        {"as", "FORMAT", NULL, "the format of every FILE (default: by its content)"},
        {"root", "PREFIX", NULL, "what the report's paths have in front of ours"},
        {"strict", NULL, NULL, "exit 1 when a case is no test of this suite, or a value was refused"},
        {0},
};

enum { LISTED_MOST = 20 };

static void print_counts(const struct call *call, const struct lanewright_recorded *recorded)
{
	struct arena *arena = call->arena;
	output_fmt(call->out, STYLE_PLAIN, "%s: %s cases, %s matched (%s skipped, %s without a time)", recorded->format,
	           count_text(arena, recorded->cases), count_text(arena, recorded->matched),
	           count_text(arena, recorded->skipped), count_text(arena, recorded->untimed));
	output_line(call->out);
	output_fmt(call->out, STYLE_PLAIN, "history: %s added, %s changed, %s known already",
	           count_text(arena, recorded->added), count_text(arena, recorded->changed),
	           count_text(arena, recorded->same));
	output_line(call->out);
}

/* A case that is missed in many reports is one line. */
struct group {
	const struct lanewright_miss *first;
	size_t n;
};
typedef VEC(struct group) groups;

static groups group_misses(const struct call *call, const struct lanewright_recorded *recorded)
{
	groups groups = {0};
	for (size_t i = 0; i < recorded->n_misses; i++) {
		const struct lanewright_miss *miss = &recorded->misses[i];
		size_t g = 0;
		while (g < groups.n && (strcmp(groups.at[g].first->what, miss->what) != 0 ||
		                        strcmp(groups.at[g].first->why, miss->why) != 0))
			g++;
		if (g == groups.n)
			vec_push(call->arena, &groups, ((struct group){.first = miss}));
		groups.at[g].n++;
	}
	return groups;
}

static void print_misses(const struct call *call, const struct lanewright_recorded *recorded)
{
	struct arena *arena = call->arena;
	groups groups = group_misses(call, recorded);
	size_t shown = groups.n < LISTED_MOST ? groups.n : LISTED_MOST, told = 0;
	VEC(const char *) cells = {0};
	if (recorded->missed == 0)
		return;
	output_fmt(call->out, STYLE_WARN, "no test of this suite: %s", count_text(arena, recorded->missed));
	output_line(call->out);
	for (size_t g = 0; g < shown; g++) {
		const struct lanewright_miss *miss = groups.at[g].first;
		vec_push(arena, &cells, str_fmt(arena, "  %s", count_text(arena, groups.at[g].n)).at);
		vec_push(arena, &cells, miss->why);
		vec_push(arena, &cells, miss->what);
		vec_push(arena, &cells,
		         miss->line ? str_fmt(arena, "%s:%u", miss->report, miss->line).at : miss->report);
		told += groups.at[g].n;
	}
	output_table(call->out, NULL, cells.at, shown, 4, 1);
	if (recorded->missed > told) {
		output_fmt(call->out, STYLE_PLAIN, "  and %s more", count_text(arena, recorded->missed - told));
		output_line(call->out);
	}
}

static void print_complaints(const struct call *call, const struct lanewright_recorded *recorded)
{
	size_t shown = recorded->n_complaints < LISTED_MOST ? recorded->n_complaints : LISTED_MOST;
	for (size_t i = 0; i < shown; i++) {
		output_fmt(call->out, STYLE_WARN, "refused: %s", recorded->complaints[i]);
		output_line(call->out);
	}
	if (recorded->rejected > shown) {
		output_fmt(call->out, STYLE_WARN, "refused: %s more values",
		           count_text(call->arena, recorded->rejected - shown));
		output_line(call->out);
	}
}

int cmd_record(struct call *call)
{
	struct lanewright_record_options options = {
	        .run = call_value(call, "run"),
	        .at = call_value(call, "at"),
	        .lane = call_value(call, "lane"),
	        .machine = call_value(call, "machine"),
	        .format = call_value(call, "as"),
	        .prefix = call_value(call, "root"),
	};
	const char **files = arena_array(call->arena, const char *, call->n_args);
	for (size_t i = 0; i < call->n_args; i++)
		files[i] = call_input(call, call->args[i]);
	struct lanewright_recorded recorded;
	int status = lanewright_record(call->lw, files, call->n_args, &options, &recorded);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	call_warn_of_faults(call);
	if (!call->is_quiet)
		print_counts(call, &recorded);
	print_misses(call, &recorded);
	print_complaints(call, &recorded);
	bool is_clean = recorded.missed == 0 && recorded.rejected == 0;
	return call_has(call, "strict") && !is_clean ? LANEWRIGHT_FINDINGS : LANEWRIGHT_OK;
}
