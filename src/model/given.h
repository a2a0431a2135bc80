/* The values that a project gives to variables of the environment where its tests run: its CI, tox, pytest's own files,
 * a `.env` beside them. */
#ifndef MODEL_GIVEN_H
#define MODEL_GIVEN_H

#include "base/str.h"
#include "base/vec.h"

/* Whoever speaks up is believed before the ones above: `.env` is read by who wants it, and fills up. */
enum giver { GIVER_FILE, GIVER_CI, GIVER_PYTEST };

struct given_value {
	struct str variable, value;
	struct str place; /* ".github/workflows/ci.yml:54" */
	enum giver giver;
};

/* Sorted by variable, then value; of one variable those of the strongest giver only, each once. */
typedef VEC(struct given_value) given_values;

/* Brings a list in any order into that form. */
void given_settle(given_values *given);
/* The values of a variable: the first of *n. */
const struct given_value *given_find(const given_values *given, struct str variable, size_t *n);

#endif
