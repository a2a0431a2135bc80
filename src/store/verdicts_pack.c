/* Packing.  A text that stands a thousand times, as most evidence does, is kept once. */
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/varint.h"
#include "store/verdicts_form.h"

struct packer {
	struct arena *tmp;
	struct buf body, texts;
	uint32_t n_texts;
	strs seen;          /* by number */
	struct map known;   /* hash of a text -> number of the last that has it */
	struct map of_name; /* name -> number */
	const struct intern *names;
};

static void number_to(struct buf *to, uint64_t value)
{
	char bytes[VARINT_MOST];
	buf_add(to, (struct str){bytes, (size_t)(varint_put(bytes, value) - bytes)});
}

static void put(struct packer *p, uint64_t value)
{
	number_to(&p->body, value);
}

/* UINT32_MAX is nowhere, and no is shorter than much. */
static void put_place(struct packer *p, uint32_t at)
{
	put(p, (uint32_t)(at + 1));
}

static uint32_t text_number(struct packer *p, struct str text)
{
	uint64_t hash = hash64(text);
	uint32_t at = map_get(&p->known, hash);
	if (at != MAP_NONE && str_eq(p->seen.at[at], text))
		return at;
	at = p->n_texts++;
	map_put(&p->known, hash, at);
	vec_push(p->tmp, &p->seen, text);
	number_to(&p->texts, text.n);
	buf_add(&p->texts, text);
	return at;
}

static void put_text(struct packer *p, struct str text)
{
	put(p, text_number(p, text));
}

static void put_name(struct packer *p, name n)
{
	uint32_t at = map_get(&p->of_name, n);
	if (at == MAP_NONE) {
		at = text_number(p, intern_str(p->names, n));
		map_put(&p->of_name, n, at);
	}
	put(p, at);
}

static void put_ref(struct packer *p, struct def_ref ref)
{
	put_place(p, ref.file);
	if (ref.file != REF_NOWHERE)
		put(p, ref.def);
}

/* ---- the suite ---- */

static void put_unknown(struct packer *p, const struct unknown *unknown)
{
	put(p, unknown->kind * 2u + unknown->adds_tests);
	put_place(p, unknown->file);
	put(p, unknown->line);
	put_name(p, unknown->text);
}

static void put_unknowns(struct packer *p, const struct unknown *unknowns, size_t n)
{
	put(p, n);
	for (size_t i = 0; i < n; i++)
		put_unknown(p, &unknowns[i]);
}

static void put_numbers(struct packer *p, const uint32_t *numbers, size_t n)
{
	put(p, n);
	for (size_t i = 0; i < n; i++)
		put(p, numbers[i]);
}

static void put_marks(struct packer *p, const struct test *test)
{
	put(p, test->marks.n);
	for (size_t i = 0; i < test->marks.n; i++) {
		const struct mark *mark = &test->marks.at[i];
		put_name(p, mark->name);
		put_place(p, mark->file);
		put(p, mark->expr);
		put(p, mark->owner);
		put(p, mark->is_opaque);
		put(p, mark->line);
	}
}

static void put_test(struct packer *p, const struct test *test)
{
	put_place(p, test->file);
	put_ref(p, test->def);
	put_ref(p, test->class_);
	put_text(p, test->id);
	put(p, test->line);
	put(p, (test->is_exact ? TEST_EXACT : 0) | (test->are_params_exact ? TEST_PARAMS_EXACT : 0) |
	               (test->is_unittest ? TEST_UNITTEST : 0) | (test->is_dead ? TEST_DEAD : 0));
	put(p, test->n_params);
	put(p, test->params.n);
	for (size_t i = 0; i < test->params.n; i++)
		put_text(p, test->params.at[i]);
	put_marks(p, test);
	put_numbers(p, test->fixtures.at, test->fixtures.n);
	put_numbers(p, test->dynamic.at, test->dynamic.n);
	put_unknowns(p, test->unknowns.at, test->unknowns.n);
}

