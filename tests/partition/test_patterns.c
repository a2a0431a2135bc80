/* What the linear programme proves is true, and it proves nearly all that is. */
#include "partition/patterns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

static uint64_t seed = 5;

static uint32_t draw(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % n);
}

static int longest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x < y) - (x > y);
}

/* Whether the pieces from the first on fit into what is left of the bins: every way. */
static bool fits(const int64_t *ms, uint32_t n, int64_t *left, uint32_t bins)
{
	if (!n)
		return true;
	for (uint32_t b = 0; b < bins; b++) {
		if (left[b] < ms[0])
			continue;
		left[b] -= ms[0];
		bool is_found = fits(ms + 1, n - 1, left, bins);
		left[b] += ms[0];
		if (is_found)
			return true;
	}
	return false;
}

static void proves_nothing_that_is_not_so(void **state)
{
	(void)state;
	uint32_t proven = 0, impossible = 0;
	for (uint32_t round = 0; round < 4000; round++) {
		struct arena arena;
		int64_t ms[10], sum = 0, ticks = 10000000, left[4];
		uint32_t n = 4 + draw(7), bins = 2 + draw(3), scale = 5 + draw(60);
		arena_init(&arena, NULL);
		for (uint32_t i = 0; i < n; i++)
			sum += ms[i] = 3 + draw(scale);
		qsort(ms, n, sizeof *ms, longest_first);
		int64_t capacity = sum / bins + draw(scale / 3 + 1);
		capacity = capacity < ms[0] ? ms[0] : capacity;
		for (uint32_t b = 0; b < bins; b++)
			left[b] = capacity;
		bool does_fit = fits(ms, n, left, bins),
		     is_proven = patterns_prove(&arena, ms, n, capacity, bins, &ticks);
		assert_false(does_fit && is_proven);
		assert_true(ticks > 0);
		impossible += !does_fit;
		proven += is_proven;
		arena_free(&arena);
	}
	print_message("%u of %u proven\n", proven, impossible);
	assert_true(impossible > 500);
	assert_true(proven > impossible / 100 * 90);
}

static void gives_up_when_the_ticks_are_used(void **state)
{
	(void)state;
	struct arena arena;
	int64_t ms[] = {6, 6, 6, 5, 5, 5, 4, 4, 4}, ticks = 1;
	arena_init(&arena, NULL);
	assert_false(patterns_prove(&arena, ms, 9, 11, 4, &ticks));
	ticks = 1000000;
	assert_true(patterns_prove(&arena, ms, 9, 11, 4, &ticks));
	assert_false(patterns_prove(&arena, ms, 9, 15, 3, &ticks));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(proves_nothing_that_is_not_so),
	        cmocka_unit_test(gives_up_when_the_ticks_are_used),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
