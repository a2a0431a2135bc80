/* Markers that go, and what is left to a person. */
#include "mending.h"

static void takes_out_a_decorator_with_its_line(void **state)
{
	(void)state;
	assert_mended("import pytest\n@pytest.mark.slow\n@pytest.mark.pg  # once\ndef test_a(): pass\n",
	              "import pytest\n@pytest.mark.slow\ndef test_a(): pass\n");
	assert_mended(
	        "import pytest\n@pytest.mark.pg(\n    'why',  # )\n)\n# kept\nclass TestA:\n    def test_a(self): pass\n",
	        "import pytest\n# kept\nclass TestA:\n    def test_a(self): pass\n");
	assert_mended("from pytest import mark\n@mark.pg\ndef test_a(): pass\n",
	              "from pytest import mark\ndef test_a(): pass\n");
}

static void puts_the_right_marker_for_a_wrong_one(void **state)
{
	(void)state;
	assert_mended("import pytest\n@pytest.mark.pg\ndef test_a(cache): pass\n",
	              "import pytest\n@pytest.mark.redis_up\ndef test_a(cache): pass\n");
	assert_mended(
	        "import pytest\npytestmark = pytest.mark.pg\ndef test_a(cache): pass\ndef test_b(cache): pass\n",
	        "import pytest\npytestmark = pytest.mark.redis_up\ndef test_a(cache): pass\ndef test_b(cache): pass\n");
	assert_mended(
	        "import pytest\npytestmark = [pytest.mark.pg]\ndef test_a(cache): pass\ndef test_b(cache): pass\n",
	        "import pytest\npytestmark = [pytest.mark.redis_up]\ndef test_a(cache): pass\ndef test_b(cache): pass\n");
}

static void takes_a_pytestmark_out_with_its_blank_line(void **state)
{
	(void)state;
	assert_mended("import pytest\n\npytestmark = pytest.mark.pg\n\n\ndef test_a(): pass\n",
	              "import pytest\n\n\ndef test_a(): pass\n");
	assert_mended("import pytest\n\npytestmark = [\n    pytest.mark.pg,\n]\n\n\ndef test_a(): pass\n",
	              "import pytest\n\n\ndef test_a(): pass\n");
	assert_mended("import pytest\nclass TestA:\n    pytestmark = pytest.mark.pg\n    def test_a(self): pass\n",
	              "import pytest\nclass TestA:\n    def test_a(self): pass\n");
}

static void takes_an_item_out_of_a_list(void **state)
{
	(void)state;
	assert_mended("import pytest\npytestmark = [pytest.mark.pg, pytest.mark.slow]\ndef test_a(): pass\n",
	              "import pytest\npytestmark = [pytest.mark.slow]\ndef test_a(): pass\n");
	assert_mended("import pytest\npytestmark = [pytest.mark.slow, pytest.mark.pg,]\ndef test_a(): pass\n",
	              "import pytest\npytestmark = [pytest.mark.slow,]\ndef test_a(): pass\n");
	assert_mended(
	        "import pytest\npytestmark = [pytest.mark.slow, pytest.mark.pg, pytest.mark.redis_up]\ndef test_a(): pass\n",
	        "import pytest\npytestmark = [pytest.mark.slow]\ndef test_a(): pass\n");
	assert_mended(
	        "import pytest\npytestmark = [\n    pytest.mark.pg,  # once\n    pytest.mark.slow,\n]\ndef test_a(): pass\n",
	        "import pytest\npytestmark = [\n    pytest.mark.slow,\n]\ndef test_a(): pass\n");
	assert_mended(
	        "import pytest\npytestmark = [pytest.mark.slow, pytest.mark.pg]\ndef test_a(cache): pass\ndef test_b(cache): pass\n",
	        "import pytest\npytestmark = [pytest.mark.slow, pytest.mark.redis_up]\ndef test_a(cache): pass\ndef "
	        "test_b(cache): pass\n");
}

