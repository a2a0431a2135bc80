/* The partitioner without a suite: lines of seconds and names. */
#include "engine.h"

#include "partition/split.h"

struct splitting {
	const struct lanewright_split_options *options;
	struct lanewright_splitted *result;
};

static bool split(lanewright *lw, void *args)
{
	struct splitting *splitting = args;
	const struct lanewright_split_options *options = splitting->options;
	struct str text = {options->text, options->length}, lanes, lines, stats;
	if (options->lanes && !file_read(&lw->out, options->lanes, &lanes, &lw->err))
		return false;
	struct split_ask ask = {text, options->name, options->lanes ? &lanes : NULL, options->lanes, options->shards};
	if (!split_run(&lw->out, &lw->tmp, &ask, &lines, &stats, &lw->err))
		return false;
	splitting->result->lines = lines.at;
	splitting->result->stats = stats.at;
	return true;
}

int lanewright_split(lanewright *lw, const struct lanewright_split_options *options, struct lanewright_splitted *result)
{
	*result = (struct lanewright_splitted){"", ""};
	return engine_run(lw, split, &(struct splitting){options, result});
}
