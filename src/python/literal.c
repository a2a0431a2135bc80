/* Finding the closing quote. */
#include "python/literal.h"

#include <string.h>

#include "python/token.h"

bool literal_is_triple(const char *text, size_t quote)
{
	return text[quote + 1] == text[quote] && text[quote + 2] == text[quote];
}

/* Just behind a backslash at `at`: the byte after it is protected, and \r\n counts as one. */
static size_t after_escape(const char *text, size_t at)
{
	return at + 2 + (text[at + 1] == '\r' && text[at + 2] == '\n');
}

static struct literal plain_single(const char *text, size_t n, size_t quote)
{
	char end = text[quote];
	for (size_t at = quote + 1; at < n; at++) {
		char c = text[at];
		if (c == end)
			return (struct literal){.end = at + 1, .is_closed = true};
		if (c == '\\')
			at = after_escape(text, at) - 1;
		else if (c == '\n' || c == '\r')
			return (struct literal){.end = at};
	}
	return (struct literal){.end = n};
}

/* Is the byte at `at` protected by a backslash?  from: where the string begins. */
static bool is_escaped(const char *text, size_t from, size_t at)
{
	size_t before = at;
	while (before > from && text[before - 1] == '\\')
		before--;
	return (at - before) % 2;
}

static struct literal plain_triple(const char *text, size_t n, size_t quote)
{
	char end = text[quote];
	size_t from = quote + 3;
	for (size_t at = from; at < n; at++) {
		const char *found = memchr(text + at, end, n - at);
		if (!found)
			break;
		at = (size_t)(found - text);
		if (text[at + 1] == end && text[at + 2] == end && !is_escaped(text, from, at))
			return (struct literal){.end = at + 3, .is_closed = true};
	}
	return (struct literal){.end = n};
}

static struct literal plain(const char *text, size_t n, size_t quote)
{
	return literal_is_triple(text, quote) ? plain_triple(text, n, quote) : plain_single(text, n, quote);
}

enum { NESTED_STRINGS = 150 /* as CPython */, NESTED_FRAMES = 4 * NESTED_STRINGS };

enum frame_kind { FRAME_TEXT, FRAME_FIELD, FRAME_SPEC };

/* What surrounds the place being read: the text of a string, a field of it, or the format spec of that field. */
struct frame {
	unsigned char kind; /* enum frame_kind */
	char quote;         /* of the string it belongs to */
	bool is_triple, is_raw;
	unsigned depth; /* open brackets in the field */
};

struct nest {
	const char *text;
	size_t n, at;
	struct frame frames[NESTED_FRAMES];
	size_t n_frames;
	bool is_broken;
};

static struct frame *top(struct nest *nest)
{
	return &nest->frames[nest->n_frames - 1];
}

static void push(struct nest *nest, enum frame_kind kind)
{
	if (nest->n_frames == NESTED_FRAMES) {
		nest->is_broken = true;
		return;
	}
	struct frame frame = *top(nest);
	frame.kind = (unsigned char)kind;
	frame.depth = 0;
	nest->frames[nest->n_frames++] = frame;
}

static void open_string(struct nest *nest, size_t quote, unsigned prefix)
{
	if (nest->n_frames == NESTED_FRAMES) {
		nest->is_broken = true;
		return;
	}
	bool triple = literal_is_triple(nest->text, quote);
	nest->frames[nest->n_frames++] = (struct frame){
	        .kind = FRAME_TEXT,
	        .quote = nest->text[quote],
	        .is_triple = triple,
	        .is_raw = prefix & PREFIX_RAW,
	};
	nest->at = quote + (triple ? 3 : 1);
}

static bool closes(const struct nest *nest, const struct frame *frame)
{
	const char *at = nest->text + nest->at;
	return *at == frame->quote && (!frame->is_triple || (at[1] == frame->quote && at[2] == frame->quote));
}

/* A backslash in the literal part: it protects the next byte, but not a brace. */
static void read_backslash(struct nest *nest, const struct frame *frame)
{
	const char *at = nest->text + nest->at;
	if (at[1] == '{' || at[1] == '}') {
		nest->at++;
	} else if (at[1] == 'N' && at[2] == '{' && !frame->is_raw) {
		nest->at += 3;
		while (nest->at < nest->n && byte_class(nest->text[nest->at]) != BYTE_NEWLINE &&
		       nest->text[nest->at] != '}' && !closes(nest, frame))
			nest->at++;
		nest->at += nest->text[nest->at] == '}';
	} else {
		nest->at = after_escape(nest->text, nest->at);
	}
}

