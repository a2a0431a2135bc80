/* Reading and replacing files. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_read_sized(struct arena *out, int fd, size_t size, struct str *text)
{
	char *to = arena_raw(out, size + FILE_PADDING);
	size_t n = 0;
	while (n < size) {
		ssize_t got = read(fd, to + n, size - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	memset(to + n, 0, size + FILE_PADDING - n);
	*text = (struct str){to, n};
	return true;
}

bool file_read_at(struct arena *out, int dirfd, const char *path, bool no_follow, struct str *text, struct err *err)
{
	int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (no_follow ? O_NOFOLLOW : 0));
	if (fd < 0)
		return fail(err, "cannot open %s: %s", path, strerror(errno));
	struct stat st;
	bool ok = false;
	if (fstat(fd, &st) != 0)
		fail(err, "cannot read %s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		fail(err, "cannot read %s: it is not a regular file", path);
	else if (st.st_size > FILE_LARGEST)
		fail(err, "cannot read %s: it is larger than 1 GiB", path);
	else if (!file_read_sized(out, fd, (size_t)st.st_size, text))
		fail(err, "cannot read %s: %s", path, strerror(errno));
	else
		ok = true;
	close(fd);
	return ok;
}

bool file_read(struct arena *out, const char *path, struct str *text, struct err *err)
{
	return file_read_at(out, AT_FDCWD, path, false, text, err);
}

bool file_read_stream(struct arena *out, int fd, const char *name, struct str *text, struct err *err)
{
	enum { PIECE = 1 << 20 };
	struct arena room;
	strs pieces = {0};
	size_t total = 0;
	ssize_t got = 1;
	arena_init(&room, out->trap); /* pieces are kept apart until their sum is known, then given back */
	while (got != 0) {
		struct str piece = {arena_alloc(&room, PIECE), 0};
		while (piece.n < PIECE && (got = read(fd, (char *)piece.at + piece.n, PIECE - piece.n)) != 0) {
			if (got < 0 && errno == EINTR)
				continue;
			if (got < 0) {
				int why = errno;
				arena_free(&room);
				return fail(err, "cannot read %s: %s", name, strerror(why));
			}
			piece.n += (size_t)got;
		}
		vec_push(&room, &pieces, piece);
		total += piece.n;
	}
	char *all = arena_alloc(out, total + FILE_PADDING);
	*text = (struct str){all, total};
	for (size_t i = 0; i < pieces.n; all += pieces.at[i++].n)
		memcpy(all, pieces.at[i].at, pieces.at[i].n);
	arena_free(&room);
	return true;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool file_make_dirs(const char *dir, struct err *err)
{
	char path[4096];
	size_t n = strlen(dir);
	if (n == 0)
		return true;
	if (n >= sizeof path)
		return fail(err, "cannot make the folder %.60s...: the name is too long", dir);
	memcpy(path, dir, n + 1);
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		char was = path[i];
		path[i] = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST)
			return fail(err, "cannot make the folder %s: %s", path, strerror(errno));
		path[i] = was;
	}
	return true;
}

static bool write_all(int fd, struct str text)
{
	while (text.n) {
		ssize_t put = write(fd, text.at, text.n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		text = str_slice(text, (size_t)put, text.n);
	}
	return true;
}

static void sync_dir(const char *dir)
{
	int fd = open(*dir ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return; /* the rename is done; only its durability is less sure */
	(void)fsync(fd);
	close(fd);
}

/* What a rename must not replace: devices and pipes, and the names in /dev that stand for open files.  /dev/shm is a
 * folder like any other. */
static bool is_special(const char *path, mode_t mode)
{
	bool is_dev = strncmp(path, "/dev/", 5) == 0 && strncmp(path, "/dev/shm/", 9) != 0;
	return is_dev || strncmp(path, "/proc/", 6) == 0 || (!S_ISREG(mode) && !S_ISDIR(mode));
}

static bool write_through(const char *path, struct str text, struct err *err)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0)
		return fail(err, "cannot write %s: %s", path, strerror(errno));
	bool ok = write_all(fd, text);
	int why = errno;
	if (close(fd) != 0 && ok) {
		ok = false;
		why = errno;
	}
	return ok || fail(err, "cannot write %s: %s", path, strerror(why));
}

/* The file beside `path` that will replace it, locked until it does.  Its name is always the same, so that what a killed
 * process left behind is used up by the next one; another process that is writing is waited for.  Where the file
 * system has no locks there is none. */
static int open_beside(const char *temp)
{
	for (;;) {
		int fd = open(temp, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
		struct stat held, named;
		if (fd < 0)
			return fd;
		while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
			;
		bool is_there = fstat(fd, &held) == 0 && lstat(temp, &named) == 0;
		if (is_there && held.st_ino == named.st_ino && held.st_dev == named.st_dev && ftruncate(fd, 0) == 0)
			return fd;
		int why = errno;
		close(fd);
		if (!is_there && why != ENOENT) {
			errno = why;
			return -1;
		}
	}
}

static bool replace(int fd, const char *temp, const char *path, struct str text, const struct stat *old)
{
	return write_all(fd, text) && (!old || fchmod(fd, old->st_mode & 07777) == 0) && fsync(fd) == 0 &&
	       rename(temp, path) == 0;
}

bool file_write(const char *path, struct str text, struct err *err)
{
	char dir[4096], temp[4096 + 32];
	struct str folder = path_dir(str_of(path));
	if (strlen(path) >= sizeof dir)
		return fail(err, "cannot write %.60s...: the name is too long", path);
	memcpy(dir, folder.at, folder.n);
	dir[folder.n] = '\0';
	if (!file_make_dirs(dir, err))
		return false;
	snprintf(temp, sizeof temp, "%s" FILE_UNFINISHED, path);
	struct stat st;
	bool replaces = stat(path, &st) == 0;
	if (replaces && is_special(path, st.st_mode))
		return write_through(path, text, err);
	int fd = open_beside(temp);
	if (fd < 0)
		return fail(err, "cannot write %s: %s", path, strerror(errno));
	bool ok = replace(fd, temp, path, text, replaces ? &st : NULL);
	if (!ok) {
		fail(err, "cannot write %s: %s", path, strerror(errno));
		unlink(temp);
	}
	close(fd); /* says nothing new: fsync has been fine */
	if (ok)
		sync_dir(dir);
	return ok;
}
