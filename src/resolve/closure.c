/* Closure over fixture requests: autouse first, then usefixtures, then arguments, then what those ask for. */
#include "resolve/closure.h"

#include <string.h>

#include "resolve/calls.h"
#include "resolve/well_known.h"

/* Parameters that decorators `@patch(...)` without `new` fill, from the left. */
static uint32_t injected(struct names *names, struct def_ref function)
{
	const struct facts *facts = names_facts(names, function.file);
	const struct def *def = names_def(names, function);
	uint32_t n = 0;
	for (uint32_t e = def->decorators; e; e = facts->exprs.at[e].next)
		n += patch_injects(names, function.file, def->parent, e);
	return n;
}

static bool is_static(struct names *names, struct def_ref function)
{
	const struct facts *facts = names_facts(names, function.file);
	for (uint32_t e = names_def(names, function)->decorators; e; e = facts->exprs.at[e].next)
		if (facts->exprs.at[e].kind == EXPR_NAME &&
		    str_eq(names_str(names, facts->exprs.at[e].text), STR("staticmethod")))
			return true;
	return false;
}

/* What @given(...) fills: names by keyword, or that many parameters from the right; all with `...`. */
struct given {
	name_list names;
	uint32_t from_right;
	bool fills_all;
};

static struct given given_by(struct names *names, struct arena *out, struct def_ref function)
{
	const struct facts *facts = names_facts(names, function.file);
	const struct def *def = names_def(names, function);
	struct given given = {0};
	for (uint32_t e = def->decorators; e; e = facts->exprs.at[e].next) {
		const struct expr *call = &facts->exprs.at[e];
		if (call->kind != EXPR_CALL ||
		    !target_is(names, names_expr(names, function.file, def->parent, call->first), "hypothesis.given"))
			continue;
		for (uint32_t a = facts->exprs.at[call->first].next; a; a = facts->exprs.at[a].next) {
			const struct expr *argument = &facts->exprs.at[a];
			if (argument->kind == EXPR_KEYWORD)
				vec_push(out, &given.names, argument->text);
			else if (argument->kind == EXPR_ELLIPSIS || argument->kind == EXPR_STAR)
				given.fills_all = true;
			else
				given.from_right++;
		}
	}
	return given;
}

static bool is_given(const struct given *given, name what)
{
	for (size_t i = 0; i < given->names.n; i++)
		if (given->names.at[i] == what)
			return true;
	return given->fills_all;
}

void closure_arguments(struct names *names, struct arena *out, struct def_ref function, bool is_method, name_list *list)
{
	const struct facts *facts = names_facts(names, function.file);
	const struct def *def = names_def(names, function);
	struct given given = given_by(names, out, function);
	uint32_t skip = injected(names, function), n_normal = 0;
	if (is_method && !is_static(names, function))
		skip++;
	for (uint32_t i = 0; i < def->n_params; i++)
		n_normal += facts->params.at[def->params + i].kind == PARAM_NORMAL;
	for (uint32_t i = 0, normal = 0; i < def->n_params; i++) {
		const struct param *p = &facts->params.at[def->params + i];
		normal += p->kind == PARAM_NORMAL;
		if (p->kind == PARAM_REST || p->kind == PARAM_KEYWORDS || p->kind == PARAM_POSITIONAL_ONLY)
			continue;
		if (skip && p->kind == PARAM_NORMAL) {
			skip--;
			continue;
		}
		bool is_filled =
		        is_given(&given, p->name) || (p->kind == PARAM_NORMAL && normal + given.from_right > n_normal);
		if (!p->initial && !is_filled)
			vec_push(out, list, p->name);
	}
}

struct closing {
	struct fixtures *f;
	struct arena *out;
	struct fixture_scope scope;
	struct test *test;
	name_list direct; /* names parametrized directly: no fixture */
};

static bool has(const struct test *test, uint32_t index)
{
	for (size_t i = 0; i < test->fixtures.n; i++)
		if (test->fixtures.at[i] == index)
			return true;
	return false;
}

static bool is_direct(const struct closing *c, name what)
{
	for (size_t i = 0; i < c->direct.n; i++)
		if (c->direct.at[i] == what)
			return true;
	return false;
}

static void take(struct closing *c, uint32_t index)
{
	if (!has(c->test, index))
		vec_push(c->out, &c->test->fixtures, index);
}

static void request(struct closing *c, name what)
{
	if (is_direct(c, what) || str_eq(names_str(c->f->names, what), STR("request")))
		return;
	take(c, fixtures_find(c->f, c->scope, what, 0));
}

