/* Replays the versions of a durations file that a repository committed: each is planned on those before it.
 *
 *	replay FOLDER DAYS SHARDS...
 *
 * DAYS is [history] half_life.  FOLDER holds 000.json, 001.json, ..., beside each NNN.bytes with lines
 * `bytes<TAB>path` of its test files, and runs.tsv with their times, as extract.py leaves them.  Prints lines for evaluate.py:
 *	run<TAB>version<TAB>shards<TAB>whole|split<TAB>units<TAB>new<TAB>bound<TAB>one makespan for each way
 *	new<TAB>version<TAB>tests<TAB>bytes<TAB>took<TAB>expected<TAB>path      of each file without a past
 * Times are microseconds.  An entry equal to the last digit to that of the version before was carried over, not
 * measured, and is left out. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "estimate/backtest.h"
#include "report/formats.h"

struct version {
	struct estimate_ask *asks; /* by test */
	int64_t *us;
	size_t n;
};

struct replay {
	struct arena out, tmp;
	struct history past;
	struct report before; /* the version before, cases by node */
	struct err err;
	const char *folder;
	VEC(int64_t) times; /* by version, seconds since 1970 */
};

static int by_node(const void *a, const void *b)
{
	return str_cmp(((const struct report_case *)a)->node, ((const struct report_case *)b)->node);
}

static int by_unit(const void *a, const void *b)
{
	const struct history_sample *x = a, *y = b;
	int order = str_cmp(x->unit, y->unit);
	return order ? order : (x->run > y->run) - (x->run < y->run);
}

static struct str until(struct str s, const char *end)
{
	return str_slice(s, 0, str_find(s, str_of(end), 0));
}

static bool is_carried(const struct replay *r, const struct report_case *one)
{
	const struct report_case *was =
	        r->before.cases.n ? bsearch(one, r->before.cases.at, r->before.cases.n, sizeof *one, by_node) : NULL;
	return was && was->microseconds == one->microseconds;
}

/* Parameters are summed; cases are sorted, so those of one function stand together. */
static void add_cases(struct replay *r, const struct report *report, struct version *v)
{
	v->asks = arena_array(&r->out, struct estimate_ask, report->cases.n);
	v->us = arena_array(&r->out, int64_t, report->cases.n);
	for (size_t i = 0; i < report->cases.n; i++) {
		const struct report_case *one = &report->cases.at[i];
		if (is_carried(r, one))
			continue;
		struct str test = until(one->node, "[");
		if (v->n == 0 || !str_eq(v->asks[v->n - 1].test, test))
			v->asks[v->n++] = (struct estimate_ask){.test = test, .path = until(test, "::")};
		v->asks[v->n - 1].n_params++;
		v->us[v->n - 1] += one->microseconds;
	}
}

static void add_sizes(struct version *v, struct str sizes)
{
	for (size_t i = 0, end; i < v->n; i = end) {
		for (end = i; end < v->n && str_eq(v->asks[end].path, v->asks[i].path);)
			end++;
		for (size_t k = i; k < end; k++)
			v->asks[k].file_tests = (uint32_t)(end - i);
	}
	for (size_t at = 0; at < sizes.n;) {
		struct str line = until(str_slice(sizes, at, sizes.n), "\n"), bytes = until(line, "\t");
		struct str path = str_slice(line, bytes.n + 1, line.n);
		uint64_t value = 0;
		at += line.n + 1;
		for (size_t i = 0; str_number(bytes, UINT32_MAX, &value) && i < v->n; i++)
			if (str_eq(v->asks[i].path, path))
				v->asks[i].file_bytes = value;
	}
}

/* The third field of each line is the time of that version. */
static bool read_times(struct replay *r)
{
	struct str text;
	if (!file_read(&r->out, str_fmt(&r->out, "%s/runs.tsv", r->folder).at, &text, &r->err))
		return false;
	for (size_t at = 0; at < text.n;) {
		struct str line = until(str_slice(text, at, text.n), "\n");
		uint64_t time = 0;
		at += line.n + 1;
		for (int i = 0; i < 2; i++)
			line = str_slice(line, str_find(line, STR("\t"), 0) + 1, line.n);
		str_number(until(line, "\t"), INT64_MAX, &time);
		vec_push(&r->out, &r->times, (int64_t)time);
	}
	return true;
}

