/* The problem a partitioner solves, and the plan: which unit runs in which shard of which lane.
 * Integer milliseconds everywhere; no floating point in decisions. */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include "model/estimate.h"
#include "model/service.h"

/* ---- the abstract problem: partition/ sees nothing else ---- */

struct item {
	int64_t ms;       /* > 0 */
	uint64_t lanes;   /* bit k: may run on lane k; at most 64 lanes */
	uint32_t group;   /* items of one group stay together; 0: alone */
	int32_t previous; /* shard of the previous plan in `previous_shards` order, or -1 */
};

struct lane_shape {
	int64_t fixed_ms; /* what every shard of it pays before its first test */
	uint32_t shards;  /* fixed number, or 0: as many as pay off */
	uint32_t workers; /* of each shard, at work at once; 0 is 1 */
};

struct problem {
	VEC(struct item) items; /* canonical order: sorted by id */
	VEC(struct lane_shape) lanes;
	VEC(uint32_t)
	previous_shards;     /* the lane of each shard of the previous plan, UINT32_MAX for one that is gone */
	uint32_t shards;     /* total over all lanes with work; 0: choose */
	uint32_t max_shards; /* total */
	int64_t billing_ms;  /* jobs are billed rounded up to it */
	uint32_t stick_ppm;
	int64_t enough_ms; /* an end by then will do; 0: as soon as can be */
	uint64_t seed;
	int64_t ticks; /* work allowed, about a nanosecond each; 0: the usual */
};

struct shard_result {
	uint32_t lane;
	int64_t load_ms; /* items only; with several workers until the last of them has ended */
};

/* Why the makespan cannot be lower: the lanes in `lanes` must hold `load_ms` on `shards` shards.  BOUND_DEALING
 * speaks of all lanes with work: however `shards` shards are dealt to them, they hold no more in less time.
 * BOUND_COUNT: of the `item` longest units confined to the lanes, some `shards` shards must hold at least `load_ms`.
 * BOUND_PIGEONHOLE: units shorter than `load_ms` left out and the others rounded to `item` parts of a shard, they
 * are more than `shards` shards hold.  BOUND_EXACT: every way was tried, or all that a shard can hold was weighed. */
enum bound_kind {
	BOUND_NONE,
	BOUND_FLOW,
	BOUND_ITEM,
	BOUND_PIGEONHOLE,
	BOUND_PRUNED,
	BOUND_REACH,
	BOUND_EXACT,
	BOUND_DEALING,
	BOUND_COUNT
};

struct certificate {
	enum bound_kind kind;
	uint64_t lanes;
	uint32_t shards;
	int64_t load_ms, fixed_ms; /* fixed: sum over those shards */
	uint32_t item;     /* BOUND_ITEM: the unit; BOUND_COUNT: how many of the longest; BOUND_PIGEONHOLE: parts */
	int64_t proven_ms; /* what that proves; the bound is the first end from there on that sums of units give */
};

struct solution {
	uint32_t *shard_of;              /* by item */
	VEC(struct shard_result) shards; /* by lane, then canonical; none empty */
	int64_t makespan_ms, bound_ms, billed_ms;
	struct certificate certificate;
};

/* ---- the plan: what is written to .lanewright/plan.json ---- */

struct plan_unit {
	struct str id; /* path, path::Class or path::func */
	struct str path;
	int64_t ms;
	enum estimate_source source;
	service_set needs;    /* union of what its tests demand */
	struct str why_whole; /* why a file that wanted splitting stayed whole, "" otherwise */
	uint32_t shard;       /* index into plan.shards */
	uint32_t n_tests;     /* test functions */
	uint64_t lanes;       /* plan lanes it may run on */
	uint32_t group;       /* units of one group stay together; 0: alone */
};

struct plan_shard {
	struct str name; /* "elastic" alone, "elastic-2" among several: also the list's file name */
	uint32_t lane;   /* index into plan.lanes */
	uint32_t number; /* from 1 inside its lane */
	int64_t fixed_ms, load_ms;
	struct str list_sha256;
};

struct plan_lane {
	struct str name;
	service_set services;
	strs service_order;
	bool is_derived; /* made for tests no configured lane covers */
	struct str why;  /* of a derived lane: the tests it is for */
	bool serial;
	uint32_t workers;
	struct str pytest_args;
	int64_t fixed_ms;
	uint32_t n_shards; /* 0: no work, not emitted */
	uint32_t given;    /* number of shards the config gives, 0: chosen */
};

/* An input the plan was made from. */
struct plan_input {
	struct str name; /* "tree", "config", "history", "options" */
	struct str sha256;
};

struct plan {
	strs services; /* the catalogue's names: bit i of every service_set above */
	VEC(struct plan_lane) lanes;
	VEC(struct plan_shard) shards;
	VEC(struct plan_unit) units; /* sorted by id */
	VEC(struct plan_input) inputs;
	int64_t makespan_ms, bound_ms, billed_ms;
	int64_t billing_ms;             /* jobs are billed rounded up to it */
	int64_t p50_ms, p95_ms;         /* by when the last shard has ended with that chance; 0 when read from a file */
	uint32_t enough_shards;         /* one unit binds: so many end as soon; 0: another bound, or read from a file */
	struct certificate certificate; /* its `item` is a unit, its `lanes` are plan lanes */
	int64_t history_ms, regression_ms, default_ms; /* seconds by source */
	uint32_t moved, kept;                          /* against the previous plan; both 0 without one */
};

#endif
