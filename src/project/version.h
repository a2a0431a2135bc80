/* The version of pytest that a project installs, as its lock or requirement files say. */
#ifndef PROJECT_VERSION_H
#define PROJECT_VERSION_H

#include "base/str.h"

/* "8.3.4" of a lock file, ">=8.2,<9" of a requirement; *line is where it stands.  "" when it says none. */
struct str version_of_pytest(struct str text, unsigned *line);

#endif
