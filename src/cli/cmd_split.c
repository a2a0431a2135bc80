/* `split`: the partitioner as plumbing, lines in and lines out. */
#include <errno.h>
#include <string.h>
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

static bool read_stdin(const struct call *call, struct buf *text)
{
	char piece[65536];
	ssize_t got;
	buf_init(text, call->arena);
	while ((got = read(STDIN_FILENO, piece, sizeof piece)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			call_note(call, "cannot read the input: %s", strerror(errno));
			return false;
		}
		buf_add(text, (struct str){piece, (size_t)got});
	}
	return true;
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
	struct buf text;
	if (!call_number(call, "shards", 1, SHARDS_MOST, &shards))
		return LANEWRIGHT_USAGE;
	if (shards == 0 && !call_has(call, "lanes"))
		return call_usage(call, "say how many: --shards N, or a number for each lane of --lanes FILE");
	if (!read_stdin(call, &text))
		return LANEWRIGHT_TROUBLE;
	const char *lanes = call_value(call, "lanes");
	struct lanewright_split_options options = {
	        .text = buf_str(&text).at,
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
