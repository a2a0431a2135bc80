/* Arguments of calls. */
#include "resolve/calls.h"

#include <string.h>

/* Where a statement begins, its decorators included. */
static uint32_t start_of(const struct facts *facts, const struct stmt *s)
{
	bool is_def = s->kind == STMT_FUNCTION || s->kind == STMT_CLASS;
	uint32_t decorator = is_def ? facts->defs.at[s->index].decorators : 0;
	return decorator && facts->exprs.at[decorator].at < s->start ? facts->exprs.at[decorator].at : s->start;
}

void calls_expr_range(const struct facts *facts, uint32_t def, uint32_t *first, uint32_t *last)
{
	const struct def *d = &facts->defs.at[def];
	*first = *last = 0;
	if (!d->stmt)
		return;
	/* By byte offsets: from the def's own statement to the first statement after its body. */
	uint32_t after = 0;
	for (uint32_t s = d->stmt; s && !after; s = facts->stmts.at[s].parent)
		after = facts->stmts.at[s].next;
	uint32_t from = facts->stmts.at[d->stmt].start,
	         to = after ? start_of(facts, &facts->stmts.at[after]) : UINT32_MAX;
	uint32_t low = 1, high = (uint32_t)facts->exprs.n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (facts->exprs.at[middle].at < from)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low;
	while (low < facts->exprs.n && facts->exprs.at[low].at < to)
		low++;
	*last = low;
}

uint32_t call_keyword(const struct names *names, uint32_t file, uint32_t call, const char *key)
{
	const struct facts *facts = names_facts(names, file);
	if (facts->exprs.at[call].kind != EXPR_CALL)
		return 0;
	for (uint32_t e = facts->exprs.at[facts->exprs.at[call].first].next; e; e = facts->exprs.at[e].next)
		if (facts->exprs.at[e].kind == EXPR_KEYWORD &&
		    str_eq(names_str(names, facts->exprs.at[e].text), str_of(key)))
			return facts->exprs.at[e].first;
	return 0;
}

uint32_t call_positional(const struct facts *facts, uint32_t call, unsigned n)
{
	if (facts->exprs.at[call].kind != EXPR_CALL)
		return 0;
	for (uint32_t e = facts->exprs.at[facts->exprs.at[call].first].next; e; e = facts->exprs.at[e].next) {
		uint8_t kind = facts->exprs.at[e].kind;
		if (kind == EXPR_STAR || kind == EXPR_DOUBLE_STAR)
			return 0;
		if (kind == EXPR_KEYWORD)
			continue;
		if (n-- == 0)
			return e;
	}
	return 0;
}

bool target_is_patch(const struct names *names, struct target target, struct str *kind)
{
	static const char *const prefixes[] = {"unittest.mock.patch", "mock.patch", "mock.mock.patch"};
	if (target.kind != TARGET_EXTERNAL)
		return false;
	struct str dotted = names_str(names, target.text);
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		struct str prefix = str_of(prefixes[i]);
		if (!str_starts(dotted, prefix) || (dotted.n > prefix.n && dotted.at[prefix.n] != '.'))
			continue;
		*kind = dotted.n == prefix.n ? STR_NONE : str_slice(dotted, prefix.n + 1, dotted.n);
		return true;
	}
	return false;
}

unsigned patch_injects(struct names *names, uint32_t file, uint32_t owner, uint32_t decorator)
{
	const struct facts *facts = names_facts(names, file);
	if (facts->exprs.at[decorator].kind != EXPR_CALL)
		return 0;
	struct str kind;
	struct target t = names_expr(names, file, owner, facts->exprs.at[decorator].first);
	if (!target_is_patch(names, t, &kind))
		return 0;
	if (str_eq(kind, STR("dict")) || str_eq(kind, STR("multiple")))
		return 0;
	unsigned before_new = str_eq(kind, STR("object")) ? 2 : 1;
	return call_keyword(names, file, decorator, "new") || call_positional(facts, decorator, before_new) ? 0 : 1;
}
