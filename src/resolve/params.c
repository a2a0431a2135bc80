/* Ids of parameters.  Fixtures come first, in the order of the closure, then marks in the order of iter_markers: so
 * the bottom decorator varies slowest.  What pytest names differently from version to version (equal ids, empty
 * lists, several parametrized fixtures) is left approximate. */
#include "resolve/params.h"

#include <stdlib.h>
#include <string.h>

#include "resolve/calls.h"
#include "resolve/literal.h"

enum { CASES_MOST = 100000 };

/* The names of one parametrization.  A single name in a string takes values whole, one in a list takes them apart. */
struct argnames {
	strs list;
	bool takes_whole;
};

/* One parametrization. */
struct axis {
	strs ids;
	uint32_t n;    /* values, at least 1 */
	bool is_known; /* ids are what pytest calls them */
};

struct reading {
	struct names *names;
	struct arena *out, *tmp;
	struct fixtures *f;
	struct test *test;
};

static const struct facts *facts_of(const struct reading *r, struct place p)
{
	return names_facts(r->names, p.file);
}

static struct place at(struct place p, uint32_t expr)
{
	return (struct place){p.file, p.owner, expr, STR_NONE};
}

static bool is_param_call(const struct reading *r, struct place p)
{
	const struct expr *e = &facts_of(r, p)->exprs.at[p.expr];
	return p.expr && e->kind == EXPR_CALL &&
	       target_is(r->names, names_expr(r->names, p.file, p.owner, e->first), "pytest.param");
}

/* The positional arguments of pytest.param(...); false when a star hides how many there are. */
static bool param_values(const struct reading *r, struct place call, places *values)
{
	const struct facts *facts = facts_of(r, call);
	for (uint32_t e = facts->exprs.at[facts->exprs.at[call.expr].first].next; e; e = facts->exprs.at[e].next) {
		uint8_t kind = facts->exprs.at[e].kind;
		if (kind == EXPR_STAR || kind == EXPR_DOUBLE_STAR)
			return false;
		if (kind != EXPR_KEYWORD)
			vec_push(r->tmp, values, at(call, e));
	}
	return true;
}

static bool join(const struct reading *r, const struct argnames *argnames, const places *values, size_t index,
                 struct str *id)
{
	strs parts = {0};
	if (values->n != argnames->list.n)
		return false;
	for (size_t i = 0; i < values->n; i++) {
		struct str text;
		enum literal_id kind = literal_id(r->names, r->tmp, values->at[i], &text);
		if (kind == LITERAL_UNKNOWN)
			return false;
		if (kind == LITERAL_INDEX)
			text = str_fmt(r->tmp, "%.*s%zu", STR_ARG(argnames->list.at[i]), index);
		vec_push(r->tmp, &parts, text);
	}
	*id = str_join(r->tmp, parts.at, parts.n, STR("-"));
	return true;
}

/* The id of one value of the list, when `ids` does not say it. */
static bool value_id(const struct reading *r, const struct argnames *argnames, struct place item, size_t index,
                     struct str *id)
{
	places values = {0};
	if (!literal_follow(r->names, &item))
		return false;
	if (is_param_call(r, item))
		return param_values(r, item, &values) && join(r, argnames, &values, index, id);
	if (argnames->takes_whole)
		vec_push(r->tmp, &values, item);
	else if (!literal_items(r->names, r->tmp, item, &values))
		return false;
	return join(r, argnames, &values, index, id);
}

/* An id written into pytest.param(id=...); false when it has one that cannot be read. */
static bool own_id(const struct reading *r, struct place item, struct str *id, bool *has)
{
	*has = false;
	if (!literal_follow(r->names, &item))
		return false;
	if (!is_param_call(r, item))
		return true;
	uint32_t value = call_keyword(r->names, item.file, item.expr, "id");
	if (!value || facts_of(r, item)->exprs.at[value].kind == EXPR_NONE)
		return true;
	*has = true;
	struct str ignored;
	return literal_string(r->names, at(item, value), &ignored) &&
	       literal_id(r->names, r->tmp, at(item, value), id) == LITERAL_TEXT;
}

struct ids_option {
	places list;
	bool is_given, is_readable;
};

