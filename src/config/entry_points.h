/* The plugins that the project itself gives to pytest: its distribution's entry points in the group pytest11.  Whoever
 * runs the suite has the project installed, so pytest loads them. */
#ifndef CONFIG_ENTRY_POINTS_H
#define CONFIG_ENTRY_POINTS_H

#include "model/config.h"

/* Adds to config->plugins, each by its module, what pyproject.toml (PEP 621, Poetry) and setup.cfg name in the rootdir
 * and in the folders above it up to `root`, unless `-p no:NAME` turns it off.  A file that cannot be read or is damaged
 * names nothing.  setup.py, which is code, is the resolver's. */
void entry_points_read(struct arena *out, struct arena *tmp, struct str root, struct pytest_config *config);

#endif
