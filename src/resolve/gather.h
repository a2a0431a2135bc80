/* Everything that speaks for one test: gates on it, fixtures it gets, its body, its mocks. */
#ifndef RESOLVE_GATHER_H
#define RESOLVE_GATHER_H

#include "resolve/eval.h"
#include "resolve/seams.h"

struct gatherer {
	struct eval eval;
	struct names *names;
	const struct suite *suite;
	const struct config *config;
	struct arena *arena;
	service_set django; /* behind DATABASES of the settings, 0 if none */
	uint32_t django_file, django_line;
	struct map fixtures; /* (fixture, closure) -> position */
	VEC(struct summary) fixture_summaries;
	struct map function_seams; /* def -> position */
	VEC(seam_list) seam_lists;
	struct chains chains;
	struct map hooks;        /* (hook, closure, marks) -> position in fixture_summaries */
	struct map item_numbers; /* (closure, marks) -> position */
	VEC(const struct value *) items;
	struct map markers;      /* file -> whether it adds marks while pytest runs */
	const struct test *test; /* at hand */
	uint64_t closure;        /* hash of its fixtures */
	bool is_loose;           /* fixtures outside the closure answer too */
};

void gather_init(struct gatherer *g, struct names *names, struct arena *arena, const struct suite *suite,
                 const struct config *config);
/* Contacts of one test, with the seams it patches. */
const struct contact *gather_test(struct gatherer *g, const struct test *test, seam_list *seams);
/* What a function patches; worked out once. */
const seam_list *gather_seams(struct gatherer *g, struct def_ref function);
/* What a dynamic contact could be, from the literal parts of its pattern; ~0 when anything. */
service_set gather_possible(struct gatherer *g, const struct contact *contact);
/* What tests that a file makes while it runs could need: whatever its functions, those it imports by name and the
 * fixtures they could ask for do. */
service_set gather_hiding(struct gatherer *g, const struct hiding *hiding);

#endif
