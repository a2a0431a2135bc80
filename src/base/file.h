/* Whole files in, whole files out. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/err.h"
#include "base/str.h"

enum { FILE_LARGEST = 1 << 30 }; /* bytes; larger files are refused with a reason */

/* Reads a regular file below `dirfd` (AT_FDCWD for the current folder).  The text is followed by FILE_PADDING
 * zero bytes that do not count, so that a scanner may look ahead without asking.  No symlink is followed in
 * the last component when `no_follow`. */
enum { FILE_PADDING = 64 };
bool file_read_at(struct arena *out, int dirfd, const char *path, bool no_follow, struct str *text, struct err *err);
bool file_read(struct arena *out, const char *path, struct str *text, struct err *err);
/* The next `size` bytes of an open file, padded; fewer at its end.  False with errno. */
bool file_read_sized(struct arena *out, int fd, size_t size, struct str *text);
/* All that a pipe or terminal gives; `name` is for the message. */
bool file_read_stream(struct arena *out, int fd, const char *name, struct str *text, struct err *err);
bool file_exists(const char *path);
/* All or nothing: a file beside it, fsync, rename, fsync of the folder.  Keeps the mode of the file it replaces.
 * Missing folders are made.  Devices, pipes and /dev/stderr are written to as they are.  What a killed process leaves
 * is called `path` FILE_UNFINISHED and used up by the next that writes the same file. */
#define FILE_UNFINISHED ".lanewright"
bool file_write(const char *path, struct str text, struct err *err);
bool file_make_dirs(const char *dir, struct err *err);

#endif