/* ---- what stays ---- */

static void keeps_a_marker_that_one_of_its_tests_needs(void **state)
{
	(void)state;
	assert_mended(
	        "import pytest\n@pytest.mark.pg\nclass TestA:\n    def test_a(self, db): pass\n    def test_b(self): pass\n",
	        "import pytest\n@pytest.mark.pg\nclass TestA:\n    def test_a(self, db): pass\n    def test_b(self): pass\n");
}

static void obeys_those_who_silence_a_rule(void **state)
{
	(void)state;
	assert_mended("import pytest\ndef test_a(db): pass  # lanewright: ignore[LW101] by hand\n",
	              "import pytest\ndef test_a(db): pass  # lanewright: ignore[LW101] by hand\n");
	assert_mended("import pytest\n@pytest.mark.pg  # lanewright: ignore[LW102] by hand\ndef test_a(): pass\n",
	              "import pytest\n@pytest.mark.pg  # lanewright: ignore[LW102] by hand\ndef test_a(): pass\n");
	const struct source files[] = {
	        {"conftest.py", MENDING_CONFTEST}, {"test_a.py", "def test_a(db): pass\n"}, {NULL, NULL}};
	struct mending m = mending_files(MENDING_CONFIG "[audit.rules]\nLW101 = \"off\"\n", files);
	assert_int_equal(m.marking.changes.n, 0);
	resolving_end(m.r);
}

static void leaves_tests_alone_that_never_run(void **state)
{
	(void)state;
	assert_mended("import pytest\n@pytest.mark.skip(reason='never')\ndef test_a(db): pass\n",
	              "import pytest\n@pytest.mark.skip(reason='never')\ndef test_a(db): pass\n");
}

static void knows_nothing_of_services_without_a_marker(void **state)
{
	(void)state;
	const struct source files[] = {
	        {"conftest.py", MENDING_CONFTEST}, {"test_a.py", "def test_a(db): pass\n"}, {NULL, NULL}};
	struct mending m = mending_files("[services.redis]\nmarker = \"redis_up\"\n", files);
	assert_int_equal(m.marking.changes.n, 0);
	resolving_end(m.r);
	m = mending_files("[services.postgres]\nmarker = \"pg\"\nbase = true\n", files);
	assert_int_equal(m.marking.changes.n, 0);
	resolving_end(m.r);
}

/* ---- what a person must do ---- */

#define CONDITION "import os\nimport pytest\nif os.name == 'nt':\n    pytestmark = pytest.mark.%s\n"

static void goes_around_a_pytestmark_under_a_condition(void **state)
{
	(void)state;
	assert_mended(
	        "import os\nimport pytest\nif os.name == 'nt':\n    pytestmark = pytest.mark.slow\ndef test_a(db): "
	        "pass\ndef test_b(db): pass\n",
	        "import os\nimport pytest\nif os.name == 'nt':\n    pytestmark = pytest.mark.slow\n@pytest.mark.pg\ndef "
	        "test_a(db): pass\n@pytest.mark.pg\ndef test_b(db): pass\n");
	const char *same =
	        "import os\nimport pytest\nif os.name == 'nt':\n    pytestmark = pytest.mark.pg\ndef test_a(db): pass\n";
	assert_refused(same, same, "counts only sometimes");
	const char *other =
	        "import os\nimport pytest\nif os.name == 'nt':\n    pytestmark = pytest.mark.pg\ndef test_a(): pass\n";
	assert_refused(other, other, "has no use and stays: pytestmark is set under a condition");
}

static void refuses_one_of_several_services(void **state)
{
	(void)state;
	const char *text = "import urllib.request as u\ndef test_a():\n    u.urlopen('http://localhost:9200/')\n";
	const struct source files[] = {{"conftest.py", MENDING_CONFTEST}, {"test_a.py", text}, {NULL, NULL}};
	struct mending m = mending_files(
	        "[services.elasticsearch]\nmarker = \"es\"\n[services.opensearch]\nmarker = \"os\"\n", files);
	assert_int_equal(m.marking.changes.n, 0);
	mending_told(&m, "needs one of elasticsearch, opensearch");
	resolving_end(m.r);
}

