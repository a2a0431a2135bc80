/* What a parameter's value is called in brackets, by pytest's rules, for values that can be read off the source. */
#ifndef RESOLVE_LITERAL_H
#define RESOLVE_LITERAL_H

#include "resolve/names.h"

/* An expression where it is written, or a value that was counted out. */
struct place {
	uint32_t file, owner, expr;
	struct str text; /* of a number of range(): its id; .expr is 0 then */
};

typedef VEC(struct place) places;

enum literal_id {
	LITERAL_UNKNOWN, /* only running the code would tell */
	LITERAL_TEXT,    /* *text */
	LITERAL_INDEX,   /* no name of its own: argument name and position */
};

enum literal_id literal_id(struct names *names, struct arena *out, struct place value, struct str *text);
/* Follows names to what they are bound to, as long as nothing rebinds or changes it. */
bool literal_follow(struct names *names, struct place *value);
/* The items of a list, tuple, range(...), sum of lists, or a name for one.  False: not readable. */
bool literal_items(struct names *names, struct arena *out, struct place list, places *items);
/* The text of a string, or of a name for one. */
bool literal_string(struct names *names, struct place value, struct str *text);

#endif
