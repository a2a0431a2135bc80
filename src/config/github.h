/* [emit.github]: what the GitHub workflow is made of besides the plan. */
#ifndef CONFIG_GITHUB_H
#define CONFIG_GITHUB_H

#include "config/read.h"

read_fn read_github; /* [struct github_config] */

#endif
