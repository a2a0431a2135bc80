/* Before the clusters, and after them.  What they could not know, because it is of the suite as a whole, is worked out here
 * from what each has left open; it is little, so it is worked out every time. */
#include "resolve/whole.h"

#include <string.h>

#include "resolve/clusters.h"
#include "resolve/collect.h"
#include "resolve/need_lists.h"
#include "resolve/needs.h"
#include "resolve/overrides.h"

/* ---- what is asked of the tree ---- */

/* Before anything is looked up in the tree. */
static void lay_ground(struct whole *whole)
{
	if (whole->has_ground)
		return;
	whole->ground = reading_ground(whole->out, whole->repo);
	names_init(&whole->names, whole->out, whole->repo, whole->config, whole->pytest);
	whole->has_ground = true;
}

bool tree_has_changed(const struct tree_known *known, const file_list *files)
{
	for (size_t i = 0; i < files->n; i++)
		if (known->changed[files->at[i]])
			return true;
	return false;
}

/* From the surveys: which files are looked into together, for skips and for tests. */
static void ask_surveys(struct whole *whole, struct arena *tmp)
{
	struct tree_answers *answers = &whole->answers;
	struct names names;
	import_edges edges;
	lay_ground(whole);
	names_begin(&names, tmp, &whole->names, whole->repo);
	const bool *may = skippers_find(&names, tmp, &edges);
	answers->starts = whole->names.starts_hash;
	answers->skip_parts = skips_parts(whole->out, whole->repo, may);
	clusters_find(whole->out, tmp, whole->repo, &edges, &answers->parts);
}

static void recall_skips(struct skip_part *part, const struct tree_known *known)
{
	const skip_parts *parts = &known->answers->skip_parts;
	for (size_t i = 0; i < parts->n; i++) {
		const struct skip_part *before = &parts->at[i];
		if (before->files.at[0] != part->files.at[0] || !file_lists_eq(&before->files, &part->files))
			continue;
		if (!tree_has_changed(known, &before->read))
			*part = *before;
		return;
	}
}

typedef void look_fn(struct arena *out, struct names *names, struct skip_part *part);

static void look(struct whole *whole, struct arena *tmp, look_fn *fn, struct skip_part *part)
{
	struct reading reading;
	struct names names;
	lay_ground(whole);
	reading_begin(&reading, whole->out, tmp, &whole->ground, part->read);
	names_begin(&names, tmp, &whole->names, &reading.repo);
	fn(whole->out, &names, part);
	part->read = reading.files;
	arena_reset(tmp);
}

static void ask_skips(struct whole *whole, struct arena *tmp, const struct tree_known *known)
{
	skip_parts *parts = &whole->answers.skip_parts;
	struct arena work;
	arena_init(&work, tmp->trap);
	for (size_t i = 0; known && i < parts->n; i++)
		if (!parts->at[i].own)
			recall_skips(&parts->at[i], known);
	for (size_t i = 0; i < parts->n; i++)
		if (!parts->at[i].own)
			look(whole, &work, skips_read, &parts->at[i]);
	bool is_any = skips_are_there(parts);
	for (size_t i = 0; i < parts->n && is_any; i++)
		if (!parts->at[i].has_edges)
			look(whole, &work, skips_read_imports, &parts->at[i]);
	arena_free(&work);
	whole->answers.skips = skips_spread(whole->out, tmp, whole->repo->files.n, parts);
}

/* The parts of before, those that are no longer true without what they said. */
static void take_parts(struct whole *whole, const struct tree_known *known)
{
	whole->answers = *known->answers;
	whole->answers.skip_parts = (skip_parts){0};
	for (size_t i = 0; i < known->answers->skip_parts.n; i++) {
		struct skip_part part = known->answers->skip_parts.at[i];
		if (tree_has_changed(known, &part.read))
			part = (struct skip_part){.files = part.files};
		vec_push(whole->out, &whole->answers.skip_parts, part);
	}
}

