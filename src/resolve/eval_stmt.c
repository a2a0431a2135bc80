/* Statements: what runs, in which order, and what it is taken to do. */
#include "resolve/eval.h"

const struct facts *run_facts(const struct run *run)
{
	return names_facts(run->e->names, run->frame->file);
}

/* An exception, or a tuple of some, whose name speaks of connections. */
bool is_connection_error(const struct run *run, uint32_t expr)
{
	static const char *const parts[] = {"Connection",  "Connect",  "OSError", "Timeout",
	                                    "Unreachable", "gaierror", "socket",  "Refused"};
	const struct facts *facts = run_facts(run);
	const struct expr *x = &facts->exprs.at[expr];
	if (x->kind == EXPR_AS)
		return is_connection_error(run, x->first);
	for (uint32_t c = x->kind == EXPR_TUPLE ? x->first : 0; c; c = facts->exprs.at[c].next)
		if (is_connection_error(run, c))
			return true;
	struct str what =
	        x->kind == EXPR_NAME || x->kind == EXPR_ATTRIBUTE ? names_str(run->e->names, x->text) : STR_NONE;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (str_has(what, str_of(parts[i])))
			return true;
	return false;
}

/* pytest.raises(...), self.assertRaises(...) */
static bool expects_failure(const struct run *run, uint32_t context)
{
	const struct facts *facts = run_facts(run);
	const struct expr *x = &facts->exprs.at[context];
	struct str what = x->kind == EXPR_CALL ? names_str(run->e->names, facts->exprs.at[x->first].text) : STR_NONE;
	return str_eq(what, STR("raises")) || str_starts(what, STR("assertRaises"));
}

/* ... of a failure to connect */
static bool expects_refusal(const struct run *run, uint32_t context)
{
	const struct facts *facts = run_facts(run);
	if (!expects_failure(run, context) || !rule_holds(run->e->names, RULE_REFUSED))
		return false;
	uint32_t argument = facts->exprs.at[facts->exprs.at[context].first].next;
	return argument && is_connection_error(run, argument);
}

/* Where a `with` ends; one of contextlib.closing closes what it was given. */
static void leave(struct run *run, uint32_t item, const struct value *manager)
{
	const struct facts *facts = run_facts(run);
	uint32_t context = facts->exprs.at[item].kind == EXPR_AS ? facts->exprs.at[item].first : item;
	const struct expr *x = &facts->exprs.at[context];
	struct target callee = {.kind = TARGET_NONE};
	if (x->kind == EXPR_CALL)
		callee = names_expr(run->e->names, run->frame->file, run->frame->def, x->first);
	bool closes = target_is(run->e->names, callee, "contextlib.closing");
	if (closes || target_is(run->e->names, callee, "contextlib.aclosing"))
		protocol_call(run, manager, closes ? "close" : "aclose", NULL, x->line);
	else
		protocol_leave(run, manager, x->line);
}

static void run_with(struct run *run, const struct stmt *s)
{
	const struct facts *facts = run_facts(run);
	uint32_t guards = run->guards, raises = run->raises, refused = run->refused;
	const struct guard *guard = run->guard;
	VEC(const struct value *) managers = {0};
	for (uint32_t item = s->expr; item; item = facts->exprs.at[item].next) {
		const struct expr *x = &facts->exprs.at[item];
		uint32_t context = x->kind == EXPR_AS ? x->first : item;
		uint32_t target = x->kind == EXPR_AS ? facts->exprs.at[x->first].next : 0;
		const struct value *v = eval_expr(run, context);
		run->raises += rule_holds(run->e->names, RULE_REFUSED) && expects_failure(run, context);
		run->refused += expects_refusal(run, context);
		if (v->kind == VALUE_FOREIGN && str_eq(v->text, STR("contextlib.suppress")))
			run_suppress(run, context);
		vec_push(run->e->arena, &managers, v);
		v = protocol_enter(run, v, x->line);
		if (target)
			run_bind(run, target, v);
	}
	run_block(run, s->body);
	size_t at = 0;
	for (uint32_t item = s->expr; item; item = facts->exprs.at[item].next)
		leave(run, item, managers.at[at++]);
	run->guards = guards;
	run->guard = guard;
	run->raises = raises;
	run->refused = refused;
}

