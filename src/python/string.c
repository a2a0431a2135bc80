/* Decoding string literals.  The value of a run of adjacent literals is gathered in a fixed buffer, as no more than
 * TEXT_LONGEST bytes of it are kept. */
#include "python/string.h"

#include <string.h>

#include "python/expr.h"
#include "python/literal.h"

/* The run of literals being read: the value so far, since the last field. */
struct pieces {
	char value[TEXT_LONGEST];
	size_t n;
	bool is_cut, is_bytes, is_format;
	uint32_t at, line;   /* where this value began */
	struct chain chunks; /* f-string: what came before */
};

/* The bytes of one literal between its quotes. */
struct body {
	uint32_t from, to;
	unsigned prefix;
	/* Lines are counted as the reader moves on. */
	uint32_t line, line_at;
};

static void put(struct pieces *pieces, const char *bytes, size_t n)
{
	size_t room = sizeof pieces->value - pieces->n;
	if (n > room) {
		pieces->is_cut = true;
		n = room;
	}
	memcpy(pieces->value + pieces->n, bytes, n);
	pieces->n += n;
}

static void put_code(struct pieces *pieces, uint32_t code)
{
	char bytes[4];
	size_t n = 0;
	if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		code = 0xfffd; /* not a character: the replacement stands for it */
	if (code < 0x80) {
		bytes[n++] = (char)code;
	} else if (code < 0x800) {
		bytes[n++] = (char)(0xc0 | code >> 6);
	} else if (code < 0x10000) {
		bytes[n++] = (char)(0xe0 | code >> 12);
		bytes[n++] = (char)(0x80 | (code >> 6 & 0x3f));
	} else {
		bytes[n++] = (char)(0xf0 | code >> 18);
		bytes[n++] = (char)(0x80 | (code >> 12 & 0x3f));
		bytes[n++] = (char)(0x80 | (code >> 6 & 0x3f));
	}
	if (code >= 0x80)
		bytes[n++] = (char)(0x80 | (code & 0x3f));
	put(pieces, bytes, n);
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Up to `most` digits; returns how many. */
static uint32_t read_digits(const char *text, int base, uint32_t most, uint32_t *code)
{
	uint32_t n = 0;
	for (*code = 0; n < most && digit_of(text[n]) < base; n++)
		*code = *code * (uint32_t)base + (uint32_t)digit_of(text[n]);
	return n;
}

/* \xhh \uhhhh \Uhhhhhhhh; text is behind the letter.  Returns the digits used, 0 when they are too few. */
static uint32_t put_hex(struct pieces *pieces, const char *text, uint32_t digits, bool is_bytes)
{
	uint32_t code;
	if (read_digits(text, 16, digits, &code) < digits)
		return 0;
	if (is_bytes)
		put(pieces, &(char){(char)code}, 1);
	else
		put_code(pieces, code);
	return digits;
}

static char simple_escape(char letter)
{
	switch (letter) {
	case 'a': return '\a';
	case 'b': return '\b';
	case 'f': return '\f';
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	case 'v': return '\v';
	case '\\':
	case '\'':
	case '"': return letter;
	}
	return '\0';
}

/* How many digits an escape with this letter has, 0 if it is none. */
static uint32_t hex_digits(char letter, bool is_bytes)
{
	switch (letter) {
	case 'x': return 2;
	case 'u': return is_bytes ? 0 : 4;
	case 'U': return is_bytes ? 0 : 8;
	}
	return 0;
}

/* The escape whose backslash is at text[at]; returns what follows it.  What means nothing stays as written. */
static uint32_t put_escape(struct pieces *pieces, const char *text, uint32_t at, bool is_bytes)
{
	char letter = text[at + 1], simple = simple_escape(letter);
	uint32_t digits = hex_digits(letter, is_bytes), code, n;
	if (letter == '\n' || letter == '\r')
		return at + 2 + (letter == '\r' && text[at + 2] == '\n');
	if (simple) {
		put(pieces, &simple, 1);
		return at + 2;
	}
	if (digits && (n = put_hex(pieces, text + at + 2, digits, is_bytes)))
		return at + 2 + n;
	if ((n = read_digits(text + at + 1, 8, 3, &code))) {
		if (is_bytes)
			put(pieces, &(char){(char)code}, 1);
		else
			put_code(pieces, code);
		return at + 1 + n;
	}
	put(pieces, "\\", 1);
	return at + 1;
}

/* One byte, escape or line end of a literal; returns what follows it. */
static uint32_t put_next(struct pieces *pieces, const char *text, uint32_t at, const struct body *body)
{
	if (text[at] == '\\' && !(body->prefix & PREFIX_RAW) && at + 1 < body->to)
		return put_escape(pieces, text, at, body->prefix & PREFIX_BYTES);
	if (text[at] == '\r') {
		put(pieces, "\n", 1);
		return at + 1 + (text[at + 1] == '\n');
	}
	put(pieces, text + at, 1);
	return at + 1;
}

/* Bytes that stand for themselves: up to the next backslash, \r or, in an f-string, brace. */
static uint32_t put_plain(struct pieces *pieces, const char *text, uint32_t at, const struct body *body, bool braces)
{
	uint32_t end = at;
	while (end < body->to && text[end] != '\\' && text[end] != '\r' &&
	       !(braces && (text[end] == '{' || text[end] == '}')))
		end++;
	put(pieces, text + at, end - at);
	return end;
}

static void put_body(struct pieces *pieces, const char *text, const struct body *body)
{
	for (uint32_t at = body->from; at < body->to && !pieces->is_cut;) {
		at = put_plain(pieces, text, at, body, false);
		if (at < body->to)
			at = put_next(pieces, text, at, body);
	}
}

/* A cut may have gone through a character: what is left of it goes too. */
static void trim_cut(struct pieces *pieces)
{
	size_t lead = pieces->n;
	while (lead && pieces->n - lead < 4 && ((unsigned char)pieces->value[lead - 1] & 0xc0) == 0x80)
		lead--;
	unsigned char first = lead ? (unsigned char)pieces->value[lead - 1] : 0;
	size_t whole = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
	if (whole && pieces->n - (lead - 1) < whole)
		pieces->n = lead - 1;
}

static uint32_t make_string(struct reader *r, struct pieces *pieces)
{
	if (pieces->is_cut && !pieces->is_bytes)
		trim_cut(pieces);
	uint32_t node = reader_leaf(r, EXPR_STRING);
	struct expr *expr = &r->facts.exprs.at[node];
	expr->at = pieces->at;
	expr->line = pieces->line;
	expr->text = intern(r->names, (struct str){pieces->value, pieces->n});
	expr->op = (uint8_t)((pieces->is_bytes ? STRING_BYTES : 0) | (pieces->is_cut ? STRING_CUT : 0));
	return node;
}

/* Ends the literal chunk before a field. */
static void flush(struct reader *r, struct pieces *pieces)
{
	if (pieces->n || pieces->is_cut)
		reader_chain(r, &pieces->chunks, make_string(r, pieces));
	pieces->n = 0;
	pieces->is_cut = false;
}

/* ---- fields ---- */

static uint32_t line_of(struct reader *r, struct body *body, uint32_t at)
{
	for (; body->line_at < at; body->line_at++) {
		char c = r->text[body->line_at];
		body->line += c == '\n' || (c == '\r' && r->text[body->line_at + 1] != '\n');
	}
	return body->line;
}

static struct field_tokens *room_for(struct reader *r, uint32_t n)
{
	struct field_tokens *tokens = &r->fields[r->n_fields];
	uint32_t *room = &r->field_room[r->n_fields];
	if (*room < n) {
		*room = n < 64 ? 64 : n;
		tokens->starts = arena_raw(r->tmp, arena_size(r->tmp, *room, 2 * sizeof(uint32_t)));
		tokens->ends = tokens->starts + *room;
	}
	return tokens;
}

/* The line breaks within a field, which has few. */
static const struct line_break *breaks_in(struct reader *r, uint32_t from, uint32_t to, uint32_t line)
{
	static const struct line_break none = {UINT32_MAX, 0};
	uint32_t n = lex_lines(r->text, from, to), k = 0;
	if (n == 0)
		return &none;
	struct line_break *breaks = arena_array(r->tmp, struct line_break, (size_t)n + 1);
	for (uint32_t at = from; k < n; at++)
		if (lex_lines(r->text, at, at + 1))
			breaks[k++] = (struct line_break){at + 1, ++line};
	breaks[n] = none;
	return breaks;
}

/* Reads the tokens as an expression, of which nothing is kept when it makes no sense. */
static uint32_t read_expression(struct reader *r, const struct field_tokens *tokens, uint32_t at, uint32_t to,
                                uint32_t line)
{
	struct cursor outer = r->cursor;
	struct mode mode = r->mode;
	size_t mark = r->facts.exprs.n;
	r->cursor.line = line;
	r->cursor.breaks = breaks_in(r, at, to, line);
	r->mode = (struct mode){0};
	r->n_fields++;
	bool was_broken = r->is_broken;
	r->is_broken = false;
	reader_go(r, (struct token_place){tokens->starts, tokens->ends}, tokens->starts + tokens->n);
	uint32_t node = expr_read_list(r);
	if (reader_kind(r) != TOKEN_END)
		reader_fail(r);
	r->n_fields--;
	r->cursor = outer;
	r->mode = mode;
	if (r->is_broken) {
		r->facts.exprs.n = mark;
		node = reader_leaf(r, EXPR_OTHER);
		r->facts.exprs.at[node].at = at;
		r->facts.exprs.at[node].line = line;
	}
	r->is_broken = was_broken;
	return node;
}

static uint32_t read_field(struct reader *r, struct body *body, uint32_t *at, struct pieces *debug);

/* The format spec behind `:`.  Its own fields are of interest, its text is not. */
static void read_spec(struct reader *r, struct body *body, uint32_t *at, struct chain *parts)
{
	if (r->n_fields == READER_FIELDS)
		return;
	r->n_fields++;
	while (*at < body->to && r->text[*at] != '}') {
		if (r->text[*at] == '{')
			reader_chain(r, parts, read_field(r, body, at, NULL));
		else
			++*at;
	}
	r->n_fields--;
}

/* What stands between the expression and the closing brace. */
static void read_field_end(struct reader *r, struct body *body, uint32_t *at, struct chain *parts)
{
	while (*at < body->to && r->text[*at] != ':' && r->text[*at] != '}')
		++*at;
	if (*at < body->to && r->text[*at] == ':') {
		++*at;
		read_spec(r, body, at, parts);
	}
	*at += *at < body->to;
}

/* A comment goes to the end of its line. */
static uint32_t behind_comment(const struct reader *r, uint32_t at, uint32_t to)
{
	while (at < to && byte_class(r->text[at]) != BYTE_NEWLINE)
		at++;
	return at;
}

/* Behind the `=` of `{x=}`, where blanks, line ends and comments may follow. */
static uint32_t behind_equals(const struct reader *r, uint32_t at, uint32_t to)
{
	for (; at < to; at++) {
		if (byte_class(r->text[at]) == BYTE_COMMENT)
			at = behind_comment(r, at, to);
		if (at == to || (byte_class(r->text[at]) != BYTE_SPACE && byte_class(r->text[at]) != BYTE_NEWLINE))
			break;
	}
	return at;
}

/* The text of `{x=}` is all that stands there but comments, as CPython has it. */
static void put_debug(const struct reader *r, struct pieces *debug, const struct field_tokens *tokens, uint32_t from,
                      uint32_t to)
{
	const uint32_t *string = tokens->ends, *last = tokens->ends + tokens->n_ends;
	for (uint32_t at = from; at < to;) {
		enum byte_class class = byte_class(r->text[at]);
		uint32_t next = class == BYTE_QUOTE && string < last ? *string++ : at + 1;
		if (class == BYTE_COMMENT)
			next = behind_comment(r, at, to);
		else
			put(debug, r->text + at, next - at);
		at = next;
	}
}

/* At `{`; moves behind the `}`.  `{x=}` adds its own text to `debug`. */
static uint32_t read_field(struct reader *r, struct body *body, uint32_t *at, struct pieces *debug)
{
	struct chain parts = {0};
	uint32_t from = *at + 1, line = line_of(r, body, from);
	struct field_tokens *tokens = room_for(r, body->to - from + 2);
	uint32_t to = field_lex(tokens, r->text, from, body->to, r->lexer.n);
	*at = to;
	if (debug && *at < body->to && r->text[*at] == '=') {
		*at = behind_equals(r, *at + 1, body->to);
		put_debug(r, debug, tokens, from, *at);
	}
	if (debug)
		flush(r, debug);
	if (r->n_fields < READER_FIELDS) {
		reader_chain(r, &parts, read_expression(r, tokens, from, to, line));
	} else {
		reader_fault(r, FAULT_DEPTH, from);
		reader_chain(r, &parts, reader_leaf(r, EXPR_OTHER));
	}
	read_field_end(r, body, at, &parts);
	return parts.n == 1 ? parts.first : reader_over(r, EXPR_OTHER, &parts, (struct place){from, line});
}

/* `{{` and `}}` are braces; a backslash does not protect them. */
static uint32_t put_brace(struct pieces *pieces, const char *text, uint32_t at)
{
	put(pieces, text + at, 1);
	return at + 1 + (text[at + 1] == text[at]);
}

/* \N{...} names a character: its braces are no field.  It stays as written. */
static uint32_t put_named(struct pieces *pieces, const char *text, uint32_t at, const struct body *body)
{
	uint32_t end = at;
	while (end < body->to && text[end] != '}')
		end++;
	end += end < body->to;
	put(pieces, text + at, end - at);
	return end;
}

static bool is_named(const char *at, const struct body *body)
{
	return !(body->prefix & PREFIX_RAW) && at[0] == '\\' && at[1] == 'N' && at[2] == '{';
}

static uint32_t read_format_next(struct reader *r, struct pieces *pieces, struct body *body, uint32_t at)
{
	const char *text = r->text;
	if (text[at] == '{' && text[at + 1] != '{') {
		uint32_t field = read_field(r, body, &at, pieces);
		reader_chain(r, &pieces->chunks, field);
		pieces->at = at;
		pieces->line = line_of(r, body, at);
		return at;
	}
	if (text[at] == '{' || text[at] == '}')
		return put_brace(pieces, text, at);
	if (is_named(text + at, body))
		return put_named(pieces, text, at, body);
	if (text[at] == '\\' && (text[at + 1] == '{' || text[at + 1] == '}')) {
		put(pieces, text + at, 1);
		return at + 1;
	}
	return put_next(pieces, text, at, body);
}

static void read_format(struct reader *r, struct pieces *pieces, struct body *body)
{
	for (uint32_t at = body->from; at < body->to;) {
		at = put_plain(pieces, r->text, at, body, true);
		if (at < body->to)
			at = read_format_next(r, pieces, body, at);
	}
}

/* ---- runs of literals ---- */

/* The body of the literal at the cursor.  One without its closing quote goes to the end of the token. */
static struct body body_of(const struct reader *r)
{
	struct token now = r->cursor.now;
	uint32_t quote = now.start;
	while (byte_class(r->text[quote]) != BYTE_QUOTE)
		quote++;
	uint32_t n_quotes = literal_is_triple(r->text, quote) ? 3 : 1;
	struct body body = {
	        .from = quote + n_quotes,
	        .to = now.end,
	        .prefix = token_prefix(r->text + now.start, quote - now.start),
	        .line = r->cursor.line,
	        .line_at = now.start,
	};
	if (body.from > now.end)
		body.from = now.end;
	if (now.end - body.from >= n_quotes && r->text[now.end - 1] == r->text[quote])
		body.to = now.end - n_quotes;
	return body;
}

static void read_literal(struct reader *r, struct pieces *pieces)
{
	struct body body = body_of(r);
	pieces->is_bytes |= (body.prefix & PREFIX_BYTES) != 0;
	if (body.prefix & PREFIX_FORMAT) {
		pieces->is_format = true;
		read_format(r, pieces, &body);
	} else {
		put_body(pieces, r->text, &body);
	}
	reader_advance(r);
}

static uint32_t read_run(struct reader *r)
{
	struct pieces pieces; /* not cleared: the buffer is large and most strings are short */
	uint32_t at = r->cursor.now.start, line = r->cursor.line;
	pieces.n = 0;
	pieces.is_cut = pieces.is_bytes = pieces.is_format = false;
	pieces.at = at;
	pieces.line = line;
	pieces.chunks = (struct chain){0};
	while (reader_kind(r) == TOKEN_STRING)
		read_literal(r, &pieces);
	if (!pieces.is_format)
		return make_string(r, &pieces);
	flush(r, &pieces);
	return reader_over(r, EXPR_FSTRING, &pieces.chunks, (struct place){at, line});
}

/* A literal that stands alone and needs no decoding: its value is a part of the text. */
static bool read_simple(struct reader *r, uint32_t *node)
{
	struct token now = r->cursor.now;
	const char *text = r->text;
	char quote = text[now.start];
	uint32_t n = now.end - now.start - 2;
	if ((quote != '"' && quote != '\'') || reader_peek(r) == TOKEN_STRING || n > TEXT_LONGEST ||
	    now.end - now.start < 2)
		return false;
	if (text[now.end - 1] != quote || (n >= 4 && literal_is_triple(text, now.start)))
		return false;
	if (look_for_quote(text, now.start + 1, quote) != now.end - 1)
		return false;
	*node = reader_leaf(r, EXPR_STRING);
	r->facts.exprs.at[*node].text = intern(r->names, (struct str){text + now.start + 1, n});
	reader_advance(r);
	return true;
}

uint32_t string_read(struct reader *r)
{
	uint32_t node;
	return read_simple(r, &node) ? node : read_run(r);
}
