/* lanewright.toml: what it gives, and how it says what is wrong. */
#include "base/buf.h"
#include "base/file.h"
#include "config/config.h"
#include "config/services.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <cmocka.h>

struct room {
	struct arena out, tmp;
	struct err err;
	struct config config;
	char dir[64];
};

static int enter(void **state)
{
	struct room *room = calloc(1, sizeof *room);
	arena_init(&room->out, NULL);
	arena_init(&room->tmp, NULL);
	strcpy(room->dir, "/tmp/lanewright-config-XXXXXX");
	*state = room;
	return mkdtemp(room->dir) ? 0 : -1;
}

static int leave(void **state)
{
	struct room *room = *state;
	char path[128];
	snprintf(path, sizeof path, "rm -rf '%s'", room->dir);
	int status = system(path);
	arena_free(&room->out);
	arena_free(&room->tmp);
	free(room);
	return status;
}

static bool read_named(struct room *room, const char *file, const char *text)
{
	struct str path = str_fmt(&room->tmp, "%s/%s", room->dir, file);
	room->err = (struct err){0};
	assert_true(file_write(path.at, str_of(text), &room->err));
	return config_read(&room->out, &room->tmp, room->dir, NULL, &room->config, &room->err);
}

static bool reads(struct room *room, const char *text)
{
	return read_named(room, "lanewright.toml", text);
}

/* The config is refused with just this message. */
static void refuses(struct room *room, const char *text, const char *message)
{
	assert_false(reads(room, text));
	assert_string_equal(room->err.text, message);
	assert_int_equal(room->err.code, ERR_USAGE);
}

static const struct service *service(const struct room *room, const char *name)
{
	int i = catalogue_find(&room->config.catalogue, str_of(name));
	return i < 0 ? NULL : &room->config.catalogue.services.at[i];
}

static void assert_str(struct str s, const char *expected)
{
	assert_int_equal(s.n, strlen(expected));
	assert_memory_equal(s.at, expected, s.n);
}

static bool has(const strs *list, const char *word)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], str_of(word)))
			return true;
	return false;
}

static void has_defaults_without_a_file(void **state)
{
	struct room *room = *state;
	assert_true(config_read(&room->out, &room->tmp, room->dir, NULL, &room->config, &room->err));
	const struct config *c = &room->config;
	assert_int_equal(c->path.n, 0);
	assert_int_equal(c->grade, GRADE_PROBABLE);
	assert_true(c->derive_lanes && c->spill && !c->unit_file_only);
	assert_int_equal(c->max_shards, 8);
	assert_int_equal(c->overhead_ms, 45000);
	assert_int_equal(c->billing_ms, 60000);
	assert_int_equal(c->stick_ppm, 10000);
	assert_int_equal(c->half_life_days, 14);
	assert_str(c->github.shape, "lanes");
	assert_true(c->catalogue.services.n >= 45);
}

static void looks_for_every_built_in_service_when_none_is_named(void **state)
{
	struct room *room = *state;
	assert_true(reads(room, "[plan]\nspill = false\n"));
	assert_non_null(service(room, "postgres"));
	assert_non_null(service(room, "cosmosdb-emulator"));
	assert_false(service(room, "postgres")->is_named);
	assert_false(room->config.spill);
}

static void looks_only_for_named_services(void **state)
{
	struct room *room = *state;
	assert_true(reads(room, "[services.redis]\n[services.postgres]\n"));
	assert_int_equal(room->config.catalogue.services.n, 2);
	assert_str(room->config.catalogue.services.at[0].name, "postgres");
	assert_true(service(room, "redis")->is_named);
	assert_str(service(room, "redis")->place, "lanewright.toml:1:11");
}

