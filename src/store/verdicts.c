/* Unpacking.  The sum has said that the bytes are ours; all the same nothing is read beyond them, and no number of a
 * file, fixture or text is taken that there is not. */
#include "store/verdicts.h"

#include <string.h>

#include "base/varint.h"
#include "store/verdicts_form.h"

struct unpacker {
	struct arena *out;
	const struct repo *repo;
	struct str rest;
	bool is_bad; /* nothing more comes */
	struct str *texts;
	name *names; /* of the texts that are names, 0 for one that nobody asked for */
	uint32_t n_texts;
	struct suite *suite;
};

static uint64_t bad(struct unpacker *u)
{
	u->is_bad = true;
	u->rest = STR_NONE;
	return 0;
}

static uint64_t get(struct unpacker *u)
{
	uint64_t value;
	return varint_get(&u->rest, &value) ? value : bad(u);
}

/* A number below a limit. */
static uint32_t get_below(struct unpacker *u, uint64_t limit)
{
	uint64_t value = get(u);
	return (uint32_t)(value < limit ? value : bad(u));
}

static uint32_t get_number(struct unpacker *u)
{
	return get_below(u, (uint64_t)UINT32_MAX + 1);
}

/* How many come: each takes at least a byte. */
static size_t get_length(struct unpacker *u)
{
	uint64_t n = get(u);
	return (size_t)(n <= u->rest.n ? n : bad(u));
}

/* A file of the repo, or nowhere. */
static uint32_t get_file(struct unpacker *u)
{
	return get_below(u, u->repo->files.n + 1) - 1;
}

static struct str get_text(struct unpacker *u)
{
	uint32_t at = get_below(u, u->n_texts);
	return u->n_texts ? u->texts[at] : STR_NONE;
}

static name get_name(struct unpacker *u)
{
	uint32_t at = get_below(u, u->n_texts);
	if (!u->n_texts)
		return 0;
	if (!u->names[at])
		u->names[at] = intern(u->repo->names, u->texts[at]);
	return u->names[at];
}

static struct def_ref get_ref(struct unpacker *u)
{
	struct def_ref ref = {get_file(u), 0};
	if (ref.file != REF_NOWHERE)
		ref.def = get_number(u);
	return ref;
}

static bool get_texts(struct unpacker *u)
{
	size_t n = get_length(u);
	u->n_texts = (uint32_t)n;
	u->texts = arena_array(u->out, struct str, n + 1);
	u->names = arena_array(u->out, name, n + 1);
	for (size_t i = 0; i < n; i++) {
		size_t length = get_length(u);
		u->texts[i] = str_slice(u->rest, 0, length);
		u->rest = str_slice(u->rest, length, u->rest.n);
	}
	return !u->is_bad && n <= UINT32_MAX;
}

/* Room for `n` elements of a vector that is empty. */
#define room(u, vec, count)                                                                                            \
	((vec)->n = (vec)->cap = (count),                                                                              \
	 (vec)->at = (vec)->n ? arena_alloc((u)->out, arena_size((u)->out, (vec)->n, sizeof *(vec)->at)) : NULL)

/* ---- the suite ---- */

static void get_fixture_places(struct unpacker *u, uint32_t *places, size_t n)
{
	for (size_t i = 0; i < n; i++)
		places[i] = get_below(u, u->suite->fixtures.n);
}

static struct unknown get_unknown(struct unpacker *u)
{
	uint32_t kind = get_below(u, 2 * (UNKNOWN_SYNTAX + 1));
	struct unknown unknown = {.kind = (uint8_t)(kind / 2), .adds_tests = kind % 2};
	unknown.file = get_file(u);
	unknown.line = get_number(u);
	unknown.text = get_name(u);
	return unknown;
}

static struct mark get_mark(struct unpacker *u)
{
	struct mark mark = {.name = get_name(u)};
	mark.file = get_file(u);
	mark.expr = get_number(u);
	mark.owner = get_number(u);
	mark.is_opaque = get(u);
	mark.line = get_number(u);
	return mark;
}

