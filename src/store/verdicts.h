/* What was inferred of a tree, as bytes to keep: its tests and what they need.
 *
 * It holds for one state of everything it was inferred from, and for no other: the key is a hash of that, made by whoever
 * knows what it was.  Like the index it may vanish at any time and is not believed on its word: bytes of another key, cut
 * short or changed are refused as a whole. */
#ifndef STORE_VERDICTS_H
#define STORE_VERDICTS_H

#include "base/hash.h"
#include "model/needs.h"

struct verdict_fault {
	uint32_t file;
	struct fault fault;
};

typedef VEC(struct verdict_fault) verdict_faults;

struct verdicts {
	struct suite suite;
	struct needs needs;
	verdict_faults faults; /* of the files of tests and of conftests */
};

/* The bytes, in `out`. */
struct str verdicts_pack(struct arena *out, struct arena *tmp, struct hash128 key, const struct repo *repo,
                         const struct verdicts *verdicts);
/* False when the bytes are not what was packed with this key.  Texts are borrowed from the bytes; the rest lives in `out`. */
bool verdicts_unpack(struct arena *out, struct str bytes, struct hash128 key, const struct repo *repo,
                     struct verdicts *verdicts);

#endif
