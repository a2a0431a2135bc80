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
	struct cluster *cluster;
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
		places[i] = get_below(u, u->cluster->suite.fixtures.n);
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

/* How many of `all` belong to each file, as where those of each begin. */
static void get_ranges(struct unpacker *u)
{
	struct cluster *cluster = u->cluster;
	struct suite *suite = &cluster->suite;
	size_t n = cluster->files.n;
	suite->first_test = arena_array(u->out, uint32_t, n + 1);
	suite->file_is_exact = arena_array(u->out, bool, n + 1);
	cluster->first_unknown = arena_array(u->out, uint32_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		uint32_t test = suite->first_test[i], unknown = cluster->first_unknown[i];
		suite->first_test[i + 1] = test + get_below(u, suite->tests.n - test + 1);
		cluster->first_unknown[i + 1] = unknown + get_below(u, suite->unknowns.n - unknown + 1);
		suite->file_is_exact[i] = get(u);
	}
	if (suite->first_test[n] != suite->tests.n || cluster->first_unknown[n] != suite->unknowns.n)
		bad(u);
}

static void get_suite(struct unpacker *u)
{
	struct suite *suite = &u->cluster->suite;
	room(u, &suite->fixtures, get_length(u));
	for (size_t i = 0; i < suite->fixtures.n; i++)
		suite->fixtures.at[i] = get_fixture(u);
	room(u, &suite->tests, get_length(u));
	for (size_t i = 0; i < suite->tests.n; i++)
		get_test(u, &suite->tests.at[i]);
	room(u, &suite->unknowns, get_length(u));
	for (size_t i = 0; i < suite->unknowns.n; i++)
		suite->unknowns.at[i] = get_unknown(u);
	get_ranges(u);
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

static struct need get_need(struct unpacker *u)
{
	struct need need = {.services = get(u)};
	need.grade = get_below(u, GRADE_REQUIRES + 1);
	uint64_t flags = get(u);
	need.is_marked = flags & NEED_MARKED;
	need.is_dead = flags & NEED_DEAD;
	need.is_override = flags & NEED_OVERRIDE;
	need.variable = get_text(u);
	room(u, &need.values, get_length(u));
	for (size_t i = 0; i < need.values.n; i++)
		need.values.at[i] = get_text(u);
	need.why = get_evidence(u);
	need.shown = flags & NEED_SHOWN_AS_IT_IS ? need.why : get_evidence(u);
	return need;
}

static void get_needs(struct unpacker *u, need_list *list)
{
	room(u, list, get_length(u));
	for (size_t i = 0; i < list->n; i++)
		list->at[i] = get_need(u);
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

static void get_verdicts(struct unpacker *u)
{
	struct cluster *cluster = u->cluster;
	const struct suite *suite = &cluster->suite;
	cluster->tests = arena_array(u->out, need_list, suite->tests.n + 1);
	cluster->gates = arena_array(u->out, gate_list, suite->tests.n + 1);
	cluster->words = arena_array(u->out, need_list, cluster->files.n + 1);
	cluster->hidden = arena_array(u->out, service_set, suite->hiding.n + 1);
	for (size_t i = 0; i < suite->tests.n; i++) {
		get_needs(u, &cluster->tests[i]);
		get_gates(u, &cluster->gates[i]);
	}
	for (size_t i = 0; i < cluster->files.n; i++)
		get_needs(u, &cluster->words[i]);
	for (size_t i = 0; i < suite->hiding.n; i++)
		cluster->hidden[i] = get(u);
	room(u, &cluster->open, get_length(u));
	for (size_t i = 0; i < cluster->open.n; i++) {
		cluster->open.at[i].test = get_below(u, suite->tests.n);
		cluster->open.at[i].need = get_need(u);
	}
	cluster->seen = get(u);
}

/* ---- what is not of one cluster ---- */

static void get_files(struct unpacker *u, file_list *files)
{
	room(u, files, get_length(u));
	for (size_t i = 0; i < files->n; i++)
		files->at[i] = get_below(u, u->repo->files.n);
}

static struct str get_bytes(struct unpacker *u)
{
	size_t n = get_length(u);
	struct str bytes = str_slice(u->rest, 0, n);
	u->rest = str_slice(u->rest, n, u->rest.n);
	return bytes;
}

/* As they lie in memory; zeros when there are not so many. */
static void *get_raw(struct unpacker *u, size_t n, size_t size)
{
	char *to = arena_alloc(u->out, arena_size(u->out, n + 1, size));
	if (u->rest.n / size < n)
		bad(u);
	else if (n)
		memcpy(to, u->rest.at, n * size);
	u->rest = str_slice(u->rest, n * size, u->rest.n);
	return to;
}

static struct module_skip get_skip(struct unpacker *u)
{
	uint32_t flags = get_below(u, 4);
	struct module_skip skip = {.may_skip = flags & 1, .is_certain = flags & 2};
	if (skip.may_skip) {
		skip.file = get_below(u, u->repo->files.n);
		skip.line = get_number(u);
		skip.text = get_bytes(u);
	}
	return skip;
}

static void get_skips(struct unpacker *u, skip_parts *parts)
{
	room(u, parts, get_length(u));
	for (size_t p = 0; p < parts->n; p++) {
		struct skip_part *part = &parts->at[p];
		get_files(u, &part->files);
		get_files(u, &part->read);
		part->own = arena_array(u->out, struct module_skip, part->files.n + 1);
		for (size_t i = 0; i < part->files.n; i++)
			part->own[i] = get_skip(u);
		part->has_edges = get(u);
		room(u, &part->edges, get_length(u));
		for (size_t i = 0; i < part->edges.n; i++) {
			part->edges.at[i].imported = get_below(u, u->repo->files.n);
			part->edges.at[i].by = get_below(u, u->repo->files.n);
		}
	}
}

static void get_faults(struct unpacker *u, struct verdicts *verdicts)
{
	room(u, &verdicts->faults, get_length(u));
	for (size_t i = 0; i < verdicts->faults.n; i++) {
		struct verdict_fault *it = &verdicts->faults.at[i];
		it->file = get_below(u, u->repo->files.n);
		it->fault.kind = (uint8_t)get_below(u, FAULT_FOREIGN + 1);
		it->fault.at = get_number(u);
		it->fault.line = get_number(u);
	}
}

static void get_clusters(struct unpacker *u, struct verdicts *verdicts)
{
	room(u, &verdicts->clusters, get_length(u));
	room(u, &verdicts->answers.parts, verdicts->clusters.n);
	for (size_t i = 0; i < verdicts->clusters.n; i++) {
		get_files(u, &verdicts->answers.parts.at[i]);
		get_files(u, &verdicts->clusters.at[i].read);
		verdicts->clusters.at[i].body = get_bytes(u);
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
	struct unpacker u = {.out = out, .repo = repo};
	size_t n = repo->files.n;
	*verdicts = (struct verdicts){0};
	if (!is_ours(bytes, key))
		return false;
	u.rest = str_slice(bytes, VERDICTS_HEAD, bytes.n);
	verdicts->contents = get_raw(&u, n, sizeof *verdicts->contents);
	verdicts->imports = get_raw(&u, n, sizeof *verdicts->imports);
	get_skips(&u, &verdicts->answers.skip_parts);
	verdicts->answers.starts = *(uint64_t *)get_raw(&u, 1, sizeof verdicts->answers.starts);
	get_faults(&u, verdicts);
	get_clusters(&u, verdicts);
	return !u.is_bad && u.rest.n == 0;
}

bool cluster_unpack(struct arena *out, struct str bytes, const struct repo *repo, struct cluster *cluster)
{
	struct unpacker u = {.out = out, .repo = repo, .cluster = cluster, .rest = bytes};
	if (!get_texts(&u))
		return false;
	get_suite(&u);
	get_verdicts(&u);
	cluster->has_suite = cluster->has_needs = !u.is_bad && u.rest.n == 0;
	return cluster->has_needs;
}
