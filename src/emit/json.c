/* JSON strings by RFC 8259, as short as it allows. */
#include "emit/json.h"

void json_quote(struct buf *buf, struct str s)
{
	buf_char(buf, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (c == '"' || c == '\\')
			buf_fmt(buf, "\\%c", c);
		else if (c == '\n')
			buf_lit(buf, "\\n");
		else if (c == '\t')
			buf_lit(buf, "\\t");
		else if (c < 0x20 || c == 0x7f)
			buf_fmt(buf, "\\u%04x", c);
		else
			buf_char(buf, s.at[i]);
	}
	buf_char(buf, '"');
}
