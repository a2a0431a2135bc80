/* Doubly linked lists of pieces by shard. */
#include "partition/deal.h"

#include <string.h>

void deal_init(struct arena *out, struct deal *deal, const struct work *work, const uint32_t *counts)
{
	*deal = (struct deal){.work = work};
	for (uint32_t k = 0; k < work->n_lanes; k++) {
		deal->first[k] = deal->n;
		deal->n += counts[k];
	}
	for (uint32_t k = work->n_lanes; k <= LANES_MOST; k++)
		deal->first[k] = deal->n;
	deal->shards = arena_array(out, struct shard, deal->n);
	for (uint32_t k = 0; k < work->n_lanes; k++)
		for (uint32_t j = deal->first[k]; j < deal->first[k + 1]; j++)
			deal->shards[j].lane = k;
	deal->shard_of = arena_array(out, uint32_t, work->n);
	deal_clear(deal);
}

void deal_clear(struct deal *deal)
{
	for (uint32_t j = 0; j < deal->n; j++) {
		struct shard *shard = &deal->shards[j];
		*shard = (struct shard){shard->lane, NO_PIECE, 0, deal->work->fixed[shard->lane]};
	}
	memset(deal->shard_of, 0xff, deal->work->n * sizeof *deal->shard_of);
}

static void link_piece(struct deal *deal, uint32_t piece)
{
	struct shard *shard = &deal->shards[deal->shard_of[piece]];
	deal->prev[piece] = NO_PIECE;
	deal->next[piece] = shard->first;
	if (shard->first != NO_PIECE)
		deal->prev[shard->first] = piece;
	shard->first = piece;
}

static void unlink_piece(struct deal *deal, uint32_t piece)
{
	uint32_t next = deal->next[piece], prev = deal->prev[piece];
	if (prev == NO_PIECE)
		deal->shards[deal->shard_of[piece]].first = next;
	else
		deal->next[prev] = next;
	if (next != NO_PIECE)
		deal->prev[next] = prev;
}

void deal_link(struct arena *out, struct deal *deal)
{
	if (deal->next)
		return;
	deal->next = arena_array(out, uint32_t, deal->work->n);
	deal->prev = arena_array(out, uint32_t, deal->work->n);
	for (uint32_t p = 0; p < deal->work->n; p++)
		if (deal->shard_of[p] != NO_SHARD)
			link_piece(deal, p);
}

void deal_unlink(struct deal *deal)
{
	deal->next = deal->prev = NULL;
	for (uint32_t j = 0; j < deal->n; j++)
		deal->shards[j].first = NO_PIECE;
}

void deal_put(struct deal *deal, uint32_t piece, uint32_t to)
{
	struct shard *shard = &deal->shards[to];
	deal->shard_of[piece] = to;
	shard->n++;
	shard->end += deal->work->ms[piece];
	if (deal->next)
		link_piece(deal, piece);
}

void deal_take(struct deal *deal, uint32_t piece)
{
	struct shard *shard = &deal->shards[deal->shard_of[piece]];
	if (deal->next)
		unlink_piece(deal, piece);
	shard->n--;
	shard->end -= deal->work->ms[piece];
	deal->shard_of[piece] = NO_SHARD;
}

void deal_move(struct deal *deal, uint32_t piece, uint32_t shard)
{
	deal_take(deal, piece);
	deal_put(deal, piece, shard);
}

int64_t deal_makespan(const struct deal *deal, uint32_t *top)
{
	int64_t last = -1;
	*top = 0;
	for (uint32_t j = 0; j < deal->n; j++)
		if (deal->shards[j].n && deal->shards[j].end > last) {
			last = deal->shards[j].end;
			*top = j;
		}
	return last;
}
