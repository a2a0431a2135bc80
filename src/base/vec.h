/* A growing array in an arena.
 *
 *	VEC(struct unit) units = {0};
 *	vec_push(out, &units, ((struct unit){.seconds = 3}));
 *	for (size_t i = 0; i < units.n; i++) use(&units.at[i]);
 *
 * Named vectors that cross function borders are declared once: `typedef VEC(struct str) strs;` */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(type)                                                                                                      \
	struct {                                                                                                       \
		type *at;                                                                                              \
		size_t n, cap;                                                                                         \
	}

#define vec_push(arena, vec, ...)                                                                                      \
	((vec)->n == (vec)->cap ? vec_more((arena), (void **)&(vec)->at, &(vec)->cap, sizeof *(vec)->at) : (void)0,    \
	 (vec)->at[(vec)->n++] = (__VA_ARGS__))

void vec_more(struct arena *arena, void **at, size_t *cap, size_t size);

#endif
