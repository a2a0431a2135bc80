/* Rows of a table read from the raw pages of an SQLite file, for when the tree above them is broken.  For
 * history_recover.c only. */
#ifndef STORE_HISTORY_SALVAGE_H
#define STORE_HISTORY_SALVAGE_H

#include "base/str.h"

/* Every cell that could be a row of `unit` (id, samples, hash), on whatever page, also on pages no longer in use:
 * the caller knows by the hash which are true. */
void salvage_units(struct arena *out, struct str file,
                   void (*take)(void *me, struct str id, struct str samples, int64_t hash), void *me);

#endif
