/* The plan decides: a test must carry the markers of what the plan counts as its needs.  A marker that alone speaks for a
 * need counts in the plan too, so it stays, unless the audit finds the place where it is written superfluous.
 *
 * What a marker cannot say is left to a person: one of several services, services that differ from case to case, needs
 * that are only possible because code is computed. */
#include "fix/wants.h"

#include "audit/placed.h"
#include "fix/spots.h"

static bool is_single(service_set set)
{
	return (set & (set - 1)) == 0;
}

static service_set bit(unsigned service)
{
	return (service_set)1 << service;
}

static bool counts(const struct audit *a, enum grade grade)
{
	return grade != GRADE_NONE && grade != GRADE_UNKNOWN && grade >= a->it->config->grade;
}

static const struct need *need_of(const struct audit *a, uint32_t test, service_set services)
{
	const need_list *needs = &a->it->needs->tests[test];
	for (size_t i = 0; i < needs->n; i++)
		if (needs->at[i].services == services)
			return &needs->at[i];
	return NULL;
}

/* ---- what is silenced ---- */

static bool is_off(const struct audit *a, const char *code)
{
	return audit_severity(a->it->config, audit_rule_find(str_of(code))) == SEVERITY_OFF;
}

static bool is_silenced(const struct audit *a, const char *code, uint32_t file, uint32_t line)
{
	struct finding finding = {.rule = (uint32_t)audit_rule_find(str_of(code)),
	                          .path = audit_path(a, file),
	                          .line = line,
	                          .at = FINDING_NOWHERE};
	return audit_is_ignored(a->it, &finding);
}

static bool is_open(const struct audit *a, const strs *changed, uint32_t file)
{
	for (size_t i = 0; changed && i < changed->n; i++)
		if (str_eq(changed->at[i], audit_path(a, file)))
			return true;
	return changed == NULL;
}

/* ---- cases of one test ---- */

/* Whether `marks=` of a case names a marker of the service. */
static bool marks_case(const struct audit *a, const struct facts *facts, uint32_t expr, const strs *markers,
                       bool inside)
{
	for (uint32_t e = audit_expr(facts, expr)->first; e; e = audit_expr(facts, e)->next) {
		const struct expr *x = audit_expr(facts, e);
		bool is_marks = inside || (x->kind == EXPR_KEYWORD && str_eq(audit_text(a, x->text), STR("marks")));
		for (size_t i = 0; inside && x->kind == EXPR_ATTRIBUTE && i < markers->n; i++)
			if (str_eq(audit_text(a, x->text), markers->at[i]))
				return true;
		if (marks_case(a, facts, e, markers, is_marks))
			return true;
	}
	return false;
}

static service_set marked_by_case(const struct audit *a, const parameter_list *lists, service_set judged)
{
	service_set set = 0;
	for (size_t i = 0; i < lists->n; i++)
		for (unsigned k = 0; judged >> k; k++)
			if ((judged >> k & 1) && marks_case(a, audit_facts(a, lists->at[i].file), lists->at[i].expr,
			                                    &audit_service(a, k)->markers, false))
				set |= bit(k);
	return set;
}

/* Services of which different cases of a test need different ones. */
static service_set by_case(const struct audit *a, uint32_t test, service_set judged)
{
	parameter_list lists = audit_parameters(a, test);
	service_set set = marked_by_case(a, &lists, judged);
	for (size_t i = 0; i < lists.n; i++) {
		service_set named = audit_named_in(a, audit_facts(a, lists.at[i].file), lists.at[i].expr);
		set |= is_single(named & a->shown[test]) ? 0 : named & a->shown[test];
	}
	return set & judged;
}

/* ---- what a test wants ---- */

/* What the plan counts for it, of single services, by evidence and not by marks; `unknown`: those nobody saw used. */
static service_set counted(const struct audit *a, uint32_t test, service_set *unknown)
{
	const need_list *needs = &a->it->needs->tests[test];
	service_set set = 0;
	for (size_t i = 0; i < needs->n; i++) {
		const struct need *need = &needs->at[i];
		bool is_unknown = need->shown.grade == GRADE_UNKNOWN && !need->is_override;
		if (is_unknown)
			*unknown |= need->services;
		else if (is_single(need->services) && (need->is_override || counts(a, need->shown.grade)))
			set |= need->services;
	}
	return set;
}

