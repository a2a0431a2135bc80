/* Requires, or merely mentions: a small suite a rule, with what each of its tests needs. */
#include "telling.h"

static void requires_what_a_gate_dials(void **state)
{
	(void)state;
	tells("import socket, pytest\n"
	      "def up(host, port):\n"
	      "    try:\n"
	      "        socket.create_connection((host, port)).close()\n"
	      "        return True\n"
	      "    except OSError:\n"
	      "        return False\n"
	      "pytestmark = pytest.mark.skipif(not up('localhost', 5432), reason='no database')\n"
	      "def test_a(): pass\n",
	      "test_a: postgres requires");
	tells("import socket, pytest\n"
	      "def test_a():\n"
	      "    try:\n"
	      "        socket.create_connection(('redis', 6379))\n"
	      "    except OSError:\n"
	      "        pytest.skip('away')\n"
	      "def test_b():\n"
	      "    assert 1\n",
	      "test_a: redis requires; test_b:");
	tells("import os, pytest\n"
	      "@pytest.mark.skipif('REDIS_URL' not in os.environ, reason='x')\n"
	      "def test_a(): pass\n",
	      "test_a: redis requires");
}

static void follows_aliases_over_modules(void **state)
{
	(void)state;
	tells_with(
	        "gates.py",
	        "import pytest, urllib.request\n"
	        "def answers(url):\n"
	        "    try:\n"
	        "        return urllib.request.urlopen(url).status == 200\n"
	        "    except OSError:\n"
	        "        return False\n"
	        "needs_es = pytest.mark.skipif(not answers('http://elasticsearch:9200/_cluster/health'), reason='')\n",
	        "from gates import needs_es as es\n"
	        "@es\n"
	        "def test_a(): pass\n",
	        "test_a: elasticsearch requires");
}

static void takes_what_fixtures_do_not_what_files_name(void **state)
{
	(void)state;
	tells_with("tests/conftest.py",
	           "import pytest, psycopg, redis\n"
	           "DATABASES = ['elasticsearch', 'redis://localhost']\n"
	           "@pytest.fixture\n"
	           "def db():\n"
	           "    with psycopg.connect('postgresql://localhost/x') as c:\n"
	           "        yield c\n"
	           "@pytest.fixture\n"
	           "def repo(db):\n"
	           "    return object()\n"
	           "@pytest.fixture\n"
	           "def cache():\n"
	           "    client = redis.Redis()\n"
	           "    client.flushdb()\n"
	           "    return client\n",
	           "def test_a(repo): pass\n"
	           "def test_b(cache): pass\n"
	           "def test_c(request):\n"
	           "    request.getfixturevalue('cache')\n"
	           "def test_d(): pass\n",
	           "test_a: postgres requires; test_b: redis probable; test_c: redis probable; test_d:");
}

static void tells_a_live_call_from_data(void **state)
{
	(void)state;
	tells("import redis\n"
	      "ROWS = [('elasticsearch', 'http://elasticsearch:9200')]\n"
	      "def test_a():\n"
	      "    '''redis://localhost'''\n"
	      "    assert parse('redis://localhost:6379') == {'host': 'localhost'}\n"
	      "def test_b():\n"
	      "    client = redis.Redis(host='stub')\n"
	      "    client.ping()\n"
	      "def test_c():\n"
	      "    client = redis.Redis()\n"
	      "def test_d():\n"
	      "    redis.Redis().ping()\n",
	      "test_a:; test_b:; test_c:; test_d: redis probable");
}

