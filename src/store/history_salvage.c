/* The parts of SQLite's "Database File Format" that concern the pages of a table WITHOUT ROWID: index b-tree
 * pages, interior (2) and leaf (10), whose cells hold whole rows, the end of a long one on overflow pages.
 * Nothing is believed: every number is checked against the page it points into. */
#include "store/history_salvage.h"

#include <string.h>

enum { PAGE = 4096, USABLE = PAGE, INTERIOR = 2, LEAF = 10, FILE_HEADER = 100, ROW_MOST = 1 << 24 };

struct bytes {
	const unsigned char *at;
	size_t n;
};

static struct bytes rest(struct bytes b, size_t from)
{
	return from > b.n ? (struct bytes){b.at, 0} : (struct bytes){b.at + from, b.n - from};
}

static uint64_t big_endian(const unsigned char *at, size_t n)
{
	uint64_t value = 0;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | at[i];
	return value;
}

/* SQLite's varint: seven bits a byte, the ninth byte whole. */
static bool take_varint(struct bytes *b, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < 9 && i < b->n; i++) {
		if (i == 8) {
			*value = *value << 8 | b->at[i];
		} else {
			*value = *value << 7 | (b->at[i] & 127);
			if (b->at[i] & 128)
				continue;
		}
		*b = rest(*b, i + 1);
		return true;
	}
	return false;
}

/* How much of a row stands in its cell. */
static size_t local_size(size_t size)
{
	const size_t most = (USABLE - 12) * 64 / 255 - 23, least = (USABLE - 12) * 32 / 255 - 23;
	if (size <= most)
		return size;
	size_t local = least + (size - least) % (USABLE - 4);
	return local <= most ? local : least;
}

/* The row whose size and beginning stand at `cell`, with its overflow pages. */
static bool take_row(struct arena *out, struct bytes file, struct bytes cell, struct bytes *row)
{
	uint64_t size;
	if (!take_varint(&cell, &size) || size == 0 || size > ROW_MOST)
		return false;
	size_t local = local_size((size_t)size), n = local;
	if (cell.n < local + (local < size ? 4 : 0))
		return false;
	*row = (struct bytes){cell.at, (size_t)size};
	if (local == size)
		return true;
	unsigned char *whole = arena_alloc(out, (size_t)size);
	memcpy(whole, cell.at, local);
	uint64_t page = big_endian(cell.at + local, 4);
	while (n < size) {
		if (page == 0 || page > file.n / PAGE)
			return false;
		const unsigned char *from = file.at + (page - 1) * PAGE;
		size_t more = size - n < USABLE - 4 ? (size_t)size - n : USABLE - 4;
		memcpy(whole + n, from + 4, more);
		n += more;
		page = big_endian(from, 4);
	}
	*row = (struct bytes){whole, (size_t)size};
	return true;
}

/* A column by its serial type: even from 12 is a BLOB, odd from 13 a text. */
static bool take_bytes(uint64_t type, bool is_text, struct bytes *data, struct str *value)
{
	if (type < 12 || (type & 1) != is_text || (type - 12) / 2 > data->n)
		return false;
	*value = (struct str){(const char *)data->at, (size_t)(type - 12) / 2};
	*data = rest(*data, value->n);
	return true;
}

static bool take_integer(uint64_t type, struct bytes *data, int64_t *value)
{
	static const uint8_t sizes[] = {0, 1, 2, 3, 4, 6, 8, 0, 0, 0};
	if (type == 0 || type == 7 || type > 9 || sizes[type] > data->n)
		return false;
	uint64_t bits = type >= 8 ? type - 8 : big_endian(data->at, sizes[type]);
	if (sizes[type] && sizes[type] < 8 && bits >> (8 * sizes[type] - 1))
		bits |= UINT64_MAX << (8 * sizes[type]);
	memcpy(value, &bits, sizes[type] || type >= 8 ? sizeof bits : 0);
	return true;
}

static bool take_columns(struct bytes row, struct str *id, struct str *samples, int64_t *hash)
{
	struct bytes header = row;
	uint64_t size, types[3];
	if (!take_varint(&header, &size) || size > row.n)
		return false;
	struct bytes data = rest(row, (size_t)size);
	for (int i = 0; i < 3; i++)
		if (!take_varint(&header, &types[i]))
			return false;
	return header.at == data.at && take_bytes(types[0], true, &data, id) &&
	       take_bytes(types[1], false, &data, samples) && take_integer(types[2], &data, hash);
}

void salvage_units(struct arena *out, struct str file,
                   void (*take)(void *me, struct str id, struct str samples, int64_t hash), void *me)
{
	struct bytes all = {(const unsigned char *)file.at, file.n / PAGE * PAGE};
	for (size_t at = 0; at < all.n; at += PAGE) {
		const unsigned char *page = all.at + at, *head = page + (at == 0 ? FILE_HEADER : 0);
		bool is_leaf = head[0] == LEAF;
		if (!is_leaf && head[0] != INTERIOR)
			continue;
		const unsigned char *pointers = head + (is_leaf ? 8 : 12);
		size_t most = (size_t)(page + PAGE - pointers) / 2, n = (size_t)big_endian(head + 3, 2);
		for (size_t i = 0; i < n && i < most; i++) {
			size_t cell = (size_t)big_endian(pointers + 2 * i, 2) + (is_leaf ? 0 : 4);
			struct bytes row;
			struct str id, samples;
			int64_t hash;
			if (cell < PAGE && take_row(out, all, (struct bytes){page + cell, PAGE - cell}, &row) &&
			    take_columns(row, &id, &samples, &hash))
				take(me, id, samples, hash);
		}
	}
}
