/* pytest's own files: which one counts, and what its lines mean. */
#include "base/file.h"
#include "config/config.h"
#include "config/pytest_ini.h"
#include "config/shell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>

struct room {
	struct arena out, tmp;
	struct err err;
	struct pytest_config config;
	char dir[64];
};

static int enter(void **state)
{
	struct room *room = calloc(1, sizeof *room);
	arena_init(&room->out, NULL);
	arena_init(&room->tmp, NULL);
	strcpy(room->dir, "/tmp/lanewright-pytest-XXXXXX");
	*state = room;
	return mkdtemp(room->dir) ? 0 : -1;
}

static int leave(void **state)
{
	struct room *room = *state;
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", room->dir);
	int status = chdir("/") || system(command);
	arena_free(&room->out);
	arena_free(&room->tmp);
	free(room);
	return status;
}

static void put(struct room *room, const char *file, const char *text)
{
	assert_true(file_write(str_fmt(&room->tmp, "%s/%s", room->dir, file).at, str_of(text), &room->err));
}

static void drop(struct room *room, const char *file)
{
	assert_int_equal(unlink(str_fmt(&room->tmp, "%s/%s", room->dir, file).at), 0);
}

static bool read_from(struct room *room, const char *path)
{
	strs paths = {0};
	if (path)
		vec_push(&room->tmp, &paths, str_of(path));
	room->err = (struct err){0};
	return pytest_config_read(&room->out, &room->tmp, room->dir, &paths, &room->config, &room->err);
}

static void assert_str(struct str s, const char *expected)
{
	if (!str_eq(s, str_of(expected)))
		fail_msg("'%.*s' is not '%s'", STR_ARG(s), expected);
}

static void assert_list(const strs *list, const char *joined)
{
	struct arena tmp;
	arena_init(&tmp, NULL);
	assert_str(str_join(&tmp, list->at, list->n, STR("|")), joined);
	arena_free(&tmp);
}

static void has_pytests_defaults(void **state)
{
	struct room *room = *state;
	assert_true(read_from(room, NULL));
	assert_list(&room->config.python_files, "test_*.py|*_test.py");
	assert_list(&room->config.python_classes, "Test");
	assert_list(&room->config.python_functions, "test");
	assert_list(&room->config.norecursedirs, "*.egg|.*|_darcs|build|CVS|dist|node_modules|venv|{arch}");
	assert_str(room->config.import_mode, "prepend");
	assert_str(room->config.inifile, "");
}

/* Each file names itself; the last written is the first in pytest's order. */
static void takes_the_first_of_seven_files(void **state)
{
	static const struct {
		const char *file, *text;
	} files[] = {
	        {"setup.cfg", "[tool:pytest]\npython_files = setup.cfg\n"},
	        {"tox.ini", "[pytest]\npython_files = tox.ini\n"},
	        {"pyproject.toml", "[tool.pytest.ini_options]\npython_files = 'pyproject.toml'\n"},
	        {".pytest.ini", "[pytest]\npython_files = .pytest.ini\n"},
	        {"pytest.ini", "[pytest]\npython_files = pytest.ini\n"},
	        {".pytest.toml", "[pytest]\npython_files = ['.pytest.toml']\n"},
	        {"pytest.toml", "[pytest]\npython_files = ['pytest.toml']\n"},
	};
	struct room *room = *state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		put(room, files[i].file, files[i].text);
		assert_true(read_from(room, NULL));
		assert_str(room->config.inifile, files[i].file);
		assert_list(&room->config.python_files, files[i].file);
	}
}

static void an_empty_pytest_ini_wins(void **state)
{
	struct room *room = *state;
	put(room, "pytest.ini", "");
	put(room, "tox.ini", "[pytest]\npython_files = x.py\n");
	assert_true(read_from(room, NULL));
	assert_str(room->config.inifile, "pytest.ini");
	assert_list(&room->config.python_files, "test_*.py|*_test.py");
}

