/* `audit`: what is wrong with the suite, for people, scripts and code hosts. */
#include <stdlib.h>
#include <string.h>

#include "cli/audit_out.h"
#include "cli/commands.h"

const struct option cmd_audit_options[] = {
        {"format", "FORMAT", "text json sarif github", "how to print (default: text)"},
        {"baseline", "FILE", NULL, "fail only for what is not in this file"},
        {"write-baseline", "FILE", NULL, "accept all there is now, in this file"},
        {"changed", "REV", NULL, "only files that differ from this revision of git"},
        {"fix", NULL, NULL, "add, remove and register the markers of services, then audit what is left"},
        {"diff", NULL, NULL, "show what --fix would change, write nothing; exit 1 if anything would"},
        {0},
};

/* ---- json ---- */

static void put_json(struct output *out, const struct lanewright_audited *audited)
{
	put_open(out, '{');
	put_key(out, "version");
	put_number(out, 1);
	put_key(out, "findings");
	put_open(out, '[');
	for (size_t i = 0; i < audited->n_findings; i++) {
		const struct lanewright_audit_finding *finding = &audited->findings[i];
		put_break(out);
		put_open(out, '{');
		put_key(out, "code");
		put_text(out, finding->code);
		put_key(out, "rule");
		put_text(out, finding->rule);
		put_key(out, "path");
		put_text(out, finding->path);
		put_key(out, "line");
		put_number(out, finding->line);
		put_key(out, "column");
		put_number(out, finding->column);
		put_key(out, "severity");
		put_text(out, finding->is_error ? "error" : "warning");
		put_key(out, "message");
		put_text(out, finding->message);
		put_close(out, '}');
	}
	put_close(out, ']');
	put_close(out, '}');
}

/* ---- text ---- */

/* The line as it stands, tabs as blanks, and a caret below the column. */
static void print_source(const struct call *call, const struct lanewright_audit_finding *finding)
{
	struct str line = str_of(finding->source);
	struct buf shown;
	size_t indent = 0;
	while (indent < line.n && (line.at[indent] == ' ' || line.at[indent] == '\t'))
		indent++;
	if (indent == line.n)
		return;
	const char *text = str_c(call->arena, str_slice(line, indent, line.n));
	output_fmt(call->out, STYLE_DIM, "      | %s", text);
	output_line(call->out);
	size_t caret = finding->column > indent ? finding->column - 1 - indent : 0;
	buf_init(&shown, call->arena);
	buf_lit(&shown, "      | ");
	buf_spaces(&shown, caret);
	buf_char(&shown, '^');
	output_text(call->out, STYLE_DIM, str_c(call->arena, buf_str(&shown)));
	output_line(call->out);
}

static void print_finding(const struct call *call, const struct lanewright_audit_finding *finding)
{
	if (finding->line)
		output_fmt(call->out, STYLE_PLAIN, "  %s:%u:%u  %s", finding->path, finding->line, finding->column,
		           finding->message);
	else
		output_fmt(call->out, STYLE_PLAIN, "  %s  %s", finding->path, finding->message);
	output_line(call->out);
	print_source(call, finding);
}

static size_t count_of(const struct lanewright_audited *audited, const char *code)
{
	size_t n = 0;
	for (size_t i = 0; i < audited->n_findings; i++)
		n += strcmp(audited->findings[i].code, code) == 0;
	return n;
}

static void print_group(const struct call *call, const struct lanewright_audited *audited,
                        const struct lanewright_rule *rule)
{
	size_t n = count_of(audited, rule->code);
	if (n == 0)
		return;
	output_fmt(call->out, rule->is_error ? STYLE_WARN : STYLE_BOLD, "%s %s, %s: %s", rule->code, rule->name,
	           rule->is_error ? "error" : "warning", rule->title);
	output_line(call->out);
	for (size_t i = 0; i < audited->n_findings; i++)
		if (strcmp(audited->findings[i].code, rule->code) == 0)
			print_finding(call, &audited->findings[i]);
	output_fmt(call->out, STYLE_GOOD, "  to mend: %s", rule->mend);
	output_line(call->out);
	output_line(call->out);
}

