/* The pytest behind another tool is found: makefiles, noxfiles and scripts as people write them.  What stands in ini and
 * TOML is read in tests/config/test_tasks.c; a task of those is made up here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "project/behind.h"
#include "project/makefile.h"
#include "project/noxfile.h"

#include <cmocka.h>

static struct arena arena;

static void is(struct str found, const char *expected)
{
	if (!str_eq(found, str_of(expected)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(found), expected);
}

static struct behind find(const char *text, const task_list *tasks)
{
	struct behind behind;
	assert_true(behind_find(&arena, str_of(text), tasks, &behind));
	return behind;
}

static task_list made(struct task task)
{
	task_list tasks = {0};
	task.place = STR("tox.ini:3");
	task.run = task.run.n ? task.run : STR("pytest tests {posargs:-x}\n");
	vec_push(&arena, &tasks, task);
	return tasks;
}

static const char makefile[] = "PYTEST ?= uv run pytest\n"
                               "ARGS := -n 4 \\\n\t-x # fast\n"
                               "ARGS += --color=yes\n"
                               ".PHONY: test\n"
                               "all: test\n"
                               "build:\n\tcc x.c\n"
                               "test lint: build up ## runs them\n"
                               "\tcd other\n"
                               "\t@echo running $@\n"
                               "\t@$(PYTEST) $(ARGS) tests --home=$$HOME\n"
                               "deep:\n\t$(MAKE) test\n"
                               "shelly-test:\n\tpytest -n $(shell nproc)\n"
                               "%.o: %.c\n\tpytest\n";

static void follows_make_to_the_command_of_a_target(void **state)
{
	(void)state;
	task_list tasks = {0};
	makefile_read(&arena, str_of(makefile), STR("Makefile"), &tasks);
	struct behind behind = find("pip install -e .\nmake test", &tasks);
	is(behind.why, "");
	is(behind.script, "echo running $@\nuv run pytest -n 4 \t-x --color=yes tests --home=$HOME\n");
	is(behind.place, "Makefile:9");
	is(behind.setup, "make build up");
	is(behind.before.at[0], "pip install -e .");
	is(find("make test PYTEST='python -m pytest'", &tasks).script,
	   "echo running $@\npython -m pytest -n 4 \t-x --color=yes tests --home=$HOME\n");
	is(find("make deep", &tasks).place, "Makefile:9");
	is(find("make shelly-test test", &tasks).place, "Makefile:9");
}

static void says_what_it_cannot_follow(void **state)
{
	(void)state;
	task_list tasks = {0};
	makefile_read(&arena, str_of(makefile), STR("Makefile"), &tasks);
	is(find("make shelly-test", &tasks).why, "what $(shell nproc) stands for in Makefile:15 only the tool knows");
	is(find("make test-all", &tasks).why, "test-all was not found as a target of make");
	is(find("tox", &tasks).why, "it names no environment, so tox runs all of them");
	is(find("uv run nox", &tasks).why, "it names no session, so nox runs all of them");
	is(find("make -C sub test", &tasks).why, "test was not found as a target of make");
	struct behind behind;
	assert_false(behind_find(&arena, STR("make build"), &tasks, &behind));
	assert_false(behind_find(&arena, STR("pip install tox && echo make test"), &tasks, &behind));
}

static void runs_pytest_in_the_environment_that_tox_makes(void **state)
{
	(void)state;
	struct task task = {.tool = TASK_TOX, .name = STR("py311-pg"), .dir = STR("./back")};
	task_list tasks = made(task);
	struct behind behind = find("python -m tox run -e py311-pg,lint -- -k 'a b'", &tasks);
	is(behind.why, "");
	is(behind.script, "pytest tests -k 'a b'\n");
	is(behind.dir, "back");
	is(behind.bin, ".tox/py311-pg/bin");
	is(behind.setup, "python -m tox run -e py311-pg,lint --notest");
	is(find("uvx tox --env=py311-pg", &tasks).script, "pytest tests -x\n");
	is(find("tox -epy311-pg", &tasks).setup, "tox -epy311-pg --notest");
	tasks.at[0].run = STR("pytest {[base]args}\n");
	is(find("tox -e py311-pg", &tasks).why, "what {[base]args} stands for in tox.ini:3 only the tool knows");
}

static const char noxfile[] = "import nox\n"
                              "PYTHONS = ['3.11']\n"
                              "@nox.session(python=['3.11', '3.12'])\n"
                              "@nox.parametrize('x', [1])\n"
                              "def tests(session: nox.Session) -> None:\n"
                              "    session.install('.[test]')\n"
                              "    # the suite\n"
                              "    session.run(\n"
                              "        'pytest', \"-m\", 'not slow',  # quick\n"
                              "        *session.posargs, env={'A': 'b', 'C': PYTHONS},\n"
                              "    )\n"
                              "\n"
                              "@nox.session(name='db-tests', venv_backend='uv')\n"
                              "def db(s):\n"
                              "    s.chdir('back')\n"
                              "    s.run('python', '-m', 'pytest', target(s), success_codes=[0, 5])\n"
                              "@nox.session\n"
                              "def lint(session):\n"
                              "    session.run('ruff')\n";

static void runs_pytest_in_the_environment_that_nox_makes(void **state)
{
	(void)state;
	task_list tasks = {0};
	noxfile_read(&arena, str_of(noxfile), STR("noxfile.py"), &tasks);
	assert_int_equal(tasks.n, 3);
	struct behind behind = find("uvx nox -s tests-3.12 -- tests/unit", &tasks);
	is(behind.why, "");
	is(behind.script, "pytest -m 'not slow' tests/unit\n");
	is(behind.place, "noxfile.py:5");
	is(behind.bin, ".nox/tests-3-12/bin");
	is(behind.setup, "uvx nox -s tests-3.12 --install-only");
	assert_int_equal(behind.env.n, 1);
	is(behind.env.at[0].value, "b");
	is(find("nox --session=tests", &tasks).why,
	   "the session tests has several Pythons (noxfile.py:5): name one, as tests-3.11");
	is(find("nox -s db-tests", &tasks).why, "what {target(s)} stands for in noxfile.py:14 only the tool knows");
	is(find("nox -s lint", &tasks).why, "noxfile.py:18 runs no pytest that could be seen");
}

static void calls_pytest_by_the_tool_that_knows_the_environment(void **state)
{
	(void)state;
	struct task task = {.tool = TASK_HATCH, .name = STR("ci:unit")};
	task_list tasks = made(task);
	struct behind behind = find("hatch run ci:unit", &tasks);
	is(behind.script, "pytest tests -x\n");
	is(str_join(&arena, behind.prefix.at, behind.prefix.n, STR(" ")), "hatch -e ci run");
	tasks = made((struct task){.tool = TASK_PDM, .name = STR("unit")});
	is(find("pdm run unit", &tasks).prefix.at[0], "pdm run");
	tasks = made((struct task){.tool = TASK_POE, .name = STR("unit")});
	is(find("poetry run poe unit", &tasks).prefix.at[0], "poetry run");
	tasks = made(
	        (struct task){.tool = TASK_SCRIPT, .name = STR("ci/test.sh"), .run = STR("set -e\npytest \"$@\"\n")});
	is(find("bash ./ci/test.sh -k x", &tasks).script, "set -e\npytest -k x\n");
	is(behind_scripts(&arena, STR("bash ./ci/test.sh && /etc/x.sh; $A.sh ../y.sh")).at[0], "ci/test.sh");
	assert_int_equal(behind_scripts(&arena, STR("bash ./ci/test.sh && /etc/x.sh; $A.sh ../y.sh")).n, 1);
}

static void ends_on_tasks_that_call_each_other(void **state)
{
	(void)state;
	task_list tasks = {0};
	makefile_read(&arena, STR("A = $(B)\nB = $(A)\ntest: b\n\tmake btest $(A)\nbtest:\n\tmake test\n"),
	              STR("Makefile"), &tasks);
	is(find("make test", &tasks).why, "Makefile:3 runs no pytest that could be seen");
}

static void reads_any_bytes(void **state)
{
	(void)state;
	static const char nasty[] =
	        "@nox.session(a=[(\ndef x(s):\n s.run('''a\n*{\\\" # )\ntest: a\n\t$(x $( $\\\nA ?= $$(\n";
	task_list tasks = {0};
	for (size_t n = 0; n < sizeof nasty; n++) {
		noxfile_read(&arena, (struct str){nasty, n}, STR("n"), &tasks);
		makefile_read(&arena, (struct str){nasty, n}, STR("m"), &tasks);
	}
	struct behind behind;
	(void)behind_find(&arena, STR("make test; nox -s x"), &tasks, &behind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(follows_make_to_the_command_of_a_target),
	        cmocka_unit_test(says_what_it_cannot_follow),
	        cmocka_unit_test(runs_pytest_in_the_environment_that_tox_makes),
	        cmocka_unit_test(runs_pytest_in_the_environment_that_nox_makes),
	        cmocka_unit_test(calls_pytest_by_the_tool_that_knows_the_environment),
	        cmocka_unit_test(ends_on_tasks_that_call_each_other),
	        cmocka_unit_test(reads_any_bytes),
	};
	arena_init(&arena, NULL);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
