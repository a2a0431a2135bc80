/* `scan`: brings the index up to date and says what was read and what stayed unknown. */
#include <string.h>

#include "cli/commands.h"

const struct option cmd_scan_options[] = {
        {"stats", NULL, NULL, "counts, times, unknowns and faults as JSON"},
        {"dump", "FILE", NULL, "print the facts of one Python file instead"},
        {0},
};

struct tally {
	const char *kind;
	size_t n;
};
typedef VEC(struct tally) tallies;

static void count(struct arena *arena, tallies *kinds, const struct lanewright_unknown *unknowns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < kinds->n && strcmp(kinds->at[k].kind, unknowns[i].kind) != 0)
			k++;
		if (k == kinds->n)
			vec_push(arena, kinds, ((struct tally){unknowns[i].kind, 0}));
		kinds->at[k].n++;
	}
}

/* How often each kind of unknown occurs: on files and folders, and on single tests. */
static tallies count_unknowns(const struct call *call, size_t *total)
{
	tallies kinds = {0};
	size_t n, n_tests;
	const struct lanewright_unknown *unknowns = lanewright_unknowns(call->lw, &n);
	const struct lanewright_test *tests = lanewright_tests(call->lw, &n_tests);
	count(call->arena, &kinds, unknowns, n);
	for (size_t i = 0; i < n_tests; i++)
		count(call->arena, &kinds, tests[i].unknowns, tests[i].n_unknowns);
	*total = 0;
	for (size_t k = 0; k < kinds.n; k++)
		*total += kinds.at[k].n;
	return kinds;
}

static size_t count_exact(const struct lanewright_test *tests, size_t n)
{
	size_t exact = 0;
	for (size_t i = 0; i < n; i++)
		exact += tests[i].is_exact;
	return exact;
}

static void put_count(struct output *out, const char *key, uint64_t value)
{
	put_key(out, key);
	put_number(out, (int64_t)value);
}

static void put_faults(struct output *out, const struct lanewright_fault *faults, size_t n)
{
	put_key(out, "faults");
	put_open(out, '[');
	for (size_t i = 0; i < n; i++) {
		put_break(out);
		put_open(out, '{');
		put_key(out, "path");
		put_text(out, faults[i].path);
		put_count(out, "line", faults[i].line);
		put_key(out, "text");
		put_text(out, faults[i].text);
		put_close(out, '}');
	}
	put_close(out, ']');
}

static void put_stats(const struct call *call, const struct lanewright_scan_stats *stats)
{
	struct output *out = call->out;
	size_t n, n_faults, total;
	const struct lanewright_test *tests = lanewright_tests(call->lw, &n);
	const struct lanewright_fault *faults = lanewright_faults(call->lw, &n_faults);
	tallies kinds = count_unknowns(call, &total);
	put_open(out, '{');
	put_count(out, "version", 1);
	put_count(out, "files", stats->files);
	put_count(out, "test_files", stats->test_files);
	put_count(out, "read", stats->read);
	put_count(out, "unchanged", stats->unchanged);
	put_count(out, "lines", stats->lines);
	put_count(out, "bytes", stats->bytes);
	put_count(out, "unreadable", stats->unreadable);
	put_count(out, "tests", n);
	put_count(out, "exact", count_exact(tests, n));
	put_key(out, "seconds");
	put_seconds(out, stats->ms);
	put_key(out, "index");
	put_text(out, stats->note);
	put_key(out, "unknowns");
	put_open(out, '{');
	for (size_t k = 0; k < kinds.n; k++)
		put_count(out, kinds.at[k].kind, kinds.at[k].n);
	put_close(out, '}');
	put_faults(out, faults, n_faults);
	put_close(out, '}');
}

static void print_unknowns(const struct call *call)
{
	size_t total;
	tallies kinds = count_unknowns(call, &total);
	struct buf line;
	buf_init(&line, call->arena);
	for (size_t k = 0; k < kinds.n; k++)
		buf_fmt(&line, "%s%zu %s", k ? ", " : "", kinds.at[k].n, kinds.at[k].kind);
	output_fmt(call->out, STYLE_PLAIN, "unknown   %s%s%.*s", count_text(call->arena, total), total ? ": " : "",
	           STR_ARG(buf_str(&line)));
	output_line(call->out);
}

