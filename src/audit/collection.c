/* Tests that are written and never run, and files that hold none. */
#include "audit/rules.h"

static bool starts_like(const strs *prefixes, struct str what)
{
	for (size_t i = 0; i < prefixes->n; i++)
		if (str_starts(what, prefixes->at[i]) || str_fnmatch(prefixes->at[i], what))
			return true;
	return false;
}

/* ---- hidden ---- */

/* The defs that tests of the suite are made of: functions, and classes they are collected under. */
static struct map collected_defs(const struct audit *a)
{
	struct map defs;
	map_init(&defs, a->tmp);
	for (size_t t = 0; t < a->it->suite->tests.n; t++) {
		const struct test *test = &a->it->suite->tests.at[t];
		map_put(&defs, map_mix(test->def.file, test->def.def), 0);
		if (test->class_.file != REF_NOWHERE)
			map_put(&defs, map_mix(test->class_.file, test->class_.def), 0);
	}
	return defs;
}

static bool speaks_of(const struct facts *facts, uint32_t expr, name what)
{
	const struct expr *e = audit_expr(facts, expr);
	if (e->kind == EXPR_NAME && e->text == what)
		return true;
	for (uint32_t c = e->first; c; c = audit_expr(facts, c)->next)
		if (speaks_of(facts, c, what))
			return true;
	return false;
}

/* Used between the two, as in `test_a = wrap(test_a)` or `@test_a.register`: then it was not lost. */
static bool is_used_before(const struct facts *facts, uint32_t from, uint32_t to, name what)
{
	uint32_t first = facts->stmts.at[from].end, last = facts->stmts.at[to].start;
	for (uint32_t e = 1; e < facts->exprs.n; e++) {
		const struct expr *x = audit_expr(facts, e);
		if (x->at > first && x->at < last && x->kind == EXPR_NAME && x->text == what)
			return true;
	}
	for (uint32_t d = facts->defs.at[facts->stmts.at[to].index].decorators; d; d = audit_expr(facts, d)->next)
		if (speaks_of(facts, d, what))
			return true;
	return false;
}

static bool holds_tests(const struct audit *a, const struct facts *facts, uint32_t def)
{
	if (facts->defs.at[def].kind == DEF_FUNCTION)
		return true;
	for (uint32_t d = def + 1; d < facts->defs.n; d++)
		if (facts->defs.at[d].parent == def && facts->defs.at[d].kind == DEF_FUNCTION &&
		    str_starts(audit_text(a, facts->defs.at[d].name), STR("test")))
			return true;
	return false;
}

/* The statement before in the same block that defines the same name; 0 for none. */
static uint32_t hidden_by(const struct audit *a, const struct facts *facts, uint32_t later)
{
	const struct stmt *stmt = &facts->stmts.at[later];
	const struct def *def = &facts->defs.at[stmt->index];
	uint32_t found = 0;
	for (uint32_t s = later; --s > 0;) {
		const struct stmt *other = &facts->stmts.at[s];
		bool is_def = other->kind == STMT_FUNCTION || other->kind == STMT_CLASS;
		if (is_def && other->kind == stmt->kind && other->parent == stmt->parent &&
		    other->owner == stmt->owner && facts->defs.at[other->index].name == def->name) {
			found = s;
			break;
		}
	}
	return found && holds_tests(a, facts, facts->stmts.at[found].index) &&
	                       !is_used_before(facts, found, later, def->name)
	               ? found
	               : 0;
}

/* Backwards from the one that is collected: each hides the one before. */
static void judge_def(struct audit *a, uint32_t file, uint32_t stmt)
{
	const struct facts *facts = audit_facts(a, file);
	uint32_t hidden = hidden_by(a, facts, stmt);
	if (!hidden)
		return;
	const struct stmt *lost = &facts->stmts.at[hidden];
	judge_def(a, file, hidden);
	audit_report(a, file, lost->line, lost->start, "never runs: line %u defines %.*s again",
	             facts->stmts.at[stmt].line, STR_ARG(audit_text(a, facts->defs.at[lost->index].name)));
}

/* Only blocks where one definition surely follows the other. */
static bool is_plain(const struct facts *facts, const struct stmt *stmt)
{
	uint8_t around = facts->stmts.at[stmt->parent].kind;
	return stmt->parent == 0 || around == STMT_CLASS;
}

void rule_hidden_test(struct audit *a)
{
	struct map collected = collected_defs(a);
	for (uint32_t f = 0; f < a->it->repo->files.n; f++) {
		const struct facts *facts = audit_facts(a, f);
		if (a->it->suite->first_test[f] == a->it->suite->first_test[f + 1])
			continue;
		for (uint32_t s = 1; s < facts->stmts.n; s++) {
			const struct stmt *stmt = &facts->stmts.at[s];
			bool is_def = stmt->kind == STMT_FUNCTION || stmt->kind == STMT_CLASS;
			if (is_def && is_plain(facts, stmt) && map_get(&collected, map_mix(f, stmt->index)) != MAP_NONE)
				judge_def(a, f, s);
		}
	}
}

/* ---- classes ---- */

static uint32_t method_of(const struct audit *a, const struct facts *facts, uint32_t class_, const char *prefix,
                          bool is_whole)
{
	for (uint32_t d = class_ + 1; d < facts->defs.n; d++) {
		struct str what = audit_text(a, facts->defs.at[d].name);
		bool is_it = is_whole ? str_eq(what, str_of(prefix)) : str_starts(what, str_of(prefix));
		if (facts->defs.at[d].parent == class_ && facts->defs.at[d].kind == DEF_FUNCTION && is_it)
			return d;
	}
	return 0;
}

