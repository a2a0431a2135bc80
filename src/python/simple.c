/* Assignments, imports and the statements with a keyword of their own. */
#include "python/simple.h"

#include "base/buf.h"
#include "python/expr.h"

static struct stmt *stmt_at(struct reader *r, uint32_t i)
{
	return &r->facts.stmts.at[i];
}

/* ---- imports ---- */

/* The dotted name at the cursor, without the blanks that may stand around its dots; *first is its first part. */
static name read_dotted(struct reader *r, name *first)
{
	uint32_t start = r->cursor.now.start;
	*first = reader_expect_name(r);
	if (reader_kind(r) != TOKEN_DOT)
		return *first;
	while (reader_take(r, TOKEN_DOT))
		reader_expect_name(r);
	struct buf buf;
	buf_init(&buf, r->tmp);
	for (uint32_t at = start; at < r->cursor.before; at++)
		if (byte_is_word(r->text[at]) || r->text[at] == '.')
			buf_char(&buf, r->text[at]);
	return intern(r->names, buf_str(&buf));
}

static void add_import(struct reader *r, uint32_t i, struct import import)
{
	struct stmt *stmt = stmt_at(r, i);
	import.stmt = i;
	if (stmt->count++ == 0)
		stmt->index = (uint32_t)r->facts.imports.n;
	vec_push(r->tmp, &r->facts.imports, import);
}

/* `as NAME`, if it stands there. */
static void read_alias(struct reader *r, struct import *import)
{
	if (!reader_take(r, TOKEN_AS))
		return;
	import->has_alias = true;
	import->bound = reader_expect_name(r);
}

static void read_import(struct reader *r, uint32_t i)
{
	stmt_at(r, i)->kind = STMT_IMPORT;
	do {
		struct import import = {0};
		import.module = read_dotted(r, &import.bound);
		read_alias(r, &import);
		add_import(r, i, import);
	} while (reader_take(r, TOKEN_COMMA));
}

static uint8_t read_level(struct reader *r)
{
	unsigned level = 0;
	for (;; reader_advance(r)) {
		if (reader_kind(r) == TOKEN_DOT)
			level++;
		else if (reader_kind(r) == TOKEN_ELLIPSIS)
			level += 3;
		else
			return level > UINT8_MAX ? UINT8_MAX : (uint8_t)level;
	}
}

static void read_from(struct reader *r, uint32_t i)
{
	struct import from = {.level = read_level(r)};
	name first;
	stmt_at(r, i)->kind = STMT_FROM;
	if (reader_kind(r) != TOKEN_IMPORT || !from.level)
		from.module = read_dotted(r, &first);
	reader_expect(r, TOKEN_IMPORT);
	if (reader_kind(r) == TOKEN_TIMES) {
		from.name = intern(r->names, STR("*"));
		reader_advance(r);
		add_import(r, i, from);
		return;
	}
	bool in_parens = reader_take(r, TOKEN_OPEN_PAREN);
	do {
		struct import import = from;
		if (in_parens && reader_kind(r) == TOKEN_CLOSE_PAREN)
			break;
		import.name = import.bound = reader_expect_name(r);
		read_alias(r, &import);
		add_import(r, i, import);
	} while (reader_take(r, TOKEN_COMMA));
	if (in_parens)
		reader_expect(r, TOKEN_CLOSE_PAREN);
}

/* ---- statements with a keyword ---- */

static bool at_end(const struct reader *r)
{
	return reader_kind(r) == TOKEN_END || reader_kind(r) == TOKEN_SEMICOLON;
}

static void read_return(struct reader *r, uint32_t i)
{
	if (!at_end(r)) {
		uint32_t value = expr_read_list(r);
		stmt_at(r, i)->expr = value;
	}
}

/* `raise a from b`, `assert a, b`. */
static void read_two(struct reader *r, uint32_t i, enum token_kind between)
{
	struct chain parts = {0};
	if (at_end(r))
		return;
	reader_chain(r, &parts, expr_read(r));
	if (reader_take(r, between))
		reader_chain(r, &parts, expr_read(r));
	stmt_at(r, i)->expr = parts.first;
}

static void read_row(struct reader *r, uint32_t i)
{
	struct chain parts = {0};
	do {
		if (at_end(r) && parts.n)
			break;
		reader_chain(r, &parts, expr_read_element(r));
	} while (reader_take(r, TOKEN_COMMA));
	stmt_at(r, i)->expr = parts.first;
}

/* `type NAME[...] = value`, behind `type`. */
static void read_type(struct reader *r, uint32_t i)
{
	struct chain parts = {0};
	uint32_t label = reader_leaf(r, EXPR_NAME);
	r->facts.exprs.at[label].text = reader_name(r);
	reader_chain(r, &parts, label);
	reader_expect(r, TOKEN_NAME);
	reader_skip_square(r);
	reader_expect(r, TOKEN_EQUAL);
	reader_chain(r, &parts, expr_read_element(r));
	stmt_at(r, i)->expr = parts.first;
}

