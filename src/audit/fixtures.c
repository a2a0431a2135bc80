/* Fixtures that are not there, that ask for each other, or that give one test several services. */
#include "audit/rules.h"

/* ---- not there ---- */

static bool is_of_tree(const struct fixture *fixture)
{
	return !fixture->is_external && fixture->def.file != REF_NOWHERE;
}

/* Whether a test of that file sees what stands in `from`: the file itself, or a conftest of a folder around it. */
static bool is_visible(const struct audit *a, uint32_t from, uint32_t file)
{
	struct str dir = path_dir(audit_path(a, from));
	if (from == file)
		return true;
	return a->it->repo->files.at[from].is_conftest &&
	       (dir.n == 0 || (str_starts(audit_path(a, file), dir) && audit_path(a, file).at[dir.n] == '/'));
}

/* Could a plugin bring it?  Then only a name that is nearly right tells that it is wrong. */
static size_t nearly(const struct audit *a, struct str what, uint32_t file)
{
	VEC(size_t) of = {0};
	strs known = {0};
	for (size_t i = 0; i < a->it->suite->fixtures.n; i++) {
		const struct fixture *fixture = &a->it->suite->fixtures.at[i];
		if (!is_of_tree(fixture) || !is_visible(a, fixture->def.file, file))
			continue;
		vec_push(a->tmp, &known, audit_text(a, fixture->name));
		vec_push(a->tmp, &of, i);
	}
	size_t near = audit_meant(what, &known);
	return near == SIZE_MAX ? SIZE_MAX : of.at[near];
}

/* Defined in the tree, but for other tests: in a conftest of another folder, or in a file near by. */
static size_t elsewhere(const struct audit *a, name what, uint32_t file)
{
	struct str own = path_dir(audit_path(a, file));
	for (size_t i = 0; i < a->it->suite->fixtures.n; i++) {
		const struct fixture *fixture = &a->it->suite->fixtures.at[i];
		if (fixture->name != what || !is_of_tree(fixture))
			continue;
		struct str dir = path_dir(audit_path(a, fixture->def.file));
		if (a->it->repo->files.at[fixture->def.file].is_conftest || str_eq(dir, own))
			return i;
	}
	return SIZE_MAX;
}

/* Something else gives the name: `client = make_fixture()`, or an import whose source is not in the tree. */
static bool binds(const struct audit *a, const struct facts *facts, name what)
{
	for (size_t i = 0; i < facts->imports.n; i++)
		if (facts->imports.at[i].bound == what || str_eq(audit_text(a, facts->imports.at[i].name), STR("*")))
			return true;
	for (size_t s = 1; s < facts->stmts.n; s++) {
		const struct stmt *stmt = &facts->stmts.at[s];
		const struct expr *target = audit_expr(facts, stmt->expr);
		if ((stmt->kind == STMT_ASSIGN || stmt->kind == STMT_ANNOTATE) && target->kind == EXPR_NAME &&
		    target->text == what)
			return true;
	}
	return false;
}

static bool is_bound_near(const struct audit *a, uint32_t file, name what)
{
	for (uint32_t f = 0; f < a->it->repo->files.n; f++)
		if (is_visible(a, f, file) && binds(a, audit_facts(a, f), what))
			return true;
	return false;
}

static void judge_unknown(struct audit *a, const struct test *test, name what)
{
	struct str text = audit_text(a, what);
	uint32_t line, at;
	size_t other = elsewhere(a, what, test->file),
	       near = other == SIZE_MAX ? nearly(a, text, test->file) : SIZE_MAX;
	size_t hint = other == SIZE_MAX ? near : other;
	if (hint == SIZE_MAX || is_bound_near(a, test->file, what))
		return;
	const struct fixture *fixture = &a->it->suite->fixtures.at[hint];
	audit_def_place(audit_facts(a, test->def.file), test->def.def, &line, &at);
	if (other != SIZE_MAX)
		audit_report(a, test->def.file, line, at,
		             "asks for the fixture %.*s, which is not seen from here: it stands in %.*s:%u",
		             STR_ARG(text), STR_ARG(audit_path(a, fixture->def.file)), fixture->line);
	else
		audit_report(a, test->def.file, line, at,
		             "asks for the fixture %.*s, which does not exist; did you mean %.*s?", STR_ARG(text),
		             STR_ARG(audit_text(a, fixture->name)));
}

static bool has_unread_plugins(const struct suite *suite)
{
	for (size_t i = 0; i < suite->unknowns.n; i++)
		if (suite->unknowns.at[i].kind == UNKNOWN_PLUGIN)
			return true;
	return false;
}

enum { FILES_OF_A_SLIP = 2 };

