/* Facts as text, for people and tests; docs/facts.md describes the format. */
#ifndef PYTHON_DUMP_H
#define PYTHON_DUMP_H

#include "base/buf.h"
#include "model/facts.h"

void facts_dump(struct buf *to, const struct intern *names, const struct facts *facts);

#endif
