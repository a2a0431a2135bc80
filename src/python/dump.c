/* One line a statement, indented by nesting; expressions as trees in parentheses. */
#include "python/dump.h"

static const char *const expr_names[] = {
        [EXPR_OTHER] = "other",     [EXPR_NONE] = "None",
        [EXPR_TRUE] = "True",       [EXPR_FALSE] = "False",
        [EXPR_ELLIPSIS] = "...",    [EXPR_NUMBER] = "number",
        [EXPR_STRING] = "string",   [EXPR_FSTRING] = "fstring",
        [EXPR_NAME] = "name",       [EXPR_ATTRIBUTE] = "attribute",
        [EXPR_CALL] = "call",       [EXPR_INDEX] = "index",
        [EXPR_TUPLE] = "tuple",     [EXPR_LIST] = "list",
        [EXPR_SET] = "set",         [EXPR_DICT] = "dict",
        [EXPR_STAR] = "star",       [EXPR_DOUBLE_STAR] = "double-star",
        [EXPR_KEYWORD] = "keyword", [EXPR_NOT] = "not",
        [EXPR_AND] = "and",         [EXPR_OR] = "or",
        [EXPR_COMPARE] = "compare", [EXPR_BINARY] = "binary",
        [EXPR_UNARY] = "unary",     [EXPR_IF] = "if",
        [EXPR_LAMBDA] = "lambda",   [EXPR_AWAIT] = "await",
        [EXPR_YIELD] = "yield",     [EXPR_COMPREHENSION] = "comprehension",
        [EXPR_FOR_IN] = "for-in",   [EXPR_ASSIGN] = "assign",
        [EXPR_AS] = "as",
};

static const char *const stmt_names[] = {
        [STMT_NONE] = "none",
        [STMT_EXPR] = "expr",
        [STMT_ASSIGN] = "assign",
        [STMT_AUGMENT] = "augment",
        [STMT_ANNOTATE] = "annotate",
        [STMT_RETURN] = "return",
        [STMT_RAISE] = "raise",
        [STMT_ASSERT] = "assert",
        [STMT_DELETE] = "delete",
        [STMT_GLOBAL] = "global",
        [STMT_IMPORT] = "import",
        [STMT_FROM] = "from",
        [STMT_PASS] = "pass",
        [STMT_BREAK] = "break",
        [STMT_CONTINUE] = "continue",
        [STMT_TYPE] = "type",
        [STMT_IF] = "if",
        [STMT_ELIF] = "elif",
        [STMT_ELSE] = "else",
        [STMT_FOR] = "for",
        [STMT_WHILE] = "while",
        [STMT_WITH] = "with",
        [STMT_TRY] = "try",
        [STMT_EXCEPT] = "except",
        [STMT_FINALLY] = "finally",
        [STMT_MATCH] = "match",
        [STMT_CASE] = "case",
        [STMT_FUNCTION] = "function",
        [STMT_CLASS] = "class",
        [STMT_BROKEN] = "broken",
};

static const char *const op_names[] = {
        [OP_NONE] = "",
        [OP_EQ] = "==",
        [OP_NE] = "!=",
        [OP_LT] = "<",
        [OP_GT] = ">",
        [OP_LE] = "<=",
        [OP_GE] = ">=",
        [OP_IN] = "in",
        [OP_NOT_IN] = "not-in",
        [OP_IS] = "is",
        [OP_IS_NOT] = "is-not",
        [OP_ADD] = "+",
        [OP_SUBTRACT] = "-",
        [OP_MULTIPLY] = "*",
        [OP_MATMUL] = "@",
        [OP_DIVIDE] = "/",
        [OP_FLOOR_DIVIDE] = "//",
        [OP_MODULO] = "%",
        [OP_POWER] = "**",
        [OP_LSHIFT] = "<<",
        [OP_RSHIFT] = ">>",
        [OP_BIT_AND] = "&",
        [OP_BIT_OR] = "|",
        [OP_BIT_XOR] = "^",
        [OP_INVERT] = "~",
};

static const char *const fault_names[] = {
        [FAULT_SYNTAX] = "syntax", [FAULT_INDENT] = "indent",     [FAULT_UNTERMINATED] = "unterminated",
        [FAULT_NUL] = "nul",       [FAULT_ENCODING] = "encoding", [FAULT_DEPTH] = "depth",
        [FAULT_SIZE] = "size",
};

static const char *const param_marks[] = {
        [PARAM_POSITIONAL_ONLY] = "positional-only", [PARAM_NORMAL] = "normal",     [PARAM_REST] = "rest",
        [PARAM_KEYWORD_ONLY] = "keyword-only",       [PARAM_KEYWORDS] = "keywords",
};

struct dumper {
	struct buf *to;
	const struct intern *names;
	const struct facts *facts;
	uint32_t line; /* of the expression before */
};

static void put_quoted(struct dumper *d, name text)
{
	struct str s = intern_str(d->names, text);
	buf_char(d->to, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c == '"' || c == '\\')
			buf_fmt(d->to, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			buf_fmt(d->to, "\\x%02x", c);
		else
			buf_char(d->to, (char)c);
	}
	buf_char(d->to, '"');
}

static void put_name(struct dumper *d, name text)
{
	buf_char(d->to, ' ');
	buf_add(d->to, intern_str(d->names, text));
}