static void put_fixture(struct packer *p, const struct fixture *fixture)
{
	put_ref(p, fixture->def);
	put_name(p, fixture->name);
	put_name(p, fixture->scope);
	put(p, (fixture->is_autouse ? FIXTURE_AUTOUSE : 0) | (fixture->is_external ? FIXTURE_EXTERNAL : 0) |
	               (fixture->is_parametrized ? FIXTURE_PARAMETRIZED : 0));
	put(p, fixture->line);
}

static void put_hiding(struct packer *p, const struct hiding *hiding)
{
	put(p, hiding->file);
	put_unknown(p, &hiding->why);
	put_numbers(p, hiding->fixtures.at, hiding->fixtures.n);
}

static void put_suite(struct packer *p, const struct cluster *cluster)
{
	const struct suite *suite = &cluster->suite;
	put(p, suite->fixtures.n);
	for (size_t i = 0; i < suite->fixtures.n; i++)
		put_fixture(p, &suite->fixtures.at[i]);
	put(p, suite->tests.n);
	for (size_t i = 0; i < suite->tests.n; i++)
		put_test(p, &suite->tests.at[i]);
	put_unknowns(p, suite->unknowns.at, suite->unknowns.n);
	for (size_t i = 0; i < cluster->files.n; i++) {
		put(p, suite->first_test[i + 1] - suite->first_test[i]);
		put(p, cluster->first_unknown[i + 1] - cluster->first_unknown[i]);
		put(p, suite->file_is_exact[i]);
	}
	put(p, suite->hiding.n);
	for (size_t i = 0; i < suite->hiding.n; i++)
		put_hiding(p, &suite->hiding.at[i]);
}

/* ---- needs ---- */

static void put_evidence(struct packer *p, const struct evidence *evidence)
{
	put(p, evidence->grade);
	put(p, evidence->steps.n);
	for (size_t i = 0; i < evidence->steps.n; i++) {
		put_place(p, evidence->steps.at[i].file);
		put(p, evidence->steps.at[i].line);
		put_text(p, evidence->steps.at[i].text);
	}
	put_text(p, evidence->against);
	put_text(p, evidence->edit);
}

static bool is_same(const struct evidence *a, const struct evidence *b)
{
	return a->grade == b->grade && a->steps.at == b->steps.at && a->steps.n == b->steps.n &&
	       str_eq(a->against, b->against) && str_eq(a->edit, b->edit);
}

static void put_need(struct packer *p, const struct need *need)
{
	bool shown_as_it_is = is_same(&need->why, &need->shown);
	put(p, need->services);
	put(p, need->grade);
	put(p, (need->is_marked ? NEED_MARKED : 0) | (need->is_dead ? NEED_DEAD : 0) |
	               (need->is_override ? NEED_OVERRIDE : 0) | (shown_as_it_is ? NEED_SHOWN_AS_IT_IS : 0));
	put_text(p, need->variable);
	put(p, need->values.n);
	for (size_t i = 0; i < need->values.n; i++)
		put_text(p, need->values.at[i]);
	put_evidence(p, &need->why);
	if (!shown_as_it_is)
		put_evidence(p, &need->shown);
}

static void put_needs(struct packer *p, const need_list *list)
{
	put(p, list->n);
	for (size_t i = 0; i < list->n; i++)
		put_need(p, &list->at[i]);
}

static void put_gates(struct packer *p, const gate_list *list)
{
	put(p, list->n);
	for (size_t i = 0; i < list->n; i++) {
		const struct gate *gate = &list->at[i];
		put(p, gate->services);
		put_text(p, gate->address);
		put_text(p, gate->variable);
		put(p, gate->is_import);
		put_place(p, gate->file);
		put(p, gate->line);
	}
}

static void put_verdicts(struct packer *p, const struct cluster *cluster)
{
	const struct suite *suite = &cluster->suite;
	for (size_t i = 0; i < suite->tests.n; i++) {
		put_needs(p, &cluster->tests[i]);
		put_gates(p, &cluster->gates[i]);
	}
	for (size_t i = 0; i < cluster->files.n; i++)
		put_needs(p, &cluster->words[i]);
	for (size_t i = 0; i < suite->hiding.n; i++)
		put(p, cluster->hidden[i]);
	put(p, cluster->open.n);
	for (size_t i = 0; i < cluster->open.n; i++) {
		put(p, cluster->open.at[i].test);
		put_need(p, &cluster->open.at[i].need);
	}
	put(p, cluster->seen);
}

