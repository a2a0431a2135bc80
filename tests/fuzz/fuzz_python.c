/* Any bytes as Python: read, packed, unpacked, dumped.  Input that begins with P is taken for packed facts instead,
 * with the magic before it and the right checksum behind it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "python/dump.h"
#include "python/lex.h"
#include "python/outline.h"
#include "python/pack.h"

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

static void check_round_trip(struct arena *arena, const struct intern *names, const struct facts *facts)
{
	struct buf bytes, before, after;
	struct intern others;
	struct facts again;
	struct err err = {0};
	buf_init(&bytes, arena);
	buf_init(&before, arena);
	buf_init(&after, arena);
	intern_init(&others, arena);
	facts_pack(&bytes, names, facts);
	if (!facts_unpack(arena, &others, buf_str(&bytes), &again, &err)) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
	facts_dump(&before, names, facts);
	facts_dump(&after, &others, &again);
	CHECK(str_eq(buf_str(&before), buf_str(&after)));
	check_facts(&again, TALLEST);
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
	arena_free(&padded);
	free(text);
	check_facts(&facts, TALLEST);
	check_places(&facts, n);
	check_round_trip(arena, &names, &facts);
}

static void read_packed(struct arena *arena, const uint8_t *data, size_t n)
{
	struct buf bytes, dump;
	struct intern names;
	struct facts facts;
	struct err err = {0};
	buf_init(&bytes, arena);
	buf_init(&dump, arena);
	intern_init(&names, arena);
	buf_lit(&bytes, "LWF");
	buf_char(&bytes, FACTS_VERSION);
	buf_add(&bytes, (struct str){(const char *)data, n});
	uint64_t hash = hash64(buf_str(&bytes));
	for (int i = 0; i < 8; i++)
		buf_char(&bytes, (char)(hash >> 8 * i));
	if (!facts_unpack(arena, &names, buf_str(&bytes), &facts, &err))
		return;
	check_facts(&facts, 5000);
	facts_dump(&dump, &names, &facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena;
	arena_init(&arena, NULL);
	if (n && data[0] == 'P')
		read_packed(&arena, data + 1, n - 1);
	else
		read_text(&arena, data, n);
	arena_free(&arena);
	return 0;
}