void whole_begin(struct whole *whole, struct arena *out, struct arena *tmp, const struct repo *repo,
                 const struct config *config, const struct pytest_config *pytest, const struct tree_known *known)
{
	*whole = (struct whole){.out = out, .repo = repo, .config = config, .pytest = pytest};
	if (known && !known->imports_changed)
		take_parts(whole, known);
	else
		ask_surveys(whole, tmp);
	ask_skips(whole, tmp, known && known->answers->starts == whole->answers.starts ? known : NULL);
	for (size_t i = 0; i < whole->answers.parts.n; i++)
		vec_push(out, &whole->clusters, ((struct cluster){.files = whole->answers.parts.at[i]}));
}

/* ---- one cluster after the other ---- */

typedef void infer_fn(struct whole *whole, struct arena *tmp, struct names *names, struct cluster *cluster);

static void collect(struct whole *whole, struct arena *tmp, struct names *names, struct cluster *cluster)
{
	collect_cluster(whole->out, tmp, names, whole->answers.skips, whole->config, whole->pytest, cluster);
}

static void judge(struct whole *whole, struct arena *tmp, struct names *names, struct cluster *cluster)
{
	judge_cluster(whole->out, tmp, names, whole->config, cluster);
}

static void infer(struct whole *whole, struct arena *tmp, infer_fn *fn, struct cluster *cluster)
{
	struct reading reading;
	struct names names;
	lay_ground(whole);
	reading_begin(&reading, whole->out, tmp, &whole->ground, cluster->read);
	names_begin(&names, tmp, &whole->names, &reading.repo);
	fn(whole, tmp, &names, cluster);
	cluster->read = reading.files;
}

/* ---- the suite ---- */

struct joiner {
	struct whole *whole;
	struct suite *suite;
	struct map known;   /* fixture -> its number in the suite */
	uint32_t **numbers; /* by cluster, by fixture of it: its number in the suite */
};

static uint64_t fixture_key(const struct fixture *fixture)
{
	uint64_t place = fixture->is_external ? UINT64_MAX : (uint64_t)fixture->def.file << 32 | fixture->def.def;
	return map_mix(map_mix(place, fixture->name), fixture->is_external);
}

static uint32_t number_of(struct joiner *j, const struct fixture *fixture)
{
	uint64_t key = fixture_key(fixture);
	uint32_t at = map_get(&j->known, key);
	if (at != MAP_NONE)
		return at;
	at = (uint32_t)j->suite->fixtures.n;
	map_put(&j->known, key, at);
	vec_push(j->whole->out, &j->suite->fixtures, *fixture);
	return at;
}

static void number_fixtures(struct joiner *j, struct arena *tmp)
{
	const cluster_list *clusters = &j->whole->clusters;
	j->numbers = arena_array(tmp, uint32_t *, clusters->n + 1);
	for (size_t c = 0; c < clusters->n; c++) {
		const struct suite *its = &clusters->at[c].suite;
		j->numbers[c] = arena_array(tmp, uint32_t, its->fixtures.n + 1);
		for (size_t i = 0; i < its->fixtures.n; i++)
			j->numbers[c][i] = number_of(j, &its->fixtures.at[i]);
	}
}

static uint32_t *renumbered(struct joiner *j, const uint32_t *numbers, const uint32_t *fixtures, size_t n)
{
	uint32_t *new = arena_array(j->whole->out, uint32_t, n);
	for (size_t i = 0; i < n; i++)
		new[i] = numbers[fixtures[i]];
	return new;
}

static void add_test(struct joiner *j, const uint32_t *numbers, const struct test *test)
{
	struct test new = *test;
	new.fixtures.at = renumbered(j, numbers, test->fixtures.at, test->fixtures.n);
	new.fixtures.cap = new.fixtures.n;
	new.dynamic.at = renumbered(j, numbers, test->dynamic.at, test->dynamic.n);
	new.dynamic.cap = new.dynamic.n;
	vec_push(j->whole->out, &j->suite->tests, new);
}

