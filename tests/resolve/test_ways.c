/* Ways to a service and past it that tools/oracle found the engine to misread: the smallest suite of each. */
#include "telling.h"

static void takes_of_a_table_the_rows_that_params_name(void **state)
{
	(void)state;
	tells("import socket, pytest\n"
	      "TABLE = {'a': ('localhost', 5432), 'b': ('localhost', 6379)}\n"
	      "@pytest.fixture(params=['b'])\n"
	      "def one(request):\n"
	      "    socket.create_connection(TABLE[request.param])\n"
	      "@pytest.fixture(params=['a'])\n"
	      "def two(request):\n"
	      "    socket.create_connection(TABLE[request.param])\n"
	      "def test_a(one): pass\n"
	      "def test_b(two): pass\n",
	      "test_a: redis requires; test_b: postgres requires");
}

static const char opens_and_asserts[] = "import socket\n"
                                        "def work():\n"
                                        "    with socket.create_connection(('localhost', 6379)) as s:\n"
                                        "        assert s\n"
                                        "def up():\n"
                                        "    try:\n"
                                        "        work()\n"
                                        "        return True\n"
                                        "    except OSError:\n"
                                        "        return False\n"
                                        "UP = up()\n";

static void swallows_an_assert_with_the_failure_before_it(void **state)
{
	(void)state;
	tells_with("probes.py", opens_and_asserts,
	           "import pytest, probes\n"
	           "def test_a():\n"
	           "    probes.up() in (True, False)\n"
	           "def test_b():\n"
	           "    if not probes.UP:\n"
	           "        pytest.skip('away')\n"
	           "def test_c(): pass\n",
	           "test_a: redis probable; test_b: redis requires; test_c:");
}

static void knows_that_connect_ex_raises_nothing(void **state)
{
	(void)state;
	tells("import socket, pytest\n"
	      "def up():\n"
	      "    with socket.socket() as s:\n"
	      "        return s.connect_ex(('redis', 6379)) == 0\n"
	      "gated = pytest.mark.skipif(not up(), reason='')\n"
	      "@gated\n"
	      "def test_a(): pass\n"
	      "def test_b(): pass\n",
	      "test_a: redis requires; test_b:");
}

static void reads_marks_that_functions_make(void **state)
{
	(void)state;
	tells("import socket, pytest\n"
	      "def up():\n"
	      "    try:\n"
	      "        socket.create_connection(('redis', 6379))\n"
	      "        return True\n"
	      "    except OSError:\n"
	      "        return False\n"
	      "def gated():\n"
	      "    return pytest.mark.skipif(not up(), reason='')\n"
	      "@gated()\n"
	      "def test_a(): pass\n"
	      "class TestB:\n"
	      "    pytestmark = [gated()]\n"
	      "    def test_b(self): pass\n"
	      "def test_c(): pass\n",
	      "test_a: redis requires; test_b: redis requires; test_c:");
}

static void reads_marks_that_are_appended(void **state)
{
	(void)state;
	tells("import os, pytest\n"
	      "pytestmark = []\n"
	      "pytestmark.append(pytest.mark.skipif('REDIS_URL' not in os.environ, reason=''))\n"
	      "def test_a(): pass\n",
	      "test_a: redis requires");
}

static void gives_a_constructor_its_defaults(void **state)
{
	(void)state;
	tells("import socket\n"
	      "class Settings:\n"
	      "    def __init__(self, host='redis', port=None):\n"
	      "        self.host = host\n"
	      "settings = Settings()\n"
	      "def test_a(): socket.create_connection((settings.host, 1))\n",
	      "test_a: redis requires");
}

static void sees_a_factory_that_is_replaced(void **state)
{
	(void)state;
	tells_with("app.py",
	           "import socket\n"
	           "class Client:\n"
	           "    def ping(self):\n"
	           "        socket.create_connection(('redis', 6379))\n"
	           "def make():\n"
	           "    return Client()\n"
	           "def use():\n"
	           "    client = make()\n"
	           "    client.ping()\n",
	           "import app\n"
	           "def test_a(monkeypatch):\n"
	           "    monkeypatch.setattr(app, 'make', lambda: 1)\n"
	           "    app.use()\n"
	           "def test_b(): app.use()\n",
	           "test_a: redis mocked; test_b: redis requires");
}

