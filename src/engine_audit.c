/* The audit: its case is gathered, its findings get columns, source lines and fingerprints, and those that somebody
 * has silenced or accepted are counted instead. */
#include "engine_audit.h"

#include <string.h>

#include "audit/baseline.h"
#include "base/map.h"
#include "base/utf8.h"

enum { LINE_LONGEST = 400 }; /* bytes of a quoted line */

struct auditing {
	const struct lanewright_audit_options *options;
	struct lanewright_audited *audited;
	struct audit_case it;
	/* The file at hand; findings come sorted by path. */
	struct str path, text;
	size_t line_at; /* where `line` begins */
	uint32_t line;
	struct map seen; /* (code, path, source) -> how often */
	struct map known;
	strs changed;
};

/* ---- config ---- */

static bool unknown_code(lanewright *lw, struct str place, struct str code)
{
	strs codes = {0};
	for (size_t i = 0; i < audit_rules_n; i++)
		vec_push(&lw->tmp, &codes, str_of(audit_rules[i].code));
	size_t near = str_nearest(code, codes.at, codes.n);
	return fail_usage(&lw->err, "%.*s: there is no rule %.*s%s%.*s", STR_ARG(place), STR_ARG(code),
	                  near == SIZE_MAX ? "" : "; did you mean ",
	                  STR_ARG(near == SIZE_MAX ? STR_NONE : codes.at[near]));
}

static bool check_codes(lanewright *lw)
{
	const struct config *config = &lw->config;
	for (size_t i = 0; i < config->rules.n; i++)
		if (audit_rule_find(config->rules.at[i].code) == SIZE_MAX)
			return unknown_code(lw, config->rules.at[i].place, config->rules.at[i].code);
	for (size_t i = 0; i < config->audit_ignores.n; i++)
		for (size_t k = 0; k < config->audit_ignores.at[i].codes.n; k++)
			if (audit_rule_find(config->audit_ignores.at[i].codes.at[k]) == SIZE_MAX)
				return unknown_code(lw, config->audit_ignores.at[i].place,
				                    config->audit_ignores.at[i].codes.at[k]);
	return true;
}

/* ---- the case ---- */

bool engine_can_audit(lanewright *lw)
{
	return engine_needs(lw) && check_codes(lw);
}

struct audit_case engine_audit_case(lanewright *lw)
{
	struct audit_case it = {
	        .repo = &lw->repo,
	        .suite = &lw->suite,
	        .needs = &lw->needs,
	        .config = &lw->config,
	        .pytest = &lw->pytest,
	        .jobs = engine_jobs(lw),
	};
	struct audit_fault *faults = arena_array(&lw->tmp, struct audit_fault, lw->stats.faults + 1);
	for (size_t i = 0; i < lw->stats.faults; i++)
		if (lw->faults[i].is_test)
			faults[it.n_faults++] = (struct audit_fault){
			        .path = str_of(lw->faults[i].path),
			        .line = lw->faults[i].line,
			        .text = str_of(lw->faults[i].text),
			};
	it.faults = faults;
	return it;
}

/* ---- places ---- */

static size_t line_end(struct str text, size_t at)
{
	size_t end = str_find(text, STR("\n"), at);
	return end == SIZE_MAX ? text.n : end;
}

/* Opens the finding's file at its line; a file that has gone gives no text, and the finding none of its source. */
static struct str source_of(lanewright *lw, struct auditing *x, const struct finding *finding)
{
	if (!str_eq(x->path, finding->path) || finding->line < x->line) {
		struct err ignored = {0};
		bool is_same = str_eq(x->path, finding->path);
		x->line = 1;
		x->line_at = 0;
		x->path = finding->path;
		if (!is_same &&
		    !file_read(&lw->tmp, engine_path(lw, str_c(&lw->tmp, finding->path)), &x->text, &ignored))
			x->text = STR_NONE;
	}
	for (; x->line < finding->line && x->line_at < x->text.n; x->line++)
		x->line_at = line_end(x->text, x->line_at) + 1;
	struct str source = str_slice(x->text, x->line_at, line_end(x->text, x->line_at));
	while (source.n && (source.at[source.n - 1] == '\r' || source.at[source.n - 1] == ' '))
		source.n--;
	return finding->line ? source : STR_NONE;
}

/* Counted in characters, from 1; that of the first one when the finding speaks of the line. */
static uint32_t column_of(const struct auditing *x, const struct finding *finding, struct str source)
{
	uint32_t column = 1;
	size_t to = 0;
	while (to < source.n && (source.at[to] == ' ' || source.at[to] == '\t'))
		to++;
	if (finding->at != FINDING_NOWHERE && finding->at >= x->line_at && finding->at - x->line_at < source.n)
		to = finding->at - x->line_at;
	for (size_t i = 0; i < to; column++) {
		uint32_t code;
		size_t n = utf8_decode(source, i, &code);
		i += n ? n : 1;
	}
	return column;
}

