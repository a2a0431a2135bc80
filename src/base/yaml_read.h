/* YAML as libyaml reads it, as a flat list of events with their places in bytes: to find our way around in files that
 * are the user's, and to compare what we wrote with what we meant. */
#ifndef BASE_YAML_READ_H
#define BASE_YAML_READ_H

#include "base/err.h"
#include "base/str.h"

enum yaml_kind { YAML_SCALAR, YAML_ALIAS, YAML_MAP, YAML_MAP_END, YAML_LIST, YAML_LIST_END };

struct yaml_event {
	enum yaml_kind kind;
	bool is_plain;      /* a scalar without quotes or `|`: readers may take it for a number or a boolean */
	bool is_flow;       /* a map or list in { } or [ ] */
	struct str value;   /* of a scalar; the anchor's name of an alias */
	struct str anchor;  /* of a scalar, map or list; "" when it has none */
	size_t from, to;    /* bytes of the text; `to` of a block scalar may lie behind blank lines */
	unsigned line;      /* from 1 */
	unsigned column;    /* from 0 */
	unsigned documents; /* which document, from 1 */
};

typedef VEC(struct yaml_event) yaml_events;

/* The events of all documents, without the stream's and documents' own.  `place` begins messages. */
bool yaml_read(struct arena *out, struct str text, const char *place, yaml_events *events, struct err *err);

/* The index behind the node that begins at `at`. */
size_t yaml_skip(const yaml_events *events, size_t at);

/* The node itself for an alias, `at` for all else.  A node may hold an alias to itself: whoever walks counts steps. */
size_t yaml_node(const yaml_events *events, size_t at);

/* In the map that begins at `map`: the index of the value of `key`, or 0.  Merged maps (`<<`) are looked into. */
size_t yaml_find(const yaml_events *events, size_t map, struct str key);

#endif
