/* Who catches the failure of a call, what an import runs, what a mark hands to a fixture: the smallest suites that tools/oracle found misread. */
#include "telling.h"

static const char raises_another[] = "import socket\n"
                                     "class Away(Exception): pass\n"
                                     "def work():\n"
                                     "    try:\n"
                                     "        socket.create_connection(('redis', 6379))\n"
                                     "    except OSError as error:\n"
                                     "        raise Away('away') from error\n";

static void follows_the_exception_that_a_handler_raises(void **state)
{
	(void)state;
	tells_with("app.py", raises_another,
	           "import app, pytest\n"
	           "def test_a():\n"
	           "    try:\n"
	           "        app.work()\n"
	           "    except OSError:\n"
	           "        pass\n"
	           "def test_b():\n"
	           "    try:\n"
	           "        app.work()\n"
	           "    except (KeyError, app.Away):\n"
	           "        pass\n"
	           "def test_c():\n"
	           "    try:\n"
	           "        app.work()\n"
	           "    except app.Away:\n"
	           "        pytest.skip('away')\n",
	           "test_a: redis requires; test_b: redis probable; test_c: redis requires");
}

static void swallows_no_refusal_where_another_error_is_caught(void **state)
{
	(void)state;
	tells("import contextlib, socket\n"
	      "def test_a():\n"
	      "    try:\n"
	      "        socket.create_connection(('redis', 6379))\n"
	      "    except KeyError:\n"
	      "        pass\n"
	      "def test_b():\n"
	      "    try:\n"
	      "        socket.create_connection(('redis', 6379))\n"
	      "    except IOError:\n"
	      "        pass\n"
	      "def test_c():\n"
	      "    with contextlib.suppress(ValueError):\n"
	      "        socket.create_connection(('redis', 6379))\n"
	      "def test_d():\n"
	      "    with contextlib.suppress(OSError):\n"
	      "        socket.create_connection(('redis', 6379))\n",
	      "test_a: redis requires; test_b: redis probable; test_c: redis requires; test_d: redis probable");
}

static void stops_the_import_with_what_its_probe_does_not_catch(void **state)
{
	(void)state;
	tells_with("app.py", raises_another,
	           "import app\n"
	           "def up():\n"
	           "    try:\n"
	           "        app.work()\n"
	           "        return True\n"
	           "    except OSError:\n"
	           "        return False\n"
	           "UP = up()\n"
	           "def test_a(): pass\n",
	           "test_a: redis requires");
}

static void runs_decorators_and_class_bodies_on_import(void **state)
{
	(void)state;
	tells_of((struct source[]){{"app.py", raises_another},
	                           {"tests/test_x.py", "import app\n"
	                                               "def gated():\n"
	                                               "    app.work()\n"
	                                               "    return lambda f: f\n"
	                                               "class TestA:\n"
	                                               "    @gated()\n"
	                                               "    def test_a(self): pass\n"
	                                               "def test_b(): pass\n"},
	                           {"tests/test_y.py", "import app\n"
	                                               "class TestC:\n"
	                                               "    app.work()\n"
	                                               "    def test_c(self): pass\n"
	                                               "def test_d(): pass\n"},
	                           {"tests/test_z.py", "import app\n"
	                                               "def never():\n"
	                                               "    class Inner:\n"
	                                               "        app.work()\n"
	                                               "def test_e(): pass\n"},
	                           {NULL, NULL}},
	         "test_a: redis requires; test_b: redis requires; test_c: redis requires; test_d: redis requires; "
	         "test_e:");
}

static void does_not_use_a_client_that_it_only_looks_at(void **state)
{
	(void)state;
	tells("import redis, shelf\n"
	      "def test_a():\n"
	      "    client = redis.Redis('cache')\n"
	      "    assert float(client)\n"
	      "def test_b():\n"
	      "    client = redis.Redis('cache')\n"
	      "    shelf.fill(client)\n",
	      "test_a:; test_b: redis probable");
}

static void gives_a_fixture_the_params_of_an_indirect_mark(void **state)
{
	(void)state;
	tells("import socket, pytest\n"
	      "@pytest.fixture\n"
	      "def backend(request):\n"
	      "    socket.create_connection(('localhost', request.param))\n"
	      "@pytest.mark.parametrize('backend', [6379], indirect=True)\n"
	      "def test_a(backend): pass\n"
	      "@pytest.mark.parametrize('backend', [5432], indirect=['backend'])\n"
	      "def test_b(backend): pass\n",
	      "test_a: redis requires; test_b: postgres requires");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(follows_the_exception_that_a_handler_raises),
	        cmocka_unit_test(swallows_no_refusal_where_another_error_is_caught),
	        cmocka_unit_test(stops_the_import_with_what_its_probe_does_not_catch),
	        cmocka_unit_test(runs_decorators_and_class_bodies_on_import),
	        cmocka_unit_test(does_not_use_a_client_that_it_only_looks_at),
	        cmocka_unit_test(gives_a_fixture_the_params_of_an_indirect_mark),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
