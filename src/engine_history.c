/* Timings: reports into the history, and the history into seconds for every test. */
#include "engine.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "estimate/estimate.h"
#include "estimate/moves.h"
#include "report/seconds.h"
#include "report/tally.h"
#include "store/history.h"

struct recording {
	lanewright *lw;
	const struct lanewright_record_options *options;
	const char *const *files;
	size_t n;
	struct lanewright_recorded *done;
	struct match_known known;
	int64_t at; /* seconds since 1970; only when `options` say the time */
	VEC(struct lanewright_miss) misses;
	VEC(const char *) complaints;
};

/* A run being read: its reports' earliest time and the hash that names it. */
struct run {
	struct tally tally;
	struct history_run history;
	bool has_time;
};

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* ---- what is known ---- */

static struct match_known known_tests(lanewright *lw, const char *prefix)
{
	struct str *tests = arena_array(&lw->out, struct str, lw->suite.tests.n);
	strs files = {0};
	for (size_t i = 0; i < lw->suite.tests.n; i++)
		tests[i] = lw->suite.tests.at[i].id;
	qsort(tests, lw->suite.tests.n, sizeof *tests, str_cmp_qsort);
	for (size_t i = 0; i < lw->repo.files.n; i++)
		if (lw->suite.first_test[i + 1] > lw->suite.first_test[i])
			vec_push(&lw->out, &files, lw->repo.files.at[i].path);
	return (struct match_known){tests, lw->suite.tests.n, files.at, files.n, str_of(or_empty(prefix))};
}

bool engine_time(lanewright *lw, const char *text, int64_t *at)
{
	uint64_t number;
	if (seconds_of_iso(str_of(text), at))
		return true;
	if (!str_number(str_of(text), (uint64_t)INT64_MAX, &number))
		return fail_usage(&lw->err,
		                  "'%s' is no time: write it as 2024-05-01T10:20:30Z or in seconds since 1970", text);
	*at = (int64_t)number;
	return true;
}

static bool known_format(struct recording *r)
{
	strs known = {0};
	if (!r->options->format)
		return true;
	for (size_t i = 0; report_format(i); i++) {
		if (strcmp(report_format(i)->name, r->options->format) == 0)
			return true;
		vec_push(&r->lw->tmp, &known, str_of(report_format(i)->name));
	}
	struct str all = str_join(&r->lw->tmp, known.at, known.n, STR(" "));
	return fail_usage(&r->lw->err, "unknown format '%s'; those known are: %.*s", r->options->format, STR_ARG(all));
}

/* ---- reading ---- */

static struct run begin_run(struct recording *r)
{
	struct run run = {.history = {
	                          .lane = str_of(or_empty(r->options->lane)),
	                          .machine = str_of(or_empty(r->options->machine)),
	                  }};
	tally_begin(&run.tally, &r->lw->tmp, &r->known);
	return run;
}

/* The earliest time any report of the run states. */
static void heed_time(struct run *run, struct str timestamp)
{
	int64_t seconds;
	if (!seconds_of_iso(timestamp, &seconds))
		return;
	if (!run->has_time || seconds < run->history.time)
		run->history.time = seconds;
	run->has_time = true;
}

static void keep_complaints(struct recording *r, const struct report *report, struct str name)
{
	r->done->rejected += report->rejected.n;
	for (size_t i = 0; i < report->rejected.n; i++) {
		struct str text = str_fmt(&r->lw->out, "%.*s: %.*s", STR_ARG(name), STR_ARG(report->rejected.at[i]));
		vec_push(&r->lw->out, &r->complaints, text.at);
	}
}

static bool read_report(struct recording *r, struct run *run, const char *path)
{
	lanewright *lw = r->lw;
	struct report report = {0};
	struct report_input in;
	if (!input_open(&lw->tmp, &in, path, &lw->err))
		return false;
	run->tally.report = in.name;
	bool is_read = report_stream(&lw->tmp, &in, r->options->format, tally_sink(&run->tally), &report, &lw->err);
	if (is_read) {
		run->history.id = r->options->run ? str_of(r->options->run) : input_hash(&lw->tmp, &in);
		run->history.source = report.format;
		heed_time(run, report.timestamp);
		keep_complaints(r, &report, in.name);
		r->done->format = str_c(&lw->out, report.format);
	}
	input_close(&in);
	return is_read;
}

