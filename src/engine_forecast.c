/* What to expect of plans: the user's own past replayed, each run planned on what was known before it. */
#include "engine.h"

#include "estimate/backtest.h"

_Static_assert((int)LANEWRIGHT_WAYS == (int)WAYS, "the public header counts the ways of backtest.h");

enum { SHARDS = 8 }; /* unless said: the usual matrix of a suite that is worth dealing out */

struct forecasting {
	const struct lanewright_forecast_options *options;
	struct lanewright_forecast *forecast;
};

static int64_t ms_of(int64_t us)
{
	return (us + 500) / 1000;
}

static void show_ways(const struct backtest *backtest, struct lanewright_forecast *forecast)
{
	for (int way = 0; way < WAYS; way++)
		forecast->ways[way] = (struct lanewright_way){
		        .name = backtest_way_name((enum backtest_way)way),
		        .mean_ppm = backtest->mean_ppm[way],
		        .p95_ppm = backtest->p95_ppm[way],
		};
}

static struct lanewright_forecast_run show_run(lanewright *lw, const struct backtest_row *row)
{
	const struct history_run *run = &lw->past.runs.at[row->run];
	struct lanewright_forecast_run shown = {
	        .run = str_c(&lw->out, run->id),
	        .time = run->time,
	        .files = row->files,
	        .tests = row->units,
	        .new_tests = row->new_units,
	        .bound_ms = ms_of(row->bound_us),
	        .predicted_ms = ms_of(row->predicted_us),
	        .total_ms = ms_of(row->total_us),
	};
	for (int way = 0; way < WAYS; way++)
		shown.makespan_ms[way] = ms_of(row->makespan_us[way]);
	return shown;
}

static bool forecast(lanewright *lw, void *args)
{
	const struct forecasting *f = args;
	if (!engine_history(lw))
		return false;
	struct backtest_shape shape = {f->options->shards ? f->options->shards : SHARDS, !lw->config.unit_file_only};
	struct backtest backtest = backtest_all(&lw->tmp, &lw->past, engine_asks(lw), lw->suite.tests.n, shape);
	if (backtest.rows.n == 0)
		return fail_finding(&lw->err, "nothing to forecast from: it takes two recorded runs at least");
	struct lanewright_forecast_run *runs = arena_array(&lw->out, struct lanewright_forecast_run, backtest.rows.n);
	for (size_t i = 0; i < backtest.rows.n; i++)
		runs[i] = show_run(lw, &backtest.rows.at[i]);
	f->forecast->shards = shape.shards;
	f->forecast->runs = runs;
	f->forecast->n_runs = backtest.rows.n;
	show_ways(&backtest, f->forecast);
	return true;
}

int lanewright_forecast(lanewright *lw, const struct lanewright_forecast_options *options,
                        struct lanewright_forecast *result)
{
	static const struct lanewright_forecast_options none;
	struct forecasting f = {options ? options : &none, result};
	*result = (struct lanewright_forecast){0};
	for (int way = 0; way < WAYS; way++)
		result->ways[way].name = backtest_way_name((enum backtest_way)way);
	return engine_run(lw, forecast, &f);
}
