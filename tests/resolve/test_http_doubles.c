/* Libraries that answer HTTP requests in place of servers. */
#include "telling.h"

#define ASKS                                                                                                           \
	"import requests, httpx, pytest\n"                                                                             \
	"URL = 'http://elasticsearch:9200/_search'\n"

static void covers_what_a_decorator_or_a_block_answers(void **state)
{
	(void)state;
	tells(ASKS "import responses, respx, requests_mock, vcr\n"
	           "@responses.activate\n"
	           "def test_a(): requests.get(URL)\n"
	           "@respx.mock\n"
	           "def test_b(): requests.get(URL)\n"
	           "def test_c():\n"
	           "    with requests_mock.Mocker() as m:\n"
	           "        requests.get(URL)\n"
	           "def test_d():\n"
	           "    with requests_mock.Mocker() as m:\n"
	           "        pass\n"
	           "    requests.get(URL)\n"
	           "def test_e():\n"
	           "    with requests_mock.Mocker(real_http=True) as m:\n"
	           "        requests.get(URL)\n"
	           "@vcr.use_cassette('x')\n"
	           "def test_f(): httpx.get(URL)\n",
	      "test_a: elasticsearch mocked; test_b: elasticsearch probable; test_c: elasticsearch mocked; "
	      "test_d: elasticsearch probable; test_e: elasticsearch probable; test_f: elasticsearch mocked");
}

static void covers_what_a_fixture_or_a_mark_answers(void **state)
{
	(void)state;
	tells(ASKS "def test_a(requests_mock): requests.get(URL)\n"
	           "def test_b(requests_mock): httpx.get(URL)\n"
	           "def test_c(httpx_mock): httpx.get(URL)\n"
	           "@pytest.mark.vcr\n"
	           "def test_d(): requests.get(URL)\n",
	      "test_a: elasticsearch mocked; test_b: elasticsearch probable; test_c: elasticsearch mocked; "
	      "test_d: elasticsearch mocked");
}

static void covers_from_setup_on(void **state)
{
	(void)state;
	tells("import httpretty, requests, unittest\n"
	      "class TestA(unittest.TestCase):\n"
	      "    def setUp(self): httpretty.enable()\n"
	      "    def test_a(self): requests.get('http://elasticsearch:9200/_search')\n",
	      "test_a: elasticsearch mocked");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(covers_what_a_decorator_or_a_block_answers),
	        cmocka_unit_test(covers_what_a_fixture_or_a_mark_answers),
	        cmocka_unit_test(covers_from_setup_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
