/* Facts as bytes, for the index: one string a file, with its own table of names
 * and a checksum. */
#ifndef PYTHON_PACK_H
#define PYTHON_PACK_H

#include "base/buf.h"
#include "base/err.h"
#include "model/facts.h"

/* Of the layout and of the meaning of the facts: bytes of another version are
 * not read but made anew. */
#define FACTS_VERSION 2

/* Appends the packed facts to `to`. */
void facts_pack(struct buf *to, const struct intern *names, const struct facts *facts);
/* The facts in `bytes`, in `out`, with their names interned in `names`.
 * Whatever the bytes are, it either fails or gives facts whose indices are all
 * in range and whose trees are sound. */
bool facts_unpack(struct arena *out, struct intern *names, struct str bytes, struct facts *facts, struct err *err);

#endif
