/* Preloaded by tools/torture: lets the TORTURE_AT-th allocation fail, and with TORTURE_FOREVER all after it.  At the end,
 * TORTURE_COUNT=FILE gets how many there were, TORTURE_LEFT=FILE the descriptors still open and the number of threads. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *from, size_t size);

static atomic_long count;
static long at;
static int is_for_ever;

__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("TORTURE_AT");
	is_for_ever = getenv("TORTURE_FOREVER") != NULL;
	atomic_store(&count, 0);
	at = text ? atol(text) : 0;
}

static void name_descriptors(FILE *to)
{
	DIR *dir = opendir("/proc/self/fd");
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		char path[64], name[512];
		int fd = atoi(entry->d_name);
		if (fd <= 2 || fd == dirfd(dir) || fd == fileno(to))
			continue;
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		ssize_t n = readlink(path, name, sizeof name - 1);
		fprintf(to, "%.*s\n", n > 0 ? (int)n : 0, name);
	}
	if (dir)
		closedir(dir);
}

static int count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int n = 0;
	for (struct dirent *entry; dir && (entry = readdir(dir));)
		n += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return n;
}

__attribute__((destructor)) static void end(void)
{
	const char *counted = getenv("TORTURE_COUNT"), *left = getenv("TORTURE_LEFT");
	long n = atomic_load(&count);
	at = 0;
	FILE *file = counted ? fopen(counted, "w") : NULL;
	if (file) {
		fprintf(file, "%ld\n", n);
		fclose(file);
	}
	file = left ? fopen(left, "w") : NULL;
	if (file) {
		name_descriptors(file);
		fprintf(file, "%d\n", count_threads());
		fclose(file);
	}
}

static int fails(void)
{
	long n = atomic_fetch_add(&count, 1) + 1;
	if (at == 0 || (is_for_ever ? n < at : n != at))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *from, size_t size)
{
	return fails() ? NULL : __libc_realloc(from, size);
}
