/* Writes a solution down as a plan: names, numbers, sources, what moved. */
#ifndef PARTITION_RECORD_H
#define PARTITION_RECORD_H

#include "partition/derive.h"

struct record {
	const struct plan_request *request;
	const plan_lanes *lanes;
	const units *units;
	const struct problem *problem; /* item i is unit i */
	const struct solution *solution;
};

/* "one file binds: tests/x.py 83 s; more than 6 shards do not help" */
struct str record_nothing_more(struct arena *out, struct str unit, bool is_file, int64_t ms, uint32_t shards);

struct plan plan_record(struct arena *out, struct arena *tmp, const struct record *record);

#endif
