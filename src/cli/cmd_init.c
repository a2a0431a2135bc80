/* `init`: writes a first config from the project's own CI, and says what it could not take over. */
#include "cli/commands.h"

const struct option cmd_init_options[] = {
        {"workflow", "FILE", NULL, "take a job of this workflow over (default: the one that fits best)"},
        {"job", "NAME", NULL, "the job, by its key (default: the one that runs pytest with the most services)"},
        {"force", NULL, NULL, "replace the config that is there"},
        {0},
};

static void print_lanes(const struct call *call, const struct lanewright_initiated *made)
{
	const char *const header[] = {"lane", "tests", "files", "services"};
	enum { COLUMNS = sizeof header / sizeof *header };
	const char **cells = arena_array(call->arena, const char *, made->n_lanes *COLUMNS);
	for (size_t i = 0; i < made->n_lanes; i++) {
		const char **row = cells + i * COLUMNS;
		row[0] = made->lanes[i].name;
		row[1] = count_text(call->arena, made->lanes[i].n_tests);
		row[2] = count_text(call->arena, made->lanes[i].n_files);
		row[3] = made->lanes[i].services;
	}
	output_line(call->out);
	output_table(call->out, header, cells, made->n_lanes, COLUMNS, 0x6);
}

static void print_list(const struct call *call, const char *title, const char *const *texts, size_t n)
{
	if (n == 0)
		return;
	output_line(call->out);
	output_text(call->out, STYLE_BOLD, title);
	output_line(call->out);
	for (size_t i = 0; i < n; i++) {
		output_fmt(call->out, STYLE_PLAIN, "  %s", texts[i]);
		output_line(call->out);
	}
}

static void print_made(const struct call *call, const struct lanewright_initiated *made)
{
	output_fmt(call->out, STYLE_BOLD, "wrote %s; services: %s", made->path, made->source);
	output_line(call->out);
	if (made->n_lanes)
		print_lanes(call, made);
	print_list(call, "not taken over, or worth a look:", made->notes, made->n_notes);
	print_list(call, "other jobs that run tests with services:", made->others, made->n_others);
	output_line(call->out);
	output_text(call->out, STYLE_PLAIN, "next: read it, then `lanewright plan` and `lanewright emit github`");
	output_line(call->out);
}

int cmd_init(struct call *call)
{
	const char *workflow = call_value(call, "workflow");
	struct lanewright_init_options options = {
	        .workflow = workflow,
	        .job = call_value(call, "job"),
	        .force = call_has(call, "force"),
	};
	struct lanewright_initiated made;
	int status = lanewright_init(call->lw, &options, &made);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	if (!call->is_quiet)
		print_made(call, &made);
	return LANEWRIGHT_OK;
}
