/* Words of a shell line, as Python's shlex.split has them: blanks between, quotes and backslashes, no comments. */
#ifndef CONFIG_SHELL_H
#define CONFIG_SHELL_H

#include "base/str.h"

/* False when a quote or an escape is not closed; *why then says which. */
bool shell_split(struct arena *out, struct str line, strs *words, const char **why);

#endif