static bool says_no_test(const struct audit *a, const struct facts *facts, uint32_t class_)
{
	for (size_t s = 1; s < facts->stmts.n; s++) {
		const struct stmt *stmt = &facts->stmts.at[s];
		if (stmt->owner == class_ && stmt->kind == STMT_ASSIGN &&
		    str_eq(audit_text(a, audit_expr(facts, stmt->expr)->text), STR("__test__")))
			return true;
	}
	return false;
}

/* A base of unittest's makes any __init__ fine; others may be unittest's in turn. */
static bool has_bases(const struct facts *facts, uint32_t class_)
{
	uint32_t base = facts->defs.at[class_].bases;
	const struct expr *e = audit_expr(facts, base);
	return base && !(e->kind == EXPR_NAME && e->next == 0 && e->text == 0);
}

static bool is_subclassed(const struct audit *a, const struct facts *facts, uint32_t class_)
{
	(void)a;
	for (uint32_t d = 1; d < facts->defs.n; d++)
		for (uint32_t b = facts->defs.at[d].kind == DEF_CLASS ? facts->defs.at[d].bases : 0; b;
		     b = audit_expr(facts, b)->next)
			if (audit_expr(facts, b)->kind == EXPR_NAME &&
			    audit_expr(facts, b)->text == facts->defs.at[class_].name)
				return true;
	return false;
}

void rule_uncollectable_class(struct audit *a)
{
	for (uint32_t f = 0; f < a->it->repo->files.n; f++) {
		const struct facts *facts = audit_facts(a, f);
		for (uint32_t d = 1; a->it->repo->files.at[f].is_test && d < facts->defs.n; d++) {
			const struct def *def = &facts->defs.at[d];
			if (def->kind != DEF_CLASS || def->parent || has_bases(facts, d) ||
			    !starts_like(&a->it->pytest->python_classes, audit_text(a, def->name)) ||
			    !method_of(a, facts, d, "test", false) || says_no_test(a, facts, d) ||
			    is_subclassed(a, facts, d))
				continue;
			uint32_t init = method_of(a, facts, d, "__init__", true), line, at;
			if (!init)
				init = method_of(a, facts, d, "__new__", true);
			if (!init)
				continue;
			audit_def_place(facts, d, &line, &at);
			audit_report(a, f, line, at, "pytest does not collect %.*s: it has %.*s, in line %u",
			             STR_ARG(audit_text(a, def->name)),
			             STR_ARG(audit_text(a, facts->defs.at[init].name)),
			             facts->stmts.at[facts->defs.at[init].stmt].line);
		}
	}
}

/* ---- files ---- */

static bool has_unknowns(const struct suite *suite, uint32_t file)
{
	for (size_t i = 0; i < suite->unknowns.n; i++)
		if (suite->unknowns.at[i].file == file)
			return true;
	return false;
}

/* Others import it: a module of helpers, whatever its name. */
static bool is_imported(const struct audit *a, uint32_t file)
{
	struct str stem = path_base(audit_path(a, file));
	stem = str_slice(stem, 0, stem.n - 3);
	name what = intern(a->it->repo->names, stem); /* before other files, which may have it, are read */
	for (uint32_t f = 0; f < a->it->repo->files.n; f++) {
		const struct facts *facts = audit_facts(a, f);
		for (size_t i = 0; i < facts->imports.n; i++) {
			struct str module = audit_text(a, facts->imports.at[i].module);
			size_t dot = str_rfind_char(module, '.');
			struct str last = dot == SIZE_MAX ? module : str_slice(module, dot + 1, module.n);
			if ((what && facts->imports.at[i].name == what) || str_eq(last, stem))
				return true;
		}
	}
	return false;
}

static bool defines_tests(const struct audit *a, const struct facts *facts)
{
	for (uint32_t d = 1; d < facts->defs.n; d++)
		if (str_starts(audit_text(a, facts->defs.at[d].name), STR("test")) ||
		    str_starts(audit_text(a, facts->defs.at[d].name), STR("Test")))
			return true;
	return false;
}

/* Beside files with tests it was meant to be one; a folder of scripts is not a suite because of their names. */
static bool stands_among_tests(const struct audit *a, uint32_t file)
{
	struct str dir = path_dir(audit_path(a, file));
	for (size_t t = 0; t < a->it->suite->tests.n; t++)
		if (str_eq(path_dir(audit_path(a, a->it->suite->tests.at[t].file)), dir))
			return true;
	return false;
}

/* Only files that bring neither a test nor a class, function or import that could make one. */
void rule_empty_file(struct audit *a)
{
	const struct suite *suite = a->it->suite;
	for (uint32_t f = 0; f < a->it->repo->files.n; f++) {
		const struct source_file *file = &a->it->repo->files.at[f];
		if (!file->is_test || file->is_unreadable || suite->first_test[f] < suite->first_test[f + 1] ||
		    !suite->file_is_exact[f])
			continue;
		const struct facts *facts = repo_facts(a->it->repo, f);
		if (facts->faults.n || has_unknowns(suite, f) || defines_tests(a, facts) || is_imported(a, f) ||
		    !stands_among_tests(a, f))
			continue;
		audit_report(a, f, 1, FINDING_NOWHERE, "%s",
		             facts->stmts.n > 1 ? "pytest collects this file, which holds no test"
		                                : "pytest collects this file, which holds nothing");
	}
}

void rule_unread_file(struct audit *a)
{
	for (size_t i = 0; i < a->it->n_faults; i++) {
		const struct audit_fault *fault = &a->it->faults[i];
		struct str place = str_fmt(a->out, "%.*s:%u", STR_ARG(fault->path), fault->line);
		audit_report_place(a, place, "%.*s", STR_ARG(fault->text));
	}
}
