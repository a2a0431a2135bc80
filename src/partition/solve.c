/* The order of work: pieces, numbers of shards, deals, the books. */
#include "partition/solve.h"

#include "partition/attempt.h"
#include "partition/books.h"

static void write_shards(struct arena *out, struct arena *tmp, const struct work *work, const struct attempt *attempt,
                         struct solution *solution)
{
	uint32_t n = 0, *shard_of = arena_array(tmp, uint32_t, work->problem->items.n);
	for (uint32_t k = 0; k < work->n_lanes; k++)
		n += attempt->counts[k];
	uint32_t *lane_of = arena_array(tmp, uint32_t, n), at = 0;
	for (uint32_t k = 0; k < work->n_lanes; k++)
		for (uint32_t r = 0; r < attempt->counts[k]; r++)
			lane_of[at++] = k;
	for (size_t i = 0; i < work->problem->items.n; i++)
		shard_of[i] = attempt->shard_of[work->piece_of[i]];
	books_write(out, tmp, work->problem, lane_of, n, shard_of, solution);
}

static uint32_t first_item(const struct work *work, uint32_t piece)
{
	uint32_t i = 0;
	while (work->piece_of[i] != piece)
		i++;
	return i;
}

bool partition_solve(struct arena *out, struct arena *tmp, const struct problem *problem, struct solution *solution,
                     struct err *err)
{
	struct work work;
	struct replicas replicas;
	struct attempt attempt;
	*solution = (struct solution){0};
	if (!work_make(tmp, tmp, problem, &work, err))
		return false;
	struct flow_loads loads = flow_loads(tmp, &work);
	if (!replicas_choose(tmp, &work, loads, &replicas, err))
		return false;
	attempt_best(tmp, tmp, &work, &replicas, loads, &attempt);
	write_shards(out, tmp, &work, &attempt, solution);
	solution->bound_ms = attempt.bound.ms * work.unit;
	solution->certificate = attempt.bound.certificate;
	solution->certificate.load_ms *= work.unit;
	solution->certificate.fixed_ms *= work.unit;
	if (!solution->certificate.proven_ms)
		solution->certificate.proven_ms = attempt.bound.ms;
	solution->certificate.proven_ms *= work.unit;
	if (attempt.bound.certificate.kind == BOUND_ITEM)
		solution->certificate.item = first_item(&work, attempt.bound.certificate.item);
	return true;
}
