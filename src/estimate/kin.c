/* Least squares on logarithms, then empirical Bayes down the folders: what a folder, a file shows beyond the
 * regression counts n / (n + k), so that one odd file says little and twenty say nearly all. */
#include "estimate/kin.h"

#include <math.h>
#include <stdlib.h>

#include "estimate/logs.h"

enum { TERMS = 4, DEPTH_MOST = 64 };

static const double dir_shrink = 2;      /* k of a folder, in files */
static const double file_shrink = 1;     /* k of a file, in tests */
static const double ridge = 1;           /* pulls slopes to 0: as if seen once without effect */
static const double within_guess = 0.25; /* counts as one test, until more are known */
static const double between_guess = 1;   /* likewise, of files */

struct kin {
	const struct estimate_ask *asks;
	const struct unit_level *const *levels;
	uint32_t *order;  /* asks, by path */
	double *rest;     /* by ask: known level minus the regression */
	double *expected; /* by ask: effect of its folders and file */
	double *of_dir;   /* by ask: effect of its folders alone */
	double slope[TERMS], centre[TERMS], low[TERMS], high[TERMS];
	double within, between; /* variances: of tests in their file, of files in their folder */
};

/* A stretch of `order`: the tests below one folder, or of one file. */
struct span {
	size_t from, to;
};

/* Logarithms; a file whose size is not known is an average one. */
static void features(const struct kin *kin, const struct estimate_ask *ask, double x[TERMS])
{
	double tests = ask->file_tests ? (double)ask->file_tests : 1;
	x[0] = 1;
	x[1] = ask->file_bytes ? log_of((double)ask->file_bytes / tests) : kin->centre[1];
	x[2] = log_of(tests);
	x[3] = log_of(ask->n_params ? (double)ask->n_params : 1);
}

/* A test counts less in a file of many, but not as little as if each file counted once. */
static double weight(const struct estimate_ask *ask)
{
	return ask->file_tests > 1 ? exp_of(-log_of((double)ask->file_tests) / 2) : 1;
}

/* Gauss with the largest pivot; the matrix is positive definite thanks to the ridge. */
static void solve(double a[TERMS][TERMS + 1], double x[TERMS])
{
	for (int c = 0; c < TERMS; c++) {
		int best = c;
		for (int r = c + 1; r < TERMS; r++)
			if (fabs(a[r][c]) > fabs(a[best][c]))
				best = r;
		for (int k = 0; k <= TERMS; k++) {
			double was = a[c][k];
			a[c][k] = a[best][k];
			a[best][k] = was;
		}
		for (int r = c + 1; r < TERMS; r++) {
			double times = a[r][c] / a[c][c];
			for (int k = c; k <= TERMS; k++)
				a[r][k] -= times * a[c][k];
		}
	}
	for (int c = TERMS - 1; c >= 0; c--) {
		x[c] = a[c][TERMS];
		for (int k = c + 1; k < TERMS; k++)
			x[c] -= a[c][k] * x[k];
		x[c] /= a[c][c];
	}
}

/* Weighted means of the features, and their range: nothing is extrapolated beyond it. */
static bool centre(struct kin *kin, size_t n)
{
	double x[TERMS], sums[TERMS] = {0}, all = 0, sized = 0;
	bool is_first = true;
	for (size_t i = 0; i < n; i++) {
		if (!kin->levels[i])
			continue;
		double w = weight(&kin->asks[i]);
		features(kin, &kin->asks[i], x);
		all += w;
		sized += kin->asks[i].file_bytes ? w : 0;
		for (int k = 1; k < TERMS; k++) {
			sums[k] += w * x[k];
			kin->low[k] = is_first || x[k] < kin->low[k] ? x[k] : kin->low[k];
			kin->high[k] = is_first || x[k] > kin->high[k] ? x[k] : kin->high[k];
		}
		is_first = false;
	}
	for (int k = 1; k < TERMS && !is_first; k++)
		kin->centre[k] = sums[k] / (k == 1 && sized > 0 ? sized : all);
	return !is_first;
}

static double regression(const struct kin *kin, size_t ask)
{
	double x[TERMS], y = kin->slope[0];
	features(kin, &kin->asks[ask], x);
	for (int k = 1; k < TERMS; k++) {
		x[k] = x[k] < kin->low[k] ? kin->low[k] : x[k] > kin->high[k] ? kin->high[k] : x[k];
		y += kin->slope[k] * (x[k] - kin->centre[k]);
	}
	return y;
}

static bool regress(struct kin *kin, size_t n)
{
	if (!centre(kin, n))
		return false;
	double a[TERMS][TERMS + 1] = {{0}}, x[TERMS];
	for (size_t i = 0; i < n; i++) {
		if (!kin->levels[i])
			continue;
		double w = weight(&kin->asks[i]);
		features(kin, &kin->asks[i], x);
		for (int r = 0; r < TERMS; r++) {
			for (int c = 0; c < TERMS; c++)
				a[r][c] += w * (x[r] - kin->centre[r]) * (x[c] - kin->centre[c]);
			a[r][TERMS] += w * (x[r] - kin->centre[r]) * kin->levels[i]->level;
		}
	}
	for (int k = 1; k < TERMS; k++)
		a[k][k] += ridge;
	solve(a, kin->slope);
	for (size_t i = 0; i < n; i++)
		if (kin->levels[i])
			kin->rest[i] = kin->levels[i]->level - regression(kin, i);
	return true;
}

