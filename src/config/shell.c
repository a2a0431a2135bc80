/* A line is walked once; a word is copied as it loses its quotes. */
#include "config/shell.h"

#include "base/buf.h"

struct walk {
	struct str line;
	size_t at;
	struct buf word;
	const char *why;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The rest of a quoted part.  Inside "..." a backslash escapes itself and the quote, and is kept otherwise. */
static bool quoted(struct walk *w, char quote)
{
	while (w->at < w->line.n) {
		char c = w->line.at[w->at++];
		if (c == quote)
			return true;
		bool has_more = w->at < w->line.n;
		if (c == '\\' && quote == '"' && has_more && (w->line.at[w->at] == quote || w->line.at[w->at] == '\\'))
			c = w->line.at[w->at++];
		buf_char(&w->word, c);
	}
	w->why = "a quote is not closed";
	return false;
}

static bool word(struct walk *w)
{
	while (w->at < w->line.n && !is_space(w->line.at[w->at])) {
		char c = w->line.at[w->at++];
		if (c == '\'' || c == '"') {
			if (!quoted(w, c))
				return false;
			continue;
		}
		if (c == '\\' && w->at == w->line.n) {
			w->why = "nothing follows the last backslash";
			return false;
		}
		if (c == '\\')
			c = w->line.at[w->at++];
		buf_char(&w->word, c);
	}
	return true;
}

bool shell_split(struct arena *out, struct str line, strs *words, const char **why)
{
	struct walk w = {.line = line};
	for (;;) {
		while (w.at < line.n && is_space(line.at[w.at]))
			w.at++;
		if (w.at == line.n)
			return true;
		buf_init(&w.word, out);
		if (!word(&w)) {
			*why = w.why;
			return false;
		}
		vec_push(out, words, str_copy(out, buf_str(&w.word)));
	}
}