static void get_test(struct unpacker *u, struct test *test)
{
	test->file = get_file(u);
	test->def = get_ref(u);
	test->class_ = get_ref(u);
	test->id = get_text(u);
	test->line = get_number(u);
	uint64_t flags = get(u);
	test->is_exact = flags & TEST_EXACT;
	test->are_params_exact = flags & TEST_PARAMS_EXACT;
	test->is_unittest = flags & TEST_UNITTEST;
	test->is_dead = flags & TEST_DEAD;
	test->n_params = get_number(u);
	room(u, &test->params, get_length(u));
	for (size_t i = 0; i < test->params.n; i++)
		test->params.at[i] = get_text(u);
	room(u, &test->marks, get_length(u));
	for (size_t i = 0; i < test->marks.n; i++)
		test->marks.at[i] = get_mark(u);
	room(u, &test->fixtures, get_length(u));
	get_fixture_places(u, test->fixtures.at, test->fixtures.n);
	room(u, &test->dynamic, get_length(u));
	get_fixture_places(u, test->dynamic.at, test->dynamic.n);
	room(u, &test->unknowns, get_length(u));
	for (size_t i = 0; i < test->unknowns.n; i++)
		test->unknowns.at[i] = get_unknown(u);
}

static struct fixture get_fixture(struct unpacker *u)
{
	struct fixture fixture = {.def = get_ref(u)};
	fixture.name = get_name(u);
	fixture.scope = get_name(u);
	uint64_t flags = get(u);
	fixture.is_autouse = flags & FIXTURE_AUTOUSE;
	fixture.is_external = flags & FIXTURE_EXTERNAL;
	fixture.is_parametrized = flags & FIXTURE_PARAMETRIZED;
	fixture.line = get_number(u);
	return fixture;
}

static void get_hiding(struct unpacker *u, struct hiding *hiding)
{
	hiding->file = get_below(u, u->repo->files.n);
	hiding->why = get_unknown(u);
	if (hiding->why.file == REF_NOWHERE)
		bad(u);
	room(u, &hiding->fixtures, get_length(u));
	get_fixture_places(u, hiding->fixtures.at, hiding->fixtures.n);
}

static void get_suite(struct unpacker *u)
{
	struct suite *suite = u->suite;
	size_t n_files = u->repo->files.n;
	room(u, &suite->fixtures, get_length(u));
	for (size_t i = 0; i < suite->fixtures.n; i++)
		suite->fixtures.at[i] = get_fixture(u);
	room(u, &suite->tests, get_length(u));
	for (size_t i = 0; i < suite->tests.n; i++)
		get_test(u, &suite->tests.at[i]);
	suite->first_test = arena_array(u->out, uint32_t, n_files + 1);
	suite->file_is_exact = arena_array(u->out, bool, n_files + 1);
	for (size_t i = 0; i < n_files; i++) {
		suite->first_test[i + 1] =
		        suite->first_test[i] + get_below(u, suite->tests.n - suite->first_test[i] + 1);
		suite->file_is_exact[i] = get(u);
	}
	if (suite->first_test[n_files] != suite->tests.n)
		bad(u);
	room(u, &suite->unknowns, get_length(u));
	for (size_t i = 0; i < suite->unknowns.n; i++)
		suite->unknowns.at[i] = get_unknown(u);
	room(u, &suite->hiding, get_length(u));
	for (size_t i = 0; i < suite->hiding.n; i++)
		get_hiding(u, &suite->hiding.at[i]);
}

/* ---- needs ---- */

