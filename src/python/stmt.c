/* Statements: which kind a line is, its parts, and whose body it stands in. */
#include "python/stmt.h"

#include "python/def.h"
#include "python/expr.h"
#include "python/simple.h"

/* ---- blocks ---- */

static struct open_block *top(struct statements *s)
{
	return &s->blocks[s->n_blocks - 1];
}

static struct stmt *stmt_at(struct statements *s, uint32_t i)
{
	return &s->reader->facts.stmts.at[i];
}

static void end_def(struct statements *s, uint32_t stmt)
{
	uint8_t kind = stmt_at(s, stmt)->kind;
	if (kind == STMT_FUNCTION || kind == STMT_CLASS)
		s->reader->facts.defs.at[stmt_at(s, stmt)->index].end_line = s->end_line;
}

static void close_blocks(struct statements *s, uint32_t level)
{
	while (s->n_blocks > 1 && top(s)->level > level) {
		end_def(s, top(s)->parent);
		s->n_blocks--;
	}
}

static void open_block(struct statements *s, uint32_t stmt, uint32_t level)
{
	const struct stmt *head = stmt_at(s, stmt);
	bool is_def = head->kind == STMT_FUNCTION || head->kind == STMT_CLASS;
	s->blocks[s->n_blocks++] = (struct open_block){level, stmt, 0, is_def ? head->index : head->owner};
}

/* Finds the block of a line at this level. */
static void enter(struct statements *s, uint32_t level)
{
	struct reader *r = s->reader;
	close_blocks(s, level);
	if (s->waiting && level > s->level) {
		open_block(s, s->waiting, level);
	} else if (s->waiting) {
		end_def(s, s->waiting);
		reader_fault(r, FAULT_INDENT, r->cursor.now.start);
	} else if (level > top(s)->level && level != s->level) {
		reader_fault(r, FAULT_INDENT, r->cursor.now.start);
	}
	s->waiting = 0;
}

/* A new statement at the cursor, in the block on top. */
static uint32_t begin(struct statements *s, enum stmt_kind kind)
{
	struct reader *r = s->reader;
	struct facts *facts = &r->facts;
	struct open_block *block = top(s);
	uint32_t i = (uint32_t)facts->stmts.n;
	vec_push(r->tmp, &facts->stmts,
	         (struct stmt){
	                 .kind = (uint8_t)kind,
	                 .line = r->cursor.line,
	                 .start = r->cursor.now.start,
	                 .parent = block->parent,
	                 .owner = block->owner,
	         });
	if (block->last)
		facts->stmts.at[block->last].next = i;
	else if (block->parent)
		facts->stmts.at[block->parent].body = i;
	if (!block->last && (block->parent == 0 || block->owner != facts->stmts.at[block->parent].owner))
		facts->defs.at[block->owner].body = i;
	block->last = i;
	return i;
}

/* How long the arrays were before a statement, to drop what a broken one left. */
struct marks {
	size_t exprs, defs, params, imports;
};

static struct marks marks_of(const struct facts *facts)
{
	return (struct marks){facts->exprs.n, facts->defs.n, facts->params.n, facts->imports.n};
}

static void forget(struct facts *facts, struct marks marks)
{
	facts->exprs.n = marks.exprs;
	facts->defs.n = marks.defs;
	facts->params.n = marks.params;
	facts->imports.n = marks.imports;
}

/* Completes statement i, unless it turned out to be broken. */
static void finish(struct statements *s, uint32_t i, struct marks marks)
{
	struct reader *r = s->reader;
	struct stmt *stmt = stmt_at(s, i);
	stmt->end = r->cursor.before > stmt->start ? r->cursor.before : stmt->start;
	if (r->has_yield && r->facts.defs.at[stmt->owner].kind == DEF_FUNCTION)
		r->facts.defs.at[stmt->owner].is_generator = true;
	r->has_yield = false;
	if (!r->is_broken)
		return;
	forget(&r->facts, marks);
	*stmt = (struct stmt){
	        .kind = STMT_BROKEN,
	        .line = stmt->line,
	        .start = stmt->start,
	        .end = r->cursor.now.start,
	        .parent = stmt->parent,
	        .owner = stmt->owner,
	};
}

/* ---- simple statements ---- */

static bool begins_body_of_def(const struct statements *s)
{
	const struct open_block *block = &s->blocks[s->n_blocks - 1];
	return !block->last && (block->parent == 0 || s->reader->facts.stmts.at[block->parent].owner != block->owner);
}

