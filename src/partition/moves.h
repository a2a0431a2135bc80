/* What differs between two plans, unit by unit, and why. */
#ifndef PARTITION_MOVES_H
#define PARTITION_MOVES_H

#include "base/err.h"
#include "model/plan.h"

struct move {
	struct str unit;
	struct str from, to; /* shard names; "" for a new unit, or one that is gone */
	struct str why;
};

struct moves {
	VEC(struct move) at; /* by unit */
	uint32_t kept, moved, added, gone;
};

struct moves plan_moves(struct arena *out, const struct plan *before, const struct plan *after);

/* For a terminal, and as a comment on a pull request. */
struct str moves_text(struct arena *out, const struct moves *moves, const struct plan *before,
                      const struct plan *after);
struct str moves_markdown(struct arena *out, const struct moves *moves, const struct plan *before,
                          const struct plan *after);

#endif
