/* From contacts to needs: mocks lower, overrides replace, mentions fill up. */
#include "resolve/needs.h"

#include "resolve/calls.h"
#include "resolve/choices.h"
#include "resolve/environment.h"
#include "resolve/gates.h"
#include "resolve/gather.h"
#include "resolve/narrate.h"
#include "resolve/need_lists.h"
#include "resolve/overrides.h"

struct ledger {
	struct arena *out, *tmp;
	struct names *names;
	struct gatherer gatherer;
	const struct repo *repo;
	struct cluster *cluster;
	const struct config *config;
	struct map texts; /* name of a string -> services it mentions, as a position */
	VEC(service_set) mentions;
};

static enum grade grade_of(const struct names *names, const struct contact *c)
{
	if (c->is_gate || c->grade <= GRADE_MOCKED || c->is_dynamic)
		return c->grade;
	if (c->is_idle && rule_holds(names, RULE_IDLE))
		return GRADE_MENTION;
	return c->is_guarded && c->grade == GRADE_REQUIRES ? GRADE_PROBABLE : c->grade;
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
	struct speaker s = {.contact = c, .services = services, .grade = grade_of(l->names, c), .hops = hops_of(c)};
	if (s.grade != GRADE_MOCKED)
		s.seam = seam_on(l->names, seams, c);
	/* A helper on the way may put a double into the client it makes. */
	for (const struct hop *h = c->hops; h && !s.seam && s.grade > GRADE_MOCKED; h = h->next)
		s.seam = seam_on(l->names, gather_seams(&l->gatherer, h->callee), c);
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
	narrate(l->names, l->out, test, s->contact, why);
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
			need.variable = str_copy(l->out, variable_name(names_str(l->names, s->contact->variable)));
		tell(l, test, s, &need.why);
		if (!shown)
			need.shown = need.why;
		for (size_t k = 0; shown && k < shown->n; k++)
			if (shown->at[k].services == s->services)
				tell(l, test, &shown->at[k], &need.shown);
		needs_put(l->out, list, need);
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
		vec_push(l->tmp, &l->mentions, words_services(l->names, names_str(l->names, text)));
		map_put(&l->texts, text, at);
	}
	return l->mentions.at[at];
}

/* Each service once, with the first literal that names it. */
static void find_mentions(struct ledger *l, struct arena *out, need_list *list, uint32_t file, uint32_t first,
                          uint32_t last)
{
	const struct facts *facts = names_facts(l->names, file);
	service_set known = 0;
	for (uint32_t i = first; i < last && rule_holds(l->names, RULE_MENTIONS); i++) {
		const struct expr *x = &facts->exprs.at[i];
		service_set set = x->kind == EXPR_STRING && x->text ? mention(l, x->text) & ~known : 0;
		known |= set;
		for (unsigned k = 0; set; k++, set >>= 1) {
			if (!(set & 1))
				continue;
			struct need need = {.services = (service_set)1 << k, .grade = GRADE_MENTION};
			struct step step = {.file = file, .line = x->line, .text = STR("names it in a literal")};
			need.why.grade = GRADE_MENTION;
			vec_push(out, &need.why.steps, step);
			vec_push(out, list, need);
		}
	}
}

/* Code that could load anything may need whatever the suite needs anywhere: which services that are, others know. */
static void leave_open(struct ledger *l, uint32_t index, const struct contact *c, const seam_list *seams)
{
	speaker_list speakers = {0};
	need_list list = {0};
	hear(l, &speakers, c, ~(service_set)0, seams);
	put_speakers(l, &l->cluster->suite.tests.at[index], &list, &speakers, NULL);
	vec_push(l->out, &l->cluster->open, ((struct open_need){index, list.at[0]}));
}

static void hear_all(struct ledger *l, uint32_t index, const struct contact *contacts, const choice_list *choices,
                     const seam_list *seams, speaker_list *speakers)
{
	bool is_open = false;
	for (const struct contact *c = contacts; c; c = c->next) {
		service_set possible = c->is_dynamic ? gather_possible(&l->gatherer, c) : 0;
		if (!c->is_dynamic) {
			hear(l, speakers, c, choices_services(l->names, choices, c), seams);
		} else if (possible != ~(service_set)0) {
			hear_each(l, speakers, c, possible, seams);
		} else if (!is_open) {
			leave_open(l, index, c, seams);
			is_open = true;
		}
	}
}

static void judge_test(struct ledger *l, uint32_t index)
{
	const struct test *test = &l->cluster->suite.tests.at[index];
	need_list *list = &l->cluster->tests[index], words = {0};
	const struct override_config *o = override_of(l->config, l->repo, test->id, test->file);
	if (o && rule_holds(l->names, RULE_CONFIG)) {
		override_apply(l->out, list, l->config, o, (struct step){.file = test->file, .line = test->line},
		               test->is_dead);
		return;
	}
	seam_list seams = {0};
	speaker_list speakers = {0}, shown = {0};
	bool has_marks = false;
	const struct contact *contacts = gather_test(&l->gatherer, test, &seams);
	gates_of(l->names, l->out, contacts, &l->cluster->gates[index]);
	choice_list choices = choices_of(l->names, l->tmp, contacts);
	hear_all(l, index, contacts, &choices, &seams, &speakers);
	for (const struct contact *c = contacts; c; c = c->next)
		has_marks |= is_declared(c);
	for (const struct contact *c = contacts; c && has_marks; c = c->next)
		if (!is_declared(c) && !c->is_dynamic)
			hear(l, &shown, c, choices_services(l->names, &choices, c), &seams);
	put_speakers(l, test, list, &speakers, has_marks ? &shown : NULL);
	note_marks(list, contacts);
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].variable.n)
			list->at[i].values = choices_values(l->names, l->out, contacts, list->at[i].variable);
	uint32_t first, last;
	calls_expr_range(names_facts(l->names, test->def.file), test->def.def, &first, &last);
	find_mentions(l, l->out, &words, test->def.file, first, last);
	needs_put_words(l->out, list, &words);
	needs_settle(list);
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].grade >= GRADE_PROBABLE)
			l->cluster->seen |= list->at[i].services;
}

void judge_cluster(struct arena *out, struct arena *tmp, struct names *names, const struct config *config,
                   struct cluster *cluster)
{
	struct ledger *l = arena_new(tmp, struct ledger);
	const struct suite *suite = &cluster->suite;
	*l = (struct ledger){
	        .out = out, .tmp = tmp, .names = names, .repo = names->repo, .cluster = cluster, .config = config};
	gather_init(&l->gatherer, names, tmp, suite, config);
	map_init(&l->texts, tmp);
	cluster->tests = arena_array(out, need_list, suite->tests.n + 1);
	cluster->gates = arena_array(out, gate_list, suite->tests.n + 1);
	cluster->words = arena_array(out, need_list, cluster->files.n + 1);
	cluster->hidden = arena_array(out, service_set, suite->hiding.n + 1);
	for (uint32_t t = 0; t < suite->tests.n; t++)
		judge_test(l, t);
	for (size_t i = 0; i < cluster->files.n; i++)
		if (suite->first_test[i] < suite->first_test[i + 1])
			find_mentions(l, out, &cluster->words[i], cluster->files.at[i], 1,
			              (uint32_t)names_facts(names, cluster->files.at[i])->exprs.n);
	for (size_t i = 0; i < suite->hiding.n; i++)
		cluster->hidden[i] = gather_hiding(&l->gatherer, &suite->hiding.at[i]);
	cluster->has_needs = true;
}