static void ends_a_patch_with_its_block(void **state)
{
	(void)state;
	tells("import socket\n"
	      "from unittest import mock\n"
	      "def test_a():\n"
	      "    with mock.patch('socket.create_connection'):\n"
	      "        socket.create_connection(('redis', 6379))\n"
	      "def test_b():\n"
	      "    with mock.patch('socket.create_connection'):\n"
	      "        pass\n"
	      "    socket.create_connection(('redis', 6379))\n",
	      "test_a: redis mocked; test_b: redis requires");
}

static void patches_after_the_fixtures_are_made(void **state)
{
	(void)state;
	tells("import pytest, socket\n"
	      "from unittest import mock\n"
	      "@pytest.fixture\n"
	      "def cache(): socket.create_connection(('redis', 6379))\n"
	      "@mock.patch('socket.create_connection')\n"
	      "def test_a(double, cache): socket.create_connection(('localhost', 5432))\n",
	      "test_a: postgres mocked, redis requires");
}

static void lets_an_import_stop_the_importer(void **state)
{
	(void)state;
	static const char driver[] = "import socket\n"
	                             "def up():\n"
	                             "    try:\n"
	                             "        socket.create_connection(('redis', 6379))\n"
	                             "        return True\n"
	                             "    except OSError:\n"
	                             "        return False\n"
	                             "if not up():\n"
	                             "    raise ImportError('away')\n"
	                             "if __name__ == '__main__':\n"
	                             "    socket.create_connection(('localhost', 5432))\n";
	tells_with("driver.py", driver,
	           "import pytest\n"
	           "driver = pytest.importorskip('driver')\n"
	           "def test_a(): pass\n",
	           "test_a: redis requires");
	/* Two modules that import each other, reached from either side. */
	tells_of((struct source[]){{"a.py", "import b\nimport driver\n"},
	                           {"b.py", "import a\n"},
	                           {"driver.py", driver},
	                           {"tests/test_x.py", "import a\ndef test_a(): pass\n"},
	                           {"tests/test_y.py", "import b\ndef test_b(): pass\n"},
	                           {"tests/test_z.py", "def test_c(): pass\n"},
	                           {NULL, NULL}},
	         "test_a: redis requires; test_b: redis requires; test_c:");
}

static void calls_nothing_that_is_only_looked_at(void **state)
{
	(void)state;
	tells("import http.client, socket\n"
	      "def never(): socket.create_connection(('redis', 6379))\n"
	      "def test_a(): assert callable(never)\n"
	      "def test_b(): assert http.client.HTTPConnection('redis', 6379)\n"
	      "def test_c(): http.client.HTTPConnection('redis', 6379).request('GET', '/')\n",
	      "test_a:; test_b:; test_c: redis probable");
}

/* A sum was once worked out twice for each of its operands, and so took 2^n steps. */
static void puts_a_long_sum_together_once(void **state)
{
	(void)state;
	struct buf code = {0};
	struct arena memory;
	arena_init(&memory, NULL);
	buf_init(&code, &memory);
	buf_add(&code, STR("import redis\nURL = 'redis://'"));
	for (int i = 0; i < 2000; i++)
		buf_add(&code, STR(" + ''"));
	buf_add(&code, STR(" + 'cache:6379'\n"
	                   "def test_a(): redis.Redis.from_url(URL).ping()\n"));
	buf_char(&code, 0);
	tells(code.at, "test_a: redis probable");
	arena_free(&memory);
}

/* Eight items unrolled in each of twelve: 8^12 elements, if nobody counted. */
static void leaves_a_deep_comprehension_unfinished(void **state)
{
	(void)state;
	tells("import redis\n"
	      "def test_a():\n"
	      "    x = [1, 2, 3, 4, 5, 6, 7, 8]\n"
	      "    redis.Redis('cache').ping()\n"
	      "    return [[[[[[[[[[[[i for i in x] for i in x] for i in x] for i in x] for i in x] for i in x]\n"
	      "            for i in x] for i in x] for i in x] for i in x] for i in x] for i in x]\n",
	      "test_a: redis probable");
}