static struct ids_option read_ids(const struct reading *r, struct place where, uint32_t expr)
{
	struct ids_option ids = {.is_readable = true};
	if (!expr || facts_of(r, where)->exprs.at[expr].kind == EXPR_NONE)
		return ids;
	ids.is_given = true;
	ids.is_readable = literal_items(r->names, r->tmp, at(where, expr), &ids.list);
	return ids;
}

static bool case_id(const struct reading *r, const struct argnames *argnames, struct place item, size_t i,
                    const struct ids_option *ids, struct str *id)
{
	bool has;
	if (!own_id(r, item, id, &has))
		return false;
	if (has)
		return true;
	if (!ids->is_readable)
		return false;
	if (ids->is_given && ids->list.n) {
		if (i >= ids->list.n)
			return false;
		struct place named = ids->list.at[i];
		bool is_none = named.expr && facts_of(r, named)->exprs.at[named.expr].kind == EXPR_NONE;
		if (!is_none)
			return literal_id(r->names, r->tmp, named, id) == LITERAL_TEXT;
	}
	return value_id(r, argnames, item, i, id);
}

static bool has_twins(const strs *ids, struct arena *tmp)
{
	struct str *sorted = arena_array(tmp, struct str, ids->n + 1);
	if (ids->n)
		memcpy(sorted, ids->at, ids->n * sizeof *sorted);
	qsort(sorted, ids->n, sizeof *sorted, str_cmp_qsort);
	for (size_t i = 1; i < ids->n; i++)
		if (str_eq(sorted[i - 1], sorted[i]))
			return true;
	return false;
}

static struct axis read_axis(const struct reading *r, const struct argnames *argnames, struct place values,
                             struct place ids_at)
{
	struct axis axis = {.n = 1};
	places items = {0};
	if (!argnames->list.n || !values.expr || !literal_items(r->names, r->tmp, values, &items))
		return axis;
	axis.n = items.n ? (uint32_t)items.n : 1;
	axis.is_known = items.n > 0;
	struct ids_option ids = read_ids(r, ids_at, ids_at.expr);
	for (size_t i = 0; i < items.n && axis.is_known; i++) {
		struct str id;
		axis.is_known = case_id(r, argnames, items.at[i], i, &ids, &id);
		vec_push(r->tmp, &axis.ids, axis.is_known ? id : STR_NONE);
	}
	axis.is_known &= !has_twins(&axis.ids, r->tmp);
	return axis;
}

/* `"a, b"` or `["a", "b"]`. */
static bool read_argnames(const struct reading *r, struct place where, struct argnames *argnames)
{
	struct str all;
	if (literal_string(r->names, where, &all)) {
		for (size_t from = 0; from <= all.n;) {
			size_t to = str_find(all, STR(","), from);
			struct str one = str_trim(str_slice(all, from, to));
			if (one.n)
				vec_push(r->tmp, &argnames->list, one);
			if (to == SIZE_MAX)
				break;
			from = to + 1;
		}
		argnames->takes_whole = argnames->list.n == 1;
		return argnames->list.n > 0;
	}
	places items = {0};
	if (!literal_items(r->names, r->tmp, where, &items))
		return false;
	for (size_t i = 0; i < items.n; i++) {
		if (!literal_string(r->names, items.at[i], &all))
			return false;
		vec_push(r->tmp, &argnames->list, all);
	}
	return argnames->list.n > 0;
}

static uint32_t argument(const struct reading *r, const struct mark *mark, unsigned position, const char *key)
{
	uint32_t e = call_positional(names_facts(r->names, mark->file), mark->expr, position);
	return e ? e : call_keyword(r->names, mark->file, mark->expr, key);
}

static struct axis mark_axis(const struct reading *r, const struct mark *mark)
{
	struct place where = {mark->file, mark->owner, 0, STR_NONE};
	struct argnames argnames = {0};
	if (!read_argnames(r, at(where, argument(r, mark, 0, "argnames")), &argnames))
		vec_push(r->tmp, &argnames.list, STR("?"));
	struct axis axis = read_axis(r, &argnames, at(where, argument(r, mark, 1, "argvalues")),
	                             at(where, argument(r, mark, 3, "ids")));
	axis.is_known &= !str_eq(argnames.list.at[0], STR("?"));
	return axis;
}