/* One or more, with semicolons between. */
static void read_simple(struct statements *s)
{
	struct reader *r = s->reader;
	do {
		bool may_document = begins_body_of_def(s);
		struct marks marks = marks_of(&r->facts);
		uint32_t i = begin(s, STMT_EXPR);
		if (!may_document || !simple_read_docstring(r, i))
			simple_read(r, i);
		if (reader_kind(r) != TOKEN_END && reader_kind(r) != TOKEN_SEMICOLON)
			reader_fail(r);
		finish(s, i, marks);
	} while (reader_take(r, TOKEN_SEMICOLON) && reader_kind(r) != TOKEN_END);
}

/* Leaves the logical line.  A backslash at its end may have joined one that only holds a comment: that one does not
 * count. */
static void end_line(struct statements *s)
{
	struct reader *r = s->reader;
	reader_skip(r);
	s->end_line = r->cursor.line - lex_lines(r->text, r->cursor.before, r->cursor.now.start);
}

/* ---- compound statements ---- */

/* Behind the header, at its colon: the body on the same line, or on those that follow. */
static void read_body(struct statements *s, uint32_t i, struct marks marks)
{
	struct reader *r = s->reader;
	reader_expect(r, TOKEN_COLON);
	finish(s, i, marks);
	if (r->is_broken)
		return;
	if (reader_kind(r) == TOKEN_END) {
		s->waiting = i;
		return;
	}
	open_block(s, i, s->level + 1);
	read_simple(s);
	s->n_blocks--;
	end_line(s);
	end_def(s, i);
}

static void read_with_items(struct reader *r, struct stmt *stmt)
{
	struct chain items = {0};
	r->mode.binds = true;
	do {
		reader_chain(r, &items, expr_read_element(r));
	} while (reader_take(r, TOKEN_COMMA) && reader_kind(r) != TOKEN_COLON && !r->is_broken);
	r->mode.binds = false;
	stmt->expr = items.first;
	struct expr *only = &r->facts.exprs.at[items.first];
	if (items.n == 1 && only->kind == EXPR_TUPLE && only->first) { /* with (a as b, c as d): */
		stmt->expr = only->first;
		r->facts.exprs.n--;
	}
}

static void read_except(struct reader *r, struct stmt *stmt)
{
	stmt->op = reader_take(r, TOKEN_TIMES);
	r->mode.binds = true;
	if (reader_kind(r) != TOKEN_COLON)
		stmt->expr = expr_read_list(r);
	r->mode.binds = false;
}

static void read_for(struct reader *r, struct stmt *stmt)
{
	struct chain parts = {0};
	reader_chain(r, &parts, expr_read_targets(r));
	reader_expect(r, TOKEN_IN);
	reader_chain(r, &parts, expr_read_list(r));
	stmt->expr = parts.first;
}

static void read_case(struct reader *r, struct stmt *stmt)
{
	struct chain parts = {0};
	r->mode = (struct mode){.binds = true, .is_pattern = true};
	reader_chain(r, &parts, expr_read_list(r));
	r->mode = (struct mode){0};
	if (reader_take(r, TOKEN_IF))
		reader_chain(r, &parts, expr_read_element(r));
	stmt->expr = parts.first;
}

/* The header behind its keyword, up to the colon.  The statement is given as a copy: nothing in here may point into an
 * array that grows. */
static struct stmt read_header(struct reader *r, struct stmt stmt)
{
	switch (stmt.kind) {
	case STMT_IF:
	case STMT_ELIF:
	case STMT_WHILE: stmt.expr = expr_read_element(r); break;
	case STMT_MATCH: stmt.expr = expr_read_list(r); break;
	case STMT_CASE: read_case(r, &stmt); break;
	case STMT_FOR: read_for(r, &stmt); break;
	case STMT_WITH: read_with_items(r, &stmt); break;
	case STMT_EXCEPT: read_except(r, &stmt); break;
	case STMT_FUNCTION: stmt.index = def_read_function(r, stmt.owner); break;
	case STMT_CLASS: stmt.index = def_read_class(r, stmt.owner); break;
	default: break; /* else, try, finally: the keyword is all */
	}
	return stmt;
}

static void complete_def(struct statements *s, uint32_t stmt, bool is_async)
{
	struct def *def = &s->reader->facts.defs.at[stmt_at(s, stmt)->index];
	def->is_async = is_async;
	def->decorators = s->decorators.first;
	def->stmt = stmt;
}

static void read_compound(struct statements *s, enum stmt_kind kind)
{
	struct reader *r = s->reader;
	struct marks marks = marks_of(&r->facts);
	uint32_t i = begin(s, kind);
	bool is_async = reader_take(r, TOKEN_ASYNC);
	reader_advance(r);
	struct stmt stmt = read_header(r, *stmt_at(s, i));
	stmt.flags = is_async ? STMT_ASYNC : 0;
	*stmt_at(s, i) = stmt;
	if (kind == STMT_FUNCTION || kind == STMT_CLASS)
		complete_def(s, i, is_async);
	s->decorators = (struct chain){0};
	read_body(s, i, marks);
}

