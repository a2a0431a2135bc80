/* What pytest-env gives to the environment of every test: `env` of pytest's own file, or the table that it has for
 * itself. */
#ifndef CONFIG_PYTEST_ENV_H
#define CONFIG_PYTEST_ENV_H

#include "model/config.h"

/* Adds its values, in any order.  `root` is absolute; a file that cannot be read says nothing. */
void pytest_env_values(struct arena *out, const char *root, const struct pytest_config *pytest, given_values *given);

#endif
