/* What was inferred comes back as it was, or not at all. */
#include "store/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/verdicts_form.h"

static const struct hash128 key = {1, 2};

/* ---- a suite in which every field says something ---- */

static void make_repo(struct arena *out, struct repo *repo)
{
	static const char *const paths[] = {"tests/conftest.py", "tests/test_a.py", "tests/test_b.py"};
	*repo = (struct repo){.names = arena_new(out, struct intern)};
	intern_init(repo->names, out);
	for (size_t i = 0; i < 3; i++)
		vec_push(out, &repo->files, ((struct source_file){.path = str_of(paths[i])}));
}

static struct evidence evidence(struct arena *out, enum grade grade, const char *text)
{
	struct evidence made = {.grade = grade, .against = STR("a mock"), .edit = STR("remove it")};
	vec_push(out, &made.steps, ((struct step){1, 7, str_of(text)}));
	vec_push(out, &made.steps, ((struct step){REF_NOWHERE, 0, STR("dials localhost:6379")}));
	return made;
}

static need_list needs(struct arena *out)
{
	need_list list = {0};
	struct need plain = {.services = 1, .grade = GRADE_REQUIRES, .variable = STR("REDIS_URL"), .is_dead = true};
	plain.why = plain.shown = evidence(out, GRADE_REQUIRES, "asks for the fixture cache");
	struct need marked = {.services = UINT64_C(1) << 63 | 2, .grade = GRADE_UNKNOWN, .is_marked = true};
	marked.why = evidence(out, GRADE_UNKNOWN, "is marked");
	struct need override = {.services = 4, .grade = GRADE_REQUIRES, .is_override = true};
	vec_push(out, &list, plain);
	vec_push(out, &list, marked);
	vec_push(out, &list, override);
	return list;
}

static struct unknown unknown(const struct repo *repo)
{
	return (struct unknown){UNKNOWN_HOOK, true, 2, 11, intern(repo->names, STR("pytest_collect_file"))};
}

static void add_test(struct arena *out, const struct repo *repo, struct suite *suite, const char *id, uint32_t file)
{
	struct test test = {.file = file, .def = {file, 3}, .class_ = {REF_NOWHERE, 0}, .id = str_of(id), .line = 300};
	test.is_exact = test.is_unittest = file == 1;
	test.are_params_exact = test.is_dead = file == 2;
	test.n_params = 2;
	vec_push(out, &test.params, STR("a-1"));
	vec_push(out, &test.params, STR(""));
	struct mark mark = {.name = intern(repo->names, STR("slow")), .file = file, .expr = 5, .owner = 6, .line = 8};
	vec_push(out, &test.marks, mark);
	vec_push(out, &test.marks, ((struct mark){.file = file, .is_opaque = true}));
	vec_push(out, &test.fixtures, 1);
	vec_push(out, &test.unknowns, unknown(repo));
	vec_push(out, &suite->tests, test);
}

static void add_fixtures(struct arena *out, const struct repo *repo, struct suite *suite)
{
	struct fixture own = {.def = {0, 1}, .name = intern(repo->names, STR("cache")), .is_autouse = true, .line = 4};
	own.scope = intern(repo->names, STR("session"));
	own.is_parametrized = true;
	struct fixture external = {
	        .def = {REF_NOWHERE, 0}, .name = intern(repo->names, STR("mocker")), .is_external = true};
	vec_push(out, &suite->fixtures, own);
	vec_push(out, &suite->fixtures, external);
}

/* Of tests/test_a.py and tests/test_b.py. */
static void add_files(struct arena *out, file_list *files)
{
	vec_push(out, files, 1);
	vec_push(out, files, 2);
}

static void make_suite(struct arena *out, const struct repo *repo, struct cluster *made)
{
	struct suite *suite = &made->suite;
	add_fixtures(out, repo, suite);
	add_test(out, repo, suite, "tests/test_a.py::test_one", 1);
	add_test(out, repo, suite, "tests/test_b.py::TestIt::test_two", 2);
	vec_push(out, &suite->unknowns, unknown(repo));
	struct hiding hiding = {.file = 2, .why = unknown(repo)};
	vec_push(out, &hiding.fixtures, 0);
	vec_push(out, &suite->hiding, hiding);
	suite->first_test = arena_array(out, uint32_t, 3);
	suite->first_test[1] = 1;
	suite->first_test[2] = 2;
	made->first_unknown = arena_array(out, uint32_t, 3);
	made->first_unknown[2] = 1;
	suite->file_is_exact = arena_array(out, bool, 2);
	suite->file_is_exact[0] = true;
}

