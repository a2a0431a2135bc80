/* The history as a whole: united with others, thinned, shown, handed on as text and mended.  What goes into it one
 * report at a time is in engine_history.c. */
#include "engine.h"

#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "estimate/plot.h"
#include "report/history_json.h"
#include "store/history.h"

/* ---- uniting ---- */

struct uniting {
	const char *const *files;
	size_t n;
	struct lanewright_history_change *change;
};

static bool unite(lanewright *lw, const struct history *const *others, const struct uniting *u)
{
	struct history_change change;
	if (!engine_open_history(lw, true))
		return false;
	bool is_fine = history_merge(lw->history, others, u->n, &change, &lw->err);
	engine_close_history(lw);
	engine_forget_history(lw);
	if (is_fine)
		*u->change = (struct lanewright_history_change){.added = change.added, .same = change.same};
	return is_fine;
}

/* To open a history that is not there is no failure, but here somebody named it.  The open one lives in `out`, for
 * lanewright_close() looks at it when memory ran out in between. */
static bool read_other(lanewright *lw, const char *path, struct history *other)
{
	if (!file_exists(path))
		return fail(&lw->err, "there is no %s", path);
	if (!history_open(&lw->out, &lw->history, path, HISTORY_READ, &lw->err))
		return false;
	bool is_read = history_samples(lw->history, &lw->tmp, other, &lw->err);
	engine_close_history(lw);
	return is_read;
}

static bool merge(lanewright *lw, void *args)
{
	const struct uniting *u = args;
	if (!engine_config(lw))
		return false;
	const struct history **others = arena_array(&lw->tmp, const struct history *, u->n);
	for (size_t i = 0; i < u->n; i++) {
		struct history *other = arena_new(&lw->tmp, struct history);
		if (!read_other(lw, u->files[i], other))
			return false;
		others[i] = other;
	}
	return unite(lw, others, u);
}

int lanewright_history_merge(lanewright *lw, const char *const *files, size_t n,
                             struct lanewright_history_change *change)
{
	struct uniting u = {files, n, change};
	*change = (struct lanewright_history_change){0};
	return engine_run(lw, merge, &u);
}

static bool import(lanewright *lw, void *args)
{
	const struct uniting *u = args;
	const char *file = u->files[0];
	bool is_stream = strcmp(file, "-") == 0;
	struct str text;
	struct history other;
	struct err why = {0};
	if (!engine_config(lw) ||
	    !(is_stream ? file_read_stream(&lw->tmp, STDIN_FILENO, "standard input", &text, &lw->err)
	                : file_read(&lw->tmp, file, &text, &lw->err)))
		return false;
	if (!history_from_json(&lw->tmp, text, &other, &why))
		return fail(&lw->err, "%s: %s", is_stream ? "standard input" : file, why.text);
	return unite(lw, (const struct history *const[]){&other}, u);
}

int lanewright_history_import(lanewright *lw, const char *file, struct lanewright_history_change *change)
{
	struct uniting u = {&file, 1, change};
	*change = (struct lanewright_history_change){0};
	return engine_run(lw, import, &u);
}

/* ---- showing ---- */

struct showing {
	const char *test;
	size_t width;
	const char **text;
};

static bool no_such(lanewright *lw, struct str test)
{
	strs known = {0};
	for (size_t i = 0; i < lw->past.samples.n; i++)
		if (known.n == 0 || !str_eq(known.at[known.n - 1], lw->past.samples.at[i].unit))
			vec_push(&lw->tmp, &known, lw->past.samples.at[i].unit);
	size_t best = str_nearest(test, known.at, known.n);
	if (best == SIZE_MAX)
		return fail_usage(&lw->err, "no run of '%.*s' is recorded", STR_ARG(test));
	return fail_usage(&lw->err, "no run of '%.*s' is recorded; did you mean '%.*s'?", STR_ARG(test),
	                  STR_ARG(known.at[best]));
}

/* One case of a test is shown as the test: its parameters were summed when they were recorded. */
static struct str unit_of(struct str test)
{
	size_t name = str_find(test, STR("::"), 0);
	size_t bracket = name == SIZE_MAX ? SIZE_MAX : str_find(test, STR("["), name);
	return bracket == SIZE_MAX ? test : str_slice(test, 0, bracket);
}

static bool show(lanewright *lw, void *args)
{
	struct showing *s = args;
	struct str test = unit_of(str_of(s->test));
	struct buf buf;
	if (!engine_history(lw))
		return false;
	buf_init(&buf, &lw->tmp);
	if (!plot_unit(&buf, &lw->past, test, s->width))
		return no_such(lw, test);
	*s->text = str_c(&lw->out, buf_str(&buf));
	return true;
}

int lanewright_history_show(lanewright *lw, const char *test, size_t width, const char **text)
{
	struct showing s = {test, width, text};
	*text = "";
	return engine_run(lw, show, &s);
}

/* ---- thinning ---- */

struct pruning {
	lanewright *lw;
	const struct lanewright_prune_options *options;
	struct lanewright_history_change *change;
	struct history_keep keep;
};

/* Follows moves first: a file under another name is not gone. */
static struct history keep_some(void *me, struct arena *out, const struct history *history)
{
	struct pruning *p = me;
	struct history moved = engine_follow_moves(p->lw, out, history);
	return history_kept(out, &moved, &p->keep);
}

