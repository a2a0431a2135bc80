/* Opening what lies below the root, and nothing else: no symbolic link leads out, also when somebody swaps a
 * folder for one in mid-scan. */
#ifndef SCAN_BELOW_H
#define SCAN_BELOW_H

#include <sys/stat.h>

#include "base/err.h"
#include "base/str.h"

struct below {
	int fd;          /* of the root */
	struct str root; /* absolute, without symbolic links */
	bool has_openat2;
};

bool below_open_root(struct below *below, struct arena *out, const char *root, struct err *err);
void below_close_root(struct below *below);
/* A descriptor, or -1 with errno.  `path` is relative and holds no `..`; a link in any place is ELOOP. */
int below_open(const struct below *below, const char *path, int flags);
/* The regular file a link leads to, opened for reading or, with `only_look`, O_PATH.  EXDEV when it leads out of
 * the root, EINVAL when it is no regular file. */
int below_open_link(const struct below *below, const char *path, bool only_look, struct stat *st);

#endif
