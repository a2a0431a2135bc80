/* One file at a time: its text in a page that is used again, its facts for good.  Files of one content share them. */
#include "scan/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"
#include "python/outline.h"
#include "scan/below.h"

struct sources {
	struct repo_reader reader; /* first: a pointer to it is one to all */
	struct arena *out;
	const struct repo *repo;
	struct below below;
	struct arena page, tmp;
	struct map by_content; /* half of the hash -> file whose facts were read */
};

static bool tell_change(struct sources *s, const struct source_file *file)
{
	if (s->reader.err.code == ERR_NONE)
		fail(&s->reader.err, "%.*s changed while it was looked at: run this again", STR_ARG(file->path));
	return false;
}

/* The walk has judged links already; this only makes sure that they still do not lead out. */
static int open_source(struct sources *s, const char *path, struct stat *st)
{
	int fd = below_open(&s->below, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ELOOP)
		return below_open_link(&s->below, path, false, st);
	if (fd >= 0 && (fstat(fd, st) != 0 || !S_ISREG(st->st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool read_text(struct sources *s, const struct source_file *file, struct str *text)
{
	struct stat st;
	arena_reset(&s->page);
	int fd = open_source(s, str_c(&s->page, file->path), &st);
	if (fd < 0)
		return tell_change(s, file);
	bool ok = (uint64_t)st.st_size == file->size && file_read_sized(&s->page, fd, (size_t)file->size, text) &&
	          text->n == file->size;
	close(fd);
	if (!ok)
		return tell_change(s, file);
	struct hash128 hash = hash128(*text);
	return (hash.high == file->hash_high && hash.low == file->hash_low) || tell_change(s, file);
}

static void read_facts(struct sources *s, uint32_t file, struct arena *out, struct intern *names, struct facts *facts)
{
	static const char nothing[FILE_PADDING];
	const struct source_file *source = &s->repo->files.at[file];
	struct str text = {nothing, 0};
	if (source->is_unreadable || !read_text(s, source, &text))
		text = (struct str){nothing, 0};
	arena_reset(&s->tmp);
	outline_read(out, &s->tmp, names, text, facts);
}

static const struct facts *facts_of(struct repo_reader *reader, uint32_t file)
{
	struct sources *s = (struct sources *)reader;
	const struct source_file *source = &s->repo->files.at[file];
	uint32_t known = source->is_unreadable ? MAP_NONE : map_get(&s->by_content, source->hash_low);
	if (known != MAP_NONE && s->repo->files.at[known].hash_high == source->hash_high)
		return s->repo->facts[known];
	struct facts *facts = arena_new(s->out, struct facts);
	read_facts(s, file, s->out, s->repo->names, facts);
	if (known == MAP_NONE && !source->is_unreadable)
		map_put(&s->by_content, source->hash_low, file);
	return facts;
}

bool sources_glance(struct repo *repo, uint32_t file, struct arena *out, struct intern *names, struct facts *facts)
{
	struct sources *s = (struct sources *)repo->reader;
	read_facts(s, file, out, names, facts);
	return s->reader.err.code == ERR_NONE;
}

void sources_open(struct arena *out, struct repo *repo)
{
	struct sources *s = arena_new(out, struct sources);
	struct err ignored = {0};
	s->reader.read = facts_of;
	s->out = out;
	s->repo = repo;
	s->below.fd = -1;
	arena_init(&s->page, out->trap);
	arena_init(&s->tmp, out->trap);
	map_init(&s->by_content, out);
	repo->facts = arena_array(out, const struct facts *, repo->files.n + 1);
	repo->reader = &s->reader;
	if (!below_open_root(&s->below, out, repo->root.at, &ignored))
		s->reader.err = ignored;
}

void sources_close(struct repo *repo)
{
	struct sources *s = (struct sources *)repo->reader;
	if (!s)
		return;
	below_close_root(&s->below);
	arena_free(&s->page);
	arena_free(&s->tmp);
}
