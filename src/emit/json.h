/* Writing JSON: the strings, which are the only hard part of it.  jansson reads what we write; to write with it
 * would mean a tree on the heap, and its own layout. */
#ifndef EMIT_JSON_H
#define EMIT_JSON_H

#include "base/buf.h"

/* `s` in quotes.  It must be valid UTF-8: check what comes from outside first. */
void json_quote(struct buf *buf, struct str s);

#endif
