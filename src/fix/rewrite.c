/* From changes to edits.  A decorator goes with its line and comes on a line of its own, above the others of its def: what
 * pytest collects is what the topmost decorator gives.  Only below staticmethod and classmethod, whose results take no
 * marks.  A pytestmark grows in the form it has. */
#include "fix/rewrite.h"

#include <string.h>

#include "base/buf.h"
#include "fix/head.h"
#include "fix/spots.h"

struct rewriting {
	const struct audit *a;
	struct arena *out;
	const struct facts *facts;
	uint32_t file;
	struct str text, newline;
	edit_list edits;
	bool wants_import;
	struct str at_head; /* a new pytestmark for the module, "" for none */
	size_t head_least;  /* it stands below this byte */
	struct str *why;
};

static bool refuse(struct rewriting *r, uint32_t line, const char *why)
{
	*r->why = str_fmt(r->a->out, "line %u: %s", line, why);
	return false;
}

static void edit(struct rewriting *r, size_t from, size_t to, struct str text)
{
	vec_push(r->out, &r->edits, ((struct edit){from, to, text}));
}

/* How the marker is written at that byte. */
static struct str spelt(struct rewriting *r, uint32_t at, struct str marker)
{
	uint32_t end;
	struct str prefix = spots_spelling(r->a, r->facts, at, &end);
	if (prefix.n == 0) {
		r->wants_import = true;
		prefix = STR("pytest.mark");
	}
	return str_fmt(r->out, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(marker));
}

static struct str spelt_list(struct rewriting *r, uint32_t at, const strs *markers)
{
	strs all = {0};
	for (size_t i = 0; i < markers->n; i++)
		vec_push(r->out, &all, spelt(r, at, markers->at[i]));
	return str_join(r->out, all.at, all.n, STR(", "));
}

/* ---- decorators ---- */

/* Where the `@` of a decorator stands; SIZE_MAX when it does not begin its line. */
static size_t at_sign(const struct rewriting *r, uint32_t decorator)
{
	size_t at = audit_expr(r->facts, decorator)->at;
	while (at > 0 && strchr(" \t(", r->text.at[at - 1]))
		at--;
	if (at == 0 || r->text.at[at - 1] != '@')
		return SIZE_MAX;
	return text_is_blank(r->text, text_line_start(r->text, at - 1), at - 1) ? at - 1 : SIZE_MAX;
}

static bool remove_decorator(struct rewriting *r, uint32_t decorator)
{
	const struct expr *e = audit_expr(r->facts, decorator);
	size_t from = at_sign(r, decorator), end = text_chain_end(r->text, e->at);
	if (from == SIZE_MAX || end == SIZE_MAX || text_skip_blanks(r->text, from + 1) != e->at ||
	    !text_is_comment(r->text, end, text_line_end(r->text, end)))
		return refuse(r, e->line, "the marker does not stand on a line of its own");
	edit(r, text_line_start(r->text, from), text_next_line(r->text, end), STR_NONE);
	return true;
}

static bool is_binder(const struct rewriting *r, uint32_t decorator)
{
	struct str what = audit_text(r->a, audit_expr(r->facts, decorator)->text);
	return audit_expr(r->facts, decorator)->kind == EXPR_NAME &&
	       (str_eq(what, STR("staticmethod")) || str_eq(what, STR("classmethod")));
}

/* The line above which a decorator goes. */
static size_t decorator_place(const struct rewriting *r, uint32_t def)
{
	const struct def *it = &r->facts->defs.at[def];
	uint32_t below = it->decorators;
	for (uint32_t d = it->decorators; d; d = audit_expr(r->facts, d)->next)
		if (is_binder(r, d))
			below = audit_expr(r->facts, d)->next;
	if (below)
		return at_sign(r, below);
	size_t at = r->facts->stmts.at[it->stmt].start;
	return text_is_blank(r->text, text_line_start(r->text, at), at) ? at : SIZE_MAX;
}

static bool add_decorators(struct rewriting *r, uint32_t def, const strs *markers)
{
	size_t at = decorator_place(r, def), start;
	if (at == SIZE_MAX)
		return refuse(r, r->facts->stmts.at[r->facts->defs.at[def].stmt].line, "no line begins with this def");
	start = text_line_start(r->text, at);
	struct str indent = str_slice(r->text, start, at);
	for (size_t i = 0; i < markers->n; i++)
		edit(r, start, start,
		     str_fmt(r->out, "%.*s@%.*s%.*s", STR_ARG(indent), STR_ARG(spelt(r, (uint32_t)at, markers->at[i])),
		             STR_ARG(r->newline)));
	return true;
}

/* ---- pytestmark ---- */

