/* Marks in the order of iter_markers, and fixture closures in the order of names_closure. */
#include "collecting.h"

static void expect_marks(const char *module, const char *marks)
{
	const struct source files[] = {{"test_it.py", module}, {0}};
	struct resolved *r = collecting("[pytest]\n", files);
	assert_int_equal(r->suite.tests.n, 1);
	assert_string_equal(collecting_marks(r, 0).at, marks);
	resolving_end(r);
}

static void it_lists_own_marks_then_the_class_then_the_module(void **state)
{
	(void)state;
	expect_marks("import pytest\n"
	             "pytestmark = [pytest.mark.m1, pytest.mark.m2]\n"
	             "@pytest.mark.b3\n"
	             "class Base:\n"
	             "    pytestmark = pytest.mark.b1\n"
	             "    pytestmark = [pytestmark, pytest.mark.b2]\n"
	             "@pytest.mark.c3\n"
	             "@pytest.mark.c2\n"
	             "class TestIt(Base):\n"
	             "    pytestmark = pytest.mark.c1\n"
	             "    @pytest.mark.f2(1)\n"
	             "    @pytest.mark.f1\n"
	             "    def test_a(self): pass\n",
	             "f1 f2 b1 b2 b3 c1 c2 c3 m1 m2");
}

static void it_follows_aliases_and_additions(void **state)
{
	(void)state;
	expect_marks("import pytest\n"
	             "from pytest import mark\n"
	             "slow = pytest.mark.slow\n"
	             "gate = pytest.mark.skipif\n"
	             "m = pytest.mark\n"
	             "pytestmark = [slow]\n"
	             "pytestmark += [mark.extra]\n"
	             "@gate(True, reason='')\n"
	             "@m.third\n"
	             "@slow\n"
	             "def test_a(): pass\n",
	             "slow third skipif slow extra");
}

static void it_sees_marks_that_a_helper_returns(void **state)
{
	(void)state;
	expect_marks("import pytest\n"
	             "def needs(name):\n"
	             "    def around(f):\n"
	             "        return pytest.mark.needs(name)(f)\n"
	             "    return around\n"
	             "@needs('db')\n"
	             "def test_a(): pass\n",
	             "needs ?");
}

static void expect_fixtures(const struct source *files, const char *fixtures)
{
	struct resolved *r = collecting("[pytest]\n", files);
	assert_int_equal(r->suite.tests.n, 1);
	assert_string_equal(collecting_fixtures(r, 0).at, fixtures);
	resolving_end(r);
}

static void it_orders_a_closure_by_scope_then_by_request(void **state)
{
	(void)state;
	const struct source files[] = {{"conftest.py", "import pytest\n"
	                                               "@pytest.fixture(autouse=True)\n"
	                                               "def zebra(): pass\n"
	                                               "@pytest.fixture(autouse=True)\n"
	                                               "def ant(): pass\n"
	                                               "@pytest.fixture(scope='session')\n"
	                                               "def engine(): pass\n"
	                                               "@pytest.fixture\n"
	                                               "def session(engine, tmp_path): pass\n"},
	                               {"test_it.py", "def test_a(session, capsys, optional=1): pass\n"},
	                               {0}};
	expect_fixtures(files,
	                "engine@conftest.py ant@conftest.py zebra@conftest.py session@conftest.py capsys tmp_path");
}

static void it_gives_a_self_request_the_next_outer_fixture(void **state)
{
	(void)state;
	const struct source files[] = {{"conftest.py", "import pytest\n"
	                                               "@pytest.fixture\n"
	                                               "def db(): pass\n"},
	                               {"sub/conftest.py", "import pytest\n"
	                                                   "@pytest.fixture\n"
	                                                   "def db(db): pass\n"},
	                               {"sub/test_it.py", "import pytest\n"
	                                                  "class TestIt:\n"
	                                                  "    @pytest.fixture\n"
	                                                  "    def db(self, db): pass\n"
	                                                  "    def test_a(self, db): pass\n"},
	                               {0}};
	expect_fixtures(files, "db@sub/test_it.py db@sub/conftest.py db@conftest.py");
}

static void it_finds_fixtures_in_every_form(void **state)
{
	(void)state;
	const struct source files[] = {{"lib/__init__.py", ""},
	                               {"lib/fixtures.py", "from pytest import fixture\n"
	                                                   "@fixture(name='renamed')\n"
	                                                   "def _one(): pass\n"
	                                                   "def two(): pass\n"
	                                                   "called = fixture(scope='module')(two)\n"},
	                               {"lib/stars.py", "import pytest\n@pytest.fixture\ndef starred(): pass\n"},
	                               {"conftest.py", "pytest_plugins = ['lib.fixtures']\nfrom lib.stars import *\n"},
	                               {"test_it.py", "import pytest\n"
	                                              "@pytest.mark.usefixtures('starred')\n"
	                                              "def test_a(renamed, called): pass\n"},
	                               {0}};
	expect_fixtures(files, "called@lib/fixtures.py starred@lib/stars.py renamed@lib/fixtures.py");
}

static void it_lets_plugins_ask_for_what_the_tree_overrides(void **state)
{
	(void)state;
	const struct source files[] = {{"conftest.py", "import pytest\n"
	                                               "@pytest.fixture(scope='session')\n"
	                                               "def django_db_setup(engine): pass\n"
	                                               "@pytest.fixture(scope='session')\n"
	                                               "def engine(): pass\n"},
	                               {"test_it.py", "import pytest\n"
	                                              "@pytest.mark.django_db\n"
	                                              "def test_a(): pass\n"},
	                               {0}};
	expect_fixtures(files, "django_db_setup@conftest.py engine@conftest.py");
}

static void it_leaves_direct_parameters_and_mocks_out(void **state)
{
	(void)state;
	const struct source files[] = {{"test_it.py",
	                                "import pytest\n"
	                                "from unittest import mock\n"
	                                "@pytest.fixture\n"
	                                "def kept(request): pass\n"
	                                "@pytest.mark.parametrize('a, kept', [(1, 2)], indirect=['kept'])\n"
	                                "@mock.patch('os.getcwd')\n"
	                                "@mock.patch('os.environ', {})\n"
	                                "def test_a(getcwd, a, kept): pass\n"},
	                               {0}};
	expect_fixtures(files, "kept@test_it.py");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(it_lists_own_marks_then_the_class_then_the_module),
	        cmocka_unit_test(it_follows_aliases_and_additions),
	        cmocka_unit_test(it_sees_marks_that_a_helper_returns),
	        cmocka_unit_test(it_orders_a_closure_by_scope_then_by_request),
	        cmocka_unit_test(it_gives_a_self_request_the_next_outer_fixture),
	        cmocka_unit_test(it_finds_fixtures_in_every_form),
	        cmocka_unit_test(it_lets_plugins_ask_for_what_the_tree_overrides),
	        cmocka_unit_test(it_leaves_direct_parameters_and_mocks_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
