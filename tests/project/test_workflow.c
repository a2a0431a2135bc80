/* Workflows and compose files tell their services; what is odd in them is passed over, not stumbled over. */
#include "reading_jobs.h"

#include "base/file.h"
#include "project/compose.h"
#include "project/workflow.h"

static const char workflow[] = "on: [push]\n"
                               "env:\n"
                               "  LEVEL: top\n"
                               "jobs:\n"
                               "  heavy:\n"
                               "    name: Heavy tests\n"
                               "    runs-on: [self-hosted, linux]\n"
                               "    needs: changes\n"
                               "    if: vars.X != 'off'\n"
                               "    timeout-minutes: 20\n"
                               "    env:\n"
                               "      LEVEL: job\n"
                               "      ES: http://localhost:9200\n"
                               "    services:\n"
                               "      es:\n"
                               "        image: elasticsearch:9.4.1\n"
                               "        ports: [ '9200:9200', 9300 ]\n"
                               "        options: >-\n"
                               "          --health-cmd x\n"
                               "          --health-interval 5s\n"
                               "        env: { discovery.type: single-node }\n"
                               "      redis: redis:7\n"
                               "    steps:\n"
                               "      - uses: actions/checkout@v4 # pinned\n"
                               "      # of the tests\n"
                               "      - name: Tests\n"
                               "        env: {A: b}\n"
                               "        run: |\n"
                               "          pytest \\\n"
                               "            -x\n"
                               "\n"
                               "  # of the next job\n"
                               "  call:\n"
                               "    uses: ./.github/workflows/other.yml\n"
                               "  boxed:\n"
                               "    runs-on: ubuntu-latest\n"
                               "    container:\n"
                               "      image: python:3.12\n"
                               "    services: ${{ fromJSON(inputs.services) }}\n";

static void reads_jobs_services_and_steps(void **state)
{
	(void)state;
	job_list jobs = read_with(workflow_read, workflow);
	assert_int_equal(jobs.n, 2);
	const struct job *job = &jobs.at[0];
	is(job->name, "heavy");
	is(job->title, "Heavy tests");
	is(job->runs_on, "self-hosted, linux");
	is(job->needs.at[0], "changes");
	is(job->if_, "vars.X != 'off'");
	is(job->place, "ci.yml:6");
	assert_int_equal(job->timeout_minutes, 20);
	assert_int_equal(job->env.n, 3);
	is(job->env.at[1].value, "job");
	assert_false(job_is_in_container(job));
	assert_int_equal(job->services.n, 2);
	const struct job_service *es = &job->services.at[0];
	is(es->image, "elasticsearch:9.4.1");
	is(es->ports_map.at[0], "9200:9200");
	assert_int_equal(es->ports.at[0].host, 9200);
	assert_int_equal(es->ports.at[1].host, 0);
	assert_int_equal(es->ports.at[1].container, 9300);
	is(es->options, "--health-cmd x --health-interval 5s");
	is(es->env.at[0].name, "discovery.type");
	is(job->services.at[1].image, "redis:7");
	assert_int_equal(job->steps.n, 2);
	is(job->steps.at[0].uses, "actions/checkout@v4");
	is(job->steps.at[1].run, "pytest \\\n  -x\n");
	is(job->steps.at[1].env.at[0].value, "b");
}

static void keeps_the_bytes_of_each_step(void **state)
{
	(void)state;
	job_list jobs = read_with(workflow_read, workflow);
	is(jobs.at[0].steps.at[0].text, "      - uses: actions/checkout@v4 # pinned\n      # of the tests\n");
	is(jobs.at[0].steps.at[1].text, "      - name: Tests\n        env: {A: b}\n        run: |\n"
	                                "          pytest \\\n            -x\n");
}