static void other_files_count_only_with_their_section(void **state)
{
	struct room *room = *state;
	put(room, "tox.ini", "[tox]\nenvlist = py\n");
	put(room, "setup.cfg", "[pytest]\npython_files = x.py\n");
	put(room, "pyproject.toml", "[tool.black]\nline = 1\n");
	assert_true(read_from(room, NULL));
	assert_str(room->config.inifile, "");
}

static void walks_up_from_the_paths_to_the_root(void **state)
{
	struct room *room = *state;
	put(room, "pytest.ini", "[pytest]\n");
	put(room, "backend/tox.ini", "[pytest]\ntestpaths = tests ../other ../../out\npythonpath = src .\n");
	put(room, "backend/tests/unit/test_a.py", "");
	assert_true(read_from(room, "backend/tests/unit/test_a.py"));
	assert_str(room->config.inifile, "backend/tox.ini");
	assert_str(room->config.rootdir, "backend");
	assert_list(&room->config.testpaths, "backend/tests|other");
	assert_list(&room->config.pythonpath, "backend/src|backend");
	assert_true(read_from(room, NULL));
	assert_str(room->config.rootdir, "");
}

static void without_a_config_a_pyproject_or_setup_py_is_the_rootdir(void **state)
{
	struct room *room = *state;
	put(room, "a/b/test_x.py", "");
	put(room, "a/setup.py", "");
	assert_true(read_from(room, "a/b"));
	assert_str(room->config.rootdir, "a");
	put(room, "pyproject.toml", "[project]\n");
	assert_true(read_from(room, "a/b"));
	assert_str(room->config.rootdir, "");
	drop(room, "pyproject.toml");
	drop(room, "a/setup.py");
	assert_true(read_from(room, "a/b"));
	assert_str(room->config.rootdir, "");
}

static void values_go_on_over_lines(void **state)
{
	struct room *room = *state;
	put(room, "setup.cfg",
	    "[tool:pytest] ; ours\n"
	    "python_files =\n"
	    "    test_*.py\n"
	    "# a comment\n"
	    "  ; another\n"
	    "\n"
	    "\tcheck_*.py   \"with blank.py\"\n"
	    "markers:\n"
	    "    slow: takes long; very\n"
	    "    timeout(seconds): kills # it\n"
	    "    plain\n"
	    "usefixtures = db cache\n"
	    "[other]\n"
	    "python_files = no\n");
	assert_true(read_from(room, NULL));
	assert_list(&room->config.python_files, "test_*.py|check_*.py|with blank.py");
	assert_list(&room->config.markers, "slow|timeout|plain");
	assert_list(&room->config.usefixtures, "db|cache");
}

/* inih alone would cut this line in two. */
static void keeps_lines_longer_than_inih_would(void **state)
{
	struct room *room = *state;
	char text[1200] = "[pytest]\npython_files = ";
	memset(text + strlen(text), 'x', 900);
	strcat(text, " ;y\n");
	put(room, "pytest.ini", text);
	assert_true(read_from(room, NULL));
	assert_int_equal(room->config.python_files.n, 2);
	assert_int_equal(room->config.python_files.at[0].n, 900);
	assert_str(room->config.python_files.at[1], ";y");
}

static void reads_addopts(void **state)
{
	struct room *room = *state;
	put(room, "tests/test_a.py", "");
	put(room, "pytest.ini",
	    "[pytest]\n"
	    "addopts = -ra -vv --strict-markers -m \"not slow\" -k 'a or b' -p no:cacheprovider -pxdist\n"
	    "    --ignore=tests/old --ignore tests/older --ignore-glob='*_gen.py' --import-mode=importlib\n"
	    "    --doctest-modules --deselect tests/test_a.py::test_x --cov src --cov-report xml\n"
	    "    --made-up value -o python_files='t_*.py u_*.py' tests\n");
	assert_true(read_from(room, NULL));
	const struct pytest_config *c = &room->config;
	assert_str(c->mark_expression, "not slow");
	assert_str(c->keyword_expression, "a or b");
	assert_list(&c->plugins, "no:cacheprovider|xdist");
	assert_list(&c->ignore, "tests/old|tests/older");
	assert_list(&c->ignore_glob, "*_gen.py");
	assert_list(&c->deselect, "tests/test_a.py::test_x");
	assert_str(c->import_mode, "importlib");
	assert_true(c->doctest_modules && c->strict_markers);
	assert_list(&c->python_files, "t_*.py|u_*.py");
	assert_list(&c->args, "tests");
}

