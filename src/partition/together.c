/* Reasons, from the config, the collection and the classes' own text.  When in doubt, together. */
#include "partition/together.h"

enum { BASES_DEEPEST = 16 };

static struct str text_of(const struct plan_request *request, name n)
{
	return intern_str(request->repo->names, n);
}

static bool is_among(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_eq(s, str_of(*words)))
			return true;
	return false;
}

/* Marks by which tests of a file depend on their order. */
static struct str order_mark(const struct plan_request *request, uint32_t file)
{
	static const char *const marks[] = {"dependency", "depends", "incremental", "order", "run", NULL};
	const struct suite *suite = request->suite;
	for (uint32_t t = suite->first_test[file]; t < suite->first_test[file + 1]; t++)
		for (size_t m = 0; m < suite->tests.at[t].marks.n; m++) {
			struct str mark = text_of(request, suite->tests.at[t].marks.at[m].name);
			if (is_among(mark, marks))
				return mark;
		}
	return STR_NONE;
}

static const struct unknown *what_adds_tests(const struct plan_request *request, uint32_t file)
{
	const struct suite *suite = request->suite;
	for (uint32_t t = suite->first_test[file]; t < suite->first_test[file + 1]; t++)
		for (size_t u = 0; u < suite->tests.at[t].unknowns.n; u++)
			if (suite->tests.at[t].unknowns.at[u].adds_tests)
				return &suite->tests.at[t].unknowns.at[u];
	for (size_t u = 0; u < suite->unknowns.n; u++)
		if (suite->unknowns.at[u].file == file && suite->unknowns.at[u].adds_tests)
			return &suite->unknowns.at[u];
	return NULL;
}

struct str together_file(struct arena *out, const struct plan_request *request, uint32_t file)
{
	const struct config *config = request->config;
	struct str path = request->repo->files.at[file].path;
	if (config->unit_file_only)
		return STR("[plan] unit is \"file\"");
	for (size_t i = 0; i < config->keep_whole.n; i++)
		if (str_fnmatch(config->keep_whole.at[i], path))
			return str_fmt(out, "keep_whole names %.*s", STR_ARG(config->keep_whole.at[i]));
	if (!request->suite->file_is_exact[file]) {
		const struct unknown *unknown = what_adds_tests(request, file);
		if (!unknown)
			return STR("which tests it collects is not certain");
		return str_fmt(out, "which tests it collects is not certain: %s at %.*s:%u",
		               unknown_name(unknown->kind), STR_ARG(request->repo->files.at[unknown->file].path),
		               unknown->line);
	}
	struct str mark = order_mark(request, file);
	if (mark.n)
		return str_fmt(out, "its tests depend on their order (mark %.*s)", STR_ARG(mark));
	return STR_NONE;
}

static bool is_class_hook(struct str s)
{
	static const char *const hooks[] = {"setup_class",   "teardown_class",  "setUpClass", "tearDownClass",
	                                    "setUpTestData", "asyncSetUpClass", NULL};
	return is_among(s, hooks);
}

/* Whether the body of the class binds a name that runs once for the class: a def, or an assignment of one. */
static bool has_class_hook(const struct plan_request *request, const struct facts *facts, uint32_t class)
{
	for (size_t d = 0; d < facts->defs.n; d++)
		if (facts->defs.at[d].parent == class && facts->defs.at[d].kind == DEF_FUNCTION &&
		    is_class_hook(text_of(request, facts->defs.at[d].name)))
			return true;
	for (uint32_t s = facts->defs.at[class].body; s; s = facts->stmts.at[s].next)
		if (facts->stmts.at[s].kind == STMT_ASSIGN || facts->stmts.at[s].kind == STMT_ANNOTATE)
			for (uint32_t e = facts->stmts.at[s].expr; e; e = facts->exprs.at[e].next)
				if (facts->exprs.at[e].kind == EXPR_NAME &&
				    is_class_hook(text_of(request, facts->exprs.at[e].text)))
					return true;
	return false;
}

static uint32_t find_module_class(const struct facts *facts, name wanted)
{
	uint32_t found = 0;
	for (uint32_t d = 1; d < facts->defs.n; d++)
		if (facts->defs.at[d].kind == DEF_CLASS && facts->defs.at[d].parent == 0 &&
		    facts->defs.at[d].name == wanted)
			found = found ? UINT32_MAX : d; /* bound twice: not certain which */
	return found == UINT32_MAX ? 0 : found;
}

/* Follows the bases: unittest's own have no state, classes of the same module are looked into, others are not known. */
static bool class_shares(const struct plan_request *request, const struct facts *facts, uint32_t class, int depth)
{
	static const char *const plain[] = {"object", "TestCase", "IsolatedAsyncioTestCase", NULL};
	if (depth > BASES_DEEPEST || has_class_hook(request, facts, class))
		return true;
	for (uint32_t e = facts->defs.at[class].bases; e; e = facts->exprs.at[e].next) {
		const struct expr *base = &facts->exprs.at[e];
		if ((base->kind == EXPR_NAME || base->kind == EXPR_ATTRIBUTE) &&
		    is_among(text_of(request, base->text), plain))
			continue;
		uint32_t found = base->kind == EXPR_NAME ? find_module_class(facts, base->text) : 0;
		if (!found || found == class || class_shares(request, facts, found, depth + 1))
			return true;
	}
	return false;
}

bool together_class(const struct plan_request *request, const uint32_t *tests, uint32_t n)
{
	const struct suite *suite = request->suite;
	uint32_t file = REF_NOWHERE, class = 0; /* the last one looked into: tests of a class come together */
	for (uint32_t i = 0; i < n; i++) {
		const struct test *test = &suite->tests.at[tests[i]];
		for (size_t f = 0; f < test->fixtures.n; f++) {
			struct str scope = text_of(request, suite->fixtures.at[test->fixtures.at[f]].scope);
			if (str_eq(scope, STR("class")) || scope.n == 0)
				return true;
		}
		struct def_ref own = test->class_;
		if (own.file == REF_NOWHERE)
			return true; /* called a class, but its text is not in the tree */
		if (own.file == file && own.def == class)
			continue;
		file = own.file;
		class = own.def;
		/* A nested class shares with the classes around it as well. */
		const struct facts *facts = repo_facts(request->repo, file);
		for (uint32_t d = class; d; d = facts->defs.at[d].parent)
			if (facts->defs.at[d].kind != DEF_CLASS || class_shares(request, facts, d, 0))
				return true;
	}
	return false;
}
