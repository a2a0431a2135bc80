/* Replaying a history. */
#include "estimate/backtest.h"

#include <stdlib.h>
#include <string.h>

#include "estimate/estimate.h"
#include "estimate/kin.h"
#include "estimate/logs.h"

enum { MILLION = 1000000 };

/* What the other ways know of a unit. */
struct simple {
	int64_t last_us, p85_us;
	bool is_known;
};

static int by_us(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static struct simple look_at(struct arena *tmp, const struct history_sample *samples, size_t n)
{
	int64_t *us = arena_array(tmp, int64_t, n);
	for (size_t i = 0; i < n; i++)
		us[i] = samples[i].us;
	int64_t last = us[n - 1];
	qsort(us, n, sizeof *us, by_us);
	return (struct simple){.last_us = last, .p85_us = us[(n - 1) * 85 / 100], .is_known = true};
}

static size_t first_sample(const struct history *past, struct str unit)
{
	size_t low = 0, high = past->samples.n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_cmp(past->samples.at[mid].unit, unit) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct simple *look_at_all(struct arena *tmp, const struct history *past, const struct estimate_ask *asks,
                                  size_t n)
{
	struct simple *all = arena_array(tmp, struct simple, n);
	for (size_t i = 0; i < n; i++) {
		size_t from = first_sample(past, asks[i].test), to = from;
		while (to < past->samples.n && str_eq(past->samples.at[to].unit, asks[i].test))
			to++;
		if (to > from)
			all[i] = look_at(tmp, &past->samples.at[from], to - from);
	}
	return all;
}

static uint32_t params_of(const struct estimate_ask *ask)
{
	return ask->n_params ? ask->n_params : 1;
}

static void guess_last(const struct simple *all, const struct estimate_ask *asks, size_t n, int64_t *guess)
{
	int64_t sum = 0, cases = 0;
	for (size_t i = 0; i < n; i++) {
		sum += all[i].last_us;
		cases += all[i].is_known ? params_of(&asks[i]) : 0;
	}
	for (size_t i = 0; i < n; i++)
		guess[i] = all[i].is_known ? all[i].last_us
		           : cases         ? sum / cases * params_of(&asks[i])
		                           : MILLION * params_of(&asks[i]);
}

static void guess_newest(struct arena *tmp, const struct simple *all, const struct estimate_ask *asks, size_t n,
                         int64_t *guess)
{
	struct unit_level *levels = arena_array(tmp, struct unit_level, n);
	const struct unit_level **known = arena_array(tmp, const struct unit_level *, n);
	struct kin_guess *kin = arena_array(tmp, struct kin_guess, n);
	for (size_t i = 0; i < n; i++) {
		if (!all[i].is_known)
			continue;
		levels[i].level = log_of((double)(all[i].last_us < 100 ? 100 : all[i].last_us));
		known[i] = &levels[i];
	}
	bool has_kin = kin_guess_all(tmp, asks, known, n, kin);
	for (size_t i = 0; i < n; i++)
		guess[i] = all[i].is_known ? all[i].last_us : has_kin ? (int64_t)exp_of(kin[i].level) : MILLION;
}

static void guess_ours(struct arena *tmp, const struct history *past, const struct estimate_ask *asks, size_t n,
                       int64_t *guess)
{
	struct estimate *estimates = arena_array(tmp, struct estimate, n);
	estimate_all(tmp, past, asks, n, estimates);
	for (size_t i = 0; i < n; i++)
		guess[i] = estimates[i].ms * 1000;
}

/* What is dealt as one: a file, or a test of a file that was split. */
struct load {
	int64_t guess, truth;
	uint32_t number;
};

static int longest_first(const void *a, const void *b)
{
	const struct load *x = a, *y = b;
	if (x->guess != y->guess)
		return x->guess > y->guess ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* The time of the slowest shard when the files are dealt by guess and take their true time. */
static int64_t execute(struct arena *tmp, struct load *loads, size_t n, uint32_t shards)
{
	int64_t *guess = arena_array(tmp, int64_t, shards), *truth = arena_array(tmp, int64_t, shards), slowest = 0;
	qsort(loads, n, sizeof *loads, longest_first);
	for (size_t i = 0; i < n; i++) {
		uint32_t least = 0;
		for (uint32_t s = 1; s < shards; s++)
			if (guess[s] < guess[least])
				least = s;
		guess[least] += loads[i].guess;
		truth[least] += loads[i].truth;
	}
	for (uint32_t s = 0; s < shards; s++)
		slowest = truth[s] > slowest ? truth[s] : slowest;
	return slowest;
}

/* asks[i] belongs to file file_of[i]; files are numbered in the order of their paths. */
static uint32_t *number_files(struct arena *tmp, const struct estimate_ask *asks, size_t n, size_t *n_files)
{
	struct str *paths = arena_array(tmp, struct str, n);
	uint32_t *file_of = arena_array(tmp, uint32_t, n);
	for (size_t i = 0; i < n; i++)
		paths[i] = asks[i].path;
	qsort(paths, n, sizeof *paths, str_cmp_qsort);
	*n_files = 0;
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !str_eq(paths[i], paths[*n_files - 1]))
			paths[(*n_files)++] = paths[i];
	for (size_t i = 0; i < n; i++) {
		const struct str *path = bsearch(&asks[i].path, paths, *n_files, sizeof *paths, str_cmp_qsort);
		file_of[i] = (uint32_t)(path - paths);
	}
	return file_of;
}

/* Files as they are, but the tests of one that alone is longer than a shard should be: as a plan does it. */
static size_t make_loads(const int64_t *guess, const int64_t *us, const uint32_t *file_of, size_t n, size_t files,
                         struct backtest_shape shape, struct load *loads)
{
	int64_t total = 0;
	for (size_t f = 0; f < files; f++)
		loads[f] = (struct load){.number = (uint32_t)f};
	for (size_t i = 0; i < n; i++) {
		loads[file_of[i]].guess += guess[i];
		total += guess[i];
	}
	size_t made = files;
	int64_t most = shape.splits ? total / shape.shards : INT64_MAX;
	for (size_t i = 0; i < n; i++) {
		struct load *file = &loads[file_of[i]];
		if (file->guess <= most)
			file->truth += us[i];
		else
			loads[made++] = (struct load){guess[i], us[i], (uint32_t)(files + i)};
	}
	for (size_t f = 0; f < files; f++)
		if (loads[f].guess > most)
			loads[f].guess = 0; /* its tests stand for it */
	return made;
}

static int64_t longest_load(const int64_t *us, const uint32_t *file_of, size_t n, size_t files,
                            struct backtest_shape shape, struct load *loads)
{
	int64_t longest = 0;
	size_t made = make_loads(us, us, file_of, n, files, (struct backtest_shape){shape.shards, false}, loads);
	for (size_t i = 0; !shape.splits && i < made; i++)
		longest = loads[i].truth > longest ? loads[i].truth : longest;
	for (size_t i = 0; shape.splits && i < n; i++)
		longest = us[i] > longest ? us[i] : longest;
	return longest;
}

static void fill_row(struct arena *tmp, int64_t *const guesses[WAYS], const uint32_t *file_of, const int64_t *us,
                     size_t n, struct backtest_shape shape, struct backtest_row *row)
{
	struct load *loads = arena_array(tmp, struct load, row->files + n);
	for (int way = 0; way < WAYS; way++) {
		size_t made = make_loads(guesses[way], us, file_of, n, row->files, shape, loads);
		row->makespan_us[way] = execute(tmp, loads, made, shape.shards);
	}
	for (size_t i = 0; i < n; i++) {
		row->total_us += us[i];
		row->predicted_us += guesses[WAY_OURS][i];
	}
	int64_t mean = (row->total_us + shape.shards - 1) / shape.shards;
	int64_t longest = longest_load(us, file_of, n, row->files, shape, loads);
	row->bound_us = mean > longest ? mean : longest;
}

struct backtest_guess *backtest_guess(struct arena *out, const struct history *past, const struct estimate_ask *asks,
                                      size_t n)
{
	struct backtest_guess *guess = arena_new(out, struct backtest_guess);
	struct arena tmp;
	arena_init(&tmp, out->trap);
	for (int way = 0; way < WAYS; way++)
		guess->us[way] = arena_array(out, int64_t, n);
	guess->is_new = arena_array(out, bool, n);
	const struct simple *all = look_at_all(&tmp, past, asks, n);
	for (size_t i = 0; i < n; i++) {
		guess->is_new[i] = !all[i].is_known;
		guess->us[WAY_P85][i] = all[i].p85_us;
	}
	guess_last(all, asks, n, guess->us[WAY_LAST]);
	guess_newest(&tmp, all, asks, n, guess->us[WAY_NEWEST]);
	guess_ours(&tmp, past, asks, n, guess->us[WAY_OURS]);
	arena_free(&tmp);
	return guess;
}

void backtest_score(struct arena *tmp, const struct backtest_guess *guess, const struct estimate_ask *asks,
                    const int64_t *us, size_t n, struct backtest_shape shape, struct backtest_row *row)
{
	*row = (struct backtest_row){.units = n};
	for (size_t i = 0; i < n; i++)
		row->new_units += guess->is_new[i];
	const uint32_t *file_of = number_files(tmp, asks, n, &row->files);
	fill_row(tmp, guess->us, file_of, us, n, shape, row);
}

/* The samples of runs before `run`; they share the strings. */
static struct history past_of(struct arena *tmp, const struct history *history, const bool *is_past)
{
	struct history past = {.runs.at = history->runs.at, .runs.n = history->runs.n, .half_life = history->half_life};
	for (size_t i = 0; i < history->samples.n; i++)
		if (is_past[history->samples.at[i].run])
			vec_push(tmp, &past.samples, history->samples.at[i]);
	return past;
}

static int by_test(const void *a, const void *b)
{
	return str_cmp(((const struct estimate_ask *)a)->test, ((const struct estimate_ask *)b)->test);
}

/* The ask of a recorded unit: the suite's own, or what its id tells. */
static struct estimate_ask ask_of(const struct estimate_ask *sorted, size_t n, struct str unit)
{
	struct estimate_ask key = {.test = unit};
	const struct estimate_ask *known = n ? bsearch(&key, sorted, n, sizeof key, by_test) : NULL;
	if (known)
		return *known;
	key.path = str_slice(unit, 0, str_find(unit, STR("::"), 0));
	key.n_params = 1;
	return key;
}

struct replay {
	const struct history *history;
	const struct estimate_ask *sorted;
	size_t n_asks;
	bool *is_now, *is_past; /* by run */
};

/* The asks and times of the runs marked now; a unit that ran on two lanes counts once. */
static size_t gather(struct arena *tmp, const struct replay *r, struct estimate_ask **asks, int64_t **us)
{
	const struct history *h = r->history;
	size_t n = 0;
	*asks = arena_array(tmp, struct estimate_ask, h->samples.n);
	*us = arena_array(tmp, int64_t, h->samples.n);
	for (size_t i = 0; i < h->samples.n; i++) {
		const struct history_sample *sample = &h->samples.at[i];
		if (!r->is_now[sample->run] || (n && str_eq((*asks)[n - 1].test, sample->unit)))
			continue;
		(*asks)[n] = ask_of(r->sorted, r->n_asks, sample->unit);
		(*us)[n++] = sample->us;
	}
	return n;
}

static int by_ppm(const void *a, const void *b)
{
	return by_us(a, b);
}

void backtest_sum(struct arena *tmp, struct backtest *backtest)
{
	size_t n = backtest->rows.n;
	int64_t *ppm = arena_array(tmp, int64_t, n);
	for (int way = 0; way < WAYS; way++) {
		int64_t sum = 0;
		for (size_t i = 0; i < n; i++) {
			const struct backtest_row *row = &backtest->rows.at[i];
			int64_t bound = row->bound_us > 0 ? row->bound_us : 1;
			ppm[i] = (int64_t)((double)(row->makespan_us[way] - bound) * MILLION / (double)bound);
			sum += ppm[i];
		}
		qsort(ppm, n, sizeof *ppm, by_ppm);
		backtest->mean_ppm[way] = n ? sum / (int64_t)n : 0;
		backtest->p95_ppm[way] = n ? ppm[(n - 1) * 95 / 100] : 0;
	}
}

struct backtest backtest_all(struct arena *out, const struct history *history, const struct estimate_ask *asks,
                             size_t n, struct backtest_shape shape)
{
	struct backtest result = {0};
	struct arena tmp;
	arena_init(&tmp, out->trap);
	struct estimate_ask *sorted = arena_array(out, struct estimate_ask, n);
	if (n)
		memcpy(sorted, asks, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, by_test);
	size_t n_runs = history->runs.n;
	struct replay replay = {.history = history,
	                        .sorted = sorted,
	                        .n_asks = n,
	                        .is_now = arena_array(out, bool, n_runs),
	                        .is_past = arena_array(out, bool, n_runs)};
	for (size_t first = 0; first < n_runs; first++) {
		if (replay.is_past[first])
			continue;
		for (size_t i = first; i < n_runs; i++)
			replay.is_now[i] = str_eq(history->runs.at[i].id, history->runs.at[first].id);
		struct estimate_ask *now;
		int64_t *us;
		size_t n_now = gather(&tmp, &replay, &now, &us);
		struct history past = past_of(&tmp, history, replay.is_past);
		if (past.samples.n && n_now) {
			struct backtest_row row;
			backtest_score(&tmp, backtest_guess(&tmp, &past, now, n_now), now, us, n_now, shape, &row);
			row.run = (uint32_t)first;
			vec_push(out, &result.rows, row);
		}
		for (size_t i = first; i < n_runs; i++) {
			replay.is_past[i] |= replay.is_now[i];
			replay.is_now[i] = false;
		}
		arena_reset(&tmp);
	}
	backtest_sum(&tmp, &result);
	arena_free(&tmp);
	return result;
}

const char *backtest_way_name(enum backtest_way way)
{
	static const char *const names[] = {"last value, else mean", "85th percentile, else 0", "last value, else kin",
	                                    "lanewright"};
	return names[way];
}
