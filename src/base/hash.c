/* Wrappers around xxHash and libmd. */
#include "base/hash.h"

#include <sha2.h>
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

struct str sha256_hex(struct arena *out, struct str bytes)
{
	char *hex = arena_alloc(out, SHA256_DIGEST_STRING_LENGTH);
	SHA256Data((const uint8_t *)bytes.at, bytes.n, hex);
	return (struct str){hex, SHA256_DIGEST_STRING_LENGTH - 1};
}
