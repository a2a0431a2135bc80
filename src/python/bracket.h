/* What stands in brackets: tuples, lists, sets, dicts, comprehensions. */
#ifndef PYTHON_BRACKET_H
#define PYTHON_BRACKET_H

#include "python/reader.h"

/* At the opening bracket; each takes the closing one too. */
uint32_t bracket_read_parenthesis(struct reader *reader);
uint32_t bracket_read_square(struct reader *reader);
uint32_t bracket_read_curly(struct reader *reader);

/* The parts from which lists without brackets, and arguments, are made. */

bool bracket_at_comprehension(const struct reader *reader); /* at its first `for` or `async for`? */
/* There; `parts` has the element. */
uint32_t bracket_comprehension(struct reader *reader, enum expr_kind builds, struct chain *parts, struct place here);
/* Adds the elements that follow the first, `, b, c`; true when there were more
 * than are kept. */
bool bracket_more(struct reader *reader, struct chain *chain);
uint32_t bracket_collection(struct reader *reader, enum expr_kind kind, const struct chain *chain, bool is_cut,
                            struct place here);
uint32_t bracket_double_star(struct reader *reader); /* `**x` */

#endif
