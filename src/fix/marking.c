/* From what each test wants to the fewest lines that say it: a marker goes to a function, and moves up to its class or
 * module where that serves several and reaches no test that must not carry it.
 *
 * A scope is what a marker can be put on, with the tests that would carry it then: of a function all tests that run it,
 * inherited ones too; of a class those of its nested classes and of classes that inherit from it, as far as the file
 * and the suite show.  What they do not show, engine_fix.c finds when it reads the result. */
#include "fix/marking.h"

#include <stdlib.h>

#include "fix/spots.h"
#include "fix/wants.h"

enum { BASES_DEEP = 16 };

struct scope {
	uint32_t file, def, depth; /* depth: 0 for modules, more inside */
	VEC(uint32_t) tests;
	bool is_asked, can_mark;
	struct str why_not;
	strs add;
	uint64_t stamp;
};

struct marker {
	struct audit *a;
	struct wants wants;
	struct marking *to;
	struct map known;
	VEC(struct scope) scopes;
	uint32_t *order; /* classes from the inside, then modules */
	uint32_t *cover; /* by test: the scope that brings the marker at hand, UINT32_MAX for none */
	bool *is_touched;
	uint64_t stamp, *stamps; /* by test: of the scope that is looked at */
};

void fix_refuse(struct arena *out, refusal_list *list, struct refusal refusal)
{
	for (size_t i = list->n; i-- > 0;)
		if (str_eq(list->at[i].path, refusal.path) && str_eq(list->at[i].text, refusal.text)) {
			list->at[i].n_more++;
			list->at[i].line = refusal.line < list->at[i].line ? refusal.line : list->at[i].line;
			return;
		}
	vec_push(out, list, refusal);
}

/* ---- scopes ---- */

static uint32_t scope_at(struct marker *m, uint32_t file, uint32_t def)
{
	uint64_t key = map_mix(file, def);
	uint32_t at = map_get(&m->known, key), depth = 1;
	if (at != MAP_NONE)
		return at;
	const struct facts *facts = audit_facts(m->a, file);
	for (uint32_t d = def; d; d = facts->defs.at[d].parent)
		depth++;
	at = (uint32_t)m->scopes.n;
	vec_push(m->a->tmp, &m->scopes,
	         ((struct scope){.file = file, .def = def, .depth = def ? depth : 0, .why_not = STR_NONE}));
	map_put(&m->known, key, at);
	return at;
}

static void add_to(struct marker *m, uint32_t file, uint32_t def, uint32_t test)
{
	uint32_t index = scope_at(m, file, def);
	struct scope *scope = &m->scopes.at[index];
	for (size_t i = scope->tests.n; i-- > 0 && scope->tests.at[i] >= test;)
		if (scope->tests.at[i] == test)
			return;
	vec_push(m->a->tmp, &scope->tests, test);
}

/* The class and those of its file that it inherits from, by name. */
static void add_class(struct marker *m, uint32_t file, uint32_t class_, uint32_t test, int depth)
{
	const struct facts *facts = audit_facts(m->a, file);
	add_to(m, file, class_, test);
	for (uint32_t b = facts->defs.at[class_].bases; b && depth < BASES_DEEP; b = audit_expr(facts, b)->next)
		for (uint32_t d = 1; audit_expr(facts, b)->kind == EXPR_NAME && d < facts->defs.n; d++)
			if (d != class_ && facts->defs.at[d].kind == DEF_CLASS &&
			    facts->defs.at[d].name == audit_expr(facts, b)->text)
				add_class(m, file, d, test, depth + 1);
}

static void add_test(struct marker *m, uint32_t index)
{
	const struct test *test = &m->a->it->suite->tests.at[index];
	add_to(m, test->def.file, test->def.def, index);
	if (test->class_.file != REF_NOWHERE) {
		const struct facts *facts = audit_facts(m->a, test->class_.file);
		for (uint32_t c = test->class_.def; c && facts->defs.at[c].kind == DEF_CLASS;
		     c = facts->defs.at[c].parent)
			add_class(m, test->class_.file, c, index, 0);
		const struct facts *theirs = audit_facts(m->a, test->def.file);
		uint32_t origin = theirs->defs.at[test->def.def].parent;
		if (theirs->defs.at[origin].kind == DEF_CLASS)
			add_class(m, test->def.file, origin, index, 0);
	}
	add_to(m, test->file, 0, index);
}

