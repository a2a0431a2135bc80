/* Wrappers around xxHash and libmd. */
#include "base/hash.h"

#include <sha2.h>
#define XXH_STATIC_LINKING_ONLY /* for the size of the state, which an arena holds */
#include <xxhash.h>

uint64_t hash64(struct str bytes)
{
	return XXH3_64bits(bytes.at, bytes.n);
}

struct hash128 hash128(struct str bytes)
{
	XXH128_hash_t hash = XXH3_128bits(bytes.at, bytes.n);
	return (struct hash128){hash.high64, hash.low64};
}

bool hash128_eq(struct hash128 a, struct hash128 b)
{
	return a.high == b.high && a.low == b.low;
}

struct hash_pieces {
	XXH3_state_t *state; /* aligned to a cache line, as xxHash wants it */
};

struct hash_pieces *hash_begin(struct arena *arena)
{
	enum { LINE = 64 };
	struct hash_pieces *hash = arena_new(arena, struct hash_pieces);
	char *room = arena_alloc(arena, sizeof *hash->state + LINE);
	hash->state = (XXH3_state_t *)(void *)(room + (LINE - (uintptr_t)room % LINE) % LINE);
	XXH3_128bits_reset(hash->state);
	return hash;
}

void hash_more(struct hash_pieces *hash, struct str piece)
{
	if (piece.n)
		XXH3_128bits_update(hash->state, piece.at, piece.n);
}

struct hash128 hash_end(const struct hash_pieces *hash)
{
	XXH128_hash_t digest = XXH3_128bits_digest(hash->state);
	return (struct hash128){digest.high64, digest.low64};
}

struct str sha256_hex(struct arena *out, struct str bytes)
{
	char *hex = arena_alloc(out, SHA256_DIGEST_STRING_LENGTH);
	SHA256Data((const uint8_t *)bytes.at, bytes.n, hex);
	return (struct str){hex, SHA256_DIGEST_STRING_LENGTH - 1};
}