static void leaves_out_calls_and_tells_hidden_services(void **state)
{
	(void)state;
	job_list jobs = read_with(workflow_read, workflow);
	is(jobs.at[1].name, "boxed");
	is(jobs.at[1].container, "python:3.12");
	assert_true(job_is_in_container(&jobs.at[1]));
	assert_true(jobs.at[1].has_hidden_services);
	assert_false(jobs.at[0].has_hidden_services);
}

static void follows_aliases_and_merges(void **state)
{
	(void)state;
	job_list jobs =
	        read_with(workflow_read, "x-pg: &pg\n  image: postgres:16\n  ports: [\"5433:5432\"]\n"
	                                 "jobs:\n  a:\n    services:\n      one: *pg\n      two:\n        <<: *pg\n"
	                                 "        image: postgres:17\n");
	is(jobs.at[0].services.at[0].image, "postgres:16");
	is(jobs.at[0].services.at[1].image, "postgres:17");
	assert_int_equal(jobs.at[0].services.at[1].ports.at[0].host, 5433);
}

static void reads_compose_services_with_all_their_names(void **state)
{
	(void)state;
	job_list jobs = read_with(compose_read, "services:\n"
	                                        "  db:\n"
	                                        "    image: postgres:16\n"
	                                        "    container_name: shop-db\n"
	                                        "    environment:\n"
	                                        "      - POSTGRES_USER=a=b\n"
	                                        "      - FROM_OUTSIDE\n"
	                                        "    ports:\n"
	                                        "      - \"127.0.0.1:15432:5432/tcp\"\n"
	                                        "      - target: 80\n"
	                                        "        published: \"8080\"\n"
	                                        "    expose: [\"9000\"]\n"
	                                        "    networks:\n"
	                                        "      back:\n"
	                                        "        aliases: [database, db]\n"
	                                        "  app:\n"
	                                        "    build: .\n");
	assert_int_equal(jobs.n, 1);
	assert_int_equal(jobs.at[0].kind, JOB_COMPOSE);
	const struct job_service *db = &jobs.at[0].services.at[0];
	is(str_join(&arena, db->names.at, db->names.n, STR(" ")), "db shop-db database");
	is(db->env.at[0].value, "a=b");
	assert_int_equal(db->env.n, 1);
	assert_int_equal(db->ports.n, 3);
	assert_int_equal(db->ports.at[0].host, 15432);
	assert_int_equal(db->ports.at[0].container, 5432);
	assert_int_equal(db->ports.at[1].host, 8080);
	assert_int_equal(db->ports.at[2].container, 9000);
	is(jobs.at[0].services.at[1].image, "");
}

static void knows_the_names_of_compose_files(void **state)
{
	(void)state;
	static const char *const yes[] = {"compose.yml", "docker-compose.yaml", "docker-compose.test.yml",
	                                  "compose-ci.yaml"};
	static const char *const no[] = {"composer.yml", "docker-compose.json", "my-compose.yml", "compose"};
	for (size_t i = 0; i < 4; i++)
		assert_true(compose_is_name(str_of(yes[i])));
	for (size_t i = 0; i < 4; i++)
		assert_false(compose_is_name(str_of(no[i])));
}

static void passes_over_what_is_no_workflow(void **state)
{
	(void)state;
	static const char *const odd[] = {"",
	                                  "jobs:",
	                                  "jobs: 3",
	                                  "jobs: [a, b]",
	                                  "- jobs",
	                                  "a",
	                                  "jobs: {a: 3, b: [], c: {steps: 3, services: [x], env: [y], needs: {z: 1}}}",
	                                  "jobs: {a: {steps: [3, [x], {run: [y]}], services: {x: [], y: }}}",
	                                  "jobs: {a: {timeout-minutes: \"${{ 3 }}\", container: [x]}}",
	                                  "jobs: *nowhere",
	                                  "a: &a [*a]\njobs: {x: {steps: *a, needs: *a}}",
	                                  "a: &a {<<: *a}\njobs: *a",
	                                  "? [complex, key]\n: value\njobs: {? {a: b} : {runs-on: x}}"};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		read_with(workflow_read, odd[i]);
		read_with(compose_read, odd[i]);
	}
}

