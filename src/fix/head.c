/* The order that Python and people want: the line for the kernel, the coding, comments, the docstring, `from __future__`,
 * imports.  A block that holds nothing but imports, as `if TYPE_CHECKING:` does, belongs to them. */
#include "fix/head.h"

#include <string.h>

#include "base/buf.h"

static bool is_import(const struct stmt *stmt)
{
	return stmt->kind == STMT_IMPORT || stmt->kind == STMT_FROM;
}

static bool is_future(struct str text, const struct stmt *stmt)
{
	return stmt->kind == STMT_FROM && str_starts(str_slice(text, stmt->start, stmt->end), STR("from __future__ "));
}

static bool has_block(const struct stmt *stmt)
{
	return stmt->kind >= STMT_IF && stmt->kind <= STMT_FINALLY && stmt->kind != STMT_FOR &&
	       stmt->kind != STMT_WHILE;
}

/* Whether a block holds imports, and beside them only what belongs to their failing; *end: of its last statement. */
static bool is_block_of_imports(const struct facts *facts, uint32_t block, uint32_t *end, bool *imports)
{
	for (uint32_t s = facts->stmts.at[block].body; s; s = facts->stmts.at[s].next) {
		const struct stmt *stmt = &facts->stmts.at[s];
		bool is_small = stmt->kind == STMT_PASS || stmt->kind == STMT_ASSIGN || stmt->kind == STMT_RAISE;
		*imports |= is_import(stmt);
		if (!is_import(stmt) && !is_small && !(has_block(stmt) && is_block_of_imports(facts, s, end, imports)))
			return false;
		*end = stmt->end > *end ? stmt->end : *end;
	}
	return true;
}

/* Comments at the top that do not belong to the first statement: they end in a blank line; else only what Python and
 * the kernel read. */
static size_t behind_comments(struct str text)
{
	size_t at = text_line_start(text, 0), magic = at, line = 0;
	while (at < text.n && text.at[at] == '#') {
		struct str comment = str_slice(text, at, text_line_end(text, at));
		at = text_next_line(text, at);
		if (line++ < 2 && (str_starts(comment, STR("#!")) || str_has(comment, STR("coding"))))
			magic = at;
	}
	return at == text.n || text_is_blank(text, at, text_line_end(text, at)) ? at : magic;
}

struct head head_of(const struct facts *facts, struct str text)
{
	struct head head = {.follows_text = true};
	bool was_block = false;
	head.import_at = head.mark_at = behind_comments(text);
	head.follows_text = head.import_at > text_line_start(text, 0);
	for (uint32_t s = facts->defs.at[0].body; s; s = facts->stmts.at[s].next) {
		const struct stmt *stmt = &facts->stmts.at[s];
		uint32_t end = stmt->end;
		bool imports = false, goes_on = stmt->kind == STMT_ELSE || stmt->kind == STMT_ELIF ||
		                                stmt->kind == STMT_EXCEPT || stmt->kind == STMT_FINALLY;
		if (stmt->flags & STMT_DOCSTRING || is_import(stmt)) {
			head.mark_at = text_next_line(text, end);
			head.import_at = was_block ? head.import_at : head.mark_at;
			head.follows_text = was_block ? head.follows_text : !is_import(stmt) || is_future(text, stmt);
		} else if (has_block(stmt) && is_block_of_imports(facts, s, &end, &imports) && (imports || goes_on)) {
			head.mark_at = text_next_line(text, end);
			was_block = true;
		} else {
			break;
		}
	}
	return head;
}

static size_t line_above(struct str text, size_t at)
{
	return text_line_start(text, at - 1 - (at > 1 && text.at[at - 1] == '\n' && text.at[at - 2] == '\r'));
}

static bool is_blank_above(struct str text, size_t at)
{
	size_t top = text_line_start(text, 0);
	if (at <= top)
		return true;
	size_t from = line_above(text, at);
	return text_is_blank(text, from, text_line_end(text, from));
}

struct str head_paragraph(struct arena *out, struct str text, size_t at, struct str line, bool above, bool below)
{
	struct buf buf;
	struct str newline = text_newline(text);
	bool is_cut = at == text.n && at > 0 && text.at[at - 1] != '\n' && text.at[at - 1] != '\r';
	bool is_open = at < text.n && !text_is_blank(text, at, text_line_end(text, at));
	bool is_def = is_open && memchr("@dca", text.at[at], 4) != NULL;
	buf_init(&buf, out);
	if (is_cut)
		buf_add(&buf, newline);
	if (above && (is_cut || !is_blank_above(text, at)))
		buf_add(&buf, newline);
	buf_add(&buf, line);
	if (!is_cut)
		buf_add(&buf, newline);
	if (below && is_open)
		buf_add(&buf, newline);
	if (below && is_def)
		buf_add(&buf, newline);
	return buf_str(&buf);
}