static void sees_the_mock_and_only_its_seam(void **state)
{
	(void)state;
	tells_with("app.py",
	           "import redis, psycopg\n"
	           "def cache():\n"
	           "    return redis.Redis().get('x')\n"
	           "def rows():\n"
	           "    return psycopg.connect('').execute('x')\n"
	           "def both():\n"
	           "    return cache(), rows()\n",
	           "import app\n"
	           "from unittest import mock\n"
	           "def test_a(monkeypatch):\n"
	           "    monkeypatch.setattr(app, 'cache', lambda: 1)\n"
	           "    app.both()\n"
	           "@mock.patch('app.rows')\n"
	           "def test_b(rows):\n"
	           "    app.both()\n"
	           "def test_c():\n"
	           "    app.both()\n",
	           "test_a: postgres requires, redis mocked; test_b: postgres mocked, redis probable; "
	           "test_c: postgres requires, redis probable");
}

static void knows_fakes_by_name_and_library(void **state)
{
	(void)state;
	tells("import fakeredis\n"
	      "from unittest.mock import MagicMock\n"
	      "import redis\n"
	      "def test_a():\n"
	      "    fakeredis.FakeRedis().get('x')\n"
	      "def test_b():\n"
	      "    client = MagicMock(spec=redis.Redis)\n"
	      "    client.get('x')\n",
	      "test_a: redis mocked; test_b: redis mocked");
}

static void lets_names_decide_between_services_of_one_port(void **state)
{
	(void)state;
	tells("import urllib.request as u\n"
	      "def test_a():\n"
	      "    u.urlopen('http://localhost:9200/')\n"
	      "def test_b():\n"
	      "    u.urlopen('http://opensearch:9200/')\n"
	      "def opensearch_up():\n"
	      "    return u.urlopen('http://localhost:9200/')\n"
	      "def test_c():\n"
	      "    opensearch_up()\n",
	      "test_a: elasticsearch|opensearch probable; test_b: opensearch probable; test_c: opensearch probable");
}

static void takes_the_branch_that_is_known(void **state)
{
	(void)state;
	tells("import psycopg, redis\n"
	      "def make(kind):\n"
	      "    if kind == 'sql':\n"
	      "        return psycopg.connect('')\n"
	      "    elif kind == 'cache':\n"
	      "        return redis.Redis().ping()\n"
	      "    raise ValueError(kind)\n"
	      "def test_a(): make('sql')\n"
	      "def test_b(): make('cache')\n"
	      "def test_c(): make('none')\n",
	      "test_a: postgres requires; test_b: redis probable; test_c:");
}

static void places_computed_names_with_all_they_could_be(void **state)
{
	(void)state;
	tells("import importlib, pytest, redis, psycopg\n"
	      "@pytest.fixture\n"
	      "def a_store(): psycopg.connect('')\n"
	      "@pytest.fixture\n"
	      "def b_store(): redis.Redis().ping()\n"
	      "def name(): return open('x').read()\n"
	      "def test_a(request): request.getfixturevalue(f'{name()}_store')\n"
	      "@pytest.mark.parametrize('store', ['a_store'])\n"
	      "def test_b(request, store): request.getfixturevalue(store)\n",
	      "test_a: postgres unknown, redis unknown; test_b: postgres requires");
}

static void minds_computed_code_in_the_suite_only(void **state)
{
	(void)state;
	tells_with("app.py", "def hint(x): return eval(x, {})\n",
	           "import psycopg, app\n"
	           "def test_a(): psycopg.connect('')\n"
	           "def test_b(): app.hint(open('x').read())\n"
	           "def test_c(): exec(open('x').read())\n",
	           "test_a: postgres requires; test_b:; test_c: postgres unknown");
}

static void leaves_type_checking_and_expected_failures_alone(void **state)
{
	(void)state;
	tells("import pytest, psycopg\n"
	      "from typing import TYPE_CHECKING\n"
	      "if TYPE_CHECKING:\n"
	      "    psycopg.connect('')\n"
	      "def connect(): return psycopg.connect('')\n"
	      "def test_a():\n"
	      "    with pytest.raises(ConnectionError):\n"
	      "        connect()\n"
	      "def test_b():\n"
	      "    with pytest.raises(KeyError):\n"
	      "        connect()\n",
	      "test_a:; test_b: postgres requires");
}

