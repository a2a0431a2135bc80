/* What a variable of the environment holds: what the code says, else what the project gives to it. */
#include "telling.h"

static void tells_with_values(const char *const *given, const char *text, const char *story)
{
	tells_given(given, (struct source[]){{"tests/test_x.py", text}, {NULL, NULL}}, story);
}

static const char *const one_url[] = {"STORE=postgresql://localhost/x", NULL};

static void takes_what_the_ci_gives_to_a_variable(void **state)
{
	(void)state;
	static const char test[] = "import os\n"
	                           "from sqlalchemy import create_engine\n"
	                           "def test_a(): create_engine(os.environ['STORE']).connect()\n"
	                           "def test_b(): create_engine(os.getenv('STORE')).connect()\n"
	                           "def test_c(): create_engine(os.environ['OTHER']).connect()\n"
	                           "def test_d(): print(os.environ['STORE'])\n";
	tells_with_values(one_url, test, "test_a: postgres probable; test_b: postgres probable; test_c:; test_d:");
	tells(test, "test_a:; test_b:; test_c:; test_d:");
}

static void believes_the_default_of_the_code_before_the_ci(void **state)
{
	(void)state;
	tells_with_values(one_url,
	                  "import os\n"
	                  "from sqlalchemy import create_engine\n"
	                  "def test_a(): create_engine(os.environ.get('STORE', 'sqlite://')).connect()\n",
	                  "test_a:");
}

static void goes_through_a_list_with_commas(void **state)
{
	(void)state;
	static const char *const urls[] = {"STORES=sqlite://,\npostgresql://store/x,\n redis://cache\n", NULL};
	tells_with_values(urls,
	                  "import os\n"
	                  "from sqlalchemy import create_engine\n"
	                  "URLS = [u.strip() for u in os.environ['STORES'].split(',')]\n"
	                  "def test_a():\n"
	                  "    for url in URLS: create_engine(url).connect()\n",
	                  "test_a: postgres probable, redis probable");
}

static void reads_settings_of_pydantic_starlette_and_environs(void **state)
{
	(void)state;
	static const char *const given[] = {"APP_STORE_URI=postgresql://store/x", "CACHE_AT=redis://cache", NULL};
	tells_with_values(given,
	                  "from pydantic import Field\n"
	                  "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
	                  "from starlette.config import Config\n"
	                  "from environs import Env\n"
	                  "from sqlalchemy import create_engine\n"
	                  "class Settings(BaseSettings):\n"
	                  "    model_config = SettingsConfigDict(env_prefix='APP_')\n"
	                  "    store_uri: str\n"
	                  "    file: str = 'sqlite://'\n"
	                  "    cache: str = Field(alias='CACHE_AT')\n"
	                  "settings = Settings()\n"
	                  "config = Config('.env')\n"
	                  "env = Env()\n"
	                  "def test_a(): create_engine(settings.store_uri).connect()\n"
	                  "def test_b(): create_engine(settings.file).connect()\n"
	                  "def test_c(): create_engine(settings.cache).connect()\n"
	                  "def test_d(): create_engine(config('CACHE_AT')).connect()\n"
	                  "def test_e(): create_engine(env.str('CACHE_AT')).connect()\n",
	                  "test_a: postgres probable; test_b:; test_c: redis probable; test_d: redis probable; "
	                  "test_e: redis probable");
}

static void takes_parameters_out_of_a_list_made_elsewhere(void **state)
{
	(void)state;
	tells("import pytest\n"
	      "from sqlalchemy import create_engine\n"
	      "URLS = ['redis://cache', pytest.param('postgresql://store/x', id='pg')]\n"
	      "@pytest.mark.parametrize('url', URLS)\n"
	      "def test_a(url): create_engine(url).connect()\n",
	      "test_a: postgres probable, redis probable");
}

