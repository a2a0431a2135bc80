/* A contact's hops as sentences a person can check against the source. */
#ifndef RESOLVE_NARRATE_H
#define RESOLVE_NARRATE_H

#include "model/needs.h"
#include "resolve/value.h"

void narrate(const struct names *names, struct arena *out, const struct test *test, const struct contact *contact,
             struct evidence *evidence);

#endif
