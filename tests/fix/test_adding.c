/* Markers that come: where they go, and in which form. */
#include "mending.h"

#define DB "def test_a(db):\n    pass\n"

static void marks_a_function_alone(void **state)
{
	(void)state;
	assert_mended("import pytest\n\n\n" DB "\n\ndef test_b():\n    pass\n",
	              "import pytest\n\n\n@pytest.mark.pg\n" DB "\n\ndef test_b():\n    pass\n");
}

static void marks_the_module_when_all_its_tests_need_it(void **state)
{
	(void)state;
	assert_mended("import pytest\n\n\n" DB "\n\ndef test_b(db):\n    pass\n",
	              "import pytest\n\npytestmark = pytest.mark.pg\n\n\n" DB "\n\ndef test_b(db):\n    pass\n");
	assert_mended(
	        "import pytest\n\n\ndef test_a(db, cache):\n    pass\n\n\ndef test_b(db, cache):\n    pass\n",
	        "import pytest\n\npytestmark = [pytest.mark.pg, pytest.mark.redis_up]\n\n\ndef test_a(db, cache):\n    "
	        "pass\n\n\ndef test_b(db, cache):\n    pass\n");
}

static void marks_a_class_when_all_its_tests_need_it(void **state)
{
	(void)state;
	assert_mended(
	        "import pytest\nclass TestA:\n    def test_a(self, db): pass\n    def test_b(self, db): pass\n"
	        "def test_c(): pass\n",
	        "import pytest\n@pytest.mark.pg\nclass TestA:\n    def test_a(self, db): pass\n    def test_b(self, db): "
	        "pass\ndef test_c(): pass\n");
}

static void marks_one_of_several_where_another_must_not_be(void **state)
{
	(void)state;
	assert_mended(
	        "import pytest\nclass TestA:\n    def test_a(self, db): pass\n    async def test_b(self, db): pass\n"
	        "    def test_c(self): pass\n",
	        "import pytest\nclass TestA:\n    @pytest.mark.pg\n    def test_a(self, db): pass\n    @pytest.mark.pg\n"
	        "    async def test_b(self, db): pass\n    def test_c(self): pass\n");
}

static void reaches_nested_classes_by_the_outer_one(void **state)
{
	(void)state;
	assert_mended(
	        "import pytest\nclass TestA:\n  class TestB:\n    def test_a(self, db): pass\n    def test_b(self, db): "
	        "pass\n  def test_c(self, db): pass\ndef test_d(): pass\n",
	        "import pytest\n@pytest.mark.pg\nclass TestA:\n  class TestB:\n    def test_a(self, db): pass\n    def "
	        "test_b(self, db): pass\n  def test_c(self, db): pass\ndef test_d(): pass\n");
	assert_mended(
	        "import pytest\nclass TestA:\n  class TestB:\n    def test_a(self, db): pass\n    def test_b(self, db): "
	        "pass\n  def test_c(self): pass\n",
	        "import pytest\nclass TestA:\n  @pytest.mark.pg\n  class TestB:\n    def test_a(self, db): pass\n    def "
	        "test_b(self, db): pass\n  def test_c(self): pass\n");
}

static void stands_above_other_decorators_and_below_staticmethod(void **state)
{
	(void)state;
	assert_mended(
	        "import pytest\nimport mock\n@pytest.mark.slow(\n    'x.y',\n)\n# why\n@pytest.mark.parametrize('n', [1])\n"
	        "def test_a(db, n): pass\ndef test_b(): pass\n",
	        "import pytest\nimport mock\n@pytest.mark.pg\n@pytest.mark.slow(\n    'x.y',\n)\n# why\n"
	        "@pytest.mark.parametrize('n', [1])\ndef test_a(db, n): pass\ndef test_b(): pass\n");
	assert_mended(
	        "import pytest\nclass TestA:\n    @staticmethod\n    def test_a(db): pass\n    def test_b(self): pass\n",
	        "import pytest\nclass TestA:\n    @staticmethod\n    @pytest.mark.pg\n    def test_a(db): pass\n    def "
	        "test_b(self): pass\n");
}

static void repeats_less_than_it_saves(void **state)
{
	(void)state;
	assert_mended("import pytest\n@pytest.mark.pg\ndef test_a(db): pass\n@pytest.mark.pg\ndef test_b(db): pass\n"
	              "def test_c(db): pass\n",
	              "import pytest\n@pytest.mark.pg\ndef test_a(db): pass\n@pytest.mark.pg\ndef test_b(db): pass\n"
	              "@pytest.mark.pg\ndef test_c(db): pass\n");
}

/* ---- pytestmark as it is ---- */

#define TWO "def test_a(db): pass\ndef test_b(db): pass\n"