/* `"a,b"`, `["a", "b"]` of parametrize: the names. */
static void split_names(struct closing *c, uint32_t file, uint32_t expr, name_list *list)
{
	const struct facts *facts = names_facts(c->f->names, file);
	const struct expr *e = &facts->exprs.at[expr];
	if (e->kind == EXPR_LIST || e->kind == EXPR_TUPLE) {
		for (uint32_t item = e->first; item; item = facts->exprs.at[item].next)
			if (facts->exprs.at[item].kind == EXPR_STRING)
				vec_push(c->out, list, facts->exprs.at[item].text);
	} else if (e->kind == EXPR_STRING) {
		struct str all = names_str(c->f->names, e->text);
		for (size_t from = 0; from <= all.n;) {
			size_t to = str_find(all, STR(","), from);
			struct str one = str_trim(str_slice(all, from, to));
			if (one.n)
				vec_push(c->out, list, intern(c->f->names->repo->names, one));
			if (to == SIZE_MAX)
				break;
			from = to + 1;
		}
	}
}

static void read_parametrize(struct closing *c, const struct mark *mark)
{
	struct names *names = c->f->names;
	const struct facts *facts = names_facts(names, mark->file);
	uint32_t first = mark_arguments(names, mark);
	name_list all = {0}, indirect = {0};
	bool all_indirect = false;
	for (uint32_t e = first; e; e = facts->exprs.at[e].next) {
		const struct expr *a = &facts->exprs.at[e];
		bool is_names = e == first && a->kind != EXPR_KEYWORD;
		struct str key = a->kind == EXPR_KEYWORD ? names_str(names, a->text) : STR_NONE;
		if (is_names || str_eq(key, STR("argnames")))
			split_names(c, mark->file, is_names ? e : a->first, &all);
		if (str_eq(key, STR("indirect"))) {
			all_indirect = facts->exprs.at[a->first].kind == EXPR_TRUE;
			split_names(c, mark->file, a->first, &indirect);
		}
	}
	for (size_t i = 0; i < all.n; i++) {
		bool keeps = all_indirect;
		for (size_t k = 0; k < indirect.n; k++)
			keeps |= indirect.at[k] == all.at[i];
		if (!keeps)
			vec_push(c->out, &c->direct, all.at[i]);
	}
}

static void use_fixtures(struct closing *c, const struct mark *mark)
{
	const struct facts *facts = names_facts(c->f->names, mark->file);
	for (uint32_t e = mark_arguments(c->f->names, mark); e; e = facts->exprs.at[e].next)
		if (facts->exprs.at[e].kind == EXPR_STRING)
			request(c, facts->exprs.at[e].text);
}

/* request.getfixturevalue("x") in a body: part of the closure for us, though pytest finds it out later. */
static void dynamic_requests(struct closing *c, struct def_ref function)
{
	const struct facts *facts = names_facts(c->f->names, function.file);
	name key = intern(c->f->names->repo->names, STR("getfixturevalue"));
	uint32_t first, last;
	if (!key)
		return;
	calls_expr_range(facts, function.def, &first, &last);
	for (uint32_t e = first; e < last; e++) {
		const struct expr *call = &facts->exprs.at[e];
		if (call->kind != EXPR_CALL || facts->exprs.at[call->first].kind != EXPR_ATTRIBUTE ||
		    facts->exprs.at[call->first].text != key)
			continue;
		uint32_t argument = facts->exprs.at[call->first].next;
		if (argument && facts->exprs.at[argument].kind == EXPR_STRING) {
			request(c, facts->exprs.at[argument].text);
			continue;
		}
		struct unknown u = {.kind = UNKNOWN_DYNAMIC_FIXTURE, .file = function.file, .line = call->line};
		u.text = intern(c->f->names->repo->names, STR("getfixturevalue(...) of a computed name"));
		vec_push(c->out, &c->test->unknowns, u);
	}
}

static void expand(struct closing *c, uint32_t index);

/* What a fixture asks for comes behind it, and what that asks for behind it in turn. */
static void descend(struct closing *c, name what, uint32_t index)
{
	if (index == MAP_NONE) {
		if (is_direct(c, what) || str_eq(names_str(c->f->names, what), STR("request")))
			return;
		index = fixtures_find(c->f, c->scope, what, 0);
	}
	if (has(c->test, index))
		return;
	take(c, index);
	expand(c, index);
}

