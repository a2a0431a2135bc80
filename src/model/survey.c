/* Imports as bytes.  What an import shares with the one before, of one statement as a rule, is left out. */
#include "model/survey.h"

#include "base/hash.h"
#include "base/map.h"

enum { SPEAKS_OF_SKIPS = 1 };

enum {
	SAME_FROM = 1, /* line, level and module are those of the import before */
	HAS_LEVEL = 2,
	HAS_NAME = 4,
	HAS_BOUND = 8, /* it binds something other than its name, or than the first part of its module */
};

static void put_number(struct buf *to, uint32_t value)
{
	for (; value >= 0x80; value >>= 7)
		buf_char(to, (char)(unsigned char)(value | 0x80));
	buf_char(to, (char)value);
}

static void put_text(struct buf *to, struct str text)
{
	put_number(to, (uint32_t)text.n);
	buf_add(to, text);
}

/* What is bound unless an alias says other. */
static struct str usual_bound(const struct surveyed_import *import)
{
	if (import->name.n)
		return import->name;
	return str_slice(import->module, 0, str_find(import->module, STR("."), 0));
}

void survey_put(struct survey_writer *writer, struct buf *to, const struct survey *survey)
{
	*writer = (struct survey_writer){.to = to};
	put_number(to, survey->lines);
	buf_char(to, survey->speaks_of_skips ? SPEAKS_OF_SKIPS : 0);
}

void survey_put_import(struct survey_writer *writer, const struct surveyed_import *import)
{
	struct buf *to = writer->to;
	const struct surveyed_import *last = &writer->last;
	bool is_same = import->line == last->line && import->level == last->level && import->name.n && last->name.n &&
	               str_eq(import->module, last->module);
	bool is_usual = str_eq(import->bound, usual_bound(import));
	buf_char(to, (char)((is_same ? SAME_FROM : 0) | (!is_same && import->level ? HAS_LEVEL : 0) |
	                    (import->name.n ? HAS_NAME : 0) | (is_usual ? 0 : HAS_BOUND)));
	if (!is_same) {
		put_number(to, import->line - last->line);
		if (import->level)
			put_number(to, import->level);
		put_text(to, import->module);
	}
	if (import->name.n)
		put_text(to, import->name);
	if (!is_usual)
		put_text(to, import->bound);
	writer->last = *import;
}

/* ---- reading; nothing in the bytes is believed ---- */

static uint32_t bad(struct survey_cursor *at)
{
	at->is_bad = true;
	at->rest = STR_NONE;
	return 0;
}

static uint32_t get_number(struct survey_cursor *at)
{
	uint32_t value = 0;
	for (size_t i = 0; i < at->rest.n && i < 5; i++) {
		unsigned char byte = (unsigned char)at->rest.at[i];
		if (i == 4 && byte > 0x0f)
			break;
		value |= (uint32_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			at->rest = str_slice(at->rest, i + 1, at->rest.n);
			return value;
		}
	}
	return bad(at);
}

static struct str get_text(struct survey_cursor *at)
{
	uint32_t n = get_number(at);
	if (n > at->rest.n)
		n = bad(at);
	struct str text = str_slice(at->rest, 0, n);
	at->rest = str_slice(at->rest, n, at->rest.n);
	return text;
}

struct survey survey_begin(struct survey_cursor *at, struct str bytes)
{
	*at = (struct survey_cursor){.rest = bytes};
	struct survey survey = {0};
	if (!bytes.n)
		return survey;
	survey.lines = get_number(at);
	survey.speaks_of_skips = get_number(at) & SPEAKS_OF_SKIPS;
	return survey;
}

bool survey_next(struct survey_cursor *at, struct surveyed_import *import)
{
	struct surveyed_import *last = &at->last;
	if (!at->rest.n)
		return false;
	unsigned flags = (unsigned char)at->rest.at[0];
	at->rest = str_slice(at->rest, 1, at->rest.n);
	if (!(flags & SAME_FROM)) {
		last->line += get_number(at);
		last->level = flags & HAS_LEVEL ? (uint8_t)get_number(at) : 0;
		last->module = get_text(at);
	}
	last->name = flags & HAS_NAME ? get_text(at) : STR_NONE;
	last->bound = flags & HAS_BOUND ? get_text(at) : usual_bound(last);
	*import = *last;
	return !at->is_bad;
}

uint64_t survey_imports(struct str bytes)
{
	struct survey_cursor at;
	struct surveyed_import import;
	uint64_t hash = survey_begin(&at, bytes).speaks_of_skips;
	while (survey_next(&at, &import)) {
		uint64_t names = map_mix(hash64(import.name), hash64(import.bound));
		hash = map_mix(hash, map_mix(map_mix(import.level, hash64(import.module)), names));
	}
	return hash;
}

bool survey_is_sound(struct str bytes)
{
	struct survey_cursor at;
	struct surveyed_import import;
	survey_begin(&at, bytes);
	while (survey_next(&at, &import))
		continue;
	return bytes.n > 0 && !at.is_bad;
}
