/* From contacts to needs: mocks lower, overrides replace, mentions fill up, files take the strongest of their
 * tests. */
#include "resolve/needs.h"

#include <stdlib.h>
#include <string.h>

#include "resolve/calls.h"
#include "resolve/gates.h"
#include "resolve/gather.h"
#include "resolve/narrate.h"

struct ledger {
	struct arena *out, *tmp;
	struct names names;
	struct gatherer gatherer;
	const struct repo *repo;
	const struct suite *suite;
	const struct config *config;
	struct needs *needs;
	struct map texts; /* name of a string -> services it mentions, as a position */
	VEC(service_set) mentions;
	service_set seen;      /* services at probable or better anywhere in the suite */
	VEC(uint32_t) dynamic; /* tests with a contact that could be any service */
};

static enum grade grade_of(const struct names *names, const struct contact *c)
{
	if (c->is_gate || c->grade <= GRADE_MOCKED || c->is_dynamic)
		return c->grade;
	if (c->is_idle && rule_holds(names, RULE_IDLE))
		return GRADE_MENTION;
	return c->is_guarded && c->grade == GRADE_REQUIRES ? GRADE_PROBABLE : c->grade;
}

static void put(struct ledger *l, need_list *list, struct need need)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->at[i].services != need.services)
			continue;
		if (list->at[i].grade < need.grade)
			list->at[i] = need;
		return;
	}
	vec_push(l->out, list, need);
}

/* The contact that speaks for a set of services: strongest, then by the shortest way. */
struct speaker {
	const struct contact *contact;
	service_set services;
	enum grade grade;
	const struct seam *seam;
	uint32_t hops;
};

typedef VEC(struct speaker) speaker_list;

static uint32_t hops_of(const struct contact *c)
{
	uint32_t n = 0;
	for (const struct hop *h = c->hops; h; h = h->next)
		n++;
	return n;
}

static void hear(struct ledger *l, speaker_list *list, const struct contact *c, service_set services,
                 const seam_list *seams)
{
	struct speaker s = {.contact = c, .services = services, .grade = grade_of(&l->names, c), .hops = hops_of(c)};
	if (s.grade != GRADE_MOCKED)
		s.seam = seam_on(&l->names, seams, c);
	/* A helper on the way may put a double into the client it makes. */
	for (const struct hop *h = c->hops; h && !s.seam && s.grade > GRADE_MOCKED; h = h->next)
		s.seam = seam_on(&l->names, gather_seams(&l->gatherer, h->callee), c);
	if (s.seam)
		s.grade = GRADE_MOCKED;
	for (size_t i = 0; i < list->n; i++) {
		struct speaker *known = &list->at[i];
		if (known->services != services)
			continue;
		if (known->grade < s.grade || (known->grade == s.grade && known->hops > s.hops))
			*known = s;
		return;
	}
	vec_push(l->tmp, list, s);
}

/* Dynamic code: each service it could reach is an unknown of its own. */
static void hear_each(struct ledger *l, speaker_list *list, const struct contact *c, service_set possible,
                      const seam_list *seams)
{
	for (unsigned k = 0; possible; k++, possible >>= 1)
		if (possible & 1)
			hear(l, list, c, (service_set)1 << k, seams);
}

static void tell(struct ledger *l, const struct test *test, const struct speaker *s, struct evidence *why)
{
	why->grade = s->grade;
	narrate(&l->names, l->out, test, s->contact, why);
	if (s->seam) {
		struct str path = l->repo->files.at[s->seam->at_file].path;
		why->against = str_fmt(l->out, "%.*s:%u patches the way to it", STR_ARG(path), s->seam->at_line);
		why->edit = str_fmt(l->out, "remove the patch at %.*s:%u", STR_ARG(path), s->seam->at_line);
	} else if (s->contact->is_guarded && !s->contact->is_gate) {
		why->against = STR("a failure to connect is swallowed where it happens");
	}
}

/* `shown`: those heard without what marks declare; NULL when no mark spoke. */
static void put_speakers(struct ledger *l, const struct test *test, need_list *list, const speaker_list *speakers,
                         const speaker_list *shown)
{
	for (size_t i = 0; i < speakers->n; i++) {
		const struct speaker *s = &speakers->at[i];
		struct need need = {.services = s->services, .grade = s->grade, .is_dead = test->is_dead};
		if (s->contact->variable)
			need.variable = str_copy(l->out, names_str(&l->names, s->contact->variable));
		tell(l, test, s, &need.why);
		if (!shown)
			need.shown = need.why;
		for (size_t k = 0; shown && k < shown->n; k++)
			if (shown->at[k].services == s->services)
				tell(l, test, &shown->at[k], &need.shown);
		put(l, list, need);
	}
}

static bool is_declared(const struct contact *c)
{
	return c->hops->verb == HOP_MARKED;
}

