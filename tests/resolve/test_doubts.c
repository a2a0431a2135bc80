/* What may take tests away: hooks, skips at import, ignored files, options. */
#include "collecting.h"

static void expect_hook(const char *conftest, const char *ids)
{
	const struct source files[] = {{"conftest.py", conftest}, {"test_it.py", "def test_a(): pass\n"}, {0}};
	EXPECT(files, ids);
}

static void it_looks_into_what_a_hook_does_to_the_items(void **state)
{
	(void)state;
	expect_hook("def pytest_collection_modifyitems(items):\n"
	            "    for item in items:\n"
	            "        item.add_marker('slow')\n"
	            "    items.sort(key=str)\n",
	            "test_a");
	expect_hook("def pytest_collection_modifyitems(config, items):\n"
	            "    items[:] = [i for i in items if 'x' in i.name]\n",
	            "~test_a");
	expect_hook("def pytest_collection_modifyitems(config, items):\n    config.change(items)\n", "~test_a");
	expect_hook("def order(them):\n    them.reverse()\n"
	            "def pytest_collection_modifyitems(config, items):\n    order(items)\n",
	            "test_a");
	expect_hook("def drop(them):\n    them.pop()\n"
	            "def pytest_collection_modifyitems(config, items):\n    drop(items)\n",
	            "~test_a");
}

static void it_knows_that_piles_put_together_are_all_items(void **state)
{
	(void)state;
	expect_hook("def pytest_collection_modifyitems(items):\n"
	            "    fast, slow = [], []\n"
	            "    for item in items:\n"
	            "        if 'slow' in item.name:\n"
	            "            slow.append(item)\n"
	            "        else:\n"
	            "            fast.append(item)\n"
	            "    items[:] = fast + slow\n",
	            "test_a");
	expect_hook("def pytest_collection_modifyitems(items):\n"
	            "    fast, slow = [], []\n"
	            "    for item in items:\n"
	            "        if 'slow' in item.name:\n"
	            "            slow.append(item)\n"
	            "        elif item:\n"
	            "            fast.append(item)\n"
	            "    items[:] = fast + slow\n",
	            "~test_a");
	expect_hook("def pytest_collection_modifyitems(items):\n"
	            "    fast, slow = [], []\n"
	            "    for item in items:\n"
	            "        (slow if item else fast).append(item)\n"
	            "    items[:] = fast\n",
	            "~test_a");
}

static void it_fears_other_hooks(void **state)
{
	(void)state;
	expect_hook("def pytest_ignore_collect(): pass\n", "~test_a");
	expect_hook("from plugins import *\n", "~test_a");
	expect_hook("def pytest_runtest_setup(item): pass\n", "test_a");
	expect_hook("def pytest_collect_file(): pass\n", "test_a");
}

static void expect_skip(const char *before, const char *ids)
{
	struct buf module;
	struct arena arena;
	arena_init(&arena, NULL);
	buf_init(&module, &arena);
	buf_fmt(&module, "import pytest, unittest\n%s\ndef test_a(): pass\n", before);
	buf_char(&module, '\0');
	expect_ids(module.at, ids);
	arena_free(&arena);
}

static void it_doubts_modules_that_may_skip_themselves(void **state)
{
	(void)state;
	expect_skip("np = pytest.importorskip('numpy')", "~test_a");
	expect_skip("if not unittest:\n    pytest.skip('', allow_module_level=True)", "~test_a");
	expect_skip("if not unittest:\n    raise unittest.SkipTest('')", "~test_a");
	expect_skip("def gate():\n    pytest.skip('', allow_module_level=True)\ngate()", "~test_a");
	expect_skip("def gate():\n    pytest.skip('')", "test_a");
	expect_skip("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pytest.importorskip('numpy')", "test_a");
}

static void it_doubts_modules_that_import_one_that_skips(void **state)
{
	(void)state;
	const struct source files[] = {
	        {"pkg/__init__.py", ""},
	        {"pkg/deep.py", "import pytest\npytest.importorskip('numpy')\n"},
	        {"pkg/helper.py", "from . import deep\n"},
	        {"test_far.py", "from pkg.helper import x\ndef test_far(): pass\n"},
	        {"test_lazy.py", "def test_lazy():\n    import pkg.deep\n"},
	        {"test_own.py", "import pytest\npytest.importorskip('pkg')\ndef test_own(): pass\n"},
	        {0}};
	EXPECT(files, "~test_far test_lazy test_own");
}

static void it_reads_what_is_ignored(void **state)
{
	(void)state;
	const struct source files[] = {{"conftest.py", "import sys\n"
	                                               "collect_ignore = ['test_gone.py', 'sub']\n"
	                                               "if sys.platform == 'win32':\n"
	                                               "    collect_ignore.append('test_maybe.py')\n"
	                                               "collect_ignore_glob = ['*_old.py']\n"},
	                               {"sub/test_in.py", "def test_in(): pass\n"},
	                               {"test_a_old.py", "def test_old(): pass\n"},
	                               {"test_gone.py", "def test_gone(): pass\n"},
	                               {"test_kept.py", "def test_kept(): pass\n"},
	                               {"test_maybe.py", "def test_maybe(): pass\n"},
	                               {0}};
	EXPECT(files, "test_kept ~test_maybe");
}

static void expect_options(const char *ini, const char *ids)
{
	const struct source files[] = {{"test_it.py", "import pytest\n"
	                                              "@pytest.mark.slow\n"
	                                              "def test_slow(): pass\n"
	                                              "@pytest.mark.db\n"
	                                              "@pytest.mark.slow\n"
	                                              "def test_both(): pass\n"
	                                              "def test_plain(): pass\n"},
	                               {0}};
	struct resolved *r = collecting(ini, files);
	assert_string_equal(collecting_ids(r).at, ids);
	resolving_end(r);
}

static void it_obeys_options_that_leave_tests_out(void **state)
{
	(void)state;
	expect_options("[pytest]\naddopts = -m 'not slow'\n", "test_plain");
	expect_options("[pytest]\naddopts = -m 'slow and not db or (db and fast)'\n", "test_slow");
	expect_options("[pytest]\naddopts = --deselect test_it.py::test_slow\n", "test_both test_plain");
	expect_options("[pytest]\naddopts = -k both\n", "~test_slow ~test_both ~test_plain");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(it_looks_into_what_a_hook_does_to_the_items),
	        cmocka_unit_test(it_knows_that_piles_put_together_are_all_items),
	        cmocka_unit_test(it_fears_other_hooks),
	        cmocka_unit_test(it_doubts_modules_that_may_skip_themselves),
	        cmocka_unit_test(it_doubts_modules_that_import_one_that_skips),
	        cmocka_unit_test(it_reads_what_is_ignored),
	        cmocka_unit_test(it_obeys_options_that_leave_tests_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
