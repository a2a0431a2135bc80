/* Sorting and finding values of the environment. */
#include "model/given.h"

#include <stdlib.h>

static int by_variable(const void *left, const void *right)
{
	const struct given_value *a = left, *b = right;
	int order = str_cmp(a->variable, b->variable);
	if (order == 0)
		order = (int)b->giver - (int)a->giver;
	if (order == 0)
		order = str_cmp(a->value, b->value);
	return order ? order : str_cmp(a->place, b->place);
}

void given_settle(given_values *given)
{
	size_t kept = 0;
	if (given->n)
		qsort(given->at, given->n, sizeof *given->at, by_variable);
	for (size_t i = 0; i < given->n; i++) {
		const struct given_value *last = kept ? &given->at[kept - 1] : NULL, *one = &given->at[i];
		bool is_more = last && str_eq(last->variable, one->variable);
		if (is_more && (last->giver != one->giver || str_eq(last->value, one->value)))
			continue;
		given->at[kept++] = *one;
	}
	given->n = kept;
}

const struct given_value *given_find(const given_values *given, struct str variable, size_t *n)
{
	size_t low = 0, high = given->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_cmp(given->at[middle].variable, variable) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (*n = 0; low + *n < given->n && str_eq(given->at[low + *n].variable, variable);)
		++*n;
	return given->at + low;
}
