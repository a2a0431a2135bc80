/* Tasks of tox in ini and TOML, of hatch, pdm and poe: what they run, with which environment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "config/tasks.h"

#include <cmocka.h>

static struct arena arena;

static void is(struct str found, const char *expected)
{
	if (!str_eq(found, str_of(expected)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(found), expected);
}

static task_list ini(const char *text, const char *name)
{
	struct err err = {0};
	task_list tasks = {0};
	struct str names_at[] = {str_of(name)};
	strs names = {names_at, 1, 1};
	assert_true(tasks_of_ini(&arena, str_of(text), STR("tox.ini"), &names, &tasks, &err));
	return tasks;
}

static task_list toml(const char *text, const char *name)
{
	struct err err = {0};
	task_list tasks = {0};
	struct str names_at[] = {str_of(name)};
	strs names = {names_at, 1, 1};
	if (!tasks_of_toml(&arena, str_of(text), STR("pyproject.toml"), &names, &tasks, &err))
		fail_msg("%s", err.text);
	return tasks;
}

static const char tox_ini[] = "[tox]\n"
                              "envlist = py{310,311}-{pg,my}\n"
                              "[base]\n"
                              "args = -x --color=yes\n"
                              "[testenv]\n"
                              "setenv =\n"
                              "    PYTHONPATH = {toxinidir}/src\n"
                              "    pg: DB = {env:PG_URL:pg://localhost}\n"
                              "    my,!pg: DB = my\n"
                              "commands =\n"
                              "    python -c 'x: y'\n"
                              "    pg: pytest {[base]args} \\\n"
                              "        {posargs:{toxinidir}/tests -k {envname}}\n"
                              "    my: - py.test {env:ARGS:} {posargs} {envtmpdir}\n"
                              "[testenv:docs]\n"
                              "changedir = {toxinidir}/doc\n"
                              "commands = pytest --doctest-glob=*.rst\n";

static void reads_the_commands_of_an_environment_by_its_factors(void **state)
{
	(void)state;
	task_list tasks = ini(tox_ini, "py310-pg");
	assert_int_equal(tasks.n, 1);
	is(tasks.at[0].run, "python -c 'x: y'\npytest -x --color=yes {posargs:./tests -k py310-pg}\n");
	is(tasks.at[0].place, "tox.ini:10");
	assert_int_equal(tasks.at[0].env.n, 2);
	is(tasks.at[0].env.at[0].value, "./src");
	is(tasks.at[0].env.at[1].value, "${PG_URL:-pg://localhost}");
	tasks = ini(tox_ini, "py311-my");
	is(tasks.at[0].run, "python -c 'x: y'\npy.test $ARGS {posargs:} {envtmpdir}\n");
	is(tasks.at[0].env.at[1].value, "my");
	tasks = ini(tox_ini, "docs");
	is(tasks.at[0].run, "pytest --doctest-glob=*.rst\n");
	is(tasks.at[0].dir, "./doc");
	assert_int_equal(tasks.at[0].env.n, 2); /* !pg holds */
}

static void has_no_environment_where_nothing_is_said(void **state)
{
	(void)state;
	assert_int_equal(ini("[tox]\nenvlist = a\n", "a").n, 0);
	assert_int_equal(ini("[testenv:b]\ncommands = pytest\n", "a").n, 0);
	/* A section that refers to itself ends. */
	is(ini("[testenv]\ncommands = {[testenv]commands}\n", "a").at[0].tool == TASK_TOX ? STR("") : STR("?"), "");
	struct err err = {0};
	task_list tasks = {0};
	strs names = {0};
	assert_false(tasks_of_ini(&arena, STR("[testenv]\n???\n"), STR("tox.ini"), &names, &tasks, &err));
	assert_false(tasks_of_toml(&arena, STR("a = \n"), STR("tox.toml"), &names, &tasks, &err));
}

static void reads_tox_in_toml(void **state)
{
	(void)state;
	const char *text =
	        "[tool.tox.env_run_base]\n"
	        "commands = [[\"coverage\", \"erase\"], [\"pytest\", \"-k\", \"a b\", {replace = \"posargs\", "
	        "default = [\"tests\"], extend = true}]]\n"
	        "set_env = {A = \"b\"}\n"
	        "[tool.tox.env.pg]\n"
	        "commands = [[\"pytest\", {replace = \"env\", name = \"X\"}]]\n"
	        "change_dir = \"back\"\n";
	task_list tasks = toml(text, "py");
	is(tasks.at[0].run, "coverage erase\npytest -k 'a b' {posargs:tests}\n");
	is(tasks.at[0].env.at[0].value, "b");
	tasks = toml(text, "pg");
	is(tasks.at[0].run, "pytest {?}\n");
	is(tasks.at[0].dir, "back");
	tasks = toml("[tool.tox]\nlegacy_tox_ini = '''\n[testenv]\ncommands = pytest\n'''\n", "x");
	is(tasks.at[0].run, "pytest\n");
}

static void reads_scripts_of_hatch_pdm_and_poe(void **state)
{
	(void)state;
	task_list tasks =
	        toml("[tool.hatch.envs.default.scripts]\ntest = \"pytest {args:tests}\"\n"
	             "[tool.hatch.envs.ci.scripts]\nunit = [\"echo\", \"pytest -x\"]\n"
	             "[tool.hatch.envs.ci.env-vars]\nA = \"1\"\n"
	             "[tool.pdm.scripts]\ntest = \"pytest\"\nall = {cmd = [\"pytest\", \"a b\"], env = {B = \"2\"}}\n"
	             "mix = {composite = [\"test\"]}\n"
	             "[tool.poe.tasks]\nt = {shell = \"pytest -q\"}\nu = \"pytest -v\"\n",
	             "x");
	static const struct {
		const char *name, *run;
		enum task_tool tool;
	} expected[] = {{"test", "pytest", TASK_PDM},
	                {"all", "pytest 'a b'", TASK_PDM},
	                {"t", "pytest -q", TASK_POE},
	                {"u", "pytest -v", TASK_POE},
	                {"test", "pytest {posargs:tests}", TASK_HATCH},
	                {"ci:unit", "echo\npytest -x\n", TASK_HATCH}};
	assert_int_equal(tasks.n, 6);
	for (size_t i = 0; i < tasks.n; i++) {
		is(tasks.at[i].name, expected[i].name);
		is(tasks.at[i].run, expected[i].run);
		assert_int_equal(tasks.at[i].tool, expected[i].tool);
	}
	is(tasks.at[1].env.at[0].value, "2");
	is(tasks.at[5].env.at[0].name, "A");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_the_commands_of_an_environment_by_its_factors),
	        cmocka_unit_test(has_no_environment_where_nothing_is_said),
	        cmocka_unit_test(reads_tox_in_toml),
	        cmocka_unit_test(reads_scripts_of_hatch_pdm_and_poe),
	};
	arena_init(&arena, NULL);
	int failed = cmocka_run_group_tests_name("config/tasks", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
