/* Text being written: a growing byte string in an arena. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
	struct arena *arena;
	char *at;
	size_t n, cap;
};

void buf_init(struct buf *buf, struct arena *arena);
void buf_add(struct buf *buf, struct str s);
void buf_char(struct buf *buf, char c);
void buf_fmt(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_spaces(struct buf *buf, size_t n);
/* One CSV field by RFC 4180: quoted only when it must be. */
void buf_csv(struct buf *buf, struct str field);
struct str buf_str(const struct buf *buf); /* borrowed; what was written so far */

#define buf_lit(buf, literal) buf_add((buf), STR(literal))

#endif
