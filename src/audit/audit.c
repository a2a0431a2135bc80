/* The table of rules, running them, and what silences a finding. */
#include "audit/audit.h"

#include <stdlib.h>

#include "audit/rules.h"

#define X(number, function, name, severity, title, mend) {"LW" #number, name, SEVERITY_##severity, title, mend},
const struct audit_rule audit_rules[] = {RULES(X)};
#undef X
const size_t audit_rules_n = sizeof audit_rules / sizeof *audit_rules;

#define X(number, function, name, severity, title, mend) rule_##function,
static void (*const functions[])(struct audit *) = {RULES(X)};
#undef X

size_t audit_rule_find(struct str code)
{
	for (size_t i = 0; i < audit_rules_n; i++)
		if (str_eq(str_of(audit_rules[i].code), code))
			return i;
	return SIZE_MAX;
}

enum severity audit_severity(const struct config *config, size_t rule)
{
	enum severity severity = audit_rules[rule].severity;
	for (size_t i = 0; i < config->rules.n; i++) {
		const struct rule_config *said = &config->rules.at[i];
		if (!str_eq(said->code, str_of(audit_rules[rule].code)))
			continue;
		severity = str_eq(said->severity, STR("off"))     ? SEVERITY_OFF
		           : str_eq(said->severity, STR("error")) ? SEVERITY_ERROR
		                                                  : SEVERITY_WARNING;
	}
	return severity;
}

/* ---- silencing ---- */

/* "ignore[LW101, LW203] reason" */
static bool names_code(struct str remark, struct str word, struct str code)
{
	if (!str_starts(remark, word) || word.n >= remark.n || remark.at[word.n] != '[')
		return false;
	size_t end = str_find(remark, STR("]"), word.n);
	for (size_t from = word.n + 1; end != SIZE_MAX && from < end;) {
		size_t to = str_find(remark, STR(","), from);
		to = to < end ? to : end;
		if (str_eq(str_trim(str_slice(remark, from, to)), code))
			return true;
		from = to + 1;
	}
	return false;
}

/* A remark above its line has a line to itself: no statement begins there. */
static bool stands_alone(const struct facts *facts, uint32_t line)
{
	for (size_t i = 1; i < facts->stmts.n; i++)
		if (facts->stmts.at[i].line == line)
			return false;
	return true;
}

static bool source_ignores(const struct repo *repo, const struct finding *finding, struct str code)
{
	const struct source_file *file = repo_file(repo, finding->path);
	if (!file)
		return false;
	const struct facts *facts = repo_facts(repo, (uint32_t)(file - repo->files.at));
	for (size_t i = 0; i < facts->remarks.n; i++) {
		const struct remark *remark = &facts->remarks.at[i];
		struct str text = intern_str(repo->names, remark->text);
		bool is_here = remark->line == finding->line ||
		               (remark->line + 1 == finding->line && stands_alone(facts, remark->line));
		if (names_code(text, STR("ignore-file"), code) || (is_here && names_code(text, STR("ignore"), code)))
			return true;
	}
	return false;
}

bool audit_is_ignored(const struct audit_case *it, const struct finding *finding)
{
	struct str code = str_of(audit_rules[finding->rule].code);
	for (size_t i = 0; i < it->config->audit_ignores.n; i++) {
		const struct ignore_config *ignore = &it->config->audit_ignores.at[i];
		for (size_t k = 0; str_fnmatch(ignore->path, finding->path) && k < ignore->codes.n; k++)
			if (str_eq(ignore->codes.at[k], code))
				return true;
	}
	return source_ignores(it->repo, finding, code);
}

/* ---- running ---- */

static int by_place(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int order = str_cmp(a->path, b->path);
	if (order == 0 && a->line != b->line)
		order = a->line < b->line ? -1 : 1;
	if (order == 0 && a->rule != b->rule)
		order = a->rule < b->rule ? -1 : 1;
	return order ? order : str_cmp(a->message, b->message);
}

static void drop_doubles(finding_list *found)
{
	size_t kept = 0;
	for (size_t i = 0; i < found->n; i++)
		if (kept == 0 || by_place(&found->at[kept - 1], &found->at[i]) != 0)
			found->at[kept++] = found->at[i];
	found->n = kept;
}

finding_list audit_run(struct arena *out, struct arena *tmp, const struct audit_case *it)
{
	finding_list found = {0};
	struct audit a = audit_begin(out, tmp, it);
	a.found = &found;
	for (a.rule = 0; a.rule < audit_rules_n; a.rule++)
		if (audit_severity(it->config, a.rule) != SEVERITY_OFF)
			functions[a.rule](&a);
	if (found.n)
		qsort(found.at, found.n, sizeof *found.at, by_place);
	drop_doubles(&found);
	return found;
}