static void extends_a_built_in_service(void **state)
{
	struct room *room = *state;
	assert_true(reads(room, "[services.opensearch]\nmarker = \"needs_os\"\nhosts = [\"search-a\"]\n"
	                        "ports = [\"9201:9200\"]\nstartup = 31\npull = 2.5\nbase = true\n"
	                        "env = { \"discovery.type\" = \"multi\", NEW = \"1\" }\n"));
	const struct service *s = service(room, "opensearch");
	assert_true(has(&s->hosts, "search-a") && has(&s->hosts, "opensearch"));
	assert_true(has(&s->constructors, "OpenSearch"));
	assert_true(has(&s->markers, "needs_os"));
	assert_int_equal(s->ports_map.n, 1);
	assert_true(has(&s->ports, "9201"));
	assert_int_equal(s->startup_ms, 31000);
	assert_int_equal(s->pull_ms, 2500);
	assert_str(s->env.at[0].value, "multi");
	assert_str(s->env.at[s->env.n - 1].name, "NEW");
	assert_true(s->is_base);
}

static void makes_a_service_of_its_own(void **state)
{
	struct room *room = *state;
	assert_true(reads(room, "[services.billing]\nmarker = [\"a\", \"b\"]\nhosts = [\"billing\"]\n"));
	assert_int_equal(service(room, "billing")->markers.n, 2);
}

static void keeps_lanes_in_the_order_of_the_file(void **state)
{
	struct room *room = *state;
	assert_true(reads(room, "[services.redis]\nbase = true\n"
	                        "[lanes.zeta]\nservices = [\"solr\", \"postgres\"]\nshards = 3\n"
	                        "[lanes.alpha]\nworkers = 4\n[lanes.mid]\nservices = [\"redis\"]\nserial = false\n"));
	const struct config *c = &room->config;
	assert_int_equal(c->lanes.n, 3);
	assert_str(c->lanes.at[0].name, "zeta");
	assert_str(c->lanes.at[1].name, "alpha");
	assert_str(str_join(&room->tmp, c->lanes.at[0].service_order.at, 3, STR(" ")), "solr postgres redis");
	assert_str(service_set_names(&room->tmp, &c->catalogue, c->lanes.at[0].services, STR(" ")),
	           "postgres redis solr");
	assert_int_equal(c->lanes.at[0].shards, 3);
	assert_true(c->lanes.at[0].serial);
	assert_int_equal(c->lanes.at[1].workers, 4);
	assert_false(c->lanes.at[1].serial);
	assert_int_equal(c->lanes.at[1].shards, SHARDS_AUTO);
	assert_int_equal(c->lanes.at[2].service_order.n, 1);
}

static void reads_overrides_groups_rules_and_emit(void **state)
{
	struct room *room = *state;
	assert_true(reads(room, "[[override]]\ntest = \"t/test_a.py\"\nneeds = [\"redis\"]\nreason = \"because\"\n"
	                        "[[group]]\npaths = [\"t/test_m*.py\"]\n[audit.rules]\nLW203 = \"off\"\n"
	                        "[history]\nhalf_life = \"2w\"\n[emit.github]\ninto = \".github/workflows/pr.yml\"\n"
	                        "shape = \"matrix\"\nname = \"heavy\"\ncoverage = { source = \"src\" }\n"
	                        "timeout_minutes = 30\nif = \"vars.ON\"\nenv = { A = \"1\" }\n"
	                        "[[emit.github.part]]\njob = \"unit\"\nartifact = \"u\"\nfile = \".coverage.unit\"\n"));
	const struct config *c = &room->config;
	assert_str(service_set_names(&room->tmp, &c->catalogue, c->overrides.at[0].needs, STR(" ")), "redis");
	assert_str(c->overrides.at[0].place, "lanewright.toml:1:1");
	assert_str(c->groups.at[0].paths.at[0], "t/test_m*.py");
	assert_str(c->rules.at[0].severity, "off");
	assert_int_equal(c->half_life_days, 14);
	assert_str(c->github.into, ".github/workflows/pr.yml");
	assert_str(c->github.coverage_source, "src");
	assert_int_equal(c->github.timeout_minutes, 30);
	assert_str(c->github.parts.at[0].file, ".coverage.unit");
	assert_str(c->github.env.at[0].value, "1");
}

