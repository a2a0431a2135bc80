/* Walking a tree: threads take folders from a common stack.
 *
 * A folder is opened from its parent, which stays open until all its folders have been entered; where too many
 * are open, from the root by its path.  Names are sorted folder by folder, so that the whole comes out in the
 * order of the paths' bytes without being sorted again. */
#include "scan/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 32768 };

struct dir {
	struct str path; /* "" for the root */
	struct dir *parent;
	struct dir *next; /* in the stack */
	int fd;           /* -1: not open */
	int slot;         /* in walk->kept, or -1 */
	size_t pending;   /* folders in it that have not been opened */
	struct found *files;
	size_t n_files;
	struct dir **dirs;
	size_t n_dirs;
	/* For the way back to one list. */
	size_t file_at, dir_at;
	bool is_collected;
};

struct name_entry {
	struct str name;
	unsigned char type; /* DT_ */
};

typedef VEC(struct name_entry) name_entries;

const char *walk_trouble(int why)
{
	switch (why) {
	case EACCES:
	case EPERM: return "it may not be read";
	case ELOOP: return "it is a symbolic link now";
	case EXDEV: return "the link leads out of the root";
	case EINVAL: return "it is not a regular file";
	case ENAMETOOLONG: return "its path is too long";
	case ENOENT:
	case ENOTDIR: return "it has vanished";
	default: return NULL;
	}
}

static void report(struct walk *walk, struct worker *worker, struct str path, const char *text)
{
	struct scan_finding finding = {.path = str_copy(&worker->out, path), .text = str_of(text)};
	vec_push(&worker->out, &walk->parts[worker->number].findings, finding);
}

static bool is_python(struct str name)
{
	return name.n > 3 && str_ends(name, STR(".py"));
}

/* As the bytes of the paths: a folder's name goes on with a slash. */
static int by_path(const void *left, const void *right)
{
	const struct name_entry *a = left, *b = right;
	size_t n = a->name.n < b->name.n ? a->name.n : b->name.n;
	int order = memcmp(a->name.at, b->name.at, n);
	if (order)
		return order;
	int after_a = n < a->name.n ? (unsigned char)a->name.at[n] : a->type == DT_DIR ? '/' : -1;
	int after_b = n < b->name.n ? (unsigned char)b->name.at[n] : b->type == DT_DIR ? '/' : -1;
	return after_a - after_b;
}

/* ---- reading one folder ---- */

/* Some file systems do not say. */
static unsigned char type_of(int fd, const struct dirent64 *entry)
{
	struct stat st;
	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type;
	if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? DT_UNKNOWN : DT_REG; /* who opens it will say why */
	return IFTODT(st.st_mode);
}

/* Whether the entry says that this folder is a virtual environment. */
static bool tells_venv(int fd, struct str name, unsigned char type)
{
	if (type == DT_DIR)
		return str_eq(name, STR("conda-meta")) && faccessat(fd, "conda-meta/history", F_OK, 0) == 0;
	return str_eq(name, STR("pyvenv.cfg"));
}

static void take_entry(struct worker *worker, const struct dirent64 *entry, name_entries *names, bool *is_venv)
{
	struct str name = str_of(entry->d_name);
	if (str_eq(name, STR(".")) || str_eq(name, STR("..")))
		return;
	unsigned char type = type_of(worker->fd, entry);
	*is_venv |= tells_venv(worker->fd, name, type);
	if (type == DT_DIR || type == DT_LNK || (type == DT_REG && is_python(name)))
		vec_push(&worker->tmp, names, ((struct name_entry){str_copy(&worker->tmp, name), type}));
}

static bool list(struct walk *walk, struct worker *worker, name_entries *names, bool *is_venv)
{
	char *buffer = walk->parts[worker->number].buffer;
	ssize_t n;
	while ((n = getdents64(worker->fd, buffer, BUFFER)) > 0 || (n < 0 && errno == EINTR))
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *entry = (const struct dirent64 *)(const void *)(buffer + at);
			take_entry(worker, entry, names, is_venv);
			at += entry->d_reclen;
		}
	return n == 0;
}

/* Clamped to the years 1740 to 2200, so that sums stay in range. */
static int64_t nanoseconds(struct timespec time)
{
	const int64_t most = 7258118400;
	int64_t seconds = time.tv_sec;
	if (seconds > most)
		seconds = most;
	if (seconds < -most)
		seconds = -most;
	return seconds * 1000000000 + time.tv_nsec;
}

void found_set_stat(struct found *file, const struct stat *st)
{
	file->now.size = (uint64_t)st->st_size;
	file->now.ino = st->st_ino;
	file->now.dev = st->st_dev;
	file->now.mode = st->st_mode;
	file->now.mtime_ns = nanoseconds(st->st_mtim);
	file->now.ctime_ns = nanoseconds(st->st_ctim);
	file->has_stat = true;
}

/* A link counts as the file it leads to, if that lies in the tree.  False: it is no file at all. */
static bool look_at_link(struct walk *walk, struct found *file)
{
	struct stat st;
	int fd = below_open_link(walk->below, file->now.path.at, true, &st);
	file->is_link = true;
	if (fd >= 0) {
		close(fd);
		found_set_stat(file, &st);
		return true;
	}
	file->trouble = walk_trouble(errno);
	return errno == EXDEV || errno == EACCES;
}

