/* Lists of needs: one of a kind, the strongest; sorted when they are done. */
#ifndef RESOLVE_NEED_LISTS_H
#define RESOLVE_NEED_LISTS_H

#include "model/needs.h"

void needs_put(struct arena *out, need_list *list, struct need need);
/* Adds what literals mention, where nothing else speaks for the same service. */
void needs_put_words(struct arena *out, need_list *list, const need_list *words);
/* Sorts a test's needs, and leaves out what tells nothing. */
void needs_settle(need_list *list);
void needs_sort(need_list *list);

#endif
