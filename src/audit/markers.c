/* Markers that declare services, against what the tests were shown to need.  Only services whose marker the config
 * names are judged: without that nobody has promised to mark anything. */
#include "audit/rules.h"

#include "audit/placed.h"
#include "audit/plugins.h"

static struct str marker_of(const struct audit *a, unsigned service)
{
	return audit_service(a, service)->markers.at[0];
}

static const struct need *need_of(const struct audit *a, uint32_t test, unsigned service)
{
	const need_list *needs = &a->it->needs->tests[test];
	for (size_t i = 0; i < needs->n; i++)
		if (needs->at[i].services == (service_set)1 << service)
			return &needs->at[i];
	return NULL;
}

/* ---- missing ---- */

static bool lacks(const struct audit *a, uint32_t test, unsigned service)
{
	return (a->sure[test] & ~a->declared[test]) >> service & 1;
}

/* A test that declares something it does not use has the wrong marker, which is another rule's. */
static bool is_wrong(const struct audit *a, uint32_t test)
{
	return (a->declared[test] & ~a->shown[test]) && (a->sure[test] & ~a->declared[test]) &&
	       !audit_has_doubt(a, test);
}

/* One finding where all tests of a file lack the same marker: one line mends it. */
static bool whole_file_lacks(const struct audit *a, uint32_t first, uint32_t last, unsigned service)
{
	for (uint32_t t = first; t < last; t++)
		if (!lacks(a, t, service) || is_wrong(a, t) || a->it->suite->tests.at[t].is_dead)
			return false;
	return last - first > 1;
}

static void tell_missing(struct audit *a, uint32_t test, unsigned service, uint32_t n)
{
	const struct test *it = &a->it->suite->tests.at[test];
	struct str because = audit_because(a, &need_of(a, test, service)->shown);
	struct str marker = marker_of(a, service), known = audit_service(a, service)->name;
	const struct facts *facts = audit_facts(a, it->def.file);
	uint32_t line, at;
	audit_def_place(facts, it->def.def, &line, &at);
	if (n > 1)
		audit_report(a, it->def.file, line, at,
		             "all %u tests of this file need %.*s (%.*s); none is marked %.*s", n, STR_ARG(known),
		             STR_ARG(because), STR_ARG(marker));
	else
		audit_report(a, it->def.file, line, at, "needs %.*s (%.*s) and is not marked %.*s", STR_ARG(known),
		             STR_ARG(because), STR_ARG(marker));
}

void rule_missing_marker(struct audit *a)
{
	const struct suite *suite = a->it->suite;
	for (uint32_t f = 0; f < a->it->repo->files.n; f++) {
		uint32_t first = suite->first_test[f], last = suite->first_test[f + 1];
		for (unsigned k = 0; first < last && k < a->it->config->catalogue.services.n; k++) {
			if (!audit_has_marker(a, k))
				continue;
			bool is_whole = whole_file_lacks(a, first, last, k);
			if (is_whole)
				tell_missing(a, first, k, last - first);
			for (uint32_t t = first; !is_whole && t < last; t++)
				if (lacks(a, t, k) && !is_wrong(a, t))
					tell_missing(a, t, k, 1);
		}
	}
}

/* ---- superfluous and wrong ---- */

static void judge_placed(struct audit *a, const struct placed *p, bool wants_wrong)
{
	struct str marker = audit_text(a, p->mark->name), known = audit_service(a, p->service)->name;
	uint32_t at = audit_expr(audit_facts(a, p->mark->file), p->mark->expr)->at;
	if (p->n_using || p->n_doubtful || (p->instead != 0) != wants_wrong)
		return;
	if (wants_wrong) {
		const struct need *need = need_of(a, p->example, (unsigned)__builtin_ctzll(p->instead));
		audit_report(a, p->mark->file, p->mark->line, at, "marked %.*s, but %s %.*s instead (%.*s)",
		             STR_ARG(marker), p->n_tests == 1 ? "the test uses" : "its tests use",
		             STR_ARG(audit_names(a, p->instead)), STR_ARG(audit_because(a, &need->shown)));
	} else {
		audit_report(a, p->mark->file, p->mark->line, at, "marked %.*s, but %s %.*s", STR_ARG(marker),
		             p->n_tests == 1 ? "the test never uses" : "none of its tests uses", STR_ARG(known));
	}
}

void rule_superfluous_marker(struct audit *a)
{
	placed_list all = audit_placed_marks(a);
	for (size_t i = 0; i < all.n; i++)
		judge_placed(a, &all.at[i], false);
}

void rule_wrong_marker(struct audit *a)
{
	placed_list all = audit_placed_marks(a);
	for (size_t i = 0; i < all.n; i++)
		judge_placed(a, &all.at[i], true);
}

/* ---- unregistered ---- */

static bool is_among(const strs *names, struct str name)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->at[i], name))
			return true;
	return plugin_mark(name);
}

static void tell_unregistered(struct audit *a, const struct mark *mark, const strs *names)
{
	struct str what = audit_text(a, mark->name);
	uint32_t at = audit_expr(audit_facts(a, mark->file), mark->expr)->at;
	size_t near = audit_meant(what, names);
	if (near != SIZE_MAX)
		audit_report(a, mark->file, mark->line, at, "the marker %.*s is not registered; did you mean %.*s?",
		             STR_ARG(what), STR_ARG(names->at[near]));
	else
		audit_report(a, mark->file, mark->line, at, "the marker %.*s is not registered", STR_ARG(what));
}

enum { FILES_OF_A_PLUGIN = 10 };

/* In how many files a marker stands: what is common and works comes from a plugin that registers it. */
static uint32_t files_with(const struct audit *a, name mark)
{
	uint32_t n = 0, last = UINT32_MAX;
	for (size_t t = 0; t < a->it->suite->tests.n; t++) {
		const struct test *test = &a->it->suite->tests.at[t];
		for (size_t m = 0; m < test->marks.n && test->file != last; m++)
			if (test->marks.at[m].name == mark) {
				last = test->file;
				n++;
			}
	}
	return n;
}

/* Once a name, where it is met first.  A project that registers none has not taken to registering; one without an ini
 * file at its root may keep several below, each with markers of its own. */
void rule_unregistered_marker(struct audit *a)
{
	strs names = {0};
	struct map told;
	map_init(&told, a->tmp);
	if (!audit_registered(a, &names))
		return;
	for (size_t t = 0; a->it->pytest->inifile.n && names.n && t < a->it->suite->tests.n; t++) {
		const struct test *test = &a->it->suite->tests.at[t];
		for (size_t m = 0; m < test->marks.n; m++) {
			const struct mark *mark = &test->marks.at[m];
			if (!mark->name || map_get(&told, mark->name) != MAP_NONE)
				continue;
			map_put(&told, mark->name, 0);
			if (!is_among(&names, audit_text(a, mark->name)) &&
			    files_with(a, mark->name) < FILES_OF_A_PLUGIN)
				tell_unregistered(a, mark, &names);
		}
	}
}
