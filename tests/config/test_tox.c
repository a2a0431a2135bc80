/* tox and pytest-env say what they give to the environment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "config/pytest_env.h"
#include "config/pytest_ini.h"
#include "config/tox.h"

#include <cmocka.h>

static struct arena arena;

static void is(struct str found, const char *expected)
{
	if (!str_eq(found, str_of(expected)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(found), expected);
}

/* "environment NAME=value", one after the other. */
static struct str told(const char *path, const char *text, job_list *jobs)
{
	struct err err = {0};
	struct buf buf;
	buf_init(&buf, &arena);
	if (!tox_read(&arena, str_of(text), str_of(path), jobs, &err))
		fail_msg("%s", err.text);
	for (size_t j = 0; j < jobs->n; j++)
		for (size_t i = 0; i < jobs->at[j].env.n; i++)
			buf_fmt(&buf, "%s%.*s %.*s=%.*s", buf.n ? "; " : "", STR_ARG(jobs->at[j].name),
			        STR_ARG(jobs->at[j].env.at[i].name), STR_ARG(jobs->at[j].env.at[i].value));
	return buf_str(&buf);
}

static void reads_what_tox_sets_and_starts(void **state)
{
	(void)state;
	job_list jobs = {0};
	is(told("tox.ini",
	        "[tox]\nenvlist = py3-{pg,mysql}\n"
	        "[testenv]\n"
	        "docker = postgres\n"
	        "set_env =\n"
	        "    pg: STORE = postgres://localhost:5432/x\n"
	        "    mysql: STORE = mysql://localhost/x\n"
	        "    # nothing\n"
	        "    HOST = {env:HOST:{env:OTHER:here}}\n"
	        "    GONE = {posargs}\n"
	        "[testenv:lint]\nsetenv = LINT=1\n"
	        "[docker:postgres]\nimage = postgres:16\nports = 5433:5432/tcp\n",
	        &jobs),
	   "testenv STORE=postgres://localhost:5432/x; testenv STORE=mysql://localhost/x; testenv HOST=here; "
	   "testenv:lint LINT=1");
	const struct job *docker = &jobs.at[jobs.n - 1];
	is(docker->services.at[0].image, "postgres:16");
	assert_int_equal(docker->services.at[0].ports.at[0].host, 5433);
	is(jobs.at[0].place, "tox.ini:5");
}

static void reads_tox_out_of_toml(void **state)
{
	(void)state;
	job_list native = {0}, legacy = {0}, none = {0};
	is(told("tox.toml", "[env_run_base]\nset_env = {A = \"1\"}\n[env.lint]\nset_env.B = \"2\"\n", &native),
	   "env_run_base A=1; lint B=2");
	is(told("pyproject.toml", "[tool.tox]\nlegacy_tox_ini = '''\n[testenv]\nsetenv = A=1\n'''\n", &legacy),
	   "testenv A=1");
	is(told("pyproject.toml", "[tool.other]\nset_env = 1\n", &none), "");
}

static void reads_what_pytest_sets_by_itself(void **state)
{
	(void)state;
	char folder[] = "/tmp/pytest-env.XXXXXX", path[64];
	struct err err = {0};
	struct pytest_config pytest;
	given_values given = {0};
	strs no_paths = {0};
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/pyproject.toml", folder);
	assert_true(file_write(path,
	                       STR("[tool.pytest.ini_options]\n"
	                           "env = [\"A=1\", \"D:B=postgres://h/x?a=b\", \"R:C={x}\"]\n"
	                           "env_files = \".env.one .env.two\"\n"
	                           "[tool.pytest_env]\n"
	                           "D = \"4\"\n"
	                           "E = {value = \"5\", skip_if_set = true}\n"),
	                       &err));
	assert_true(pytest_config_read(&arena, &arena, folder, &no_paths, &pytest, &err));
	pytest_env_values(&arena, folder, &pytest, &given);
	unlink(path);
	rmdir(folder);
	given_settle(&given);
	assert_int_equal(given.n, 5);
	is(given.at[1].value, "postgres://h/x?a=b");
	assert_int_equal(given.at[0].giver, GIVER_PYTEST);
	assert_int_equal(given.at[1].giver, GIVER_FILE);
	is(given.at[2].value, "{x}");
	assert_int_equal(given.at[3].giver, GIVER_PYTEST);
	assert_int_equal(given.at[4].giver, GIVER_FILE);
	is(given.at[3].place, "pyproject.toml:5");
	is(pytest.env_files.at[1], ".env.two");
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	arena_init(&arena, NULL);
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_what_tox_sets_and_starts),
	        cmocka_unit_test(reads_tox_out_of_toml),
	        cmocka_unit_test(reads_what_pytest_sets_by_itself),
	};
	return cmocka_run_group_tests(tests, NULL, teardown);
}