/* ---- keeping ---- */

static void keep_misses(struct recording *r, const struct tally *tally)
{
	for (size_t i = 0; i < tally->misses.n && r->misses.n < TALLY_MISSES_MOST; i++) {
		const struct tally_miss *miss = &tally->misses.at[i];
		vec_push(&r->lw->out, &r->misses,
		         ((struct lanewright_miss){
		                 .what = str_c(&r->lw->out, miss->what),
		                 .why = match_reason(miss->why),
		                 .report = str_c(&r->lw->out, miss->report),
		                 .line = miss->line,
		         }));
	}
	r->done->cases += tally->cases;
	r->done->matched += tally->matched;
	r->done->missed += tally->missed;
	r->done->skipped += tally->skipped;
	r->done->untimed += tally->untimed;
}

static void settle_time(const struct recording *r, struct run *run)
{
	if (r->options->at) {
		run->history.time = r->at;
	} else if (!run->has_time) {
		run->history.time = (int64_t)time(NULL);
		run->history.is_time_guessed = true;
	}
}

/* Of the files with samples, which come file by file: by their content they are known again under another name. */
static void know_files(lanewright *lw, struct history_batch *batch)
{
	VEC(struct history_file) files = {0};
	struct str last = STR_NONE;
	for (size_t i = 0; i < batch->n; i++) {
		struct str path = engine_path_of(batch->samples[i].unit);
		if (str_eq(path, last))
			continue;
		last = path;
		const struct source_file *file = repo_file(&lw->repo, path);
		if (file)
			vec_push(&lw->tmp, &files, ((struct history_file){path, file->hash_high, file->hash_low}));
	}
	batch->files = files.at;
	batch->n_files = files.n;
}

static bool end_run(struct recording *r, struct run *run)
{
	lanewright *lw = r->lw;
	struct history_change change = {0};
	struct history_batch batch = {0};
	settle_time(r, run);
	batch.samples = tally_samples(&run->tally, &lw->tmp, &batch.n);
	know_files(lw, &batch);
	if (!history_record(lw->history, &run->history, &batch, &change, &lw->err))
		return false;
	keep_misses(r, &run->tally);
	r->done->added += change.added;
	r->done->changed += change.changed;
	r->done->same += change.same;
	arena_reset(&lw->tmp);
	return true;
}

/* A run of its own for each report, so that months of reports can be recorded in one call; but one run for all
 * when the user names it. */
static bool record_all(struct recording *r)
{
	struct run run = {0};
	for (size_t i = 0; i < r->n; i++) {
		if (i == 0 || !r->options->run)
			run = begin_run(r);
		if (!read_report(r, &run, r->files[i]))
			return false;
		bool is_last = i + 1 == r->n || !r->options->run;
		if (is_last && !end_run(r, &run))
			return false;
		engine_progress(r->lw, "recording", i + 1, r->n);
	}
	return true;
}

bool engine_open_history(lanewright *lw, bool writes)
{
	const char *path = engine_path(lw, ENGINE_HISTORY);
	if (writes && !file_make_dirs(str_c(&lw->tmp, path_dir(str_of(path))), &lw->err))
		return false;
	return history_open(&lw->out, &lw->history, path, writes ? HISTORY_WRITE : HISTORY_READ, &lw->err);
}

void engine_close_history(lanewright *lw)
{
	if (lw->history)
		history_close(lw->history);
	lw->history = NULL;
}

void engine_forget_history(lanewright *lw)
{
	lw->has_past = false;
	lw->estimates = NULL;
	lw->shown_estimates = NULL;
}

static bool record(lanewright *lw, void *args)
{
	struct recording *r = args;
	if ((r->options->at && !engine_time(lw, r->options->at, &r->at)) || !known_format(r) || !engine_suite(lw))
		return false;
	r->known = known_tests(lw, r->options->prefix);
	arena_reset(&lw->tmp);
	if (!engine_open_history(lw, true))
		return false;
	bool is_fine = record_all(r);
	engine_close_history(lw);
	engine_forget_history(lw);
	r->done->misses = r->misses.at;
	r->done->n_misses = r->misses.n;
	r->done->complaints = r->complaints.at;
	r->done->n_complaints = r->complaints.n;
	return is_fine;
}

