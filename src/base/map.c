/* Linear probing, three quarters full at most. */
#include "base/map.h"

void map_init(struct map *map, struct arena *arena)
{
	*map = (struct map){.arena = arena};
}

/* The finalizer of MurmurHash3 (Austin Appleby, public domain): every bit of x moves every bit of the answer. */
static uint64_t scatter(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdu;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53u;
	return x ^ (x >> 33);
}

/* The first operand is scattered before the second comes in: packed indices, which keys are made of, would
 * otherwise meet by the thousand. */
uint64_t map_mix(uint64_t a, uint64_t b)
{
	return scatter(scatter(a + 0x9e3779b97f4a7c15u) ^ b);
}

static struct map_slot *slot_of(const struct map *map, uint64_t key)
{
	size_t mask = map->n_slots - 1;
	size_t i = (size_t)(scatter(key + 0x9e3779b97f4a7c15u) & mask);
	while (map->slots[i].value && map->slots[i].key != key)
		i = (i + 1) & mask;
	return &map->slots[i];
}

uint32_t map_get(const struct map *map, uint64_t key)
{
	if (!map->n_slots)
		return MAP_NONE;
	return slot_of(map, key)->value - 1; /* a free slot gives MAP_NONE */
}

static void grow(struct map *map)
{
	struct map old = *map;
	map->n_slots = old.n_slots ? old.n_slots * 2 : 64;
	map->slots = arena_array(map->arena, struct map_slot, map->n_slots);
	for (size_t i = 0; i < old.n_slots; i++)
		if (old.slots[i].value)
			*slot_of(map, old.slots[i].key) = old.slots[i];
}

void map_put(struct map *map, uint64_t key, uint32_t value)
{
	if ((map->n + 1) * 4 > map->n_slots * 3)
		grow(map);
	struct map_slot *slot = slot_of(map, key);
	map->n += slot->value == 0;
	*slot = (struct map_slot){key, value + 1};
}
