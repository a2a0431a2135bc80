/* GitLab, CircleCI and `.env` files tell their services, and all of them what they give to the environment. */
#include "reading_jobs.h"

#include "base/buf.h"
#include "project/circleci.h"
#include "project/compose.h"
#include "project/gitlab.h"
#include "project/values.h"
#include "project/workflow.h"

/* "NAME=value; NAME=value" of all jobs. */
static struct str told(given_values given)
{
	struct buf buf;
	buf_init(&buf, &arena);
	given_settle(&given);
	for (size_t i = 0; i < given.n; i++)
		buf_fmt(&buf, "%s%.*s=%.*s", i ? "; " : "", STR_ARG(given.at[i].variable), STR_ARG(given.at[i].value));
	return buf_str(&buf);
}

static struct str values_of(reader *read, const char *text)
{
	given_values given = {0};
	job_list jobs = read_with(read, text);
	values_of_jobs(&arena, &jobs, &given);
	return told(given);
}

static const char pipeline[] = "image: python:3.12\n"
                               "variables:\n"
                               "  LEVEL: top\n"
                               "  URL: {value: 'postgres://db/x', description: where}\n"
                               "services:\n"
                               "  - redis:7\n"
                               ".base:\n"
                               "  variables: {LEVEL: base}\n"
                               "  services:\n"
                               "    - name: registry.example.org/library/postgres:16\n"
                               "      alias: db\n"
                               "      variables: {POSTGRES_DB: x}\n"
                               "unit:\n"
                               "  script: [pytest]\n"
                               "integration:\n"
                               "  extends: .base\n"
                               "  parallel: {matrix: [{KIND: [a, b]}, {KIND: c}]}\n"
                               "  script: [pytest]\n";

static const struct job *job_called(const job_list *jobs, const char *name)
{
	for (size_t i = 0; i < jobs->n; i++)
		if (str_eq(jobs->at[i].name, str_of(name)))
			return &jobs->at[i];
	fail_msg("there is no job %s", name);
	return NULL;
}

static void reads_the_services_of_gitlab_and_their_names(void **state)
{
	(void)state;
	job_list jobs = read_with(gitlab_read, pipeline);
	const struct job *unit = job_called(&jobs, "unit"), *integration = job_called(&jobs, "integration");
	assert_int_equal(jobs.n, 3);
	assert_true(job_is_in_container(unit));
	assert_int_equal(unit->services.n, 1);
	is(unit->services.at[0].names.at[0], "redis");
	assert_int_equal(integration->services.n, 1);
	const struct job_service *db = &integration->services.at[0];
	is(db->image, "registry.example.org/library/postgres:16");
	is(db->names.at[0], "library-postgres");
	is(db->names.at[1], "library__postgres");
	is(db->names.at[2], "db");
	is(db->place, "ci.yml:10");
}

static void takes_variables_of_gitlab_and_its_matrix(void **state)
{
	(void)state;
	is(values_of(gitlab_read, pipeline), "KIND=a; KIND=b; KIND=c; LEVEL=base; LEVEL=top; URL=postgres://db/x");
}

static const char circle[] = "version: 2.1\n"
                             "executors:\n"
                             "  with-db:\n"
                             "    docker:\n"
                             "      - image: cimg/python:3.12\n"
                             "        environment: {A: first}\n"
                             "      - image: cimg/postgres:16.1\n"
                             "        environment: {POSTGRES_USER: u}\n"
                             "      - image: redis:7\n"
                             "        name: cache\n"
                             "jobs:\n"
                             "  test:\n"
                             "    executor: with-db\n"
                             "    environment: {B: second}\n"
                             "    steps:\n"
                             "      - checkout\n"
                             "      - run: {command: pytest, environment: {C: third}}\n";

static void reads_the_containers_of_circleci(void **state)
{
	(void)state;
	job_list jobs = read_with(circleci_read, circle);
	assert_int_equal(jobs.n, 1);
	assert_int_equal(jobs.at[0].services.n, 2);
	is(jobs.at[0].services.at[0].name, "postgres");
	assert_int_equal(jobs.at[0].services.at[0].names.n, 0);
	is(jobs.at[0].services.at[1].names.at[0], "cache");
	is(values_of(circleci_read, circle), "A=first; B=second; C=third");
}