/* Services of which one is enough, where no marker decides yet. */
static service_set any_of(const struct audit *a, uint32_t test, service_set settled)
{
	const need_list *needs = &a->it->needs->tests[test];
	service_set set = 0;
	for (size_t i = 0; i < needs->n; i++)
		if (!is_single(needs->at[i].services) && counts(a, needs->at[i].shown.grade) &&
		    !(needs->at[i].services & settled))
			set |= needs->at[i].services;
	return set;
}

static void want(const struct audit *a, struct wants *w, uint32_t test, const strs *changed)
{
	const struct test *it = &a->it->suite->tests.at[test];
	service_set unknown = 0, evident = counted(a, test, &unknown) & w->judged, has = w->has[test];
	service_set cases = evident & ~has ? by_case(a, test, w->judged) : 0;
	const struct facts *facts = audit_facts(a, it->def.file);
	uint32_t line, at;
	w->may[test] = evident | has | (unknown & w->judged);
	if (it->is_dead) {
		w->may[test] = w->judged;
		evident = unknown = 0;
	}
	audit_def_place(facts, it->def.def, &line, &at);
	w->must[test] = (evident & ~cases) | has;
	w->refused[test] = ((evident & cases) | (unknown & w->judged)) & ~has;
	if (!it->is_dead)
		w->refused[test] |= any_of(a, test, evident | has) & w->judged & ~has;
	if ((w->must[test] & ~has) &&
	    (is_off(a, "LW101") || !is_open(a, changed, it->def.file) || is_silenced(a, "LW101", it->def.file, line))) {
		w->must[test] = w->may[test] = has;
		w->refused[test] = 0;
	}
}

struct str fix_why_refused(const struct audit *a, uint32_t test, unsigned service)
{
	struct str known = audit_service(a, service)->name;
	const need_list *needs = &a->it->needs->tests[test];
	for (size_t i = 0; i < needs->n; i++)
		if (!is_single(needs->at[i].services) && (needs->at[i].services >> service & 1) &&
		    needs->at[i].grade != GRADE_UNKNOWN)
			return str_fmt(a->out,
			               "needs one of %.*s, which no marker can say: make it a test for each, or mark "
			               "the one it shall run with",
			               STR_ARG(audit_names(a, needs->at[i].services)));
	const struct need *need = need_of(a, test, bit(service));
	if (need && need->shown.grade != GRADE_UNKNOWN)
		return str_fmt(
		        a->out,
		        "needs %.*s in some of its cases only: mark the cases (pytest.param(..., marks=...)), or "
		        "make it a test for each",
		        STR_ARG(known));
	return str_fmt(a->out,
	               "may need %.*s, since its code is computed: say its needs in an [[override]], or mark it",
	               STR_ARG(known));
}

/* ---- what goes ---- */

static bool is_superfluous(const struct audit *a, const struct placed *p, const strs *changed)
{
	const char *code = p->instead ? "LW103" : "LW102";
	return !p->n_using && !p->n_doubtful && !is_off(a, code) && is_open(a, changed, p->mark->file) &&
	       !is_silenced(a, code, p->mark->file, p->mark->line);
}

static uint64_t key_of(const struct mark *mark)
{
	return map_mix(mark->file, mark->expr);
}

/* Places of which some service is used, or counted by a config that is content with less. */
static void keep_used(const struct audit *a, const struct wants *w, const placed_list *all, const strs *changed,
                      struct map *kept)
{
	for (size_t i = 0; i < all->n; i++)
		if (!is_superfluous(a, &all->at[i], changed))
			map_put(kept, key_of(all->at[i].mark), 1);
	for (uint32_t t = 0; t < a->it->suite->tests.n; t++) {
		const struct test *test = &a->it->suite->tests.at[t];
		service_set unknown = 0, evident = 0;
		if (a->declared[t] & w->judged)
			evident = counted(a, t, &unknown);
		for (size_t m = 0; evident && m < test->marks.n; m++)
			if (fix_services_of(a, audit_text(a, test->marks.at[m].name)) & evident)
				map_put(kept, key_of(&test->marks.at[m]), 1);
	}
}

