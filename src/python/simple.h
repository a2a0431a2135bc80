/* Statements that stand on one logical line. */
#ifndef PYTHON_SIMPLE_H
#define PYTHON_SIMPLE_H

#include "python/reader.h"

/* Reads the statement at the cursor into stmts[i], whose kind is set too. */
void simple_read(struct reader *reader, uint32_t i);
/* Does so when it is nothing but a plain string; its text is not kept. */
bool simple_read_docstring(struct reader *reader, uint32_t i);

#endif
