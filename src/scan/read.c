/* The threads' side: claim a chunk, read its files into one buffer that is used again, survey them. */
#include "scan/read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "python/survey.h"

/* One thread's own. */
struct read_part {
	char *buffer;
	size_t cap;
};

/* One chunk's results on their way. */
struct read_slot {
	struct arena arena;
	bool is_done; /* under the mutex */
};

/* ---- one file ---- */

/* False: not this file's trouble, but that of all. */
static bool note_trouble(struct worker *worker, struct reading *reading, int why)
{
	struct found *file = reading->file;
	if (why == EMFILE || why == ENFILE || why == ENOMEM)
		return fail(&worker->err, "cannot read %s: %s", file->now.path.at, strerror(why));
	reading->has_vanished = why == ENOENT || why == ENOTDIR;
	file->trouble = walk_trouble(why);
	if (!file->trouble)
		file->trouble = strerrordesc_np(why);
	return true;
}

static int open_file(const struct reader *reader, const struct found *file, struct stat *st)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	if (file->is_link)
		return below_open_link(reader->below, file->now.path.at, false, st);
	int fd = below_open(reader->below, file->now.path.at, flags);
	if (fd >= 0 && (fstat(fd, st) != 0 || !S_ISREG(st->st_mode))) {
		close(fd);
		errno = EINVAL;
		return -1;
	}
	return fd;
}

static void make_room(struct read_part *part, struct arena *arena, size_t used, size_t size)
{
	if (size + FILE_PADDING <= part->cap)
		return;
	size_t cap = (size + FILE_PADDING) * 3 / 2;
	part->buffer = arena_grow(arena, part->buffer, used, cap);
	part->cap = cap;
}

/* One byte more than the file should have is asked for: that it does not come shows the end without another
 * call.  errno 0: the file grew too large. */
static bool read_text(struct read_part *part, struct worker *worker, size_t size, struct str *text)
{
	size_t n = 0;
	for (;;) {
		make_room(part, &worker->out, n, (n > size ? n : size) + 1);
		size_t room = part->cap - FILE_PADDING - n;
		ssize_t got = read(worker->fd, part->buffer + n, room);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		n += (size_t)got;
		if (n > READ_LARGEST) {
			errno = EFBIG;
			return false;
		}
		if ((size_t)got < room)
			break;
	}
	memset(part->buffer + n, 0, FILE_PADDING);
	*text = (struct str){part->buffer, n};
	return true;
}

static struct str survey(struct worker *worker, struct arena *arena, struct str text)
{
	struct buf bytes;
	buf_init(&bytes, arena);
	survey_read(&bytes, &worker->tmp, text);
	arena_reset(&worker->tmp);
	return buf_str(&bytes);
}

/* The index is only read here: nothing is put into it while it is asked. */
static bool knows(const struct index *index, struct hash128 hash, uint32_t *row)
{
	*row = index ? index_find(index, hash) : 0;
	return *row != 0;
}

static bool read_file(struct reader *reader, struct worker *worker, struct arena *arena, struct reading *reading)
{
	struct read_part *part = &reader->parts[worker->number];
	struct found *file = reading->file;
	struct stat st;
	struct str text;
	if (file->trouble)
		return true;
	do
		worker->fd = open_file(reader, file, &st);
	while (worker->fd < 0 && errno == EINTR);
	if (worker->fd < 0)
		return note_trouble(worker, reading, errno);
	found_set_stat(file, &st);
	bool ok = st.st_size <= READ_LARGEST;
	errno = EFBIG;
	ok = ok && read_text(part, worker, (size_t)st.st_size, &text);
	int why = errno;
	close(worker->fd);
	worker->fd = -1;
	if (!ok && why == EFBIG)
		file->trouble = "it is larger than 64 MiB";
	else if (!ok)
		return note_trouble(worker, reading, why);
	if (!ok)
		return true;
	file->now.hash = hash128(text);
	reading->is_known = knows(reader->index, file->now.hash, &file->now.row);
	if (!reading->is_known)
		reading->survey = survey(worker, arena, text);
	return true;
}

