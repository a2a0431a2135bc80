/* `split`: the partitioner as plumbing, lines in and lines out. */
#include <unistd.h>

#include "base/file.h"
#include "cli/commands.h"

const struct option cmd_split_options[] = {
        {"shards", "N", NULL, "the total number of shards"},
        {"lanes", "FILE", NULL, "lines: start-up seconds TAB lane TAB service,... [TAB shards]"},
        {"stats", "FILE", NULL, "write makespan, bound, gap, optimal and shards as JSON to FILE"},
        {0},
};

enum { SHARDS_MOST = 65535 };

static bool read_stdin(const struct call *call, struct str *text)
{
	struct err err = {0};
	if (file_read_stream(call->arena, STDIN_FILENO, "the input", text, &err))
		return true;
	call_note(call, "%s", err.text);
	return false;
}

static bool write_stats(const struct call *call, const char *path, const char *stats)
{
	struct err err = {0};
	if (!path || file_write(path, str_of(stats), &err))
		return true;
	call_note(call, "%s", err.text);
	return false;
}

int cmd_split(struct call *call)
{
	uint64_t shards = 0;
	struct str text;
	if (!call_number(call, "shards", 1, SHARDS_MOST, &shards))
		return LANEWRIGHT_USAGE;
	if (shards == 0 && !call_has(call, "lanes"))
		return call_usage(call, "say how many: --shards N, or a number for each lane of --lanes FILE");
	if (!read_stdin(call, &text))
		return LANEWRIGHT_TROUBLE;
	const char *lanes = call_value(call, "lanes");
	struct lanewright_split_options options = {
	        .text = text.at,
	        .length = text.n,
	        .name = "<stdin>",
	        .lanes = lanes ? call_input(call, lanes) : NULL,
	        .shards = (uint32_t)shards,
	};
	struct lanewright_splitted result;
	int status = lanewright_split(call->lw, &options, &result);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	output_bytes(call->out, str_of(result.lines));
	return write_stats(call, call_value(call, "stats"), result.stats) ? LANEWRIGHT_OK : LANEWRIGHT_TROUBLE;
}
