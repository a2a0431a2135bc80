/* Two passes over the runs: units, then files. */
#include "estimate/series.h"

#include <stdlib.h>

#include "estimate/logs.h"
#include "estimate/track.h"

enum {
	US_FLOOR = 100,       /* below this, reports round to nothing */
	SPEED_LEAST = 5,      /* units both known and run, or the run's speed is not measured */
	SPEED_RECENT = 5,     /* runs whose median speed is the present one */
	SETUP_LEAST = 3,      /* setups that make a usual one */
	SETUP_TIMES = 10,     /* so many times the usual setup, */
	SETUP_EXTRA = 100000, /* and so much longer (us), is not the unit's own */
};

struct pass {
	struct arena *tmp;
	const struct history *history;
	uint32_t *unit_of, *file_of; /* by sample */
	uint32_t *by_run;            /* samples, run by run */
	uint32_t *run_from;          /* by run, and one more: where its samples begin in by_run */
	bool *is_used;               /* by sample */
	int64_t *usual_setup;        /* by unit: median, or MS_UNKNOWN */
	size_t n_units, n_files;
	struct track *units, *files;
	struct track_suite suite, file_suite;
	double *speed;  /* by run: log, against the reference */
	double *speeds; /* of runs where it was measured, oldest first */
	size_t n_speeds;
	double *room; /* one number for each sample */
};

static double log_us(int64_t us)
{
	return log_of((double)(us < US_FLOOR ? US_FLOOR : us));
}

/* Where setup is known apart, a setup far beyond what this unit's usually is was somebody else's fixture too (the
 * session's, the module's), and is no time of the unit's own. */
static int64_t own_us(const struct pass *pass, size_t sample)
{
	const struct history_sample *one = &pass->history->samples.at[sample];
	int64_t usual = pass->usual_setup[pass->unit_of[sample]];
	if (one->setup_us == MS_UNKNOWN || usual == MS_UNKNOWN || one->setup_us - usual < SETUP_EXTRA ||
	    one->setup_us < usual * SETUP_TIMES || one->us < one->setup_us)
		return one->us;
	return one->us - (one->setup_us - usual);
}

/* Sorts samples to their runs by counting; within a run they stay in the order of units. */
static void group_by_run(struct pass *pass)
{
	const struct history *h = pass->history;
	uint32_t *from = arena_array(pass->tmp, uint32_t, h->runs.n + 2);
	for (size_t i = 0; i < h->samples.n; i++)
		from[h->samples.at[i].run + 2]++;
	for (size_t i = 2; i < h->runs.n + 2; i++)
		from[i] += from[i - 1];
	pass->by_run = arena_array(pass->tmp, uint32_t, h->samples.n);
	for (size_t i = 0; i < h->samples.n; i++)
		pass->by_run[from[h->samples.at[i].run + 1]++] = (uint32_t)i;
	pass->run_from = from;
}

/* A failed test may have stopped early or waited for a timeout: its time counts only when the unit never
 * passed. */
static void choose_samples(struct pass *pass, size_t from, size_t to)
{
	bool has_passed = false;
	for (size_t i = from; i < to; i++)
		has_passed |= pass->history->samples.at[i].outcome == OUTCOME_PASSED;
	for (size_t i = from; i < to; i++)
		pass->is_used[i] = !has_passed || pass->history->samples.at[i].outcome == OUTCOME_PASSED;
}

static int64_t median_setup(struct arena *tmp, const struct history_sample *samples, size_t n)
{
	int64_t *setups = arena_array(tmp, int64_t, n);
	size_t known = 0;
	for (size_t i = 0; i < n; i++)
		if (samples[i].setup_us != MS_UNKNOWN)
			setups[known++] = samples[i].setup_us;
	if (known < SETUP_LEAST)
		return MS_UNKNOWN;
	return median_us(setups, known);
}

static void measure_setups(struct pass *pass)
{
	const struct history *h = pass->history;
	pass->usual_setup = arena_array(pass->tmp, int64_t, pass->n_units);
	for (size_t from = 0, to; from < h->samples.n; from = to) {
		for (to = from; to < h->samples.n && pass->unit_of[to] == pass->unit_of[from];)
			to++;
		pass->usual_setup[pass->unit_of[from]] = median_setup(pass->tmp, &h->samples.at[from], to - from);
	}
}

static struct str file_of(struct str unit)
{
	return str_slice(unit, 0, str_find(unit, STR("::"), 0));
}

