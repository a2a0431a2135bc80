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

/* Whether any n pieces fit into bins by `limit`: on PACK_NO they do not, whatever lies elsewhere. */
struct pack_bin {
	uint32_t lane, shard; /* shard: the caller's, or nothing */
};
enum pack_answer pack_pieces(struct pack *pack, const struct work *work, const uint32_t *pieces, uint32_t n,
                             const struct pack_bin *bins, uint32_t n_bins, int64_t limit, int64_t *ticks);

#endif