static void needs_one_of_what_a_variable_chooses_between(void **state)
{
	(void)state;
	static const char *const matrix[] = {"STORE=postgresql://store/x", "STORE=redis://cache", "STORE=sqlite://",
	                                     NULL};
	tells_with_values(matrix,
	                  "import os\n"
	                  "from sqlalchemy import create_engine\n"
	                  "URLS = {'pg': 'postgresql://store/x', 'redis': 'redis://cache'}\n"
	                  "def test_a(): create_engine(os.environ['STORE']).connect()\n"
	                  "def test_b(): create_engine(URLS[os.environ['KIND']]).connect()\n"
	                  "def test_c():\n"
	                  "    if os.environ['KIND'] == 'pg': url = 'postgresql://store/x'\n"
	                  "    else: url = 'redis://cache'\n"
	                  "    create_engine(url).connect()\n"
	                  "def test_d():\n"
	                  "    create_engine('redis://cache').connect()\n"
	                  "    create_engine(os.environ['STORE']).connect()\n",
	                  "test_a: postgres|redis probable; test_b: postgres|redis probable; "
	                  "test_c: postgres|redis probable; test_d: postgres probable, redis probable");
}

static void keeps_all_where_a_value_wants_several(void **state)
{
	(void)state;
	tells("import os, redis, psycopg\n"
	      "def test_a():\n"
	      "    if os.environ['KIND'] == 'full':\n"
	      "        redis.Redis('cache').ping()\n"
	      "        psycopg.connect('host=db')\n"
	      "    else:\n"
	      "        psycopg.connect('host=other')\n",
	      "test_a: postgres requires, redis probable");
}

static void reports_the_variable_and_its_values(void **state)
{
	(void)state;
	static const char *const matrix[] = {"STORE=postgresql://u:secret@store/x", "STORE=redis://cache", NULL};
	struct resolved *r = resolving_given(
	        services,
	        (struct source[]){{"tests/test_x.py", "import os\n"
	                                              "from sqlalchemy import create_engine\n"
	                                              "def test_a(): create_engine(os.environ['STORE']).connect()\n"},
	                          {NULL, NULL}},
	        matrix);
	const struct need *need = &r->needs.tests[0].at[0];
	assert_int_equal(r->needs.tests[0].n, 1);
	assert_true(str_eq(need->variable, STR("STORE")));
	assert_int_equal(need->values.n, 2);
	assert_true(str_eq(need->values.at[0], STR("postgresql://u:***@store/x")));
	assert_true(str_eq(need->values.at[1], STR("redis://cache")));
	resolving_end(r);
}

static void needs_one_of_several_probes(void **state)
{
	(void)state;
	tells("import socket, pytest\n"
	      "def up(port):\n"
	      "    try:\n"
	      "        socket.create_connection(('localhost', port)).close()\n"
	      "        return True\n"
	      "    except OSError:\n"
	      "        return False\n"
	      "@pytest.mark.skipif(not (up(5432) or up(6379)), reason='')\n"
	      "def test_a(): pass\n"
	      "def test_b():\n"
	      "    if not up(5432) and not up(6379): pytest.skip('none')\n"
	      "@pytest.mark.skipif(not any(up(p) for p in (5432, 6379)), reason='')\n"
	      "def test_c(): pass\n"
	      "@pytest.mark.skipif(not up(5432) or not up(6379), reason='')\n"
	      "def test_d(): pass\n"
	      "@pytest.mark.skipif(not (up(5432) and up(6379)), reason='')\n"
	      "def test_e(): pass\n",
	      "test_a: postgres|redis requires; test_b: postgres|redis requires; test_c: postgres|redis requires; "
	      "test_d: postgres requires, redis requires; test_e: postgres requires, redis requires");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(takes_what_the_ci_gives_to_a_variable),
	        cmocka_unit_test(believes_the_default_of_the_code_before_the_ci),
	        cmocka_unit_test(goes_through_a_list_with_commas),
	        cmocka_unit_test(reads_settings_of_pydantic_starlette_and_environs),
	        cmocka_unit_test(takes_parameters_out_of_a_list_made_elsewhere),
	        cmocka_unit_test(needs_one_of_what_a_variable_chooses_between),
	        cmocka_unit_test(keeps_all_where_a_value_wants_several),
	        cmocka_unit_test(reports_the_variable_and_its_values),
	        cmocka_unit_test(needs_one_of_several_probes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
