/* The gates of a test, told for those who judge them: what they ask, and where they stand. */
#ifndef RESOLVE_GATES_H
#define RESOLVE_GATES_H

#include "model/needs.h"
#include "resolve/names.h"
#include "resolve/value.h"

void gates_of(const struct names *names, struct arena *out, const struct contact *contacts, gate_list *gates);

#endif