/* Maps that merge maps that merge maps: 10 at each of 12 levels would be a million million. */
static void does_not_drown_in_merges(void **state)
{
	(void)state;
	struct str text = STR("a0: &a0 {x: y}\n");
	for (int i = 1; i < 12; i++)
		text = str_fmt(&arena, "%.*sa%d: &a%d {<<: [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]}\n",
		               STR_ARG(text), i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	text = str_fmt(&arena, "%.*sjobs: {j: *a11}\n", STR_ARG(text));
	assert_int_equal(read_with(workflow_read, str_c(&arena, text)).n, 1);
}

static void says_where_a_file_is_no_yaml(void **state)
{
	(void)state;
	static const struct {
		const char *text, *place;
	} bad[] = {
	        {"jobs:\n  a: [", "ci.yml:"}, {"a: b: c", "ci.yml:1:"}, {"a\xff: b", "UTF-8"}, {"\t- x", "ci.yml:1:"}};
	for (size_t i = 0; i < 4; i++) {
		job_list jobs = {0};
		struct err err = {0};
		assert_false(workflow_read(&arena, str_of(bad[i].text), STR("ci.yml"), &jobs, &err));
		assert_int_equal(err.code, ERR_FINDING);
		assert_non_null(strstr(err.text, bad[i].place));
	}
}

static void survives_every_truncation(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof workflow - 1; n++) {
		struct arena scratch;
		job_list jobs = {0};
		struct err err = {0};
		arena_init(&scratch, NULL);
		workflow_read(&scratch, (struct str){workflow, n}, STR("ci.yml"), &jobs, &err);
		arena_free(&scratch);
	}
}

static void survives_deep_brackets(void **state)
{
	(void)state;
	char *deep = arena_alloc(&arena, 20001);
	memset(deep, '[', 20000);
	job_list jobs = {0};
	struct err err = {0};
	assert_false(workflow_read(&arena, (struct str){deep, 20000}, STR("ci.yml"), &jobs, &err));
}

static void reads_the_shop(void **state)
{
	(void)state;
	job_list jobs = {0};
	struct err err = {0};
	struct str text;
	assert_true(file_read(&arena, SOURCE_DIR "/corpus/shop/.github/workflows/ci.yml", &text, &err));
	assert_true(workflow_read(&arena, text, STR(".github/workflows/ci.yml"), &jobs, &err));
	assert_int_equal(jobs.n, 2);
	is(jobs.at[1].name, "heavy");
	assert_int_equal(jobs.at[1].services.n, 5);
	is(jobs.at[1].services.at[3].name, "opensearch");
	assert_int_equal(jobs.at[1].services.at[3].ports.at[0].host, 9201);
	assert_int_equal(jobs.at[1].services.at[3].ports.at[0].container, 9200);
	assert_true(file_read(&arena, SOURCE_DIR "/corpus/shop/docker-compose.yml", &text, &err));
	assert_true(compose_read(&arena, text, STR("docker-compose.yml"), &jobs, &err));
	assert_int_equal(jobs.n, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_jobs_services_and_steps),
	        cmocka_unit_test(keeps_the_bytes_of_each_step),
	        cmocka_unit_test(leaves_out_calls_and_tells_hidden_services),
	        cmocka_unit_test(follows_aliases_and_merges),
	        cmocka_unit_test(reads_compose_services_with_all_their_names),
	        cmocka_unit_test(knows_the_names_of_compose_files),
	        cmocka_unit_test(passes_over_what_is_no_workflow),
	        cmocka_unit_test(does_not_drown_in_merges),
	        cmocka_unit_test(says_where_a_file_is_no_yaml),
	        cmocka_unit_test(survives_every_truncation),
	        cmocka_unit_test(survives_deep_brackets),
	        cmocka_unit_test(reads_the_shop),
	};
	int failed = cmocka_run_group_tests_name("project/workflow", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
