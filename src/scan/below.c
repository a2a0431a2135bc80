/* openat2 where the kernel has it (5.6), else openat, which guards the last component only. */
#include "scan/below.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_beneath(int dirfd, const char *path, int flags)
{
	struct open_how how = {.flags = (unsigned)flags, .resolve = RESOLVE_NO_SYMLINKS};
	return (int)syscall(SYS_openat2, dirfd, path, &how, sizeof how);
}

bool below_open_root(struct below *below, struct arena *out, const char *root, struct err *err)
{
	char real[PATH_MAX];
	*below = (struct below){.fd = -1};
	if (!realpath(root, real))
		return fail_usage(err, "cannot open the folder %s: %s", root, strerror(errno));
	below->fd = open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (below->fd < 0)
		return fail_usage(err, "cannot open the folder %s: %s", root, strerror(errno));
	below->root = str_copy(out, str_of(real));
	int probe = open_beneath(below->fd, ".", O_PATH | O_CLOEXEC);
	below->has_openat2 = probe >= 0;
	if (probe >= 0)
		close(probe);
	return true;
}

void below_close_root(struct below *below)
{
	if (below->fd >= 0)
		close(below->fd);
	below->fd = -1;
}

int below_open(const struct below *below, const char *path, int flags)
{
	if (below->has_openat2)
		return open_beneath(below->fd, path, flags | O_CLOEXEC);
	return openat(below->fd, path, flags | O_CLOEXEC | O_NOFOLLOW);
}

/* Where an open file really is; the kernel's word, so nothing can be swapped between look and use. */
static bool is_inside(const struct below *below, const char *proc)
{
	char target[PATH_MAX];
	ssize_t n = readlink(proc, target, sizeof target);
	struct str root = below->root;
	if (n <= 0 || n == sizeof target)
		return false;
	struct str at = {target, (size_t)n};
	return root.n == 1 || (str_starts(at, root) && at.n > root.n && at.at[root.n] == '/');
}

int below_open_link(const struct below *below, const char *path, bool only_look, struct stat *st)
{
	char proc[64];
	int look = openat(below->fd, path, O_PATH | O_CLOEXEC), fd = -1, why = 0;
	if (look < 0)
		return -1;
	snprintf(proc, sizeof proc, "/proc/self/fd/%d", look);
	if (fstat(look, st) != 0)
		why = errno;
	else if (!S_ISREG(st->st_mode))
		why = EINVAL;
	else if (!is_inside(below, proc))
		why = EXDEV;
	else if (only_look)
		return look;
	else if ((fd = open(proc, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) < 0)
		why = errno;
	close(look);
	errno = why;
	return fd;
}