static void takes_a_declaration_at_its_word(void **state)
{
	(void)state;
	struct source files[] = {
	        {"tests/test_x.py",
	         "import pytest\n@pytest.mark.needs_db\ndef test_a(): pass\n@pytest.mark.redis\ndef test_b(): pass\n"},
	        {NULL, NULL}};
	struct resolved *r = resolving("[services.postgres]\nmarker = 'needs_db'\n[services.redis]\n", files);
	assert_string_equal(str_c(&r->tmp, resolving_story(r)), "test_a: postgres requires; test_b: redis probable");
	resolving_end(r);
}

static void lets_an_override_have_the_last_word(void **state)
{
	(void)state;
	struct source files[] = {
	        {"tests/test_x.py", "import psycopg\ndef test_a(): psycopg.connect('')\ndef test_b(): pass\n"},
	        {NULL, NULL}};
	struct resolved *r =
	        resolving("[services.postgres]\n[services.redis]\n[[override]]\ntest = 'tests/test_x.py::test_a'\n"
	                  "needs = ['redis']\nreason = 'it says so'\n",
	                  files);
	assert_string_equal(str_c(&r->tmp, resolving_story(r)), "test_a: redis requires; test_b:");
	assert_true(r->needs.tests[0].at[0].is_override);
	resolving_end(r);
}

static void survives_code_that_calls_itself(void **state)
{
	(void)state;
	tells("import psycopg\n"
	      "def a(n): return b(n)\n"
	      "def b(n): return a(n) or psycopg.connect('')\n"
	      "class Node:\n"
	      "    def __init__(self): self.next = Node()\n"
	      "    def go(self): return self.next.go()\n"
	      "x = x = y\n"
	      "y = x\n"
	      "def test_a(): a(1)\n"
	      "def test_b(): Node().go()\n"
	      "def test_c(): a(lambda: (yield))\n",
	      "test_a: postgres requires; test_b:; test_c: postgres requires");
}

static void takes_a_wrapped_client_for_unused(void **state)
{
	(void)state;
	tells("import redis\n"
	      "class Proxy(redis.Redis):\n"
	      "    def __init__(self, inner): self.inner = inner\n"
	      "def test_a(): assert Proxy(redis.Redis()).inner\n"
	      "def test_b(): redis.Redis().get('x')\n",
	      "test_a:; test_b: redis probable");
}

static void sees_the_double_inside_a_client_of_self(void **state)
{
	(void)state;
	tells("import redis\n"
	      "class MockSocket: pass\n"
	      "class TestX:\n"
	      "    def make(self):\n"
	      "        self.client = redis.Redis()\n"
	      "        self.client.sock = MockSocket()\n"
	      "        return self.client\n"
	      "    def test_a(self): self.make().get('x')\n",
	      "test_a:");
	tells("import redis\ndef test_a(): redis.RedisCluster([]).get('x')\n", "test_a:");
}

static void connects_celery_to_what_its_fixture_says(void **state)
{
	(void)state;
	tells("import pytest\n"
	      "@pytest.fixture\n"
	      "def celery_config(): return {'broker_url': 'redis://localhost:6379/0'}\n"
	      "def test_a(celery_app): pass\n"
	      "def test_b(): pass\n",
	      "test_a: redis probable; test_b:");
}

static void reads_signals_from_a_table_of_their_own(void **state)
{
	(void)state;
	struct source files[] = {{"tests/test_x.py", "def test_a(queue_server): pass\n"
	                                             "import pytest\n"
	                                             "@pytest.fixture\n"
	                                             "def queue_server(): pass\n"},
	                         {NULL, NULL}};
	struct resolved *r = resolving(
	        "[services.redis]\nbase = false\n[services.redis.signals]\nfixtures = ['queue_server']\n", files);
	assert_string_equal(str_c(&r->tmp, resolving_story(r)), "test_a: redis requires");
	resolving_end(r);
}