static void refuse_mark(const struct audit *a, struct wants *w, const struct mark *mark, struct str text)
{
	struct refusal refusal = {
	        .path = audit_path(a, mark->file),
	        .line = mark->line,
	        .text = str_fmt(a->out, "the marker %.*s %.*s", STR_ARG(audit_text(a, mark->name)), STR_ARG(text)),
	};
	fix_refuse(a->out, &w->refusals, refusal);
}

/* A place is left as it is when its tests use it; one that only sometimes counts is told all the same. */
static void settle_placed(const struct audit *a, struct wants *w, const struct mark *mark, bool stays, struct map *gone)
{
	struct removal removal = {.file = mark->file, .expr = mark->expr};
	struct str why = STR_NONE;
	bool is_plain = spots_of_mark(a, mark, &removal.def, &why);
	if (is_plain && !stays) {
		map_put(gone, key_of(mark), 1);
		vec_push(a->tmp, &w->removals, removal);
	} else if (!stays) {
		refuse_mark(a, w, mark, str_fmt(a->tmp, "has no use and stays: %.*s", STR_ARG(why)));
	} else if (str_eq(why, SPOTS_CONDITION)) {
		refuse_mark(a, w, mark, STR("counts only sometimes: pytestmark is set under a condition"));
	}
}

static void choose_removals(const struct audit *a, struct wants *w, const strs *changed, struct map *gone)
{
	struct map kept, seen;
	placed_list all = audit_placed_marks(a);
	map_init(&kept, a->tmp);
	map_init(&seen, a->tmp);
	keep_used(a, w, &all, changed, &kept);
	for (size_t i = 0; i < all.n; i++) {
		uint64_t key = key_of(all.at[i].mark);
		if (map_get(&seen, key) != MAP_NONE)
			continue;
		map_put(&seen, key, 1);
		settle_placed(a, w, all.at[i].mark, map_get(&kept, key) != MAP_NONE, gone);
	}
}

static service_set has_after(const struct audit *a, const struct test *test, const struct map *gone)
{
	service_set set = 0;
	for (size_t m = 0; m < test->marks.n; m++)
		if (test->marks.at[m].name && map_get(gone, key_of(&test->marks.at[m])) == MAP_NONE)
			set |= fix_services_of(a, audit_text(a, test->marks.at[m].name));
	return set;
}

/* An override is the last word of the plan, which a marker that stays contradicts. */
static void check_override(const struct audit *a, struct wants *w, uint32_t test)
{
	const struct test *it = &a->it->suite->tests.at[test];
	const need_list *needs = &a->it->needs->tests[test];
	service_set said = 0, more;
	for (size_t i = 0; i < needs->n; i++)
		said |= needs->at[i].services;
	more = w->has[test] & ~said;
	if (more && (needs->n == 0 || needs->at[0].is_override))
		fix_refuse(a->out, &w->refusals,
		           (struct refusal){.path = audit_path(a, it->file),
		                            .line = it->line,
		                            .text = str_fmt(a->out,
		                                            "is marked for %.*s, which an [[override]] of the "
		                                            "config denies: take one of them back",
		                                            STR_ARG(audit_names(a, more)))});
}

struct wants fix_wants(const struct audit *a, const strs *changed)
{
	size_t n = a->it->suite->tests.n + 1;
	struct wants w = {.has = arena_array(a->out, service_set, n),
	                  .must = arena_array(a->tmp, service_set, n),
	                  .may = arena_array(a->tmp, service_set, n),
	                  .refused = arena_array(a->tmp, service_set, n)};
	struct map gone;
	map_init(&gone, a->tmp);
	for (unsigned k = 0; k < a->it->config->catalogue.services.n; k++)
		w.judged |= audit_has_marker(a, k) ? bit(k) : 0;
	if (!w.judged)
		return w;
	choose_removals(a, &w, changed, &gone);
	for (uint32_t t = 0; t + 1 < n; t++) {
		w.has[t] = has_after(a, &a->it->suite->tests.at[t], &gone) & w.judged;
		want(a, &w, t, changed);
		check_override(a, &w, t);
	}
	return w;
}
