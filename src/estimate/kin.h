/* What to expect of a test nobody has timed, from those of its suite that were: by the size of its file, the
 * number of tests in it and of its parameters, and by how its folders and its file run beside that. */
#ifndef ESTIMATE_KIN_H
#define ESTIMATE_KIN_H

#include "estimate/series.h"
#include "model/estimate.h"

struct kin_guess {
	double level;    /* log of microseconds: of the median; means of a few long tests mislead more (backtest) */
	double variance; /* of the log */
};

/* One guess for each ask; levels[i] is NULL where nothing is known.  False when nothing at all is known. */
bool kin_guess_all(struct arena *tmp, const struct estimate_ask *asks, const struct unit_level *const *levels, size_t n,
                   struct kin_guess *guesses);

#endif
