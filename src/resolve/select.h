/* Tests that addopts leave out: -m, --deselect. */
#ifndef RESOLVE_SELECT_H
#define RESOLVE_SELECT_H

#include "model/config.h"
#include "model/suite.h"
#include "resolve/branches.h"

/* Whether pytest's options keep the test.  `marks_may_grow`: a hook may add marks that the source does not show.
 * `*reason`: the option, when the answer is MAYBE. */
enum verdict select_test(const struct pytest_config *pytest, const struct names *names, const struct test *test,
                         bool marks_may_grow, struct str *reason);

#endif