static void touch(struct marker *m, const struct test *test)
{
	m->is_touched[test->file] = m->is_touched[test->def.file] = true;
	if (test->class_.file != REF_NOWHERE)
		m->is_touched[test->class_.file] = true;
}

static bool is_touched(const struct marker *m, const struct test *test)
{
	return m->is_touched[test->file] || m->is_touched[test->def.file] ||
	       (test->class_.file != REF_NOWHERE && m->is_touched[test->class_.file]);
}

/* Only of files in which something is to be done. */
static void find_scopes(struct marker *m)
{
	const struct suite *suite = m->a->it->suite;
	m->is_touched = arena_array(m->a->tmp, bool, m->a->it->repo->files.n + 1);
	map_init(&m->known, m->a->tmp);
	for (uint32_t t = 0; t < suite->tests.n; t++)
		if (m->wants.must[t] & ~m->wants.has[t])
			touch(m, &suite->tests.at[t]);
	for (uint32_t t = 0; t < suite->tests.n; t++)
		if (is_touched(m, &suite->tests.at[t]))
			add_test(m, t);
}

/* ---- choosing ---- */

struct rank {
	uint32_t depth, file, def, scope;
};

static int from_inside(const void *left, const void *right)
{
	const struct rank *a = left, *b = right;
	if (a->depth != b->depth)
		return a->depth > b->depth ? -1 : 1;
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return (a->def > b->def) - (a->def < b->def);
}

static void rank_scopes(struct marker *m)
{
	struct rank *ranks = arena_array(m->a->tmp, struct rank, m->scopes.n + 1);
	m->order = arena_array(m->a->tmp, uint32_t, m->scopes.n + 1);
	for (uint32_t i = 0; i < m->scopes.n; i++)
		ranks[i] = (struct rank){m->scopes.at[i].depth, m->scopes.at[i].file, m->scopes.at[i].def, i};
	qsort(ranks, m->scopes.n, sizeof *ranks, from_inside);
	for (uint32_t i = 0; i < m->scopes.n; i++)
		m->order[i] = ranks[i].scope;
}

static struct str marker_of(const struct marker *m, unsigned service)
{
	return audit_service(m->a, service)->markers.at[0];
}

static bool can_mark(struct marker *m, struct scope *scope)
{
	if (!scope->is_asked)
		scope->can_mark = spots_can_mark(m->a, scope->file, scope->def, &scope->why_not);
	scope->is_asked = true;
	return scope->can_mark;
}

/* The test of a scope that must not carry what the marker declares, UINT32_MAX if there is none. */
static uint32_t stranger(const struct marker *m, const struct scope *scope, service_set declared)
{
	for (size_t i = 0; i < scope->tests.n; i++) {
		uint32_t t = scope->tests.at[i];
		if (declared & ~(m->wants.must[t] | m->wants.may[t]))
			return t;
	}
	return UINT32_MAX;
}

static bool lacks(const struct marker *m, uint32_t test, unsigned service)
{
	return (m->wants.must[test] & ~m->wants.has[test]) >> service & 1;
}

/* Whether the line at a test's scope serves nobody outside of the scope that is looked at. */
static bool is_freed(const struct marker *m, uint32_t test, unsigned service)
{
	const struct scope *scope = &m->scopes.at[m->cover[test]];
	for (size_t i = 0; i < scope->tests.n; i++) {
		uint32_t t = scope->tests.at[i];
		if (lacks(m, t, service) && m->cover[t] == m->cover[test] && m->stamps[t] != m->stamp)
			return false;
	}
	return true;
}

/* Whether one line here says what several would say below, and repeats fewer than it saves. */
static bool is_shorter(struct marker *m, const struct scope *scope, unsigned service)
{
	size_t lines = 0, repeated = 0;
	bool is_only_way = false;
	m->stamp++;
	for (size_t i = 0; i < scope->tests.n; i++)
		m->stamps[scope->tests.at[i]] = m->stamp;
	for (size_t i = 0; i < scope->tests.n; i++) {
		uint32_t t = scope->tests.at[i];
		repeated += m->wants.has[t] >> service & 1;
		if (!lacks(m, t, service))
			continue;
		is_only_way |= m->cover[t] == UINT32_MAX;
		if (m->cover[t] != UINT32_MAX && m->scopes.at[m->cover[t]].stamp != m->stamp) {
			m->scopes.at[m->cover[t]].stamp = m->stamp;
			lines += is_freed(m, t, service);
		}
	}
	return is_only_way || (lines > 1 && repeated < lines);
}

