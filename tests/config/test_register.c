/* Registering markers in each kind of pytest config. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "config/pytest_ini.h"
#include "config/register.h"

#include <cmocka.h> /* last: it defines fail() */

#define NEW "pg: needs postgres"

/* pytest reads the names of `markers` from what was written, the old ones included. */
static void read_back(struct arena *arena, const char *path, struct str text, size_t n)
{
	char folder[] = "/tmp/register.XXXXXX", file[64];
	struct err err = {0};
	struct pytest_config config;
	strs nowhere = {0};
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof file, "%s/%s", folder, path);
	assert_true(file_write(file, text, &err));
	if (!pytest_config_read(arena, arena, folder, &nowhere, &config, &err))
		fail_msg("%s in\n%.*s", err.text, STR_ARG(text));
	unlink(file);
	rmdir(folder);
	assert_int_equal(config.markers.n, n);
	assert_true(str_eq(config.markers.at[n - 1], STR("pg")) || str_eq(config.markers.at[0], STR("pg")));
}

static void registers(const char *path, const char *text, const char *expected, size_t n)
{
	struct arena arena;
	struct err err = {0};
	struct str to;
	strs lines = {0};
	arena_init(&arena, NULL);
	vec_push(&arena, &lines, STR(NEW));
	if (!register_markers(&arena, path, str_of(text), &lines, &to, &err))
		fail_msg("%s", err.text);
	assert_string_equal(str_c(&arena, to), expected);
	read_back(&arena, path, to, n);
	arena_free(&arena);
}

static void adds_a_line_to_ini_files(void **state)
{
	(void)state;
	registers("pytest.ini", "[pytest]\nmarkers =\n\tslow: long\n\n\t# why\n\tfast\n\naddopts = -q\n",
	          "[pytest]\nmarkers =\n\tslow: long\n\n\t# why\n\tfast\n\t" NEW "\n\naddopts = -q\n", 3);
	registers("setup.cfg", "[metadata]\nmarkers = no\n[tool:pytest]\nmarkers = slow: long\n[x]\n",
	          "[metadata]\nmarkers = no\n[tool:pytest]\nmarkers = slow: long\n    " NEW "\n[x]\n", 2);
	registers("tox.ini", "[tox]\nenvlist = py\n\n[pytest]\r\nmarkers:\r\n  slow",
	          "[tox]\nenvlist = py\n\n[pytest]\r\nmarkers:\r\n  slow\n  " NEW, 2);
}

static void adds_the_key_below_the_header_of_ini_files(void **state)
{
	(void)state;
	registers("pytest.ini", "# ours\n[pytest]\naddopts = -q\n",
	          "# ours\n[pytest]\nmarkers =\n    " NEW "\naddopts = -q\n", 1);
	registers("pytest.ini", "[pytest]", "[pytest]\nmarkers =\n    " NEW, 1);
	registers("pytest.ini", "[other]\nmarkers = no", "[other]\nmarkers = no\n[pytest]\nmarkers =\n    " NEW "\n",
	          1);
	registers("pytest.ini", "", "[pytest]\nmarkers =\n    " NEW "\n", 1);
}

static void adds_to_arrays_of_toml(void **state)
{
	(void)state;
	registers("pyproject.toml",
	          "[tool.pytest.ini_options]\nmarkers = [\n  \"slow: ]\", # a, \"b\"\n  'x', # ]\n]\n",
	          "[tool.pytest.ini_options]\nmarkers = [\n  \"slow: ]\", # a, \"b\"\n  'x', # ]\n  \"" NEW "\",\n]\n",
	          3);
	registers("pyproject.toml", "[tool.pytest.ini_options]\nmarkers = [\n  \"slow\"  # why\n]\n",
	          "[tool.pytest.ini_options]\nmarkers = [\n  \"slow\",  # why\n  \"" NEW "\"\n]\n", 2);
	registers("pyproject.toml", "[tool.pytest.ini_options]\nmarkers = [\"slow\"]\n",
	          "[tool.pytest.ini_options]\nmarkers = [\"slow\", \"" NEW "\"]\n", 2);
	registers("pyproject.toml", "[tool]\npytest.ini_options.markers = []\n",
	          "[tool]\npytest.ini_options.markers = [\"" NEW "\"]\n", 1);
	registers("pyproject.toml", "[tool.pytest]\nmarkers = [\"slow\",]\n",
	          "[tool.pytest]\nmarkers = [\"slow\", \"" NEW "\",]\n", 2);
}

static void adds_to_a_string_of_several_lines(void **state)
{
	(void)state;
	registers("pyproject.toml", "[tool.pytest.ini_options]\nmarkers = \"\"\"\n  slow\n\"\"\"\n",
	          "[tool.pytest.ini_options]\nmarkers = \"\"\"\n  slow\n  " NEW "\n\"\"\"\n", 2);
}

static void adds_an_array_below_the_header_of_toml(void **state)
{
	(void)state;
	registers("pyproject.toml", "[tool.pytest.ini_options]\r\naddopts = \"-q\"\r\n",
	          "[tool.pytest.ini_options]\r\nmarkers = [\r\n    \"" NEW "\",\r\n]\r\naddopts = \"-q\"\r\n", 1);
	registers("pyproject.toml", "[tool.pytest]\nminversion = \"9\"\n",
	          "[tool.pytest]\nmarkers = [\n    \"" NEW "\",\n]\nminversion = \"9\"\n", 1);
	registers("pytest.toml", "", "[pytest]\nmarkers = [\n    \"" NEW "\",\n]\n", 1);
}

static void refuses_forms_it_would_have_to_guess(void **state)
{
	(void)state;
	struct arena arena;
	struct err err = {0};
	struct str to;
	strs lines = {0};
	arena_init(&arena, NULL);
	vec_push(&arena, &lines, STR(NEW));
	assert_false(register_markers(&arena, "pyproject.toml",
	                              STR("[tool]\npytest = {ini_options = {addopts = '-q'}}\n"), &lines, &to, &err));
	assert_string_equal(err.text,
	                    "pyproject.toml: it has no line [tool.pytest.ini_options] below which markers could stand");
	err = (struct err){0};
	assert_false(register_markers(&arena, "pyproject.toml", STR("[tool.pytest.ini_options]\nmarkers = 'slow'\n"),
	                              &lines, &to, &err));
	assert_string_equal(err.text, "pyproject.toml:2:11: markers has a form that is not extended");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(adds_a_line_to_ini_files),
	        cmocka_unit_test(adds_the_key_below_the_header_of_ini_files),
	        cmocka_unit_test(adds_to_arrays_of_toml),
	        cmocka_unit_test(adds_to_a_string_of_several_lines),
	        cmocka_unit_test(adds_an_array_below_the_header_of_toml),
	        cmocka_unit_test(refuses_forms_it_would_have_to_guess),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
