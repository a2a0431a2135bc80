/* Suites whose client library is the tree's own: who uses a client, who only holds one. */
#include "telling.h"

/* A client that reaches its service by ways nobody can follow. */
static const char library[] = "import unknown\n"
                              "class Redis:\n"
                              "    def __init__(self, host='localhost', pool=None):\n"
                              "        self.host = host\n"
                              "        self.keys = Keys(self)\n"
                              "    @property\n"
                              "    def address(self):\n"
                              "        return self.host.upper()\n"
                              "    def get(self, key):\n"
                              "        return unknown.ask(key)\n"
                              "    def close(self): pass\n"
                              "class Keys:\n"
                              "    def __init__(self, client):\n"
                              "        self.client = client\n"
                              "    def all(self):\n"
                              "        return unknown.ask('*')\n"
                              "def scan(client):\n"
                              "    return client.get('*')\n";

static void tells_of_library(const char *text, const char *story)
{
	tells_with("redis/__init__.py", library, text, story);
}

static void needs_the_service_when_a_method_is_called(void **state)
{
	(void)state;
	tells_of_library("import pytest, redis\n"
	                 "@pytest.fixture\n"
	                 "def client():\n"
	                 "    c = redis.Redis()\n"
	                 "    yield c\n"
	                 "    c.close()\n"
	                 "def test_a(client): client.get('x')\n"
	                 "def test_b(client): client.keys.all()\n"
	                 "def test_c(client): redis.scan(client)\n"
	                 "def test_d(client): assert client.address.title()\n"
	                 "def test_e(client):\n"
	                 "    with pytest.raises(TypeError):\n"
	                 "        client.get()\n",
	                 "test_a: redis probable; test_b: redis probable; test_c: redis probable; "
	                 "test_d:; test_e:");
}

static void needs_nothing_of_a_client_with_a_double_inside(void **state)
{
	(void)state;
	tells_of_library("from unittest import mock\n"
	                 "import redis\n"
	                 "class FakePool: pass\n"
	                 "def test_a(): redis.Redis(pool=FakePool()).get('x')\n"
	                 "def test_b(): redis.Redis(pool=mock.Mock()).get('x')\n"
	                 "def test_c():\n"
	                 "    with mock.patch('redis.Keys.all'):\n"
	                 "        redis.Redis().get('x')\n",
	                 "test_a: redis mocked; test_b: redis mocked; test_c: redis mocked");
}

static void takes_no_package_inside_another_for_the_library(void **state)
{
	(void)state;
	tells_with("shop/plugins/redis/__init__.py", library,
	           "from shop.plugins import redis\n"
	           "def test_a(): redis.Redis().get('x')\n",
	           "test_a:");
}

static void uses_the_client_that_is_handed_to_a_worn_function(void **state)
{
	(void)state;
	struct buf text;
	struct arena arena = {0};
	buf_init(&text, &arena);
	buf_add(&text, STR("import redis\n"
	                   "def work(client, key):\n"
	                   "    if client: client.get(key)\n"
	                   "def test_a():\n"));
	for (int i = 0; i < 80; i++)
		buf_add(&text, str_fmt(&arena, "    work(None, 'key %d')\n", i));
	buf_add(&text, STR("def test_b(): work(redis.Redis(), 'last')\n"));
	buf_char(&text, '\0');
	tells_of_library(buf_str(&text).at, "test_a:; test_b: redis probable");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(needs_the_service_when_a_method_is_called),
	        cmocka_unit_test(needs_nothing_of_a_client_with_a_double_inside),
	        cmocka_unit_test(takes_no_package_inside_another_for_the_library),
	        cmocka_unit_test(uses_the_client_that_is_handed_to_a_worn_function),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