/* What a name means that the try before this handler imports; NULL when it imports none of that name. */
static const struct value *imported(struct run *run, const struct stmt *s, name what)
{
	const struct facts *facts = run_facts(run);
	if (!s->parent || facts->stmts.at[s->parent].kind != STMT_EXCEPT)
		return NULL;
	size_t n;
	const struct binding *b = names_bindings(run->e->names, run->frame->file, run->frame->def, what, &n);
	for (size_t i = 0; i < n; i++)
		if (b[i].kind == BIND_IMPORT)
			return value_of_target(run->e,
			                       names_find(run->e->names, run->frame->file, run->frame->def, what));
	return NULL;
}

static void run_assign(struct run *run, const struct stmt *s)
{
	const struct facts *facts = run_facts(run);
	uint32_t value = s->expr;
	while (value && facts->exprs.at[value].next)
		value = facts->exprs.at[value].next;
	const struct value *v = value ? eval_expr(run, value) : &value_unknown;
	if (run->choice && v->kind == VALUE_STRING && !v->variable)
		v = value_with_variable(run->e, v, run->choice);
	bool branches = s->parent && facts->stmts.at[s->parent].kind != STMT_FUNCTION &&
	                facts->stmts.at[s->parent].kind != STMT_WITH;
	for (uint32_t t = s->expr; t && t != value; t = facts->exprs.at[t].next) {
		const struct expr *x = &facts->exprs.at[t];
		const struct value *old = branches && x->kind == EXPR_NAME ? frame_get(run->frame, x->text) : NULL;
		if (branches && x->kind == EXPR_NAME && !old)
			old = imported(run, s, x->text);
		run_bind(run, t, old ? value_join(run->e, old, v) : v);
	}
}

static void run_chain(struct run *run, uint32_t first)
{
	const struct facts *facts = run_facts(run);
	for (uint32_t x = first; x; x = facts->exprs.at[x].next)
		eval_expr(run, x);
}

/* What importing does at a definition: its decorators are worked out, and a class's body is run. */
static void import_def(struct run *run, const struct stmt *s)
{
	const struct def *def = &run_facts(run)->defs.at[s->index];
	for (uint32_t d = def->decorators; d; d = run_facts(run)->exprs.at[d].next)
		if (!wrapped_by_manager(run, d))
			eval_expr(run, d);
	if (def->kind != DEF_CLASS)
		return;
	struct frame *frame = arena_new(run->e->arena, struct frame);
	*frame = (struct frame){.outer = run->frame, .file = run->frame->file, .def = s->index};
	struct run body = *run;
	body.frame = frame;
	run_block(&body, def->body);
	run->contacts = body.contacts;
}

static void run_def(struct run *run, const struct stmt *s)
{
	const struct def *def = &run_facts(run)->defs.at[s->index];
	if (run_facts(run)->defs.at[run->frame->def].kind != DEF_FUNCTION) {
		import_def(run, s); /* it is found by name */
		return;
	}
	uint8_t kind = def->kind == DEF_CLASS ? VALUE_CLASS : VALUE_FUNCTION;
	struct value v = {.kind = kind, .def = {run->frame->file, s->index}, .frame = run->frame};
	frame_set(run->e, run->frame, def->name, value_make(run->e, v));
}

enum { UNROLL_MOST = 8 };

/* A short literal list is gone through item by item, so that what belongs together stays together. */
static void run_for(struct run *run, const struct stmt *s, uint32_t iterable)
{
	const struct value *list = iterable ? protocol_iterate(run, eval_expr(run, iterable), s->line) : &value_unknown;
	bool unrolls = list->kind == VALUE_LIST && list->n_items && list->n_items <= UNROLL_MOST;
	if (list->kind == VALUE_LIST && !list->n_items && str_eq(list->text, STR("all")))
		return; /* there is nothing in it, for sure */
	for (uint32_t i = 0; i < (unrolls ? list->n_items : 1); i++) {
		if (s->expr)
			run_bind(run, s->expr, unrolls ? list->items[i] : value_element(run->e, list));
		run_maybe(run, s->body);
	}
}