static void extends_a_pytestmark_in_its_form(void **state)
{
	(void)state;
	assert_mended("import pytest\npytestmark = pytest.mark.slow  # why\n" TWO,
	              "import pytest\npytestmark = [pytest.mark.slow, pytest.mark.pg]  # why\n" TWO);
	assert_mended("import pytest\npytestmark = (pytest.mark.timeout(\n    10))\n" TWO,
	              "import pytest\npytestmark = [(pytest.mark.timeout(\n    10)), pytest.mark.pg]\n" TWO);
	assert_mended("import pytest\npytestmark = [pytest.mark.slow]\n" TWO,
	              "import pytest\npytestmark = [pytest.mark.slow, pytest.mark.pg]\n" TWO);
	assert_mended("import pytest\npytestmark = [pytest.mark.slow(']'),]\n" TWO,
	              "import pytest\npytestmark = [pytest.mark.slow(']'), pytest.mark.pg,]\n" TWO);
	assert_mended("import pytest\npytestmark: list = []\n" TWO,
	              "import pytest\npytestmark: list = [pytest.mark.pg]\n" TWO);
}

static void extends_a_column_by_a_line(void **state)
{
	(void)state;
	assert_mended("import pytest\npytestmark = [\n\tpytest.mark.slow,  # a, b\n\tpytest.mark.flaky  # ]\n]\n" TWO,
	              "import pytest\npytestmark = [\n\tpytest.mark.slow,  # a, b\n\tpytest.mark.flaky,  # "
	              "]\n\tpytest.mark.pg,\n]\n" TWO);
}

static void extends_the_pytestmark_of_a_class(void **state)
{
	(void)state;
	assert_mended(
	        "import pytest\nclass TestA:\n    pytestmark = pytest.mark.slow\n    def test_a(self, db): pass\n    def "
	        "test_b(self, db): pass\ndef test_c(): pass\n",
	        "import pytest\nclass TestA:\n    pytestmark = [pytest.mark.slow, pytest.mark.pg]\n    def test_a(self, "
	        "db): pass\n    def test_b(self, db): pass\ndef test_c(): pass\n");
}

/* ---- names and imports ---- */

static void spells_marks_as_the_file_does(void **state)
{
	(void)state;
	assert_mended("from pytest import mark\n" TWO, "from pytest import mark\n\npytestmark = mark.pg\n\n\n" TWO);
	assert_mended("import pytest as pt\n" TWO, "import pytest as pt\n\npytestmark = pt.mark.pg\n\n\n" TWO);
	assert_mended("from pytest import mark as m\n" DB "def test_b(): pass\n",
	              "from pytest import mark as m\n@m.pg\n" DB "def test_b(): pass\n");
	assert_mended("import pytest\nmark = pytest.mark\n@mark.slow\n" DB "def test_b(): pass\n",
	              "import pytest\nmark = pytest.mark\n@pytest.mark.pg\n@mark.slow\n" DB "def test_b(): pass\n");
}

