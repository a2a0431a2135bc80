/* Text, tables and CSV on stdout. */
#include "cli/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

enum { PIECE = 64 * 1024 };

static void flush(struct output *out)
{
	struct str rest = buf_str(&out->text);
	out->is_amid_line = rest.n && rest.at[rest.n - 1] != '\n';
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
	for (size_t at = 0; at < s.n; at += PIECE) { /* a long text is not held twice */
		buf_add(&out->text, str_slice(s, at, s.n - at < PIECE ? s.n : at + PIECE));
		flush_if_full(out);
	}
}

static const char *style_code(enum style style)
{
	static const char *const codes[] = {"", "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[33m"};
	return codes[style];
}

/* What a terminal obeys instead of showing: C0, DEL, C1, and the marks that turn the direction of text. */
static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x200e || code == 0x200f ||
	       (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/* The bytes of the character at `at`, and whether they may be shown as they are. */
static size_t character(struct str s, size_t at, bool *is_plain)
{
	uint32_t code;
	size_t n = utf8_decode(s, at, &code);
	*is_plain = n && !is_control(code);
	return n ? n : 1;
}

static void add_shown(struct buf *buf, struct str s)
{
	bool is_plain;
	for (size_t i = 0, n; i < s.n; i += n) {
		n = character(s, i, &is_plain);
		if (is_plain)
			buf_add(buf, str_slice(s, i, i + n));
		for (size_t k = 0; k < n && !is_plain; k++)
			buf_fmt(buf, "\\x%02x", (unsigned char)s.at[i + k]);
	}
}

const char *text_shown(struct arena *out, const char *s)
{
	struct buf buf;
	buf_init(&buf, out);
	add_shown(&buf, str_of(s));
	return str_c(out, buf_str(&buf));
}

static bool is_line_start(const struct output *out)
{
	return out->text.n ? out->text.at[out->text.n - 1] == '\n' : !out->is_amid_line;
}

static void add_styled(struct output *out, enum style style, struct str s)
{
	bool is_styled = out->has_color && style != STYLE_PLAIN && s.n;
	bool is_command = is_line_start(out) && str_starts(s, STR("::")); /* to the runner of GitHub Actions */
	if (is_styled)
		buf_add(&out->text, str_of(style_code(style)));
	if (is_command)
		buf_lit(&out->text, "\\x3a");
	add_shown(&out->text, str_slice(s, is_command, s.n));
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

/* Columns on a terminal: one a character, four a byte that is not shown as it is.  Wide scripts are taken as
 * narrow. */
static size_t width(const char *text)
{
	struct str s = str_of(text);
	bool is_plain;
	size_t columns = 0;
	for (size_t i = 0, n; i < s.n; i += n) {
		n = character(s, i, &is_plain);
		columns += is_plain ? 1 : 4 * n;
	}
	return columns;
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
