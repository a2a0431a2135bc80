/* Which tests a tree has.  Each story was told by pytest 9.0.2 first. */
#include "collecting.h"

static void it_collects_functions_and_methods_in_order(void **state)
{
	(void)state;
	expect_ids("def test_b(): pass\n"
	           "def helper(): pass\n"
	           "class TestA:\n"
	           "    def test_z(self): pass\n"
	           "    def test_y(self): pass\n"
	           "    class TestInner:\n"
	           "        async def test_x(self): pass\n"
	           "    @staticmethod\n"
	           "    def test_static(): pass\n"
	           "def testthing(): pass\n",
	           "test_b TestA::test_z TestA::test_y TestA::TestInner::test_x TestA::test_static testthing");
}

static void it_collects_a_name_once_as_its_last_binding(void **state)
{
	(void)state;
	expect_ids("import pytest\n"
	           "@pytest.mark.parametrize('a', [1, 2])\n"
	           "def test_a(a): pass\n"
	           "def test_b(): pass\n"
	           "def test_a(): pass\n"
	           "def test_gone(): pass\n"
	           "test_gone = None\n"
	           "def test_deleted(): pass\n"
	           "del test_deleted\n",
	           "test_a test_b");
}

static void it_follows_both_branches(void **state)
{
	(void)state;
	expect_ids("import os\n"
	           "if os.environ.get('X'):\n"
	           "    def test_both(): pass\n"
	           "    def test_one(): pass\n"
	           "else:\n"
	           "    def test_both(): pass\n"
	           "with open(os.devnull):\n"
	           "    def test_with(): pass\n",
	           "test_both[?] ~test_one test_with");
}

static void it_decides_conditions_that_are_the_same_everywhere(void **state)
{
	(void)state;
	expect_ids("import sys\n"
	           "from typing import TYPE_CHECKING\n"
	           "if TYPE_CHECKING:\n"
	           "    def test_never(): pass\n"
	           "if sys.version_info >= (3, 6):\n"
	           "    def test_new(): pass\n"
	           "else:\n"
	           "    def test_old(): pass\n"
	           "if sys.version_info[:2] >= (3, 14):\n"
	           "    def test_newest(): pass\n"
	           "if __name__ == '__main__':\n"
	           "    def test_main(): pass\n",
	           "test_new ~test_newest");
}

static void it_knows_the_ways_through_a_try(void **state)
{
	(void)state;
	expect_ids("try:\n"
	           "    import fast\n"
	           "    def test_fast(): pass\n"
	           "except ImportError:\n"
	           "    fast = None\n"
	           "try:\n"
	           "    import needed\n"
	           "    def test_needed(): pass\n"
	           "except ImportError:\n"
	           "    raise\n"
	           "try:\n"
	           "    pass\n"
	           "finally:\n"
	           "    def test_finally(): pass\n",
	           "~test_fast test_needed test_finally");
}

static void it_leaves_out_classes_that_pytest_leaves_out(void **state)
{
	(void)state;
	expect_ids("from dataclasses import dataclass\n"
	           "from abc import ABC, abstractmethod\n"
	           "class Helper:\n"
	           "    def test_no(self): pass\n"
	           "class TestInit:\n"
	           "    def __init__(self): pass\n"
	           "    def test_no(self): pass\n"
	           "@dataclass\n"
	           "class TestData:\n"
	           "    x: int\n"
	           "    def test_no(self): pass\n"
	           "class TestOff:\n"
	           "    __test__ = False\n"
	           "    def test_no(self): pass\n"
	           "class TestAbstract(ABC):\n"
	           "    @abstractmethod\n"
	           "    def value(self): pass\n"
	           "    def test_value(self): pass\n"
	           "class TestConcrete(TestAbstract):\n"
	           "    def value(self): pass\n"
	           "class Odd:\n"
	           "    __test__ = True\n"
	           "    def test_odd(self): pass\n"
	           "class TestProperty:\n"
	           "    @property\n"
	           "    def test_no(self): pass\n"
	           "def test_off(): pass\n"
	           "test_off.__test__ = False\n",
	           "TestConcrete::test_value Odd::test_odd");
}

static void it_collects_inherited_tests_base_first(void **state)
{
	(void)state;
	const struct source files[] = {{"base.py", "class Base:\n"
	                                           "    def test_base(self): pass\n"
	                                           "    def test_both(self): pass\n"
	                                           "    def test_off(self): pass\n"},
	                               {"test_it.py", "from base import Base\n"
	                                              "class Mixin:\n"
	                                              "    def test_mixin(self): pass\n"
	                                              "class TestIt(Mixin, Base):\n"
	                                              "    def test_own(self): pass\n"
	                                              "    def test_both(self): pass\n"
	                                              "    test_off = None\n"},
	                               {0}};
	EXPECT(files, "TestIt::test_base TestIt::test_mixin TestIt::test_own TestIt::test_both");
}

static void it_merges_diamonds_as_python_does(void **state)
{
	(void)state;
	expect_ids("class Root:\n"
	           "    def test_root(self): pass\n"
	           "    def test_over(self): pass\n"
	           "class Left(Root):\n"
	           "    def test_left(self): pass\n"
	           "class Right(Root):\n"
	           "    test_over = None\n"
	           "    def test_right(self): pass\n"
	           "class TestIt(Left, Right):\n"
	           "    def test_own(self): pass\n",
	           "TestIt::test_root TestIt::test_right TestIt::test_left TestIt::test_own");
}