/* `assert reachable(...)` requires; comparing what a call gave that swallows failures requires nothing. */
static void assert_contacts(struct run *run, const struct contact *before, uint32_t condition, const struct value *v,
                            uint32_t line)
{
	uint8_t kind = condition ? run_facts(run)->exprs.at[condition].kind : EXPR_NONE;
	const struct value plain = {.kind = VALUE_NONE, .contacts = v->contacts};
	if (run->guards || !rule_holds(run->e->names, RULE_ASSERT))
		return; /* the failure is swallowed before anything is asserted */
	if (kind == EXPR_CALL || kind == EXPR_NAME || kind == EXPR_AWAIT || kind == EXPR_ATTRIBUTE)
		contacts_gate(run, before, &plain, line, "assert");
}

static void run_stmt(struct run *run, const struct stmt *s)
{
	const struct facts *facts = run_facts(run);
	uint32_t second = s->expr ? facts->exprs.at[s->expr].next : 0;
	switch (s->kind) {
	case STMT_ASSIGN: run_assign(run, s); return;
	case STMT_ANNOTATE:
		if (second && facts->exprs.at[second].next)
			run_bind(run, s->expr, eval_expr(run, facts->exprs.at[second].next));
		return;
	case STMT_AUGMENT:
		if (second)
			eval_expr(run, second);
		return;
	case STMT_RAISE:
		run_chain(run, s->expr);
		run->is_done = run->branches == 0;
		return;
	case STMT_RETURN:
		if (s->expr)
			run->returned = value_join(run->e, run->returned, eval_expr(run, s->expr));
		run->is_done = run->branches == 0;
		return;
	case STMT_ASSERT: {
		const struct contact *before = run->contacts;
		const struct value *v = s->expr ? protocol_truth(run, eval_expr(run, s->expr), s->line) : &value_none;
		assert_contacts(run, before, s->expr, v, s->line);
		return;
	}
	case STMT_FOR: run_for(run, s, second); return;
	case STMT_WITH: run_with(run, s); return;
	case STMT_TRY: run_try(run, s); return;
	case STMT_WHILE:
		if (s->expr)
			protocol_truth(run, eval_expr(run, s->expr), s->line);
		run_maybe(run, s->body);
		return;
	case STMT_EXCEPT:
	case STMT_ELSE:
	case STMT_CASE:
		run_chain(run, s->expr);
		run_maybe(run, s->body);
		return;
	case STMT_FUNCTION:
	case STMT_CLASS: run_def(run, s); return;
	default: run_chain(run, s->expr); break;
	}
	run_block(run, s->body);
}

void run_block(struct run *run, uint32_t stmt)
{
	const struct facts *facts = run_facts(run);
	for (uint32_t s = stmt; s && !run->is_done; s = facts->stmts.at[s].next) {
		if (!run_step(run))
			return;
		if (facts->stmts.at[s].kind == STMT_IF)
			s = run_if(run, s);
		else
			run_stmt(run, &facts->stmts.at[s]);
	}
}

/* Of a definition, its decorators included. */
static uint32_t first_line(const struct facts *facts, const struct def *def)
{
	return def->decorators ? facts->exprs.at[def->decorators].line : facts->stmts.at[def->stmt].line;
}

static bool is_in_def(const struct facts *facts, uint32_t line)
{
	for (size_t d = 1; d < facts->defs.n; d++)
		if (line >= first_line(facts, &facts->defs.at[d]) && line <= facts->defs.at[d].end_line)
			return true;
	return false;
}

/* A body's own lines, its decorators' too; of a module those outside of all definitions. */
void run_patterns(struct run *run)
{
	const struct repo *repo = run->e->names->repo;
	const struct facts *facts = run_facts(run);
	const struct def *def = &facts->defs.at[run->frame->def];
	uint32_t from = first_line(facts, def);
	size_t low = 0, high = repo->hits.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (repo->hits.at[middle].file < run->frame->file)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < repo->hits.n && repo->hits.at[low].file == run->frame->file; low++) {
		const struct pattern_hit *hit = &repo->hits.at[low];
		if (def->stmt ? hit->line < from || hit->line > def->end_line : is_in_def(facts, hit->line))
			continue;
		struct hop *hop = arena_new(run->e->arena, struct hop);
		*hop = (struct hop){.verb = HOP_MATCHES, .file = hit->file, .line = hit->line, .detail = hit->text};
		hop->callee.file = REF_NOWHERE;
		contact_add(run, (struct contact){.services = (service_set)1 << hit->service,
		                                  .grade = GRADE_PROBABLE,
		                                  .hops = hop});
	}
}
