/* Constructs of PYTEST.md 4: hooks, module-level skips, generated tests, foreign decorators. */
#include "resolve/exactness.h"

#include <string.h>

#include "resolve/calls.h"

static void note(struct fixtures *f, struct arena *out, struct file_exactness *x, enum unknown_kind kind, bool adds,
                 uint32_t file, uint32_t line, struct str text)
{
	struct unknown u = {.kind = (uint8_t)kind, .adds_tests = adds, .file = file, .line = line};
	u.text = intern(f->names->repo->names, text);
	vec_push(out, &x->unknowns, u);
	if (adds)
		x->is_exact = false;
}

/* Hooks of a conftest or plugin module.  generate_tests changes parameters only. */
static void read_hooks(struct fixtures *f, struct arena *out, struct file_exactness *x, uint32_t conftest)
{
	static const struct {
		const char *name;
		bool adds;
	} hooks[] = {
	        {"pytest_generate_tests", false},        {"pytest_collect_file", true},
	        {"pytest_pycollect_makeitem", true},     {"pytest_pycollect_makemodule", true},
	        {"pytest_collection_modifyitems", true}, {"pytest_ignore_collect", true},
	};
	for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++) {
		size_t n;
		name key = intern_find(f->names->repo->names, str_of(hooks[i].name));
		const struct binding *b = key ? names_bindings(f->names, conftest, 0, key, &n) : NULL;
		if (!b || n == 0)
			continue;
		uint32_t line = names_facts(f->names, conftest)->stmts.at[b[0].stmt].line;
		note(f, out, x, UNKNOWN_HOOK, hooks[i].adds, conftest, line, str_of(hooks[i].name));
	}
}

static bool is_ignored_by(struct fixtures *f, uint32_t conftest, struct str path, const char *variable, bool is_glob)
{
	size_t n;
	name key = intern_find(f->names->repo->names, str_of(variable));
	const struct binding *b = key ? names_bindings(f->names, conftest, 0, key, &n) : NULL;
	struct str folder = path_dir(f->names->repo->files.at[conftest].path);
	for (size_t i = 0; b && i < n; i++) {
		const struct facts *facts = names_facts(f->names, conftest);
		if (!b[i].value || b[i].is_conditional)
			continue;
		for (uint32_t e = facts->exprs.at[b[i].value].first; e; e = facts->exprs.at[e].next) {
			if (facts->exprs.at[e].kind != EXPR_STRING)
				continue;
			struct str entry = path_join(f->arena, folder, names_str(f->names, facts->exprs.at[e].text));
			bool below = str_starts(path, entry) && (path.n == entry.n || path.at[entry.n] == '/');
			if (is_glob ? str_fnmatch(entry, path) : below)
				return true;
		}
	}
	return false;
}

/* Module-level `pytest.skip(...)`, `importorskip`, and calls that make tests. */
static void read_call(struct fixtures *f, struct arena *out, struct file_exactness *x, uint32_t file,
                      const struct stmt *stmt, uint32_t expr)
{
	const struct facts *facts = names_facts(f->names, file);
	const struct expr *e = &facts->exprs.at[expr];
	if (e->kind == EXPR_CALL) {
		struct target t = names_expr(f->names, file, 0, e->first);
		if (target_is(f->names, t, "pytest.skip")) {
			if (stmt->parent == 0)
				x->is_dead = true;
			note(f, out, x, UNKNOWN_MODULE_SKIP, true, file, e->line, STR("module-level skip"));
		} else if (target_is(f->names, t, "pytest.importorskip")) {
			note(f, out, x, UNKNOWN_MODULE_SKIP, true, file, e->line, STR("module-level importorskip"));
		} else if (target_is(f->names, t, "builtins.exec") || target_is(f->names, t, "builtins.setattr")) {
			note(f, out, x, UNKNOWN_GENERATED, true, file, e->line, STR("exec or setattr at module level"));
		}
	}
	if (e->kind == EXPR_INDEX && facts->exprs.at[e->first].kind == EXPR_CALL) {
		const struct expr *object = &facts->exprs.at[facts->exprs.at[e->first].first];
		struct str what = object->kind == EXPR_NAME ? names_str(f->names, object->text) : STR_NONE;
		if (str_eq(what, STR("globals")) || str_eq(what, STR("vars")) || str_eq(what, STR("locals")))
			note(f, out, x, UNKNOWN_GENERATED, true, file, e->line, STR("globals()[...]"));
	}
	for (uint32_t c = e->first; c; c = facts->exprs.at[c].next)
		read_call(f, out, x, file, stmt, c);
}