/* In how many files a name is asked for in vain: what many ask for, a plugin gives. */
static struct map askers(const struct audit *a)
{
	struct map files, last;
	map_init(&files, a->tmp);
	map_init(&last, a->tmp);
	for (size_t t = 0; t < a->it->suite->tests.n; t++) {
		const struct test *test = &a->it->suite->tests.at[t];
		for (size_t i = 0; i < test->unknowns.n; i++) {
			name what = test->unknowns.at[i].text;
			if (test->unknowns.at[i].kind != UNKNOWN_FIXTURE || map_get(&last, what) == test->file)
				continue;
			uint32_t n = map_get(&files, what);
			map_put(&last, what, test->file);
			map_put(&files, what, n == MAP_NONE ? 1 : n + 1);
		}
	}
	return files;
}

void rule_unknown_fixture(struct audit *a)
{
	struct map files = askers(a);
	if (has_unread_plugins(a->it->suite))
		return;
	for (size_t t = 0; t < a->it->suite->tests.n; t++) {
		const struct test *test = &a->it->suite->tests.at[t];
		bool is_clear = test->is_exact && !test->is_unittest && !test->is_dead;
		for (size_t i = 0; i < test->unknowns.n; i++)
			is_clear &= test->unknowns.at[i].kind == UNKNOWN_FIXTURE;
		for (size_t i = 0; is_clear && i < test->unknowns.n; i++)
			if (map_get(&files, test->unknowns.at[i].text) <= FILES_OF_A_SLIP)
				judge_unknown(a, test, test->unknowns.at[i].text);
	}
}

/* ---- loops ---- */

struct walk {
	struct audit *a;
	const struct test *test;
	struct map state; /* fixture -> 0 being walked, 1 done */
	VEC(uint32_t) path;
};

/* The fixture of the closure with that name; none when two answer, since then the nearer asks the farther. */
static uint32_t in_closure(const struct walk *w, name what)
{
	uint32_t found = MAP_NONE;
	for (size_t i = 0; i < w->test->fixtures.n; i++) {
		uint32_t index = w->test->fixtures.at[i];
		if (w->a->it->suite->fixtures.at[index].name != what)
			continue;
		if (found != MAP_NONE)
			return MAP_NONE;
		found = index;
	}
	return found;
}

static void tell_loop(struct walk *w, uint32_t again)
{
	struct audit *a = w->a;
	const struct fixture *first = &a->it->suite->fixtures.at[again];
	strs names = {0};
	size_t from = 0;
	while (w->path.at[from] != again)
		from++;
	for (size_t i = from; i < w->path.n; i++)
		vec_push(a->tmp, &names, audit_text(a, a->it->suite->fixtures.at[w->path.at[i]].name));
	vec_push(a->tmp, &names, audit_text(a, first->name));
	struct str circle = str_join(a->tmp, names.at, names.n, STR(" -> "));
	uint32_t line, at;
	audit_def_place(audit_facts(a, first->def.file), first->def.def, &line, &at);
	audit_report(a, first->def.file, line, at, "fixtures ask for each other: %.*s", STR_ARG(circle));
}

static void walk(struct walk *w, uint32_t index)
{
	const struct fixture *fixture = &w->a->it->suite->fixtures.at[index];
	uint32_t state = map_get(&w->state, index);
	if (!is_of_tree(fixture) || state == 1)
		return;
	if (state == 0) {
		tell_loop(w, index);
		return;
	}
	map_put(&w->state, index, 0);
	vec_push(w->a->tmp, &w->path, index);
	const struct facts *facts = audit_facts(w->a, fixture->def.file);
	const struct def *def = &facts->defs.at[fixture->def.def];
	for (uint32_t i = 0; i < def->n_params; i++) {
		const struct param *param = &facts->params.at[def->params + i];
		uint32_t next = param->initial || param->name == fixture->name ? MAP_NONE : in_closure(w, param->name);
		if (next != MAP_NONE)
			walk(w, next);
	}
	w->path.n--;
	map_put(&w->state, index, 1);
}

void rule_fixture_loop(struct audit *a)
{
	struct walk w = {.a = a};
	map_init(&w.state, a->tmp);
	for (size_t t = 0; t < a->it->suite->tests.n; t++) {
		w.test = &a->it->suite->tests.at[t];
		for (size_t i = 0; i < w.test->fixtures.n; i++)
			walk(&w, w.test->fixtures.at[i]);
	}
}

/* ---- several services in one test ---- */

static void judge_values(struct audit *a, service_set needed, uint32_t file, uint32_t values)
{
	const struct facts *facts = audit_facts(a, file);
	service_set both = audit_named_in(a, facts, values) & needed;
	if (both & (both - 1))
		audit_report(a, file, audit_expr(facts, values)->line, audit_expr(facts, values)->at,
		             "one test for each of %.*s: it needs all of them to run once",
		             STR_ARG(audit_names(a, both)));
}

void rule_service_parameters(struct audit *a)
{
	for (uint32_t t = 0; t < a->it->suite->tests.n; t++) {
		parameter_list lists = audit_parameters(a, t);
		for (size_t i = 0; i < lists.n; i++)
			judge_values(a, a->shown[t], lists.at[i].file, lists.at[i].expr);
	}
}
