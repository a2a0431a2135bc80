/* Hooks of conftests, and the test as they and request.node see it. */
#include "telling.h"

static const char probes[] = "import socket\n"
                             "def redis_up():\n"
                             "    try:\n"
                             "        socket.create_connection(('localhost', 6379)).close()\n"
                             "        return True\n"
                             "    except OSError:\n"
                             "        return False\n";

static void tells_under(const char *conftest, const char *text, const char *story)
{
	tells_of((struct source[]){{"probes.py", probes},
	                           {"tests/conftest.py", conftest},
	                           {"tests/test_x.py", text},
	                           {NULL, NULL}},
	         story);
}

static void runs_what_a_session_begins_with(void **state)
{
	(void)state;
	tells_under("import socket\n"
	            "def pytest_sessionstart(session):\n"
	            "    socket.create_connection(('localhost', 6379))\n",
	            "def test_a(): pass\n", "test_a: redis requires");
	tells_under("import socket\n"
	            "def pytest_configure(config):\n"
	            "    if config.getoption('--live'):\n"
	            "        socket.create_connection(('localhost', 6379))\n",
	            "def test_a(): pass\n", "test_a:");
}

static const char skipping[] = "import pytest, probes\n"
                               "def pytest_runtest_setup(item):\n"
                               "    if item.get_closest_marker('live') and not probes.redis_up():\n"
                               "        pytest.skip('no redis')\n";

static void skips_the_tests_that_carry_the_mark(void **state)
{
	(void)state;
	tells_under(skipping,
	            "import pytest\n"
	            "@pytest.mark.live\n"
	            "def test_a(): pass\n"
	            "def test_b(): pass\n",
	            "test_a: redis requires; test_b:");
}

static void adds_skips_to_the_items_it_goes_through(void **state)
{
	(void)state;
	tells_under("import pytest, probes\n"
	            "def pytest_collection_modifyitems(config, items):\n"
	            "    if probes.redis_up():\n"
	            "        return\n"
	            "    for item in items:\n"
	            "        if 'live' in item.keywords:\n"
	            "            item.add_marker(pytest.mark.skip(reason='no redis'))\n",
	            "def test_b(): pass\n", "test_b:");
	tells_under("import pytest, probes\n"
	            "def pytest_collection_modifyitems(config, items):\n"
	            "    skip = pytest.mark.skip(reason='no redis')\n"
	            "    if not probes.redis_up():\n"
	            "        for item in items:\n"
	            "            if 'live' in item.keywords:\n"
	            "                item.add_marker(skip)\n",
	            "import pytest\n"
	            "@pytest.mark.live\n"
	            "def test_a(): pass\n",
	            "test_a: redis requires");
}

static void gives_fixtures_the_marks_of_their_test(void **state)
{
	(void)state;
	tells_under("import socket, pytest\n"
	            "@pytest.fixture(autouse=True)\n"
	            "def backend(request):\n"
	            "    mark = request.node.get_closest_marker('backend')\n"
	            "    if mark is None:\n"
	            "        return None\n"
	            "    port = {'redis': 6379, 'postgres': 5432}[mark.args[0]]\n"
	            "    return socket.create_connection(('localhost', port))\n",
	            "import pytest\n"
	            "def test_a(): pass\n"
	            "@pytest.mark.backend('redis')\n"
	            "def test_b(): pass\n"
	            "@pytest.mark.backend('postgres')\n"
	            "def test_c(): pass\n",
	            "test_a:; test_b: redis requires; test_c: postgres requires");
	tells_under("import socket, pytest\n"
	            "@pytest.fixture(autouse=True)\n"
	            "def backends(request):\n"
	            "    for mark in request.node.iter_markers('port'):\n"
	            "        socket.create_connection(('localhost', mark.kwargs['number']))\n",
	            "import pytest\n"
	            "def test_a(): pass\n"
	            "@pytest.mark.port(number=6379)\n"
	            "def test_b(): pass\n",
	            "test_a:; test_b: redis requires");
}

static void does_not_say_that_a_mark_is_absent_where_marks_are_added(void **state)
{
	(void)state;
	tells_under("import pytest, probes\n"
	            "def pytest_itemcollected(item):\n"
	            "    item.add_marker(pytest.mark.live)\n"
	            "@pytest.fixture(autouse=True)\n"
	            "def live(request):\n"
	            "    if request.node.get_closest_marker('live') and not probes.redis_up():\n"
	            "        pytest.skip('no redis')\n",
	            "def test_a(): pass\n", "test_a: redis requires");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(runs_what_a_session_begins_with),
	        cmocka_unit_test(skips_the_tests_that_carry_the_mark),
	        cmocka_unit_test(adds_skips_to_the_items_it_goes_through),
	        cmocka_unit_test(gives_fixtures_the_marks_of_their_test),
	        cmocka_unit_test(does_not_say_that_a_mark_is_absent_where_marks_are_added),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