/* One step in the literal part of a string, or in a format spec. */
static void read_text(struct nest *nest)
{
	struct frame *frame = top(nest);
	char c = nest->text[nest->at];
	bool in_spec = frame->kind == FRAME_SPEC;
	if (c == '\\') {
		read_backslash(nest, frame);
	} else if (closes(nest, frame)) {
		nest->at += frame->is_triple ? 3 : 1;
		nest->is_broken |= in_spec;
		nest->n_frames--;
	} else if (c == '{') {
		bool is_doubled = nest->text[nest->at + 1] == '{' && !in_spec;
		nest->at += is_doubled ? 2 : 1;
		if (!is_doubled)
			push(nest, FRAME_FIELD);
	} else if (c == '}' && in_spec) {
		nest->at++;
		nest->n_frames -= 2;
	} else if (c == '}') {
		nest->is_broken |= nest->text[nest->at + 1] != '}';
		nest->at += 2;
	} else if ((c == '\n' || c == '\r') && !frame->is_triple) {
		nest->is_broken |= !in_spec; /* a line end ends the spec, and the field goes on */
		nest->n_frames -= in_spec;
	} else {
		nest->at = look_for_field(nest->text, nest->at + 1, frame->quote);
	}
}

static void read_field_string(struct nest *nest, size_t quote, unsigned prefix)
{
	if (prefix & PREFIX_FORMAT) {
		open_string(nest, quote, prefix);
		return;
	}
	struct literal literal = plain(nest->text, nest->n, quote);
	nest->at = literal.end;
	nest->is_broken |= !literal.is_closed;
}

static void read_field_word(struct nest *nest)
{
	size_t from = nest->at;
	nest->at = look_behind_name(nest->text, from);
	if (byte_class(nest->text[nest->at]) != BYTE_QUOTE)
		return;
	unsigned prefix = token_prefix(nest->text + from, nest->at - from);
	read_field_string(nest, nest->at, prefix & PREFIX_NONE ? 0 : prefix);
}

static void read_field_close(struct nest *nest)
{
	struct frame *frame = top(nest);
	bool ends = frame->depth == 0;
	nest->is_broken |= ends && nest->text[nest->at] != '}';
	nest->at++;
	if (ends)
		nest->n_frames--;
	else
		frame->depth--;
}

static void read_field_comment(struct nest *nest)
{
	while (nest->at < nest->n && byte_class(nest->text[nest->at]) != BYTE_NEWLINE)
		nest->at++;
}

/* One step in the expression of a field. */
static void read_field(struct nest *nest)
{
	struct frame *frame = top(nest);
	switch (byte_class(nest->text[nest->at])) {
	case BYTE_WORD: read_field_word(nest); return;
	case BYTE_QUOTE: read_field_string(nest, nest->at, 0); return;
	case BYTE_OPEN: frame->depth++; break;
	case BYTE_CLOSE: read_field_close(nest); return;
	case BYTE_COMMENT: read_field_comment(nest); return;
	case BYTE_OPERATOR:
		if (nest->text[nest->at] == ':' && frame->depth == 0)
			push(nest, FRAME_SPEC);
		break;
	default: break;
	}
	nest->at++;
}

static struct literal formatted(const char *text, size_t n, size_t quote, unsigned prefix, size_t *patience)
{
	struct nest nest; /* not cleared: the frames are many and few are used */
	nest.text = text;
	nest.n = n;
	nest.n_frames = 0;
	nest.is_broken = false;
	open_string(&nest, quote, prefix);
	while (nest.n_frames && nest.at < n && !nest.is_broken) {
		if (top(&nest)->kind == FRAME_FIELD)
			read_field(&nest);
		else
			read_text(&nest);
	}
	if (!nest.n_frames && !nest.is_broken && nest.at <= n)
		return (struct literal){.end = nest.at, .is_closed = true};
	size_t wasted = nest.at - quote;
	*patience -= wasted < *patience ? wasted : *patience;
	struct literal literal = plain(text, n, quote);
	literal.is_broken = true;
	return literal;
}

struct literal literal_read(const char *text, size_t n, size_t quote, unsigned prefix, size_t *patience)
{
	if (!(prefix & PREFIX_FORMAT) || *patience == 0)
		return plain(text, n, quote);
	return formatted(text, n, quote, prefix, patience);
}
