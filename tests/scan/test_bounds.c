/* Which folders are entered and which files pytest would collect. */
#include "scanning.h"

#include "scan/bounds.h"

static struct bounds bounds;

static void set_up(void)
{
	bounds_make(&bounds, &arena, STR("/home/me/project"), &config, &pytest);
}

/* As the walk asks: folder by folder from the root. */
static bool collects(const char *path)
{
	struct str whole = str_of(path);
	bool looks = bounds_collect_dir(&bounds, &arena, STR_NONE, false);
	for (size_t slash = str_find(whole, STR("/"), 0); slash != SIZE_MAX;
	     slash = str_find(whole, STR("/"), slash + 1))
		looks = bounds_collect_dir(&bounds, &arena, str_slice(whole, 0, slash), looks);
	return bounds_collect_file(&bounds, &arena, whole, looks);
}

static bool enters(const char *dir)
{
	return bounds_enter(&bounds, &arena, str_of(dir), false);
}

static void matches_globs_as_python_does(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *path;
		bool matches;
	} cases[] = {
	        {"tests", "tests", true},
	        {"tests", "tests/a", false},
	        {"*/tests", "app/tests", true},
	        {"*/tests", "tests", false},
	        {"*/tests", "a/b/tests", false},
	        {"**/tests", "tests", true},
	        {"**/tests", "a/b/tests", true},
	        {"**/tests", "a/b/tests/c", false},
	        {"src/**/tests", "src/tests", true},
	        {"src/**/tests/**/unit", "src/a/tests/b/tests/c/unit", true},
	        {"src/**/tests/**/unit", "src/a/b/c/unit", false},
	        {"**", "anything/at/all", true},
	        {"a*c", "abc", true},
	        {"a*c", "a/c", false},
	        {"*", ".hidden", false},
	        {".*", ".hidden", true},
	        {"", "", true},
	        {"", "a", false},
	        {"a", "", false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (bounds_glob(str_of(cases[i].pattern), str_of(cases[i].path)) != cases[i].matches)
			fail_msg("%s on %s", cases[i].pattern, cases[i].path);
}

static void collects_everywhere_without_paths(void **state)
{
	(void)state;
	set_up();
	assert_true(collects("test_a.py"));
	assert_true(collects("app/deep/b_test.py"));
	assert_false(collects("app/models.py"));
	assert_false(collects("conftest.py"));
}

static void collects_below_testpaths_only(void **state)
{
	(void)state;
	LIST(pytest.testpaths, "tests", "apps/*/tests", "./extra/");
	set_up();
	assert_true(collects("tests/unit/test_a.py"));
	assert_true(collects("apps/shop/tests/test_a.py"));
	assert_true(collects("extra/test_a.py"));
	assert_false(collects("test_a.py"));
	assert_false(collects("apps/shop/test_a.py"));
	assert_false(collects("testsuite/test_a.py"));
}

static void prefers_our_paths_then_addopts_then_testpaths(void **state)
{
	(void)state;
	LIST(pytest.testpaths, "tests");
	LIST(pytest.args, "more/test_m.py::TestM");
	set_up();
	assert_false(collects("tests/test_a.py"));
	assert_true(collects("more/test_m.py"));
	LIST(config.paths, "backend/tests");
	set_up();
	assert_false(collects("more/test_m.py"));
	assert_true(collects("backend/tests/test_a.py"));
}

static void collects_below_rootdir_when_it_is_deeper(void **state)
{
	(void)state;
	pytest.rootdir = STR("backend");
	set_up();
	assert_true(collects("backend/test_a.py"));
	assert_false(collects("frontend/test_a.py"));
}

static void collects_a_named_file_whatever_it_is_called(void **state)
{
	(void)state;
	LIST(config.paths, "checks/smoke.py", "tests");
	LIST(pytest.ignore, "checks/smoke.py");
	set_up();
	assert_true(collects("checks/smoke.py"));
	assert_false(collects("checks/other.py"));
	assert_false(collects("tests/smoke.py"));
}

static void matches_patterns_with_a_slash_on_the_whole_path(void **state)
{
	(void)state;
	LIST(pytest.python_files, "tests/*.py", "/home/me/project/abs/*.py");
	LIST(pytest.norecursedirs, "tests/skip");
	set_up();
	assert_true(collects("app/tests/anything.py"));
	assert_true(collects("app/tests/deep/anything.py"));
	assert_true(collects("abs/x.py"));
	assert_false(collects("app/anything.py"));
	assert_false(collects("tests/skip/a.py"));
	assert_true(collects("other/tests/a.py"));
}

static void does_not_recurse_below_what_is_named_so(void **state)
{
	(void)state;
	set_up();
	assert_false(collects("build/test_a.py"));
	assert_false(collects("app/dist/deep/test_a.py"));
	assert_true(collects("builder/test_a.py"));
}

static void recurses_into_what_leads_to_a_start(void **state)
{
	(void)state;
	LIST(config.paths, "tests", "tests/build/x");
	set_up();
	assert_true(collects("tests/build/x/test_a.py"));
	assert_true(collects("tests/build/test_a.py")); /* pytest does not ignore parents of its arguments */
	assert_false(collects("tests/dist/test_a.py"));
}

static void starts_in_a_folder_that_it_would_not_recurse_into(void **state)
{
	(void)state;
	LIST(config.paths, "build/tests");
	set_up();
	assert_true(collects("build/tests/test_a.py"));
	assert_false(collects("build/test_a.py"));
	assert_false(collects("build/tests/build/test_a.py"));
}

static void ignores_what_it_is_told_to(void **state)
{
	(void)state;
	LIST(pytest.ignore, "tests/slow", "tests/test_x.py");
	LIST(pytest.ignore_glob, "*_wip*");
	set_up();
	assert_false(collects("tests/slow/test_a.py"));
	assert_false(collects("tests/slow/deep/test_a.py"));
	assert_false(collects("tests/test_x.py"));
	assert_false(collects("tests/test_a_wip.py"));
	assert_false(collects("tests/a_wip_b/test_a.py"));
	assert_true(collects("tests/slower/test_a.py"));
}

static void leaves_out_what_lies_outside_the_root(void **state)
{
	(void)state;
	LIST(config.paths, "../other", "/home/me/project/tests", "/home/me/projects");
	set_up();
	assert_true(collects("tests/test_a.py"));
	assert_false(collects("test_a.py"));
	assert_false(collects("other/test_a.py"));
}

static void enters_what_a_test_could_import_from(void **state)
{
	(void)state;
	set_up();
	assert_true(enters("build"));
	assert_true(enters("app/dist"));
	assert_true(enters("some-dashes"));
	assert_false(enters(".tox"));
	assert_false(enters("app/.hidden"));
	assert_false(enters("thing.egg"));
	assert_false(enters("node_modules"));
	assert_false(enters("app/__pycache__"));
	assert_false(enters(".git"));
}

static void enters_virtual_environments_only_when_asked_for(void **state)
{
	(void)state;
	set_up();
	assert_false(bounds_enter(&bounds, &arena, STR("env"), true));
	LIST(config.first_party, "env/lib/mine");
	set_up();
	assert_true(bounds_enter(&bounds, &arena, STR("env"), true));
	assert_true(bounds_enter(&bounds, &arena, STR("env/lib"), true));
	assert_false(bounds_enter(&bounds, &arena, STR("env/lib2"), true));
}

static void enters_hidden_folders_that_are_wanted(void **state)
{
	(void)state;
	LIST(config.paths, ".ci/tests");
	LIST(pytest.pythonpath, ".lib");
	set_up();
	assert_true(enters(".ci"));
	assert_true(enters(".ci/tests"));
	assert_true(enters(".lib"));
	assert_false(enters(".ci/.tests"));
	assert_true(collects(".ci/tests/test_a.py"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        STORY(matches_globs_as_python_does),
	        STORY(collects_everywhere_without_paths),
	        STORY(collects_below_testpaths_only),
	        STORY(prefers_our_paths_then_addopts_then_testpaths),
	        STORY(collects_below_rootdir_when_it_is_deeper),
	        STORY(collects_a_named_file_whatever_it_is_called),
	        STORY(matches_patterns_with_a_slash_on_the_whole_path),
	        STORY(does_not_recurse_below_what_is_named_so),
	        STORY(recurses_into_what_leads_to_a_start),
	        STORY(starts_in_a_folder_that_it_would_not_recurse_into),
	        STORY(ignores_what_it_is_told_to),
	        STORY(leaves_out_what_lies_outside_the_root),
	        STORY(enters_what_a_test_could_import_from),
	        STORY(enters_virtual_environments_only_when_asked_for),
	        STORY(enters_hidden_folders_that_are_wanted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