static void finds_a_client_that_is_made_late_and_let_go(void **state)
{
	(void)state;
	tells("import redis\n"
	      "class Store:\n"
	      "    def __init__(self): self.client = None\n"
	      "    def open(self):\n"
	      "        if not self.client: self.client = redis.Redis()\n"
	      "    def write(self):\n"
	      "        self.open()\n"
	      "        self.client.set('a', 1)\n"
	      "    def close(self): self.client = None\n"
	      "def test_a(): Store().write()\n"
	      "def test_b(): Store().close()\n",
	      "test_a: redis probable; test_b:");
}

static void finds_what_a_package_makes_on_demand(void **state)
{
	(void)state;
	struct source files[] = {{"backends/__init__.py", "def __getattr__(name): return importers[name]()\n"},
	                         {"backends/store.py", "import redis\n"
	                                               "class RedisBackend:\n"
	                                               "    def __init__(self): redis.Redis().ping()\n"},
	                         {"tests/test_x.py", "import backends\ndef test_a(): backends.RedisBackend()\n"},
	                         {NULL, NULL}};
	struct resolved *r = resolving(services, files);
	assert_string_equal(str_c(&r->tmp, resolving_story(r)), "test_a: redis probable");
	resolving_end(r);
}

static void takes_looking_at_a_client_for_no_use(void **state)
{
	(void)state;
	tells("import redis\n"
	      "def test_a(): assert isinstance(redis.Redis(), redis.Redis)\n"
	      "def test_b():\n"
	      "    client = redis.Redis()\n"
	      "    client.get.assert_called_with('x')\n"
	      "def test_c(): assert redis.Redis().ping()\n",
	      "test_a:; test_b:; test_c: redis requires");
}

static void sees_a_patched_attribute_of_an_object(void **state)
{
	(void)state;
	tells("import redis\n"
	      "from unittest.mock import patch\n"
	      "class Store:\n"
	      "    def __init__(self): self.client = redis.Redis()\n"
	      "    def write(self): self.client.set('a', 1)\n"
	      "def test_a():\n"
	      "    store = Store()\n"
	      "    with patch.object(store, 'client'):\n"
	      "        store.write()\n"
	      "def test_b(): Store().write()\n",
	      "test_a: redis mocked; test_b: redis probable");
	tells("import redis\n"
	      "class TestX:\n"
	      "    def setup_method(self): self.redis = self.patching('redis.Redis')\n"
	      "    def test_a(self): redis.Redis().get('x')\n",
	      "test_a: redis mocked");
}

static void takes_a_client_that_is_one_of_two_for_used(void **state)
{
	(void)state;
	tells("import redis, helpers\n"
	      "def client(sync): return redis.Redis() if sync else redis.asyncio.Redis()\n"
	      "def test_a(x): helpers.bulk(client(x), [])\n",
	      "test_a: redis probable");
}

static void knows_a_library_from_its_wrapper_in_a_namespace(void **state)
{
	(void)state;
	struct source files[] = {{"src/wraps/parts/redis/__init__.py", "class Wrapper: pass\n"},
	                         {"tests/test_x.py", "import redis\n"
	                                             "from wraps.parts.redis import Wrapper\n"
	                                             "def test_a(): redis.Redis().get('x')\n"
	                                             "def test_b(): Wrapper().get('x')\n"},
	                         {NULL, NULL}};
	struct resolved *r = resolving(services, files);
	assert_string_equal(str_c(&r->tmp, resolving_story(r)), "test_a: redis probable; test_b:");
	resolving_end(r);
}

