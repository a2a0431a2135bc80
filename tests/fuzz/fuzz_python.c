/* Any bytes as Python: read, surveyed, dumped.  Input that begins with P is taken for a survey instead. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "python/dump.h"
#include "python/lex.h"
#include "python/outline.h"
#include "python/survey.h"

#define CHECK(claim) ((claim) ? (void)0 : (fprintf(stderr, "not true: %s\n", #claim), abort()))

enum { TALLEST = 1000 /* what readers of facts may rely on */ };

static unsigned check_chain(const struct facts *facts, uint32_t first, unsigned room, size_t *seen)
{
	unsigned tallest = 0;
	CHECK(room > 0);
	for (uint32_t i = first; i; i = facts->exprs.at[i].next) {
		CHECK(i < facts->exprs.n);
		CHECK(facts->exprs.at[i].kind <= EXPR_AS);
		CHECK(++*seen < facts->exprs.n); /* each stands in one place only */
		unsigned height = 1 + check_chain(facts, facts->exprs.at[i].first, room - 1, seen);
		tallest = height > tallest ? height : tallest;
	}
	return tallest;
}

static void check_def(const struct facts *facts, uint32_t i, unsigned room, size_t *seen)
{
	const struct def *def = &facts->defs.at[i];
	CHECK(def->parent < i || i == 0);
	CHECK(def->body < facts->stmts.n);
	CHECK((size_t)def->params + def->n_params <= facts->params.n);
	check_chain(facts, def->decorators, room, seen);
	check_chain(facts, def->bases, room, seen);
	for (uint32_t k = 0; k < def->n_params; k++) {
		check_chain(facts, facts->params.at[def->params + k].initial, room, seen);
		check_chain(facts, facts->params.at[def->params + k].annotation, room, seen);
	}
}

static void check_stmt(const struct facts *facts, uint32_t i, unsigned room, size_t *seen)
{
	const struct stmt *stmt = &facts->stmts.at[i];
	CHECK(stmt->kind != STMT_NONE && stmt->kind <= STMT_BROKEN);
	CHECK(stmt->parent < i);
	CHECK(stmt->owner < facts->defs.n);
	CHECK(stmt->next == 0 || (stmt->next > i && stmt->next < facts->stmts.n));
	CHECK(stmt->next == 0 || facts->stmts.at[stmt->next].parent == stmt->parent);
	CHECK(stmt->body == 0 || facts->stmts.at[stmt->body].parent == i);
	if (stmt->kind == STMT_FUNCTION || stmt->kind == STMT_CLASS) {
		CHECK(stmt->index > 0 && stmt->index < facts->defs.n);
		CHECK(facts->defs.at[stmt->index].stmt == i);
	}
	CHECK((size_t)stmt->index + stmt->count <= facts->imports.n || stmt->count == 0);
	check_chain(facts, stmt->expr, room, seen);
}

static void check_facts(const struct facts *facts, unsigned room)
{
	size_t seen = 0;
	for (uint32_t i = 0; i < facts->defs.n; i++)
		check_def(facts, i, room, &seen);
	for (uint32_t i = 1; i < facts->stmts.n; i++)
		check_stmt(facts, i, room, &seen);
}

/* What reading the text gives, beyond what all facts must be. */
static void check_places(const struct facts *facts, size_t n)
{
	for (size_t i = 1; i < facts->exprs.n; i++) {
		CHECK(facts->exprs.at[i].at <= n);
		CHECK(facts->exprs.at[i].line <= facts->lines + 1);
	}
	for (size_t i = 1; i < facts->stmts.n; i++) {
		CHECK(facts->stmts.at[i].start <= facts->stmts.at[i].end);
		CHECK(facts->stmts.at[i].end <= n);
		CHECK(i == 1 || facts->stmts.at[i].start > facts->stmts.at[i - 1].start);
	}
	for (size_t i = 0; i < facts->defs.n; i++)
		CHECK(facts->defs.at[i].end_line <= facts->lines + 1);
}

static bool same_import(const struct intern *names, const struct facts *facts, const struct import *import,
                        const struct surveyed_import *other)
{
	return facts->stmts.at[import->stmt].line == other->line && import->level == other->level &&
	       str_eq(intern_str(names, import->module), other->module) &&
	       str_eq(intern_str(names, import->name), other->name) &&
	       str_eq(intern_str(names, import->bound), other->bound);
}

