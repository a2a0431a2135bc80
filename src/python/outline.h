/* What one Python file states, as model/facts.h has it. */
#ifndef PYTHON_OUTLINE_H
#define PYTHON_OUTLINE_H

#include "model/facts.h"

/* Reads `text`, which is followed by FILE_PADDING zero bytes, into `facts`,
 * whose arrays live in `out`; names are interned in `names`.  Never fails: what
 * is wrong with the text is a fault among the facts. */
void outline_read(struct arena *out, struct arena *tmp, struct intern *names, struct str text, struct facts *facts);

#endif
