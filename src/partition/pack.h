/* Whether pieces fit into a few shards by a time limit: exact search, within ticks. */
#ifndef PARTITION_PACK_H
#define PARTITION_PACK_H

#include "partition/deal.h"

enum pack_answer { PACK_NO, PACK_YES, PACK_LIMIT }; /* LIMIT: the ticks ran out */

enum { PACK_PIECES_MOST = 1024, PACK_SHARDS_MOST = 256 };

struct pack; /* its tables, made once */
struct pack *pack_make(struct arena *tmp);

/* All pieces of the shards of `deal`, n of them, so that each of these ends by `limit`; on PACK_YES the deal is changed.
 * Takes ticks from *ticks.  PACK_LIMIT when they are more than it can hold, too. */
enum pack_answer pack_shards(struct pack *pack, struct deal *deal, const uint32_t *shards, uint32_t n, int64_t limit,
                             int64_t *ticks);

#endif
