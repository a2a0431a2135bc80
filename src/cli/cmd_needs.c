/* `needs`: the services each file or test needs, and how sure that is. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/needs_json.h"

const struct option cmd_needs_options[] = {
        {"tests", NULL, NULL, "a row for each test instead of each file"},
        {"format", "FORMAT", "text csv json", "how to print (default: text)"},
        {0},
};

/* One of those that the user asked for. */
struct choice {
	const struct lanewright_needs *needs;
};
typedef VEC(struct choice) chosen;

/* Whether a path or test id is what the user named, lies below the folder he named, or is a test of it. */
static bool is_below(const char *subject, const char *path)
{
	size_t n = strlen(path);
	if (n == 0)
		return true;
	return strncmp(subject, path, n) == 0 &&
	       (subject[n] == '\0' || subject[n] == '/' || strncmp(subject + n, "::", 2) == 0);
}

/* Adds what is below one PATH, in order; false when nothing is. */
static bool choose(struct arena *arena, chosen *chosen, const struct lanewright_needs *all, size_t n, const char *path,
                   bool *taken)
{
	bool found = false;
	for (size_t i = 0; i < n; i++) {
		if (!is_below(all[i].subject, path))
			continue;
		found = true;
		if (!taken[i])
			vec_push(arena, chosen, ((struct choice){&all[i]}));
		taken[i] = true;
	}
	return found;
}

static int by_subject(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;
	return strcmp(x->needs->subject, y->needs->subject);
}

static bool choose_all(struct call *call, chosen *chosen, const struct lanewright_needs *all, size_t n)
{
	bool *taken = arena_array(call->arena, bool, n + 1);
	for (size_t i = 0; i < call->n_args; i++) {
		const char *path = call_path(call, call->args[i]);
		if (!path)
			return false;
		if (!choose(call->arena, chosen, all, n, path, taken)) {
			call_usage(call, "no test is at or below %s", call->args[i]);
			return false;
		}
	}
	if (call->n_args == 0)
		choose(call->arena, chosen, all, n, "", taken);
	if (chosen->n)
		qsort(chosen->at, chosen->n, sizeof *chosen->at, by_subject);
	return true;
}

/* ---- csv ---- */

static int by_row(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	int order = strcmp(x[0], y[0]);
	if (order == 0)
		order = strcmp(x[1], y[1]);
	return order ? order : strcmp(x[2], y[2]);
}

static void print_csv(const struct call *call, const chosen *chosen)
{
	bool by_test = call_has(call, "tests");
	VEC(const char *) cells = {0};
	for (size_t i = 0; i < chosen->n; i++) {
		const struct lanewright_needs *needs = chosen->at[i].needs;
		for (size_t k = 0; k < needs->n; k++) {
			vec_push(call->arena, &cells, needs->subject);
			vec_push(call->arena, &cells, needs->list[k].services);
			vec_push(call->arena, &cells, needs->list[k].grade);
		}
	}
	if (cells.n)
		qsort(cells.at, cells.n / 3, 3 * sizeof *cells.at, by_row);
	output_csv(call->out, (const char *const[]){by_test ? "test" : "path", "service", "grade"}, 3);
	for (size_t i = 0; i < cells.n; i += 3)
		output_csv(call->out, cells.at + i, 3);
}

/* ---- json ---- */

static void put_json(const struct call *call, const chosen *chosen)
{
	struct output *out = call->out;
	bool by_test = call_has(call, "tests");
	put_open(out, '{');
	put_key(out, "version");
	put_number(out, 1);
	put_key(out, by_test ? "tests" : "files");
	put_open(out, '[');
	for (size_t i = 0; i < chosen->n; i++) {
		const struct lanewright_needs *needs = chosen->at[i].needs;
		put_break(out);
		put_open(out, '{');
		put_needs(out, needs, by_test);
		put_close(out, '}');
	}
	put_close(out, ']');
	put_close(out, '}');
}

/* ---- text ---- */

/* Files and tests that demand the same. */
struct sum {
	const char *demand;
	size_t subjects, tests;
};

static int by_size(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;
	if (x->subjects != y->subjects)
		return x->subjects < y->subjects ? 1 : -1;
	return strcmp(x->demand, y->demand);
}

static void print_sums(const struct call *call, const chosen *chosen)
{
	struct arena *arena = call->arena;
	bool by_test = call_has(call, "tests");
	VEC(struct sum) sums = {0};
	for (size_t i = 0; i < chosen->n; i++) {
		size_t k = 0;
		while (k < sums.n && strcmp(sums.at[k].demand, chosen->at[i].needs->demand) != 0)
			k++;
		if (k == sums.n)
			vec_push(arena, &sums, ((struct sum){chosen->at[i].needs->demand, 0, 0}));
		sums.at[k].subjects++;
		sums.at[k].tests += chosen->at[i].needs->n_tests;
	}
	if (sums.n)
		qsort(sums.at, sums.n, sizeof *sums.at, by_size);
	const char *const header[] = {"files", "tests", "must have"};
	VEC(const char *) cells = {0};
	for (size_t k = 0; k < sums.n; k++) {
		if (!by_test)
			vec_push(arena, &cells, count_text(arena, sums.at[k].subjects));
		vec_push(arena, &cells, count_text(arena, sums.at[k].tests));
		vec_push(arena, &cells, *sums.at[k].demand ? sums.at[k].demand : "nothing");
	}
	output_table(call->out, header + by_test, cells.at, sums.n, 3 - by_test, by_test ? 1 : 3);
	output_line(call->out);
}