static bool prune(lanewright *lw, void *args)
{
	struct pruning *p = args;
	strs files = {0};
	p->keep = (struct history_keep){.since = INT64_MIN, .newest = p->options->keep};
	if ((p->options->before && !engine_time(lw, p->options->before, &p->keep.since)) || !engine_suite(lw) ||
	    !engine_open_history(lw, true))
		return false;
	for (size_t i = 0; i < lw->repo.files.n; i++)
		vec_push(&lw->tmp, &files, lw->repo.files.at[i].path);
	p->keep.files = files.at;
	p->keep.n_files = files.n;
	struct history_edit edit = {.change = keep_some, .me = p};
	bool is_fine = history_edit(lw->history, &edit, &lw->err);
	engine_close_history(lw);
	engine_forget_history(lw);
	if (is_fine)
		*p->change = (struct lanewright_history_change){.before = edit.before, .after = edit.after};
	return is_fine;
}

int lanewright_history_prune(lanewright *lw, const struct lanewright_prune_options *options,
                             struct lanewright_history_change *change)
{
	static const struct lanewright_prune_options none;
	struct pruning p = {.lw = lw, .options = options ? options : &none, .change = change};
	*change = (struct lanewright_history_change){0};
	return engine_run(lw, prune, &p);
}

/* ---- handing on ---- */

struct exporting {
	const char *format;
	struct lanewright_exported *exported;
	struct buf text;
	VEC(struct durations_line) lines;
};

/* Everything as it is, whatever the tree looks like now. */
static bool export_json(lanewright *lw, struct exporting *e)
{
	struct history history = {0};
	if (!engine_config(lw) || !engine_open_history(lw, false))
		return false;
	bool is_read = history_samples(lw->history, &lw->tmp, &history, &lw->err);
	engine_close_history(lw);
	if (is_read)
		history_to_json(&e->text, &history, &e->exported->left_out);
	return is_read;
}

/* The newest sample of a unit, NULL for none. */
static const struct history_sample *newest(const struct history *history, struct str unit)
{
	size_t low = 0, high = history->samples.n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (str_cmp(history->samples.at[mid].unit, unit) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	bool is_there = low && str_eq(history->samples.at[low - 1].unit, unit);
	return is_there ? &history->samples.at[low - 1] : NULL;
}

/* pytest-split knows cases, not tests: each is given an equal share. */
static void add_durations(lanewright *lw, struct exporting *e, const struct test *test, int64_t us)
{
	if (!test->are_params_exact || !utf8_valid(test->id)) {
		e->exported->left_out++;
		return;
	}
	if (test->params.n == 0)
		vec_push(&lw->tmp, &e->lines, ((struct durations_line){test->id, us}));
	for (size_t i = 0; i < test->params.n; i++) {
		struct str node = str_fmt(&lw->tmp, "%.*s[%.*s]", STR_ARG(test->id), STR_ARG(test->params.at[i]));
		vec_push(&lw->tmp, &e->lines, ((struct durations_line){node, us / (int64_t)test->params.n}));
	}
}

static bool export_durations(lanewright *lw, struct exporting *e)
{
	if (!engine_history(lw))
		return false;
	for (size_t i = 0; i < lw->suite.tests.n; i++) {
		const struct history_sample *sample = newest(&lw->past, lw->suite.tests.at[i].id);
		if (sample)
			add_durations(lw, e, &lw->suite.tests.at[i], sample->us);
	}
	durations_to_json(&e->text, e->lines.at, e->lines.n);
	return true;
}

static bool export(lanewright *lw, void *args)
{
	struct exporting *e = args;
	buf_init(&e->text, &lw->out);
	if (!e->format || strcmp(e->format, "json") == 0) {
		if (!export_json(lw, e))
			return false;
	} else if (strcmp(e->format, "durations") != 0) {
		return fail_usage(&lw->err, "a history is exported as json or durations, not as '%s'", e->format);
	} else if (!export_durations(lw, e)) {
		return false;
	}
	e->exported->text = str_c(&lw->out, buf_str(&e->text));
	return true;
}

int lanewright_history_export(lanewright *lw, const char *format, struct lanewright_exported *exported)
{
	struct exporting e = {.format = format, .exported = exported};
	*exported = (struct lanewright_exported){.text = ""};
	return engine_run(lw, export, &e);
}

/* ---- mending ---- */

static bool recover(lanewright *lw, void *args)
{
	struct lanewright_recovered *done = args;
	struct history_recovered recovered = {0};
	if (!engine_config(lw) || !history_recover(&lw->tmp, engine_path(lw, ENGINE_HISTORY), &recovered, &lw->err))
		return false;
	engine_forget_history(lw);
	*done = (struct lanewright_recovered){
	        .samples = recovered.samples,
	        .runs = recovered.runs,
	        .lost_rows = recovered.lost_rows,
	        .damaged = str_c(&lw->out, recovered.damaged),
	};
	return true;
}

int lanewright_history_recover(lanewright *lw, struct lanewright_recovered *recovered)
{
	*recovered = (struct lanewright_recovered){.damaged = ""};
	return engine_run(lw, recover, recovered);
}