static void imports_pytest_where_it_belongs(void **state)
{
	(void)state;
	assert_mended(DB, "import pytest\n\n\n@pytest.mark.pg\n" DB);
	assert_mended("\"\"\"doc\"\"\"\n" DB, "\"\"\"doc\"\"\"\n\nimport pytest\n\n\n@pytest.mark.pg\n" DB);
	assert_mended("from __future__ import annotations\n\n\n" DB,
	              "from __future__ import annotations\n\nimport pytest\n\n\n@pytest.mark.pg\n" DB);
	assert_mended(
	        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# about the test\n" DB,
	        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\nimport pytest\n\n# about the test\n@pytest.mark.pg\n" DB);
	assert_mended("# Copyright\n# of us\n\n" DB, "# Copyright\n# of us\n\nimport pytest\n\n@pytest.mark.pg\n" DB);
	assert_mended("import os\nfrom a import (\n    b,\n)\n\n\n" DB,
	              "import os\nfrom a import (\n    b,\n)\nimport pytest\n\n\n@pytest.mark.pg\n" DB);
}

static void stays_out_of_blocks_that_may_not_run(void **state)
{
	(void)state;
	assert_mended("import os\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import pytest\n\n\n" TWO,
	              "import os\nfrom typing import TYPE_CHECKING\nimport pytest\n\nif TYPE_CHECKING:\n    import "
	              "pytest\n\npytestmark = pytest.mark.pg\n\n\n" TWO);
	assert_mended("import pytest\ntry:\n    import x\nexcept ImportError:\n    x = None\n\n\n" TWO,
	              "import pytest\ntry:\n    import x\nexcept ImportError:\n    x = None\n\npytestmark = "
	              "pytest.mark.pg\n\n\n" TWO);
}

static void follows_an_import_that_stands_further_down(void **state)
{
	(void)state;
	assert_mended("import sys\nsys.path.insert(0, '.')\nimport pytest\n\n\n" TWO,
	              "import sys\nsys.path.insert(0, '.')\nimport pytest\n\npytestmark = pytest.mark.pg\n\n\n" TWO);
}

/* ---- bytes ---- */

static void keeps_line_ends_tabs_marks_and_encodings(void **state)
{
	(void)state;
	assert_mended("import pytest\r\nclass TestA:\r\n\tdef test_a(self, db): pass\r\n\tdef test_b(self): pass\r\n",
	              "import pytest\r\nclass TestA:\r\n\t@pytest.mark.pg\r\n\tdef test_a(self, db): pass\r\n\tdef "
	              "test_b(self): pass\r\n");
	assert_mended(
	        "import os\r\n\r\n\r\n"
	        "def test_a(db): pass\r\n"
	        "def test_b(db): pass\r\n",
	        "import os\r\nimport pytest\r\n\r\npytestmark = pytest.mark.pg\r\n\r\n\r\ndef test_a(db): pass\r\ndef "
	        "test_b(db): pass\r\n");
	assert_mended("\xef\xbb\xbf" DB, "\xef\xbb\xbfimport pytest\n\n\n@pytest.mark.pg\n" DB);
	assert_mended(
	        "# coding: latin-1\nimport pytest\nNAME = '\xe9'\ndef test_a(db): pass\ndef test_b(): '\xff'\n",
	        "# coding: latin-1\nimport pytest\nNAME = '\xe9'\n@pytest.mark.pg\ndef test_a(db): pass\ndef test_b(): "
	        "'\xff'\n");
	assert_mended("import pytest\rdef test_a(db): pass\rdef test_b(): pass\r",
	              "import pytest\r@pytest.mark.pg\rdef test_a(db): pass\rdef test_b(): pass\r");
	assert_mended("import pytest\ndef test_b(): pass\ndef test_a(db): pass",
	              "import pytest\ndef test_b(): pass\n@pytest.mark.pg\ndef test_a(db): pass");
}

/* ---- inheritance ---- */

static void marks_the_base_that_all_need(void **state)
{
	(void)state;
	assert_mended(
	        "import pytest\nclass Base:\n    def test_a(self, db): pass\n    def test_b(self, db): pass\nclass "
	        "TestA(Base): pass\nclass TestB(Base):\n    def test_c(self): pass\n",
	        "import pytest\nclass Base:\n    @pytest.mark.pg\n    def test_a(self, db): pass\n    @pytest.mark.pg\n    "
	        "def test_b(self, db): pass\nclass TestA(Base): pass\nclass TestB(Base):\n    def test_c(self): pass\n");
}

static void marks_the_class_that_gives_an_inherited_test_its_need(void **state)
{
	(void)state;
	assert_mended(
	        "import pytest\nclass Base:\n    def test_a(self, it): pass\nclass TestA(Base):\n    @pytest.fixture\n"
	        "    def it(self, db): pass\nclass TestB(Base):\n    @pytest.fixture\n    def it(self): pass\n",
	        "import pytest\nclass Base:\n    def test_a(self, it): pass\n@pytest.mark.pg\nclass TestA(Base):\n    "
	        "@pytest.fixture\n    def it(self, db): pass\nclass TestB(Base):\n    @pytest.fixture\n    def it(self): "
	        "pass\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(marks_a_function_alone),
	        cmocka_unit_test(marks_the_module_when_all_its_tests_need_it),
	        cmocka_unit_test(marks_a_class_when_all_its_tests_need_it),
	        cmocka_unit_test(marks_one_of_several_where_another_must_not_be),
	        cmocka_unit_test(reaches_nested_classes_by_the_outer_one),
	        cmocka_unit_test(stands_above_other_decorators_and_below_staticmethod),
	        cmocka_unit_test(repeats_less_than_it_saves),
	        cmocka_unit_test(extends_a_pytestmark_in_its_form),
	        cmocka_unit_test(extends_a_column_by_a_line),
	        cmocka_unit_test(extends_the_pytestmark_of_a_class),
	        cmocka_unit_test(spells_marks_as_the_file_does),
	        cmocka_unit_test(imports_pytest_where_it_belongs),
	        cmocka_unit_test(stays_out_of_blocks_that_may_not_run),
	        cmocka_unit_test(follows_an_import_that_stands_further_down),
	        cmocka_unit_test(keeps_line_ends_tabs_marks_and_encodings),
	        cmocka_unit_test(marks_the_base_that_all_need),
	        cmocka_unit_test(marks_the_class_that_gives_an_inherited_test_its_need),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