static bool is_type_checking(const struct names *names, uint32_t file, const struct stmt *stmt)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *e = &facts->exprs.at[stmt->expr];
	return stmt->kind == STMT_IF && stmt->expr && (e->kind == EXPR_NAME || e->kind == EXPR_ATTRIBUTE) &&
	       str_eq(names_str(names, e->text), STR("TYPE_CHECKING"));
}

static void read_module(struct fixtures *f, struct arena *out, struct file_exactness *x, uint32_t file)
{
	const struct facts *facts = names_facts(f->names, file);
	for (uint32_t i = 1; i < facts->stmts.n; i++) {
		const struct stmt *s = &facts->stmts.at[i];
		if (s->owner || s->kind == STMT_FUNCTION || s->kind == STMT_CLASS ||
		    is_type_checking(f->names, file, s))
			continue;
		for (uint32_t e = s->expr; e; e = facts->exprs.at[e].next)
			read_call(f, out, x, file, s, e);
	}
	if (facts->faults.n)
		note(f, out, x, UNKNOWN_SYNTAX, true, file, facts->faults.at[0].line, STR("not read whole"));
	for (size_t i = 0; i < facts->imports.n; i++) {
		const struct import *import = &facts->imports.at[i];
		if (!import->name || !str_eq(names_str(f->names, import->name), STR("*")))
			continue;
		struct target t = names_module(f->names, file, names_str(f->names, import->module), import->level);
		if (t.kind != TARGET_MODULE)
			note(f, out, x, UNKNOWN_STAR_IMPORT, true, file, facts->stmts.at[import->stmt].line,
			     names_str(f->names, import->module));
	}
}

void file_exactness(struct fixtures *f, struct arena *out, uint32_t file, struct file_exactness *x)
{
	*x = (struct file_exactness){.is_exact = !f->names->repo->files.at[file].is_unreadable};
	struct str path = f->names->repo->files.at[file].path;
	const index_list *chain = fixtures_chain(f, file);
	for (size_t i = 0; i < chain->n; i++) {
		read_hooks(f, out, x, chain->at[i]);
		x->is_ignored |= is_ignored_by(f, chain->at[i], path, "collect_ignore", false) ||
		                 is_ignored_by(f, chain->at[i], path, "collect_ignore_glob", true);
	}
	read_hooks(f, out, x, file);
	read_module(f, out, x, file);
}

/* ---- decorators ---- */

/* Libraries whose decorators keep the name and the number of the tests they wrap. */
static bool is_transparent(struct str dotted)
{
	static const char *const roots[] = {
	        "pytest",        "unittest",
	        "mock",          "functools",
	        "contextlib",    "asyncio",
	        "typing",        "freezegun",
	        "responses",     "respx",
	        "requests_mock", "httpretty",
	        "moto",          "vcr",
	        "django",        "time_machine",
	        "flaky",         "tenacity",
	        "hypothesis",    "builtins",
	        "warnings",      "aioresponses",
	        "twisted",       "tornado",
	        "testfixtures",  "typing_extensions",
	        "pytest_django", "pytest_asyncio",
	        "anyio",         "trio",
	        "numpy",         "inline_snapshot",
	};
	struct str root = str_slice(dotted, 0, str_find(dotted, STR("."), 0));
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (str_eq(root, str_of(roots[i])))
			return true;
	return false;
}

