/* `-m` expressions of CI: a test that none of them takes runs nowhere, one that two lanes share runs where a service of it is
 * not.  Judged only when every command that runs
 * pytest has one and names no paths, so that the expressions alone divide the suite. */
#include "audit/rules.h"

#include <string.h>

#include "base/buf.h"

struct lane {
	struct str expression, place;
};

typedef VEC(struct lane) lane_list;

/* ---- reading commands ---- */

/* The next word of a command line, quotes taken off; false at its end. */
static bool next_word(struct str line, size_t *at, struct str *word)
{
	while (*at < line.n && strchr(" \t\\", line.at[*at]))
		++*at;
	if (*at >= line.n || strchr("|&;#>", line.at[*at]))
		return false;
	char quote = line.at[*at] == '"' || line.at[*at] == '\'' ? line.at[*at] : 0;
	size_t from = *at + (quote != 0), to = from;
	while (to < line.n && (quote ? line.at[to] != quote : !strchr(" \t", line.at[to])))
		to++;
	*word = str_slice(line, from, to);
	*at = to + (quote && to < line.n);
	return true;
}

static bool is_pytest(struct str word)
{
	return str_eq(word, STR("pytest")) || str_ends(word, STR("/pytest")) || str_eq(word, STR("py.test"));
}

/* False when what the command selects is not said by one -m alone. */
static bool read_command(struct str line, struct str place, struct arena *tmp, lane_list *lanes)
{
	size_t at = 0;
	struct str word, expression = STR_NONE;
	bool runs = false;
	while (next_word(line, &at, &word)) {
		if (!runs) {
			runs = is_pytest(word);
		} else if (str_eq(word, STR("-m")) || str_eq(word, STR("-n"))) {
			bool is_mark = str_eq(word, STR("-m"));
			if (!next_word(line, &at, &word))
				return false;
			if (is_mark)
				expression = word;
		} else if (word.at[0] != '-' || str_starts(word, STR("-k")) || str_starts(word, STR("--ignore")) ||
		           str_starts(word, STR("--deselect"))) {
			return false;
		}
	}
	if (runs && (expression.n == 0 || str_has(expression, STR("$"))))
		return false;
	if (runs)
		vec_push(tmp, lanes, ((struct lane){expression, place}));
	return true;
}

static bool read_run(const struct job_step *step, struct arena *tmp, lane_list *lanes)
{
	struct buf joined;
	buf_init(&joined, tmp);
	for (size_t i = 0; i < step->run.n; i++) {
		bool is_continued = step->run.at[i] == '\\' && i + 1 < step->run.n && step->run.at[i + 1] == '\n';
		if (is_continued)
			i++;
		buf_char(&joined, is_continued ? ' ' : step->run.at[i]);
	}
	struct str text = buf_str(&joined);
	for (size_t from = 0; from < text.n;) {
		size_t end = str_find(text, STR("\n"), from);
		struct str line = str_trim(str_slice(text, from, end));
		bool is_runner = str_has(line, STR("tox")) || str_has(line, STR("nox")) || str_has(line, STR("make "));
		if (is_runner || (str_has(line, STR("pytest")) && !read_command(line, step->place, tmp, lanes)))
			return false;
		from = end == SIZE_MAX ? text.n : end + 1;
	}
	return true;
}

/* ---- judging an expression ---- */

enum answer { ANSWER_NO, ANSWER_MAYBE, ANSWER_YES };

struct asking {
	const struct audit *a;
	const struct test *test;
	struct str text;
	size_t at;
	bool is_broken;
};

static struct str token(struct asking *q)
{
	while (q->at < q->text.n && q->text.at[q->at] == ' ')
		q->at++;
	size_t from = q->at;
	if (from < q->text.n && strchr("()", q->text.at[from]))
		return str_slice(q->text, from, ++q->at);
	while (q->at < q->text.n && !strchr(" ()", q->text.at[q->at]))
		q->at++;
	return str_slice(q->text, from, q->at);
}

static enum answer has_mark(const struct asking *q, struct str name)
{
	bool is_opaque = false;
	for (size_t i = 0; i < q->test->marks.n; i++) {
		is_opaque |= q->test->marks.at[i].is_opaque;
		if (str_eq(audit_text(q->a, q->test->marks.at[i].name), name))
			return ANSWER_YES;
	}
	for (size_t i = 0; i < q->test->unknowns.n; i++)
		is_opaque |= q->test->unknowns.at[i].kind == UNKNOWN_DECORATOR;
	return is_opaque ? ANSWER_MAYBE : ANSWER_NO;
}

static enum answer any_of(struct asking *q);

static enum answer one(struct asking *q)
{
	struct str word = token(q);
	if (str_eq(word, STR("not")))
		return ANSWER_YES - one(q);
	if (str_eq(word, STR("("))) {
		enum answer inner = any_of(q);
		q->is_broken |= !str_eq(token(q), STR(")"));
		return inner;
	}
	q->is_broken |= word.n == 0 || str_eq(word, STR(")"));
	return has_mark(q, word);
}

