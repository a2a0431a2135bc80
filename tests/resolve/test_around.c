/* What stands around a test and runs with it: teardown, cleanups, marks of one case, fixtures that a class replaces or a
 * decorator wraps.  The smallest suites that tools/oracle found misread. */
#include "telling.h"

static void tears_down_what_belongs_to_one_test(void **state)
{
	(void)state;
	tells("import socket, unittest\n"
	      "def dial(host): socket.create_connection((host, 6379))\n"
	      "class TestA:\n"
	      "    def teardown_method(self): dial('redis')\n"
	      "    def test_a(self): pass\n"
	      "class CaseB(unittest.TestCase):\n"
	      "    def tearDown(self): dial('redis')\n"
	      "    def test_b(self): pass\n"
	      "class CaseC(unittest.TestCase):\n"
	      "    def test_c(self): self.addCleanup(dial, 'redis')\n"
	      "    def test_d(self): pass\n",
	      "test_a: redis requires; test_b: redis requires; test_c: redis requires; test_d:");
}

static void runs_setup_function_for_functions_outside_of_classes(void **state)
{
	(void)state;
	tells("import socket\n"
	      "def setup_function(): socket.create_connection(('redis', 6379))\n"
	      "def test_a(): pass\n"
	      "class TestB:\n"
	      "    def test_b(self): pass\n",
	      "test_a: redis requires; test_b:");
}

static void gates_a_test_on_the_mark_of_one_of_its_cases(void **state)
{
	(void)state;
	tells("import socket, pytest\n"
	      "def up():\n"
	      "    try:\n"
	      "        socket.create_connection(('redis', 6379))\n"
	      "        return True\n"
	      "    except OSError:\n"
	      "        return False\n"
	      "away = pytest.mark.skipif(not up(), reason='')\n"
	      "@pytest.mark.parametrize('n', [pytest.param(1, marks=pytest.mark.skipif(not up(), reason='')), 2])\n"
	      "def test_a(n): pass\n"
	      "@pytest.mark.parametrize('n', [pytest.param(1, marks=[away]), 2])\n"
	      "def test_b(n): pass\n"
	      "@pytest.mark.parametrize('n', [pytest.param(1, marks=pytest.mark.slow), 2])\n"
	      "def test_c(n): pass\n",
	      "test_a: redis requires; test_b: redis requires; test_c:");
}

static void leaves_out_a_fixture_that_the_class_has_replaced(void **state)
{
	(void)state;
	tells("import socket, pytest\n"
	      "class Shared:\n"
	      "    @pytest.fixture(autouse=True)\n"
	      "    def prepare(self): socket.create_connection(('redis', 6379))\n"
	      "class TestA(Shared):\n"
	      "    def prepare(self): pass\n"
	      "    def test_a(self): pass\n"
	      "class TestB(Shared):\n"
	      "    def test_b(self): pass\n",
	      "test_a:; test_b: redis requires");
}

static void runs_the_decorators_of_a_fixture(void **state)
{
	(void)state;
	tells("import functools, socket, pytest\n"
	      "def connected(function):\n"
	      "    @functools.wraps(function)\n"
	      "    def inside(*args, **kwargs):\n"
	      "        socket.create_connection(('redis', 6379))\n"
	      "        return function(*args, **kwargs)\n"
	      "    return inside\n"
	      "@pytest.fixture\n"
	      "@connected\n"
	      "def client(): pass\n"
	      "def test_a(client): pass\n",
	      "test_a: redis requires");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tears_down_what_belongs_to_one_test),
	        cmocka_unit_test(runs_setup_function_for_functions_outside_of_classes),
	        cmocka_unit_test(gates_a_test_on_the_mark_of_one_of_its_cases),
	        cmocka_unit_test(leaves_out_a_fixture_that_the_class_has_replaced),
	        cmocka_unit_test(runs_the_decorators_of_a_fixture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
