/* Marks and decorators of a test: gates, and services they declare. */
#include <string.h>

#include "resolve/calls.h"
#include "resolve/gather_own.h"

static void gate_condition(struct gatherer *g, struct run *run, uint32_t file, uint32_t owner, uint32_t expr,
                           uint32_t line, const char *what)
{
	struct frame frame = {.file = file, .def = owner};
	struct run inner = {.e = &g->eval, .frame = &frame, .returned = &value_none};
	const struct value *v = eval_expr(&inner, expr);
	contacts_gate(&inner, NULL, v, line, what);
	for (const struct contact *c = inner.contacts; c; c = c->next)
		if (c->is_gate || c->is_dynamic)
			contact_add(run, *c);
}

/* `requires_redis`, `redis_required`, `needs_redis`, `redis`: the word of a service in a mark nobody mapped. */
static bool is_service_word(const struct service *s, struct str mark)
{
	static const char *const before[] = {"requires_", "require_", "needs_", "need_",
	                                     "uses_",     "use_",     "with_",  "integration_"};
	static const char *const after[] = {"_required", "_integration", "_tests",   "_test",
	                                    "_db",       "_server",      "_service", "_live"};
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (str_starts(mark, str_of(before[i])))
			mark = str_slice(mark, strlen(before[i]), mark.n);
	for (size_t i = 0; i < sizeof after / sizeof *after; i++)
		if (str_ends(mark, str_of(after[i])))
			mark.n -= strlen(after[i]);
	bool hit = str_eq(mark, s->name);
	for (size_t k = 0; k < s->words.n && !hit; k++)
		hit = mark.n > 2 && str_eq(mark, s->words.at[k]);
	return hit;
}

/* @pytest.mark.env("redis"): a mark of the suite's own whose only argument is the service. */
static bool is_argument(const struct gatherer *g, const struct mark *mark, const struct service *s)
{
	static const char *const others[] = {"parametrize", "skip",    "skipif",         "xfail",
	                                     "usefixtures", "depends", "filterwarnings", "dependency",
	                                     "xdist_group", "group"};
	struct str what = names_str(g->names, mark->name);
	uint32_t argument = mark_arguments(g->names, mark);
	const struct facts *facts = names_facts(g->names, mark->file);
	if (!argument || facts->exprs.at[argument].kind != EXPR_STRING || facts->exprs.at[argument].next)
		return false;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (str_eq(what, str_of(others[i])))
			return false;
	struct str text = names_str(g->names, facts->exprs.at[argument].text);
	struct str tail = str_slice(text, str_starts(text, STR("py-")) ? 3 : 0, text.n); /* "py-amqp" */
	bool hit = str_eq(tail, s->name);
	for (size_t i = 0; i < s->words.n && !hit; i++)
		hit = str_eq(tail, s->words.at[i]);
	for (size_t i = 0; i < s->schemes.n && !hit; i++)
		hit = str_eq(tail, s->schemes.at[i]);
	return hit;
}

/* @pytest.mark.crdb("skip < 22"): says where the test is not run. */
static bool says_skip(const struct gatherer *g, const struct mark *mark)
{
	uint32_t argument = mark_arguments(g->names, mark);
	const struct expr *x = argument ? &names_facts(g->names, mark->file)->exprs.at[argument] : NULL;
	return x && x->kind == EXPR_STRING && str_starts(names_str(g->names, x->text), STR("skip"));
}

static void declare(struct gatherer *g, struct run *run, const struct mark *mark)
{
	struct str what = names_str(g->names, mark->name);
	for (size_t i = 0; i < g->config->catalogue.services.n && !says_skip(g, mark); i++) {
		const struct service *s = &g->config->catalogue.services.at[i];
		enum grade grade = GRADE_NONE;
		for (size_t k = 0; k < s->markers.n; k++)
			if (str_eq(s->markers.at[k], what))
				grade = GRADE_REQUIRES;
		if (grade == GRADE_NONE && !s->markers.n && (is_service_word(s, what) || is_argument(g, mark, s)))
			grade = GRADE_PROBABLE;
		if (grade == GRADE_NONE)
			continue;
		struct hop *hop = arena_new(g->arena, struct hop);
		*hop = (struct hop){.verb = HOP_MARKED, .file = mark->file, .line = mark->line, .what = mark->name};
		hop->callee.file = REF_NOWHERE;
		bool is_gate = grade == GRADE_REQUIRES;
		contact_add(run,
		            (struct contact){
		                    .services = (service_set)1 << i, .grade = grade, .is_gate = is_gate, .hops = hop});
	}
}

