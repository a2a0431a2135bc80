/* The growing part of VEC. */
#include "base/vec.h"

void vec_more(struct arena *arena, void **at, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 8;
	*at = arena_grow(arena, *at, *cap * size, arena_size(arena, more, size));
	*cap = more;
}