static void the_last_of_two_mark_expressions_counts(void **state)
{
	struct room *room = *state;
	put(room, "pyproject.toml",
	    "[tool.pytest.ini_options]\naddopts = ['-m', 'a b', '-vm', 'c', '--no-cov', 'x']\n");
	assert_true(read_from(room, NULL));
	assert_str(room->config.mark_expression, "c");
	assert_list(&room->config.args, "x");
}

static void reads_native_toml_types(void **state)
{
	struct room *room = *state;
	put(room, "pyproject.toml",
	    "[tool.pytest]\nstrict_markers = true\nminversion = '9.0'\naddopts = ['-m', 'not slow']\n"
	    "markers = ['slow: x']\n");
	assert_true(read_from(room, NULL));
	assert_true(room->config.strict_markers);
	assert_str(room->config.mark_expression, "not slow");
	assert_list(&room->config.markers, "slow");
}

static void refuses(struct room *room, const char *file, const char *text, const char *message)
{
	put(room, file, text);
	assert_false(read_from(room, NULL));
	assert_string_equal(room->err.text, message);
	assert_int_equal(room->err.code, ERR_USAGE);
	drop(room, file);
}

static void says_where_a_file_is_damaged(void **state)
{
	struct room *room = *state;
	refuses(room, "pytest.ini", "[pytest]\nx\n",
	        "pytest.ini:2:1: expected [section], name = value or an indented line");
	refuses(room, "pytest.ini", "[pytest]\n\n  a = b\n", "pytest.ini:3:1: a value goes on that never began");
	refuses(room, "pytest.ini", "[pytest]\na = 1\n\na = 2\n", "pytest.ini:4:1: this name is given twice");
	refuses(room, "pytest.ini", "[pytest]\n\naddopts = -m 'x\n", "pytest.ini:3:1: addopts: a quote is not closed");
	refuses(room, "pyproject.toml", "[tool.pytest.ini_options]\nmarkers = [1]\n",
	        "pyproject.toml:2:12: markers must be a list of strings, and this is a whole number");
	put(room, "pyproject.toml", "[tool.pytest.ini_options\n");
	assert_false(read_from(room, NULL));
	assert_memory_equal(room->err.text, "pyproject.toml:1:", 17);
}

static void splits_words_as_shlex_does(void **state)
{
	static const struct {
		const char *line, *words; /* NULL: refused */
	} cases[] = {
	        {"", ""},
	        {"  a\tb\nc  ", "a|b|c"},
	        {"'a b' \"c d\"e''", "a b|c de"},
	        {"\"\\\"q\\\" \\n \\\\\"", "\"q\" \\n \\"},
	        {"'\\'", "\\"},
	        {"a\\ b \\'c", "a b|'c"},
	        {"''", ""},
	        {"#x", "#x"},
	        {"'a", NULL},
	        {"a\\", NULL},
	};
	struct room *room = *state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		strs words = {0};
		const char *why;
		bool is_right = shell_split(&room->out, str_of(cases[i].line), &words, &why);
		assert_int_equal(is_right, cases[i].words != NULL);
		if (is_right)
			assert_list(&words, cases[i].words);
	}
}

static struct str root_from(struct room *room, const char *dir, const char *chdir_, const char *config)
{
	struct str root = STR_NONE;
	assert_int_equal(chdir(str_fmt(&room->tmp, "%s/%s", room->dir, dir).at), 0);
	room->err = (struct err){0};
	if (!config_root(&room->out, &room->tmp, chdir_, config, &root, &room->err))
		fail_msg("%s", room->err.text);
	return str_slice(root, strlen(room->dir), root.n);
}

