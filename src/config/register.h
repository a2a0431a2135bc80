/* Adding markers to a pytest config, in the manner of the file. */
#ifndef CONFIG_REGISTER_H
#define CONFIG_REGISTER_H

#include "base/err.h"
#include "base/str.h"

/* `path`: of the file that pytest_config_read() found, which says what it is; `lines`: "requires_redis: needs redis".
 * False with a usage error when the file is not plain enough.  Lives in `out`. */
bool register_markers(struct arena *out, const char *path, struct str text, const strs *lines, struct str *to,
                      struct err *err);

#endif
