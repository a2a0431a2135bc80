/* Code as the patterns see it: the file's text with everything blanked that is no token, and every statement that is
 * nothing but a string.  Offsets stay what they were, so that a hit has its line. */
#include "scan/patterns.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/pattern.h"
#include "python/lex.h"

struct search {
	struct arena *out;
	const struct catalogue *catalogue;
	struct repo *repo;
	struct err *err;
	uint32_t file;
	struct str code;
};

static void show_line(const struct lexer *lexer, const struct logical_line *line, char *code)
{
	struct token_place place = {lexer->tokens.at + line->first, lexer->ends.at + line->string};
	uint32_t first = UINT32_MAX, last = 0, n = 0;
	bool only_strings = true;
	struct token token;
	for (token_next(lexer->text, &place, &token); token.kind != TOKEN_END;
	     token_next(lexer->text, &place, &token), n++) {
		only_strings &= token.kind == TOKEN_STRING;
		if (first == UINT32_MAX)
			first = token.start;
		last = token.end;
		memcpy(code + token.start, lexer->text + token.start, token.end - token.start);
	}
	for (uint32_t i = first; only_strings && n && i < last; i++)
		if (code[i] != '\n' && code[i] != '\r')
			code[i] = ' ';
}

/* Keeps line ends, which `^`, `$` and line numbers want. */
static struct str code_of(struct arena *tmp, struct str text)
{
	struct lexer lexer;
	char *code = arena_alloc(tmp, text.n + 1);
	for (size_t i = 0; i < text.n; i++)
		code[i] = text.at[i] == '\n' || text.at[i] == '\r' ? text.at[i] : ' ';
	lex_start(&lexer, tmp, text);
	while (lex_more(&lexer))
		for (size_t i = 0; i < lexer.lines.n; i++)
			show_line(&lexer, &lexer.lines.at[i], code);
	return (struct str){code, text.n};
}

static uint32_t line_of(struct str text, size_t at)
{
	uint32_t line = 1;
	for (size_t i = 0; i < at; i++)
		line += text.at[i] == '\n';
	return line;
}

static bool look_for(struct search *s, uint32_t service, const struct pattern *pattern, struct str source)
{
	size_t from = 0, start, end;
	for (;;) {
		enum pattern_answer answer = pattern_find(pattern, str_slice(s->code, from, s->code.n), &start, &end);
		if (answer == PATTERN_LIMIT)
			return fail_usage(s->err, "the pattern '%.*s' gives up on %.*s: make it simpler",
			                  STR_ARG(source), STR_ARG(s->repo->files.at[s->file].path));
		if (answer == PATTERN_NO)
			return true;
		struct pattern_hit hit = {.file = s->file, .line = line_of(s->code, from + start), .service = service};
		hit.text = str_copy(s->out, str_slice(s->code, from + start, from + end));
		vec_push(s->out, &s->repo->hits, hit);
		from += end > start ? end : end + 1;
		if (from >= s->code.n)
			return true;
	}
}

static bool look_in_file(struct search *s, struct pattern *const *compiled)
{
	size_t n = 0;
	for (uint32_t i = 0; i < s->catalogue->services.n; i++) {
		const strs *patterns = &s->catalogue->services.at[i].patterns;
		for (size_t k = 0; k < patterns->n; k++)
			if (!look_for(s, i, compiled[n++], patterns->at[k]))
				return false;
	}
	return true;
}

static bool look_everywhere(struct search *s, struct arena *page, struct pattern *const *compiled)
{
	int root = open(s->repo->root.at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = root >= 0 || fail(s->err, "cannot open %.*s", STR_ARG(s->repo->root));
	for (s->file = 0; ok && s->file < s->repo->files.n; s->file++) {
		struct err unread = {0}; /* a file nobody can read is a finding of the scan already */
		struct str text;
		arena_reset(page);
		const char *path = str_c(page, s->repo->files.at[s->file].path);
		if (!file_read_at(page, root, path, true, &text, &unread))
			continue;
		s->code = code_of(page, text);
		ok = look_in_file(s, compiled);
	}
	if (root >= 0)
		close(root);
	return ok;
}

bool patterns_find(struct arena *out, struct arena *tmp, const struct config *config, struct repo *repo,
                   struct err *err)
{
	VEC(struct pattern *) compiled = {0};
	struct search s = {.out = out, .catalogue = &config->catalogue, .repo = repo, .err = err};
	bool ok = true;
	for (size_t i = 0; i < s.catalogue->services.n && ok; i++) {
		const struct service *service = &s.catalogue->services.at[i];
		for (size_t k = 0; k < service->patterns.n && ok; k++) {
			struct pattern *pattern = NULL;
			ok = pattern_compile(&pattern, service->patterns.at[k], str_c(tmp, service->place), err);
			if (ok)
				vec_push(tmp, &compiled, pattern);
		}
	}
	struct arena page; /* one file at a time */
	arena_init(&page, tmp->trap);
	ok = ok && (!compiled.n || look_everywhere(&s, &page, compiled.at));
	arena_free(&page);
	for (size_t i = 0; i < compiled.n; i++)
		pattern_free(compiled.at[i]);
	return ok;
}