/* ---- chunks ---- */

static size_t n_chunks(const struct reader *reader)
{
	return (reader->n + READ_CHUNK - 1) / READ_CHUNK;
}

static bool read_chunk(struct reader *reader, struct worker *worker, size_t chunk)
{
	struct arena *arena = &reader->slots[chunk % reader->n_slots].arena;
	size_t end = (chunk + 1) * READ_CHUNK;
	arena->trap = worker->out.trap;
	arena_reset(arena);
	for (size_t i = chunk * READ_CHUNK; i < end && i < reader->n; i++)
		if (!read_file(reader, worker, arena, &reader->at[i]))
			return false;
	return true;
}

static bool claim(struct reader *reader, size_t *chunk)
{
	struct crew *crew = &reader->crew;
	pthread_mutex_lock(&crew->mutex);
	while (!crew->is_stopped && reader->claimed < n_chunks(reader) &&
	       reader->claimed >= reader->taken + reader->n_slots)
		pthread_cond_wait(&crew->changed, &crew->mutex);
	bool ok = !crew->is_stopped && reader->claimed < n_chunks(reader);
	*chunk = reader->claimed;
	reader->claimed += ok;
	pthread_mutex_unlock(&crew->mutex);
	return ok;
}

static void read_work(void *job, struct worker *worker)
{
	struct reader *reader = job;
	size_t chunk;
	while (claim(reader, &chunk)) {
		if (!read_chunk(reader, worker, chunk))
			return;
		pthread_mutex_lock(&reader->crew.mutex);
		reader->slots[chunk % reader->n_slots].is_done = true;
		pthread_cond_broadcast(&reader->crew.changed);
		pthread_mutex_unlock(&reader->crew.mutex);
	}
}

/* ---- the taker's side ---- */

void read_start(struct reader *reader, struct arena *out, unsigned jobs)
{
	if (reader->n < 2 * READ_CHUNK)
		jobs = 1;
	reader->out = out;
	reader->n_slots = (size_t)jobs * READ_AHEAD;
	reader->slots = arena_array(out, struct read_slot, reader->n_slots);
	reader->parts = arena_array(out, struct read_part, jobs);
	crew_open(&reader->crew, out, jobs, read_work, reader);
	reader->has_threads = jobs > 1 && crew_start(&reader->crew, 0) > 0;
	if (reader->has_threads)
		return;
	/* This thread does it all: its trap is the caller's. */
	reader->crew.at[0].out.trap = reader->crew.at[0].tmp.trap = out->trap;
}

/* The chunk before has been taken: its slot is free. */
static bool wait_for(struct reader *reader, size_t chunk)
{
	struct crew *crew = &reader->crew;
	struct read_slot *slot = &reader->slots[chunk % reader->n_slots];
	if (!reader->has_threads)
		return read_chunk(reader, &crew->at[0], chunk);
	pthread_mutex_lock(&crew->mutex);
	if (chunk) {
		reader->slots[(chunk - 1) % reader->n_slots].is_done = false;
		reader->taken = chunk;
		pthread_cond_broadcast(&crew->changed);
	}
	while (!crew->is_stopped && !slot->is_done)
		pthread_cond_wait(&crew->changed, &crew->mutex);
	bool ok = slot->is_done;
	pthread_mutex_unlock(&crew->mutex);
	return ok;
}

const struct reading *read_take(struct reader *reader, size_t i)
{
	if (i % READ_CHUNK == 0 && !wait_for(reader, i / READ_CHUNK))
		return NULL;
	return &reader->at[i];
}

bool read_close(struct reader *reader, struct err *err)
{
	if (!reader->crew.is_open)
		return true;
	crew_stop(&reader->crew);
	bool ok = crew_close(&reader->crew, reader->out, err);
	for (size_t i = 0; i < reader->n_slots; i++)
		arena_free(&reader->slots[i].arena);
	return ok;
}

void read_abandon(struct reader *reader)
{
	struct err ignored = {0};
	(void)read_close(reader, &ignored);
}