static bool makes_tests(struct str dotted)
{
	return str_starts(dotted, STR("parameterized.")) || str_starts(dotted, STR("ddt.")) ||
	       str_starts(dotted, STR("absl.testing.parameterized"));
}

bool decorator_is_opaque(struct names *names, struct def_ref function, struct unknown_decorator *found)
{
	const struct facts *facts = names_facts(names, function.file);
	const struct def *def = names_def(names, function);
	for (uint32_t e = def->decorators; e; e = facts->exprs.at[e].next) {
		uint32_t callee = facts->exprs.at[e].kind == EXPR_CALL ? facts->exprs.at[e].first : e;
		struct target t = names_expr(names, function.file, def->parent, callee);
		if (t.kind != TARGET_EXTERNAL)
			continue; /* of the tree: it wraps one function, and its name stays */
		struct str dotted = names_str(names, t.text);
		if (is_transparent(dotted))
			continue;
		*found = (struct unknown_decorator){makes_tests(dotted), facts->exprs.at[e].line, dotted};
		return true;
	}
	return false;
}

bool class_is_unittest(struct names *names, struct def_ref class_)
{
	static const char *const bases[] = {
	        "unittest.TestCase",
	        "unittest.case.TestCase",
	        "unittest.IsolatedAsyncioTestCase",
	        "unittest.async_case.IsolatedAsyncioTestCase",
	        "django.test.TestCase",
	        "django.test.SimpleTestCase",
	        "django.test.TransactionTestCase",
	        "django.test.LiveServerTestCase",
	        "django.test.testcases.TestCase",
	        "django.test.testcases.SimpleTestCase",
	        "django.test.testcases.TransactionTestCase",
	        "django.contrib.staticfiles.testing.StaticLiveServerTestCase",
	        "rest_framework.test.APITestCase",
	        "rest_framework.test.APISimpleTestCase",
	        "rest_framework.test.APITransactionTestCase",
	        "twisted.trial.unittest.TestCase",
	        "twisted.trial.unittest.SynchronousTestCase",
	        "tornado.testing.AsyncTestCase",
	        "tornado.testing.AsyncHTTPTestCase",
	        "aiohttp.test_utils.AioHTTPTestCase",
	        "testtools.TestCase",
	        "asynctest.TestCase",
	        "unittest2.TestCase",
	        "absl.testing.absltest.TestCase",
	        "flask_testing.TestCase",
	};
	for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
		if (names_inherits(names, class_, str_of(bases[i])))
			return true;
	return false;
}

/* A base class outside the tree that is called or used like unittest's: `TestBase`, a `setUp` somewhere. */
bool class_looks_unittest(struct names *names, struct def_ref class_)
{
	def_refs mro = {0};
	bool base_is_unknown;
	names_mro(names, names->arena, class_, &mro, &base_is_unknown);
	if (!base_is_unknown)
		return false;
	name set_up = intern_find(names->repo->names, STR("setUp"));
	for (size_t i = 0; i < mro.n; i++) {
		const struct facts *facts = names_facts(names, mro.at[i].file);
		size_t n = 0;
		if (set_up)
			names_bindings(names, mro.at[i].file, mro.at[i].def, set_up, &n);
		if (n)
			return true;
		for (uint32_t b = names_def(names, mro.at[i])->bases; b; b = facts->exprs.at[b].next) {
			const struct expr *base = &facts->exprs.at[b];
			struct str what = base->kind == EXPR_NAME || base->kind == EXPR_ATTRIBUTE
			                          ? names_str(names, base->text)
			                          : STR_NONE;
			if (str_ends(what, STR("TestCase")) || str_ends(what, STR("TestBase")))
				return true;
		}
	}
	return false;
}
