/* A map from 64-bit keys to 32-bit values in an arena: for memo tables keyed by packed indices or by hashes of
 * longer keys.  uthash wants to free what it allocates; an arena does not. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct map_slot {
	uint64_t key;
	uint32_t value; /* stored as value + 1; 0: free */
};

struct map {
	struct arena *arena;
	struct map_slot *slots;
	size_t n, n_slots; /* n_slots: 0 or a power of two */
};

#define MAP_NONE UINT32_MAX

void map_init(struct map *map, struct arena *arena);
uint32_t map_get(const struct map *map, uint64_t key);       /* MAP_NONE when absent */
void map_put(struct map *map, uint64_t key, uint32_t value); /* value < MAP_NONE - 1; replaces */
uint64_t map_mix(uint64_t a, uint64_t b);                    /* one key of two */

#endif