struct str cluster_pack(struct arena *out, struct arena *tmp, const struct repo *repo, const struct cluster *cluster)
{
	struct packer p = {.tmp = tmp, .names = repo->names};
	struct buf all;
	buf_init(&p.body, tmp);
	buf_init(&p.texts, tmp);
	buf_init(&all, out);
	map_init(&p.known, tmp);
	map_init(&p.of_name, tmp);
	put_suite(&p, cluster);
	put_verdicts(&p, cluster);
	number_to(&all, p.n_texts);
	buf_add(&all, buf_str(&p.texts));
	buf_add(&all, buf_str(&p.body));
	return buf_str(&all);
}

/* ---- all of them ---- */

static void files_to(struct buf *to, const file_list *files)
{
	number_to(to, files->n);
	for (size_t i = 0; i < files->n; i++)
		number_to(to, files->at[i]);
}

static void text_to(struct buf *to, struct str text)
{
	number_to(to, text.n);
	buf_add(to, text);
}

static void skip_to(struct buf *to, const struct module_skip *skip)
{
	number_to(to, skip->may_skip + 2u * skip->is_certain);
	if (!skip->may_skip)
		return;
	number_to(to, skip->file);
	number_to(to, skip->line);
	text_to(to, skip->text);
}

static void skips_to(struct buf *to, const skip_parts *parts)
{
	number_to(to, parts->n);
	for (size_t p = 0; p < parts->n; p++) {
		const struct skip_part *part = &parts->at[p];
		files_to(to, &part->files);
		files_to(to, &part->read);
		for (size_t i = 0; i < part->files.n; i++)
			skip_to(to, &part->own[i]);
		number_to(to, part->has_edges);
		number_to(to, part->edges.n);
		for (size_t i = 0; i < part->edges.n; i++) {
			number_to(to, part->edges.at[i].imported);
			number_to(to, part->edges.at[i].by);
		}
	}
}

static void faults_to(struct buf *to, const verdict_faults *faults)
{
	number_to(to, faults->n);
	for (size_t i = 0; i < faults->n; i++) {
		number_to(to, faults->at[i].file);
		number_to(to, faults->at[i].fault.kind);
		number_to(to, faults->at[i].fault.at);
		number_to(to, faults->at[i].fault.line);
	}
}

static void raw_to(struct buf *to, const void *bytes, size_t n)
{
	buf_add(to, (struct str){bytes, n});
}

static void clusters_to(struct buf *to, const struct verdicts *verdicts)
{
	number_to(to, verdicts->clusters.n);
	for (size_t i = 0; i < verdicts->clusters.n; i++) {
		files_to(to, &verdicts->answers.parts.at[i]);
		files_to(to, &verdicts->clusters.at[i].read);
		text_to(to, verdicts->clusters.at[i].body);
	}
}

struct str verdicts_pack(struct arena *out, struct hash128 key, const struct repo *repo,
                         const struct verdicts *verdicts)
{
	struct buf all;
	buf_init(&all, out);
	buf_lit(&all, VERDICTS_MAGIC);
	raw_to(&all, &key, sizeof key);
	raw_to(&all, &key, sizeof key); /* the sum's place */
	raw_to(&all, verdicts->contents, repo->files.n * sizeof *verdicts->contents);
	raw_to(&all, verdicts->imports, repo->files.n * sizeof *verdicts->imports);
	skips_to(&all, &verdicts->answers.skip_parts);
	raw_to(&all, &verdicts->answers.starts, sizeof verdicts->answers.starts);
	faults_to(&all, &verdicts->faults);
	clusters_to(&all, verdicts);
	struct hash128 sum = verdicts_sum(key, str_slice(buf_str(&all), VERDICTS_HEAD, all.n));
	memcpy(all.at + VERDICTS_SUM, &sum, sizeof sum);
	return buf_str(&all);
}
