/* Writing YAML, so that five different readers understand the same.
 *
 * libyaml's own emitter has no comments, folds at 80 columns and leaves `no`, `3.10` and `''` plain.  This one writes
 * block style only: a scalar is plain when nobody could take it for anything but text, else it stands in double
 * quotes with escapes; scripts are literal blocks.  While it writes it notes what it means, and yaml_done reads the
 * text back with libyaml and compares: a mistake here is a refusal, not a workflow that does something else. */
#ifndef EMIT_YAML_H
#define EMIT_YAML_H

#include "base/buf.h"
#include "base/err.h"
#include "base/yaml_read.h"

struct yaml {
	struct buf buf;
	struct arena *out;
	struct err *err;
	yaml_events meant;
	VEC(enum yaml_kind) open;
	size_t indent; /* columns of the next line */
	bool has_dash; /* the next line begins a map in a list */
	bool is_refused;
};

/* The text begins inside a map, at column 0. */
void yaml_begin(struct yaml *yaml, struct arena *out, struct err *err);

void yaml_blank(struct yaml *yaml);
void yaml_comment(struct yaml *yaml, struct str text);
void yaml_pair(struct yaml *yaml, const char *key, struct str value);
void yaml_pair_noted(struct yaml *yaml, const char *key, struct str value, struct str comment); /* value # comment */
void yaml_text(struct yaml *yaml, struct str key, struct str value);  /* a key that comes from outside */
void yaml_bare(struct yaml *yaml, const char *key, struct str value); /* meant as a number, as it stands */
void yaml_number(struct yaml *yaml, const char *key, int64_t value);
void yaml_truth(struct yaml *yaml, const char *key, bool value);
void yaml_script(struct yaml *yaml, const char *key, struct str text); /* `|` where it can be */

/* Each of these is closed by yaml_end. */
void yaml_map(struct yaml *yaml, struct str key);
void yaml_list(struct yaml *yaml, const char *key);
void yaml_empty_list(struct yaml *yaml, const char *key); /* closed already */
void yaml_item_map(struct yaml *yaml);
void yaml_end(struct yaml *yaml);

void yaml_item(struct yaml *yaml, struct str value);
void yaml_script_item(struct yaml *yaml, struct str text);
/* Items of the open list that the user wrote: byte for byte, only moved to our column.  `place` is where they are
 * written, as "[emit.github] before"; each must be a list item. */
void yaml_raw_items(struct yaml *yaml, struct str items, const char *place);

/* The text, read back and found to be what was meant. */
bool yaml_done(struct yaml *yaml, struct str *text);

/* May this text stand without quotes, under YAML 1.1 and 1.2 alike? */
bool yaml_is_plain(struct str s);

#endif