/* What a plugin's fixture asks for, as far as the tree has its own under that name. */
static void ask_for_plugin(struct closing *c, struct str fixture)
{
	for (size_t i = 0; i < well_known_requests_n; i++) {
		struct str asks = str_of(well_known_requests[i].asks);
		if (!str_eq(str_of(well_known_requests[i].fixture), fixture))
			continue;
		for (size_t from = 0; from < asks.n;) {
			size_t to = str_find(asks, STR(" "), from);
			name what = intern(c->f->names->repo->names, str_slice(asks, from, to));
			uint32_t index = what ? fixtures_find(c->f, c->scope, what, 0) : MAP_NONE;
			if (index != MAP_NONE && !c->f->suite->fixtures.at[index].is_external)
				descend(c, what, index);
			from = to == SIZE_MAX ? asks.n : to + 1;
		}
	}
}

static void note_external(struct closing *c, name what)
{
	if (fixtures_is_well_known(names_str(c->f->names, what)))
		return;
	struct unknown u = {.kind = UNKNOWN_FIXTURE, .file = c->test->file, .line = c->test->line, .text = what};
	vec_push(c->out, &c->test->unknowns, u);
}

static void expand(struct closing *c, uint32_t index)
{
	struct fixture fixture = c->f->suite->fixtures.at[index];
	if (fixture.is_external) {
		note_external(c, fixture.name);
		ask_for_plugin(c, names_str(c->f->names, fixture.name));
		return;
	}
	const struct def *def = names_def(c->f->names, fixture.def);
	bool is_method = names_facts(c->f->names, fixture.def.file)->defs.at[def->parent].kind == DEF_CLASS;
	name_list asks = {0};
	closure_arguments(c->f->names, c->out, fixture.def, is_method, &asks);
	for (size_t i = 0; i < asks.n; i++) {
		uint32_t outer = MAP_NONE;
		if (asks.at[i] == fixture.name) {
			unsigned depth = fixtures_depth(c->f, c->scope, fixture.name, index);
			outer = fixtures_find(c->f, c->scope, fixture.name, depth + 1);
		}
		descend(c, asks.at[i], outer);
	}
	size_t before = c->test->fixtures.n;
	dynamic_requests(c, fixture.def);
	for (size_t i = before; i < c->test->fixtures.n; i++)
		expand(c, c->test->fixtures.at[i]);
}

static int scope_rank(const struct names *names, const struct fixture *fixture)
{
	static const char *const scopes[] = {"session", "package", "module", "class"};
	static const char *const of_session[] = {
	        "tmp_path_factory",          "tmpdir_factory", "pytestconfig",     "worker_id",
	        "record_testsuite_property", "testrun_uid",    "doctest_namespace"};
	struct str scope = fixture->scope ? names_str(names, fixture->scope) : STR_NONE;
	for (int i = 0; i < (int)(sizeof scopes / sizeof *scopes); i++)
		if (str_eq(scope, str_of(scopes[i])))
			return i;
	for (size_t i = 0; fixture->is_external && i < sizeof of_session / sizeof *of_session; i++)
		if (str_eq(names_str(names, fixture->name), str_of(of_session[i])))
			return 0;
	return (int)(sizeof scopes / sizeof *scopes);
}

/* Wider scopes first, otherwise as they are: an insertion sort, closures are short. */
static void sort_by_scope(const struct closing *c)
{
	uint32_t *at = c->test->fixtures.at;
	for (size_t i = 1; i < c->test->fixtures.n; i++) {
		uint32_t moved = at[i];
		int rank = scope_rank(c->f->names, &c->f->suite->fixtures.at[moved]);
		size_t k = i;
		for (; k > 0 && scope_rank(c->f->names, &c->f->suite->fixtures.at[at[k - 1]]) > rank; k--)
			at[k] = at[k - 1];
		at[k] = moved;
	}
}

/* The anyio plugin gives each marked coroutine the fixture anyio_backend. */
static void anyio(struct closing *c)
{
	for (size_t i = 0; i < c->test->marks.n; i++) {
		name mark = c->test->marks.at[i].name;
		if (mark && str_eq(names_str(c->f->names, mark), STR("anyio")) &&
		    names_def(c->f->names, c->test->def)->is_async) {
			request(c, intern(c->f->names->repo->names, STR("anyio_backend")));
			return;
		}
	}
}

