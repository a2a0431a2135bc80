/* Literal strings where they can hold the text, basic ones with escapes where they cannot. */
#include "project/toml_text.h"

#include <ctype.h>

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool has_control(struct str s, bool in_lines)
{
	for (size_t i = 0; i < s.n; i++)
		if (is_control(s.at[i]) && !(s.at[i] == '\t' || (in_lines && s.at[i] == '\n')))
			return true;
	return false;
}

static void escaped(struct buf *buf, struct str s)
{
	buf_char(buf, '"');
	for (size_t i = 0; i < s.n; i++) {
		char c = s.at[i];
		if (c == '"' || c == '\\')
			buf_fmt(buf, "\\%c", c);
		else if (is_control(c))
			buf_fmt(buf, "\\u%04x", (unsigned char)c);
		else
			buf_char(buf, c);
	}
	buf_char(buf, '"');
}

void toml_text(struct buf *buf, struct str s)
{
	bool wants_literal = (str_has(s, STR("\"")) || str_has(s, STR("\\"))) && !str_has(s, STR("'"));
	if (wants_literal && !has_control(s, false))
		buf_fmt(buf, "'%.*s'", STR_ARG(s));
	else
		escaped(buf, s);
}

void toml_block(struct buf *buf, struct str s)
{
	bool is_literal = !has_control(s, true) && !str_has(s, STR("'''")) && !str_ends(s, STR("'"));
	if (is_literal)
		buf_fmt(buf, "'''\n%.*s'''", STR_ARG(s));
	else
		escaped(buf, s);
}

void toml_list(struct buf *buf, const strs *list)
{
	buf_char(buf, '[');
	for (size_t i = 0; i < list->n; i++) {
		buf_add(buf, i ? STR(", ") : STR_NONE);
		toml_text(buf, list->at[i]);
	}
	buf_char(buf, ']');
}

void toml_key(struct buf *buf, struct str key)
{
	bool is_bare = key.n > 0;
	for (size_t i = 0; i < key.n; i++)
		is_bare &= isalnum((unsigned char)key.at[i]) || key.at[i] == '_' || key.at[i] == '-';
	if (is_bare)
		buf_add(buf, key);
	else
		escaped(buf, key);
}

void toml_comment(struct buf *buf, struct str s)
{
	buf_lit(buf, "# ");
	for (size_t i = 0; i < s.n; i++)
		buf_char(buf, is_control(s.at[i]) ? '?' : s.at[i]);
}