/* From the scopes below that are not needed then. */
static void take(struct marker *m, uint32_t index, unsigned service)
{
	const struct scope *scope = &m->scopes.at[index];
	bool *frees = arena_array(m->a->tmp, bool, scope->tests.n + 1);
	for (size_t i = 0; i < scope->tests.n; i++)
		frees[i] = lacks(m, scope->tests.at[i], service) &&
		           (m->cover[scope->tests.at[i]] == UINT32_MAX || is_freed(m, scope->tests.at[i], service));
	for (size_t i = 0; i < scope->tests.n; i++)
		if (frees[i])
			m->cover[scope->tests.at[i]] = index;
}

static void refuse_test(struct marker *m, uint32_t test, unsigned service)
{
	const struct test *it = &m->a->it->suite->tests.at[test];
	uint32_t index = scope_at(m, it->def.file, it->def.def);
	struct scope *own = &m->scopes.at[index];
	struct str known = audit_service(m->a, service)->name, marker = marker_of(m, service), why = own->why_not;
	uint32_t other = stranger(m, own, fix_services_of(m->a, marker));
	if (why.n == 0 && other != UINT32_MAX)
		why = str_fmt(m->a->out, "%.*s runs the same function and must not carry it",
		              STR_ARG(m->a->it->suite->tests.at[other].id));
	struct refusal refusal = {
	        .path = audit_path(m->a, it->def.file),
	        .line = it->line,
	        .text = str_fmt(m->a->out, "needs %.*s and cannot be marked %.*s: %.*s", STR_ARG(known),
	                        STR_ARG(marker), STR_ARG(why)),
	};
	fix_refuse(m->a->out, &m->to->refusals, refusal);
}

static void refuse_unsaid(struct marker *m, uint32_t test, unsigned service)
{
	const struct test *it = &m->a->it->suite->tests.at[test];
	struct refusal refusal = {.path = audit_path(m->a, it->def.file), .line = it->line};
	refusal.text = fix_why_refused(m->a, test, service);
	fix_refuse(m->a->out, &m->to->refusals, refusal);
}

/* A marker may declare more than the one service it is put for. */
static void put(struct marker *m, struct scope *scope, struct str marker, service_set declared)
{
	vec_push(m->a->out, &scope->add, marker);
	for (size_t i = 0; i < scope->tests.n; i++)
		m->wants.has[scope->tests.at[i]] |= declared & m->wants.judged;
}

/* Puts the marker of one service wherever it lacks. */
static void place(struct marker *m, unsigned service)
{
	service_set declared = fix_services_of(m->a, marker_of(m, service));
	size_t n = m->a->it->suite->tests.n;
	for (uint32_t t = 0; t < n; t++) {
		const struct test *test = &m->a->it->suite->tests.at[t];
		m->cover[t] = UINT32_MAX;
		if (!lacks(m, t, service))
			continue;
		uint32_t own = scope_at(m, test->def.file, test->def.def);
		if (can_mark(m, &m->scopes.at[own]) && stranger(m, &m->scopes.at[own], declared) == UINT32_MAX)
			m->cover[t] = own;
	}
	for (size_t i = 0; i < m->scopes.n; i++) {
		struct scope *scope = &m->scopes.at[m->order[i]];
		if (is_shorter(m, scope, service) && can_mark(m, scope) && stranger(m, scope, declared) == UINT32_MAX)
			take(m, m->order[i], service);
	}
	for (uint32_t t = 0; t < n; t++) {
		if (!lacks(m, t, service))
			continue;
		if (m->cover[t] == UINT32_MAX)
			refuse_test(m, t, service);
		else
			put(m, &m->scopes.at[m->cover[t]], marker_of(m, service), declared);
	}
}

/* ---- what comes of it ---- */

static struct scope_change *change_of(struct marker *m, uint32_t file, uint32_t def)
{
	change_list *all = &m->to->changes;
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].file == file && all->at[i].def == def)
			return &all->at[i];
	vec_push(m->a->out, all, ((struct scope_change){.file = file, .def = def}));
	return &all->at[all->n - 1];
}

static int by_scope(const void *left, const void *right)
{
	const struct scope_change *a = left, *b = right;
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return (a->def > b->def) - (a->def < b->def);
}

