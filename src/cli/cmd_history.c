/* `history`: what past runs took, as a whole. */
#include <string.h>

#include "cli/commands.h"

const struct option cmd_history_options[] = {
        {"format", "FORMAT", "json durations",
         "export: everything as JSON (default), or the newest seconds as pytest-split's .test_durations"},
        {"before", "TIME", NULL, "prune: drop runs before it, as 2024-05-01T10:20:30Z or seconds since 1970"},
        {"keep", "N", NULL, "prune: keep the newest N runs of a test"},
        {0},
};

enum { BAR = 40, KEEP_MOST = 64 };

/* Line by line, so that none of them can speak to the terminal or to a CI runner. */
static void print_text(const struct call *call, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		output_text(call->out, STYLE_PLAIN, str_c(call->arena, (struct str){text, n}));
		output_line(call->out);
		text += n + (text[n] == '\n');
	}
}

static void print_change(const struct call *call, const struct lanewright_history_change *change)
{
	if (call->is_quiet)
		return;
	output_fmt(call->out, STYLE_PLAIN, "history: %s added, %s known already",
	           count_text(call->arena, change->added), count_text(call->arena, change->same));
	output_line(call->out);
}

static int do_merge(struct call *call)
{
	struct lanewright_history_change change;
	const char **files = arena_array(call->arena, const char *, call->n_args);
	size_t n = call->n_args - 1;
	for (size_t i = 0; i < n; i++)
		files[i] = call_input(call, call->args[i + 1]);
	int status = lanewright_history_merge(call->lw, files, n, &change);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	print_change(call, &change);
	return LANEWRIGHT_OK;
}

static int do_import(struct call *call)
{
	struct lanewright_history_change change;
	int status = lanewright_history_import(call->lw, call_input(call, call->args[1]), &change);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	print_change(call, &change);
	return LANEWRIGHT_OK;
}

static int do_show(struct call *call)
{
	const char *text, *test = call_path(call, call->args[1]);
	if (!test)
		return LANEWRIGHT_USAGE;
	int status = lanewright_history_show(call->lw, test, BAR, &text);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	print_text(call, text);
	return LANEWRIGHT_OK;
}

static int do_prune(struct call *call)
{
	struct lanewright_history_change change;
	uint64_t keep = 0;
	if (!call_number(call, "keep", 1, KEEP_MOST, &keep))
		return LANEWRIGHT_USAGE;
	struct lanewright_prune_options options = {.before = call_value(call, "before"), .keep = (uint32_t)keep};
	int status = lanewright_history_prune(call->lw, &options, &change);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	if (call->is_quiet)
		return LANEWRIGHT_OK;
	output_fmt(call->out, STYLE_PLAIN, "history: %s dropped, %s kept",
	           count_text(call->arena, change.before - change.after), count_text(call->arena, change.after));
	output_line(call->out);
	return LANEWRIGHT_OK;
}

static int do_export(struct call *call)
{
	struct lanewright_exported exported;
	int status = lanewright_history_export(call->lw, call_value(call, "format"), &exported);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	output_bytes(call->out, str_of(exported.text));
	if (exported.left_out)
		call_note(call, "%s tests are left out: their ids are no UTF-8, or their parameters are not known",
		          count_text(call->arena, exported.left_out));
	return LANEWRIGHT_OK;
}

static int do_recover(struct call *call)
{
	struct arena *arena = call->arena;
	struct lanewright_recovered recovered;
	int status = lanewright_history_recover(call->lw, &recovered);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	bool was_damaged = recovered.damaged[0] != '\0';
	if (!call->is_quiet || was_damaged) {
		output_fmt(call->out, STYLE_PLAIN, "history: %s%s samples of %s runs",
		           was_damaged ? "saved " : "sound, ", count_text(arena, recovered.samples),
		           count_text(arena, recovered.runs));
		output_line(call->out);
	}
	if (was_damaged) {
		output_fmt(call->out, STYLE_WARN, "lost: %s rows, and what could not be seen at all",
		           count_text(arena, recovered.lost_rows));
		output_line(call->out);
		output_fmt(call->out, STYLE_PLAIN, "the damaged file is now %s", recovered.damaged);
		output_line(call->out);
	}
	return LANEWRIGHT_OK;
}

static const struct action {
	const char *name;
	size_t least, most; /* arguments behind the name */
	const char *args;
	const char *options; /* those it takes */
	int (*run)(struct call *call);
} actions[] = {
        {"merge", 1, COMMAND_MANY, " DB...", "", do_merge}, {"show", 1, 1, " TEST", "", do_show},
        {"prune", 0, 0, "", "before keep", do_prune},       {"export", 0, 0, "", "format", do_export},
        {"import", 1, 1, " FILE", "", do_import},           {"recover", 0, 0, "", "", do_recover},
};

enum { ACTIONS = sizeof actions / sizeof *actions };

static int no_such(const struct call *call)
{
	struct str names[ACTIONS];
	for (size_t i = 0; i < ACTIONS; i++)
		names[i] = str_of(actions[i].name);
	size_t best = str_nearest(str_of(call->args[0]), names, ACTIONS);
	if (best != SIZE_MAX)
		return call_usage(call, "cannot '%s'; did you mean '%s'?", call->args[0], actions[best].name);
	struct str all = str_join(call->arena, names, ACTIONS, STR(" "));
	return call_usage(call, "cannot '%s'; it takes one of: %.*s", call->args[0], STR_ARG(all));
}

/* Options that another action has are a mistake here, not something to pass over. */
static int run_action(struct call *call, const struct action *action)
{
	size_t n = call->n_args - 1;
	if (n < action->least || n > action->most)
		return call_usage(call, "usage: lanewright history %s%s", action->name, action->args);
	for (const struct option *option = cmd_history_options; option->name; option++)
		if (call_has(call, option->name) && !strstr(action->options, option->name))
			return call_usage(call, "--%s is not for %s", option->name, action->name);
	return action->run(call);
}

int cmd_history(struct call *call)
{
	for (size_t i = 0; i < ACTIONS; i++)
		if (strcmp(actions[i].name, call->args[0]) == 0)
			return run_action(call, &actions[i]);
	return no_such(call);
}