int lanewright_record(lanewright *lw, const char *const *files, size_t n,
                      const struct lanewright_record_options *options, struct lanewright_recorded *recorded)
{
	static const struct lanewright_record_options none;
	struct recording r = {
	        .lw = lw,
	        .options = options ? options : &none,
	        .files = files,
	        .n = n,
	        .done = recorded,
	};
	*recorded = (struct lanewright_recorded){.format = ""};
	return engine_run(lw, record, &r);
}

/* ---- estimates ---- */

struct history engine_follow_moves(lanewright *lw, struct arena *out, const struct history *history)
{
	VEC(struct history_file) files = {0};
	struct match_known known = known_tests(lw, NULL);
	for (size_t i = 0; i < known.n_files; i++) {
		const struct source_file *file = repo_file(&lw->repo, known.files[i]);
		vec_push(out, &files, ((struct history_file){file->path, file->hash_high, file->hash_low}));
	}
	struct moves_now now = {files.at, files.n, known.tests, known.n_tests};
	history_moves moves = moves_find(out, history, &now);
	return moves.n ? history_moved(out, history, moves.at, moves.n) : *history;
}

bool engine_history(lanewright *lw)
{
	if (lw->has_past)
		return true;
	if (!engine_suite(lw) || !engine_open_history(lw, false))
		return false;
	lw->past = (struct history){0};
	bool is_read = history_samples(lw->history, &lw->out, &lw->past, &lw->err);
	engine_close_history(lw);
	if (is_read)
		lw->past = engine_follow_moves(lw, &lw->out, &lw->past);
	lw->past.half_life = lw->config.half_life_days * INT64_C(86400);
	lw->has_past = is_read;
	return is_read;
}

struct estimate_ask *engine_asks(lanewright *lw)
{
	const struct suite *suite = &lw->suite;
	struct estimate_ask *asks = arena_array(&lw->tmp, struct estimate_ask, suite->tests.n + suite->hiding.n);
	for (size_t i = 0; i < suite->tests.n; i++) {
		const struct test *test = &suite->tests.at[i];
		const struct source_file *file = &lw->repo.files.at[test->file];
		asks[i] = (struct estimate_ask){
		        .test = test->id,
		        .path = file->path,
		        .file_bytes = file->size,
		        .file_tests = suite->first_test[test->file + 1] - suite->first_test[test->file],
		        .n_params = test->n_params,
		};
	}
	for (size_t i = 0; i < suite->hiding.n; i++) {
		const struct source_file *file = &lw->repo.files.at[suite->hiding.at[i].file];
		asks[suite->tests.n + i] = (struct estimate_ask){.test = file->path,
		                                                 .path = file->path,
		                                                 .file_bytes = file->size,
		                                                 .file_tests = 1,
		                                                 .n_params = 1};
	}
	return asks;
}

bool engine_estimates(lanewright *lw)
{
	if (lw->estimates)
		return true;
	if (!engine_suite(lw) || !engine_history(lw))
		return false;
	size_t n = lw->suite.tests.n + lw->suite.hiding.n;
	struct estimate *estimates = arena_array(&lw->out, struct estimate, n);
	estimate_all(&lw->tmp, &lw->past, engine_asks(lw), n, estimates);
	arena_free(&lw->tmp);
	lw->estimates = estimates;
	return true;
}

static bool estimate(lanewright *lw, void *args)
{
	(void)args;
	if (!engine_estimates(lw))
		return false;
	if (lw->shown_estimates)
		return true;
	struct lanewright_estimate *shown = arena_array(&lw->out, struct lanewright_estimate, lw->suite.tests.n);
	for (size_t i = 0; i < lw->suite.tests.n; i++)
		shown[i] = (struct lanewright_estimate){
		        .test = str_c(&lw->out, lw->suite.tests.at[i].id),
		        .ms = lw->estimates[i].ms,
		        .low_ms = lw->estimates[i].low,
		        .high_ms = lw->estimates[i].high,
		        .source = estimate_source_name(lw->estimates[i].source),
		};
	lw->shown_estimates = shown;
	return true;
}

int lanewright_estimate(lanewright *lw)
{
	return engine_run(lw, estimate, NULL);
}

const struct lanewright_estimate *lanewright_estimates(const lanewright *lw, size_t *n)
{
	*n = lw->shown_estimates ? lw->suite.tests.n : 0;
	return lw->shown_estimates;
}