static void loads_what_the_project_itself_gives_to_pytest(void **state)
{
	struct room *room = *state;
	put(room, "pyproject.toml",
	    "[project.entry-points.pytest11]\nown = \"shop.plugin\"\n"
	    "[tool.poetry.plugins.pytest11]\nold = \"shop.old:Plugin\"\n");
	assert_true(read_from(room, NULL));
	assert_list(&room->config.plugins, "shop.plugin|shop.old");
	put(room, "setup.cfg",
	    "[options.entry_points]\nconsole_scripts =\n    shop = shop:main\n"
	    "pytest11 =\n    a = shop.tests.a\n    b = shop.tests.b [extra]\n");
	drop(room, "pyproject.toml");
	put(room, "backend/pytest.ini", "[pytest]\naddopts = -p no:a -p one.more\n");
	assert_true(read_from(room, "backend"));
	assert_list(&room->config.plugins, "no:a|one.more|shop.tests.b");
	put(room, "setup.cfg", "[options.entry_points]\npytest11\n");
	assert_true(read_from(room, "backend"));
	assert_list(&room->config.plugins, "no:a|one.more");
}

static void finds_the_root_upward_but_not_above_git(void **state)
{
	struct room *room = *state;
	put(room, "lanewright.toml", "");
	put(room, "repo/.git/HEAD", "");
	put(room, "repo/pkg/tests/test_a.py", "");
	put(room, "repo/conf/lanewright.toml", "");
	assert_str(root_from(room, "repo/pkg/tests", NULL, NULL), "/repo/pkg/tests");
	put(room, "repo/pkg/pyproject.toml", "[project]\n");
	assert_str(root_from(room, "repo/pkg/tests", NULL, NULL), "/repo/pkg");
	put(room, "repo/tox.ini", "[pytest]\n");
	assert_str(root_from(room, "repo/pkg/tests", NULL, NULL), "/repo");
	put(room, "repo/pkg/pyproject.toml", "[tool.lanewright]\n");
	assert_str(root_from(room, "repo/pkg/tests", NULL, NULL), "/repo/pkg");
	assert_str(root_from(room, "repo/pkg/tests", "../..", NULL), "/repo");
	assert_str(root_from(room, "repo", NULL, "conf/lanewright.toml"), "/repo/conf");
	assert_str(root_from(room, "repo/conf", NULL, "lanewright.toml"), "/repo/conf");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(has_pytests_defaults, enter, leave),
	        cmocka_unit_test_setup_teardown(takes_the_first_of_seven_files, enter, leave),
	        cmocka_unit_test_setup_teardown(an_empty_pytest_ini_wins, enter, leave),
	        cmocka_unit_test_setup_teardown(other_files_count_only_with_their_section, enter, leave),
	        cmocka_unit_test_setup_teardown(walks_up_from_the_paths_to_the_root, enter, leave),
	        cmocka_unit_test_setup_teardown(without_a_config_a_pyproject_or_setup_py_is_the_rootdir, enter, leave),
	        cmocka_unit_test_setup_teardown(values_go_on_over_lines, enter, leave),
	        cmocka_unit_test_setup_teardown(keeps_lines_longer_than_inih_would, enter, leave),
	        cmocka_unit_test_setup_teardown(reads_addopts, enter, leave),
	        cmocka_unit_test_setup_teardown(the_last_of_two_mark_expressions_counts, enter, leave),
	        cmocka_unit_test_setup_teardown(reads_native_toml_types, enter, leave),
	        cmocka_unit_test_setup_teardown(says_where_a_file_is_damaged, enter, leave),
	        cmocka_unit_test_setup_teardown(splits_words_as_shlex_does, enter, leave),
	        cmocka_unit_test_setup_teardown(loads_what_the_project_itself_gives_to_pytest, enter, leave),
	        cmocka_unit_test_setup_teardown(finds_the_root_upward_but_not_above_git, enter, leave),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
