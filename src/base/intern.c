/* Interning with linear probing over XXH3. */
#include "base/intern.h"

#include <string.h>

#include "base/hash.h"

void intern_init(struct intern *names, struct arena *arena)
{
	*names = (struct intern){.arena = arena, .n_slots = 64};
	names->slots = arena_array(arena, uint32_t, names->n_slots);
	names->hashes = arena_array(arena, uint32_t, names->n_slots);
	vec_push(arena, &names->names, STR_NONE);
}

static uint32_t *slot_of(const struct intern *names, struct str s, uint32_t hash)
{
	size_t mask = names->n_slots - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		uint32_t n = names->slots[i];
		if (n == 0 || (names->hashes[n] == hash && str_eq(names->names.at[n], s)))
			return &names->slots[i];
	}
}

static void grow(struct intern *names)
{
	size_t old = names->n_slots;
	names->n_slots = old * 2;
	names->slots = arena_array(names->arena, uint32_t, names->n_slots);
	names->hashes =
	        arena_grow(names->arena, names->hashes, old * sizeof(uint32_t), names->n_slots * sizeof(uint32_t));
	size_t mask = names->n_slots - 1;
	for (uint32_t n = 1; n < names->names.n; n++) {
		size_t i = names->hashes[n] & mask;
		while (names->slots[i])
			i = (i + 1) & mask;
		names->slots[i] = n;
	}
}

name intern(struct intern *names, struct str s)
{
	if (s.n == 0)
		return 0;
	uint32_t hash = (uint32_t)hash64(s);
	uint32_t *slot = slot_of(names, s, hash);
	if (*slot)
		return *slot;
	name n = (name)names->names.n;
	*slot = n;
	names->hashes[n] = hash;
	vec_push(names->arena, &names->names, str_copy(names->arena, s));
	if (names->names.n * 4 > names->n_slots * 3)
		grow(names);
	return n;
}

name intern_find(const struct intern *names, struct str s)
{
	return s.n ? *slot_of(names, s, (uint32_t)hash64(s)) : 0;
}

struct str intern_str(const struct intern *names, name n)
{
	return names->names.at[n];
}
