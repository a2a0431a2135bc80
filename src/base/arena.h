/* Memory that is given back all at once.  Two arenas serve a run: `out` outlives the call, `tmp` does not.
 *
 * When the system has no more memory the arena jumps to its trap, set by whoever owns it (the engine around
 * a stage, a worker around its thread); code in between neither checks nor frees.  An arena without a trap
 * ends the process, which only tests do. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <setjmp.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *block; /* newest */
	char *at, *end;            /* what is left of it */
	size_t total;              /* bytes taken from the system */
	jmp_buf *trap;
};

void arena_init(struct arena *arena, jmp_buf *trap);
void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned for any type */
void *arena_raw(struct arena *arena, size_t size);   /* the same with any bytes in it */
/* Moves `old` bytes to a place with room for `size`; grows in place when it is the newest allocation.  What is
 * beyond `old` is not zeroed. */
void *arena_grow(struct arena *arena, void *from, size_t old, size_t size);
void arena_free(struct arena *arena); /* everything; the arena can be used again */
/* Forgets everything but keeps a block for what comes next: for loops that would free and take all day. */
void arena_reset(struct arena *arena);
/* What `from` holds lives as long as `to` from now on; `from` is empty.  So a thread's results outlive it. */
void arena_adopt(struct arena *to, struct arena *from);
_Noreturn void arena_no_memory(struct arena *arena);

#define arena_new(arena, type)      ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, n) ((type *)arena_alloc((arena), arena_size((arena), (n), sizeof(type))))

size_t arena_size(struct arena *arena, size_t n, size_t size); /* n * size; overflow is out of memory */

#endif