static void add_hiding(struct joiner *j, const uint32_t *numbers, const struct hiding *hiding)
{
	struct hiding new = *hiding;
	new.fixtures.at = renumbered(j, numbers, hiding->fixtures.at, hiding->fixtures.n);
	new.fixtures.cap = new.fixtures.n;
	vec_push(j->whole->out, &j->suite->hiding, new);
}

static void add_file(struct joiner *j, size_t c, size_t position)
{
	const struct cluster *cluster = &j->whole->clusters.at[c];
	const struct suite *its = &cluster->suite;
	for (uint32_t t = its->first_test[position]; t < its->first_test[position + 1]; t++)
		add_test(j, j->numbers[c], &its->tests.at[t]);
	for (uint32_t u = cluster->first_unknown[position]; u < cluster->first_unknown[position + 1]; u++)
		vec_push(j->whole->out, &j->suite->unknowns, its->unknowns.at[u]);
	for (size_t h = 0; h < its->hiding.n; h++)
		if (its->hiding.at[h].file == cluster->files.at[position])
			add_hiding(j, j->numbers[c], &its->hiding.at[h]);
	j->suite->file_is_exact[cluster->files.at[position]] = its->file_is_exact[position];
}

/* Where each file stands: its cluster and its place in it. */
struct place {
	uint32_t cluster, position;
	bool is_there;
};

static const struct place *find_places(const struct whole *whole, struct arena *tmp)
{
	struct place *places = arena_array(tmp, struct place, whole->repo->files.n + 1);
	for (uint32_t c = 0; c < whole->clusters.n; c++)
		for (uint32_t i = 0; i < whole->clusters.at[c].files.n; i++)
			places[whole->clusters.at[c].files.at[i]] = (struct place){c, i, true};
	return places;
}

static void join_suite(struct whole *whole, struct arena *tmp, struct suite *suite)
{
	size_t n = whole->repo->files.n;
	struct joiner j = {.whole = whole, .suite = suite};
	const struct place *places = find_places(whole, tmp);
	*suite = (struct suite){0};
	suite->first_test = arena_array(whole->out, uint32_t, n + 1);
	suite->file_is_exact = arena_array(whole->out, bool, n + 1);
	map_init(&j.known, tmp);
	number_fixtures(&j, tmp);
	for (size_t f = 0; f < n; f++) {
		suite->first_test[f] = (uint32_t)suite->tests.n;
		if (places[f].is_there)
			add_file(&j, places[f].cluster, places[f].position);
	}
	suite->first_test[n] = (uint32_t)suite->tests.n;
}

void resolve_suite(struct whole *whole, struct arena *tmp, struct suite *suite)
{
	struct arena work;
	arena_init(&work, tmp->trap);
	for (size_t i = 0; i < whole->clusters.n; i++)
		if (!whole->clusters.at[i].has_suite) {
			infer(whole, &work, collect, &whole->clusters.at[i]);
			arena_reset(&work);
		}
	arena_free(&work);
	join_suite(whole, tmp, suite);
}

/* ---- needs ---- */

/* Code that could load anything may need whatever the suite needs anywhere. */
static void close_need(struct arena *out, need_list *list, const struct need *open, service_set seen)
{
	struct need need = *open;
	for (unsigned k = 0; seen; k++, seen >>= 1) {
		need.services = (service_set)1 << k;
		if (seen & 1)
			needs_put(out, list, need);
	}
	needs_settle(list);
}

static void join_file(struct whole *whole, const struct cluster *cluster, size_t position, need_list *tests,
                      need_list *list)
{
	const struct suite *its = &cluster->suite;
	size_t n = its->first_test[position + 1] - its->first_test[position];
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tests[t].n; i++)
			needs_put(whole->out, list, tests[t].at[i]);
	needs_put_words(whole->out, list, &cluster->words[position]);
	needs_sort(list);
}

/* Tests that nobody can name may need whatever is possible. */
static void join_hiding(struct whole *whole, const struct hiding *hiding, service_set hidden, need_list *list)
{
	struct str path = whole->repo->files.at[hiding->file].path;
	const struct override_config *o = override_of(whole->config, whole->repo, path, hiding->file);
	struct step step = {.file = hiding->why.file, .line = hiding->why.line};
	if (o && rule_holds(&whole->names, RULE_CONFIG)) {
		override_apply(whole->out, list, whole->config, o, step, false);
		return;
	}
	step.text = STR("may make tests that reach it");
	needs_put_each(whole->out, list, whole->config, hidden, (struct need){.grade = GRADE_UNKNOWN}, step);
}

