/* Two hashes: XXH3 to notice change and damage, SHA-256 where a plan certifies its inputs to others. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

struct hash128 {
	uint64_t high, low;
};

uint64_t hash64(struct str bytes);
struct hash128 hash128(struct str bytes);
bool hash128_eq(struct hash128 a, struct hash128 b);
/* hash128 of bytes that come in pieces. */
struct hash_pieces;
struct hash_pieces *hash_begin(struct arena *arena);
void hash_more(struct hash_pieces *hash, struct str piece);
struct hash128 hash_end(const struct hash_pieces *hash);
struct str sha256_hex(struct arena *out, struct str bytes); /* 64 lower-case digits */

#endif
