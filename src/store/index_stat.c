/* Packing the stat table: numbers in 7-bit groups, times and inodes as differences, paths without the part
 * they share with the one before.  About 50 bytes a file. */
#include "store/index_stat.h"

#include <string.h>

#include "base/varint.h"

enum {
	FORMAT = 1,
	HEAD = 8 + 4 + 4 + 4 + 8 + 8 + 8, /* sum format facts_version last_row entries generation read_ns */
	ENTRY_MOST = 9 * VARINT_MOST + 16,
	ROWS_MOST = 1 << 26, /* more is nonsense, and would cost memory before it is noticed */
	PATH_MOST = 1 << 20,
};

static void put_le(char *to, uint64_t value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (char)(unsigned char)(value >> (8 * i));
}

static uint64_t get_le(const char *from, size_t n)
{
	uint64_t value = 0;
	for (size_t i = 0; i < n; i++)
		value |= (uint64_t)(unsigned char)from[i] << (8 * i);
	return value;
}

/* The difference as a small number whatever its sign. */
static char *put_step(char *to, uint64_t value, uint64_t before)
{
	uint64_t step = value - before;
	return varint_put(to, step << 1 ^ (uint64_t) - (int64_t)(step >> 63));
}

static bool get_step(struct str *from, uint64_t before, uint64_t *value)
{
	uint64_t step;
	if (!varint_get(from, &step))
		return false;
	*value = before + (step >> 1 ^ (uint64_t) - (int64_t)(step & 1));
	return true;
}

static size_t shared_prefix(struct str a, struct str b)
{
	size_t n = 0;
	while (n < a.n && n < b.n && a.at[n] == b.at[n])
		n++;
	return n;
}

void stat_begin(struct stat_writer *to, struct arena *arena)
{
	static const char room[HEAD];
	*to = (struct stat_writer){0};
	buf_init(&to->bytes, arena);
	buf_add(&to->bytes, (struct str){room, HEAD});
}

void stat_add(struct stat_writer *to, const struct index_entry *entry)
{
	char bytes[ENTRY_MOST], *at = bytes;
	const struct index_entry *last = &to->last;
	size_t shared = shared_prefix(last->path, entry->path);
	at = varint_put(at, shared);
	at = varint_put(at, entry->path.n - shared);
	at = varint_put(at, entry->size);
	at = put_step(at, (uint64_t)entry->mtime_ns, (uint64_t)last->mtime_ns);
	at = put_step(at, (uint64_t)entry->ctime_ns, (uint64_t)entry->mtime_ns);
	at = put_step(at, entry->ino, last->ino);
	at = put_step(at, entry->dev, last->dev);
	at = put_step(at, entry->mode, last->mode);
	at = put_step(at, entry->row, last->row);
	put_le(at, entry->hash.high, 8);
	put_le(at + 8, entry->hash.low, 8);
	buf_add(&to->bytes, (struct str){bytes, (size_t)(at + 16 - bytes)});
	buf_add(&to->bytes, str_slice(entry->path, shared, entry->path.n));
	to->last = *entry;
	to->entries++;
}

struct str stat_end(struct stat_writer *to, const struct stat_head *head)
{
	char *at = to->bytes.at;
	put_le(at + 8, FORMAT, 4);
	put_le(at + 12, head->facts_version, 4);
	put_le(at + 16, head->last_row, 4);
	put_le(at + 20, to->entries, 8);
	put_le(at + 28, head->generation, 8);
	put_le(at + 36, (uint64_t)head->read_ns, 8);
	put_le(at, hash64(str_slice(buf_str(&to->bytes), 8, to->bytes.n)), 8);
	return buf_str(&to->bytes);
}

bool stat_open(struct stat_cursor *from, struct arena *arena, struct str bytes, struct stat_head *head)
{
	*from = (struct stat_cursor){.arena = arena};
	if (bytes.n < HEAD || get_le(bytes.at, 8) != hash64(str_slice(bytes, 8, bytes.n)) ||
	    get_le(bytes.at + 8, 4) != FORMAT)
		return false;
	head->facts_version = (uint32_t)get_le(bytes.at + 12, 4);
	head->last_row = (uint32_t)get_le(bytes.at + 16, 4);
	head->entries = get_le(bytes.at + 20, 8);
	head->generation = get_le(bytes.at + 28, 8);
	head->read_ns = (int64_t)get_le(bytes.at + 36, 8);
	from->rest = str_slice(bytes, HEAD, bytes.n);
	return head->last_row <= ROWS_MOST;
}

static bool next_path(struct stat_cursor *from, uint64_t shared, uint64_t own)
{
	if (shared > from->n || own > from->rest.n || shared + own > PATH_MOST)
		return false;
	size_t n = (size_t)(shared + own);
	if (n > from->cap) {
		size_t cap = n * 2 + 256;
		from->path = arena_grow(from->arena, from->path, from->n, cap);
		from->cap = cap;
	}
	if (own)
		memcpy(from->path + shared, from->rest.at, (size_t)own);
	from->rest = str_slice(from->rest, (size_t)own, from->rest.n);
	from->n = n;
	return true;
}

bool stat_next(struct stat_cursor *from, struct index_entry *entry)
{
	struct index_entry *last = &from->last;
	struct str *rest = &from->rest;
	uint64_t shared, own, mtime, ctime, mode, row;
	bool ok = varint_get(rest, &shared) && varint_get(rest, &own) && varint_get(rest, &last->size) &&
	          get_step(rest, (uint64_t)last->mtime_ns, &mtime) && get_step(rest, mtime, &ctime) &&
	          get_step(rest, last->ino, &last->ino) && get_step(rest, last->dev, &last->dev) &&
	          get_step(rest, last->mode, &mode) && get_step(rest, last->row, &row) && rest->n >= 16 &&
	          mode <= UINT32_MAX && row <= ROWS_MOST;
	if (!ok) {
		from->rest = STR_NONE;
		return false;
	}
	last->mtime_ns = (int64_t)mtime;
	last->ctime_ns = (int64_t)ctime;
	last->mode = (uint32_t)mode;
	last->row = (uint32_t)row;
	last->hash = (struct hash128){get_le(rest->at, 8), get_le(rest->at + 8, 8)};
	*rest = str_slice(*rest, 16, rest->n);
	if (!next_path(from, shared, own)) {
		from->rest = STR_NONE;
		return false;
	}
	last->path = (struct str){from->path, from->n};
	*entry = *last;
	return true;
}