static void gather_changes(struct marker *m)
{
	change_list *all = &m->to->changes;
	for (size_t i = 0; i < m->wants.removals.n; i++) {
		const struct removal *gone = &m->wants.removals.at[i];
		vec_push(m->a->out, &change_of(m, gone->file, gone->def)->removed, gone->expr);
	}
	for (size_t i = 0; i < m->scopes.n; i++) {
		struct scope *scope = &m->scopes.at[i];
		if (scope->add.n == 0)
			continue;
		struct scope_change *change = change_of(m, scope->file, scope->def);
		change->add = scope->add;
		qsort(change->add.at, change->add.n, sizeof *change->add.at, str_cmp_qsort);
	}
	if (all->n)
		qsort(all->at, all->n, sizeof *all->at, by_scope);
}

/* What the tests declare once the changes are made; what could not be said and is not covered either is refused. */
static void conclude(struct marker *m)
{
	size_t n = m->a->it->suite->tests.n;
	m->to->after = m->wants.has;
	for (uint32_t t = 0; t < n; t++)
		for (unsigned k = 0; m->wants.refused[t] >> k; k++)
			if ((m->wants.refused[t] & ~m->to->after[t]) >> k & 1) {
				refuse_unsaid(m, t, k);
				break;
			}
}

static bool is_among(const strs *names, struct str name)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->at[i], name))
			return true;
	return false;
}

static bool carries(const struct marker *m, unsigned service)
{
	for (size_t t = 0; t < m->a->it->suite->tests.n; t++)
		if (m->to->after[t] >> service & 1)
			return true;
	return false;
}

static void find_unregistered(struct marker *m)
{
	strs names = {0};
	audit_registered(m->a, &names);
	for (unsigned k = 0; m->wants.judged >> k; k++) {
		if (!(m->wants.judged >> k & 1) || is_among(&names, marker_of(m, k)) || !carries(m, k))
			continue;
		vec_push(m->a->tmp, &names, marker_of(m, k));
		vec_push(m->a->out, &m->to->unregistered,
		         str_fmt(m->a->out, "%.*s: needs %.*s", STR_ARG(marker_of(m, k)),
		                 STR_ARG(audit_service(m->a, k)->name)));
	}
}

static int by_place(const void *left, const void *right)
{
	const struct refusal *a = left, *b = right;
	int order = str_cmp(a->path, b->path);
	if (order == 0 && a->line != b->line)
		order = a->line < b->line ? -1 : 1;
	return order ? order : str_cmp(a->text, b->text);
}

struct marking fix_marking(struct arena *out, struct arena *tmp, const struct audit_case *it, const strs *changed)
{
	struct audit a = audit_begin(out, tmp, it);
	struct marking to = {0};
	struct marker m = {.a = &a, .wants = fix_wants(&a, changed), .to = &to};
	to.refusals = m.wants.refusals;
	m.cover = arena_array(tmp, uint32_t, it->suite->tests.n + 1);
	m.stamps = arena_array(tmp, uint64_t, it->suite->tests.n + 1);
	find_scopes(&m);
	rank_scopes(&m);
	for (unsigned k = 0; k < it->config->catalogue.services.n; k++)
		if (m.wants.judged >> k & 1)
			place(&m, k);
	gather_changes(&m);
	conclude(&m);
	to.judged = m.wants.judged;
	if (to.judged)
		find_unregistered(&m);
	if (to.refusals.n)
		qsort(to.refusals.at, to.refusals.n, sizeof *to.refusals.at, by_place);
	return to;
}

/* ---- checking the result ---- */

static bool touches(const struct test *test, const bool *files)
{
	return files[test->file] || files[test->def.file] ||
	       (test->class_.file != REF_NOWHERE && files[test->class_.file]);
}

bool fix_check(const struct audit_case *before, const struct repo *repo, const struct suite *after,
               const struct marking *marking, const bool *left_out, uint32_t *test)
{
	struct audit_case it = *before;
	struct audit a = {.it = &it};
	it.repo = repo;
	for (*test = 0; *test < before->suite->tests.n; ++*test) {
		const struct test *was = &before->suite->tests.at[*test];
		service_set has = 0;
		if (*test >= after->tests.n || !str_eq(after->tests.at[*test].id, was->id))
			return false;
		const struct test *is = &after->tests.at[*test];
		for (size_t m = 0; m < is->marks.n; m++)
			has |= fix_services_of(&a, audit_text(&a, is->marks.at[m].name));
		if ((has & marking->judged) != marking->after[*test] && !touches(was, left_out))
			return false;
	}
	return after->tests.n == before->suite->tests.n;
}