/* A statement that has its lines for itself goes with them; a blank line that would stand beside another goes too. */
static bool remove_statement(struct rewriting *r, const struct stmt *stmt)
{
	size_t from = text_line_start(r->text, stmt->start), end = text_next_line(r->text, stmt->end);
	if (!text_is_blank(r->text, from, stmt->start) ||
	    !text_is_comment(r->text, stmt->end, text_line_end(r->text, stmt->end)))
		return refuse(r, stmt->line, "pytestmark shares its line with something else");
	size_t above = from > 0 ? text_line_start(r->text, from - 1) : 0;
	bool is_after_blank = from > 0 && text_is_blank(r->text, above, text_line_end(r->text, above));
	bool is_before_blank = end < r->text.n && text_is_blank(r->text, end, text_line_end(r->text, end));
	if (is_after_blank && is_before_blank)
		end = text_next_line(r->text, end);
	edit(r, from, end, STR_NONE);
	return true;
}

static bool is_gone(const struct scope_change *change, uint32_t expr)
{
	for (size_t i = 0; i < change->removed.n; i++)
		if (change->removed.at[i] == expr)
			return true;
	return false;
}

/* An item that has its lines for itself goes with them. */
static bool has_own_lines(const struct rewriting *r, const struct text_list *list, size_t i)
{
	const struct text_item *item = &list->items.at[i];
	size_t behind = item->to;
	if (!text_is_blank(r->text, text_line_start(r->text, item->from), item->from))
		return false;
	behind = text_skip_blanks(r->text, behind);
	if (behind < r->text.n && r->text.at[behind] == ',')
		behind++;
	return text_is_comment(r->text, behind, text_line_end(r->text, behind));
}

/* Takes items out together with the commas that are no longer needed. */
static void remove_items(struct rewriting *r, const struct text_list *list, const bool *gone)
{
	size_t last = list->items.n;
	while (last > 0 && gone[last - 1])
		last--; /* behind the last item that stays; there is one */
	for (size_t i = 0; i < list->items.n; i++) {
		const struct text_item *item = &list->items.at[i];
		if (!gone[i])
			continue;
		if (has_own_lines(r, list, i))
			edit(r, text_line_start(r->text, item->from), text_next_line(r->text, item->to), STR_NONE);
		else if (i < last)
			edit(r, item->from, list->items.at[i + 1].from, STR_NONE);
		else
			edit(r, list->items.at[i - 1].to, item->to, STR_NONE);
	}
}

/* Behind the last item that stays, in the manner of the list. */
static void add_items(struct rewriting *r, const struct text_list *list, const struct text_item *last, uint32_t at,
                      const strs *markers)
{
	size_t close_line = text_line_start(r->text, list->close), last_line = text_line_start(r->text, last->from);
	bool is_column = close_line > last->to && text_is_blank(r->text, close_line, list->close) &&
	                 text_is_blank(r->text, last_line, last->from);
	if (!is_column) {
		edit(r, last->to, last->to, str_fmt(r->out, ", %.*s", STR_ARG(spelt_list(r, at, markers))));
		return;
	}
	struct str indent = str_slice(r->text, last_line, last->from);
	if (!list->ends_in_comma && last == &list->items.at[list->items.n - 1])
		edit(r, last->to, last->to, STR(","));
	for (size_t i = 0; i < markers->n; i++)
		edit(r, close_line, close_line,
		     str_fmt(r->out, "%.*s%.*s,%.*s", STR_ARG(indent), STR_ARG(spelt(r, at, markers->at[i])),
		             STR_ARG(r->newline)));
}

static bool change_list_form(struct rewriting *r, const struct scope_change *change, const struct pytestmark *p)
{
	const struct stmt *stmt = &r->facts->stmts.at[p->stmt];
	struct text_list list;
	size_t i = 0, kept = SIZE_MAX;
	if (!text_read_list(r->out, r->text, audit_expr(r->facts, p->value)->at, &list))
		return refuse(r, stmt->line, "the list of pytestmark is not understood");
	bool *gone = arena_array(r->out, bool, list.items.n + 1);
	for (uint32_t e = audit_expr(r->facts, p->value)->first; e; e = audit_expr(r->facts, e)->next, i++) {
		if (i == list.items.n)
			return refuse(r, stmt->line, "the list of pytestmark is not understood");
		gone[i] = is_gone(change, e);
		kept = gone[i] ? kept : i;
	}
	if (i != list.items.n)
		return refuse(r, stmt->line, "the list of pytestmark is not understood");
	if (kept == SIZE_MAX && change->add.n == 0)
		return i == 0 || remove_statement(r, stmt);
	if (kept == SIZE_MAX) {
		edit(r, list.open + 1, list.close, spelt_list(r, stmt->start, &change->add));
		return true;
	}
	remove_items(r, &list, gone);
	if (change->add.n)
		add_items(r, &list, &list.items.at[kept], stmt->start, &change->add);
	return true;
}

/* The value of `pytestmark = VALUE`, brackets around it included. */
static bool value_range(const struct rewriting *r, const struct pytestmark *p, size_t *from, size_t *to)
{
	*from = audit_expr(r->facts, p->value)->at;
	*to = r->facts->stmts.at[p->stmt].end;
	while (*from > 0 && strchr(" \t(\r\n\\", r->text.at[*from - 1]))
		--*from;
	if (*from == 0 || r->text.at[*from - 1] != '=')
		return false;
	*from = text_skip_blanks(r->text, *from);
	return *from < *to;
}

