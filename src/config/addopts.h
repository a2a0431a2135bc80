/* The options of pytest that change what is collected, out of `addopts`. */
#ifndef CONFIG_ADDOPTS_H
#define CONFIG_ADDOPTS_H

#include "model/config.h"

struct addopts {
	strs overrides; /* -o NAME=VALUE */
	strs paths;     /* arguments that are no options: files and folders to collect */
};

/* Adds what `words` say to `config`.  Paths stay as written.  `is_path` says whether a word is a file or folder
 * that exists: the argument of an option nobody here knows is one only then. */
void addopts_read(struct arena *out, const strs *words, bool (*is_path)(const void *user, struct str word),
                  const void *user, struct pytest_config *config, struct addopts *rest);

#endif