/* All of that name: one that overrides another and asks for it has it in the closure beside itself. */
static void mark_named(const struct closing *c, bool *is_certain, name what)
{
	for (size_t i = 0; i < c->test->fixtures.n; i++)
		is_certain[i] |= c->f->suite->fixtures.at[c->test->fixtures.at[i]].name == what;
}

/* The names that a fixture of the tree, or a well-known one of a plugin, asks for. */
static void asked_by(struct closing *c, const struct fixture *fixture, name_list *asks)
{
	struct names *names = c->f->names;
	if (!fixture->is_external) {
		const struct def *def = names_def(names, fixture->def);
		for (uint32_t p = 0; p < def->n_params; p++)
			vec_push(c->out, asks, names_facts(names, fixture->def.file)->params.at[def->params + p].name);
		return;
	}
	for (size_t i = 0; i < well_known_requests_n; i++) {
		struct str all = str_of(well_known_requests[i].asks);
		if (!str_eq(str_of(well_known_requests[i].fixture), names_str(names, fixture->name)))
			continue;
		for (size_t from = 0; from < all.n;) {
			size_t to = str_find(all, STR(" "), from);
			vec_push(c->out, asks, intern(names->repo->names, str_slice(all, from, to)));
			from = to == SIZE_MAX ? all.n : to + 1;
		}
	}
}

/* Marks what is asked for without fail: the first `n` of the closure, plugins' fixtures, and what those ask for. */
static void mark_certain(struct closing *c, bool *is_certain, size_t n)
{
	const struct suite *suite = c->f->suite;
	struct test *test = c->test;
	bool goes_on = true;
	for (size_t i = 0; i < test->fixtures.n; i++)
		is_certain[i] = i < n || suite->fixtures.at[test->fixtures.at[i]].is_external;
	bool *seen = arena_array(c->out, bool, test->fixtures.n + 1);
	while (goes_on) {
		goes_on = false;
		for (size_t i = 0; i < test->fixtures.n; i++) {
			const struct fixture *fixture = &suite->fixtures.at[test->fixtures.at[i]];
			if (!is_certain[i] || seen[i])
				continue;
			seen[i] = goes_on = true;
			name_list asks = {0};
			asked_by(c, fixture, &asks);
			for (size_t k = 0; k < asks.n; k++)
				mark_named(c, is_certain, asks.at[k]);
		}
	}
}

static void note_dynamic(struct closing *c, size_t n)
{
	bool *is_certain = arena_array(c->out, bool, c->test->fixtures.n + 1);
	mark_certain(c, is_certain, n);
	for (size_t i = 0; i < c->test->fixtures.n; i++)
		if (!is_certain[i])
			vec_push(c->out, &c->test->dynamic, c->test->fixtures.at[i]);
}

void closure_of(struct fixtures *f, struct arena *out, struct fixture_scope scope, struct test *test)
{
	struct closing c = {.f = f, .out = out, .scope = scope, .test = test};
	index_list autouse = {0};
	fixtures_autouse(f, scope, &autouse);
	for (size_t i = 0; i < test->marks.n; i++)
		if (test->marks.at[i].name && str_eq(names_str(f->names, test->marks.at[i].name), STR("parametrize")))
			read_parametrize(&c, &test->marks.at[i]);
	for (size_t i = 0; i < autouse.n; i++)
		take(&c, autouse.at[i]);
	for (size_t i = 0; i < f->pytest->usefixtures.n; i++)
		request(&c, intern(f->names->repo->names, f->pytest->usefixtures.at[i]));
	for (size_t i = 0; i < test->marks.n; i++)
		if (test->marks.at[i].name && str_eq(names_str(f->names, test->marks.at[i].name), STR("usefixtures")))
			use_fixtures(&c, &test->marks.at[i]);
	name_list asks = {0};
	if (!test->is_unittest)
		closure_arguments(f->names, out, test->def, test->class_.file != REF_NOWHERE, &asks);
	for (size_t i = 0; i < asks.n; i++)
		request(&c, asks.at[i]);
	anyio(&c);
	size_t n_certain = test->fixtures.n;
	dynamic_requests(&c, test->def);
	size_t n_initial = test->fixtures.n;
	for (size_t i = 0; i < n_initial; i++)
		expand(&c, test->fixtures.at[i]);
	for (size_t i = 0; i < test->marks.n; i++) /* pytest-django's mark is a request for its database */
		if (test->marks.at[i].name && str_eq(names_str(f->names, test->marks.at[i].name), STR("django_db")))
			ask_for_plugin(&c, STR("db"));
	note_dynamic(&c, n_certain);
	sort_by_scope(&c);
}
