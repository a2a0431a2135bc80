/* Preloaded by tools/torture: lets the TORTURE_AT-th allocation fail, and with TORTURE_FOREVER all after it.  With
 * TORTURE_COUNT=FILE it only writes down how many there are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

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

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("TORTURE_COUNT");
	long n = atomic_load(&count);
	FILE *file = path ? fopen(path, "w") : NULL;
	if (file) {
		fprintf(file, "%ld\n", n);
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
