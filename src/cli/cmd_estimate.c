/* `estimate`: the seconds each test will take, and where that number comes from. */
#include <string.h>

#include "cli/commands.h"

const struct option cmd_estimate_options[] = {
        {"format", "FORMAT", "text csv json", "how to print (default: text)"},
        {0},
};

static const char *decimal(struct arena *arena, int64_t ms)
{
	return str_fmt(arena, "%lld.%03d", (long long)(ms / 1000), (int)(ms % 1000)).at;
}

static void print_csv(const struct call *call, const struct lanewright_estimate *estimates, size_t n)
{
	struct arena *arena = call->arena;
	output_csv(call->out, (const char *const[]){"test", "seconds", "low", "high", "source"}, 5);
	for (size_t i = 0; i < n; i++) {
		const char *fields[] = {
		        estimates[i].test,
		        decimal(arena, estimates[i].ms),
		        decimal(arena, estimates[i].low_ms),
		        decimal(arena, estimates[i].high_ms),
		        estimates[i].source,
		};
		output_csv(call->out, fields, 5);
	}
}

static void print_json(const struct call *call, const struct lanewright_estimate *estimates, size_t n)
{
	struct output *out = call->out;
	put_open(out, '{');
	put_key(out, "version");
	put_number(out, 1);
	put_key(out, "tests");
	put_open(out, '[');
	for (size_t i = 0; i < n; i++) {
		put_break(out);
		put_open(out, '{');
		put_key(out, "test");
		put_text(out, estimates[i].test);
		put_key(out, "seconds");
		put_seconds(out, estimates[i].ms);
		put_key(out, "low");
		put_seconds(out, estimates[i].low_ms);
		put_key(out, "high");
		put_seconds(out, estimates[i].high_ms);
		put_key(out, "source");
		put_text(out, estimates[i].source);
		put_close(out, '}');
	}
	put_close(out, ']');
	put_close(out, '}');
}

static void print_text(const struct call *call, const struct lanewright_estimate *estimates, size_t n)
{
	struct arena *arena = call->arena;
	const char *const header[] = {"seconds", "low", "high", "source", "test"};
	const char **cells = arena_array(arena, const char *, n * 5);
	for (size_t i = 0; i < n; i++) {
		cells[5 * i] = decimal(arena, estimates[i].ms);
		cells[5 * i + 1] = decimal(arena, estimates[i].low_ms);
		cells[5 * i + 2] = decimal(arena, estimates[i].high_ms);
		cells[5 * i + 3] = estimates[i].source;
		cells[5 * i + 4] = estimates[i].test;
	}
	output_table(call->out, header, cells, n, 5, 7);
}

int cmd_estimate(struct call *call)
{
	int status = lanewright_estimate(call->lw);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	size_t n;
	const struct lanewright_estimate *estimates = lanewright_estimates(call->lw, &n);
	const char *format = call_value(call, "format");
	if (format && strcmp(format, "csv") == 0)
		print_csv(call, estimates, n);
	else if (format && strcmp(format, "json") == 0)
		print_json(call, estimates, n);
	else
		print_text(call, estimates, n);
	return LANEWRIGHT_OK;
}
