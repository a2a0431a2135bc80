/* Names of fixtures that pytest and its well-known plugins bring: requested without a definition in the tree,
 * they are no surprise.  Which of them need a service the catalogue says. */
#ifndef RESOLVE_WELL_KNOWN_H
#define RESOLVE_WELL_KNOWN_H

#include <stddef.h>

extern const char *const well_known_fixtures[]; /* sorted by bytes */
extern const size_t well_known_fixtures_n;

/* What some of them ask for in turn: a tree that defines one of those under its name is asked by the plugin. */
struct well_known_request {
	const char *fixture, *asks; /* all it reaches, blanks between */
};

extern const struct well_known_request well_known_requests[];
extern const size_t well_known_requests_n;

#endif
