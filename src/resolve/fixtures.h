/* Fixtures: definitions in every form, and which definition a request reaches. */
#ifndef RESOLVE_FIXTURES_H
#define RESOLVE_FIXTURES_H

#include "resolve/chain.h"
#include "resolve/marks.h"

/* The fixtures visible in one module or class: indices into suite->fixtures, in source order. */
struct layer {
	index_list fixtures;
};

struct fixtures {
	struct names *names;
	struct arena *arena;
	struct suite *suite; /* .fixtures grows */
	const struct pytest_config *pytest;
	struct map known;     /* (def, name) -> index */
	struct map externals; /* name -> index */
	struct map layers;    /* (file, class def or 0) -> position in made */
	VEC(struct layer) made;
	struct chains chains;
	struct map in_progress;
	struct map answers; /* (scope, name, skip) -> index */
};

/* A test's place for look-ups. */
struct fixture_scope {
	uint32_t file;
	struct def_ref class_; /* REF_NOWHERE for none */
};

void fixtures_init(struct fixtures *fixtures, struct names *names, struct arena *out, struct suite *suite,
                   const struct pytest_config *pytest);
/* The `skip`-th definition of that name counted from the test outward; an external one when the tree has none. */
uint32_t fixtures_find(struct fixtures *fixtures, struct fixture_scope scope, name what, unsigned skip);
/* Where in the outward order fixture `index` stands for its own name, for self-requests. */
unsigned fixtures_depth(struct fixtures *fixtures, struct fixture_scope scope, name what, uint32_t index);
/* Autouse fixtures a test gets, outermost first. */
void fixtures_autouse(struct fixtures *fixtures, struct fixture_scope scope, index_list *list);
/* Whether a function is a fixture, not a test. */
bool fixtures_is_fixture(struct fixtures *fixtures, struct def_ref function);
/* The decorator that makes a function a fixture, 0 for none. */
uint32_t fixtures_decorator(struct names *names, struct def_ref function);
/* A name of pytest itself or of a well-known plugin. */
bool fixtures_is_well_known(struct str name);

#endif