static void fills_in_the_matrix_and_the_ports_of_a_workflow(void **state)
{
	(void)state;
	is(values_of(workflow_read, "env: {SECRET: '${{ secrets.X }}'}\n"
	                            "jobs:\n"
	                            "  a:\n"
	                            "    strategy:\n"
	                            "      matrix:\n"
	                            "        db: [mysql, postgres]\n"
	                            "        include: [{db: sqlite, url: 'sqlite://'}]\n"
	                            "    services:\n"
	                            "      pg: {image: postgres, ports: ['5433:5432']}\n"
	                            "    env:\n"
	                            "      DB: ${{ matrix.db }}\n"
	                            "      PG: postgres://u:${{ secrets.P }}@h:${{ job.services.pg.ports[5432] }}/x\n"
	                            "    steps:\n"
	                            "      - run: pytest\n"
	                            "        env: {URL: '${{ matrix.url }}'}\n"),
	   "DB=mysql; DB=postgres; DB=sqlite; PG=postgres://u:${{ secrets.P }}@h:5433/x; URL=sqlite://");
}

static void takes_of_a_compose_file_what_its_own_code_gets(void **state)
{
	(void)state;
	is(values_of(compose_read, "services:\n"
	                           "  db: {image: 'postgres:16', environment: {POSTGRES_DB: x}}\n"
	                           "  web: {build: ., environment: ['URL=postgres://db/x']}\n"),
	   "URL=postgres://db/x");
}

static void reads_lines_of_a_dotenv_file(void **state)
{
	(void)state;
	given_values given = {0};
	values_of_dotenv(
	        &arena, STR("# A=0\n\nexport A=1 # one\nB = \"two # 2\"\nC='three'\nD=\nnothing\nA=postgres://h:1/x\n"),
	        STR(".env"), &given);
	is(given.at[0].place, ".env:3");
	is(told(given), "A=1; A=postgres://h:1/x; B=two # 2; C=three");
}

static void believes_the_strongest_giver_of_a_variable(void **state)
{
	(void)state;
	given_values given = {0};
	static const struct given_value all[] = {{{"A", 1}, {"file", 4}, {"", 0}, GIVER_FILE},
	                                         {{"A", 1}, {"ci", 2}, {"", 0}, GIVER_CI},
	                                         {{"B", 1}, {"file", 4}, {"", 0}, GIVER_FILE},
	                                         {{"A", 1}, {"ci", 2}, {"again", 5}, GIVER_CI}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		vec_push(&arena, &given, all[i]);
	is(told(given), "A=ci; B=file");
	size_t n;
	given_find(&given, STR("C"), &n);
	assert_int_equal(n, 0);
}

static void passes_over_what_is_odd(void **state)
{
	(void)state;
	static const char *const odd[] = {"",
	                                  "[]",
	                                  "jobs: []",
	                                  "a: &a {extends: *a}",
	                                  "a: {extends: a, services: [{}, [], '']}",
	                                  "jobs: {a: {docker: [x, {}], executor: b}}\nexecutors: {b: {executor: b}}",
	                                  "variables: [A]\nb: {variables: {C: [d]}, parallel: {matrix: {e: f}}}"};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		read_with(gitlab_read, odd[i]);
		read_with(circleci_read, odd[i]);
	}
	struct err err = {0};
	job_list jobs = {0};
	assert_false(gitlab_read(&arena, STR("a: [b"), STR("x.yml"), &jobs, &err));
	assert_int_equal(err.code, ERR_FINDING);
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	arena_init(&arena, NULL);
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_the_services_of_gitlab_and_their_names),
	        cmocka_unit_test(takes_variables_of_gitlab_and_its_matrix),
	        cmocka_unit_test(reads_the_containers_of_circleci),
	        cmocka_unit_test(fills_in_the_matrix_and_the_ports_of_a_workflow),
	        cmocka_unit_test(takes_of_a_compose_file_what_its_own_code_gets),
	        cmocka_unit_test(reads_lines_of_a_dotenv_file),
	        cmocka_unit_test(believes_the_strongest_giver_of_a_variable),
	        cmocka_unit_test(passes_over_what_is_odd),
	};
	return cmocka_run_group_tests(tests, NULL, teardown);
}