/* A decorator that is a value of the tree: a function that wraps, or what a call of one gave. */
static void opaque_decorator(struct gatherer *g, struct run *run, const struct mark *mark)
{
	struct frame *frame = gather_frame(g, mark->file);
	struct run inner = {.e = &g->eval, .frame = frame, .returned = &value_none};
	const struct value *v = eval_expr(&inner, mark->expr);
	struct arguments a = {.has_star = true};
	if (v->kind == VALUE_FUNCTION || v->kind == VALUE_CLASS)
		v = eval_apply(&inner, v, &a, mark->line);
	if (v->kind == VALUE_FUNCTION)
		eval_apply(&inner, v, &a, mark->line);
	if (v->kind == VALUE_FOREIGN && str_eq(v->text, STR("pytest.mark.skipif")) && v->n_items &&
	    rule_holds(g->names, RULE_MADE))
		contacts_gate(&inner, NULL, v->items[0], mark->line, "skipif"); /* the function made the mark */
	for (const struct contact *c = inner.contacts; c; c = c->next)
		contact_add(run, *c);
}

/* pytest.mark.skipif(...), or a list of marks, as a value. */
static void gate_marks(struct gatherer *g, struct run *run, const struct value *v, uint32_t line)
{
	for (uint32_t i = 0; v->kind == VALUE_LIST && i < v->n_items; i++)
		gate_marks(g, run, v->items[i], line);
	if (v->kind == VALUE_FOREIGN && str_eq(v->text, STR("pytest.mark.skipif")) && v->n_items)
		contacts_gate(run, NULL, v->items[0], line, "skipif");
}

/* @parametrize("n", [pytest.param(1, marks=pytest.mark.skipif(...))]): a gate of one case is one of the test. */
static void gate_cases(struct gatherer *g, struct run *run, const struct mark *mark, uint32_t argument)
{
	const struct facts *facts = names_facts(g->names, mark->file);
	uint32_t rows = facts->exprs.at[argument].next;
	struct run inner = {.e = &g->eval, .frame = gather_frame(g, mark->file), .returned = &value_none};
	for (uint32_t row = rows ? facts->exprs.at[rows].first : 0; row; row = facts->exprs.at[row].next) {
		uint32_t marks =
		        facts->exprs.at[row].kind == EXPR_CALL ? call_keyword(g->names, mark->file, row, "marks") : 0;
		if (marks)
			gate_marks(g, &inner, eval_expr(&inner, marks), facts->exprs.at[row].line);
	}
	for (const struct contact *c = inner.contacts; c; c = c->next)
		if (c->is_gate)
			contact_add(run, *c);
}

void gather_mark(struct gatherer *g, struct run *run, const struct mark *mark)
{
	if (!mark->name) {
		opaque_decorator(g, run, mark);
		return;
	}
	if (rule_holds(g->names, RULE_MARKERS))
		declare(g, run, mark);
	uint32_t argument = mark_arguments(g->names, mark);
	if (argument && str_eq(names_str(g->names, mark->name), STR("parametrize")) &&
	    rule_holds(g->names, RULE_SKIPIF))
		gate_cases(g, run, mark, argument);
	if (!str_eq(names_str(g->names, mark->name), STR("skipif")) || !argument || !rule_holds(g->names, RULE_SKIPIF))
		return;
	const struct facts *facts = names_facts(g->names, mark->file);
	const struct expr *x = &facts->exprs.at[argument];
	uint32_t condition = x->kind == EXPR_KEYWORD ? x->first : argument;
	if (facts->exprs.at[condition].kind != EXPR_STRING)
		gate_condition(g, run, mark->file, 0, condition, mark->line, "skipif");
}

static bool is_unittest_gate(const struct names *names, struct target t)
{
	return target_is(names, t, "unittest.skipIf") || target_is(names, t, "unittest.skipUnless") ||
	       target_is(names, t, "unittest.case.skipIf") || target_is(names, t, "unittest.case.skipUnless");
}

/* @unittest.skipUnless(probe(), "..."), also through an alias. */
static void unittest_gate(struct gatherer *g, struct run *run, uint32_t file, uint32_t owner, uint32_t expr, int depth)
{
	const struct facts *facts = names_facts(g->names, file);
	const struct expr *x = &facts->exprs.at[expr];
	if (!rule_holds(g->names, RULE_UNITTEST))
		return;
	if (x->kind == EXPR_CALL && is_unittest_gate(g->names, names_expr(g->names, file, owner, x->first))) {
		uint32_t condition = facts->exprs.at[x->first].next;
		if (condition)
			gate_condition(g, run, file, owner, condition, x->line, "skipUnless");
		return;
	}
	struct target t = x->kind == EXPR_CALL ? (struct target){0} : names_expr(g->names, file, owner, expr);
	if (t.kind != TARGET_VARIABLE || depth > 8)
		return;
	const struct binding *b = names_variable(g->names, t);
	if (b->value && !b->item)
		unittest_gate(g, run, t.file, b->owner, b->value, depth + 1);
}

void gather_decorators(struct gatherer *g, struct run *run, struct def_ref ref)
{
	const struct def *def = names_def(g->names, ref);
	for (uint32_t d = def->decorators; d; d = names_facts(g->names, ref.file)->exprs.at[d].next)
		unittest_gate(g, run, ref.file, def->parent, d, 0);
}