static void it_collects_imported_tests_again(void **state)
{
	(void)state;
	const struct source files[] = {{"shared.py", "def test_shared(): pass\n"
	                                             "class TestShared:\n"
	                                             "    def test_in(self): pass\n"
	                                             "def _test(): pass\n"},
	                               {"test_a.py", "from shared import test_shared as test_renamed, TestShared\n"},
	                               {"test_b.py", "from shared import *\n"},
	                               {0}};
	EXPECT(files, "test_renamed TestShared::test_in test_shared TestShared::test_in");
}

static void it_treats_unittest_as_unittest_does(void **state)
{
	(void)state;
	expect_ids("import unittest\n"
	           "import pytest\n"
	           "class Base(unittest.TestCase):\n"
	           "    def test_c(self): pass\n"
	           "class Case(Base):\n"
	           "    def test_b(self): pass\n"
	           "    def test_a(self): pass\n"
	           "    @pytest.mark.parametrize('x', [1, 2])\n"
	           "    def test_d(self): pass\n"
	           "    class TestInner:\n"
	           "        def test_no(self): pass\n"
	           "class Runs(unittest.TestCase):\n"
	           "    def runTest(self): pass\n",
	           "Base::test_c Case::test_a Case::test_b Case::test_c Case::test_d Runs::runTest");
}

static void it_is_not_sure_about_bases_from_elsewhere(void **state)
{
	(void)state;
	expect_ids("from elsewhere import Thing, Meta\n"
	           "class TestA(Thing):\n"
	           "    def test_a(self): pass\n"
	           "class TestB(metaclass=Meta):\n"
	           "    def test_b(self): pass\n"
	           "class TestC:\n"
	           "    def test_c(self): pass\n",
	           "~TestA::test_a[?] ~TestB::test_b[?] TestC::test_c");
}

/* Files whose tests may be more than those listed; those listed stay exact. */
static void expect_more(const char *module, bool may_be_more)
{
	const struct source files[] = {{"test_it.py", module}, {0}};
	struct resolved *r = collecting("[pytest]\n", files);
	assert_int_equal(r->suite.file_is_exact[0], !may_be_more);
	assert_int_equal(r->suite.tests.n, 1);
	assert_true(r->suite.tests.at[0].is_exact);
	resolving_end(r);
}

static void it_says_where_more_tests_could_come_from(void **state)
{
	(void)state;
	expect_more("def test_a(): pass\n", false);
	expect_more("def test_a(): pass\nglobals()['test_b'] = test_a\n", true);
	expect_more("def test_a(): pass\nexec('def test_b(): pass')\n", true);
	expect_more("from elsewhere import *\ndef test_a(): pass\n", true);
	expect_more("def test_a(): pass\ntest_b = lambda: None\n", true);
	expect_more("from elsewhere import make\ndef test_a(): pass\nTestB = make()\n", true);
	expect_more("def test_a(): pass\ntest_data = {'a': 1}\n", false);
	expect_more("from starlette.testclient import TestClient\ndef test_a(): pass\n", false);
	expect_more("def make():\n    globals()['test_b'] = 1\ndef test_a(): pass\nmake()\n", true);
}

/* Whether a file that names no test may have some, with what stands in the conftest above it. */
static void expect_hiding(const char *conftest, const char *module, bool hides)
{
	const struct source files[] = {{"conftest.py", conftest}, {"test_it.py", module}, {0}};
	struct resolved *r = collecting("[pytest]\n", files);
	assert_int_equal(r->suite.tests.n, 0);
	assert_int_equal(r->suite.hiding.n, hides);
	assert_int_equal(suite_hides(&r->suite, 1), hides);
	resolving_end(r);
}

static void it_says_which_files_may_have_tests_that_it_cannot_name(void **state)
{
	(void)state;
	expect_hiding("", "def helper(): pass\n", false);
	expect_hiding("", "globals()['test_b'] = print\n", true);
	expect_hiding("", "from elsewhere import TestB\n", true);
	expect_hiding("", "def broken(:\n", true);
	expect_hiding("def pytest_pycollect_makeitem(): pass\n", "def helper(): pass\n", true);
	/* What can only take away brings no test. */
	expect_hiding("", "import pytest\npytest.importorskip('numpy')\n", false);
	expect_hiding("def pytest_collection_modifyitems(items): items.clear()\n", "def helper(): pass\n", false);
	expect_hiding("def pytest_ignore_collect(): pass\n", "def helper(): pass\n", false);
	expect_hiding("collect_ignore = ['test_it.py']\n", "globals()['test_b'] = print\n", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(it_collects_functions_and_methods_in_order),
	        cmocka_unit_test(it_collects_a_name_once_as_its_last_binding),
	        cmocka_unit_test(it_follows_both_branches),
	        cmocka_unit_test(it_decides_conditions_that_are_the_same_everywhere),
	        cmocka_unit_test(it_knows_the_ways_through_a_try),
	        cmocka_unit_test(it_leaves_out_classes_that_pytest_leaves_out),
	        cmocka_unit_test(it_collects_inherited_tests_base_first),
	        cmocka_unit_test(it_merges_diamonds_as_python_does),
	        cmocka_unit_test(it_collects_imported_tests_again),
	        cmocka_unit_test(it_treats_unittest_as_unittest_does),
	        cmocka_unit_test(it_is_not_sure_about_bases_from_elsewhere),
	        cmocka_unit_test(it_says_where_more_tests_could_come_from),
	        cmocka_unit_test(it_says_which_files_may_have_tests_that_it_cannot_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
