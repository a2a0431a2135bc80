/* Which piece lies in which shard, with the shards' loads and lists kept up to date: what construction fills and
 * improvement changes. */
#ifndef PARTITION_DEAL_H
#define PARTITION_DEAL_H

#include "partition/work.h"

#define NO_PIECE UINT32_MAX
#define NO_SHARD UINT32_MAX

struct shard {
	uint32_t lane;
	uint32_t first; /* piece, or NO_PIECE */
	uint32_t n;     /* pieces */
	int64_t end;    /* ms: fixed cost and load; the fixed cost alone when empty */
};

struct deal {
	const struct work *work;
	uint32_t n; /* shards, by lane */
	struct shard *shards;
	uint32_t *shard_of;             /* by piece */
	uint32_t *next, *prev;          /* by piece: the list of its shard */
	uint32_t first[LANES_MOST + 1]; /* shards of lane k: first[k] .. first[k + 1] */
};

/* Empty shards, as many a lane as `counts` says. */
void deal_init(struct arena *out, struct deal *deal, const struct work *work, const uint32_t *counts);
void deal_clear(struct deal *deal);
/* Makes the lists of pieces, which only improvement needs; they are kept up to date from then on. */
void deal_link(struct arena *out, struct deal *deal);
void deal_unlink(struct deal *deal); /* forgets them */
void deal_put(struct deal *deal, uint32_t piece, uint32_t shard);
void deal_take(struct deal *deal, uint32_t piece);
void deal_move(struct deal *deal, uint32_t piece, uint32_t shard);

/* The end of the last shard that is not empty, and which it is. */
int64_t deal_makespan(const struct deal *deal, uint32_t *top);

#endif