static void number_units(struct pass *pass)
{
	const struct history *h = pass->history;
	size_t from = 0;
	pass->unit_of = arena_array(pass->tmp, uint32_t, h->samples.n);
	pass->file_of = arena_array(pass->tmp, uint32_t, h->samples.n);
	pass->is_used = arena_array(pass->tmp, bool, h->samples.n);
	for (size_t i = 0; i < h->samples.n; i++) {
		struct str unit = h->samples.at[i].unit;
		if (i == 0 || !str_eq(unit, h->samples.at[i - 1].unit)) {
			choose_samples(pass, from, i);
			from = i;
			pass->n_units++;
			pass->n_files += i == 0 || !str_eq(file_of(unit), file_of(h->samples.at[i - 1].unit));
		}
		pass->unit_of[i] = (uint32_t)pass->n_units - 1;
		pass->file_of[i] = (uint32_t)pass->n_files - 1;
	}
	choose_samples(pass, from, h->samples.n);
}

/* The log of the run's speed against the reference: the median surprise. */
static double measure_speed(struct pass *pass, const uint32_t *samples, size_t n)
{
	size_t known = 0;
	for (size_t i = 0; i < n; i++) {
		const struct track *unit = &pass->units[pass->unit_of[samples[i]]];
		if (unit->n && pass->is_used[samples[i]])
			pass->room[known++] = log_us(own_us(pass, samples[i])) - unit->level;
	}
	double speed = median_of(pass->room, known);
	if (known >= SPEED_LEAST) {
		pass->speeds[pass->n_speeds++] = speed;
		return speed;
	}
	return pass->n_speeds ? pass->speeds[pass->n_speeds - 1] : 0;
}

static void learn_units(struct pass *pass, size_t run)
{
	const uint32_t *samples = &pass->by_run[pass->run_from[run]];
	size_t n = pass->run_from[run + 1] - pass->run_from[run];
	pass->speed[run] = measure_speed(pass, samples, n);
	for (size_t i = 0; i < n; i++)
		if (pass->is_used[samples[i]])
			track_learn(&pass->units[pass->unit_of[samples[i]]], &pass->suite,
			            log_us(own_us(pass, samples[i])) - pass->speed[run],
			            pass->history->runs.at[run].time);
}

static double measure_suite(const struct pass *pass)
{
	const struct history *h = pass->history;
	size_t n = 0;
	for (size_t i = 1; i < h->samples.n; i++) {
		if (pass->unit_of[i] != pass->unit_of[i - 1] || !pass->is_used[i] || !pass->is_used[i - 1])
			continue;
		double difference = log_us(own_us(pass, i)) - log_us(own_us(pass, i - 1));
		pass->room[n++] = difference < 0 ? -difference : difference;
	}
	return track_suite_variance(pass->room, n);
}

/* What a file's tests took in one run beyond their own times, at the reference speed. */
struct extra {
	uint32_t file;
	double us;
};

/* What the files took in one run, and what their units' levels say they should have. */
struct sums {
	double *whole;         /* by file: of the levels of all its units */
	double *took, *should; /* by file, of those that ran */
	double *extra;         /* by file, of this run */
	VEC(struct extra) extras;
};

static void sum_run(const struct pass *pass, size_t run, struct sums *sums)
{
	const struct history *h = pass->history;
	for (uint32_t k = pass->run_from[run]; k < pass->run_from[run + 1]; k++) {
		uint32_t i = pass->by_run[k], file = pass->file_of[i];
		if (!pass->is_used[i])
			continue;
		sums->took[file] += exp_of(log_us(own_us(pass, i)) - pass->speed[run]);
		sums->extra[file] += (double)(h->samples.at[i].us - own_us(pass, i)) / exp_of(pass->speed[run]);
		sums->should[file] += exp_of(pass->units[pass->unit_of[i]].level);
	}
}

/* What a file took beyond its units' levels is a fixture's cost: it adds to the whole file, whether all of it ran
 * or a part.  A part that took less can only be believed as far as it goes. */
static double whole_file(double whole, double took, double should)
{
	double sum = whole + took - should;
	return sum > whole / 4 ? sum : whole / 4;
}

static void learn_files(struct pass *pass, size_t run, struct sums *sums)
{
	sum_run(pass, run, sums);
	for (uint32_t k = pass->run_from[run]; k < pass->run_from[run + 1]; k++) {
		uint32_t file = pass->file_of[pass->by_run[k]];
		if (sums->should[file] <= 0)
			continue;
		track_learn(&pass->files[file], &pass->file_suite,
		            log_of(whole_file(sums->whole[file], sums->took[file], sums->should[file])),
		            pass->history->runs.at[run].time);
		vec_push(pass->tmp, &sums->extras, ((struct extra){file, sums->extra[file]}));
		sums->took[file] = sums->should[file] = 0;
		sums->extra[file] = 0;
	}
}

