/* Putting in, and settling. */
#include "resolve/need_lists.h"

#include <stdlib.h>

void needs_put(struct arena *out, need_list *list, struct need need)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->at[i].services != need.services)
			continue;
		if (list->at[i].grade < need.grade)
			list->at[i] = need;
		return;
	}
	vec_push(out, list, need);
}

void needs_put_words(struct arena *out, need_list *list, const need_list *words)
{
	for (size_t i = 0; i < words->n; i++) {
		bool is_known = false;
		for (size_t k = 0; k < list->n; k++)
			is_known |=
			        list->at[k].services == words->at[i].services ||
			        (list->at[k].services & words->at[i].services && list->at[k].grade >= GRADE_PROBABLE);
		if (!is_known)
			vec_push(out, list, words->at[i]);
	}
}

static int by_services(const void *left, const void *right)
{
	const struct need *a = left, *b = right;
	int na = __builtin_popcountll(a->services) > 1, nb = __builtin_popcountll(b->services) > 1;
	if (na != nb)
		return na - nb;
	int first = __builtin_ctzll(a->services | 1ull << 63) - __builtin_ctzll(b->services | 1ull << 63);
	return first ? first : (a->services > b->services) - (a->services < b->services);
}

void needs_sort(need_list *list)
{
	if (list->n)
		qsort(list->at, list->n, sizeof *list->at, by_services);
}

/* A need for one of a set tells nothing when one of the set is needed anyway. */
void needs_settle(need_list *list)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->n; i++) {
		bool covered = false;
		for (size_t k = 0; k < list->n && !covered; k++) {
			bool single = (list->at[k].services & (list->at[k].services - 1)) == 0;
			bool is_set = (list->at[i].services & (list->at[i].services - 1)) != 0;
			covered = single && is_set && (list->at[k].services & list->at[i].services) &&
			          (list->at[k].grade >= list->at[i].grade || list->at[k].grade >= GRADE_PROBABLE);
		}
		if (!covered && list->at[i].services)
			list->at[kept++] = list->at[i];
	}
	list->n = kept;
	needs_sort(list);
}
