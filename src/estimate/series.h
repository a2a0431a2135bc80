/* What is known of each unit that has run: its level now, and how much it varies.
 *
 * Runs are taken in the order of time.  A run's own speed (slower machine, busy neighbour, another set of
 * tests) is the median ratio of its times to what was expected of them; it is divided out before a unit learns
 * from the run, so that a slow partial run does not make its tests look heavy beside the others.
 *
 * Then files are looked at as wholes.  A module's fixture is paid by whichever of its tests comes first: for the
 * test that is a jump which goes back, for the file it is there in every run.  So each file's sum has a level of
 * its own, and its units are scaled to it. */
#ifndef ESTIMATE_SERIES_H
#define ESTIMATE_SERIES_H

#include "model/history.h"

struct unit_level {
	struct str unit;
	double level;    /* log of microseconds at the present speed */
	double variance; /* of one future log duration around it */
	uint32_t n;      /* samples used */
};

typedef VEC(struct unit_level) unit_levels; /* sorted by unit */

unit_levels series_levels(struct arena *out, const struct history *history);

/* The level of a unit, or NULL. */
const struct unit_level *level_find(const unit_levels *levels, struct str unit);

#endif
