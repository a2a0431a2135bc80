/* Names of fixtures that pytest and its well-known plugins bring: requested without a definition in the tree,
 * they are no surprise.  Which of them need a service the catalogue says. */
#ifndef RESOLVE_WELL_KNOWN_H
#define RESOLVE_WELL_KNOWN_H

#include <stddef.h>

extern const char *const well_known_fixtures[]; /* sorted by bytes */
extern const size_t well_known_fixtures_n;

#endif
