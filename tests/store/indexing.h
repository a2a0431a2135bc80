/* What the index tests share: a temporary folder, and an index of made-up files in it. */
#ifndef TESTS_STORE_INDEXING_H
#define TESTS_STORE_INDEXING_H

/* Ours first: cmocka has a macro of the name of our fail(). */
#include "base/file.h"
#include "store/index.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { VERSION = 7, BEGAN = 1000000000 };

static struct arena arena;
static struct err err;
static char folder[64], db_path[96];

static int begin(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	err = (struct err){0};
	strcpy(folder, "/tmp/lanewright-test-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(db_path, sizeof db_path, "%s/index.db", folder);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(&arena);
	DIR *dir = opendir(folder);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		char path[512];
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (unlink(path) != 0)
			(void)rmdir(path);
	}
	if (dir)
		closedir(dir);
	return rmdir(folder);
}

/* A made-up file: its facts are its content, said twice. */
struct made {
	const char *path, *content;
};

static struct str facts_of(const char *content)
{
	return str_fmt(&arena, "%s|%s", content, content);
}

static struct index_entry entry_of(const struct made *made, uint64_t number)
{
	return (struct index_entry){.path = str_of(made->path),
	                            .size = strlen(made->content),
	                            .mtime_ns = 5000 + (int64_t)number,
	                            .ctime_ns = 6000 + (int64_t)number,
	                            .ino = 100 + number,
	                            .dev = 3,
	                            .mode = 0100644,
	                            .hash = hash128(str_of(made->content))};
}

static void put_all(struct index *index, const struct made *files, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct index_entry entry = entry_of(&files[i], i);
		if (!index_put(index, entry.hash, facts_of(files[i].content), &entry.row, &err))
			fail_msg("%s", err.text);
		index_add(index, &entry);
	}
}

static bool opens(struct index *index, enum index_wants wants)
{
	err = (struct err){0};
	return index_open(index, &arena, folder, VERSION, wants, &err);
}

/* Makes the index hold just these. */
static void save(const struct made *files, size_t n)
{
	struct index index = {0};
	if (!opens(&index, INDEX_FACTS))
		fail_msg("%s", err.text);
	put_all(&index, files, n);
	if (!index_commit(&index, BEGAN, &err))
		fail_msg("%s", err.text);
	index_close(&index);
}

static size_t count(const struct index *index)
{
	struct stat_cursor cursor;
	struct index_entry entry;
	size_t n = 0;
	index_first(index, &cursor);
	while (stat_next(&cursor, &entry))
		n++;
	return n;
}

/* Whether an open index holds just these, facts too. */
static bool holds(struct index *index, const struct made *files, size_t n)
{
	struct stat_cursor cursor;
	struct index_entry entry;
	size_t i = 0;
	index_first(index, &cursor);
	for (; stat_next(&cursor, &entry); i++) {
		struct str facts;
		if (i >= n)
			return false;
		struct index_entry want = entry_of(&files[i], i);
		if (!str_eq(entry.path, want.path) || entry.size != want.size || entry.ino != want.ino ||
		    entry.mtime_ns != want.mtime_ns || entry.ctime_ns != want.ctime_ns || entry.dev != want.dev ||
		    entry.mode != want.mode || !hash128_eq(entry.hash, want.hash))
			return false;
		if (!index_facts(index, entry.row, entry.hash, &facts) || !str_eq(facts, facts_of(files[i].content)))
			return false;
	}
	return i == n;
}

#endif
