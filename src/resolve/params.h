/* What stands in a test's brackets: cases of parametrized fixtures and of parametrize marks. */
#ifndef RESOLVE_PARAMS_H
#define RESOLVE_PARAMS_H

#include "resolve/closure.h"

/* Sets .n_params, .params and .are_params_exact; adds an unknown for each part that cannot be read.  `hooks` are the
 * pytest_generate_tests functions that see the test; `is_free` that nothing else names its parameters.
 * Needs .marks and .fixtures. */
void params_of(struct fixtures *fixtures, struct arena *out, struct arena *tmp, const def_refs *hooks, bool is_free,
               struct test *test);

#endif
