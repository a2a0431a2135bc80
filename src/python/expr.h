/* The small expression reader: precedence climbing into the flat array of facts. */
#ifndef PYTHON_EXPR_H
#define PYTHON_EXPR_H

#include "python/reader.h"

/* Each reads from the cursor on and returns a node, also when it fails (is_broken is set then). */
uint32_t expr_read(struct reader *reader);         /* one expression; lambda, conditional, yield too */
uint32_t expr_read_element(struct reader *reader); /* also `*x`, `x := y`, and `x as y` where the mode allows it */
uint32_t expr_read_list(struct reader *reader);    /* elements with commas between are a tuple */
uint32_t expr_read_targets(struct reader *reader); /* of `for`: stops at `in` */
/* What stands in the parentheses of a call or a class, behind the opening one up to and with the closing one. */
struct chain expr_read_arguments(struct reader *reader, struct chain chain);
bool expr_begins(enum token_kind kind); /* may begin an expression */

#endif
