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

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(takes_what_the_ci_gives_to_a_variable),
	        cmocka_unit_test(believes_the_default_of_the_code_before_the_ci),
	        cmocka_unit_test(goes_through_a_list_with_commas),
	        cmocka_unit_test(reads_settings_of_pydantic_starlette_and_environs),
	        cmocka_unit_test(takes_parameters_out_of_a_list_made_elsewhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
