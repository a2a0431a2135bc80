/* JSON strings by RFC 8259, as short as it allows. */
#include "base/json.h"

#include "base/utf8.h"

void json_quote(struct buf *buf, struct str s)
{
	buf_char(buf, '"');
	for (size_t i = 0; i < s.n;) {
		unsigned char c = (unsigned char)s.at[i];
		uint32_t code;
		size_t n = utf8_decode(s, i, &code);
		if (n == 0)
			buf_lit(buf, "\xef\xbf\xbd");
		else if (c == '"' || c == '\\')
			buf_fmt(buf, "\\%c", c);
		else if (c == '\n')
			buf_lit(buf, "\\n");
		else if (c == '\t')
			buf_lit(buf, "\\t");
		else if (c < 0x20 || c == 0x7f)
			buf_fmt(buf, "\\u%04x", c);
		else
			buf_add(buf, str_slice(s, i, i + n));
		i += n ? n : 1;
	}
	buf_char(buf, '"');
}
