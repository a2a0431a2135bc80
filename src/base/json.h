/* Writing JSON: the strings, which are the only hard part of it.  jansson reads what we write; to write with it
 * would mean a tree on the heap, and its own layout. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

/* `s` in quotes.  A byte that is not UTF-8 becomes U+FFFD: check first where another name would do harm. */
void json_quote(struct buf *buf, struct str s);

#endif
