/* The border to toml++, in plain C types: a parsed document as a flat list of nodes, node 0 the top table, the
 * children of a table or array beside each other and in the order of the file.  Only toml.c includes this. */
#ifndef CONFIG_BRIDGE_H
#define CONFIG_BRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum bridge_kind {
	BRIDGE_TABLE,
	BRIDGE_ARRAY,
	BRIDGE_STRING,
	BRIDGE_INTEGER,
	BRIDGE_FLOAT,
	BRIDGE_BOOL,
	BRIDGE_DATE, /* any of TOML's dates and times; no key of ours wants one */
};

struct bridge_node {
	enum bridge_kind kind;
	uint32_t line, column;         /* of the value, from 1; columns count characters */
	uint32_t key_line, key_column; /* of its key; 0 in an array */
	size_t key, n_key;             /* where in the text */
	size_t text, n_text;           /* of a string */
	int64_t integer;
	double real;
	bool truth;
	size_t first, n; /* children */
};

struct bridge_error {
	bool no_memory;
	uint32_t line, column;
	char text[256];
};

struct bridge;

/* NULL when the text is no TOML; *error then says why.  Given back with bridge_free. */
struct bridge *bridge_parse(const char *text, size_t n, struct bridge_error *error);
const struct bridge_node *bridge_nodes(const struct bridge *bridge, size_t *n);
const char *bridge_text(const struct bridge *bridge, size_t *n); /* keys and strings, one after the other */
void bridge_free(struct bridge *bridge);

#ifdef __cplusplus
}
#endif

#endif
