/* Names of the unknowns, and the files that hide tests. */
#include "model/suite.h"

const char *unknown_name(enum unknown_kind kind)
{
	static const char *const names[] = {
	        "generated", "hook",    "parametrize",     "base",   "star-import", "decorator", "condition",
	        "skip",      "fixture", "dynamic-fixture", "ignore", "plugins",     "syntax",
	};
	return names[kind];
}

bool suite_hides(const struct suite *suite, uint32_t file)
{
	for (size_t i = 0; i < suite->hiding.n; i++)
		if (suite->hiding.at[i].file == file)
			return true;
	return false;
}
