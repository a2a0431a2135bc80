/* What the index keeps of every Python file, so that nobody needs to open it to know: how long it is, what it imports,
 * whether it speaks of skipping.  A string of bytes that is read where it lies.
 *
 *	struct survey_cursor at;
 *	struct surveyed_import import;
 *	survey_begin(&at, file->survey);
 *	while (survey_next(&at, &import)) ...
 *
 *	lines, flags
 *	imports: flags, what the flags announce
 *
 * Numbers are LEB128; texts are their length and bytes. */
#ifndef MODEL_SURVEY_H
#define MODEL_SURVEY_H

#include "base/buf.h"

/* Of the layout and of what is kept: bytes of another version are made anew. */
#define SURVEY_VERSION 3

struct survey {
	uint32_t lines;
	bool speaks_of_skips; /* "skip" or "Skip" stands somewhere in its text */
};

/* Texts are borrowed. */
struct surveyed_import {
	struct str module; /* dotted as written, without leading dots */
	struct str name;   /* `from m import name`; "*" for a star; "" for `import m` */
	struct str bound;  /* the name it gives in this file; "" for a star */
	uint32_t line;
	uint8_t level; /* leading dots */
};

struct survey_writer {
	struct buf *to;
	struct surveyed_import last;
};

struct survey_cursor {
	struct str rest;
	struct surveyed_import last;
	bool is_bad; /* the bytes make no sense from here on; no more imports come */
};

void survey_put(struct survey_writer *writer, struct buf *to, const struct survey *survey);
void survey_put_import(struct survey_writer *writer, const struct surveyed_import *import);

/* Of an empty string: nothing. */
struct survey survey_begin(struct survey_cursor *at, struct str bytes);
bool survey_next(struct survey_cursor *at, struct surveyed_import *import);
/* A hash of what it says but for lines: it stays while the file imports the same, and speaks of skips or does not. */
uint64_t survey_imports(struct str bytes);
/* Whether the bytes can be read to their end. */
bool survey_is_sound(struct str bytes);

#endif
