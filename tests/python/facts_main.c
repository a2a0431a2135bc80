/* python_facts: for tools/ast-differ.  Reads paths from stdin, one a line; writes for each the length of its dump
 * of facts in decimal, a line end and the dump.  The argument tells which places are set to 0, as the version of
 * Python that is the oracle does not know them: 0 all, 1 those of keywords and in f-strings, 2 those in f-strings,
 * 3 only those that no version knows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "python/dump.h"
#include "python/outline.h"

struct cleaner {
	struct facts *facts;
	int level;
};

static void clear(struct expr *expr)
{
	expr->at = expr->line = 0;
}

static void clear_all(struct facts *facts, uint32_t first)
{
	for (uint32_t i = first; i; i = facts->exprs.at[i].next) {
		clear(&facts->exprs.at[i]);
		clear_all(facts, facts->exprs.at[i].first);
	}
}

static struct expr *child(struct facts *facts, const struct expr *expr, int n)
{
	uint32_t i = expr->first;
	while (n--)
		i = facts->exprs.at[i].next;
	return &facts->exprs.at[i];
}

/* Places that the syntax tree does not have. */
static void clear_unknown(struct facts *facts, struct expr *expr)
{
	struct expr *target;
	switch (expr->kind) {
	case EXPR_OTHER:
	case EXPR_FOR_IN: clear(expr); break;
	case EXPR_COMPREHENSION:
		if (expr->op == EXPR_OTHER)
			clear(expr);
		break;
	case EXPR_AS:
		clear(expr);
		target = child(facts, expr, 1);
		if (target->kind == EXPR_NAME)
			clear(target);
		break;
	case EXPR_DICT:
		for (uint32_t i = expr->first; i; i = facts->exprs.at[i].next)
			if (facts->exprs.at[i].kind == EXPR_DOUBLE_STAR)
				clear(&facts->exprs.at[i]);
		break;
	case EXPR_FSTRING:
		for (uint32_t i = expr->first; i; i = facts->exprs.at[i].next)
			if (facts->exprs.at[i].kind == EXPR_STRING)
				clear(&facts->exprs.at[i]);
	}
}

static void clear_exprs(struct facts *facts, int level)
{
	for (uint32_t i = 1; i < facts->exprs.n; i++) {
		struct expr *expr = &facts->exprs.at[i];
		clear_unknown(facts, expr);
		if (level < 2 && (expr->kind == EXPR_KEYWORD || expr->kind == EXPR_DOUBLE_STAR))
			clear(expr);
		if (level < 3 && expr->kind == EXPR_FSTRING)
			clear_all(facts, expr->first);
		if (level < 1)
			clear(expr);
	}
}

static void clear_stmts(struct facts *facts, int level)
{
	for (uint32_t i = 1; i < facts->stmts.n; i++) {
		struct stmt *stmt = &facts->stmts.at[i];
		stmt->end = 0;
		if (stmt->kind == STMT_GLOBAL)
			clear_all(facts, stmt->expr);
		if (stmt->kind == STMT_CASE) {
			clear(&facts->exprs.at[stmt->expr]);
			clear_all(facts, facts->exprs.at[stmt->expr].first);
		}
		if (stmt->kind == STMT_ELSE || stmt->kind == STMT_FINALLY || stmt->kind == STMT_CASE || level < 1)
			stmt->line = stmt->start = 0;
	}
	for (uint32_t i = 0; i < facts->defs.n && level < 1; i++)
		facts->defs.at[i].end_line = 0;
}

static void write_facts(struct arena *arena, struct str text, int level)
{
	struct intern names;
	struct facts facts;
	struct buf dump;
	intern_init(&names, arena);
	outline_read(arena, arena, &names, text, &facts);
	clear_exprs(&facts, level);
	clear_stmts(&facts, level);
	buf_init(&dump, arena);
	facts_dump(&dump, &names, &facts);
	printf("%zu\n", dump.n);
	fwrite(dump.at, 1, dump.n, stdout);
}

int main(int argc, char **argv)
{
	char path[8192];
	int level = argc > 1 ? atoi(argv[1]) : 3;
	while (fgets(path, sizeof path, stdin)) {
		struct arena arena;
		struct err err = {0};
		struct str text;
		path[strcspn(path, "\n")] = '\0';
		arena_init(&arena, NULL);
		if (file_read(&arena, path, &text, &err))
			write_facts(&arena, text, level);
		else
			printf("0\n");
		arena_free(&arena);
		fflush(stdout);
	}
	return 0;
}
