/* Where markers of services are written, and what the tests under each place say of it. */
#ifndef AUDIT_PLACED_H
#define AUDIT_PLACED_H

#include "audit/room.h"

/* A place where a marker of a service is written, with what its tests say. */
struct placed {
	const struct mark *mark;
	unsigned service;
	uint32_t n_tests, n_using, n_doubtful;
	service_set instead; /* what tests that do not use it were shown to need and do not declare */
	uint32_t example;    /* such a test */
};

typedef VEC(struct placed) placed_list;

/* Of every judged service, in the order in which tests meet them; a mark that declares two services is there twice. */
placed_list audit_placed_marks(const struct audit *a);

#endif