static void print_counts(const struct call *call, const struct lanewright_audited *audited)
{
	struct arena *arena = call->arena;
	size_t errors = 0;
	for (size_t i = 0; i < audited->n_findings; i++)
		errors += audited->findings[i].is_error;
	output_fmt(call->out, audited->n_findings ? STYLE_BOLD : STYLE_GOOD, "%s finding%s in %s tests",
	           count_text(arena, audited->n_findings), audited->n_findings == 1 ? "" : "s",
	           count_text(arena, audited->n_tests));
	if (audited->n_findings)
		output_fmt(call->out, STYLE_PLAIN, ", %s of them errors", count_text(arena, errors));
	if (audited->n_ignored)
		output_fmt(call->out, STYLE_PLAIN, "; %s ignored", count_text(arena, audited->n_ignored));
	if (audited->n_known)
		output_fmt(call->out, STYLE_PLAIN, "; %s in the baseline", count_text(arena, audited->n_known));
	if (audited->n_elsewhere)
		output_fmt(call->out, STYLE_PLAIN, "; %s in unchanged files", count_text(arena, audited->n_elsewhere));
	output_line(call->out);
}

static void print_text(const struct call *call, const struct lanewright_audited *audited)
{
	for (size_t i = 0; i < audited->n_rules; i++)
		print_group(call, audited, &audited->rules[i]);
	if (!call->is_quiet || audited->n_findings)
		print_counts(call, audited);
}

/* ---- mending ---- */

static void tell_refusals(const struct call *call, const struct lanewright_fixed *fixed)
{
	for (size_t i = 0; i < fixed->n_refusals; i++) {
		const struct lanewright_refusal *refusal = &fixed->refusals[i];
		const char *line = refusal->line ? str_c(call->arena, str_fmt(call->arena, ":%u", refusal->line)) : "";
		const char *more =
		        refusal->n_more ? str_c(call->arena,
		                                str_fmt(call->arena, " (and %zu more of this file)", refusal->n_more))
		                        : "";
		call_note(call, "not changed: %s%s: %s%s", refusal->path, line, refusal->reason, more);
	}
}

/* Shows the difference, or writes and lets the audit go on; *status: what it comes to so far. */
static bool mend(struct call *call, const char *changed, int *status)
{
	struct lanewright_fix_options options = {.only_diff = call_has(call, "diff"), .changed = changed};
	struct lanewright_fixed fixed;
	*status = lanewright_fix(call->lw, &options, &fixed);
	if (*status > LANEWRIGHT_FINDINGS || (*status && !fixed.n_refusals && !fixed.n_files)) {
		call_failed(call, *status);
		return false;
	}
	output_bytes(call->out, str_of(fixed.diff));
	for (size_t i = 0; i < fixed.n_files; i++)
		call_note(call, options.only_diff ? "%s would be changed" : "changed %s", fixed.files[i]);
	tell_refusals(call, &fixed);
	return !options.only_diff;
}

static void put_findings(struct call *call, const struct lanewright_audited *audited)
{
	const char *format = call_value(call, "format");
	if (format && strcmp(format, "json") == 0)
		put_json(call->out, audited);
	else if (format && strcmp(format, "sarif") == 0)
		put_sarif(call->out, audited);
	else if (format && strcmp(format, "github") == 0)
		put_annotations(call, audited);
	else
		print_text(call, audited);
}

int cmd_audit(struct call *call)
{
	struct lanewright_audited audited;
	const char *baseline = call_value(call, "baseline"), *written = call_value(call, "write-baseline");
	bool fixes = call_has(call, "fix"), diffs = call_has(call, "diff");
	struct lanewright_audit_options options = {
	        .baseline = baseline ? call_input(call, baseline) : NULL,
	        .write_baseline = written,
	        .changed = call_value(call, "changed"),
	};
	int mended = LANEWRIGHT_OK;
	if (baseline && written)
		return call_usage(call, "--baseline and --write-baseline exclude each other");
	if (fixes && diffs)
		return call_usage(call, "--fix and --diff exclude each other");
	if (diffs && (baseline || written))
		return call_usage(call, "--diff knows no baseline: it shows all that is to be done");
	if ((fixes || diffs) && !mend(call, options.changed, &mended))
		return mended;
	int status = lanewright_audit(call->lw, &options, &audited);
	if (status != LANEWRIGHT_OK && audited.n_findings == 0)
		return call_failed(call, status);
	if (written) {
		call_note(call, "%zu findings are accepted in %s", audited.n_findings, written);
		return status;
	}
	put_findings(call, &audited);
	return status > mended ? status : mended;
}
