/* One section of an ini file, as pytest's own reader (iniconfig) sees it: values go on over indented lines, `;`
 * and `#` comment a whole line only. */
#ifndef CONFIG_INI_H
#define CONFIG_INI_H

#include "base/err.h"
#include "base/str.h"

struct ini_entry {
	struct str name, value; /* continuation lines joined by \n */
	uint32_t line;          /* of the name */
};

typedef VEC(struct ini_entry) ini_entries;

/* *found: the section exists, be it empty.  Everything lives in `out`.  A line that is neither, or a name given
 * twice, is a usage error `path:line:1: what`. */
bool ini_read(struct arena *out, struct str text, const char *path, const char *section, ini_entries *entries,
              bool *found, struct err *err);

#endif