static bool read_version(struct replay *r, int number, struct version *v)
{
	struct str text, sizes;
	struct report report;
	*v = (struct version){0};
	if (!file_read(&r->out, str_fmt(&r->out, "%s/%03d.json", r->folder, number).at, &text, &r->err) ||
	    !file_read(&r->out, str_fmt(&r->out, "%s/%03d.bytes", r->folder, number).at, &sizes, &r->err) ||
	    !report_read(&r->out, text, "durations", &report, &r->err))
		return false;
	qsort(report.cases.at, report.cases.n, sizeof *report.cases.at, by_node);
	add_cases(r, &report, v);
	add_sizes(v, sizes);
	r->before = report;
	return true;
}

static void print_plans(struct replay *r, int number, const struct version *v, const struct backtest_guess *guess,
                        char *const *shards)
{
	for (; *shards; shards++)
		for (int splits = 0; splits < 2; splits++) {
			struct backtest_row row;
			struct backtest_shape shape = {(uint32_t)atoi(*shards), splits};
			backtest_score(&r->tmp, guess, v->asks, v->us, v->n, shape, &row);
			printf("run\t%d\t%s\t%s\t%zu\t%zu\t%lld", number, *shards, splits ? "split" : "whole",
			       row.units, row.new_units, (long long)row.bound_us);
			for (int way = 0; way < WAYS; way++)
				printf("\t%lld", (long long)row.makespan_us[way]);
			printf("\n");
		}
}

static void print_new_files(int number, const struct version *v, const struct backtest_guess *guess)
{
	for (size_t i = 0, end; i < v->n; i = end) {
		bool is_new = true;
		int64_t took = 0, expected = 0;
		for (end = i; end < v->n && str_eq(v->asks[end].path, v->asks[i].path); end++) {
			is_new &= guess->is_new[end];
			took += v->us[end];
			expected += guess->us[WAY_OURS][end];
		}
		if (is_new)
			printf("new\t%d\t%zu\t%llu\t%lld\t%lld\t%.*s\n", number, end - i,
			       (unsigned long long)v->asks[i].file_bytes, (long long)took, (long long)expected,
			       STR_ARG(v->asks[i].path));
	}
}

static void learn(struct replay *r, int number, const struct version *v)
{
	uint32_t run = (uint32_t)r->past.runs.n;
	vec_push(&r->out, &r->past.runs,
	         ((struct history_run){.id = str_fmt(&r->out, "%03d", number),
	                               .time = (size_t)number < r->times.n ? r->times.at[number] : 0}));
	for (size_t i = 0; i < v->n; i++)
		vec_push(&r->out, &r->past.samples,
		         ((struct history_sample){.unit = v->asks[i].test,
		                                  .run = run,
		                                  .us = v->us[i],
		                                  .setup_us = MS_UNKNOWN,
		                                  .call_us = MS_UNKNOWN,
		                                  .teardown_us = MS_UNKNOWN}));
	qsort(r->past.samples.at, r->past.samples.n, sizeof *r->past.samples.at, by_unit);
}

int main(int argc, char **argv)
{
	enum { UNITS_LEAST = 20 }; /* fewer measured again say nothing of a plan */
	if (argc < 4) {
		fputs("usage: replay FOLDER DAYS SHARDS...\n", stderr);
		return 2;
	}
	struct replay r = {.folder = argv[1], .past.half_life = atoi(argv[2]) * INT64_C(86400)};
	arena_init(&r.out, NULL);
	arena_init(&r.tmp, NULL);
	if (!read_times(&r)) {
		fprintf(stderr, "%s\n", r.err.text);
		return 3;
	}
	for (int number = 0; file_exists(str_fmt(&r.out, "%s/%03d.json", r.folder, number).at); number++) {
		struct version v;
		if (!read_version(&r, number, &v)) {
			fprintf(stderr, "%s\n", r.err.text);
			return 3;
		}
		if (number > 0 && v.n >= UNITS_LEAST) {
			struct backtest_guess *guess = backtest_guess(&r.tmp, &r.past, v.asks, v.n);
			print_plans(&r, number, &v, guess, argv + 3);
			print_new_files(number, &v, guess);
			arena_reset(&r.tmp);
		}
		learn(&r, number, &v);
	}
	arena_free(&r.tmp);
	arena_free(&r.out);
	return 0;
}