static void print_faults(const struct call *call)
{
	size_t n;
	const struct lanewright_fault *faults = lanewright_faults(call->lw, &n);
	for (size_t i = 0; i < n; i++) {
		if (faults[i].line)
			output_fmt(call->out, STYLE_WARN, "%s:%u: %s", faults[i].path, faults[i].line, faults[i].text);
		else
			output_fmt(call->out, STYLE_WARN, "%s: %s", faults[i].path, faults[i].text);
		output_line(call->out);
	}
}

static void print_counts(const struct call *call, const struct lanewright_scan_stats *stats)
{
	struct arena *arena = call->arena;
	size_t n;
	const struct lanewright_test *tests = lanewright_tests(call->lw, &n);
	output_fmt(call->out, STYLE_PLAIN, "files     %s, %s with tests; %s read, %s unchanged, %s s",
	           count_text(arena, stats->files), count_text(arena, stats->test_files),
	           count_text(arena, stats->read), count_text(arena, stats->unchanged),
	           str_fmt(arena, "%.3f", (double)stats->ms / 1000).at);
	output_line(call->out);
	output_fmt(call->out, STYLE_PLAIN, "tests     %s, %s of them exact", count_text(arena, n),
	           count_text(arena, count_exact(tests, n)));
	output_line(call->out);
}

/* One line a file: what the project's own CI starts. */
static int print_ci(const struct call *call)
{
	size_t n;
	const struct lanewright_ci_service *services;
	int status = lanewright_ci_services(call->lw, &services, &n);
	if (status != LANEWRIGHT_OK)
		return status;
	for (size_t i = 0; i < n;) {
		const char *path = services[i].path;
		struct buf line;
		buf_init(&line, call->arena);
		for (size_t first = i; i < n && strcmp(services[i].path, path) == 0; i++)
			buf_fmt(&line, "%s%s", i > first ? ", " : "", services[i].name);
		output_fmt(call->out, STYLE_PLAIN, "CI starts %.*s (%s)", STR_ARG(buf_str(&line)), path);
		output_line(call->out);
	}
	return status;
}

/* Unread code of a test or conftest makes every later answer incomplete: that is a finding. */
static int verdict(const struct call *call, const struct lanewright_scan_stats *stats)
{
	size_t n;
	const struct lanewright_fault *faults = lanewright_faults(call->lw, &n);
	for (size_t i = 0; i < n; i++)
		if (faults[i].is_test)
			return LANEWRIGHT_FINDINGS;
	return stats->unreadable ? LANEWRIGHT_FINDINGS : LANEWRIGHT_OK;
}

/* Nothing but the index: for hooks and scripts that only want it fresh. */
static int scan_quietly(struct call *call)
{
	int status = lanewright_scan(call->lw);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	print_faults(call);
	return verdict(call, lanewright_stats(call->lw));
}

static int dump(struct call *call)
{
	const char *text;
	int status = lanewright_dump(call->lw, call_input(call, call_value(call, "dump")), &text);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	output_bytes(call->out, str_of(text));
	return LANEWRIGHT_OK;
}

int cmd_scan(struct call *call)
{
	if (call_has(call, "dump"))
		return dump(call);
	if (call->is_quiet && !call_has(call, "stats"))
		return scan_quietly(call);
	int status = lanewright_collect(call->lw);
	if (status > LANEWRIGHT_FINDINGS)
		return call_failed(call, status);
	/* The index is up to date all the same.  What is asked next forgets the sentence. */
	const char *no_tests = status ? str_c(call->arena, str_of(lanewright_error(call->lw))) : NULL;
	status = lanewright_read(call->lw);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	const struct lanewright_scan_stats *stats = lanewright_stats(call->lw);
	if (*stats->note)
		call_note(call, "%s", stats->note);
	if (call_has(call, "stats")) {
		put_stats(call, stats);
	} else {
		print_counts(call, stats);
		print_unknowns(call);
		int told = print_ci(call);
		if (told != LANEWRIGHT_OK)
			return call_failed(call, told);
		print_faults(call);
	}
	if (no_tests)
		call_note(call, "%s", no_tests);
	return verdict(call, stats);
}
