/* What goes to stdout: text, tables, CSV and JSON.  Written in large pieces; a failed write is remembered and
 * told at the end by output_close(). */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/buf.h"

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_GOOD, STYLE_WARN };

struct output {
	struct buf text; /* not yet written */
	bool has_color;
	bool is_amid_line; /* what was written last did not end its line */
	int error;         /* errno of the first write that failed, 0 */
	/* JSON being written: whether a comma is due, at each depth. */
	uint64_t commas;
	unsigned depth;
	bool after_key;
};

void output_open(struct output *out, struct arena *arena, bool has_color);
/* Writes the rest.  Returns the errno of whatever failed, 0 if all went well. */
int output_close(struct output *out);

void output_bytes(struct output *out, struct str s);
/* For people: control characters are shown as \x1b, and a line never begins with ::, so that a file name cannot
 * speak to the terminal or to a CI runner. */
void output_text(struct output *out, enum style style, const char *s);
void output_fmt(struct output *out, enum style style, const char *format, ...) __attribute__((format(printf, 3, 4)));
void output_line(struct output *out); /* ends the line */

/* A row of CSV: RFC 4180, ended by LF. */
void output_csv(struct output *out, const char *const *fields, size_t n);

/* A table for people: cells of equal width, two blanks apart, the last column ragged.  `right` has a bit for
 * each column of numbers.  `header` may be NULL. */
void output_table(struct output *out, const char *const *header, const char *const *cells, size_t rows, size_t columns,
                  unsigned right);

/* JSON, always valid: bytes that are not UTF-8 become U+FFFD. */
void put_open(struct output *out, char bracket); /* '{' or '[' */
void put_close(struct output *out, char bracket);
void put_key(struct output *out, const char *key);
void put_text(struct output *out, const char *value);
void put_number(struct output *out, int64_t value);
void put_real(struct output *out, double value); /* what JSON cannot hold is null */
void put_null(struct output *out);
void put_bool(struct output *out, bool value);
void put_seconds(struct output *out, int64_t ms); /* 12.345 */
/* Ends the line before the next element: one record a line reads well and differs well. */
void put_break(struct output *out);

/* What output_text() makes of it. */
const char *text_shown(struct arena *out, const char *s);

/* 1234567 as "1,234,567"; milliseconds as "406.7". */
const char *count_text(struct arena *out, uint64_t n);
const char *seconds_text(struct arena *out, int64_t ms);

#endif
