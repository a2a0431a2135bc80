/* What the writer and the reader of a plan share: the words for enums. */
#ifndef EMIT_PLAN_WORDS_H
#define EMIT_PLAN_WORDS_H

#include "model/plan.h"

/* By enum bound_kind. */
extern const char *const bound_words[];
enum { BOUND_WORDS = BOUND_COUNT + 1 };

bool str_among(const strs *list, struct str s);

#endif