static void refuses_services_that_differ_from_case_to_case(void **state)
{
	(void)state;
	const char *text = "import pytest\n@pytest.mark.parametrize('kind', ['postgres', 'redis'])\n"
	                   "def test_a(kind, db, cache): pass\n";
	assert_refused(text, text, "in some of its cases only");
	text = "import pytest\n@pytest.mark.parametrize('n', [pytest.param(1, marks=pytest.mark.pg), 2])\n"
	       "def test_a(n, db): pass\n";
	assert_refused(text, text, "in some of its cases only");
}

static void refuses_what_is_only_possible(void **state)
{
	(void)state;
	const char *text = "import pytest\nimport sys\ndef test_a(request):\n    request.getfixturevalue(sys.argv[1])\n"
	                   "@pytest.mark.pg\ndef test_b(db): pass\n";
	assert_refused(text, text, "may need postgres, since its code is computed");
}

static void refuses_a_function_that_others_run_too(void **state)
{
	(void)state;
	const struct source files[] = {
	        {"base.py", "class Base:\n    def test_a(self, it): pass\n    def test_b(self): pass\n"},
	        {"conftest.py", MENDING_CONFTEST},
	        {"test_a.py",
	         "import pytest\nfrom base import Base\nclass TestA(Base):\n    @pytest.fixture\n    def it(self, db): "
	         "pass\n"},
	        {"test_b.py",
	         "import pytest\nfrom base import Base\nclass TestB(Base):\n    @pytest.fixture\n    def it(self): "
	         "pass\n"},
	        {NULL, NULL},
	};
	struct mending m = mending_files(MENDING_CONFIG, files);
	assert_int_equal(m.marking.changes.n, 0);
	mending_told(&m, "test_b.py::TestB::test_a runs the same function and must not carry it");
	resolving_end(m.r);
}

static void refuses_names_and_aliases_it_cannot_follow(void **state)
{
	(void)state;
	const char *text = "import pytest\nneeds = pytest.mark.pg\n@needs\ndef test_a(): pass\n";
	assert_refused(text, text, "it comes by another name");
	text = "pytest = None\ndef test_a(db): pass\n";
	assert_refused(text, text, "the name pytest is taken");
	text = "import pytest\npytestmark = pytest.mark.pg; x = 1\ndef test_a(): pass\n";
	assert_refused(text, text, "shares its line");
}

static void refuses_files_that_are_not_understood(void **state)
{
	(void)state;
	const char *text = "def test_a(db): pass\nx = = 1\n";
	assert_refused(text, text, "line 2 of the file is not understood");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(takes_out_a_decorator_with_its_line),
	        cmocka_unit_test(puts_the_right_marker_for_a_wrong_one),
	        cmocka_unit_test(takes_a_pytestmark_out_with_its_blank_line),
	        cmocka_unit_test(takes_an_item_out_of_a_list),
	        cmocka_unit_test(keeps_a_marker_that_one_of_its_tests_needs),
	        cmocka_unit_test(obeys_those_who_silence_a_rule),
	        cmocka_unit_test(leaves_tests_alone_that_never_run),
	        cmocka_unit_test(knows_nothing_of_services_without_a_marker),
	        cmocka_unit_test(goes_around_a_pytestmark_under_a_condition),
	        cmocka_unit_test(refuses_one_of_several_services),
	        cmocka_unit_test(refuses_services_that_differ_from_case_to_case),
	        cmocka_unit_test(refuses_what_is_only_possible),
	        cmocka_unit_test(refuses_a_function_that_others_run_too),
	        cmocka_unit_test(refuses_names_and_aliases_it_cannot_follow),
	        cmocka_unit_test(refuses_files_that_are_not_understood),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
