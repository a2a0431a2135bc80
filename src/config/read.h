/* Reading TOML tables by rows: a row names a key, who reads its value, and the field it goes to.  A key without
 * a row is an error that names the nearest row. */
#ifndef CONFIG_READ_H
#define CONFIG_READ_H

#include "config/toml.h"

struct reader {
	struct arena *out, *tmp;
	const char *path; /* begins every message */
	struct err *err;
};

typedef bool read_fn(const struct reader *r, const struct toml_value *value, void *to);

struct field {
	const char *key;
	read_fn *read;
	size_t offset; /* of the field in the struct that `to` points to */
};

/* Each returns false after a message with the place. */
bool read_table(const struct reader *r, const struct toml_value *table, const struct field *fields, size_t n, void *to);
#define READ_TABLE(r, table, fields, to) read_table((r), (table), (fields), sizeof(fields) / sizeof *(fields), (to))

bool read_wrong(const struct reader *r, const struct toml_value *value, const char *expected);
/* The same with the key's place, for a name that is wrong itself; `known` are the right names. */
bool read_unknown(const struct reader *r, uint32_t line, uint32_t column, const char *what, struct str name,
                  const struct str *known, size_t n);
bool read_missing(const struct reader *r, const struct toml_value *table, const char *what);
struct str read_place(const struct reader *r, const struct toml_value *value); /* "path:line:column" of its key */

/* Readers: `to` is the type in brackets. */
read_fn read_text;       /* [struct str] any string without NUL */
read_fn read_texts;      /* [strs] replaces */
read_fn read_more_texts; /* [strs] adds what is not there yet; a lone string counts as a list of one */
read_fn read_paths;      /* [strs] relative paths that stay inside, normalised */
read_fn read_path;       /* [struct str] */
read_fn read_bool;       /* [bool] */
read_fn read_seconds;    /* [int64_t] milliseconds, from whole or decimal seconds, at most a day */
read_fn read_shards;     /* [uint32_t] "auto" or 1 to 256 */
read_fn read_count;      /* [uint32_t] 1 to 256 */
/* The index of a string among `words`, or a message that lists them. */
bool read_choice(const struct reader *r, const struct toml_value *value, const struct str *words, size_t n,
                 size_t *choice);
/* Whether a name may stand in file names, job names and yaml keys unquoted. */
bool read_is_plain_name(struct str name);

#endif