static bool takes(struct asking *q, struct str word)
{
	size_t before = q->at;
	if (str_eq(token(q), word))
		return true;
	q->at = before;
	return false;
}

static enum answer all_of(struct asking *q)
{
	enum answer all = one(q);
	while (!q->is_broken && takes(q, STR("and"))) {
		enum answer next = one(q);
		all = next < all ? next : all;
	}
	return all;
}

static enum answer any_of(struct asking *q)
{
	enum answer any = all_of(q);
	while (!q->is_broken && takes(q, STR("or"))) {
		enum answer next = all_of(q);
		any = next > any ? next : any;
	}
	return any;
}

enum { LANES_MOST = 64 };

/* Which lanes take a test: a bit each.  False when that cannot be told of one. */
static bool taken_by(const struct audit *a, const struct test *test, const lane_list *lanes, uint64_t *by)
{
	*by = 0;
	for (size_t i = 0; i < lanes->n; i++) {
		struct asking q = {.a = a, .test = test, .text = lanes->at[i].expression};
		enum answer answer = any_of(&q);
		if (answer == ANSWER_MAYBE || q.is_broken)
			return false;
		*by |= (uint64_t)(answer == ANSWER_YES) << i;
	}
	return true;
}

static bool hooks_may_mark(const struct suite *suite)
{
	for (size_t i = 0; i < suite->unknowns.n; i++)
		if (suite->unknowns.at[i].kind == UNKNOWN_HOOK)
			return true;
	return false;
}

static lane_list lanes_of(const struct audit *a, bool *is_clear)
{
	lane_list lanes = {0};
	*is_clear = !hooks_may_mark(a->it->suite);
	for (size_t j = 0; j < a->it->jobs->n; j++)
		for (size_t s = 0; *is_clear && s < a->it->jobs->at[j].steps.n; s++)
			*is_clear = read_run(&a->it->jobs->at[j].steps.at[s], a->tmp, &lanes);
	return lanes;
}

/* The tests that expressions say something sure of, and which lanes take each. */
struct taken {
	uint32_t test;
	uint64_t by;
};

typedef VEC(struct taken) taken_list;

/* A quick job that repeats part of another means to; two that share a part and each have one of their own do not. */
static bool do_cross(const taken_list *all, size_t i, size_t k)
{
	bool both = false, left = false, right = false;
	for (size_t t = 0; t < all->n; t++) {
		bool in_i = all->at[t].by >> i & 1, in_k = all->at[t].by >> k & 1;
		both |= in_i && in_k;
		left |= in_i && !in_k;
		right |= in_k && !in_i;
	}
	return both && left && right;
}

static void tell_nowhere(struct audit *a, const struct test *test, const lane_list *lanes)
{
	uint32_t line, at;
	audit_def_place(audit_facts(a, test->def.file), test->def.def, &line, &at);
	audit_report(a, test->def.file, line, at,
	             "none of the %zu -m expressions of CI takes it; the first is '%.*s', %.*s", lanes->n,
	             STR_ARG(lanes->at[0].expression), STR_ARG(lanes->at[0].place));
}

static void tell_crossed(struct audit *a, const taken_list *all, const struct lane *one, const struct lane *other,
                         uint64_t bits)
{
	for (size_t t = 0; t < all->n; t++) {
		const struct test *test = &a->it->suite->tests.at[all->at[t].test];
		uint32_t line, at;
		if ((all->at[t].by & bits) != bits)
			continue;
		audit_def_place(audit_facts(a, test->def.file), test->def.def, &line, &at);
		audit_report(a, test->def.file, line, at, "both '%.*s', %.*s, and '%.*s', %.*s, take it",
		             STR_ARG(one->expression), STR_ARG(one->place), STR_ARG(other->expression),
		             STR_ARG(other->place));
	}
}

/* The same expression in several jobs is a matrix by another name. */
static void judge_pairs(struct audit *a, const lane_list *lanes, const taken_list *all)
{
	for (size_t k = 1; k < lanes->n; k++)
		for (size_t i = 0; i < k; i++)
			if (!str_eq(lanes->at[i].expression, lanes->at[k].expression) && do_cross(all, i, k))
				tell_crossed(a, all, &lanes->at[i], &lanes->at[k], (uint64_t)1 << i | (uint64_t)1 << k);
}

void rule_marker_lanes(struct audit *a)
{
	bool is_clear;
	lane_list lanes = lanes_of(a, &is_clear);
	taken_list all = {0};
	if (!is_clear || lanes.n < 2 || lanes.n > LANES_MOST)
		return;
	for (uint32_t t = 0; t < a->it->suite->tests.n; t++) {
		const struct test *test = &a->it->suite->tests.at[t];
		struct taken taken = {.test = t};
		if (test->is_dead || !taken_by(a, test, &lanes, &taken.by))
			continue;
		vec_push(a->tmp, &all, taken);
		if (taken.by == 0)
			tell_nowhere(a, test, &lanes);
	}
	judge_pairs(a, &lanes, &all);
}
