/* Text, tables and CSV on stdout. */
#include "cli/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

static void flush(struct output *out)
{
	struct str rest = buf_str(&out->text);
	while (rest.n && !out->error) {
		ssize_t put = write(STDOUT_FILENO, rest.at, rest.n);
		if (put < 0 && errno != EINTR)
			out->error = errno;
		else if (put > 0)
			rest = str_slice(rest, (size_t)put, rest.n);
	}
	out->text.n = 0;
}

static void flush_if_full(struct output *out)
{
	if (out->text.n >= PIECE)
		flush(out);
}

void output_open(struct output *out, struct arena *arena, bool has_color)
{
	*out = (struct output){.has_color = has_color};
	buf_init(&out->text, arena);
}

int output_close(struct output *out)
{
	flush(out);
	return out->error;
}

void output_bytes(struct output *out, struct str s)
{
	buf_add(&out->text, s);
	flush_if_full(out);
}

static const char *style_code(enum style style)
{
	static const char *const codes[] = {"", "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[33m"};
	return codes[style];
}

static bool is_control(unsigned char c)
{
	return c < 0x20 || c == 0x7f;
}

static void add_shown(struct output *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (is_control((unsigned char)s.at[i]))
			buf_fmt(&out->text, "\\x%02x", (unsigned char)s.at[i]);
		else
			buf_char(&out->text, s.at[i]);
	}
}

static void add_styled(struct output *out, enum style style, struct str s)
{
	bool is_styled = out->has_color && style != STYLE_PLAIN && s.n;
	if (is_styled)
		buf_add(&out->text, str_of(style_code(style)));
	add_shown(out, s);
	if (is_styled)
		buf_lit(&out->text, "\x1b[0m");
	flush_if_full(out);
}

void output_text(struct output *out, enum style style, const char *s)
{
	add_styled(out, style, str_of(s));
}

void output_fmt(struct output *out, enum style style, const char *format, ...)
{
	struct buf made;
	buf_init(&made, out->text.arena);
	va_list args;
	va_start(args, format);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n <= 0)
		return;
	char *text = arena_alloc(out->text.arena, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)n + 1, format, args);
	va_end(args);
	add_styled(out, style, (struct str){text, (size_t)n});
}

void output_line(struct output *out)
{
	buf_char(&out->text, '\n');
}

void output_csv(struct output *out, const char *const *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(&out->text, ',');
		buf_csv(&out->text, str_of(fields[i]));
	}
	output_line(out);
	flush_if_full(out);
}

/* Columns on a terminal: code points, control characters four wide.  Wide scripts are taken as narrow. */
static size_t width(const char *s)
{
	size_t n = 0;
	for (; *s; s++)
		n += is_control((unsigned char)*s) ? 4 : ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static void add_row(struct output *out, enum style style, const char *const *cells, const size_t *widths,
                    size_t columns, unsigned right)
{
	for (size_t c = 0; c < columns; c++) {
		size_t pad = widths[c] - width(cells[c]);
		if (c)
			buf_lit(&out->text, "  ");
		if (right >> c & 1)
			buf_spaces(&out->text, pad);
		add_styled(out, style, str_of(cells[c]));
		if (!(right >> c & 1) && c + 1 < columns)
			buf_spaces(&out->text, pad);
	}
	while (out->text.n && out->text.at[out->text.n - 1] == ' ')
		out->text.n--;
	output_line(out);
	flush_if_full(out);
}

void output_table(struct output *out, const char *const *header, const char *const *cells, size_t rows, size_t columns,
                  unsigned right)
{
	size_t *widths = arena_array(out->text.arena, size_t, columns);
	for (size_t c = 0; c < columns; c++) {
		widths[c] = header ? width(header[c]) : 0;
		for (size_t r = 0; r < rows; r++)
			if (width(cells[r * columns + c]) > widths[c])
				widths[c] = width(cells[r * columns + c]);
	}
	if (header)
		add_row(out, STYLE_BOLD, header, widths, columns, right);
	for (size_t r = 0; r < rows; r++)
		add_row(out, STYLE_PLAIN, cells + r * columns, widths, columns, right);
}

const char *count_text(struct arena *out, uint64_t n)
{
	struct str digits = str_fmt(out, "%llu", (unsigned long long)n);
	struct buf text;
	buf_init(&text, out);
	for (size_t i = 0; i < digits.n; i++) {
		if (i && (digits.n - i) % 3 == 0)
			buf_char(&text, ',');
		buf_char(&text, digits.at[i]);
	}
	return str_c(out, buf_str(&text));
}

const char *seconds_text(struct arena *out, int64_t ms)
{
	int64_t tenths = (ms + 50) / 100;
	return str_fmt(out, "%s.%lld", count_text(out, (uint64_t)(tenths / 10)), (long long)(tenths % 10)).at;
}