static int by_file(const void *a, const void *b)
{
	const struct extra *x = a, *y = b;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return (x->us > y->us) - (x->us < y->us);
}

/* A fixture that the file pays in most of its runs is its module's; what it paid once was the session's. */
static double *usual_extras(struct pass *pass, struct sums *sums)
{
	double *usual = arena_array(pass->tmp, double, pass->n_files);
	if (sums->extras.n)
		qsort(sums->extras.at, sums->extras.n, sizeof *sums->extras.at, by_file);
	for (size_t from = 0, to; from < sums->extras.n; from = to) {
		for (to = from; to < sums->extras.n && sums->extras.at[to].file == sums->extras.at[from].file;)
			to++;
		usual[sums->extras.at[from].file] = sums->extras.at[(from + to - 1) / 2].us;
	}
	return usual;
}

static void scale_files(struct pass *pass)
{
	struct sums sums = {.whole = arena_array(pass->tmp, double, pass->n_files),
	                    .took = arena_array(pass->tmp, double, pass->n_files),
	                    .should = arena_array(pass->tmp, double, pass->n_files),
	                    .extra = arena_array(pass->tmp, double, pass->n_files)};
	const struct history *h = pass->history;
	for (size_t i = 0; i < h->samples.n; i++)
		if (i == 0 || pass->unit_of[i] != pass->unit_of[i - 1])
			sums.whole[pass->file_of[i]] += exp_of(pass->units[pass->unit_of[i]].level);
	pass->file_suite.variance = pass->suite.variance;
	pass->file_suite.half_life = pass->suite.half_life;
	for (size_t run = 0; run < h->runs.n; run++)
		learn_files(pass, run, &sums);
	const double *extras = usual_extras(pass, &sums);
	for (size_t i = 0; i < h->samples.n; i++)
		if (i == 0 || pass->unit_of[i] != pass->unit_of[i - 1]) {
			uint32_t file = pass->file_of[i];
			double sum = exp_of(pass->files[file].level) + extras[file];
			pass->units[pass->unit_of[i]].level += log_of(sum / sums.whole[file]);
		}
}

static double present_speed(const struct pass *pass)
{
	size_t n = pass->n_speeds < SPEED_RECENT ? pass->n_speeds : SPEED_RECENT;
	return median_of(&pass->speeds[pass->n_speeds - n], n);
}

static unit_levels give_levels(struct arena *out, const struct pass *pass)
{
	double speed = present_speed(pass);
	unit_levels levels = {0};
	for (size_t i = 0; i < pass->history->samples.n; i++) {
		if (i && pass->unit_of[i] == pass->unit_of[i - 1])
			continue;
		const struct track *unit = &pass->units[pass->unit_of[i]];
		vec_push(out, &levels,
		         ((struct unit_level){.unit = pass->history->samples.at[i].unit,
		                              .level = unit->level + speed,
		                              .variance = track_variance(unit, &pass->suite),
		                              .n = unit->n}));
	}
	return levels;
}

unit_levels series_levels(struct arena *out, const struct history *history)
{
	struct arena tmp;
	arena_init(&tmp, out->trap);
	struct pass pass = {.tmp = &tmp, .history = history};
	number_units(&pass);
	pass.room = arena_array(&tmp, double, history->samples.n);
	pass.units = arena_array(&tmp, struct track, pass.n_units);
	pass.files = arena_array(&tmp, struct track, pass.n_files);
	pass.speed = arena_array(&tmp, double, history->runs.n);
	pass.speeds = arena_array(&tmp, double, history->runs.n);
	group_by_run(&pass);
	measure_setups(&pass);
	pass.suite.variance = measure_suite(&pass);
	pass.suite.half_life = history->half_life;
	for (size_t run = 0; run < history->runs.n; run++)
		learn_units(&pass, run);
	scale_files(&pass);
	unit_levels levels = give_levels(out, &pass);
	arena_free(&tmp);
	return levels;
}

const struct unit_level *level_find(const unit_levels *levels, struct str unit)
{
	size_t low = 0, high = levels->n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_cmp(levels->at[mid].unit, unit) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < levels->n && str_eq(levels->at[low].unit, unit) ? &levels->at[low] : NULL;
}