static bool change_single(struct rewriting *r, const struct scope_change *change, const struct pytestmark *p)
{
	const struct stmt *stmt = &r->facts->stmts.at[p->stmt];
	size_t from, to;
	if (change->add.n == 0)
		return remove_statement(r, stmt);
	if (!value_range(r, p, &from, &to))
		return refuse(r, stmt->line, "the value of pytestmark is not understood");
	struct str more = spelt_list(r, stmt->start, &change->add);
	if (change->removed.n) {
		edit(r, from, to, change->add.n == 1 ? more : str_fmt(r->out, "[%.*s]", STR_ARG(more)));
		return true;
	}
	edit(r, from, from, STR("["));
	edit(r, to, to, str_fmt(r->out, ", %.*s]", STR_ARG(more)));
	return true;
}

static void plan_head(struct rewriting *r, const strs *markers)
{
	uint32_t end = 0;
	if (spots_spelling(r->a, r->facts, UINT32_MAX, &end).n)
		r->head_least = text_next_line(r->text, end);
	struct str value = spelt_list(r, UINT32_MAX, markers);
	r->at_head = str_fmt(r->out, markers->n == 1 ? "pytestmark = %.*s" : "pytestmark = [%.*s]", STR_ARG(value));
}

/* ---- a scope, a file ---- */

static bool change_scope(struct rewriting *r, const struct scope_change *change)
{
	const struct def *def = &r->facts->defs.at[change->def];
	struct pytestmark p = {.why_not = STR_NONE};
	struct scope_change inside = {.file = change->file, .def = change->def};
	for (size_t i = 0; i < change->removed.n; i++) {
		bool is_decorator = false;
		for (uint32_t d = def->decorators; d; d = audit_expr(r->facts, d)->next)
			is_decorator |= d == change->removed.at[i];
		if (!is_decorator)
			vec_push(r->out, &inside.removed, change->removed.at[i]);
		else if (!remove_decorator(r, change->removed.at[i]))
			return false;
	}
	if (def->kind != DEF_FUNCTION)
		p = spots_pytestmark(r->a, r->file, change->def);
	bool extends = p.stmt && p.why_not.n == 0;
	if (extends)
		inside.add = change->add;
	if (inside.add.n || inside.removed.n)
		return (p.is_list ? change_list_form : change_single)(r, &inside, &p);
	if (change->add.n && change->def)
		return add_decorators(r, change->def, &change->add);
	if (change->add.n)
		plan_head(r, &change->add);
	return true;
}

static void put_head(struct rewriting *r)
{
	struct head head = head_of(r->facts, r->text);
	size_t mark_at = head.mark_at > r->head_least ? head.mark_at : r->head_least;
	struct str import = STR("import pytest");
	if (r->wants_import && r->at_head.n && mark_at == head.import_at) {
		struct str both = str_fmt(r->out, "%.*s%.*s%.*s%.*s", STR_ARG(import), STR_ARG(r->newline),
		                          STR_ARG(r->newline), STR_ARG(r->at_head));
		edit(r, mark_at, mark_at, head_paragraph(r->out, r->text, mark_at, both, head.follows_text, true));
		return;
	}
	if (r->wants_import)
		edit(r, head.import_at, head.import_at,
		     head_paragraph(r->out, r->text, head.import_at, import, head.follows_text,
		                    head.import_at == head.mark_at));
	if (r->at_head.n)
		edit(r, mark_at, mark_at, head_paragraph(r->out, r->text, mark_at, r->at_head, true, true));
}

/* The import, and a pytestmark of the module, come where the head of the file has room for them, before what else comes
 * there. */
static void edit_head(struct rewriting *r)
{
	edit_list others = r->edits;
	r->edits = (edit_list){0};
	put_head(r);
	for (size_t i = 0; i < others.n; i++)
		vec_push(r->out, &r->edits, others.at[i]);
}

bool fix_rewrite(struct arena *out, struct arena *tmp, const struct audit_case *it, const struct scope_change *changes,
                 size_t n, struct str text, struct str *rewritten, struct str *why)
{
	struct audit a = {.out = out, .tmp = tmp, .it = it};
	struct rewriting r = {.a = &a,
	                      .out = out,
	                      .facts = audit_facts(&a, changes->file),
	                      .file = changes->file,
	                      .text = text,
	                      .newline = text_newline(text),
	                      .at_head = STR_NONE,
	                      .why = why};
	for (size_t i = 0; i < n; i++)
		if (!change_scope(&r, &changes[i]))
			return false;
	edit_head(&r);
	if (text_apply(out, text, &r.edits, rewritten))
		return true;
	*why = STR("two changes meet in one place");
	return false;
}