static void reads_the_table_in_pyproject(void **state)
{
	struct room *room = *state;
	assert_true(
	        read_named(room, "pyproject.toml", "[tool.other]\nx = 1\n[tool.lanewright.suite]\npaths = [\"t/\"]\n"));
	assert_str(room->config.path, "pyproject.toml");
	assert_str(room->config.paths.at[0], "t");
	assert_true(read_named(room, "pyproject.toml", "[project]\ndependencies = [\"lanewright\"]\n"));
	assert_str(room->config.path, "");
	assert_int_equal(room->config.text.n, 0);
}

static void refuses_what_is_wrong_with_its_place(void **state)
{
	struct room *room = *state;
	refuses(room, "[plan]\nspil = true\n", "lanewright.toml:2:1: there is no key 'spil'; did you mean 'spill'?");
	refuses(room, "[plan]\nspill = 1\n", "lanewright.toml:2:9: spill must be true or false, not a whole number");
	refuses(room, "[lanes.a]\nservices = [\"postgers\"]\n",
	        "lanewright.toml:2:13: there is no service 'postgers'; did you mean 'postgres'?");
	refuses(room, "[services.elasticsaerch]\n",
	        "lanewright.toml:1:11: there is no built-in service 'elasticsaerch'; did you mean 'elasticsearch'?");
	refuses(room, "[lanes.a]\nshards = 0\n", "lanewright.toml:2:10: shards must be 1 to 256");
	refuses(room, "[lanes.a]\nshards = true\n",
	        "lanewright.toml:2:10: shards must be \"auto\" or a whole number, not true or false");
	refuses(room, "[lanes.\"a b\"]\n", "lanewright.toml:1:8: a lane's name is made of letters, digits, - and _");
	refuses(room, "[suite]\npaths = [\"../x\"]\n", "lanewright.toml:2:10: this leads out of the root");
	refuses(room, "[suite]\npaths = [\"/x\"]\n", "lanewright.toml:2:10: this must be relative to the root");
	refuses(room, "[plan]\ngrade = \"probably\"\n",
	        "lanewright.toml:2:9: there is no grade 'probably'; did you mean 'probable'?");
	refuses(room, "[services.redis]\npatterns = [\"ok\", \"a(\"]\n",
	        "lanewright.toml:2:19: the pattern 'a(' is wrong at character 3: missing closing parenthesis");
	refuses(room, "[audit.rules]\nLW2 = \"off\"\n",
	        "lanewright.toml:2:1: 'LW2' is no rule code; they look like LW203");
	refuses(room, "[[override]]\ntest = \"a\"\nneeds = []\n",
	        "lanewright.toml:1:1: an override tells its reason: reason = \"...\"");
	refuses(room, "[lanes.a]\nserial = true\nworkers = 2\n", "lanewright.toml:3:11: a serial lane has one worker");
	refuses(room, "[plan]\noverhead = -1\n", "lanewright.toml:2:12: overhead must be 0 to 86400 seconds");
	refuses(room, "[plan]\noverhead = nan\n", "lanewright.toml:2:12: overhead must be 0 to 86400 seconds");
	refuses(room, "[history]\nhalf_life = \"0d\"\n",
	        "lanewright.toml:2:13: half_life must be days or weeks, as \"14d\" or \"2w\"");
}