static struct axis fixture_axis(const struct reading *r, const struct fixture *fixture)
{
	uint32_t call = fixtures_decorator(r->names, fixture->def);
	if (!call)
		return (struct axis){.n = 1};
	const struct def *def = names_def(r->names, fixture->def);
	struct place where = {fixture->def.file, def->parent, 0, STR_NONE};
	struct argnames argnames = {.takes_whole = true};
	vec_push(r->tmp, &argnames.list, names_str(r->names, fixture->name));
	uint32_t params = call_keyword(r->names, where.file, call, "params");
	return read_axis(r, &argnames, at(where, params), at(where, call_keyword(r->names, where.file, call, "ids")));
}

static void note(struct reading *r, enum unknown_kind kind, uint32_t file, uint32_t line, struct str text)
{
	struct unknown u = {.kind = (uint8_t)kind, .file = file, .line = line};
	u.text = intern(r->names->repo->names, text);
	vec_push(r->out, &r->test->unknowns, u);
	r->test->are_params_exact = false;
}

static void multiply(struct reading *r, const struct axis *axis)
{
	struct test *test = r->test;
	uint64_t n = (uint64_t)test->n_params * axis->n;
	test->n_params = n < CASES_MOST ? (uint32_t)n : CASES_MOST;
	if (!axis->is_known || n >= CASES_MOST)
		test->are_params_exact = false;
	if (!test->are_params_exact)
		return;
	strs all = {0};
	for (size_t i = 0; i < (test->params.n ? test->params.n : 1); i++)
		for (size_t k = 0; k < axis->ids.n; k++)
			vec_push(r->tmp, &all,
			         test->params.n ? str_fmt(r->tmp, "%.*s-%.*s", STR_ARG(test->params.at[i]),
			                                  STR_ARG(axis->ids.at[k]))
			                        : axis->ids.at[k]);
	test->params = all;
}

/* Fixtures of plugins that come in several cases, or are made so by their plugin's hook. */
static bool comes_in_cases(struct str name)
{
	static const char *const several[] = {"anyio_backend",
	                                      "anyio_backend_name",
	                                      "anyio_backend_options",
	                                      "browser",
	                                      "browser_name",
	                                      "context",
	                                      "page",
	                                      "loop",
	                                      "aiohttp_client",
	                                      "aiohttp_server",
	                                      "aiohttp_raw_server",
	                                      "httpbin_both",
	                                      "sanic_client",
	                                      "event_loop_policy",
	                                      "proactor_loop"};
	for (size_t i = 0; i < sizeof several / sizeof *several; i++)
		if (str_eq(name, str_of(several[i])))
			return true;
	return !fixtures_is_well_known(name);
}

static bool is_direct(const struct reading *r, name what)
{
	for (size_t i = 0; i < r->test->marks.n; i++) {
		const struct mark *mark = &r->test->marks.at[i];
		struct argnames argnames = {0};
		struct place where = {mark->file, mark->owner, 0, STR_NONE};
		if (!mark->name || !str_eq(names_str(r->names, mark->name), STR("parametrize")) ||
		    !read_argnames(r, at(where, argument(r, mark, 0, "argnames")), &argnames))
			continue;
		for (size_t k = 0; k < argnames.list.n; k++)
			if (str_eq(argnames.list.at[k], names_str(r->names, what)))
				return true;
	}
	return false;
}

static void read_fixtures(struct reading *r)
{
	struct test *test = r->test;
	name_list done = {0};
	for (size_t i = 0; i < test->fixtures.n; i++) {
		const struct fixture *fixture = &r->f->suite->fixtures.at[test->fixtures.at[i]];
		bool is_again = false;
		for (size_t k = 0; k < done.n; k++)
			is_again |= done.at[k] == fixture->name;
		if (is_again || is_direct(r, fixture->name))
			continue;
		struct str name = names_str(r->names, fixture->name);
		if (fixture->is_external && comes_in_cases(name))
			test->are_params_exact = false; /* closure_of() has noted it if nobody knows the fixture */
		if (!fixture->is_parametrized)
			continue;
		vec_push(r->tmp, &done, fixture->name);
		struct axis axis = fixture_axis(r, fixture);
		if (!axis.is_known || done.n > 1)
			note(r, UNKNOWN_PARAMETRIZE, fixture->def.file, fixture->line,
			     str_fmt(r->tmp, "cases of the fixture %.*s", STR_ARG(name)));
		multiply(r, &axis);
	}
}

