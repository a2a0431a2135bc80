/* Lists reach pytest by a command that every pytest understands, or that the config promises it does. */
#include "emit/command.h"
#include "sample.h"

static struct arena arena;

static struct test_command read_command(const char *pytest, const char *version)
{
	struct config config = {0};
	struct test_command command;
	struct err err = {0};
	config.github.pytest = str_of(pytest);
	config.pytest_version = str_of(version);
	if (!test_command_read(&arena, &config, &command, &err))
		fail_msg("%s", err.text);
	return command;
}

static struct str text_of(const struct test_command *command)
{
	strs lists = {0};
	vec_push(&arena, &lists, STR("\"$LIST\""));
	return test_command_text(&arena, command, &lists, STR("--more"));
}

static void hands_lists_over_in_python_unless_the_version_is_known(void **state)
{
	(void)state;
	struct test_command old = read_command("uv run pytest -ra -k 'a or b'", "");
	struct str text = text_of(&old);
	assert_true(
	        str_starts(text, STR("uv run python3 -c 'import sys; sys.path[:1] == [\"\"] and sys.path.pop(0); ")));
	assert_true(str_ends(text, STR("' \"$LIST\" -- -ra -k 'a or b' --more")));
	struct test_command new = read_command("uv run pytest -ra", ">=8.2");
	assert_true(str_eq(text_of(&new), STR("uv run pytest @\"$LIST\" -ra --more")));
}

static void hands_lists_over_as_they_are_from_a_folder(void **state)
{
	(void)state;
	struct config config = {
	        .github.pytest = STR("uv run pytest -ra"), .github.directory = STR("a/b"), .pytest_version = STR("9")};
	struct test_command command;
	struct err err = {0};
	assert_true(test_command_read(&arena, &config, &command, &err));
	command.env = STR("A=b ");
	struct str text = text_of(&command);
	assert_true(str_starts(text, STR("(cd a/b && A=b uv run python3 -c '")));
	assert_true(str_has(text, STR("[os.path.relpath(t, \"a/b\") for t in tests]")));
	assert_true(str_ends(text, STR("' ../../\"$LIST\" -- -ra --more)")));
	config.github.plugin = STR("p.py");
	assert_false(test_command_read(&arena, &config, &command, &err));
}

static void guards_what_does_not_guard_itself(void **state)
{
	(void)state;
	strs lists = {0};
	vec_push(&arena, &lists, STR("a.txt"));
	struct test_command old = read_command("pytest", "7.2.1"), new = read_command("pytest", "8.4");
	assert_int_equal(test_command_guard(&arena, &old, &lists).n, 0);
	assert_true(str_has(test_command_guard(&arena, &new, &lists), STR("for list in a.txt; do")));
}

static void finds_the_python_that_pytest_runs_in(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
	        {"pytest", "python3"},
	        {"", "python3"},
	        {"python -m pytest -x", "python"},
	        {"python3.12 -X dev -m pytest", "python3.12 -X dev"},
	        {".venv/bin/pytest", ".venv/bin/python3"},
	        {"A='b c' poetry run pytest", "A='b c' poetry run python3"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct test_command command = read_command(rows[i][0], "");
		if (!str_eq(command.python, str_of(rows[i][1])))
			fail_msg("%s: %.*s", rows[i][0], STR_ARG(command.python));
	}
	/* -m keeps the working directory on the path, as it does in pytest's own module form. */
	struct test_command module = read_command("python -m pytest", "");
	assert_false(str_has(module.before, STR("sys.path.pop")));
}

static void knows_coverages_own_command(void **state)
{
	(void)state;
	struct test_command command = read_command("python -m coverage run -m pytest", "8.2");
	assert_true(command.has_coverage);
	assert_false(read_command("pytest --cov=coverage", "8.2").has_coverage);
}

static void refuses_a_command_that_lists_cannot_be_handed_to(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
	        {"tox -e py", "no word \"pytest\""},
	        {"pytest ${{ inputs.args }}", "injection"},
	        {"pytest\npytest", "one line"},
	        {"coverage run -m pytest", "needs pytest 8.2"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct config config = {0};
		struct test_command command;
		struct err err = {0};
		config.github.pytest = str_of(rows[i][0]);
		assert_false(test_command_read(&arena, &config, &command, &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_non_null(strstr(err.text, rows[i][1]));
	}
}

static void reads_versions_as_people_write_them(void **state)
{
	(void)state;
	static const char *const yes[] = {"8.2",        "8.4.1",   "9",     "10.0", ">=8.2",
	                                  ">= 8.2, <9", "==8.3.*", "~=8.2", "^9.0", "<10,>=8.2"};
	static const char *const no[] = {"",      "7.2.1",  "8",   "8.1.9", "<9", "!=8.4",
	                                 "<=8.4", "latest", ">=7", "8.",    ".9"};
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (!version_at_least(str_of(yes[i]), 8, 2))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (version_at_least(str_of(no[i]), 8, 2))
			fail_msg("%s", no[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(hands_lists_over_in_python_unless_the_version_is_known),
	        cmocka_unit_test(hands_lists_over_as_they_are_from_a_folder),
	        cmocka_unit_test(guards_what_does_not_guard_itself),
	        cmocka_unit_test(finds_the_python_that_pytest_runs_in),
	        cmocka_unit_test(knows_coverages_own_command),
	        cmocka_unit_test(refuses_a_command_that_lists_cannot_be_handed_to),
	        cmocka_unit_test(reads_versions_as_people_write_them),
	};
	int failed = cmocka_run_group_tests_name("emit/command", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
