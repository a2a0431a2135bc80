/* SARIF 2.1.0 as code scanning takes it: rules with their help, relative locations, fingerprints, at most 5,000
 * results, the worst ones. */
#include <string.h>

#include "cli/audit_out.h"

enum { RESULTS_MOST = 5000 };

static void put_pair(struct output *out, const char *key, const char *value)
{
	put_key(out, key);
	put_text(out, value);
}

static void put_message(struct output *out, const char *key, const char *text)
{
	put_key(out, key);
	put_open(out, '{');
	put_pair(out, "text", text);
	put_close(out, '}');
}

/* "missing-marker" -> "MissingMarker" */
static const char *pascal(struct arena *arena, const char *name)
{
	struct buf text;
	buf_init(&text, arena);
	bool is_first = true;
	for (; *name; name++) {
		if (*name != '-')
			buf_char(&text, (char)(is_first && *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name));
		is_first = *name == '-';
	}
	return str_c(arena, buf_str(&text));
}

static const char *sentence(struct arena *arena, const char *text)
{
	struct str s = str_fmt(arena, "%s.", text);
	if (s.at[0] >= 'a' && s.at[0] <= 'z')
		((char *)(uintptr_t)s.at)[0] = (char)(s.at[0] - 'a' + 'A');
	return s.at;
}

static void put_rule(struct output *out, const struct lanewright_rule *rule)
{
	struct arena *arena = out->text.arena;
	const char *help = str_fmt(arena, "%s %s", sentence(arena, rule->title), sentence(arena, rule->mend)).at;
	put_break(out);
	put_open(out, '{');
	put_pair(out, "id", rule->code);
	put_pair(out, "name", pascal(arena, rule->name));
	put_message(out, "shortDescription", sentence(arena, rule->title));
	put_message(out, "fullDescription", help);
	put_key(out, "help");
	put_open(out, '{');
	put_pair(out, "text", help);
	put_pair(out, "markdown",
	         str_fmt(arena, "**%s** %s\n\nIn the source: `# lanewright: ignore[%s] reason`.",
	                 sentence(arena, rule->title), sentence(arena, rule->mend), rule->code)
	                 .at);
	put_close(out, '}');
	put_key(out, "defaultConfiguration");
	put_open(out, '{');
	put_pair(out, "level", rule->is_error ? "error" : "warning");
	put_close(out, '}');
	put_key(out, "properties");
	put_open(out, '{');
	put_key(out, "tags");
	put_open(out, '[');
	put_text(out, "tests");
	put_close(out, ']');
	put_pair(out, "problem.severity", rule->is_error ? "error" : "warning");
	put_close(out, '}');
	put_close(out, '}');
}

/* A relative reference: everything but the unreserved characters and `/` is percent-encoded. */
static const char *uri(struct arena *arena, const char *path)
{
	struct buf text;
	buf_init(&text, arena);
	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;
		bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		                strchr("-._~/", c);
		if (is_plain)
			buf_char(&text, (char)c);
		else
			buf_fmt(&text, "%%%02X", c);
	}
	return str_c(arena, buf_str(&text));
}

static void put_location(struct output *out, const struct lanewright_audit_finding *finding)
{
	put_key(out, "locations");
	put_open(out, '[');
	put_open(out, '{');
	put_key(out, "physicalLocation");
	put_open(out, '{');
	put_key(out, "artifactLocation");
	put_open(out, '{');
	put_pair(out, "uri", uri(out->text.arena, finding->path));
	put_pair(out, "uriBaseId", "%SRCROOT%");
	put_close(out, '}');
	put_key(out, "region");
	put_open(out, '{');
	put_key(out, "startLine");
	put_number(out, finding->line ? finding->line : 1);
	put_key(out, "startColumn");
	put_number(out, finding->column ? finding->column : 1);
	if (*finding->source) {
		put_key(out, "snippet");
		put_open(out, '{');
		put_pair(out, "text", finding->source);
		put_close(out, '}');
	}
	put_close(out, '}');
	put_close(out, '}');
	put_close(out, '}');
	put_close(out, ']');
}

static size_t rule_index(const struct lanewright_audited *audited, const char *code)
{
	size_t i = 0;
	while (i < audited->n_rules && strcmp(audited->rules[i].code, code) != 0)
		i++;
	return i;
}

static void put_result(struct output *out, const struct lanewright_audited *audited,
                       const struct lanewright_audit_finding *finding)
{
	put_break(out);
	put_open(out, '{');
	put_pair(out, "ruleId", finding->code);
	put_key(out, "ruleIndex");
	put_number(out, (int64_t)rule_index(audited, finding->code));
	put_pair(out, "level", finding->is_error ? "error" : "warning");
	put_message(out, "message", sentence(out->text.arena, finding->message));
	put_location(out, finding);
	put_key(out, "partialFingerprints");
	put_open(out, '{');
	put_pair(out, "lanewright/v1", finding->fingerprint);
	put_close(out, '}');
	put_close(out, '}');
}

/* Errors, then warnings, each in their order, until the cap. */
static void put_results(struct output *out, const struct lanewright_audited *audited)
{
	size_t n = 0;
	for (int is_error = 1; is_error >= 0; is_error--)
		for (size_t i = 0; i < audited->n_findings && n < RESULTS_MOST; i++)
			if (audited->findings[i].is_error == (bool)is_error) {
				put_result(out, audited, &audited->findings[i]);
				n++;
			}
}

void put_sarif(struct output *out, const struct lanewright_audited *audited)
{
	put_open(out, '{');
	put_pair(out, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	put_pair(out, "version", "2.1.0");
	put_key(out, "runs");
	put_open(out, '[');
	put_open(out, '{');
	put_key(out, "tool");
	put_open(out, '{');
	put_key(out, "driver");
	put_open(out, '{');
	put_pair(out, "name", "lanewright");
	put_pair(out, "semanticVersion", LANEWRIGHT_VERSION);
	put_key(out, "rules");
	put_open(out, '[');
	for (size_t i = 0; i < audited->n_rules; i++)
		put_rule(out, &audited->rules[i]);
	put_close(out, ']');
	put_close(out, '}');
	put_close(out, '}');
	put_pair(out, "columnKind", "unicodeCodePoints");
	put_key(out, "results");
	put_open(out, '[');
	put_results(out, audited);
	put_close(out, ']');
	put_close(out, '}');
	put_close(out, ']');
	put_close(out, '}');
}
