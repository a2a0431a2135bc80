/* The units of a file: the file itself, its classes, its functions. */
#ifndef PARTITION_PARTS_H
#define PARTITION_PARTS_H

#include "partition/units.h"

struct unit {
	struct str id; /* path, path::Class or path::func */
	struct str path;
	struct str why_whole;
	uint32_t file;
	uint32_t *tests; /* of the suite */
	uint32_t n_tests;
	uint32_t bundle; /* parts of one file with the same number stay together; 0: none */
	bool is_whole;   /* the file */
	struct demand demand;
	int64_t ms, variance;
	enum estimate_source source; /* of most of its time */
	bool hides;                  /* its tests have no names yet; n_tests is 0 */
};

typedef VEC(struct unit) units;

/* What both demand. */
struct demand demand_join(struct arena *out, struct demand a, struct demand b);

/* The file as one unit; it has tests. */
struct unit part_file(struct arena *out, const struct plan_request *request, uint32_t file);

/* The file at that place of suite.hiding, as one unit without a test, and why it is whole. */
struct unit part_hiding(struct arena *out, const struct plan_request *request, size_t at);

/* The classes and functions directly in a file or class.  None when it is a function, or a class whose members share
 * state.  Whether the file may be split at all is the caller's to ask (together.h). */
void part_split(struct arena *out, struct arena *tmp, const struct plan_request *request, const struct unit *whole,
                units *parts);

/* Takes the file apart as far as lanes must have it: each part is covered by one of the sets in `offered`, or cannot
 * be split; parts are bundled so that few bundles are left.  False when no part is covered by any. */
bool part_by_need(struct arena *out, struct arena *tmp, const struct plan_request *request, const struct unit *whole,
                  const service_set *offered, size_t n_offered, units *parts);

#endif
