/* What frameworks and their plugins do behind a test's back: the smallest suite of each. */
#include "telling.h"

static void takes_what_a_mocker_makes_for_doubles(void **state)
{
	(void)state;
	tells("import redis\n"
	      "def open(pool=None):\n"
	      "    if pool:\n"
	      "        return pool\n"
	      "    redis.Redis('cache').ping()\n"
	      "def test_a(mocker): open(mocker.Mock())\n"
	      "def test_b(mocker): open()\n",
	      "test_a:; test_b: redis probable");
}

static void knows_the_base_that_a_class_is_called_after(void **state)
{
	(void)state;
	tells_with("cases.py",
	           "import redis, unittest\n"
	           "class Case(unittest.TestCase):\n"
	           "    def setUp(self):\n"
	           "        redis.Redis('cache').ping()\n",
	           "from cases import Case\n"
	           "class Case(Case):\n"
	           "    def setUp(self):\n"
	           "        super().setUp()\n"
	           "    def test_a(self): pass\n",
	           "test_a: redis probable");
}

static void knows_the_pool_that_connects_when_it_is_made(void **state)
{
	(void)state;
	tells("from psycopg2.pool import ThreadedConnectionPool\n"
	      "from psycopg_pool import ConnectionPool\n"
	      "def test_a(): ThreadedConnectionPool(1, 5, 'postgresql://localhost/x')\n"
	      "def test_b(): ConnectionPool('postgresql://localhost/x', open=False)\n",
	      "test_a: postgres requires; test_b:");
}

static void knows_a_connection_that_was_named_elsewhere(void **state)
{
	(void)state;
	tells("import unittest\n"
	      "from elasticsearch.dsl.connections import connections\n"
	      "def is_online():\n"
	      "    return connections.get_connection('default').ping()\n"
	      "@unittest.skipUnless(is_online(), 'offline')\n"
	      "class TestA(unittest.TestCase):\n"
	      "    def test_a(self): pass\n",
	      "test_a: elasticsearch requires");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(takes_what_a_mocker_makes_for_doubles),
	        cmocka_unit_test(knows_the_base_that_a_class_is_called_after),
	        cmocka_unit_test(knows_the_pool_that_connects_when_it_is_made),
	        cmocka_unit_test(knows_a_connection_that_was_named_elsewhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