static void put_op(struct dumper *d, const struct expr *expr)
{
	switch (expr->kind) {
	case EXPR_COMPREHENSION: buf_fmt(d->to, " %s", expr_names[expr->op]); break;
	case EXPR_STRING:
		if (expr->op & STRING_BYTES)
			buf_lit(d->to, " bytes");
		if (expr->op & STRING_CUT)
			buf_lit(d->to, " cut");
		break;
	case EXPR_TUPLE:
	case EXPR_LIST:
	case EXPR_SET:
	case EXPR_DICT: buf_lit(d->to, " cut"); break;
	case EXPR_YIELD: buf_lit(d->to, " from"); break;
	default: buf_fmt(d->to, " %s", op_names[expr->op]);
	}
}

static void put_chain(struct dumper *d, uint32_t first);

static void put_expr(struct dumper *d, const struct expr *expr)
{
	buf_fmt(d->to, "(%s@%u", expr_names[expr->kind], expr->at);
	if (expr->line != d->line)
		buf_fmt(d->to, ":%u", expr->line);
	d->line = expr->line;
	if (expr->op || expr->kind == EXPR_COMPREHENSION)
		put_op(d, expr);
	if (expr->kind == EXPR_STRING) {
		buf_char(d->to, ' ');
		put_quoted(d, expr->text);
	} else if (expr->text) {
		put_name(d, expr->text);
	}
	put_chain(d, expr->first); /* trees have a height limit */
	buf_char(d->to, ')');
}

static void put_chain(struct dumper *d, uint32_t first)
{
	for (uint32_t i = first; i; i = d->facts->exprs.at[i].next) {
		buf_char(d->to, ' ');
		put_expr(d, &d->facts->exprs.at[i]);
	}
}

static void put_list(struct dumper *d, const char *label, uint32_t first)
{
	if (!first)
		return;
	buf_fmt(d->to, " %s:", label);
	put_chain(d, first);
}

static void put_param(struct dumper *d, const struct param *param)
{
	buf_fmt(d->to, " [%s", param_marks[param->kind]);
	put_name(d, param->name);
	put_list(d, "annotation", param->annotation);
	put_list(d, "default", param->initial);
	buf_char(d->to, ']');
}

static void put_def(struct dumper *d, const struct def *def)
{
	put_name(d, def->name);
	buf_fmt(d->to, " to:%u%s%s", def->end_line, def->is_async ? " async" : "",
	        def->is_generator ? " generator" : "");
	put_list(d, "decorators", def->decorators);
	for (uint32_t i = 0; i < def->n_params; i++)
		put_param(d, &d->facts->params.at[def->params + i]);
	put_list(d, "bases", def->bases);
}

static void put_import(struct dumper *d, const struct import *import)
{
	buf_fmt(d->to, " [%u", import->level);
	buf_char(d->to, ' ');
	put_quoted(d, import->module);
	if (import->name)
		put_name(d, import->name);
	if (import->bound) {
		buf_fmt(d->to, " %s", import->has_alias ? "as" : "binds");
		put_name(d, import->bound);
	}
	buf_char(d->to, ']');
}

static unsigned depth_of(const struct facts *facts, uint32_t stmt)
{
	unsigned depth = 0;
	while ((stmt = facts->stmts.at[stmt].parent))
		depth++;
	return depth;
}

static void put_stmt(struct dumper *d, const struct stmt *stmt)
{
	d->line = stmt->line;
	buf_fmt(d->to, "%u:%u-%u ", stmt->line, stmt->start, stmt->end);
	if (stmt->flags & STMT_ASYNC)
		buf_lit(d->to, "async ");
	buf_fmt(d->to, "%s", stmt_names[stmt->kind]);
	if (stmt->flags & STMT_DOCSTRING)
		buf_lit(d->to, " docstring");
	if (stmt->kind == STMT_EXCEPT && stmt->op)
		buf_lit(d->to, " star");
	else if (stmt->op)
		buf_fmt(d->to, " %s", op_names[stmt->op]);
	if (stmt->kind == STMT_FUNCTION || stmt->kind == STMT_CLASS)
		put_def(d, &d->facts->defs.at[stmt->index]);
	for (uint32_t i = 0; i < stmt->count; i++)
		put_import(d, &d->facts->imports.at[stmt->index + i]);
	put_chain(d, stmt->expr);
	buf_char(d->to, '\n');
}

void facts_dump(struct buf *to, const struct intern *names, const struct facts *facts)
{
	struct dumper d = {.to = to, .names = names, .facts = facts};
	buf_fmt(to, "lines %u\n", facts->lines);
	for (uint32_t i = 1; i < facts->stmts.n; i++) {
		buf_spaces(to, 2 * depth_of(facts, i));
		put_stmt(&d, &facts->stmts.at[i]);
	}
	for (size_t i = 0; i < facts->faults.n; i++) {
		const struct fault *fault = &facts->faults.at[i];
		buf_fmt(to, "fault %u@%u %s\n", fault->line, fault->at, fault_names[fault->kind]);
	}
	for (size_t i = 0; i < facts->remarks.n; i++) {
		buf_fmt(to, "remark %u ", facts->remarks.at[i].line);
		put_quoted(&d, facts->remarks.at[i].text);
		buf_char(to, '\n');
	}
}