static struct str fingerprint(lanewright *lw, struct auditing *x, const struct finding *finding, struct str source)
{
	struct str code = str_of(audit_rules[finding->rule].code);
	uint64_t key = baseline_key(baseline_fingerprint(&lw->tmp, code, finding->path, source, 0));
	uint32_t n = map_get(&x->seen, key);
	n = n == MAP_NONE ? 0 : n + 1;
	map_put(&x->seen, key, n);
	return baseline_fingerprint(&lw->out, code, finding->path, source, n);
}

/* ---- results ---- */

static bool is_changed(const struct auditing *x, struct str path)
{
	for (size_t i = 0; i < x->changed.n; i++)
		if (str_eq(x->changed.at[i], path))
			return true;
	return false;
}

static void show(lanewright *lw, struct auditing *x, const struct finding *finding,
                 struct lanewright_audit_finding *shown)
{
	const struct audit_rule *rule = &audit_rules[finding->rule];
	struct str source = source_of(lw, x, finding);
	*shown = (struct lanewright_audit_finding){
	        .code = rule->code,
	        .rule = rule->name,
	        .path = str_c(&lw->out, finding->path),
	        .line = finding->line,
	        .column = finding->line ? column_of(x, finding, source) : 0,
	        .is_error = audit_severity(&lw->config, finding->rule) == SEVERITY_ERROR,
	        .message = str_c(&lw->out, finding->message),
	        .source = str_c(&lw->out, str_slice(source, 0, LINE_LONGEST)),
	        .fingerprint = fingerprint(lw, x, finding, source).at,
	};
}

/* Every finding takes part in fingerprints, so that silencing one does not rename its twins. */
static void sift(lanewright *lw, struct auditing *x, const finding_list *found)
{
	struct lanewright_audited *audited = x->audited;
	struct lanewright_audit_finding *kept = arena_array(&lw->out, struct lanewright_audit_finding, found->n + 1);
	map_init(&x->seen, &lw->tmp);
	for (size_t i = 0; i < found->n; i++) {
		struct lanewright_audit_finding *next = &kept[audited->n_findings];
		show(lw, x, &found->at[i], next);
		if (audit_is_ignored(&x->it, &found->at[i]))
			audited->n_ignored++;
		else if (x->options->baseline &&
		         map_get(&x->known, baseline_key(str_of(next->fingerprint))) != MAP_NONE)
			audited->n_known++;
		else if (x->options->changed && !is_changed(x, found->at[i].path))
			audited->n_elsewhere++;
		else
			audited->n_findings++;
	}
	audited->findings = kept;
}

static bool write_baseline(lanewright *lw, const struct lanewright_audited *audited, const char *path)
{
	struct baseline_entry *entries = arena_array(&lw->tmp, struct baseline_entry, audited->n_findings + 1);
	for (size_t i = 0; i < audited->n_findings; i++) {
		const struct lanewright_audit_finding *finding = &audited->findings[i];
		entries[i] = (struct baseline_entry){
		        .fingerprint = str_of(finding->fingerprint),
		        .code = str_of(finding->code),
		        .path = str_of(finding->path),
		        .message = str_of(finding->message),
		};
	}
	return file_write(path, baseline_write(&lw->tmp, entries, audited->n_findings), &lw->err);
}

static bool read_baseline(lanewright *lw, struct auditing *x)
{
	struct str text;
	const char *path = x->options->baseline;
	if (!path)
		return true;
	if (!file_exists(path))
		return fail_usage(&lw->err, "there is no baseline %s; --write-baseline makes one", path);
	return file_read(&lw->tmp, path, &text, &lw->err) && baseline_read(&lw->tmp, text, path, &x->known, &lw->err);
}

static void show_rules(lanewright *lw, struct lanewright_audited *audited)
{
	struct lanewright_rule *rules = arena_array(&lw->out, struct lanewright_rule, audit_rules_n);
	for (size_t i = 0; i < audit_rules_n; i++)
		rules[i] = (struct lanewright_rule){
		        .code = audit_rules[i].code,
		        .name = audit_rules[i].name,
		        .title = audit_rules[i].title,
		        .mend = audit_rules[i].mend,
		        .is_error = audit_severity(&lw->config, i) == SEVERITY_ERROR,
		};
	audited->rules = rules;
	audited->n_rules = audit_rules_n;
}

static bool audit(lanewright *lw, void *args)
{
	struct auditing *x = args;
	*x->audited = (struct lanewright_audited){0};
	if (!engine_can_audit(lw))
		return false;
	x->it = engine_audit_case(lw);
	if (!read_baseline(lw, x) || (x->options->changed && !engine_changed(lw, x->options->changed, &x->changed)))
		return false;
	engine_progress(lw, "auditing", 0, 0);
	finding_list found = audit_run(&lw->out, &lw->tmp, &x->it);
	sift(lw, x, &found);
	if (!repo_is_whole(&lw->repo, &lw->err))
		return false;
	show_rules(lw, x->audited);
	x->audited->n_tests = lw->suite.tests.n;
	if (x->options->write_baseline)
		return write_baseline(lw, x->audited, x->options->write_baseline);
	return x->audited->n_findings == 0 || fail_finding(&lw->err, "the audit found something");
}

int lanewright_audit(lanewright *lw, const struct lanewright_audit_options *options, struct lanewright_audited *audited)
{
	return engine_run(lw, audit, &(struct auditing){.options = options, .audited = audited});
}
