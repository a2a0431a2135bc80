/* `forecast`: what to expect of plans, by replaying the past runs: how much longer than the proven bound each would
 * have taken, had it been planned on what was known before it. */
#include <string.h>

#include "cli/commands.h"

const struct option cmd_forecast_options[] = {
        {"shards", "N", NULL, "on how many equal shards (default: 8)"},
        {"format", "FORMAT", "text json", "how to print (default: text); json has every run"},
        {0},
};

enum { SHARDS_MOST = 1000 };

static const char *percent(struct arena *arena, int64_t ppm)
{
	return str_fmt(arena, "%.2f %%", (double)ppm / 10000).at;
}

static void print_text(const struct call *call, const struct lanewright_forecast *forecast)
{
	struct arena *arena = call->arena;
	const char *const header[] = {"mean", "p95", "seconds guessed by"};
	const char *cells[3 * LANEWRIGHT_WAYS];
	int64_t predicted = 0, total = 0;
	for (size_t i = 0; i < forecast->n_runs; i++) {
		predicted += forecast->runs[i].predicted_ms;
		total += forecast->runs[i].total_ms;
	}
	output_fmt(call->out, STYLE_PLAIN,
	           "%s runs replayed on %u shards; they took %s s of tests, %s s were predicted",
	           count_text(arena, forecast->n_runs), forecast->shards, seconds_text(arena, total),
	           seconds_text(arena, predicted));
	output_line(call->out);
	output_text(call->out, STYLE_PLAIN, "slowest shard over the best possible:");
	output_line(call->out);
	for (size_t i = 0; i < LANEWRIGHT_WAYS; i++) {
		cells[3 * i] = percent(arena, forecast->ways[i].mean_ppm);
		cells[3 * i + 1] = percent(arena, forecast->ways[i].p95_ppm);
		cells[3 * i + 2] = forecast->ways[i].name;
	}
	output_table(call->out, header, cells, LANEWRIGHT_WAYS, 3, 3);
}

static void print_way(struct output *out, const struct lanewright_way *way)
{
	put_break(out);
	put_open(out, '{');
	put_key(out, "way");
	put_text(out, way->name);
	put_key(out, "mean");
	put_real(out, (double)way->mean_ppm / 1e6);
	put_key(out, "p95");
	put_real(out, (double)way->p95_ppm / 1e6);
	put_close(out, '}');
}

static void print_run(struct output *out, const struct lanewright_forecast_run *run)
{
	put_break(out);
	put_open(out, '{');
	put_key(out, "run");
	put_text(out, run->run);
	put_key(out, "time");
	put_number(out, run->time);
	put_key(out, "files");
	put_number(out, (int64_t)run->files);
	put_key(out, "tests");
	put_number(out, (int64_t)run->tests);
	put_key(out, "new_tests");
	put_number(out, (int64_t)run->new_tests);
	put_key(out, "predicted");
	put_seconds(out, run->predicted_ms);
	put_key(out, "total");
	put_seconds(out, run->total_ms);
	put_key(out, "bound");
	put_seconds(out, run->bound_ms);
	put_key(out, "makespans"); /* in the order of the ways */
	put_open(out, '[');
	for (size_t i = 0; i < LANEWRIGHT_WAYS; i++)
		put_seconds(out, run->makespan_ms[i]);
	put_close(out, ']');
	put_close(out, '}');
}

static void print_json(struct output *out, const struct lanewright_forecast *forecast)
{
	put_open(out, '{');
	put_key(out, "version");
	put_number(out, 1);
	put_key(out, "shards");
	put_number(out, forecast->shards);
	put_key(out, "ways");
	put_open(out, '[');
	for (size_t i = 0; i < LANEWRIGHT_WAYS; i++)
		print_way(out, &forecast->ways[i]);
	put_close(out, ']');
	put_key(out, "runs");
	put_open(out, '[');
	for (size_t i = 0; i < forecast->n_runs; i++)
		print_run(out, &forecast->runs[i]);
	put_close(out, ']');
	put_close(out, '}');
}

int cmd_forecast(struct call *call)
{
	uint64_t shards = 0;
	struct lanewright_forecast forecast;
	if (!call_number(call, "shards", 1, SHARDS_MOST, &shards))
		return LANEWRIGHT_USAGE;
	struct lanewright_forecast_options options = {.shards = (uint32_t)shards};
	int status = lanewright_forecast(call->lw, &options, &forecast);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	const char *format = call_value(call, "format");
	if (format && strcmp(format, "json") == 0)
		print_json(call->out, &forecast);
	else
		print_text(call, &forecast);
	return LANEWRIGHT_OK;
}