static void make_cluster(struct arena *out, const struct repo *repo, struct cluster *made)
{
	*made = (struct cluster){.seen = 5};
	add_files(out, &made->files);
	make_suite(out, repo, made);
	made->tests = arena_array(out, need_list, 2);
	made->gates = arena_array(out, gate_list, 2);
	made->words = arena_array(out, need_list, 2);
	made->hidden = arena_array(out, service_set, 1);
	made->tests[1] = made->words[0] = needs(out);
	made->hidden[0] = 6;
	vec_push(out, &made->open, ((struct open_need){1, made->tests[1].at[0]}));
	struct gate gate = {
	        .services = 8, .address = STR("localhost:9092"), .variable = STR("KAFKA"), .is_import = true};
	gate.file = 1;
	gate.line = 77;
	vec_push(out, &made->gates[0], gate);
}

static void make_answers(struct arena *out, struct tree_answers *answers)
{
	struct skip_part part = {.own = arena_array(out, struct module_skip, 2), .has_edges = true};
	file_list files = {0};
	add_files(out, &files);
	add_files(out, &part.files);
	vec_push(out, &part.read, 0);
	part.own[1] = (struct module_skip){true, true, 2, 5, STR("module-level skip")};
	vec_push(out, &part.edges, ((struct import_edge){2, 1}));
	*answers = (struct tree_answers){.starts = 77};
	vec_push(out, &answers->skip_parts, part);
	vec_push(out, &answers->parts, files);
}

static void make_verdicts(struct arena *out, struct str body, struct verdicts *made)
{
	*made = (struct verdicts){.contents = arena_array(out, struct hash128, 3),
	                          .imports = arena_array(out, uint64_t, 3)};
	struct kept_cluster cluster = {.body = body};
	made->contents[1].high = 12;
	made->imports[2] = 13;
	vec_push(out, &made->faults, ((struct verdict_fault){2, {FAULT_INDENT, 9, 10}}));
	make_answers(out, &made->answers);
	add_files(out, &cluster.read);
	vec_push(out, &made->clusters, cluster);
}

/* ---- stories ---- */

struct room {
	struct arena out, tmp;
	struct repo repo, other; /* the same files, nothing interned */
	struct str body, bytes;
};

static void open_room(struct room *room)
{
	struct verdicts made;
	struct cluster cluster;
	arena_init(&room->out, NULL);
	arena_init(&room->tmp, NULL);
	make_repo(&room->out, &room->repo);
	make_repo(&room->out, &room->other);
	make_cluster(&room->out, &room->repo, &cluster);
	room->body = cluster_pack(&room->out, &room->tmp, &room->repo, &cluster);
	make_verdicts(&room->out, room->body, &made);
	room->bytes = verdicts_pack(&room->out, key, &room->repo, &made);
}

static void close_room(struct room *room)
{
	arena_free(&room->out);
	arena_free(&room->tmp);
}

static bool unpacks(struct room *room, struct str bytes, struct hash128 with, struct verdicts *verdicts)
{
	return verdicts_unpack(&room->out, bytes, with, &room->other, verdicts);
}

static void brings_a_cluster_back_as_it_was(void **state)
{
	(void)state;
	struct room room;
	struct cluster got = {0};
	open_room(&room);
	add_files(&room.out, &got.files);
	assert_true(cluster_unpack(&room.out, room.body, &room.other, &got));
	struct str again = cluster_pack(&room.out, &room.tmp, &room.other, &got);
	assert_true(str_eq(again, room.body));
	assert_true(got.has_suite && got.has_needs);
	const struct test *test = &got.suite.tests.at[1];
	assert_true(str_eq(test->id, STR("tests/test_b.py::TestIt::test_two")));
	assert_int_equal(test->class_.file, REF_NOWHERE);
	assert_false(test->is_exact);
	assert_true(test->is_dead);
	assert_string_equal(intern_str(room.other.names, test->marks.at[0].name).at, "slow");
	assert_int_equal(test->marks.at[1].name, 0);
	assert_true(test->marks.at[1].is_opaque);
	assert_string_equal(intern_str(room.other.names, got.suite.fixtures.at[0].scope).at, "session");
	assert_int_equal(got.suite.first_test[1], 1);
	assert_int_equal(got.first_unknown[1], 0);
	assert_int_equal(got.first_unknown[2], 1);
	assert_true(suite_hides(&got.suite, 2));
	assert_int_equal(got.suite.hiding.at[0].why.line, 11);
	assert_int_equal(got.suite.hiding.at[0].fixtures.n, 1);
	const struct need *marked = &got.tests[1].at[1];
	assert_true(marked->services == (UINT64_C(1) << 63 | 2));
	assert_int_equal(marked->shown.grade, GRADE_NONE);
	assert_int_equal(marked->why.steps.at[1].file, REF_NOWHERE);
	assert_true(str_eq(got.words[0].at[0].shown.against, STR("a mock")));
	assert_true(got.gates[0].at[0].is_import);
	assert_int_equal(got.open.at[0].test, 1);
	assert_true(str_eq(got.open.at[0].need.variable, STR("REDIS_URL")));
	assert_int_equal(got.hidden[0], 6);
	assert_int_equal(got.seen, 5);
	close_room(&room);
}

