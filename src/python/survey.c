/* A quick look finds the words; the lexer then runs as far as the last `import`, since only it can tell code from
 * strings, and the statement reader sees the logical lines that hold one. */
#include "python/survey.h"

#include <string.h>

#include "base/file.h"
#include "python/simple.h"

struct surveyor {
	struct reader reader;
	struct survey survey;
	VEC(uint32_t) places; /* where `import` stands, in code or not */
};

/* True where the word stands around the two letters that were looked for. */
static bool is_import(const char *text, size_t at)
{
	return at > 0 && memcmp(text + at - 1, "import", 6) == 0;
}

static bool is_skip(const char *text, size_t at)
{
	return at > 0 && (text[at - 1] | 0x20) == 's' && text[at + 2] == 'p';
}

static void find_words(struct surveyor *s, const char *text, size_t n)
{
	for (size_t at = look_for_words(text, 0); at < n; at = look_for_words(text, at + 1)) {
		if (is_import(text, at))
			vec_push(s->reader.tmp, &s->places, (uint32_t)at);
		s->survey.speaks_of_skips |= is_skip(text, at);
	}
}

/* The import statement at the cursor; one that is not understood leaves nothing. */
static void read_statement(struct reader *r)
{
	uint32_t i = (uint32_t)r->facts.stmts.n;
	size_t mark = r->facts.imports.n;
	vec_push(r->tmp, &r->facts.stmts, (struct stmt){.line = r->cursor.line});
	simple_read(r, i);
	if (reader_kind(r) != TOKEN_END && reader_kind(r) != TOKEN_SEMICOLON)
		reader_fail(r);
	if (r->is_broken)
		r->facts.imports.n = mark;
}

/* Statements begin at the start of the line, behind a semicolon, and behind the colon of a head. */
static void read_line(struct reader *r)
{
	bool begins = true;
	uint32_t depth = 0;
	while (reader_kind(r) != TOKEN_END) {
		enum token_kind kind = reader_kind(r);
		if (begins && (kind == TOKEN_IMPORT || kind == TOKEN_FROM)) {
			read_statement(r);
			begins = false;
			continue;
		}
		enum byte_class class = byte_class(r->text[r->cursor.now.start]);
		depth += class == BYTE_OPEN;
		depth -= class == BYTE_CLOSE && depth;
		begins = depth == 0 && (kind == TOKEN_SEMICOLON || kind == TOKEN_COLON);
		reader_advance(r);
	}
}

static void go_to_line(struct reader *r, uint32_t i)
{
	const struct lexer *lexer = &r->lexer;
	const struct logical_line *line = &lexer->lines.at[i];
	size_t last = i + 1 < lexer->lines.n ? line[1].first : lexer->tokens.n;
	r->is_broken = false;
	reader_go(r, (struct token_place){lexer->tokens.at + line->first, lexer->ends.at + line->string},
	          lexer->tokens.at + last - 1);
	r->cursor.line = line->line;
}

static void pass(const struct surveyor *s, size_t *next, uint32_t to)
{
	while (*next < s->places.n && s->places.at[*next] < to)
		++*next;
}

/* The lines of the batch that hold a place; `next` is the first place that is not behind us. */
static void read_batch(struct surveyor *s, size_t *next)
{
	struct reader *r = &s->reader;
	const struct lexer *lexer = &r->lexer;
	const uint32_t *tokens = lexer->tokens.at;
	r->cursor.breaks = lexer->breaks.at;
	for (uint32_t i = 0; i < lexer->lines.n && *next < s->places.n; i++) {
		size_t behind = i + 1 < lexer->lines.n ? lexer->lines.at[i + 1].first : lexer->tokens.n;
		uint32_t start = tokens[lexer->lines.at[i].first], end = tokens[behind - 1];
		pass(s, next, start); /* they stood in comments */
		if (*next == s->places.n || s->places.at[*next] >= end)
			continue;
		go_to_line(r, i);
		read_line(r);
		pass(s, next, end);
	}
}

static uint32_t count_lines(const struct lexer *lexer)
{
	uint32_t n = lexer->n, line = lexer->line + lex_lines(lexer->text, lexer->at, n);
	bool is_open = n && byte_class(lexer->text[n - 1]) != BYTE_NEWLINE;
	return line - 1 + is_open;
}

static void put_imports(const struct reader *r, struct survey_writer *writer)
{
	for (size_t i = 0; i < r->facts.imports.n; i++) {
		const struct import *import = &r->facts.imports.at[i];
		struct surveyed_import put = {
		        .module = intern_str(r->names, import->module),
		        .name = intern_str(r->names, import->name),
		        .bound = intern_str(r->names, import->bound),
		        .line = r->facts.stmts.at[import->stmt].line,
		        .level = import->level,
		};
		survey_put_import(writer, &put);
	}
}

void survey_read(struct buf *bytes, struct arena *tmp, struct str text)
{
	struct surveyor *s = arena_new(tmp, struct surveyor);
	struct reader *r = &s->reader;
	struct survey_writer writer;
	size_t next = 0;
	if (text.n > FILE_LARGEST)
		text = STR_NONE;
	r->tmp = tmp;
	r->text = text.at;
	r->names = arena_new(tmp, struct intern);
	intern_init(r->names, tmp);
	lex_start(&r->lexer, tmp, text);
	find_words(s, text.at, r->lexer.n);
	while (next < s->places.n && lex_more(&r->lexer))
		read_batch(s, &next);
	s->survey.lines = count_lines(&r->lexer);
	survey_put(&writer, bytes, &s->survey);
	put_imports(r, &writer);
}