/* ---- expressions and assignments ---- */

static enum op augmented(enum token_kind kind)
{
	switch (kind) {
	case TOKEN_PLUS_EQUAL: return OP_ADD;
	case TOKEN_MINUS_EQUAL: return OP_SUBTRACT;
	case TOKEN_TIMES_EQUAL: return OP_MULTIPLY;
	case TOKEN_AT_EQUAL: return OP_MATMUL;
	case TOKEN_SLASH_EQUAL: return OP_DIVIDE;
	case TOKEN_FLOOR_EQUAL: return OP_FLOOR_DIVIDE;
	case TOKEN_PERCENT_EQUAL: return OP_MODULO;
	case TOKEN_POWER_EQUAL: return OP_POWER;
	case TOKEN_LSHIFT_EQUAL: return OP_LSHIFT;
	case TOKEN_RSHIFT_EQUAL: return OP_RSHIFT;
	case TOKEN_AND_EQUAL: return OP_BIT_AND;
	case TOKEN_OR_EQUAL: return OP_BIT_OR;
	case TOKEN_XOR_EQUAL: return OP_BIT_XOR;
	default: return OP_NONE;
	}
}

static void read_expression(struct reader *r, uint32_t i)
{
	struct chain parts = {0};
	enum stmt_kind kind = STMT_EXPR;
	reader_chain(r, &parts, expr_read_list(r));
	enum op op = augmented(reader_kind(r));
	if (op) {
		kind = STMT_AUGMENT;
		reader_advance(r);
		reader_chain(r, &parts, expr_read_list(r));
	} else if (reader_take(r, TOKEN_COLON)) {
		kind = STMT_ANNOTATE;
		reader_chain(r, &parts, expr_read_element(r));
		if (reader_take(r, TOKEN_EQUAL))
			reader_chain(r, &parts, expr_read_list(r));
	}
	while (kind != STMT_AUGMENT && kind != STMT_ANNOTATE && reader_take(r, TOKEN_EQUAL)) {
		kind = STMT_ASSIGN;
		reader_chain(r, &parts, expr_read_list(r));
	}
	struct stmt *stmt = stmt_at(r, i);
	stmt->kind = (uint8_t)kind;
	stmt->op = (uint8_t)op;
	stmt->expr = parts.first;
}

static enum stmt_kind keyword_kind(enum token_kind kind)
{
	switch (kind) {
	case TOKEN_PASS: return STMT_PASS;
	case TOKEN_BREAK: return STMT_BREAK;
	case TOKEN_CONTINUE: return STMT_CONTINUE;
	case TOKEN_RETURN: return STMT_RETURN;
	case TOKEN_RAISE: return STMT_RAISE;
	case TOKEN_ASSERT: return STMT_ASSERT;
	case TOKEN_DEL: return STMT_DELETE;
	case TOKEN_GLOBAL:
	case TOKEN_NONLOCAL: return STMT_GLOBAL;
	case TOKEN_IMPORT: return STMT_IMPORT;
	case TOKEN_FROM: return STMT_FROM;
	default: return STMT_EXPR;
	}
}

void simple_read(struct reader *r, uint32_t i)
{
	enum stmt_kind kind = keyword_kind(reader_kind(r));
	if (kind == STMT_EXPR && reader_peek(r) == TOKEN_NAME && reader_is_word(r, "type"))
		kind = STMT_TYPE;
	stmt_at(r, i)->kind = (uint8_t)kind;
	if (kind != STMT_EXPR)
		reader_advance(r);
	switch (kind) {
	case STMT_RETURN: read_return(r, i); break;
	case STMT_RAISE: read_two(r, i, TOKEN_FROM); break;
	case STMT_ASSERT: read_two(r, i, TOKEN_COMMA); break;
	case STMT_DELETE:
	case STMT_GLOBAL: read_row(r, i); break;
	case STMT_IMPORT: read_import(r, i); break;
	case STMT_FROM: read_from(r, i); break;
	case STMT_TYPE: read_type(r, i); break;
	case STMT_EXPR: read_expression(r, i); break;
	default: break; /* pass, break, continue */
	}
}

/* Is the string at the cursor neither bytes nor formatted? */
static bool is_plain(const struct reader *r)
{
	const char *at = r->text + r->cursor.now.start;
	size_t n = 0;
	while (byte_class(at[n]) != BYTE_QUOTE)
		n++;
	return !(token_prefix(at, n) & (PREFIX_BYTES | PREFIX_FORMAT));
}

bool simple_read_docstring(struct reader *r, uint32_t i)
{
	struct cursor start = r->cursor;
	bool is_docstring = reader_kind(r) == TOKEN_STRING;
	for (; reader_kind(r) == TOKEN_STRING; reader_advance(r))
		is_docstring &= is_plain(r);
	if (is_docstring && at_end(r)) {
		stmt_at(r, i)->flags |= STMT_DOCSTRING;
		return true;
	}
	r->cursor = start;
	return false;
}
