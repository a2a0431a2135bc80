/* Quoting for the shell and for make, in one place.  YAML's is in yaml.h, JSON's in json.h. */
#ifndef EMIT_QUOTE_H
#define EMIT_QUOTE_H

#include "base/err.h"
#include "base/str.h"

/* `s` as one word of a POSIX shell, bare when it may be.  No argument can hold NUL: *word is then not made. */
bool quote_sh(struct arena *out, struct str s, struct str *word, struct err *err);

/* Shell text as a line of a make recipe: every $ doubled.  A recipe line cannot hold a line end or NUL. */
bool quote_make(struct arena *out, struct str shell, struct str *line, struct err *err);

/* `s` for a person to read on one line: control characters and bytes that are no UTF-8 as \xNN. */
struct str quote_shown(struct arena *out, struct str s);

#endif
