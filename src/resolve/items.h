/* What a pytest_collection_modifyitems does to the tests it is given. */
#ifndef RESOLVE_ITEMS_H
#define RESOLVE_ITEMS_H

#include "resolve/names.h"

/* Whether the hook may take tests away or add some; going through them, sorting and sorting into piles does not.
 * `*adds_marks` is set when it adds marks. */
bool items_change(struct names *names, struct target hook, bool *adds_marks);

#endif