/* One row a reader and what it wants; the places are those of the value, or of the table that lacks something. */
static void refuses_values_of_another_kind(void **state)
{
	static const struct {
		const char *config, *said;
	} rows[] = {
	        {"lanes = 1\n", "1:9: lanes must be a table of lanes, not a whole number"},
	        {"services = 1\n", "1:12: services must be a table, not a whole number"},
	        {"plan = 1\n", "1:8: plan must be a table, not a whole number"},
	        {"override = 1\n", "1:12: override must be [[override]] tables, not a whole number"},
	        {"override = [1]\n", "1:13: expected a table, not a whole number"},
	        {"[[override]]\nneeds = []\nreason = \"r\"\n",
	         "1:1: an override names its test: test = \"path\" or \"path::Class::func\""},
	        {"[[override]]\ntest = \"a\"\nreason = \"r\"\n",
	         "1:1: an override lists the services the test needs: needs = []"},
	        {"[[override]]\ntest = 3\nneeds = []\nreason = \"r\"\n",
	         "2:8: test must be a string, not a whole number"},
	        {"group = 1\n", "1:9: group must be [[group]] tables, not a whole number"},
	        {"[[group]]\npaths = []\n", "1:1: a group lists its files: paths = [\"...\"]"},
	        {"[[group]]\npaths = \"a\"\n", "2:9: paths must be a list of paths, not a string"},
	        {"[audit]\nrules = []\n", "2:9: rules must be a table of rule codes, not a list"},
	        {"[audit.rules]\nLW203 = \"of\"\n", "2:9: there is no LW203 'of'; did you mean 'off'?"},
	        {"[audit]\nignore = []\n", "2:10: ignore must be a table of paths, not a list"},
	        {"[audit.ignore]\n\"a\" = [\"LW2\"]\n", "2:7: 'LW2' is no rule code; they look like LW203"},
	        {"[audit.ignore]\n\"a\" = \"LW203\"\n", "2:7: a must be a list of strings, not a string"},
	        {"[plan]\nstick = \"a\"\n", "2:9: stick must be a number between 0 and 1, not a string"},
	        {"[plan]\nstick = 2\n", "2:9: stick must be between 0 and 1"},
	        {"[plan]\noverhead = \"a\"\n", "2:12: overhead must be a number of seconds, not a string"},
	        {"[plan]\nmax_shards = \"a\"\n", "2:14: max_shards must be a whole number, not a string"},
	        {"[services.redis]\nhosts = 1\n", "2:9: hosts must be a list of strings, not a whole number"},
	        {"[services.redis]\nenv = 1\n", "2:7: env must be a table of strings, not a whole number"},
	        {"[services.redis]\nenv = { A = 1 }\n", "2:13: A must be a string, not a whole number"},
	        {"[services.redis]\nimage = \"a\\u0000b\"\n", "2:9: image holds a NUL character"},
	        {"[services.\"a b\"]\nhosts = [\"a\"]\n", "1:11: a service's name is made of letters, digits, - and _"},
	        {"[emit.github]\ntimeout_minutes = \"a\"\n",
	         "2:19: timeout_minutes must be a whole number of minutes, not a string"},
	        {"[emit.github]\ntimeout_minutes = 0\n", "2:19: timeout_minutes must be 1 to 256"},
	        {"[emit.github]\nenv = 1\n", "2:7: env must be a table of strings, not a whole number"},
	        {"[emit.github]\njob_env = { A = 1 }\n", "2:17: A must be a string, not a whole number"},
	        {"[emit.github]\npart = 1\n", "2:8: part must be [[emit.github.part]] tables, not a whole number"},
	        {"[[emit.github.part]]\njob = \"a\"\n", "1:1: a part names its job, its artifact and the file in it"},
	        {"[emit.github]\nname = \"a b\"\n", "2:8: name begins the jobs' names: letters, digits, - and _"},
	        {"[emit.github]\ninto = \"../a\"\n", "2:8: into leads out of the root"},
	};
	struct room *room = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		refuses(room, rows[i].config, str_fmt(&room->tmp, "lanewright.toml:%s", rows[i].said).at);
}

static void refuses_more_than_fits(void **state)
{
	struct room *room = *state;
	struct buf text;
	buf_init(&text, &room->tmp);
	for (int i = 0; i < 65; i++)
		buf_fmt(&text, "[services.s%d]\nhosts = [\"h%d\"]\n", i, i);
	refuses(room, str_c(&room->tmp, buf_str(&text)),
	        "lanewright.toml: more than 64 services; name fewer under [services]");
	buf_init(&text, &room->tmp);
	for (int i = 0; i < 61; i++)
		buf_fmt(&text, "[lanes.a%d]\nservices = []\n", i);
	refuses(room, str_c(&room->tmp, buf_str(&text)), "lanewright.toml:1:2: more than 60 lanes");
}

