/* The fixtures one test gets. */
#ifndef RESOLVE_CLOSURE_H
#define RESOLVE_CLOSURE_H

#include "resolve/fixtures.h"

typedef VEC(name) name_list;

/* Fills test->fixtures and adds unknowns for requests nobody can answer.  Needs .def, .class_, .marks. */
void closure_of(struct fixtures *fixtures, struct arena *out, struct fixture_scope scope, struct test *test);
/* Names a function asks for: parameters without default, less self and what mock.patch injects. */
void closure_arguments(struct names *names, struct arena *out, struct def_ref function, bool is_method,
                       name_list *list);

#endif