static void note_marks(need_list *list, const struct contact *contacts)
{
	for (const struct contact *c = contacts; c; c = c->next)
		for (size_t i = 0; i < list->n && is_declared(c); i++)
			list->at[i].is_marked |= list->at[i].services == c->services;
}

/* ---- mentions ---- */

static service_set mention(struct ledger *l, name text)
{
	uint32_t at = map_get(&l->texts, text);
	if (at == MAP_NONE) {
		at = (uint32_t)l->mentions.n;
		vec_push(l->tmp, &l->mentions, words_services(&l->names, names_str(&l->names, text)));
		map_put(&l->texts, text, at);
	}
	return l->mentions.at[at];
}

static void put_mentions(struct ledger *l, need_list *list, uint32_t file, uint32_t first, uint32_t last)
{
	const struct facts *facts = names_facts(&l->names, file);
	for (uint32_t i = first; i < last && rule_holds(&l->names, RULE_MENTIONS); i++) {
		const struct expr *x = &facts->exprs.at[i];
		service_set set = x->kind == EXPR_STRING && x->text ? mention(l, x->text) : 0;
		for (unsigned k = 0; set; k++, set >>= 1) {
			if (!(set & 1))
				continue;
			struct need need = {.services = (service_set)1 << k, .grade = GRADE_MENTION};
			need.why.grade = GRADE_MENTION;
			struct step step = {.file = file, .line = x->line, .text = STR("names it in a literal")};
			bool known = false;
			for (size_t n = 0; n < list->n; n++)
				known |= list->at[n].services == need.services;
			if (known)
				continue;
			vec_push(l->out, &need.why.steps, step);
			put(l, list, need);
		}
	}
}

/* ---- sets ---- */

static int by_services(const void *left, const void *right)
{
	const struct need *a = left, *b = right;
	int na = __builtin_popcountll(a->services) > 1, nb = __builtin_popcountll(b->services) > 1;
	if (na != nb)
		return na - nb;
	int first = __builtin_ctzll(a->services | 1ull << 63) - __builtin_ctzll(b->services | 1ull << 63);
	return first ? first : (a->services > b->services) - (a->services < b->services);
}

/* A need for one of a set tells nothing when one of the set is needed anyway. */
static void settle(need_list *list)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->n; i++) {
		bool covered = false;
		for (size_t k = 0; k < list->n && !covered; k++) {
			bool single = (list->at[k].services & (list->at[k].services - 1)) == 0;
			bool is_set = (list->at[i].services & (list->at[i].services - 1)) != 0;
			covered = single && is_set && (list->at[k].services & list->at[i].services) &&
			          (list->at[k].grade >= list->at[i].grade || list->at[k].grade >= GRADE_PROBABLE);
		}
		if (!covered && list->at[i].services)
			list->at[kept++] = list->at[i];
	}
	list->n = kept;
	if (kept)
		qsort(list->at, kept, sizeof *list->at, by_services);
}

/* ---- overrides ---- */

static const struct override_config *override_of(struct ledger *l, struct str id, uint32_t file)
{
	struct str path = l->repo->files.at[file].path;
	for (size_t i = l->config->overrides.n; i-- > 0;) {
		const struct override_config *o = &l->config->overrides.at[i];
		if (str_fnmatch(o->test, id) || str_fnmatch(o->test, path) ||
		    (str_starts(id, o->test) && str_starts(str_slice(id, o->test.n, id.n), STR("::"))))
			return o;
	}
	return NULL;
}

/* `need`, of each of the services. */
static void put_each(struct ledger *l, need_list *list, service_set services, struct need need, struct step step)
{
	for (unsigned k = 0; k < l->config->catalogue.services.n; k++) {
		if (!(services >> k & 1))
			continue;
		struct need one = need;
		one.services = (service_set)1 << k;
		one.why.grade = one.grade;
		vec_push(l->out, &one.why.steps, step);
		vec_push(l->out, list, one);
	}
}

static void apply_override(struct ledger *l, need_list *list, const struct override_config *o, struct step step,
                           bool is_dead)
{
	list->n = 0;
	step.text = str_fmt(l->out, "%.*s overrides: %.*s", STR_ARG(o->place), STR_ARG(o->reason));
	put_each(l, list, o->needs, (struct need){.grade = GRADE_REQUIRES, .is_override = true, .is_dead = is_dead},
	         step);
}

/* ---- tests, then what is dynamic, then files ---- */

