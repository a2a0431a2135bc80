/* What pytest reads from its own files: pytest.toml, pytest.ini, pyproject.toml, tox.ini, setup.cfg. */
#ifndef CONFIG_PYTEST_INI_H
#define CONFIG_PYTEST_INI_H

#include "base/err.h"
#include "model/config.h"

/* Finds the file as pytest started in `root` with `paths` would: from their common folder upward, but not above
 * `root`.  testpaths, pythonpath, ignore, ignore_glob, deselect and args come out relative to our root (those that
 * lead out of it are left out); the rest as written, with pytest's defaults.  `plugins` keeps "no:NAME",
 * and has the modules that the project's own entry points name (entry_points.h).
 * A damaged file is a usage error, `file:line:column: what`.  Everything lives in `out`. */
bool pytest_config_read(struct arena *out, struct arena *tmp, const char *root, const strs *paths,
                        struct pytest_config *config, struct err *err);
/* Whether the folder has a file that makes it a pytest rootdir of its own accord.  Damaged files do not count. */
bool pytest_config_is_rootdir(struct arena *tmp, const char *dir);

#endif
