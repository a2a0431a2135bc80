/* Which markers each test must, may and must not carry, and which of those that are written go. */
#ifndef FIX_WANTS_H
#define FIX_WANTS_H

#include "audit/room.h"
#include "fix/marking.h"

/* A mark that goes: a decorator of `def`, or in the pytestmark of the scope `def`. */
struct removal {
	uint32_t file, def, expr;
};

struct wants {
	service_set judged; /* services whose marker the config names and that are not on every lane */
	/* By test, of the judged services: */
	service_set *has;     /* its markers declare it, once the removals are done */
	service_set *must;    /* its markers must declare it; a superset of `has` */
	service_set *may;     /* no harm if they do: the plan counts it, or the test never runs */
	service_set *refused; /* the plan counts it, and no marker can say it: of `may`, told unless covered */
	VEC(struct removal) removals;
	refusal_list refusals;
};

struct wants fix_wants(const struct audit *a, const strs *changed);
/* Why a marker for it cannot simply be put on the test: one of `refused`. */
struct str fix_why_refused(const struct audit *a, uint32_t test, unsigned service);

#endif