static bool look_at(struct walk *walk, struct worker *worker, struct str name, unsigned char type, struct found *file)
{
	struct stat st;
	file->is_conftest = str_eq(name, STR("conftest.py"));
	if (type == DT_LNK)
		return look_at_link(walk, file);
	if (!walk->wants_stat)
		return true;
	if (fstatat(worker->fd, name.at, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno != ENOENT; /* vanished in this moment, or else who opens it will say why */
	found_set_stat(file, &st);
	return S_ISREG(st.st_mode);
}

static void look_at_strange_link(struct walk *walk, struct worker *worker, struct str name, struct str path)
{
	struct stat st;
	if (fstatat(worker->fd, name.at, &st, 0) == 0 && S_ISDIR(st.st_mode))
		report(walk, worker, path, "a symbolic link to a folder, not followed");
}

static struct dir *new_dir(struct arena *out, struct dir *parent, struct str path)
{
	struct dir *dir = arena_new(out, struct dir);
	*dir = (struct dir){.path = path, .parent = parent, .fd = -1, .slot = -1};
	return dir;
}

static void take_file(struct walk *walk, struct worker *worker, struct dir *dir, const struct name_entry *entry,
                      struct str path)
{
	struct found *file = &dir->files[dir->n_files];
	file->now.path = path;
	if (look_at(walk, worker, entry->name, entry->type, file))
		dir->n_files++;
	else
		*file = (struct found){0};
}

static void sort_out(struct walk *walk, struct worker *worker, struct dir *dir, const name_entries *names)
{
	size_t n_dirs = 0;
	for (size_t i = 0; i < names->n; i++)
		n_dirs += names->at[i].type == DT_DIR;
	dir->dirs = arena_array(&worker->out, struct dir *, n_dirs);
	dir->files = arena_array(&worker->out, struct found, names->n - n_dirs);
	for (size_t i = 0; i < names->n; i++) {
		const struct name_entry *entry = &names->at[i];
		struct str path = path_join(&worker->out, dir->path, entry->name);
		if (path.n > WALK_PATH_LONGEST)
			report(walk, worker, path, "left out: the path is longer than 4,000 bytes");
		else if (entry->type == DT_DIR) {
			if (bounds_enter(walk->bounds, &worker->tmp, path, false))
				dir->dirs[dir->n_dirs++] = new_dir(&worker->out, dir, path);
		} else if (is_python(entry->name))
			take_file(walk, worker, dir, entry, path);
		else
			look_at_strange_link(walk, worker, entry->name, path);
	}
}

/* ---- the common stack ---- */

/* Under the mutex. */
static void let_go(struct walk *walk, struct dir *dir)
{
	if (--dir->pending || dir->fd < 0)
		return;
	close(dir->fd);
	dir->fd = -1;
	walk->kept[dir->slot] = NULL;
}

/* Under the mutex: the worker's open folder is kept for the folders in it, or closed. */
static void keep(struct walk *walk, struct worker *worker, struct dir *dir)
{
	dir->pending = dir->n_dirs;
	for (int i = 0; dir->n_dirs && dir->fd < 0 && i < WALK_KEPT; i++)
		if (!walk->kept[i]) {
			walk->kept[i] = dir;
			dir->slot = i;
			dir->fd = worker->fd;
			worker->fd = -1;
		}
	if (worker->fd >= 0)
		close(worker->fd);
	worker->fd = -1;
}

static struct dir *next_dir(struct walk *walk)
{
	struct crew *crew = &walk->crew;
	struct dir *dir = NULL;
	pthread_mutex_lock(&crew->mutex);
	while (!crew->is_stopped && !walk->waiting && walk->busy)
		pthread_cond_wait(&crew->changed, &crew->mutex);
	if (!crew->is_stopped && walk->waiting) {
		dir = walk->waiting;
		walk->waiting = dir->next;
		walk->busy++;
	}
	pthread_mutex_unlock(&crew->mutex);
	return dir;
}

static void done(struct walk *walk, struct worker *worker, struct dir *dir)
{
	pthread_mutex_lock(&walk->crew.mutex);
	keep(walk, worker, dir);
	for (size_t i = dir->n_dirs; i > 0; i--) {
		dir->dirs[i - 1]->next = walk->waiting;
		walk->waiting = dir->dirs[i - 1];
	}
	walk->n_files += dir->n_files;
	walk->busy--;
	if (dir->n_dirs > 1 || walk->busy == 0)
		pthread_cond_broadcast(&walk->crew.changed);
	pthread_mutex_unlock(&walk->crew.mutex);
}

/* The parent's descriptor is safe to use without the mutex: it stays open for us until let_go. */
static int open_dir(struct walk *walk, struct dir *dir)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
	struct dir *parent = dir->parent;
	int fd;
	if (!parent)
		return below_open(walk->below, ".", flags);
	do {
		fd = parent->fd >= 0 ? openat(parent->fd, path_base(dir->path).at, flags)
		                     : below_open(walk->below, dir->path.at, flags);
	} while (fd < 0 && errno == EINTR);
	int why = errno;
	pthread_mutex_lock(&walk->crew.mutex);
	let_go(walk, parent);
	pthread_mutex_unlock(&walk->crew.mutex);
	errno = why;
	return fd;
}

/* False for trouble that is not the folder's own. */
static bool is_bearable(struct walk *walk, struct worker *worker, struct dir *dir, int why)
{
	const char *trouble = walk_trouble(why);
	if (!trouble)
		return fail(&worker->err, "cannot read the folder %s: %s", dir->path.n ? dir->path.at : ".",
		            strerror(why));
	if (why != ENOENT && why != ENOTDIR)
		report(walk, worker, dir->path, str_fmt(&worker->out, "the folder is left out: %s", trouble).at);
	return true;
}

static bool enter(struct walk *walk, struct worker *worker, struct dir *dir)
{
	name_entries names = {0};
	bool is_venv = false;
	worker->fd = open_dir(walk, dir);
	if (worker->fd < 0)
		return is_bearable(walk, worker, dir, errno);
	if (!list(walk, worker, &names, &is_venv))
		return is_bearable(walk, worker, dir, errno);
	if (is_venv && dir->parent && !bounds_enter(walk->bounds, &worker->tmp, dir->path, true))
		return true;
	if (names.n)
		qsort(names.at, names.n, sizeof *names.at, by_path);
	sort_out(walk, worker, dir, &names);
	return true;
}

static void walk_work(void *job, struct worker *worker)
{
	struct walk *walk = job;
	struct dir *dir;
	walk->parts[worker->number].buffer = arena_raw(&worker->out, BUFFER);
	while ((dir = next_dir(walk))) {
		bool ok = enter(walk, worker, dir);
		done(walk, worker, dir);
		if (!ok)
			return;
		arena_reset(&worker->tmp);
	}
}

/* ---- one list of it ---- */

static void choose(const struct walk *walk, struct arena *tmp, const struct dir *dir, struct found *file)
{
	file->is_test = bounds_collect_file(walk->bounds, tmp, file->now.path, dir->is_collected);
}

/* Whether the next file of the folder comes before its next folder. */
static bool file_is_next(const struct dir *dir)
{
	if (dir->file_at == dir->n_files)
		return false;
	if (dir->dir_at == dir->n_dirs)
		return true;
	struct name_entry file = {dir->files[dir->file_at].now.path, DT_REG};
	struct name_entry folder = {dir->dirs[dir->dir_at]->path, DT_DIR};
	return by_path(&file, &folder) < 0;
}

static void flatten(struct walk *walk, struct arena *out, struct found_list *files)
{
	struct arena *tmp = &walk->tmp;
	struct dir *dir = walk->top;
	files->n = 0;
	files->at = arena_raw(out, arena_size(out, walk->n_files, sizeof *files->at));
	dir->is_collected = bounds_collect_dir(walk->bounds, tmp, dir->path, false);
	while (dir) {
		if (file_is_next(dir)) {
			struct found *file = &dir->files[dir->file_at++];
			choose(walk, tmp, dir, file);
			files->at[files->n++] = file;
		} else if (dir->dir_at < dir->n_dirs) {
			struct dir *child = dir->dirs[dir->dir_at++];
			child->is_collected = bounds_collect_dir(walk->bounds, tmp, child->path, dir->is_collected);
			dir = child;
			arena_reset(tmp);
		} else {
			dir = dir->parent;
		}
	}
}

static void close_kept(struct walk *walk)
{
	for (size_t i = 0; i < WALK_KEPT; i++) {
		if (walk->kept[i])
			close(walk->kept[i]->fd);
		walk->kept[i] = NULL;
	}
}

void walk_start(struct walk *walk, struct arena *out, unsigned jobs)
{
	arena_init(&walk->tmp, out->trap);
	walk->parts = arena_array(out, struct walk_part, jobs);
	walk->top = walk->waiting = new_dir(out, NULL, STR_NONE);
	crew_open(&walk->crew, out, jobs, walk_work, walk);
	crew_start(&walk->crew, 1);
}

bool walk_finish(struct walk *walk, struct arena *out, struct found_list *files, scan_findings *findings,
                 struct err *err)
{
	crew_take_part(&walk->crew);
	unsigned n = walk->crew.n;
	bool ok = crew_close(&walk->crew, out, err);
	close_kept(walk);
	if (!ok)
		return false;
	for (unsigned i = 0; i < n; i++) {
		const scan_findings *own = &walk->parts[i].findings;
		for (size_t k = 0; k < own->n; k++)
			vec_push(out, findings, own->at[k]);
	}
	flatten(walk, out, files);
	arena_free(&walk->tmp);
	return true;
}

void walk_abandon(struct walk *walk, struct arena *out)
{
	struct err ignored = {0};
	if (walk->crew.is_open) {
		crew_stop(&walk->crew);
		crew_close(&walk->crew, out, &ignored);
	}
	close_kept(walk);
	arena_free(&walk->tmp);
}
