/* As much of Python's lexing as it takes to find the end of a marker: strings, comments, brackets. */
#include "fix/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static bool is_newline(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f';
}

struct str text_newline(struct str text)
{
	size_t end = text_line_end(text, 0), next = text_next_line(text, 0);
	return end < text.n ? str_slice(text, end, next) : STR("\n");
}

size_t text_line_start(struct str text, size_t at)
{
	while (at > 0 && !is_newline(text.at[at - 1]))
		at--;
	if (at == 0 && str_starts(text, STR("\xef\xbb\xbf")))
		at = 3;
	return at;
}

size_t text_line_end(struct str text, size_t at)
{
	while (at < text.n && !is_newline(text.at[at]))
		at++;
	return at;
}

size_t text_next_line(struct str text, size_t at)
{
	at = text_line_end(text, at);
	if (at == text.n)
		return at;
	return at + 1 + (text.at[at] == '\r' && at + 1 < text.n && text.at[at + 1] == '\n');
}

size_t text_skip_blanks(struct str text, size_t at)
{
	while (at < text.n && is_blank(text.at[at]))
		at++;
	return at;
}

bool text_is_blank(struct str text, size_t from, size_t to)
{
	return text_skip_blanks(text, from) >= to;
}

bool text_is_comment(struct str text, size_t from, size_t to)
{
	from = text_skip_blanks(text, from);
	return from >= to || text.at[from] == '#';
}

/* Behind the string whose quotes open at `at`. */
static size_t string_end(struct str text, size_t at)
{
	char quote = text.at[at];
	size_t n = at + 2 < text.n && text.at[at + 1] == quote && text.at[at + 2] == quote ? 3 : 1;
	if (n == 1 && at + 1 < text.n && text.at[at + 1] == quote)
		return at + 2;
	for (size_t i = at + n; i < text.n; i++) {
		if (text.at[i] == '\\') {
			i++;
			continue;
		}
		if (text.at[i] == quote &&
		    (n == 1 || (i + 2 < text.n && text.at[i + 1] == quote && text.at[i + 2] == quote)))
			return i + n;
	}
	return text.n;
}

/* Behind whatever stands at `at`: a string, a comment, or one byte. */
static size_t step(struct str text, size_t at)
{
	if (text.at[at] == '"' || text.at[at] == '\'')
		return string_end(text, at);
	return text.at[at] == '#' ? text_line_end(text, at) : at + 1;
}

/* The bracket that closes the one at `at`, SIZE_MAX if none does. */
static size_t closing(struct str text, size_t at)
{
	size_t depth = 0;
	for (size_t i = at; i < text.n; i = step(text, i)) {
		depth += strchr("([{", text.at[i]) != NULL && text.at[i] != '\0';
		if (text.at[i] && strchr(")]}", text.at[i]) && --depth == 0)
			return i;
	}
	return SIZE_MAX;
}

static bool is_word(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80);
}

size_t text_chain_end(struct str text, size_t at)
{
	size_t end = at;
	for (;; end++) {
		size_t word = end;
		while (end < text.n && is_word(text.at[end]))
			end++;
		if (end == word)
			return SIZE_MAX;
		if (end == text.n || text.at[end] != '.')
			break;
	}
	if (end == text.n || text.at[end] != '(')
		return end;
	size_t close = closing(text, end);
	return close == SIZE_MAX ? SIZE_MAX : close + 1;
}

/* ---- lists ---- */

bool text_read_list(struct arena *out, struct str text, size_t at, struct text_list *list)
{
	size_t depth = 0, from = SIZE_MAX, to = 0;
	*list = (struct text_list){.open = at, .close = closing(text, at)};
	for (size_t i = at + 1; list->close != SIZE_MAX && i <= list->close; i = step(text, i)) {
		char c = text.at[i];
		if (i == list->close || (c == ',' && depth == 0)) {
			list->ends_in_comma = from == SIZE_MAX && list->items.n;
			if (from != SIZE_MAX)
				vec_push(out, &list->items, ((struct text_item){from, to}));
			if (c == ',')
				list->comma = i;
			from = SIZE_MAX;
			continue;
		}
		depth += strchr("([{", c) != NULL && c;
		depth -= strchr(")]}", c) != NULL && c;
		if (c == '#' || is_blank(c) || is_newline(c) || c == '\\')
			continue;
		from = from == SIZE_MAX ? i : from;
		to = step(text, i);
	}
	return list->close != SIZE_MAX;
}

/* ---- edits ---- */

struct placed_edit {
	struct edit edit;
	size_t order;
};

static int by_place(const void *left, const void *right)
{
	const struct placed_edit *a = left, *b = right;
	if (a->edit.from != b->edit.from)
		return a->edit.from < b->edit.from ? -1 : 1;
	bool goes = a->edit.to > a->edit.from, other_goes = b->edit.to > b->edit.from;
	if (goes != other_goes)
		return goes ? 1 : -1;
	return (a->order > b->order) - (a->order < b->order);
}

bool text_apply(struct arena *out, struct str text, edit_list *edits, struct str *to)
{
	struct buf buf;
	struct placed_edit *sorted = arena_array(out, struct placed_edit, edits->n + 1);
	size_t at = 0;
	for (size_t i = 0; i < edits->n; i++)
		sorted[i] = (struct placed_edit){edits->at[i], i};
	qsort(sorted, edits->n, sizeof *sorted, by_place);
	buf_init(&buf, out);
	for (size_t i = 0; i < edits->n; i++) {
		const struct edit *edit = &sorted[i].edit;
		if (edit->from < at || edit->to < edit->from || edit->to > text.n)
			return false;
		buf_add(&buf, str_slice(text, at, edit->from));
		buf_add(&buf, edit->text);
		at = edit->to;
	}
	buf_add(&buf, str_slice(text, at, text.n));
	*to = buf_str(&buf);
	return true;
}
