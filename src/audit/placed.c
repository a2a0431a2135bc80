/* Weighing the places of markers: does a test under it use the service, could it in ways nobody followed, and what does
 * it use instead? */
#include "audit/placed.h"

static bool bears_name(const struct audit *a, struct str text, const struct service *known)
{
	bool is_it = audit_has_word(a->tmp, text, known->name);
	for (size_t k = 0; k < known->words.n && !is_it; k++)
		is_it = audit_has_word(a->tmp, text, known->words.at[k]);
	return is_it;
}

/* A fixture, or a function called, that bears the service's name may bring it in ways nobody followed. */
static bool may_get(const struct audit *a, uint32_t test, unsigned service)
{
	const struct test *it = &a->it->suite->tests.at[test];
	const struct service *known = audit_service(a, service);
	const struct facts *facts = audit_facts(a, it->def.file);
	uint32_t first, at, last = facts->defs.at[it->def.def].end_line;
	audit_def_place(facts, it->def.def, &first, &at);
	for (size_t i = 0; i < it->fixtures.n; i++)
		if (bears_name(a, audit_text(a, a->it->suite->fixtures.at[it->fixtures.at[i]].name), known))
			return true;
	for (uint32_t e = 1; e < facts->exprs.n; e++) {
		const struct expr *x = audit_expr(facts, e);
		if (x->line >= first && x->line <= last && x->kind == EXPR_ATTRIBUTE &&
		    bears_name(a, audit_text(a, x->text), known))
			return true;
	}
	return false;
}

static void weigh(const struct audit *a, struct placed *p, uint32_t test)
{
	service_set other = a->sure[test] & ~a->declared[test];
	bool is_used = a->shown[test] >> p->service & 1;
	const need_list *needs = &a->it->needs->tests[test];
	for (size_t i = 0; i < needs->n && !is_used; i++)
		is_used = (needs->at[i].services >> p->service & 1) && needs->at[i].shown.grade >= GRADE_UNKNOWN;
	p->n_tests++;
	p->n_using += is_used;
	p->n_doubtful +=
	        audit_has_doubt(a, test) || may_get(a, test, p->service) || a->it->suite->tests.at[test].is_dead;
	if (!is_used && other && !p->instead)
		p->example = test;
	if (!is_used)
		p->instead |= other;
}

static void place(const struct audit *a, struct map *known, placed_list *all, uint32_t test, const struct mark *mark,
                  unsigned service)
{
	uint64_t key = map_mix(map_mix(mark->file, mark->expr), service);
	uint32_t at = map_get(known, key);
	if (at == MAP_NONE) {
		at = (uint32_t)all->n;
		vec_push(a->tmp, all, ((struct placed){.mark = mark, .service = service}));
		map_put(known, key, at);
	}
	weigh(a, &all->at[at], test);
}

placed_list audit_placed_marks(const struct audit *a)
{
	placed_list all = {0};
	struct map known;
	map_init(&known, a->tmp);
	for (uint32_t t = 0; t < a->it->suite->tests.n; t++) {
		const struct test *test = &a->it->suite->tests.at[t];
		for (size_t m = 0; m < test->marks.n; m++)
			for (unsigned k = 0; test->marks.at[m].name && k < a->it->config->catalogue.services.n; k++) {
				const strs *markers = &audit_service(a, k)->markers;
				for (size_t i = 0; audit_has_marker(a, k) && i < markers->n; i++)
					if (str_eq(markers->at[i], audit_text(a, test->marks.at[m].name)))
						place(a, &known, &all, t, &test->marks.at[m], k);
			}
	}
	return all;
}
