/* The words of a pytest command: what stays, what the emitted jobs say themselves, and what are paths. */
#ifndef PROJECT_PYTEST_WORDS_H
#define PROJECT_PYTEST_WORDS_H

#include "base/str.h"

struct pytest_words {
	struct str command; /* on one line, without what follows */
	strs paths;         /* as written */
	strs sources;       /* of --cov, or of `coverage run --source` */
	bool has_coverage;
	strs dropped; /* arguments left out: reports, coverage's own, shares of pytest-split */
	strs unknown; /* paths that are no plain path: globs, node ids, variables */
};

struct pytest_words pytest_words_read(struct arena *out, const strs *words, struct str bin);

#endif
