/* Regular expressions: PCRE2 with limits, so that a pattern from a config can be wrong but not endless. */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/err.h"
#include "base/str.h"

struct pattern;

enum pattern_answer { PATTERN_NO, PATTERN_YES, PATTERN_LIMIT }; /* LIMIT: gave up; never the same as no */

/* Compiled with UTF off: bytes are matched.  `place` begins the message, as "lanewright.toml:3:1".  Freed by
 * pattern_free; owners call it from base-level cleanup lists. */
bool pattern_compile(struct pattern **pattern, struct str source, const char *place, struct err *err);
enum pattern_answer pattern_find(const struct pattern *pattern, struct str text, size_t *start, size_t *end);
void pattern_free(struct pattern *pattern);

#endif