/* ---- hooks ---- */

/* Whether a pytest_generate_tests could give the test parameters: all its parametrize calls name arguments, and the
 * test has none of those. */
static bool hook_concerns(const struct reading *r, struct def_ref hook)
{
	const struct facts *facts = names_facts(r->names, hook.file);
	uint32_t first, last;
	bool any = false;
	calls_expr_range(facts, hook.def, &first, &last);
	for (uint32_t e = first; e < last; e++) {
		const struct expr *call = &facts->exprs.at[e];
		if (call->kind != EXPR_CALL || facts->exprs.at[call->first].kind != EXPR_ATTRIBUTE ||
		    !str_eq(names_str(r->names, facts->exprs.at[call->first].text), STR("parametrize")))
			continue;
		struct argnames argnames = {0};
		any = true;
		struct place where = {hook.file, hook.def, facts->exprs.at[call->first].next, STR_NONE};
		if (!where.expr || !read_argnames(r, where, &argnames))
			return true;
		for (size_t k = 0; k < argnames.list.n; k++) {
			name what = intern(r->names->repo->names, argnames.list.at[k]);
			for (size_t i = 0; i < r->test->fixtures.n; i++)
				if (r->f->suite->fixtures.at[r->test->fixtures.at[i]].name == what)
					return true;
		}
	}
	return !any;
}

/* With anyio's own mode a coroutine gets the cases of anyio_backend without asking. */
static bool has_backends(const struct reading *r)
{
	name backend = intern(r->names->repo->names, STR("anyio_backend"));
	for (size_t i = 0; i < r->f->pytest->plugins.n; i++)
		if (str_eq(r->f->pytest->plugins.at[i], STR("anyio")))
			return true;
	struct fixture_scope scope = {r->test->file, r->test->class_};
	uint32_t at = fixtures_find(r->f, scope, backend, 0);
	return at != MAP_NONE && !r->f->suite->fixtures.at[at].is_external;
}

/* A copy of just the size, the strings side by side. */
static strs keep(struct arena *out, const strs *from)
{
	strs to = {0};
	size_t bytes = 0;
	for (size_t i = 0; i < from->n; i++)
		bytes += from->at[i].n;
	char *text = arena_raw(out, bytes + 1);
	to.at = arena_array(out, struct str, from->n);
	for (to.n = 0; to.n < from->n; to.n++) {
		struct str one = from->at[to.n];
		if (one.n)
			memcpy(text, one.at, one.n);
		to.at[to.n] = (struct str){text, one.n};
		text += one.n;
	}
	return to;
}

void params_of(struct fixtures *f, struct arena *out, struct arena *tmp, const def_refs *hooks, bool is_free,
               struct test *test)
{
	struct reading r = {f->names, out, tmp, f, test};
	test->n_params = 1;
	test->are_params_exact = is_free;
	if (test->is_unittest)
		return;
	read_fixtures(&r);
	if (names_def(f->names, test->def)->is_async && has_backends(&r))
		test->are_params_exact = false;
	for (size_t i = 0; i < test->marks.n; i++) {
		const struct mark mark = test->marks.at[i];
		struct str what = mark.name ? names_str(f->names, mark.name) : STR_NONE;
		if (mark.is_opaque || str_eq(what, STR("repeat")) || str_eq(what, STR("anyio")))
			test->are_params_exact = false; /* pytest-repeat and anyio make cases of it */
		if (!str_eq(what, STR("parametrize")))
			continue;
		struct axis axis = mark_axis(&r, &mark);
		if (!axis.is_known)
			note(&r, UNKNOWN_PARAMETRIZE, mark.file, mark.line, STR("values are not literal"));
		multiply(&r, &axis);
	}
	for (size_t i = 0; i < hooks->n; i++)
		if (hook_concerns(&r, hooks->at[i]))
			note(&r, UNKNOWN_PARAMETRIZE, hooks->at[i].file,
			     names_facts(f->names, hooks->at[i].file)
			             ->stmts.at[names_def(f->names, hooks->at[i])->stmt]
			             .line,
			     STR("pytest_generate_tests"));
	test->params = test->are_params_exact ? keep(out, &test->params) : (strs){0};
}