static void requires_what_an_option_of_the_command_line_opens(void **state)
{
	(void)state;
	tells("import pytest\n"
	      "@pytest.fixture\n"
	      "def database(request):\n"
	      "    if not request.config.getoption('--postgres'):\n"
	      "        pytest.skip('not asked for')\n"
	      "def test_a(database): pass\n"
	      "def test_b(request):\n"
	      "    if not request.config.getoption('--slow'):\n"
	      "        pytest.skip('not asked for')\n",
	      "test_a: postgres requires; test_b:");
}

static void dials_for_the_client_that_is_under_test_itself(void **state)
{
	(void)state;
	struct source files[] = {{"redis/__init__.py", "from redis.client import Redis\n"},
	                         {"redis/client.py",
	                          "import socket\n"
	                          "class Redis:\n"
	                          "    def __init__(self, host, transport=None): self.host = host\n"
	                          "    def get(self, key): socket.create_connection((self.host, 1))\n"},
	                         {"tests/test_x.py", "from redis import Redis\n"
	                                             "def test_a(address): Redis(address).get('x')\n"
	                                             "def test_b(address): Redis(address)\n"},
	                         {NULL, NULL}};
	struct resolved *r = resolving(services, files);
	assert_string_equal(str_c(&r->tmp, resolving_story(r)), "test_a: redis probable; test_b:");
	resolving_end(r);
}

static void takes_no_mark_that_says_skip_for_a_need(void **state)
{
	(void)state;
	tells("import pytest\n"
	      "@pytest.mark.redis('skip < 22', reason='slow')\n"
	      "def test_a(): pass\n"
	      "@pytest.mark.redis('>= 22')\n"
	      "def test_b(): pass\n",
	      "test_a:; test_b: redis probable");
}

static void takes_the_service_that_a_mark_names_in_brackets(void **state)
{
	(void)state;
	tells("import pytest\n"
	      "@pytest.mark.env('redis')\n"
	      "def test_a(): pass\n"
	      "@pytest.mark.env('py-redis')\n"
	      "def test_b(): pass\n"
	      "@pytest.mark.env('redis', 'fast')\n"
	      "def test_c(): pass\n"
	      "@pytest.mark.xdist_group('redis')\n"
	      "def test_d(): pass\n",
	      "test_a: redis probable; test_b: redis probable; test_c:; test_d:");
}

static void asks_djangos_cache_for_what_the_settings_say(void **state)
{
	(void)state;
	tells_with("shop/settings.py",
	           "CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache', 'LOCATION': 'redis://x:1'}}\n",
	           "from django.core.cache import cache, caches\n"
	           "def test_a(): cache.clear()\n"
	           "def test_b(): assert caches\n",
	           "test_a: redis probable; test_b:");
	tells_with("shop/settings.py",
	           "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.dummy.DummyCache'}}\n",
	           "from django.core.cache import cache\n"
	           "def test_a(): cache.clear()\n",
	           "test_a:");
}

static void asks_flasks_database_for_what_the_settings_say(void **state)
{
	(void)state;
	static const char test[] = "from flask_sqlalchemy import SQLAlchemy\n"
	                           "class Ours(SQLAlchemy):\n"
	                           "    def name(self): return 'ours'\n"
	                           "db, ours = SQLAlchemy(), Ours()\n"
	                           "def test_a(): db.create_all()\n"
	                           "def test_b(): ours.session.commit()\n"
	                           "def test_c(): db.String(80)\n";
	static const char both[] = "test_a: postgres probable; test_b: postgres probable; test_c:";
	tells_with("shop/config.py",
	           "import os\n"
	           "SQLALCHEMY_DATABASE_URI = os.environ.get('DATABASE_URL', 'postgresql:///shop')\n",
	           test, both);
	tells_with("shop/app.py", "def make(app): app.config['SQLALCHEMY_DATABASE_URI'] = 'postgresql://x/shop'\n",
	           test, both);
	tells_with("shop/app.py", "SETTINGS = {'SQLALCHEMY_DATABASE_URI': 'postgresql://x/shop'}\n", test, both);
	tells_with("shop/config.py",
	           "class Config:\n"
	           "    SQLALCHEMY_DATABASE_URI = 'postgresql://x/shop'\n"
	           "class TestingConfig(Config):\n"
	           "    SQLALCHEMY_DATABASE_URI = 'sqlite://'\n",
	           test, "test_a:; test_b:; test_c:");
}

