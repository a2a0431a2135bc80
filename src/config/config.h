/* lanewright.toml, or [tool.lanewright] in pyproject.toml. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/err.h"
#include "model/config.h"

/* The root of the project, absolute and NUL-ended, in `out`.  `chdir` (-C) when given; else the folder of
 * `config_path` (--config) when given; else the nearest folder, from the current one upward, that has a
 * lanewright config; else the nearest that has a pytest config, as pytest finds its rootdir; else the current
 * folder.  The search ends with the folder that holds .git: what lies above is another project. */
bool config_root(struct arena *out, struct arena *tmp, const char *chdir, const char *config_path, struct str *root,
                 struct err *err);

/* `path` NULL: lanewright.toml in the root, else its pyproject.toml if that has [tool.lanewright], else the
 * defaults.  A config lives in `out`, its texts too.  What is wrong in it is a usage error, `file:line:column:
 * what`. */
bool config_read(struct arena *out, struct arena *tmp, const char *root, const char *path, struct config *config,
                 struct err *err);

/* The same in two steps, for who may not want the catalogue of services: without services of its own the config has none
 * after the first. */
bool config_read_file(struct arena *out, struct arena *tmp, const char *root, const char *path, struct config *config,
                      struct err *err);
bool config_add_catalogue(struct arena *out, struct arena *tmp, struct config *config, struct err *err);

/* The same of a text that is to be the lanewright.toml at `path`. */
bool config_parse(struct arena *out, struct arena *tmp, struct str text, struct str path, struct config *config,
                  struct err *err);

#endif