static bool match_begins(const struct reader *r)
{
	const uint32_t *last = r->cursor.last;
	return r->text[last[-1]] == ':' && expr_begins(reader_peek(r)) && reader_is_word(r, "match");
}

static enum stmt_kind async_kind(const struct reader *r)
{
	switch (reader_peek(r)) {
	case TOKEN_DEF: return STMT_FUNCTION;
	case TOKEN_FOR: return STMT_FOR;
	case TOKEN_WITH: return STMT_WITH;
	default: return STMT_NONE; /* a name, before 3.7 */
	}
}

/* The kind of the compound statement at the cursor, STMT_NONE for a simple one. */
static enum stmt_kind compound_kind(struct statements *s)
{
	struct reader *r = s->reader;
	switch (reader_kind(r)) {
	case TOKEN_IF: return STMT_IF;
	case TOKEN_ELIF: return STMT_ELIF;
	case TOKEN_ELSE: return STMT_ELSE;
	case TOKEN_FOR: return STMT_FOR;
	case TOKEN_WHILE: return STMT_WHILE;
	case TOKEN_WITH: return STMT_WITH;
	case TOKEN_TRY: return STMT_TRY;
	case TOKEN_EXCEPT: return STMT_EXCEPT;
	case TOKEN_FINALLY: return STMT_FINALLY;
	case TOKEN_DEF: return STMT_FUNCTION;
	case TOKEN_CLASS: return STMT_CLASS;
	case TOKEN_ASYNC: return async_kind(r);
	case TOKEN_NAME:
		if (top(s)->parent && stmt_at(s, top(s)->parent)->kind == STMT_MATCH && reader_is_word(r, "case"))
			return STMT_CASE;
		return match_begins(r) ? STMT_MATCH : STMT_NONE;
	default: return STMT_NONE;
	}
}

/* ---- lines ---- */

/* `@expr`: kept for the def that follows. */
static void read_decorator(struct statements *s)
{
	struct reader *r = s->reader;
	struct marks marks = marks_of(&r->facts);
	uint32_t start = r->cursor.now.start, line = r->cursor.line;
	reader_advance(r);
	uint32_t expr = expr_read_element(r);
	if (reader_kind(r) != TOKEN_END)
		reader_fail(r);
	if (r->is_broken) {
		forget(&r->facts, marks);
		uint32_t i = begin(s, STMT_BROKEN);
		struct stmt *stmt = stmt_at(s, i);
		stmt->start = start;
		stmt->end = r->cursor.now.start;
		stmt->line = line;
		return;
	}
	reader_chain(r, &s->decorators, expr);
}

/* Decorators must be followed by a def. */
static void check_decorators(struct statements *s, enum stmt_kind kind)
{
	if (!s->decorators.n || kind == STMT_FUNCTION || kind == STMT_CLASS)
		return;
	reader_fault(s->reader, FAULT_SYNTAX, s->reader->cursor.now.start);
	s->decorators = (struct chain){0};
}

static void read_logical_line(struct statements *s)
{
	struct reader *r = s->reader;
	if (reader_kind(r) == TOKEN_AT) {
		read_decorator(s);
		return;
	}
	enum stmt_kind kind = compound_kind(s);
	check_decorators(s, kind);
	if (kind == STMT_NONE)
		read_simple(s);
	else
		read_compound(s, kind);
}

void stmt_read(struct statements *s, uint32_t i)
{
	struct reader *r = s->reader;
	const struct lexer *lexer = &r->lexer;
	const struct logical_line *line = &lexer->lines.at[i];
	size_t last = i + 1 < lexer->lines.n ? line[1].first : lexer->tokens.n;
	r->is_broken = false;
	r->has_yield = false;
	r->mode = (struct mode){0};
	reader_go(r, (struct token_place){lexer->tokens.at + line->first, lexer->ends.at + line->string},
	          lexer->tokens.at + last - 1);
	r->cursor.line = line->line;
	if (line->level <= s->skip) {
		s->skip = UINT32_MAX;
		enter(s, line->level);
		s->level = line->level;
		read_logical_line(s);
		if (r->is_broken)
			s->skip = line->level;
	}
	end_line(s);
}

void stmt_start(struct statements *s, struct reader *reader)
{
	*s = (struct statements){.reader = reader, .n_blocks = 1, .skip = UINT32_MAX};
}

void stmt_end(struct statements *s)
{
	if (s->waiting) {
		end_def(s, s->waiting);
		reader_fault(s->reader, FAULT_INDENT, s->reader->lexer.n);
	}
	check_decorators(s, STMT_NONE);
	close_blocks(s, 0);
	s->reader->facts.defs.at[0].end_line = s->end_line;
}