static void judge_test(struct ledger *l, uint32_t index)
{
	const struct test *test = &l->suite->tests.at[index];
	need_list *list = &l->needs->tests[index];
	const struct override_config *o = override_of(l, test->id, test->file);
	if (o && rule_holds(&l->names, RULE_CONFIG)) {
		apply_override(l, list, o, (struct step){.file = test->file, .line = test->line}, test->is_dead);
		return;
	}
	seam_list seams = {0};
	speaker_list speakers = {0}, shown = {0};
	bool has_marks = false;
	const struct contact *contacts = gather_test(&l->gatherer, test, &seams);
	gates_of(&l->names, l->out, contacts, &l->needs->gates[index]);
	for (const struct contact *c = contacts; c; c = c->next) {
		service_set possible = c->is_dynamic ? gather_possible(&l->gatherer, c) : 0;
		if (!c->is_dynamic)
			hear(l, &speakers, c, c->services, &seams);
		else if (possible == ~(service_set)0)
			vec_push(l->tmp, &l->dynamic, index);
		else
			hear_each(l, &speakers, c, possible, &seams);
		has_marks |= is_declared(c);
	}
	for (const struct contact *c = contacts; c && has_marks; c = c->next)
		if (!is_declared(c) && !c->is_dynamic)
			hear(l, &shown, c, c->services, &seams);
	put_speakers(l, test, list, &speakers, has_marks ? &shown : NULL);
	note_marks(list, contacts);
	uint32_t first, last;
	calls_expr_range(names_facts(&l->names, test->def.file), test->def.def, &first, &last);
	put_mentions(l, list, test->def.file, first, last);
	settle(list);
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].grade >= GRADE_PROBABLE)
			l->seen |= list->at[i].services;
}

/* Code that could load anything may need whatever the suite needs anywhere. */
static void judge_dynamic(struct ledger *l, uint32_t index)
{
	const struct test *test = &l->suite->tests.at[index];
	need_list *list = &l->needs->tests[index];
	seam_list seams = {0};
	const struct contact *c = gather_test(&l->gatherer, test, &seams);
	while (c && !(c->is_dynamic && gather_possible(&l->gatherer, c) == ~(service_set)0))
		c = c->next;
	speaker_list speakers = {0};
	if (c)
		hear_each(l, &speakers, c, l->seen, &seams);
	put_speakers(l, test, list, &speakers, NULL);
	settle(list);
}

static void judge_file(struct ledger *l, uint32_t file)
{
	need_list *list = &l->needs->files[file];
	for (uint32_t t = l->suite->first_test[file]; t < l->suite->first_test[file + 1]; t++)
		for (size_t i = 0; i < l->needs->tests[t].n; i++)
			put(l, list, l->needs->tests[t].at[i]);
	put_mentions(l, list, file, 1, (uint32_t)names_facts(&l->names, file)->exprs.n);
	if (list->n)
		qsort(list->at, list->n, sizeof *list->at, by_services);
}

/* Tests that nobody can name may need whatever is possible. */
static void judge_hiding(struct ledger *l, const struct hiding *hiding)
{
	need_list *list = &l->needs->files[hiding->file];
	struct str path = l->repo->files.at[hiding->file].path;
	const struct override_config *o = override_of(l, path, hiding->file);
	struct step step = {.file = hiding->why.file, .line = hiding->why.line};
	if (o && rule_holds(&l->names, RULE_CONFIG)) {
		apply_override(l, list, o, step, false);
		return;
	}
	step.text = STR("may make tests that reach it");
	put_each(l, list, gather_hiding(&l->gatherer, hiding), (struct need){.grade = GRADE_UNKNOWN}, step);
}

bool resolve_needs_without(enum rule without, struct arena *out, struct arena *tmp, const struct repo *repo,
                           const struct suite *suite, const struct config *config, const struct pytest_config *pytest,
                           struct needs *needs, struct err *err)
{
	(void)err; /* what cannot be decided is graded unknown */
	struct ledger *l = arena_new(tmp, struct ledger);
	*l = (struct ledger){.out = out, .tmp = tmp, .repo = repo, .suite = suite, .config = config, .needs = needs};
	names_init(&l->names, tmp, repo, config, pytest);
	l->names.without = without;
	gather_init(&l->gatherer, &l->names, tmp, suite, config);
	map_init(&l->texts, tmp);
	needs->tests = arena_array(out, need_list, suite->tests.n + 1);
	needs->files = arena_array(out, need_list, repo->files.n + 1);
	needs->gates = arena_array(out, gate_list, suite->tests.n + 1);
	for (uint32_t t = 0; t < suite->tests.n; t++)
		judge_test(l, t);
	for (size_t i = 0; i < l->dynamic.n; i++)
		judge_dynamic(l, l->dynamic.at[i]);
	for (uint32_t f = 0; f < repo->files.n; f++)
		if (repo->files.at[f].is_test && suite->first_test[f] < suite->first_test[f + 1])
			judge_file(l, f);
	for (size_t i = 0; i < suite->hiding.n; i++)
		judge_hiding(l, &suite->hiding.at[i]);
	return true;
}

bool resolve_needs(struct arena *out, struct arena *tmp, const struct repo *repo, const struct suite *suite,
                   const struct config *config, const struct pytest_config *pytest, struct needs *needs,
                   struct err *err)
{
	return resolve_needs_without(RULE_NONE, out, tmp, repo, suite, config, pytest, needs, err);
}
