/* Findings as workflow commands, which the runner shows beside the changed lines. */
#include "cli/audit_out.h"

/* The runner keeps ten of each kind a step, and cuts a message there. */
enum { KEPT_OF_A_KIND = 10, MESSAGE_LONGEST = 4096 };

/* Data may not end the line, a property may not end itself either. */
static void put_escaped(struct buf *to, const char *text, bool is_property)
{
	for (; *text; text++) {
		char c = *text;
		if (c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ',')))
			buf_fmt(to, "%%%02X", (unsigned char)c);
		else
			buf_char(to, c);
	}
}

static void put_one(struct output *out, const struct lanewright_audit_finding *finding)
{
	struct buf line;
	buf_init(&line, out->text.arena);
	buf_fmt(&line, "::%s file=", finding->is_error ? "error" : "warning");
	put_escaped(&line, finding->path, true);
	if (finding->line)
		buf_fmt(&line, ",line=%u,col=%u", finding->line, finding->column);
	buf_lit(&line, ",title=");
	put_escaped(&line, str_fmt(out->text.arena, "%s %s", finding->code, finding->rule).at, true);
	buf_lit(&line, "::");
	put_escaped(&line, str_c(out->text.arena, str_slice(str_of(finding->message), 0, MESSAGE_LONGEST)), false);
	buf_char(&line, '\n');
	output_bytes(out, buf_str(&line));
}

void put_annotations(const struct call *call, const struct lanewright_audited *audited)
{
	size_t shown = 0;
	for (int is_error = 1; is_error >= 0; is_error--) {
		size_t n = 0;
		for (size_t i = 0; i < audited->n_findings && n < KEPT_OF_A_KIND; i++)
			if (audited->findings[i].is_error == (bool)is_error) {
				put_one(call->out, &audited->findings[i]);
				n++;
			}
		shown += n;
	}
	if (shown < audited->n_findings)
		output_bytes(call->out, str_fmt(call->arena, "%zu of %zu findings are shown as annotations\n", shown,
		                                audited->n_findings));
}
