/* Samples are sorted by unit, so those of a file lie together. */
#include "estimate/modules.h"

#include <stdlib.h>

#include "estimate/track.h"

enum { TESTS_LEAST = 3 }; /* of a file in a run, to know what is usual */

struct setup {
	uint32_t run;
	int64_t us;
};

static int by_run(const void *a, const void *b)
{
	const struct setup *x = a, *y = b;
	if (x->run != y->run)
		return x->run < y->run ? -1 : 1;
	return (x->us > y->us) - (x->us < y->us);
}

/* The first sample whose unit is not before `prefix`. */
static size_t lower_bound(const struct history *history, struct str prefix)
{
	size_t low = 0, high = history->samples.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_cmp(history->samples.at[middle].unit, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int64_t module_us(struct arena *tmp, const struct history *history, struct str path)
{
	struct str prefix = str_fmt(tmp, "%.*s::", STR_ARG(path));
	VEC(struct setup) setups = {0};
	VEC(int64_t) extras = {0};
	for (size_t i = lower_bound(history, prefix); i < history->samples.n; i++) {
		const struct history_sample *sample = &history->samples.at[i];
		if (!str_starts(sample->unit, prefix))
			break;
		if (sample->setup_us != MS_UNKNOWN)
			vec_push(tmp, &setups, ((struct setup){sample->run, sample->setup_us}));
	}
	if (setups.n)
		qsort(setups.at, setups.n, sizeof *setups.at, by_run);
	for (size_t from = 0, to; from < setups.n; from = to) {
		for (to = from; to < setups.n && setups.at[to].run == setups.at[from].run;)
			to++;
		if (to - from >= TESTS_LEAST)
			vec_push(tmp, &extras, setups.at[to - 1].us - setups.at[from + (to - from) / 2].us);
	}
	return median_us(extras.at, extras.n);
}

int64_t *estimate_modules(struct arena *out, struct arena *tmp, const struct history *history, const struct str *paths,
                          size_t n)
{
	int64_t *ms = arena_array(out, int64_t, n);
	for (size_t i = 0; i < n; i++)
		ms[i] = (module_us(tmp, history, paths[i]) + 500) / 1000;
	return ms;
}
