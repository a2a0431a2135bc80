/* python_tokens: for tools/tokens-differ.  Reads paths from stdin, one a line; writes for each, as 32-bit numbers of
 * this machine, how many tokens and faults its file has, then kind, start and end of each token.  A file that
 * cannot be read has UINT32_MAX tokens. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "python/lex.h"

enum { NAME = 1, NUMBER, STRING, OPERATOR, NEWLINE, INDENT, DEDENT };

struct record {
	uint32_t kind, start, end;
};

typedef VEC(struct record) records;

static uint32_t kind_of(enum token_kind kind)
{
	if (kind == TOKEN_NAME || (kind >= TOKEN_FALSE && kind <= TOKEN_YIELD))
		return NAME;
	switch (kind) {
	case TOKEN_END: return NEWLINE;
	case TOKEN_NUMBER: return NUMBER;
	case TOKEN_STRING: return STRING;
	default: return OPERATOR;
	}
}

/* INDENT or DEDENTs that lead from one level to another. */
static void add_levels(struct arena *arena, records *all, uint32_t from, uint32_t to)
{
	for (; from < to; from++)
		vec_push(arena, all, (struct record){INDENT, 0, 0});
	for (; from > to; from--)
		vec_push(arena, all, (struct record){DEDENT, 0, 0});
}

static void add_line(struct arena *arena, records *all, const struct lexer *lexer, const struct logical_line *line)
{
	struct token token;
	struct token_place place = {lexer->tokens.at + line->first, lexer->ends.at + line->string};
	do {
		token_next(lexer->text, &place, &token);
		vec_push(arena, all, (struct record){kind_of(token.kind), token.start, token.end});
	} while (token.kind != TOKEN_END);
}

static void write_tokens(struct arena *arena, struct str text)
{
	records all = {0};
	uint32_t level = 0;
	struct lexer *lexer = arena_new(arena, struct lexer);
	lex_start(lexer, arena, text);
	while (lex_more(lexer)) {
		for (size_t i = 0; i < lexer->lines.n; i++) {
			add_levels(arena, &all, level, lexer->lines.at[i].level);
			level = lexer->lines.at[i].level;
			add_line(arena, &all, lexer, &lexer->lines.at[i]);
		}
	}
	add_levels(arena, &all, level, 0);
	uint32_t head[2] = {(uint32_t)all.n, (uint32_t)lexer->faults.n};
	fwrite(head, sizeof head, 1, stdout);
	if (all.n)
		fwrite(all.at, sizeof *all.at, all.n, stdout);
}

int main(void)
{
	char path[8192];
	while (fgets(path, sizeof path, stdin)) {
		struct arena arena;
		struct err err = {0};
		struct str text;
		path[strcspn(path, "\n")] = '\0';
		arena_init(&arena, NULL);
		if (file_read(&arena, path, &text, &err))
			write_tokens(&arena, text);
		else
			fwrite((uint32_t[]){UINT32_MAX, 0}, 2 * sizeof(uint32_t), 1, stdout);
		arena_free(&arena);
		fflush(stdout);
	}
	return 0;
}
