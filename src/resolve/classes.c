/* Kinds of classes, by their bases. */
#include "resolve/classes.h"

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
	name set_up = intern(names->repo->names, STR("setUp"));
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

static bool is_abstract_method(struct names *names, uint32_t file, uint32_t def)
{
	const struct facts *facts = names_facts(names, file);
	const struct def *d = &facts->defs.at[def];
	for (uint32_t e = d->decorators; e; e = facts->exprs.at[e].next)
		if (str_starts(names_str(names, facts->exprs.at[e].text), STR("abstract")) &&
		    (facts->exprs.at[e].kind == EXPR_NAME || facts->exprs.at[e].kind == EXPR_ATTRIBUTE))
			return true;
	return false;
}

static bool has_abc(struct names *names, const def_refs *mro)
{
	for (size_t i = 0; i < mro->n; i++) {
		const struct facts *facts = names_facts(names, mro->at[i].file);
		const struct def *def = names_def(names, mro->at[i]);
		for (uint32_t e = def->bases; e; e = facts->exprs.at[e].next) {
			uint32_t base = facts->exprs.at[e].kind == EXPR_KEYWORD ? facts->exprs.at[e].first : e;
			struct target t = names_expr(names, mro->at[i].file, def->parent, base);
			if (target_is(names, t, "abc.ABC") || target_is(names, t, "abc.ABCMeta"))
				return true;
		}
	}
	return false;
}

bool class_is_abstract(struct names *names, struct def_ref class_)
{
	def_refs mro = {0};
	bool unknown;
	names_mro(names, names->arena, class_, &mro, &unknown);
	if (!has_abc(names, &mro))
		return false;
	for (size_t i = 0; i < mro.n; i++) {
		size_t n;
		const struct binding *b = names_scope(names, mro.at[i].file, mro.at[i].def, &n);
		for (size_t k = 0; k < n; k++) {
			if (b[k].kind != BIND_DEF || !is_abstract_method(names, mro.at[i].file, b[k].index))
				continue;
			struct target t = names_class_member(names, class_, b[k].name);
			if (t.kind == TARGET_DEF && t.file == mro.at[i].file && t.index == b[k].index)
				return true;
		}
	}
	return false;
}

/* Metaclasses other than ABCMeta may make or take anything. */
bool class_has_metaclass(struct names *names, struct def_ref class_)
{
	def_refs mro = {0};
	bool unknown;
	names_mro(names, names->arena, class_, &mro, &unknown);
	for (size_t i = 0; i < mro.n; i++) {
		const struct facts *facts = names_facts(names, mro.at[i].file);
		const struct def *def = names_def(names, mro.at[i]);
		for (uint32_t e = def->bases; e; e = facts->exprs.at[e].next) {
			if (facts->exprs.at[e].kind != EXPR_KEYWORD)
				continue;
			struct target t = names_expr(names, mro.at[i].file, def->parent, facts->exprs.at[e].first);
			if (str_eq(names_str(names, facts->exprs.at[e].text), STR("metaclass")) &&
			    !target_is(names, t, "abc.ABCMeta"))
				return true;
		}
	}
	return false;
}