/* Every import of the facts, in their order; more only where something was not understood. */
static void check_survey(struct str bytes, const struct intern *names, const struct facts *facts)
{
	struct survey_cursor at;
	struct surveyed_import import;
	size_t n = 0;
	CHECK(survey_is_sound(bytes));
	CHECK(survey_begin(&at, bytes).lines == facts->lines);
	while (survey_next(&at, &import)) {
		bool is_next = n < facts->imports.n && same_import(names, facts, &facts->imports.at[n], &import);
		CHECK(is_next || facts->faults.n);
		n += is_next;
	}
	CHECK(n == facts->imports.n);
}

/* Each token within its line, each string with its end. */
static void check_line(const struct lexer *lexer, size_t i)
{
	const struct logical_line *line = &lexer->lines.at[i];
	size_t last = i + 1 < lexer->lines.n ? line[1].first : lexer->tokens.n;
	const uint32_t *ends = lexer->ends.at + (i + 1 < lexer->lines.n ? line[1].string : lexer->ends.n);
	struct token_place place = {lexer->tokens.at + line->first, lexer->ends.at + line->string};
	uint32_t before = 0;
	CHECK(last - line->first > 1);
	CHECK(line->level < LEX_INDENTS);
	while (place.start < lexer->tokens.at + last) {
		CHECK(place.end <= ends);
		struct token token;
		token_next(lexer->text, &place, &token);
		CHECK(token.start >= before && token.start <= token.end && token.end <= lexer->n);
		CHECK((token.kind == TOKEN_END) == (place.start == lexer->tokens.at + last));
		before = token.end;
	}
	CHECK(place.end == ends);
}

static bool same_bytes(const void *one, const void *other, size_t n)
{
	return n == 0 || memcmp(one, other, n) == 0;
}

#define SAME(one, other, field)                                                                                        \
	CHECK((one)->field.n == (other)->field.n &&                                                                    \
	      same_bytes((one)->field.at, (other)->field.at, (one)->field.n * sizeof *(one)->field.at))

/* The two ways to read blocks must agree. */
static void check_lexer(struct str text)
{
	struct arena arena;
	arena_init(&arena, NULL);
	struct lexer *one = arena_new(&arena, struct lexer), *other = arena_new(&arena, struct lexer);
	lex_start(one, &arena, text);
	lex_start_portable(other, &arena, text);
	for (;;) {
		bool more = lex_more(one);
		CHECK(more == lex_more(other));
		if (!more)
			break;
		SAME(one, other, tokens);
		SAME(one, other, ends);
		SAME(one, other, lines);
		SAME(one, other, breaks);
		CHECK(one->depth == other->depth && one->line == other->line && one->at == other->at);
		for (size_t i = 0; i < one->lines.n; i++)
			check_line(one, i);
	}
	CHECK(one->line == other->line && one->faults.n == other->faults.n && one->remarks.n == other->remarks.n);
	arena_free(&arena);
}

static void read_text(struct arena *arena, const uint8_t *data, size_t n)
{
	/* Each in memory of its own, so that a look beyond its end is seen. */
	struct arena padded;
	struct intern names;
	struct facts facts;
	arena_init(&padded, NULL);
	char *text = malloc(n + FILE_PADDING);
	memcpy(text, data, n);
	memset(text + n, 0, FILE_PADDING);
	intern_init(&names, arena);
	check_lexer((struct str){text, n});
	outline_read(arena, &padded, &names, (struct str){text, n}, &facts);
	struct buf survey;
	buf_init(&survey, arena);
	survey_read(&survey, &padded, (struct str){text, n});
	arena_free(&padded);
	free(text);
	check_facts(&facts, TALLEST);
	check_places(&facts, n);
	check_survey(buf_str(&survey), &names, &facts);
	struct buf dump;
	buf_init(&dump, arena);
	facts_dump(&dump, &names, &facts);
}

static void read_survey(const uint8_t *data, size_t n)
{
	struct survey_cursor at;
	struct surveyed_import import;
	char *bytes = malloc(n + 1);
	memcpy(bytes, data, n);
	survey_begin(&at, (struct str){bytes, n});
	while (survey_next(&at, &import))
		CHECK(import.module.n <= n && import.name.n <= n && import.bound.n <= n);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena;
	arena_init(&arena, NULL);
	if (n && data[0] == 'P')
		read_survey(data + 1, n - 1);
	else
		read_text(&arena, data, n);
	arena_free(&arena);
	return 0;
}