static void brings_back_what_the_tree_said(void **state)
{
	(void)state;
	struct room room;
	struct verdicts got;
	open_room(&room);
	assert_true(unpacks(&room, room.bytes, key, &got));
	struct str again = verdicts_pack(&room.out, key, &room.other, &got);
	assert_true(str_eq(again, room.bytes));
	assert_int_equal(got.contents[1].high, 12);
	assert_int_equal(got.imports[2], 13);
	assert_int_equal(got.answers.starts, 77);
	assert_int_equal(got.answers.parts.at[0].at[1], 2);
	const struct skip_part *part = &got.answers.skip_parts.at[0];
	assert_int_equal(part->read.at[0], 0);
	assert_false(part->own[0].may_skip);
	assert_true(part->own[1].is_certain);
	assert_true(str_eq(part->own[1].text, STR("module-level skip")));
	assert_true(part->has_edges);
	assert_int_equal(part->edges.at[0].by, 1);
	assert_int_equal(got.faults.at[0].fault.line, 10);
	assert_int_equal(got.clusters.at[0].read.n, 2);
	assert_true(str_eq(got.clusters.at[0].body, room.body));
	close_room(&room);
}

static void is_worth_nothing_under_another_key(void **state)
{
	(void)state;
	struct room room;
	struct verdicts got;
	open_room(&room);
	assert_false(unpacks(&room, room.bytes, (struct hash128){1, 3}, &got));
	assert_false(unpacks(&room, room.bytes, (struct hash128){2, 1}, &got));
	close_room(&room);
}

static void is_refused_with_a_bit_flipped_or_an_end_cut_off(void **state)
{
	(void)state;
	struct room room;
	struct verdicts got;
	open_room(&room);
	char *copy = arena_alloc(&room.out, room.bytes.n);
	memcpy(copy, room.bytes.at, room.bytes.n);
	for (size_t bit = 0; bit < room.bytes.n * 8; bit++) {
		copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
		assert_false(unpacks(&room, (struct str){copy, room.bytes.n}, key, &got));
		copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
	}
	for (size_t n = 0; n < room.bytes.n; n++)
		assert_false(unpacks(&room, str_slice(room.bytes, 0, n), key, &got));
	close_room(&room);
}

/* A copy that ends where it ends, so that a sanitizer sees a step beyond it; some bytes behind `from` are others. */
static char *forged(struct str bytes, size_t from, size_t *n)
{
	*n = from + (size_t)rand() % (bytes.n - from + 1);
	char *copy = malloc(*n ? *n : 1);
	memcpy(copy, bytes.at, *n);
	for (int k = rand() % 4; k >= 0 && *n > from; k--)
		copy[from + (size_t)rand() % (*n - from)] = (char)rand();
	return copy;
}

/* Somebody who knows the key and the sum: nothing is read or allocated beyond the bytes. */
static void survives_bytes_that_were_forged(void **state)
{
	(void)state;
	struct room room;
	open_room(&room);
	size_t n_taken = 0;
	srand(1);
	for (int i = 0; i < 20000; i++) {
		struct verdicts got;
		struct arena out;
		size_t n;
		arena_init(&out, NULL);
		char *copy = forged(room.bytes, VERDICTS_HEAD, &n);
		struct hash128 sum = verdicts_sum(key, (struct str){copy + VERDICTS_HEAD, n - VERDICTS_HEAD});
		memcpy(copy + VERDICTS_SUM, &sum, sizeof sum);
		n_taken += verdicts_unpack(&out, (struct str){copy, n}, key, &room.other, &got);
		arena_free(&out);
		free(copy);
	}
	assert_true(n_taken > 0 && n_taken < 20000);
	close_room(&room);
}

static void survives_a_cluster_that_was_forged(void **state)
{
	(void)state;
	struct room room;
	open_room(&room);
	size_t n_taken = 0;
	srand(1);
	for (int i = 0; i < 20000; i++) {
		struct cluster got = {0};
		struct arena out;
		size_t n;
		arena_init(&out, NULL);
		add_files(&out, &got.files);
		char *copy = forged(room.body, 0, &n);
		n_taken += cluster_unpack(&out, (struct str){copy, n}, &room.other, &got);
		arena_free(&out);
		free(copy);
	}
	assert_true(n_taken > 0 && n_taken < 20000);
	close_room(&room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(brings_a_cluster_back_as_it_was),
	        cmocka_unit_test(brings_back_what_the_tree_said),
	        cmocka_unit_test(is_worth_nothing_under_another_key),
	        cmocka_unit_test(is_refused_with_a_bit_flipped_or_an_end_cut_off),
	        cmocka_unit_test(survives_bytes_that_were_forged),
	        cmocka_unit_test(survives_a_cluster_that_was_forged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