/* What the tests of a file could need that makes them while it is imported; "" for nothing. */
static void could_need(const char *helper, const char *text, const char *names)
{
	const struct source files[] = {{"tests/conftest.py",
	                                "import psycopg, pytest\n"
	                                "@pytest.fixture\n"
	                                "def db():\n"
	                                "    return psycopg.connect('postgresql://localhost:5432/x')\n"},
	                               {"tests/helper.py", helper},
	                               {"tests/test_x.py", text},
	                               {NULL, NULL}};
	struct resolved *r = resolving(services, files);
	assert_int_equal(r->suite.hiding.n, 1);
	struct demand demand = needs_demand(&r->out, &r->needs.files[r->suite.hiding.at[0].file], GRADE_PROBABLE);
	struct str got = service_set_names(&r->out, &r->config.catalogue, demand.all, STR(", "));
	if (!str_eq(got, str_of(names)))
		fail_msg("%.*s is expected to be %s", STR_ARG(got), names);
	resolving_end(r);
}

static void gives_tests_without_a_name_all_that_is_possible(void **state)
{
	(void)state;
	could_need("", "globals()['test_a'] = print\n", "");
	could_need("", "def make():\n    def test(db): pass\n    return test\nglobals()['test_a'] = make()\n",
	           "postgres");
	could_need("", "exec(\"def test_a(db): pass\")\nNAMES = ['db']\n", "postgres");
	could_need("import redis\n"
	           "def make():\n"
	           "    def test():\n"
	           "        redis.Redis(host='localhost', port=6379).ping()\n"
	           "    return test\n"
	           "def other():\n    import psycopg; psycopg.connect('postgresql://localhost:5432/x')\n",
	           "from tests.helper import make\nglobals()['test_a'] = make()\n", "redis");
}

/* The steps are those of one definition: its callers and callees are followed as ever, and what uses the steps up is
 * an unknown of those who call it. */
static void says_which_definition_is_not_followed_to_its_end(void **state)
{
	(void)state;
	struct source files[] = {{"helper.py", "import redis\n"
	                                       "def long():\n"
	                                       "    x = [1, 2, 3, 4, 5, 6, 7, 8]\n"
	                                       "    for a in x:\n"
	                                       "        for b in x:\n"
	                                       "            for c in x:\n"
	                                       "                for d in x:\n"
	                                       "                    for e in x:\n"
	                                       "                        for f in x: pass\n"
	                                       "    redis.Redis('cache').ping()\n"
	                                       "def short(): redis.Redis('cache').ping()\n"},
	                         {"tests/test_x.py", "import helper, psycopg\n"
	                                             "def test_a(): helper.long()\n"
	                                             "def test_b(): helper.short()\n"
	                                             "def test_c(): psycopg.connect('postgresql://db')\n"
	                                             "def test_d(): assert 1\n"
	                                             "def test_e():\n"
	                                             "    helper.long()\n"
	                                             "    helper.short()\n"},
	                         {NULL, NULL}};
	tells_of(files, "test_a: postgres unknown, redis unknown; test_b: redis probable; test_c: postgres requires; "
	                "test_d:; test_e: postgres unknown, redis probable");
}

/* Two modules a layer, each of which takes all of both modules below: two to the twenty-fourth ways to the bottom, and
 * from there back to the top. */
static void looks_a_name_up_once_over_many_ways(void **state)
{
	enum { LAYERS = 24 };
	(void)state;
	struct source files[2 * LAYERS + 2] = {{0}};
	struct arena memory;
	arena_init(&memory, NULL);
	for (int i = 0; i < 2 * LAYERS; i++) {
		int below = (i / 2 + 1) % LAYERS;
		files[i].path = str_fmt(&memory, "m%d_%d.py", i / 2, i % 2).at;
		files[i].text =
		        str_fmt(&memory, "from m%d_0 import *\nfrom m%d_1 import *\n%s", below, below,
		                i == 2 * LAYERS - 1 ? "import redis\ndef use(): redis.Redis('cache').ping()\n" : "")
		                .at;
	}
	files[2 * LAYERS] = (struct source){"tests/test_x.py", "from m0_0 import *\n"
	                                                       "def test_a(): use()\n"
	                                                       "def test_b(): nowhere()\n"};
	tells_of(files, "test_a: redis probable; test_b:");
	arena_free(&memory);
}