static void keeps_a_client_in_a_table(void **state)
{
	(void)state;
	tells_with("shop/clients.py",
	           "import redis\n"
	           "_made = {}\n"
	           "_settings = {}\n"
	           "def register(alias, **settings): _settings[alias] = settings\n"
	           "def client(alias):\n"
	           "    if alias not in _settings:\n"
	           "        raise LookupError(alias)\n"
	           "    if alias not in _made:\n"
	           "        _made[alias] = redis.Redis(**_settings[alias])\n"
	           "    return _made[alias]\n",
	           "from shop.clients import client, register\n"
	           "def test_a():\n"
	           "    register('x', port=1)\n"
	           "    client('x').flushall()\n"
	           "def test_b():\n"
	           "    client('x')\n",
	           "test_a: redis probable; test_b:");
}

static void sends_nothing_by_preparing_a_script(void **state)
{
	(void)state;
	tells("import redis\n"
	      "def test_a(): redis.Redis().register_script('return 1')\n"
	      "def test_b(): redis.Redis().register_script('return 1')()\n",
	      "test_a:; test_b: redis probable");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(requires_what_a_gate_dials),
	        cmocka_unit_test(follows_aliases_over_modules),
	        cmocka_unit_test(takes_what_fixtures_do_not_what_files_name),
	        cmocka_unit_test(tells_a_live_call_from_data),
	        cmocka_unit_test(sees_the_mock_and_only_its_seam),
	        cmocka_unit_test(knows_fakes_by_name_and_library),
	        cmocka_unit_test(lets_names_decide_between_services_of_one_port),
	        cmocka_unit_test(takes_the_branch_that_is_known),
	        cmocka_unit_test(places_computed_names_with_all_they_could_be),
	        cmocka_unit_test(minds_computed_code_in_the_suite_only),
	        cmocka_unit_test(leaves_type_checking_and_expected_failures_alone),
	        cmocka_unit_test(takes_a_declaration_at_its_word),
	        cmocka_unit_test(lets_an_override_have_the_last_word),
	        cmocka_unit_test(survives_code_that_calls_itself),
	        cmocka_unit_test(takes_a_wrapped_client_for_unused),
	        cmocka_unit_test(sees_the_double_inside_a_client_of_self),
	        cmocka_unit_test(connects_celery_to_what_its_fixture_says),
	        cmocka_unit_test(reads_signals_from_a_table_of_their_own),
	        cmocka_unit_test(dials_for_the_client_that_is_under_test_itself),
	        cmocka_unit_test(knows_a_library_from_its_wrapper_in_a_namespace),
	        cmocka_unit_test(requires_what_an_option_of_the_command_line_opens),
	        cmocka_unit_test(finds_a_client_that_is_made_late_and_let_go),
	        cmocka_unit_test(finds_what_a_package_makes_on_demand),
	        cmocka_unit_test(takes_looking_at_a_client_for_no_use),
	        cmocka_unit_test(sees_a_patched_attribute_of_an_object),
	        cmocka_unit_test(takes_a_client_that_is_one_of_two_for_used),
	        cmocka_unit_test(takes_no_mark_that_says_skip_for_a_need),
	        cmocka_unit_test(takes_the_service_that_a_mark_names_in_brackets),
	        cmocka_unit_test(asks_djangos_cache_for_what_the_settings_say),
	        cmocka_unit_test(asks_flasks_database_for_what_the_settings_say),
	        cmocka_unit_test(keeps_a_client_in_a_table),
	        cmocka_unit_test(sends_nothing_by_preparing_a_script),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
