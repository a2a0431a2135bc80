/* Names of the unknowns. */
#include "model/suite.h"

const char *unknown_name(enum unknown_kind kind)
{
	static const char *const names[] = {
	        "generated", "hook",    "parametrize",     "base",   "star-import", "decorator", "condition",
	        "skip",      "fixture", "dynamic-fixture", "ignore", "plugins",     "syntax",
	};
	return names[kind];
}