static struct evidence get_evidence(struct unpacker *u)
{
	struct evidence evidence = {.grade = get_below(u, GRADE_REQUIRES + 1)};
	room(u, &evidence.steps, get_length(u));
	for (size_t i = 0; i < evidence.steps.n; i++) {
		struct step *step = &evidence.steps.at[i];
		step->file = get_file(u);
		step->line = get_number(u);
		step->text = get_text(u);
	}
	evidence.against = get_text(u);
	evidence.edit = get_text(u);
	return evidence;
}

static void get_needs(struct unpacker *u, need_list *list)
{
	room(u, list, get_length(u));
	for (size_t i = 0; i < list->n; i++) {
		struct need *need = &list->at[i];
		need->services = get(u);
		need->grade = get_below(u, GRADE_REQUIRES + 1);
		uint64_t flags = get(u);
		need->is_marked = flags & NEED_MARKED;
		need->is_dead = flags & NEED_DEAD;
		need->is_override = flags & NEED_OVERRIDE;
		need->variable = get_text(u);
		need->why = get_evidence(u);
		need->shown = flags & NEED_SHOWN_AS_IT_IS ? need->why : get_evidence(u);
	}
}

static void get_gates(struct unpacker *u, gate_list *list)
{
	room(u, list, get_length(u));
	for (size_t i = 0; i < list->n; i++) {
		struct gate *gate = &list->at[i];
		gate->services = get(u);
		gate->address = get_text(u);
		gate->variable = get_text(u);
		gate->is_import = get(u);
		gate->file = get_file(u);
		gate->line = get_number(u);
	}
}

static void get_faults(struct unpacker *u, struct verdicts *verdicts)
{
	room(u, &verdicts->faults, get_length(u));
	for (size_t i = 0; i < verdicts->faults.n; i++) {
		struct verdict_fault *it = &verdicts->faults.at[i];
		it->file = get_below(u, u->repo->files.n);
		it->fault.kind = (uint8_t)get_below(u, FAULT_SIZE + 1);
		it->fault.at = get_number(u);
		it->fault.line = get_number(u);
	}
}

/* ---- the doors ---- */

struct hash128 verdicts_sum(struct hash128 key, struct str rest)
{
	struct hash128 sum = hash128(rest);
	return (struct hash128){sum.high ^ key.low, sum.low ^ key.high};
}

static bool is_ours(struct str bytes, struct hash128 key)
{
	struct hash128 its_key, its_sum;
	if (bytes.n < VERDICTS_HEAD || !str_starts(bytes, STR(VERDICTS_MAGIC)))
		return false;
	memcpy(&its_key, bytes.at + VERDICTS_KEY, sizeof its_key);
	memcpy(&its_sum, bytes.at + VERDICTS_SUM, sizeof its_sum);
	return hash128_eq(its_key, key) &&
	       hash128_eq(its_sum, verdicts_sum(key, str_slice(bytes, VERDICTS_HEAD, bytes.n)));
}

bool verdicts_unpack(struct arena *out, struct str bytes, struct hash128 key, const struct repo *repo,
                     struct verdicts *verdicts)
{
	struct unpacker u = {.out = out, .repo = repo, .suite = &verdicts->suite};
	struct needs *needs = &verdicts->needs;
	*verdicts = (struct verdicts){0};
	if (!is_ours(bytes, key))
		return false;
	u.rest = str_slice(bytes, VERDICTS_HEAD, bytes.n);
	if (!get_texts(&u))
		return false;
	get_suite(&u);
	needs->tests = arena_array(out, need_list, verdicts->suite.tests.n + 1);
	needs->gates = arena_array(out, gate_list, verdicts->suite.tests.n + 1);
	needs->files = arena_array(out, need_list, repo->files.n + 1);
	for (size_t i = 0; i < verdicts->suite.tests.n; i++) {
		get_needs(&u, &needs->tests[i]);
		get_gates(&u, &needs->gates[i]);
	}
	for (size_t i = 0; i < repo->files.n; i++)
		get_needs(&u, &needs->files[i]);
	get_faults(&u, verdicts);
	return !u.is_bad && u.rest.n == 0;
}
