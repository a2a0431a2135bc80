/* A file cut by time: its classes and functions in order, in a few chunks that stay together. */
#ifndef PARTITION_CHUNKS_H
#define PARTITION_CHUNKS_H

#include "partition/parts.h"

/* The classes and functions of the file, in the order of its tests; a class longer than `most_ms` by its members, where
 * it may be taken apart.  One or none when the file has no parts. */
units chunk_atoms(struct arena *out, struct arena *tmp, const struct plan_request *request, const struct unit *whole,
                  int64_t most_ms);

/* Numbers the atoms' bundles 1..k: consecutive ones, such that the longest bundle is as short as can be. */
void chunk_bundle(units *atoms, uint32_t k);

/* Every bundle (every atom that is in none) whose tests ask for a fixture of module scope pays for it; the first does so
 * already. */
void chunk_charge(const struct plan_request *request, units *atoms);

#endif
