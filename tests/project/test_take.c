/* A job is taken over: matrix values, pytest commands, versions and lanes, each as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "project/known.h"
#include "project/matrix.h"
#include "project/propose_lanes.h"
#include "project/pytest_words.h"
#include "project/script.h"
#include "project/toml_text.h"
#include "project/version.h"
#include "project/workflow.h"

#include <cmocka.h>

static struct arena arena;

static void is(struct str found, const char *expected)
{
	if (!str_eq(found, str_of(expected)))
		fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(found), expected);
}

static struct str joined(const strs *list)
{
	return str_join(&arena, list->at, list->n, STR("|"));
}

static struct job job_with(const char *strategy)
{
	job_list jobs = {0};
	struct err err = {0};
	struct str text = str_fmt(&arena, "jobs:\n  a:\n    strategy:\n      %s\n    steps: []\n", strategy);
	assert_true(workflow_read(&arena, text, STR("ci.yml"), &jobs, &err));
	return jobs.at[0];
}

static struct str filled(const struct job *job, const char *text, bool is_expression)
{
	bool changed = false;
	return matrix_fill(&arena, job, str_of(text), is_expression, &changed);
}

static void takes_the_first_combination_of_a_matrix(void **state)
{
	(void)state;
	struct job job = job_with("matrix: {py: ['3.9', '3.12'], db: [{image: pg, v: 15}, {image: my}], "
	                          "include: [{py: '3.12', x: no}, {py: '3.9', x: yes}, {all: y}]}");
	assert_int_equal(job.n_combinations, 4);
	is(filled(&job, "python ${{ matrix.py }}, ${{matrix.db.image}}:${{ matrix.db.v }}", false),
	   "python 3.9, pg:15");
	is(filled(&job, "${{ matrix.x }} ${{ matrix.all }} [${{ matrix.lost }}]", false), "yes y []");
	is(filled(&job, "env:\n  A: ${{ matrix.lost }}\n  B: x${{ matrix.lost }}\n", false), "env:\n  A: ''\n  B: x\n");
	job = job_with("matrix: {py: ['3.10'], n: [30], d: ['2.5'], t: [true], m: ['a: b'], z: ['010'], s: ['*x']}");
	is(filled(&job, "with:\n  - python-version: ${{ matrix.py }}\n  n: ${{ matrix.n }}\n  d: ${{ matrix.d }}\n",
	          false),
	   "with:\n  - python-version: '3.10'\n  n: 30\n  d: 2.5\n");
	is(filled(&job, "a: ${{ matrix.t }}\nb: ${{ matrix.m }}\nc: ${{ matrix.z }}\nd: ${{ matrix.s }} x\n", false),
	   "a: true\nb: 'a: b'\nc: '010'\nd: *x x\n");
	is(filled(&job, "echo \"a: ${{ matrix.py }}\"\nx = ${{ matrix.py }}\n${{ matrix.py }}", false),
	   "echo \"a: 3.10\"\nx = 3.10\n3.10");
	job = job_with("matrix: {py: ['3.9', '3.12'], db: [{image: pg, v: 15}, {image: my}], "
	               "include: [{py: '3.12', x: no}, {py: '3.9', x: yes}, {all: y}]}");
	is(filled(&job, "${{ format('{0}', matrix.py) }}", false), "${{ format('{0}', '3.9') }}");
	is(filled(&job, "matrix.py == '3.9' && my_matrix.py", true), "'3.9' == '3.9' && my_matrix.py");
	is(filled(&job, "echo matrix.py", false), "echo matrix.py");
}

static void takes_the_first_include_when_there_are_no_axes(void **state)
{
	(void)state;
	struct job job = job_with("matrix: {include: [{a: 1, b: \"it's\"}, {a: 2, c: 3}]}");
	assert_int_equal(job.n_combinations, 2);
	is(filled(&job, "${{ matrix.a }}${{ matrix.c }}", false), "1");
	is(filled(&job, "${{ x == matrix.b }}", false), "${{ x == 'it''s' }}");
	assert_int_equal(job_with("matrix: ${{ fromJSON(x) }}").n_combinations, 0);
	assert_int_equal(job_with("matrix: {n: \"${{ fromJSON(x) }}\"}").n_combinations, 0);
}

/* The command of the script, its paths, and the words left out. */
static const struct {
	const char *run, *command, *paths, *dropped;
} commands[] = {
        {"pytest", "pytest", "", ""},
        {"python -m pytest tests -x", "python -m pytest -x", "tests", ""},
        {"uv run --frozen pytest -n auto tests/unit tests/it.py", "uv run --frozen pytest -n auto",
         "tests/unit|tests/it.py", ""},
        {"pip install pytest\ncd app && py.test -k 'a and b' \"tests/x\"", "pytest -k 'a and b'", "tests/x", ""},
        {"pytest \\\n  --junitxml=a.xml --cov-report xml \\\n  -m \"not slow\"", "pytest -m \"not slow\"", "",
         "--junitxml=a.xml|--cov-report|xml"},
        {"PYTHONPATH=src pytest --splits 3 --group 1 -p no:x > log.txt 2>&1", "pytest -p no:x", "",
         "--splits|3|--group|1"},
        {"pytest --ignore tests/slow -c a/b.ini tests/", "pytest --ignore tests/slow -c a/b.ini", "tests/", ""},
        {"source .venv/bin/activate\npytest tests | tee log", ".venv/bin/pytest", "tests", ""},
        {"poetry run coverage run --branch -p --source=app -m pytest",
         "poetry run coverage run --branch --source=app -m "
         "pytest",
         "", "-p"},
        {"if [ 1 ]; then\n  pytest --cov app --cov=lib tests/a::b\nfi", "pytest --cov=lib", "", ""},
};

