/* Values as TOML: whatever a workflow says comes out as the same text when it is read back. */
#ifndef PROJECT_TOML_TEXT_H
#define PROJECT_TOML_TEXT_H

#include "base/buf.h"

/* A string on one line; in the quotes in which it needs no escapes, if there are such. */
void toml_text(struct buf *buf, struct str s);
/* A string of several lines, as it is between three quotes where that can be. */
void toml_block(struct buf *buf, struct str s);
void toml_list(struct buf *buf, const strs *list);
void toml_key(struct buf *buf, struct str key);
/* "# ..." without what could end the line. */
void toml_comment(struct buf *buf, struct str s);

#endif
