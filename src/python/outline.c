/* The door of this room: lexer and statement reader over one text, in batches.
 */
#include "python/outline.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "python/encoding.h"
#include "python/stmt.h"

static void add_remark(struct reader *r, struct line_break comment)
{
	size_t n = 0;
	const char *at = r->text + comment.at;
	while (at[n] && byte_class(at[n]) != BYTE_NEWLINE)
		n++;
	struct str text = {at, n};
	text = str_trim(str_slice(text, str_find(text, STR(":"), 0) + 1, n));
	vec_push(r->tmp, &r->facts.remarks, (struct remark){comment.line, intern(r->names, text)});
}

/* A last line without its line end counts. */
static uint32_t count_lines(const struct lexer *lexer)
{
	bool is_open = lexer->n && byte_class(lexer->text[lexer->n - 1]) != BYTE_NEWLINE;
	return lexer->line - 1 + is_open;
}

/* Arrays are built in `tmp` and copied when their size is known. */
static void *copy(struct arena *out, const void *from, size_t n, size_t size)
{
	if (n == 0)
		return NULL;
	void *to = arena_alloc(out, arena_size(out, n, size));
	return memcpy(to, from, n * size);
}

#define COPY(out, vec) ((vec).at = copy((out), (vec).at, (vec).n, sizeof *(vec).at), (vec).cap = (vec).n)

static void copy_facts(struct arena *out, struct facts *facts)
{
	COPY(out, facts->exprs);
	COPY(out, facts->stmts);
	COPY(out, facts->defs);
	COPY(out, facts->params);
	COPY(out, facts->imports);
	COPY(out, facts->faults);
	COPY(out, facts->remarks);
}

static int by_place(const void *a, const void *b)
{
	const struct fault *one = a, *other = b;
	if (one->at != other->at)
		return one->at < other->at ? -1 : 1;
	return one->kind - other->kind;
}

/* Those of the lexer, and of the text as a whole, to those of the reader; in the order of the text. */
static void gather_faults(struct reader *r, struct str text)
{
	const struct lexer *lexer = &r->lexer;
	size_t not_encoded = encoding_check((struct str){text.at, lexer->n});
	for (size_t i = 0; i < lexer->faults.n; i++)
		vec_push(r->tmp, &r->facts.faults, lexer->faults.at[i]);
	if (not_encoded != SIZE_MAX) {
		uint32_t line = 1 + lex_lines(lexer->text, 0, not_encoded);
		vec_push(r->tmp, &r->facts.faults, (struct fault){FAULT_ENCODING, (uint32_t)not_encoded, line});
	}
	if (lexer->n < text.n)
		vec_push(r->tmp, &r->facts.faults, (struct fault){FAULT_NUL, lexer->n, lexer->line});
	if (r->facts.faults.n)
		qsort(r->facts.faults.at, r->facts.faults.n, sizeof *r->facts.faults.at, by_place);
}

#define RESERVE(r, vec, count)                                                                                         \
	((vec).cap = (count), (vec).at = arena_raw((r)->tmp, arena_size((r)->tmp, (count), sizeof *(vec).at)))

/* What most files of this size need. */
static void reserve(struct reader *r, size_t n)
{
	RESERVE(r, r->facts.exprs, n / 10 + 64);
	RESERVE(r, r->facts.stmts, n / 48 + 32);
	RESERVE(r, r->facts.defs, n / 512 + 16);
	RESERVE(r, r->facts.params, n / 256 + 16);
}

void outline_read(struct arena *out, struct arena *tmp, struct intern *names, struct str text, struct facts *facts)
{
	struct reader *r = arena_new(tmp, struct reader);
	struct statements *s = arena_new(tmp, struct statements);
	r->tmp = tmp;
	r->names = names;
	r->text = text.at;
	reserve(r, text.n);
	vec_push(tmp, &r->facts.exprs, (struct expr){0});
	vec_push(tmp, &r->facts.stmts, (struct stmt){0});
	vec_push(tmp, &r->facts.defs, (struct def){.kind = DEF_MODULE});
	if (text.n > FILE_LARGEST) { /* offsets have 30 bits */
		text = STR_NONE;
		vec_push(tmp, &r->facts.faults, (struct fault){.kind = FAULT_SIZE, .line = 1});
	}
	lex_start(&r->lexer, tmp, text);
	stmt_start(s, r);
	while (lex_more(&r->lexer)) {
		r->cursor.breaks = r->lexer.breaks.at;
		for (uint32_t i = 0; i < r->lexer.lines.n; i++)
			stmt_read(s, i);
	}
	stmt_end(s);
	for (size_t i = 0; i < r->lexer.remarks.n; i++)
		add_remark(r, r->lexer.remarks.at[i]);
	gather_faults(r, text);
	r->facts.lines = count_lines(&r->lexer);
	copy_facts(out, &r->facts);
	*facts = r->facts;
}