static void finds_the_pytest_command_of_a_script(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		struct script script;
		script_read(&arena, str_of(commands[i].run), &script);
		assert_true(script.has_pytest);
		struct pytest_words words = pytest_words_read(&arena, &script.words, script.bin);
		is(words.command, commands[i].command);
		is(joined(&words.paths), commands[i].paths);
		is(joined(&words.dropped), commands[i].dropped);
	}
}

static void finds_no_pytest_where_none_is_run(void **state)
{
	(void)state;
	static const char *const others[] = {"pip install pytest", "echo pytest",     "# pytest", "uv add pytest",
	                                     "mv .pytest_cache x", "tox -e pytest-8", ""};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct script script;
		script_read(&arena, str_of(others[i]), &script);
		assert_false(script.has_pytest);
	}
}

static void tells_what_stands_around_pytest(void **state)
{
	(void)state;
	struct script script;
	script_read(&arena, STR("set -e\nexport A='b c' \nmake assets; cd back\npytest && coverage xml"), &script);
	is(joined(&script.before), "make assets");
	is(joined(&script.after), "coverage xml");
	is(script.dir, "back");
	is(script.env.at[0].name, "A");
	is(script.env.at[0].value, "b c");
	assert_false(script.is_complex);
	script_read(&arena, STR("for i in 1 2; do\n pytest\ndone"), &script);
	assert_true(script.has_pytest && script.is_complex);
	is(script_hidden_tests(&arena, STR("uv run tox -e py")), "uv run tox -e py");
	is(script_hidden_tests(&arena, STR("make build")), "");
	assert_true(script_is_check(&arena, STR("ruff check .\nmypy app")));
	assert_false(script_is_check(&arena, STR("pip install ruff")));
	assert_false(script_is_check(&arena, STR("ruff check .\nmake assets")));
}

static void reads_any_bytes_as_a_script(void **state)
{
	(void)state;
	static const char nasty[] = "pytest \"a\n$(b `c \\\n ${{ d } ' && | ; > \\";
	for (size_t n = 0; n < sizeof nasty; n++) {
		struct script script;
		script_read(&arena, (struct str){nasty, n}, &script);
		if (script.has_pytest)
			pytest_words_read(&arena, &script.words, STR("x"));
	}
}

static void finds_the_version_of_pytest(void **state)
{
	(void)state;
	static const struct {
		const char *text, *version;
		unsigned line;
	} rows[] = {
	        {"[[package]]\nname = \"pytest-cov\"\nversion = \"5\"\n[[package]]\nname = \"pytest\"\nversion = \"8.3.4\"\n",
	         "8.3.4", 6},
	        {"a\npytest==8.1.1 # x\n", "8.1.1", 2},
	        {"dev = [\n  \"pytest>=8.2,<9\",\n]", ">=8.2,<9", 2},
	        {"pytest = \"^8.3\"", "^8.3", 1},
	        {"pytest-xdist>=3\npytest\n", "", 2},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned line;
		is(version_of_pytest(str_of(rows[i].text), &line), rows[i].version);
		assert_int_equal(line, rows[i].line);
	}
}

