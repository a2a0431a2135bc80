/* Writing into a growing byte string. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *buf, struct arena *arena)
{
	*buf = (struct buf){.arena = arena};
}

static void need(struct buf *buf, size_t more)
{
	if (buf->cap - buf->n >= more)
		return;
	size_t cap = buf->cap ? buf->cap * 2 : 256;
	while (cap - buf->n < more)
		cap *= 2;
	buf->at = arena_grow(buf->arena, buf->at, buf->n, cap);
	buf->cap = cap;
}

void buf_add(struct buf *buf, struct str s)
{
	if (s.n == 0)
		return;
	need(buf, s.n);
	memcpy(buf->at + buf->n, s.at, s.n);
	buf->n += s.n;
}

void buf_char(struct buf *buf, char c)
{
	need(buf, 1);
	buf->at[buf->n++] = c;
}

void buf_fmt(struct buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n <= 0)
		return;
	need(buf, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(buf->at + buf->n, (size_t)n + 1, format, args);
	va_end(args);
	buf->n += (size_t)n;
}

void buf_spaces(struct buf *buf, size_t n)
{
	while (n--)
		buf_char(buf, ' ');
}

void buf_csv(struct buf *buf, struct str field)
{
	bool must = false;
	for (size_t i = 0; i < field.n; i++)
		must |= field.at[i] == '"' || field.at[i] == ',' || field.at[i] == '\n' || field.at[i] == '\r';
	if (!must) {
		buf_add(buf, field);
		return;
	}
	buf_char(buf, '"');
	for (size_t i = 0; i < field.n; i++) {
		if (field.at[i] == '"')
			buf_char(buf, '"');
		buf_char(buf, field.at[i]);
	}
	buf_char(buf, '"');
}

struct str buf_str(const struct buf *buf)
{
	return (struct str){buf->at ? buf->at : "", buf->n};
}
