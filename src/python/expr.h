/* The small expression reader: precedence climbing into the flat array of
 * facts. */
#ifndef PYTHON_EXPR_H
#define PYTHON_EXPR_H

#include "python/reader.h"

/* Each reads from the cursor on and returns a node, also when it fails
 * (is_broken is set then). */
uint32_t expr_read(struct reader *reader);           /* one expression; lambda, conditional, yield too */
uint32_t expr_read_element(struct reader *reader);   /* also `*x`, `x := y`, and `x as y`
                                             where the mode allows it */
uint32_t expr_read_list(struct reader *reader);      /* elements with commas between are a tuple */
uint32_t expr_read_targets(struct reader *reader);   /* of `for`: stops at `in` */
uint32_t expr_read_operators(struct reader *reader); /* no lambda or conditional: as in `for x in HERE if HERE` */
uint32_t expr_skip_deep(struct reader *reader);      /* nested too deeply: skips to
                                                   where it should end */
bool expr_begins(enum token_kind kind);              /* may begin an expression */
bool expr_is_operator(enum token_kind kind);         /* may stand behind an operand */

#endif