static void runs_the_fixture_that_an_override_asks_for(void **state)
{
	(void)state;
	tells_of((struct source[]){{"conftest.py", "import pytest, redis\n"
	                                           "@pytest.fixture\n"
	                                           "def store(): return redis.Redis('cache').ping()\n"},
	                           {"tests/test_x.py", "import pytest\n"
	                                               "@pytest.fixture\n"
	                                               "def store(store): return 1\n"
	                                               "def test_a(store): pass\n"},
	                           {"tests/test_y.py", "import pytest\n"
	                                               "@pytest.fixture\n"
	                                               "def store(): return 1\n"
	                                               "def test_b(store): pass\n"},
	                           {NULL, NULL}},
	         "test_a: redis probable; test_b:");
}

static void sees_fixtures_of_the_plugin_that_setup_py_gives_to_pytest(void **state)
{
	(void)state;
	tells_of((struct source[]){{"shop/plugin.py", "import socket, pytest\n"
	                                              "@pytest.fixture\n"
	                                              "def stock():\n"
	                                              "    socket.create_connection(('localhost', 6379))\n"},
	                           {"setup.py", "from setuptools import setup\n"
	                                        "setup(name='shop', entry_points={'console_scripts': ['a = b'],\n"
	                                        "      'pytest11': ['shop = shop.plugin']})\n"},
	                           {"tests/test_x.py", "def test_a(stock): pass\ndef test_b(other): pass\n"},
	                           {NULL, NULL}},
	         "test_a: redis requires; test_b:");
}

static void imports_what_a_handler_would_replace(void **state)
{
	(void)state;
	tells_of((struct source[]){{"probes.py", "import socket\n"
	                                         "def check():\n"
	                                         "    with socket.socket() as s:\n"
	                                         "        return s.connect_ex(('localhost', 5432)) == 0\n"
	                                         "UP = check()\n"},
	                           {"driver.py", "try:\n"
	                                         "    from probes import UP as up\n"
	                                         "except ImportError:\n"
	                                         "    up = None\n"
	                                         "if not up:\n"
	                                         "    raise ImportError('away')\n"},
	                           {"tests/test_x.py", "import pytest\n"
	                                               "driver = pytest.importorskip('driver')\n"
	                                               "def test_a(): pass\n"},
	                           {NULL, NULL}},
	         "test_a: postgres requires");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(imports_what_a_handler_would_replace),
	        cmocka_unit_test(sees_fixtures_of_the_plugin_that_setup_py_gives_to_pytest),
	        cmocka_unit_test(takes_of_a_table_the_rows_that_params_name),
	        cmocka_unit_test(swallows_an_assert_with_the_failure_before_it),
	        cmocka_unit_test(knows_that_connect_ex_raises_nothing),
	        cmocka_unit_test(reads_marks_that_functions_make),
	        cmocka_unit_test(reads_marks_that_are_appended),
	        cmocka_unit_test(gives_a_constructor_its_defaults),
	        cmocka_unit_test(sees_a_factory_that_is_replaced),
	        cmocka_unit_test(ends_a_patch_with_its_block),
	        cmocka_unit_test(patches_after_the_fixtures_are_made),
	        cmocka_unit_test(lets_an_import_stop_the_importer),
	        cmocka_unit_test(calls_nothing_that_is_only_looked_at),
	        cmocka_unit_test(runs_the_fixture_that_an_override_asks_for),
	        cmocka_unit_test(puts_a_long_sum_together_once),
	        cmocka_unit_test(leaves_a_deep_comprehension_unfinished),
	        cmocka_unit_test(gives_tests_without_a_name_all_that_is_possible),
	        cmocka_unit_test(says_which_definition_is_not_followed_to_its_end),
	        cmocka_unit_test(looks_a_name_up_once_over_many_ways),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
