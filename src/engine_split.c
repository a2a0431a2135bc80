/* The partitioner without a suite: lines of seconds and names. */
#include "engine.h"

#include "partition/check.h"
#include "partition/solve.h"
#include "partition/split.h"

struct splitting {
	const struct lanewright_split_options *options;
	struct lanewright_splitted *result;
};

static bool split(lanewright *lw, void *args)
{
	struct splitting *splitting = args;
	const struct lanewright_split_options *options = splitting->options;
	struct str text = {options->text, options->length}, lanes;
	struct split read = {0};
	struct solution solution = {0};
	if (options->lanes && !file_read(&lw->out, options->lanes, &lanes, &lw->err))
		return false;
	if (!split_read(&lw->out, &lw->tmp, text, options->name, options->lanes ? &lanes : NULL, options->lanes,
	                options->shards, &read, &lw->err) ||
	    !partition_solve(&lw->out, &lw->tmp, &read.problem, &solution, &lw->err) ||
	    !partition_check(&lw->tmp, &read.problem, &solution, &lw->err))
		return false;
	splitting->result->lines = str_c(&lw->out, split_lines(&lw->out, &lw->tmp, &read, &solution));
	splitting->result->stats = str_c(&lw->out, split_stats(&lw->out, &read, &solution));
	return true;
}

int lanewright_split(lanewright *lw, const struct lanewright_split_options *options, struct lanewright_splitted *result)
{
	*result = (struct lanewright_splitted){"", ""};
	return engine_run(lw, split, &(struct splitting){options, result});
}