static struct catalogue services(void)
{
	struct catalogue catalogue = {0};
	static const char *const names[] = {"elastic", "postgres", "redis", "solr"};
	static const char *const images[] = {"elastic:9", "library/postgres:17", "redis:7", "solr:9"};
	for (size_t i = 0; i < 4; i++) {
		struct service service = {.name = str_of(names[i]), .image = str_of(images[i])};
		vec_push(&arena, &service.words, service.name);
		vec_push(&arena, &catalogue.services, service);
	}
	return catalogue;
}

static void knows_a_service_by_its_image_else_by_its_name(void **state)
{
	(void)state;
	struct catalogue c = services();
	assert_int_equal(known_service(&c, STR("ghcr.io/x/postgres:16@sha256:0"), STR("cache")), 1);
	assert_int_equal(known_service(&c, STR("ckan/ckan-solr:master"), STR("x")), 3);
	assert_int_equal(known_service(&c, STR("valkey/valkey"), STR("my-redis")), 2);
	assert_int_equal(known_service(&c, STR("postgresql2"), STR("db")), -1);
}

/* Bits: elastic 1, postgres 2, redis 4, solr 8. */
static struct str lanes_of(const lane_wishes *wishes, service_set base)
{
	struct catalogue c = services();
	struct proposal p = {0};
	strs order = {0}, lines = {0};
	vec_push(&arena, &order, STR("redis"));
	vec_push(&arena, &order, STR("postgres"));
	propose_lanes(&arena, wishes, &c, base, &order, &p);
	for (size_t i = 0; i < p.lanes.n; i++)
		vec_push(&arena, &lines,
		         str_fmt(&arena, "%.*s:%.*s:%zu", STR_ARG(p.lanes.at[i].name),
		                 STR_ARG(str_join(&arena, p.lanes.at[i].services.at, p.lanes.at[i].services.n,
		                                  STR("+"))),
		                 p.lanes.at[i].tests));
	for (size_t i = 0; i < p.notes.n; i++)
		vec_push(&arena, &lines, p.notes.at[i]);
	return joined(&lines);
}

static void gives_special_services_a_lane_with_what_stands_beside_them(void **state)
{
	(void)state;
	struct lane_wish rows[] = {{2, 50, 5}, {6, 30, 3}, {1, 4, 1}, {3, 3, 1}, {9, 1, 1}, {8, 2, 1}, {0, 20, 2}};
	lane_wishes wishes = {rows, 7, 7};
	is(lanes_of(&wishes, 0), "postgres:postgres:50|postgres-redis:redis+postgres:30|elastic:postgres+elastic:7|"
	                         "solr:solr:2|unit::20|1 test needs odd combinations of services: `plan` derives lanes "
	                         "for those");
}

static void puts_base_services_on_every_lane(void **state)
{
	(void)state;
	struct lane_wish rows[] = {{0, 50, 5}, {4, 30, 3}};
	lane_wishes wishes = {rows, 2, 2};
	is(lanes_of(&wishes, 2), "postgres:postgres:50|postgres-redis:redis+postgres:30");
	is(lanes_of(&(lane_wishes){0}, 0), "");
}

static void writes_texts_that_toml_can_hold(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, &arena);
	toml_text(&buf, STR("plain"));
	toml_text(&buf, STR("a \"b\" \\"));
	toml_text(&buf, STR("it's \"b\"\n"));
	toml_block(&buf, STR("- a\n"));
	toml_block(&buf, STR("'''\r"));
	toml_key(&buf, STR("a-b"));
	toml_key(&buf, STR("a.b"));
	toml_comment(&buf, STR("x\ny"));
	is(buf_str(&buf), "\"plain\"'a \"b\" \\'\"it's \\\"b\\\"\\u000a\"'''\n- a\n'''\"'''\\u000d\"a-b\"a.b\"# x?y");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(takes_the_first_combination_of_a_matrix),
	        cmocka_unit_test(takes_the_first_include_when_there_are_no_axes),
	        cmocka_unit_test(finds_the_pytest_command_of_a_script),
	        cmocka_unit_test(finds_no_pytest_where_none_is_run),
	        cmocka_unit_test(tells_what_stands_around_pytest),
	        cmocka_unit_test(reads_any_bytes_as_a_script),
	        cmocka_unit_test(finds_the_version_of_pytest),
	        cmocka_unit_test(knows_a_service_by_its_image_else_by_its_name),
	        cmocka_unit_test(gives_special_services_a_lane_with_what_stands_beside_them),
	        cmocka_unit_test(puts_base_services_on_every_lane),
	        cmocka_unit_test(writes_texts_that_toml_can_hold),
	};
	int failed = cmocka_run_group_tests_name("project/take", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