static void refuses_damaged_toml_with_its_place(void **state)
{
	struct room *room = *state;
	assert_false(reads(room, "[plan]\nspill = tru\n"));
	assert_int_equal(room->err.code, ERR_USAGE);
	assert_memory_equal(room->err.text, "lanewright.toml:2:", 18);
	/* toml++ asserts that a key begins with a letter before it looks. */
	assert_false(reads(room, "[plan]\nspill = true\n[)]\n"));
	assert_memory_equal(room->err.text, "lanewright.toml:3:2:", 20);
	/* toml++ takes a letter beyond ASCII, where white space could stand, for what cannot happen. */
	assert_false(reads(room, "[plan]\n\u00e9 = 1\n"));
	assert_memory_equal(room->err.text, "lanewright.toml:2:1:", 20);
	assert_false(reads(room, "[plan]\nspill \u00e9= true\n"));
	assert_false(reads(room, "a = \"\xff\"\n"));
	assert_memory_equal(room->err.text, "lanewright.toml:1:", 18);
}

/* toml++ frees a document by recursion, so depth must be refused before it is built. */
static void survives_deep_nesting(void **state)
{
	struct room *room = *state;
	size_t n = 200000;
	char *deep = malloc(2 * n + 8);
	for (size_t i = 0; i < n; i++)
		memcpy(deep + 2 * i, "a.", 2);
	strcpy(deep + 2 * n, "a = 1\n");
	assert_false(reads(room, deep));
	memset(deep, '[', n);
	memcpy(deep, "a = ", 4);
	deep[n] = '\0';
	assert_false(reads(room, deep));
	free(deep);
}

static void finds_one_built_in_service_as_it_stands_among_all(void **state)
{
	struct room *room = *state;
	struct catalogue all;
	assert_true(services_builtin(&room->out, &room->tmp, &all, &room->err));
	assert_true(all.services.n <= SERVICES_MOST);
	for (size_t i = 0; i < all.services.n; i++) {
		const struct service *a = &all.services.at[i];
		assert_true(reads(room, str_fmt(&room->tmp, "[services.%.*s]\n", STR_ARG(a->name)).at));
		const struct service *b = service(room, a->name.at ? str_c(&room->tmp, a->name) : "");
		assert_non_null(b);
		assert_int_equal(a->hosts.n, b->hosts.n);
		assert_int_equal(a->constructors.n, b->constructors.n);
		assert_true(str_eq(a->image, b->image) && str_eq(a->options, b->options));
		assert_int_equal(a->startup_ms, b->startup_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(has_defaults_without_a_file, enter, leave),
	        cmocka_unit_test_setup_teardown(looks_for_every_built_in_service_when_none_is_named, enter, leave),
	        cmocka_unit_test_setup_teardown(looks_only_for_named_services, enter, leave),
	        cmocka_unit_test_setup_teardown(extends_a_built_in_service, enter, leave),
	        cmocka_unit_test_setup_teardown(makes_a_service_of_its_own, enter, leave),
	        cmocka_unit_test_setup_teardown(keeps_lanes_in_the_order_of_the_file, enter, leave),
	        cmocka_unit_test_setup_teardown(reads_overrides_groups_rules_and_emit, enter, leave),
	        cmocka_unit_test_setup_teardown(reads_the_table_in_pyproject, enter, leave),
	        cmocka_unit_test_setup_teardown(refuses_what_is_wrong_with_its_place, enter, leave),
	        cmocka_unit_test_setup_teardown(refuses_values_of_another_kind, enter, leave),
	        cmocka_unit_test_setup_teardown(refuses_more_than_fits, enter, leave),
	        cmocka_unit_test_setup_teardown(refuses_damaged_toml_with_its_place, enter, leave),
	        cmocka_unit_test_setup_teardown(survives_deep_nesting, enter, leave),
	        cmocka_unit_test_setup_teardown(finds_one_built_in_service_as_it_stands_among_all, enter, leave),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