static need_list copy_of(struct arena *out, const need_list *list)
{
	need_list copy = {0};
	for (size_t i = 0; i < list->n; i++)
		vec_push(out, &copy, list->at[i]);
	return copy;
}

/* The needs of the cluster's tests, with what was left open. */
static need_list *closed(struct whole *whole, const struct cluster *cluster, struct arena *tmp, service_set seen)
{
	need_list *tests = arena_array(tmp, need_list, cluster->suite.tests.n + 1);
	if (cluster->suite.tests.n)
		memcpy(tests, cluster->tests, cluster->suite.tests.n * sizeof *tests);
	for (size_t i = 0; i < cluster->open.n; i++) {
		const struct open_need *open = &cluster->open.at[i];
		tests[open->test] = copy_of(whole->out, &tests[open->test]);
		close_need(whole->out, &tests[open->test], &open->need, seen);
	}
	return tests;
}

static void join_cluster(struct whole *whole, const struct cluster *cluster, struct arena *tmp, service_set seen,
                         const uint32_t *first_test, struct needs *needs)
{
	const struct suite *its = &cluster->suite;
	need_list *tests = closed(whole, cluster, tmp, seen);
	for (size_t i = 0; i < cluster->files.n; i++) {
		uint32_t file = cluster->files.at[i], first = its->first_test[i];
		size_t n = its->first_test[i + 1] - first;
		if (!n)
			continue;
		memcpy(&needs->tests[first_test[file]], &tests[first], n * sizeof *tests);
		memcpy(&needs->gates[first_test[file]], &cluster->gates[first], n * sizeof *cluster->gates);
		join_file(whole, cluster, i, &tests[first], &needs->files[file]);
	}
	for (size_t i = 0; i < its->hiding.n; i++)
		join_hiding(whole, &its->hiding.at[i], cluster->hidden[i], &needs->files[its->hiding.at[i].file]);
}

static const uint32_t *count_tests(const struct whole *whole, struct arena *tmp)
{
	size_t n = whole->repo->files.n;
	uint32_t *first = arena_array(tmp, uint32_t, n + 1);
	for (size_t c = 0; c < whole->clusters.n; c++) {
		const struct cluster *cluster = &whole->clusters.at[c];
		for (size_t i = 0; i < cluster->files.n; i++)
			first[cluster->files.at[i] + 1] =
			        cluster->suite.first_test[i + 1] - cluster->suite.first_test[i];
	}
	for (size_t f = 0; f < n; f++)
		first[f + 1] += first[f];
	return first;
}

static void join_needs(struct whole *whole, struct arena *tmp, struct needs *needs)
{
	size_t n = whole->repo->files.n;
	const uint32_t *first_test = count_tests(whole, tmp);
	service_set seen = 0;
	needs->tests = arena_array(whole->out, need_list, first_test[n] + 1);
	needs->gates = arena_array(whole->out, gate_list, first_test[n] + 1);
	needs->files = arena_array(whole->out, need_list, n + 1);
	for (size_t c = 0; c < whole->clusters.n; c++)
		seen |= whole->clusters.at[c].seen;
	for (size_t c = 0; c < whole->clusters.n; c++)
		join_cluster(whole, &whole->clusters.at[c], tmp, seen, first_test, needs);
}

void resolve_needs(struct whole *whole, struct arena *tmp, struct needs *needs)
{
	struct arena work;
	arena_init(&work, tmp->trap);
	for (size_t i = 0; i < whole->clusters.n; i++)
		if (!whole->clusters.at[i].has_needs) {
			infer(whole, &work, judge, &whole->clusters.at[i]);
			arena_reset(&work);
		}
	arena_free(&work);
	join_needs(whole, tmp, needs);
}
