/* What stands in brackets.  Each story was told by pytest 9.0.2 first. */
#include "collecting.h"

static void it_names_values_as_pytest_does(void **state)
{
	(void)state;
	expect_ids(
	        "import pytest\n"
	        "@pytest.mark.parametrize('x', ['a b', '', 'a\\tb\\\\', '\\u00e9', b'\\xff/', 1, -2, 0x10, 1_000, 1.50, 1e100,"
	        " -0.5, True, None, [1], {}, (1, 2), ..., lambda: 1, int, ValueError])\n"
	        "def test_a(x): pass\n",
	        "test_a[a b] test_a[] test_a[a\\tb\\\\] test_a[\\xe9] test_a[\\xff/] test_a[1] test_a[-2] "
	        "test_a[16] test_a[1000] test_a[1.5] test_a[1e+100] test_a[-0.5] test_a[True] test_a[None] "
	        "test_a[x14] test_a[x15] test_a[x16] test_a[x17] test_a[<lambda>] test_a[int] test_a[ValueError]");
}

static void it_names_what_the_tree_defines(void **state)
{
	(void)state;
	expect_ids("import enum, pytest\n"
	           "class Color(enum.Enum):\n"
	           "    RED = 1\n"
	           "class Plain: pass\n"
	           "def helper(): pass\n"
	           "ALIAS = Color.RED\n"
	           "LIMIT = 10\n"
	           "@pytest.mark.parametrize('x', [Color.RED, Plain, helper, Plain(), LIMIT])\n"
	           "def test_a(x): pass\n"
	           "@pytest.mark.parametrize('x', [ALIAS])\n"
	           "def test_b(x): pass\n",
	           "test_a[Color.RED] test_a[Plain] test_a[helper] test_a[x3] test_a[10] test_b[Color.RED]");
}

static void it_takes_the_bottom_decorator_first(void **state)
{
	(void)state;
	expect_ids("import pytest\n"
	           "@pytest.mark.parametrize('c', ['x'])\n"
	           "class TestIt:\n"
	           "    @pytest.mark.parametrize('a', [1, 2])\n"
	           "    @pytest.mark.parametrize('b', [3, 4])\n"
	           "    def test_a(self, a, b, c): pass\n",
	           "TestIt::test_a[3-1-x] TestIt::test_a[3-2-x] TestIt::test_a[4-1-x] TestIt::test_a[4-2-x]");
}

static void it_reads_ids_in_every_place(void **state)
{
	(void)state;
	expect_ids("import pytest\n"
	           "@pytest.mark.parametrize('a, b', [(1, 2), pytest.param(3, [], id='own'), pytest.param(5, {})])\n"
	           "def test_a(a, b): pass\n"
	           "@pytest.mark.parametrize(['a'], [(1,), (2,)], ids=['one', None])\n"
	           "def test_b(a): pass\n"
	           "@pytest.mark.parametrize(argnames='a', argvalues=range(2))\n"
	           "def test_c(a): pass\n",
	           "test_a[1-2] test_a[own] test_a[5-b2] test_b[one] test_b[2] test_c[0] test_c[1]");
}

static void it_leaves_open_what_only_running_tells(void **state)
{
	(void)state;
	expect_ids("import os, pytest\n"
	           "CASES = [1]\n"
	           "CASES.append(2)\n"
	           "ONCE = [1, 2]\n"
	           "@pytest.mark.parametrize('x', CASES)\n"
	           "def test_grown(x): pass\n"
	           "@pytest.mark.parametrize('x', ONCE)\n"
	           "def test_once(x): pass\n"
	           "@pytest.mark.parametrize('x', os.listdir('.'))\n"
	           "def test_listed(x): pass\n"
	           "@pytest.mark.parametrize('x', [1, 1])\n"
	           "def test_twins(x): pass\n"
	           "@pytest.mark.parametrize('x', [])\n"
	           "def test_empty(x): pass\n"
	           "@pytest.mark.parametrize('x', [1], ids=str)\n"
	           "def test_called(x): pass\n",
	           "test_grown[?] test_once[1] test_once[2] test_listed[?] test_twins[?] test_empty[?] test_called[?]");
}

static void it_reads_parametrized_fixtures_before_marks(void **state)
{
	(void)state;
	expect_ids("import pytest\n"
	           "@pytest.fixture(params=['p', 'q'], ids=['P', None])\n"
	           "def base(request): return request.param\n"
	           "@pytest.fixture\n"
	           "def above(base): pass\n"
	           "@pytest.mark.parametrize('x', [1])\n"
	           "def test_a(above, x): pass\n"
	           "@pytest.mark.parametrize('base', [7])\n"
	           "def test_direct(base): pass\n",
	           "test_a[P-1] test_a[q-1] test_direct[7]");
}

static void it_asks_generate_hooks_whom_they_concern(void **state)
{
	(void)state;
	const struct source files[] = {{"conftest.py", "def pytest_generate_tests(metafunc):\n"
	                                               "    if 'case' in metafunc.fixturenames:\n"
	                                               "        metafunc.parametrize('case', load())\n"},
	                               {"test_it.py", "def test_a(case): pass\ndef test_b(tmp_path): pass\n"},
	                               {0}};
	EXPECT(files, "test_a[?] test_b");
}

static void it_leaves_out_what_hypothesis_fills(void **state)
{
	(void)state;
	expect_ids("import pytest\n"
	           "from hypothesis import given, strategies as st\n"
	           "@pytest.fixture(params=[1, 2])\n"
	           "def x(request): pass\n"
	           "@pytest.fixture(params=[1, 2])\n"
	           "def y(request): pass\n"
	           "@given(st.integers())\n"
	           "def test_right(x, y): pass\n"
	           "@given(y=st.integers())\n"
	           "def test_named(y): pass\n",
	           "test_right[1] test_right[2] test_named");
}

static void it_is_not_sure_of_parameters_a_decorator_may_give(void **state)
{
	(void)state;
	expect_ids("import functools, pytest\n"
	           "def twice(f):\n"
	           "    return pytest.mark.parametrize('n', [1, 2])(f)\n"
	           "def plain(f):\n"
	           "    @functools.wraps(f)\n"
	           "    def inner(*a, **k): return f(*a, **k)\n"
	           "    return inner\n"
	           "@twice\n"
	           "def test_a(n): pass\n"
	           "@plain\n"
	           "def test_b(): pass\n",
	           "test_a[?] test_b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(it_names_values_as_pytest_does),
	        cmocka_unit_test(it_names_what_the_tree_defines),
	        cmocka_unit_test(it_takes_the_bottom_decorator_first),
	        cmocka_unit_test(it_reads_ids_in_every_place),
	        cmocka_unit_test(it_leaves_open_what_only_running_tells),
	        cmocka_unit_test(it_reads_parametrized_fixtures_before_marks),
	        cmocka_unit_test(it_asks_generate_hooks_whom_they_concern),
	        cmocka_unit_test(it_leaves_out_what_hypothesis_fills),
	        cmocka_unit_test(it_is_not_sure_of_parameters_a_decorator_may_give),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
