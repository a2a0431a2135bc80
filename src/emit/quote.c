/* Single quotes for the shell, doubled dollars for make. */
#include "emit/quote.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

static bool is_bare(char c)
{
	return isascii((unsigned char)c) && (isalnum((unsigned char)c) || strchr("_-./:,+@%^", c));
}

static bool all_bare(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!s.at[i] || !is_bare(s.at[i]))
			return false;
	return s.n > 0;
}

struct str quote_shown(struct arena *out, struct str s)
{
	struct buf buf;
	buf_init(&buf, out);
	uint32_t c;
	for (size_t i = 0, n; i < s.n; i += n ? n : 1) {
		n = utf8_decode(s, i, &c);
		bool is_shown = n && c >= 0x20 && !(c >= 0x7f && c < 0xa0) && c != 0x2028 && c != 0x2029;
		if (is_shown)
			buf_add(&buf, str_slice(s, i, i + n));
		for (size_t k = 0; !is_shown && k < (n ? n : 1); k++)
			buf_fmt(&buf, "\\x%02x", (unsigned char)s.at[i + k]);
	}
	return buf_str(&buf);
}

bool quote_sh(struct arena *out, struct str s, struct str *word, struct err *err)
{
	if (s.n && memchr(s.at, 0, s.n))
		return fail_finding(err, "\"%.*s\" has a NUL byte, which no argument can hold",
		                    STR_ARG(quote_shown(out, s)));
	*word = s;
	if (all_bare(s))
		return true;
	struct buf buf;
	buf_init(&buf, out);
	buf_char(&buf, '\'');
	for (size_t i = 0; i < s.n; i++)
		if (s.at[i] == '\'')
			buf_lit(&buf, "'\\''");
		else
			buf_char(&buf, s.at[i]);
	buf_char(&buf, '\'');
	*word = buf_str(&buf);
	return true;
}

bool quote_make(struct arena *out, struct str shell, struct str *line, struct err *err)
{
	struct buf buf;
	buf_init(&buf, out);
	for (size_t i = 0; i < shell.n; i++) {
		char c = shell.at[i];
		if (c == '\n' || c == '\r' || c == 0)
			return fail_finding(err, "\"%.*s\" has a line end or NUL, which no make recipe can hold",
			                    STR_ARG(quote_shown(out, shell)));
		if (c == '$')
			buf_char(&buf, '$');
		buf_char(&buf, c);
	}
	*line = buf_str(&buf);
	return true;
}