/* The lower, the sooner a person should look: a guess that decides, then the merely probable, then what is sure,
 * then what decides nothing. */
static int worry(const struct lanewright_need *need)
{
	static const char *const order[] = {"unknown", "probable", "requires", "mocked", "mention"};
	enum { KINDS = sizeof order / sizeof *order };
	for (int i = 0; i < KINDS; i++)
		if (strcmp(need->grade, order[i]) == 0)
			return i;
	return KINDS;
}

static int worst(const struct lanewright_needs *needs)
{
	int least = 99;
	for (size_t i = 0; i < needs->n; i++)
		if (worry(&needs->list[i]) < least)
			least = worry(&needs->list[i]);
	return least;
}

static int by_worry(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;
	int order = worst(x->needs) - worst(y->needs);
	return order ? order : by_subject(a, b);
}

static const char *remarks(struct arena *arena, const struct lanewright_need *need)
{
	struct buf text;
	buf_init(&text, arena);
	if (need->n_steps) {
		const struct lanewright_step *last = &need->steps[need->n_steps - 1];
		buf_fmt(&text, "%s:%u %s", last->path, last->line, last->text);
	}
	if (*need->variable)
		buf_fmt(&text, ", chosen by %s", need->variable);
	for (size_t i = 0; need->n_values > 1 && i < need->n_values; i++)
		buf_fmt(&text, "%s%s", i ? ", " : ": ", need->values[i]);
	if (need->is_override)
		buf_lit(&text, ", by override");
	if (need->is_dead)
		buf_lit(&text, ", dead");
	return str_c(arena, buf_str(&text));
}

/* Mentions are for machines: a person would not see the needs for them. */
static bool is_shown(const struct lanewright_need *need)
{
	return strcmp(need->grade, "mention") != 0;
}

static void print_rows(const struct call *call, const chosen *chosen)
{
	struct arena *arena = call->arena;
	VEC(const char *) cells = {0};
	size_t mentions = 0;
	for (size_t i = 0; i < chosen->n; i++) {
		const struct lanewright_needs *needs = chosen->at[i].needs;
		bool is_first = true;
		for (size_t k = 0; k < needs->n; k++) {
			mentions += !is_shown(&needs->list[k]);
			if (!is_shown(&needs->list[k]))
				continue;
			vec_push(arena, &cells, is_first ? needs->subject : "");
			is_first = false;
			vec_push(arena, &cells, needs->list[k].services);
			vec_push(arena, &cells, needs->list[k].grade);
			vec_push(arena, &cells, remarks(arena, &needs->list[k]));
		}
	}
	const char *const header[] = {call_has(call, "tests") ? "test" : "path", "service", "grade", "because"};
	if (cells.n)
		output_table(call->out, header, cells.at, cells.n / 4, 4, 0);
	if (mentions) {
		output_fmt(call->out, STYLE_DIM, "%s mere mentions are left out; csv and json have them",
		           count_text(arena, mentions));
		output_line(call->out);
	}
}

/* One line a word that the CI taught, for the services that something needs. */
static void print_ci_words(const struct call *call, const chosen *chosen)
{
	size_t n;
	const struct lanewright_ci_word *words = lanewright_ci_words(call->lw, &n);
	for (size_t i = 0; i < n; i++) {
		bool is_needed = false;
		for (size_t k = 0; k < chosen->n && !is_needed; k++)
			for (size_t j = 0; j < chosen->at[k].needs->n && !is_needed; j++)
				is_needed = is_shown(&chosen->at[k].needs->list[j]) &&
				            strstr(chosen->at[k].needs->list[j].services, words[i].service);
		if (!is_needed)
			continue;
		output_fmt(call->out, STYLE_DIM, "CI says: the %s %s is %s's (%s)", words[i].kind, words[i].word,
		           words[i].service, words[i].place);
		output_line(call->out);
	}
}

static void print_text(const struct call *call, const chosen *chosen)
{
	print_sums(call, chosen);
	if (chosen->n)
		qsort(chosen->at, chosen->n, sizeof *chosen->at, by_worry);
	print_rows(call, chosen);
	print_ci_words(call, chosen);
}

int cmd_needs(struct call *call)
{
	int status = lanewright_resolve(call->lw);
	if (status != LANEWRIGHT_OK)
		return call_failed(call, status);
	call_warn_of_faults(call);
	size_t n;
	const struct lanewright_needs *all =
	        call_has(call, "tests") ? lanewright_test_needs(call->lw, &n) : lanewright_file_needs(call->lw, &n);
	chosen chosen = {0};
	if (!choose_all(call, &chosen, all, n))
		return LANEWRIGHT_USAGE;
	const char *format = call_value(call, "format");
	if (format && strcmp(format, "csv") == 0)
		print_csv(call, &chosen);
	else if (format && strcmp(format, "json") == 0)
		put_json(call, &chosen);
	else
		print_text(call, &chosen);
	return LANEWRIGHT_OK;
}
