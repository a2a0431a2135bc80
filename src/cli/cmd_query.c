/* `query`: SQL over what is known. */
#include <string.h>

#include "cli/commands.h"

const struct option cmd_query_options[] = {
        {"format", "FORMAT", "text csv json", "how to print (default: text)"},
        {0},
};

struct printer {
	const struct call *call;
	const char *const *names;
	size_t n;
	VEC(const char *) cells; /* of text, which wants to know all widths first */
};

static const char *shown(struct arena *arena, const struct lanewright_value *value)
{
	switch (value->type) {
	case LANEWRIGHT_INTEGER: return str_fmt(arena, "%lld", (long long)value->integer).at;
	case LANEWRIGHT_REAL: return str_fmt(arena, "%.15g", value->real).at;
	case LANEWRIGHT_TEXT: return value->text;
	default: return "";
	}
}

static void begin(void *context, const char *const *names, size_t n)
{
	struct printer *printer = context;
	printer->names = names;
	printer->n = n;
}

/* ---- text: a table ---- */

static void text_row(void *context, const struct lanewright_value *values, size_t n)
{
	struct printer *printer = context;
	struct arena *arena = printer->call->arena;
	for (size_t i = 0; i < n; i++)
		vec_push(arena, &printer->cells, str_c(arena, str_of(shown(arena, &values[i]))));
}

/* ---- csv ---- */

static void csv_begin(void *context, const char *const *names, size_t n)
{
	struct printer *printer = context;
	begin(context, names, n);
	output_csv(printer->call->out, names, n);
}

static void csv_row(void *context, const struct lanewright_value *values, size_t n)
{
	struct printer *printer = context;
	const char **fields = arena_array(printer->call->arena, const char *, n);
	for (size_t i = 0; i < n; i++)
		fields[i] = shown(printer->call->arena, &values[i]);
	output_csv(printer->call->out, fields, n);
}

/* ---- json ---- */

static void json_begin(void *context, const char *const *names, size_t n)
{
	struct printer *printer = context;
	struct output *out = printer->call->out;
	begin(context, names, n);
	put_open(out, '{');
	put_key(out, "version");
	put_number(out, 1);
	put_key(out, "rows");
	put_open(out, '[');
}

static void json_row(void *context, const struct lanewright_value *values, size_t n)
{
	struct printer *printer = context;
	struct output *out = printer->call->out;
	put_break(out);
	put_open(out, '{');
	for (size_t i = 0; i < n; i++) {
		put_key(out, printer->names[i]);
		switch (values[i].type) {
		case LANEWRIGHT_INTEGER: put_number(out, values[i].integer); break;
		case LANEWRIGHT_REAL: put_real(out, values[i].real); break;
		case LANEWRIGHT_TEXT: put_text(out, values[i].text); break;
		default: put_null(out); break;
		}
	}
	put_close(out, '}');
}

int cmd_query(struct call *call)
{
	struct printer printer = {.call = call};
	const char *format = call_value(call, "format");
	bool is_csv = format && strcmp(format, "csv") == 0, is_json = format && strcmp(format, "json") == 0;
	struct lanewright_query_options options = {
	        .sql = call->args[0],
	        .columns = is_csv    ? csv_begin
	                   : is_json ? json_begin
	                             : begin,
	        .row = is_csv    ? csv_row
	               : is_json ? json_row
	                         : text_row,
	        .context = &printer,
	};
	int status = lanewright_query(call->lw, &options);
	if (is_json && printer.names) {
		put_close(call->out, ']');
		put_close(call->out, '}');
	}
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	if (!is_csv && !is_json && printer.n)
		output_table(call->out, printer.names, printer.cells.at, printer.cells.n / printer.n, printer.n, 0);
	return LANEWRIGHT_OK;
}
