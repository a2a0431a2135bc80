/* `check`: is the plan still true of this tree?  For CI and pre-commit. */
#include <string.h>

#include "cli/commands.h"

const struct option cmd_check_options[] = {
        {"format", "FORMAT", "text json", "how to print (default: text)"},
        {0},
};

static void print_json(struct output *out, const struct lanewright_finding *findings, size_t n)
{
	put_open(out, '{');
	put_key(out, "version");
	put_number(out, 1);
	put_key(out, "findings");
	put_open(out, '[');
	for (size_t i = 0; i < n; i++) {
		put_break(out);
		put_open(out, '{');
		put_key(out, "path");
		put_text(out, findings[i].path);
		put_key(out, "line");
		put_number(out, findings[i].line);
		put_key(out, "message");
		put_text(out, findings[i].text);
		put_close(out, '}');
	}
	put_close(out, ']');
	put_close(out, '}');
}

static void print_text(const struct call *call, const struct lanewright_finding *findings, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (findings[i].line)
			output_fmt(call->out, STYLE_WARN, "%s:%u: %s", findings[i].path, findings[i].line,
			           findings[i].text);
		else
			output_fmt(call->out, STYLE_WARN, "%s: %s", findings[i].path, findings[i].text);
		output_line(call->out);
	}
	if (n == 0 && !call->is_quiet) {
		output_text(call->out, STYLE_GOOD, "the plan is valid");
		output_line(call->out);
	}
}

int cmd_check(struct call *call)
{
	int status = lanewright_check(call->lw);
	size_t n;
	const struct lanewright_finding *findings = lanewright_findings(call->lw, &n);
	if (status != LANEWRIGHT_OK && n == 0)
		return call_failed(call, status);
	call_warn_of_faults(call);
	const char *format = call_value(call, "format");
	if (format && strcmp(format, "json") == 0)
		print_json(call->out, findings, n);
	else
		print_text(call, findings, n);
	return status;
}
