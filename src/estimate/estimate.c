/* Known units from their own past, the others from their kin, and without any past from their size. */
#include "estimate/estimate.h"

#include "estimate/kin.h"
#include "estimate/logs.h"
#include "estimate/series.h"

/* Without any history: 50 ms, and 1 ms for each 20 bytes of the test's share of its file (a test of 40 lines:
 * 125 ms), as many times as it has parameters.  Only the proportions matter, and they are better than none. */
enum { DEFAULT_MS = 50, DEFAULT_BYTES_A_MS = 20, DEFAULT_PARAMS_MOST = 1000, DEFAULT_BYTES_MOST = 100000 };
static const double default_variance = 1.5; /* of the log; a factor of 7 either way is not rare */
static const double variance_most = 4;
static const double band = 1.645; /* sd of a band of 90 % */
static const int64_t ms_most = 86400000;

static int64_t to_ms(double us)
{
	double ms = us / 1000 + 0.5;
	return ms < 1 ? 1 : ms > (double)ms_most ? ms_most : (int64_t)ms;
}

/* Variance of a log-normal with that mean, in ms squared: mean^2 (e^v - 1). */
static int64_t to_variance(int64_t ms, double log_variance)
{
	double v = log_variance > variance_most ? variance_most : log_variance;
	double square = (double)ms * (double)ms * (exp_of(v) - 1);
	return square > 9e18 ? INT64_MAX : (int64_t)(square + 0.5);
}

static double root(double x)
{
	return x > 0 ? exp_of(log_of(x) / 2) : 0;
}

static struct estimate from_log(double level, double variance, enum estimate_source source)
{
	double sd = root(variance > variance_most ? variance_most : variance);
	int64_t ms = to_ms(exp_of(level));
	return (struct estimate){.ms = ms,
	                         .low = to_ms(exp_of(level - band * sd)),
	                         .high = to_ms(exp_of(level + band * sd)),
	                         .variance = to_variance(ms, variance),
	                         .source = source};
}

static struct estimate from_size(const struct estimate_ask *ask)
{
	uint64_t bytes = ask->file_bytes / (ask->file_tests ? ask->file_tests : 1);
	uint64_t params = ask->n_params ? ask->n_params : 1;
	bytes = bytes > DEFAULT_BYTES_MOST ? DEFAULT_BYTES_MOST : bytes;
	params = params > DEFAULT_PARAMS_MOST ? DEFAULT_PARAMS_MOST : params;
	uint64_t ms = (DEFAULT_MS + bytes / DEFAULT_BYTES_A_MS) * params;
	return from_log(log_of((double)ms * 1000), default_variance, ESTIMATE_DEFAULT);
}

void estimate_all(struct arena *tmp, const struct history *history, const struct estimate_ask *asks, size_t n,
                  struct estimate *estimates)
{
	unit_levels all = series_levels(tmp, history);
	const struct unit_level **levels = arena_array(tmp, const struct unit_level *, n);
	struct kin_guess *guesses = arena_array(tmp, struct kin_guess, n);
	for (size_t i = 0; i < n; i++)
		levels[i] = level_find(&all, asks[i].test);
	bool has_kin = kin_guess_all(tmp, asks, levels, n, guesses);
	for (size_t i = 0; i < n; i++) {
		if (levels[i])
			estimates[i] = from_log(levels[i]->level, levels[i]->variance, ESTIMATE_HISTORY);
		else if (has_kin)
			estimates[i] = from_log(guesses[i].level, guesses[i].variance, ESTIMATE_REGRESSION);
		else
			estimates[i] = from_size(&asks[i]);
	}
}
