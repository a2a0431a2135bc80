/* What must not be taken apart: files and classes whose tests share more than their module. */
#ifndef PARTITION_TOGETHER_H
#define PARTITION_TOGETHER_H

#include "partition/units.h"

/* Why the file must stay whole, or "" when it may be split. */
struct str together_file(struct arena *out, const struct plan_request *request, uint32_t file);

/* Whether the tests, all of one class, share state of the class: class-scoped fixtures, setup_class and its kin, or a
 * base class that cannot be seen. */
bool together_class(const struct plan_request *request, const uint32_t *tests, uint32_t n);

#endif