static struct str path_at(const struct kin *kin, size_t place)
{
	return kin->asks[kin->order[place]].path;
}

static size_t file_end(const struct kin *kin, size_t from, size_t to)
{
	size_t end = from + 1;
	while (end < to && str_eq(path_at(kin, end), path_at(kin, from)))
		end++;
	return end;
}

/* Mean of the rest over the known tests of a file; false when none is known. */
static bool file_mean(const struct kin *kin, struct span file, double *mean, double *n)
{
	*mean = *n = 0;
	for (size_t i = file.from; i < file.to; i++)
		if (kin->levels[kin->order[i]]) {
			*mean += kin->rest[kin->order[i]];
			*n += 1;
		}
	if (*n > 0)
		*mean /= *n;
	return *n > 0;
}

/* A folder's files count once each: tests of one file say much the same. */
static double dir_effect(const struct kin *kin, struct span dir, double inherited)
{
	double sum = 0, files = 0;
	for (size_t i = dir.from; i < dir.to;) {
		size_t end = file_end(kin, i, dir.to);
		double mean, n;
		if (file_mean(kin, (struct span){i, end}, &mean, &n)) {
			sum += mean - inherited;
			files += 1;
		}
		i = end;
	}
	return inherited + sum / (files + dir_shrink);
}

static void give_file(struct kin *kin, struct span file, double inherited)
{
	double mean, n, effect = inherited;
	if (file_mean(kin, file, &mean, &n))
		effect += (mean - inherited) * n / (n + file_shrink);
	for (size_t i = file.from; i < file.to; i++) {
		kin->of_dir[kin->order[i]] = inherited;
		kin->expected[kin->order[i]] = effect;
	}
}

/* Everything in `dir` shares the first `prefix` bytes of its path, which end with a slash. */
static void give_dir(struct kin *kin, struct span dir, size_t prefix, double inherited, int depth)
{
	double effect = dir_effect(kin, dir, inherited);
	for (size_t i = dir.from; i < dir.to;) {
		struct str path = path_at(kin, i);
		size_t slash = str_find(path, STR("/"), prefix), end = i + 1;
		if (slash == SIZE_MAX || depth == DEPTH_MOST) {
			end = file_end(kin, i, dir.to);
			give_file(kin, (struct span){i, end}, effect);
		} else {
			struct str below = str_slice(path, 0, slash + 1);
			while (end < dir.to && str_starts(path_at(kin, end), below))
				end++;
			give_dir(kin, (struct span){i, end}, slash + 1, effect, depth + 1);
		}
		i = end;
	}
}

/* The two variances, of tests around their file and of files around their folder. */
static void measure_spread(struct kin *kin, size_t n)
{
	double within = within_guess, between = between_guess, n_within = 1, n_between = 1, mean, known;
	for (size_t i = 0; i < n;) {
		size_t end = file_end(kin, i, n);
		if (file_mean(kin, (struct span){i, end}, &mean, &known)) {
			double off = mean - kin->of_dir[kin->order[i]];
			between += off * off;
			n_between += 1;
			for (size_t k = i; k < end; k++)
				if (kin->levels[kin->order[k]]) {
					double d = kin->rest[kin->order[k]] - mean;
					within += d * d;
				}
			n_within += known - 1;
		}
		i = end;
	}
	kin->within = within / n_within;
	kin->between = between / n_between;
}

static int by_path(const void *a, const void *b, void *asks)
{
	const struct estimate_ask *all = asks;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	int order = str_cmp(all[i].path, all[k].path);
	order = order ? order : str_cmp(all[i].test, all[k].test);
	return order ? order : (i > k) - (i < k);
}

bool kin_guess_all(struct arena *tmp, const struct estimate_ask *asks, const struct unit_level *const *levels, size_t n,
                   struct kin_guess *guesses)
{
	struct kin kin = {.asks = asks, .levels = levels};
	kin.order = arena_array(tmp, uint32_t, n);
	kin.rest = arena_array(tmp, double, n);
	kin.expected = arena_array(tmp, double, n);
	kin.of_dir = arena_array(tmp, double, n);
	for (size_t i = 0; i < n; i++)
		kin.order[i] = (uint32_t)i;
	qsort_r(kin.order, n, sizeof *kin.order, by_path, (void *)asks);
	if (!regress(&kin, n))
		return false;
	give_dir(&kin, (struct span){0, n}, 0, 0, 0);
	measure_spread(&kin, n);
	for (size_t i = 0; i < n; i++)
		guesses[i] = (struct kin_guess){.level = regression(&kin, i) + kin.expected[i],
		                                .variance = kin.within + kin.between};
	return true;
}
