/* Seconds per unit with where they come from. */
#ifndef MODEL_ESTIMATE_H
#define MODEL_ESTIMATE_H

#include "base/str.h"

enum estimate_source { ESTIMATE_HISTORY, ESTIMATE_REGRESSION, ESTIMATE_DEFAULT };

struct estimate {
	int64_t ms;        /* mean, at least 1 */
	int64_t low, high; /* ms, a band of about 90 % */
	int64_t variance;  /* ms squared */
	enum estimate_source source;
};

/* A unit to be estimated: a test function (`path::Class::func`, its parameters summed). */
struct estimate_ask {
	struct str test; /* its id */
	struct str path; /* its file */
	uint64_t file_bytes;
	uint32_t file_tests; /* test functions in the file */
	uint32_t n_params;
};

const char *estimate_source_name(enum estimate_source source);

#endif
