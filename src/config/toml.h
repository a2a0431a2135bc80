/* A TOML document as a tree of values, each with the place where it and its key stand in the file.  Tables keep
 * the order of the file. */
#ifndef CONFIG_TOML_H
#define CONFIG_TOML_H

#include "base/err.h"
#include "base/str.h"

enum toml_kind { TOML_TABLE, TOML_ARRAY, TOML_STRING, TOML_INTEGER, TOML_FLOAT, TOML_BOOL, TOML_DATE };

struct toml_value {
	enum toml_kind kind;
	struct str key;                /* in a table; "" in an array */
	uint32_t key_line, key_column; /* from 1; columns count characters */
	uint32_t line, column;         /* of the value */
	struct str text;               /* TOML_STRING */
	int64_t integer;
	double real;
	bool truth;
	struct toml_value *at; /* children */
	size_t n;
};

/* The whole tree lives in `out`.  False: `path:line:column: why`, as a usage error. */
bool toml_parse(struct arena *out, struct str text, const char *path, struct toml_value *top, struct err *err);
/* The value under a key, or NULL; also NULL when `table` is NULL or no table. */
const struct toml_value *toml_get(const struct toml_value *table, const char *key);
const char *toml_kind_name(enum toml_kind kind); /* "a string" */

#endif
