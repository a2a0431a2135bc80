/* Arena: a chain of malloc'ed blocks, each twice the last up to a megabyte. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20, ALIGN = _Alignof(max_align_t) };

struct arena_block {
	struct arena_block *older;
	size_t size; /* bytes of room */
	_Alignas(max_align_t) char room[];
};

void arena_init(struct arena *arena, jmp_buf *trap)
{
	*arena = (struct arena){.trap = trap};
}

_Noreturn void arena_no_memory(struct arena *arena)
{
	if (arena->trap)
		longjmp(*arena->trap, 1);
	fputs("lanewright: out of memory\n", stderr);
	abort();
}

size_t arena_size(struct arena *arena, size_t n, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(n, size, &total))
		arena_no_memory(arena);
	return total;
}

static void add_block(struct arena *arena, size_t least)
{
	size_t size = arena->block ? arena->block->size * 2 : FIRST_BLOCK;
	if (size > LARGEST_BLOCK)
		size = LARGEST_BLOCK;
	if (size < least)
		size = least;
	if (size > SIZE_MAX - sizeof(struct arena_block))
		arena_no_memory(arena);
	struct arena_block *block = malloc(sizeof *block + size);
	if (!block)
		arena_no_memory(arena);
	block->older = arena->block;
	block->size = size;
	arena->block = block;
	arena->at = block->room;
	arena->end = block->room + size;
	arena->total += sizeof *block + size;
}

void *arena_raw(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX - ALIGN)
		arena_no_memory(arena);
	size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!arena->block || (size_t)(arena->end - arena->at) < size)
		add_block(arena, size);
	void *given = arena->at;
	arena->at += size;
	return given;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_raw(arena, size), 0, size);
}

void *arena_grow(struct arena *arena, void *from, size_t old, size_t size)
{
	size_t held = (old + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (from && (char *)from + held == arena->at && size > held &&
	    size - held <= (size_t)(arena->end - arena->at)) {
		arena_raw(arena, size - held);
		return from;
	}
	void *to = arena_raw(arena, size);
	if (from)
		memcpy(to, from, old);
	return to;
}

void arena_free(struct arena *arena)
{
	while (arena->block) {
		struct arena_block *older = arena->block->older;
		free(arena->block);
		arena->block = older;
	}
	arena->at = arena->end = NULL;
	arena->total = 0;
}

void arena_reset(struct arena *arena)
{
	struct arena_block *kept = arena->block;
	if (!kept)
		return;
	arena->block = kept->older;
	arena_free(arena);
	kept->older = NULL;
	arena->block = kept;
	arena->at = kept->room;
	arena->end = kept->room + kept->size;
	arena->total = sizeof *kept + kept->size;
}

void arena_adopt(struct arena *to, struct arena *from)
{
	if (!from->block)
		return;
	if (!to->block) {
		to->block = from->block;
		to->at = from->at;
		to->end = from->end;
	} else {
		struct arena_block *oldest = from->block;
		while (oldest->older)
			oldest = oldest->older;
		oldest->older = to->block->older;
		to->block->older = from->block;
	}
	to->total += from->total;
	from->block = NULL;
	from->at = from->end = NULL;
	from->total = 0;
}
