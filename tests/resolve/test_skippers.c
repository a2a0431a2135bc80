/* Modules that get at somebody who skips, by whatever import, must be looked into; all others need not be. */
#include "collecting.h"
#include "resolve/skippers.h"

static const char *story_of(struct resolved *r)
{
	struct names names;
	struct buf story;
	names_init(&names, &r->tmp, &r->repo, &r->config, &r->pytest);
	buf_init(&story, &r->tmp);
	import_edges edges;
	const bool *may = skippers_find(&names, &r->tmp, &edges);
	for (size_t i = 0; i < r->repo.files.n; i++)
		if (may[i])
			buf_fmt(&story, "%s%.*s", story.n ? " " : "", STR_ARG(r->repo.files.at[i].path));
	buf_char(&story, '\0');
	return story.at;
}

static void expect_skippers(const struct source *files, const char *story)
{
	struct resolved *r = collecting("[pytest]\n", files);
	assert_string_equal(story_of(r), story);
	resolving_end(r);
}

#define GATE "import pytest\ndef gate(): pytest.skip('')\n"

static void follows_imports_over_several_modules(void **state)
{
	(void)state;
	const struct source files[] = {
	        {"gates.py", GATE},
	        {"middle.py", "from gates import gate\n"},
	        {"test_far.py", "import middle\n"},
	        {"test_lazy.py", "def test_lazy():\n    from middle import gate\n"},
	        {"test_none.py", "import other\n"},
	        {"other.py", "import os\n"},
	        {0},
	};
	expect_skippers(files, "gates.py middle.py test_far.py test_lazy.py");
}

static void follows_relative_imports_and_stars(void **state)
{
	(void)state;
	const struct source files[] = {
	        {"pkg/__init__.py", ""},
	        {"pkg/gates.py", GATE},
	        {"pkg/one.py", "from . import gates\n"},
	        {"pkg/other.py", "import os\n"},
	        {"pkg/star.py", "from .gates import *\n"},
	        {"pkg/sub/__init__.py", ""},
	        {"pkg/sub/two.py", "from ..gates import gate\n"},
	        {0},
	};
	expect_skippers(files, "pkg/gates.py pkg/one.py pkg/star.py pkg/sub/two.py");
}

static void takes_a_package_for_all_below_it(void **state)
{
	(void)state;
	const struct source files[] = {
	        {"bare/gates.py", GATE},
	        {"pkg/__init__.py", ""},
	        {"pkg/deep/__init__.py", ""},
	        {"pkg/deep/gates.py", GATE},
	        {"pkg0/__init__.py", ""},
	        {"test_alias.py", "import pkg.deep as d\nd.gates.gate()\n"},
	        {"test_attribute.py", "import pkg\npkg.deep.gates.gate()\n"},
	        {"test_bare.py", "import bare\nbare.gates.gate()\n"},
	        {"test_dotted.py", "import pkg.deep.gates\npkg.deep.gates.gate()\n"},
	        {"test_from.py", "from pkg import deep\ndeep.gates.gate()\n"},
	        {"test_name.py", "from pkg import name\n"},
	        {"test_other.py", "import pkg0\n"},
	        {0},
	};
	expect_skippers(files, "bare/gates.py pkg/deep/gates.py test_alias.py test_attribute.py test_bare.py "
	                       "test_dotted.py test_from.py");
}

static void lets_a_package_infect_its_modules(void **state)
{
	(void)state;
	const struct source files[] = {
	        {"pkg/__init__.py", "raise SkipTest\n"},
	        {"pkg/test_in.py", "import os\n"},
	        {"test_out.py", "import os\n"},
	        {0},
	};
	expect_skippers(files, "pkg/__init__.py pkg/test_in.py");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(follows_imports_over_several_modules),
	        cmocka_unit_test(follows_relative_imports_and_stars),
	        cmocka_unit_test(takes_a_package_for_all_below_it),
	        cmocka_unit_test(lets_a_package_infect_its_modules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
