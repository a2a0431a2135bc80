/* Statements: what binds, what gates, what swallows. */
#include <string.h>

#include "resolve/eval.h"

static const struct facts *facts_of(const struct run *run)
{
	return names_facts(run->e->names, run->frame->file);
}

static bool is_double(const struct run *run, const struct value *v)
{
	if (v->kind == VALUE_DOUBLE)
		return true;
	return v->kind == VALUE_INSTANCE &&
	       name_is_double(run->e->names, names_str(run->e->names, names_def(run->e->names, v->def)->name));
}

/* `client.http = double`: the local name now means an object with that attribute. */
static void bind_attribute(struct run *run, const struct expr *x, const struct value *value)
{
	name what = facts_of(run)->exprs.at[x->first].text;
	const struct value *object = frame_get(run->frame, what);
	if (object && object->kind == VALUE_FOREIGN && is_double(run, value)) {
		frame_set(run->e, run->frame, what, &value_double); /* client.sock = MockSocket(...) */
		return;
	}
	if (!object || object->kind != VALUE_INSTANCE || object == run->frame->self)
		return;
	if (value->kind == VALUE_DOUBLE)
		value = value_double_of(run->e, value_attribute(run, object, x->text, x->line));
	frame_set(run->e, run->frame, what, value_with_attribute(run->e, object, x->text, value));
}

/* `self.client.sock = MockSocket()`: from here on self.client reaches nothing. */
static void bind_inner(struct run *run, const struct expr *x, const struct value *value)
{
	const struct expr *inner = &facts_of(run)->exprs.at[x->first];
	const struct expr *outer = &facts_of(run)->exprs.at[inner->first];
	const struct value *object = outer->kind == EXPR_NAME ? frame_get(run->frame, outer->text) : NULL;
	if (!object || object->kind != VALUE_INSTANCE || !is_double(run, value))
		return;
	if (value_attribute(run, object, inner->text, x->line)->kind == VALUE_FOREIGN)
		frame_set(run->e, run->frame, outer->text,
		          value_with_attribute(run->e, object, inner->text, &value_double));
}

/* Items of a tuple target; of alternatives, the alternatives of each item. */
static const struct value *item_of(struct run *run, const struct value *value, uint32_t i)
{
	if (value->kind == VALUE_LIST && i < value->n_items)
		return value->items[i];
	if (value->kind == VALUE_DOUBLE)
		return &value_double;
	const struct value *all = &value_none;
	for (uint32_t k = 0; value->kind == VALUE_EITHER && k < value->n_items; k++)
		if (value->items[k]->kind == VALUE_LIST && i < value->items[k]->n_items)
			all = value_join(run->e, all, value->items[k]->items[i]);
	return value_with_contacts(run->e, all->kind == VALUE_NONE ? &value_unknown : all, value->contacts);
}

/* `TABLE[key] = value`, `self.table[key] = value`: as long as the body runs, what is taken from it may be the value. */
static void bind_item(struct run *run, const struct expr *x, const struct value *value)
{
	uint32_t key = facts_of(run)->exprs.at[x->first].next;
	name any = run_table_slot(run, x->first, 0), one = run_table_slot(run, x->first, key);
	const struct value *old = any ? frame_get(run->frame, any) : NULL;
	if (key)
		eval_expr(run, key);
	if (!one || value->kind == VALUE_NONE)
		return;
	frame_set(run->e, run->frame, any, old ? value_join(run->e, old, value) : value);
	if (one != any)
		frame_set(run->e, run->frame, one, value);
}

void run_bind(struct run *run, uint32_t target, const struct value *value)
{
	const struct facts *facts = facts_of(run);
	const struct expr *x = &facts->exprs.at[target];
	if (x->kind == EXPR_NAME) {
		frame_set(run->e, run->frame, x->text, value);
	} else if (x->kind == EXPR_STAR) {
		run_bind(run, x->first, value);
	} else if (x->kind == EXPR_TUPLE || x->kind == EXPR_LIST) {
		uint32_t i = 0;
		for (uint32_t c = x->first; c; c = facts->exprs.at[c].next, i++)
			run_bind(run, c, item_of(run, value, i));
	} else if (x->kind == EXPR_ATTRIBUTE && facts->exprs.at[x->first].kind == EXPR_NAME) {
		bind_attribute(run, x, value);
	} else if (x->kind == EXPR_ATTRIBUTE && facts->exprs.at[x->first].kind == EXPR_ATTRIBUTE) {
		bind_inner(run, x, value);
	} else if (x->kind == EXPR_INDEX && rule_holds(run->e->names, RULE_STORED)) {
		bind_item(run, x, value);
	} else {
		eval_expr(run, target);
	}
}

/* ---- gates ---- */

static bool is_gate_call(struct names *names, uint32_t file, uint32_t owner, uint32_t expr, struct str *message)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *x = &facts->exprs.at[expr];
	if (x->kind == EXPR_AWAIT)
		return is_gate_call(names, file, owner, x->first, message);
	if (x->kind != EXPR_CALL && x->kind != EXPR_NAME && x->kind != EXPR_ATTRIBUTE)
		return false;
	uint32_t callee = x->kind == EXPR_CALL ? x->first : expr;
	const struct expr *f = &facts->exprs.at[callee];
	struct str last = f->kind == EXPR_NAME || f->kind == EXPR_ATTRIBUTE ? names_str(names, f->text) : STR_NONE;
	static const char *const self_calls[] = {"skipTest", "fail"};
	static const char *const externals[] = {"pytest.skip",
	                                        "pytest.fail",
	                                        "pytest.exit",
	                                        "pytest.xfail",
	                                        "unittest.SkipTest",
	                                        "unittest.case.SkipTest",
	                                        "_pytest.outcomes.skip",
	                                        "_pytest.outcomes.Skipped",
	                                        "nose.SkipTest",
	                                        "pytest.skip.Exception",
	                                        "nose.plugins.skip.SkipTest"};
	bool hit = false;
	for (size_t i = 0; f->kind == EXPR_ATTRIBUTE && i < sizeof self_calls / sizeof *self_calls; i++)
		hit |= str_eq(last, str_of(self_calls[i])) && facts->exprs.at[f->first].kind == EXPR_NAME &&
		       str_eq(names_str(names, facts->exprs.at[f->first].text), STR("self"));
	struct target t = hit ? (struct target){0} : names_expr(names, file, owner, callee);
	for (size_t i = 0; !hit && i < sizeof externals / sizeof *externals; i++)
		hit = target_is(names, t, externals[i]);
	if (hit && x->kind == EXPR_CALL) {
		uint32_t argument = facts->exprs.at[x->first].next;
		if (argument && facts->exprs.at[argument].kind == EXPR_KEYWORD)
			argument = facts->exprs.at[argument].first;
		if (argument && facts->exprs.at[argument].kind == EXPR_STRING)
			*message = names_str(names, facts->exprs.at[argument].text);
		else if (argument && facts->exprs.at[argument].kind == EXPR_FSTRING && facts->exprs.at[argument].first)
			*message = names_str(names, facts->exprs.at[facts->exprs.at[argument].first].text);
	}
	return hit;
}

/* `pytestmark.append(pytest.mark.skip(...))`, `pytestmark = pytest.mark.skip(...)` under a condition. */
static bool sets_skip_mark(struct names *names, uint32_t file, uint32_t owner, const struct stmt *st)
{
	const struct facts *facts = names_facts(names, file);
	uint32_t value = st->expr;
	while (value && facts->exprs.at[value].next)
		value = facts->exprs.at[value].next;
	if (!value)
		return false;
	if (st->kind == STMT_EXPR && facts->exprs.at[value].kind == EXPR_CALL)
		value = facts->exprs.at[facts->exprs.at[value].first].next;
	if (!value)
		return false;
	const struct expr *x = &facts->exprs.at[value];
	if ((x->kind == EXPR_LIST || x->kind == EXPR_TUPLE) && x->first)
		x = &facts->exprs.at[value = x->first];
	uint32_t callee = x->kind == EXPR_CALL ? x->first : value;
	return target_is(names, names_expr(names, file, owner, callee), "pytest.mark.skip");
}

bool block_gates(struct names *names, uint32_t file, uint32_t owner, uint32_t stmt, struct str *message)
{
	const struct facts *facts = names_facts(names, file);
	for (uint32_t s = stmt; s; s = facts->stmts.at[s].next) {
		const struct stmt *st = &facts->stmts.at[s];
		bool may = st->kind == STMT_EXPR || st->kind == STMT_RAISE || st->kind == STMT_RETURN;
		if (may && st->expr && is_gate_call(names, file, owner, st->expr, message))
			return true;
		bool marks = st->kind == STMT_EXPR || st->kind == STMT_ASSIGN || st->kind == STMT_AUGMENT;
		if (marks && sets_skip_mark(names, file, owner, st))
			return true;
		bool is_plain_block = st->kind == STMT_IF || st->kind == STMT_ELSE || st->kind == STMT_ELIF ||
		                      st->kind == STMT_WITH || st->kind == STMT_TRY || st->kind == STMT_EXCEPT;
		if (is_plain_block && st->body && block_gates(names, file, owner, st->body, message))
			return true;
	}
	return false;
}

static bool has_stmt(const struct facts *facts, uint32_t stmt, uint8_t kind)
{
	for (uint32_t s = stmt; s; s = facts->stmts.at[s].next)
		if (facts->stmts.at[s].kind == kind ||
		    (facts->stmts.at[s].body && facts->stmts.at[s].kind != STMT_FUNCTION &&
		     has_stmt(facts, facts->stmts.at[s].body, kind)))
			return true;
	return false;
}

/* A skip message that names a service, where nothing else tells what the gate asked. */
static void message_contact(struct run *run, struct str message, uint32_t line)
{
	static const char *const talk[] = {
	        "not available", "unavailable", "not running",   "unreachable",       "not reachable",  "requires",
	        "require",       "needs",       "no connection", "could not connect", "cannot connect", "down",
	        "not up",        "is not",      "without",       "not configured",    "not set",        "not ready"};
	service_set set = rule_holds(run->e->names, RULE_MESSAGES) ? words_services(run->e->names, message) : 0;
	struct str lower = str_lower(run->e->arena, message);
	bool tells = false;
	for (size_t i = 0; i < sizeof talk / sizeof *talk; i++)
		tells |= str_has(lower, str_of(talk[i]));
	if (!set || !tells || str_has(lower, STR("install")) || str_has(lower, STR("support")))
		return;
	struct hop *hop = arena_new(run->e->arena, struct hop);
	*hop = (struct hop){.verb = HOP_SAYS, .file = run->frame->file, .line = line, .detail = message};
	hop->callee.file = REF_NOWHERE;
	contact_add(run, (struct contact){.services = set, .grade = GRADE_PROBABLE, .hops = hop});
}

static bool is_type_checking(const struct run *run, const struct stmt *s)
{
	const struct expr *x = &facts_of(run)->exprs.at[s->expr];
	return s->expr && rule_holds(run->e->names, RULE_TYPING) &&
	       (x->kind == EXPR_NAME || x->kind == EXPR_ATTRIBUTE) &&
	       str_eq(names_str(run->e->names, x->text), STR("TYPE_CHECKING"));
}

static void run_maybe(struct run *run, uint32_t body)
{
	run->branches++;
	run_block(run, body);
	run->branches--;
}

static bool is_clause(const struct facts *facts, uint32_t stmt)
{
	return stmt && (facts->stmts.at[stmt].kind == STMT_ELSE || facts->stmts.at[stmt].kind == STMT_ELIF);
}

/* The `else` of an if, 0 if it has none. */
static uint32_t else_of(const struct facts *facts, uint32_t index)
{
	uint32_t c = facts->stmts.at[index].next;
	while (is_clause(facts, c) && facts->stmts.at[c].kind != STMT_ELSE)
		c = facts->stmts.at[c].next;
	return is_clause(facts, c) ? c : 0;
}

/* The condition's contacts become gates when this branch, or the `else` after it, skips or fails. */
static void gate_if(struct run *run, const struct stmt *s, uint32_t otherwise, const struct contact *before,
                    const struct value *v)
{
	const struct facts *facts = facts_of(run);
	struct str message = STR_NONE;
	bool gates = block_gates(run->e->names, run->frame->file, run->frame->def, s->body, &message);
	if (!gates && otherwise)
		gates = block_gates(run->e->names, run->frame->file, run->frame->def, facts->stmts.at[otherwise].body,
		                    &message);
	if (run->frame->def == 0) /* what a module raises under a condition stops its import */
		gates |= has_stmt(facts, s->body, STMT_RAISE);
	if (!gates || !rule_holds(run->e->names, RULE_SKIP_IF))
		return;
	const struct contact *had = run->contacts;
	contacts_gate(run, before, v, s->line, "skip");
	if (had == run->contacts && before == had && !v->contacts)
		message_contact(run, message, s->line);
}

/* Runs an if with its clauses; gives the last of them.  A condition that is known takes one branch only. */
static uint32_t run_if(struct run *run, uint32_t index)
{
	const struct facts *facts = facts_of(run);
	bool is_over = false;
	uint32_t last = index, otherwise = else_of(facts, index);
	for (uint32_t c = index; c == index || is_clause(facts, c); c = facts->stmts.at[c].next) {
		const struct stmt *s = &facts->stmts.at[c];
		last = c;
		if (is_over)
			continue;
		const struct contact *before = run->contacts;
		const struct value *v = s->kind == STMT_ELSE ? &value_true
		                        : s->expr            ? eval_expr(run, s->expr)
		                                             : &value_unknown;
		enum truth truth = rule_holds(run->e->names, RULE_BRANCHES) ? value_truth(v) : TRUTH_UNKNOWN;
		if (s->kind != STMT_ELSE)
			gate_if(run, s, otherwise, before, v);
		if (truth == TRUTH_NO || is_type_checking(run, s))
			continue;
		bool is_sure = truth == TRUTH_YES && (s->kind == STMT_IF || c == index);
		if (is_sure)
			run_block(run, s->body);
		else
			run_maybe(run, s->body);
		is_over = truth == TRUTH_YES;
	}
	return last;
}

/* An exception, or a tuple of some, whose name speaks of connections. */
bool is_connection_error(const struct run *run, uint32_t expr)
{
	static const char *const parts[] = {"Connection",  "Connect",  "OSError", "Timeout",
	                                    "Unreachable", "gaierror", "socket",  "Refused"};
	const struct facts *facts = facts_of(run);
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

/* ---- with ---- */

static const struct value *enter(struct run *run, const struct value *v, uint32_t line)
{
	struct eval *e = run->e;
	struct hop hop = {.verb = HOP_USES,
	                  .line = line,
	                  .callee = {REF_NOWHERE, 0},
	                  .ref_file = v->ref_file,
	                  .ref_name = v->ref_name,
	                  .what = v->ref_name};
	if (v->kind == VALUE_INSTANCE && rule_holds(e->names, RULE_ENTERED)) {
		static const char *const methods[] = {"__enter__", "__aenter__"};
		for (size_t i = 0; i < 2; i++) {
			name method = intern(e->names->repo->names, str_of(methods[i]));
			struct target t = names_class_member(e->names, v->def, method);
			if (t.kind != TARGET_DEF)
				continue;
			const struct value *entered =
			        eval_apply(run, value_attribute(run, v, method, line), &(struct arguments){0}, line);
			return entered->kind == VALUE_UNKNOWN && !entered->contacts ? v : entered;
		}
	}
	if (v->kind == VALUE_FOREIGN && v->ref_name)
		contacts_through(run, v->contacts, hop);
	return v;
}

/* pytest.raises(...), self.assertRaises(...) */
static bool expects_failure(const struct run *run, uint32_t context)
{
	const struct facts *facts = facts_of(run);
	const struct expr *x = &facts->exprs.at[context];
	struct str what = x->kind == EXPR_CALL ? names_str(run->e->names, facts->exprs.at[x->first].text) : STR_NONE;
	return str_eq(what, STR("raises")) || str_starts(what, STR("assertRaises"));
}

/* ... of a failure to connect */
static bool expects_refusal(const struct run *run, uint32_t context)
{
	const struct facts *facts = facts_of(run);
	if (!expects_failure(run, context) || !rule_holds(run->e->names, RULE_REFUSED))
		return false;
	uint32_t argument = facts->exprs.at[facts->exprs.at[context].first].next;
	return argument && is_connection_error(run, argument);
}

static void run_with(struct run *run, const struct stmt *s)
{
	const struct facts *facts = facts_of(run);
	uint32_t guards = run->guards, raises = run->raises, refused = run->refused;
	const struct guard *guard = run->guard;
	for (uint32_t item = s->expr; item; item = facts->exprs.at[item].next) {
		const struct expr *x = &facts->exprs.at[item];
		uint32_t context = x->kind == EXPR_AS ? x->first : item;
		uint32_t target = x->kind == EXPR_AS ? facts->exprs.at[x->first].next : 0;
		const struct value *v = eval_expr(run, context);
		run->raises += rule_holds(run->e->names, RULE_REFUSED) && expects_failure(run, context);
		run->refused += expects_refusal(run, context);
		if (v->kind == VALUE_FOREIGN && str_eq(v->text, STR("contextlib.suppress")))
			run_suppress(run, context);
		v = enter(run, v, x->line);
		if (target)
			run_bind(run, target, v);
	}
	run_block(run, s->body);
	run->guards = guards;
	run->guard = guard;
	run->raises = raises;
	run->refused = refused;
}

/* ---- the rest ---- */

static void run_assign(struct run *run, const struct stmt *s)
{
	const struct facts *facts = facts_of(run);
	uint32_t value = s->expr;
	while (value && facts->exprs.at[value].next)
		value = facts->exprs.at[value].next;
	const struct value *v = value ? eval_expr(run, value) : &value_unknown;
	bool branches = s->parent && facts->stmts.at[s->parent].kind != STMT_FUNCTION &&
	                facts->stmts.at[s->parent].kind != STMT_WITH;
	for (uint32_t t = s->expr; t && t != value; t = facts->exprs.at[t].next) {
		const struct expr *x = &facts->exprs.at[t];
		const struct value *old = branches && x->kind == EXPR_NAME ? frame_get(run->frame, x->text) : NULL;
		run_bind(run, t, old ? value_join(run->e, old, v) : v);
	}
}

static void run_chain(struct run *run, uint32_t first)
{
	const struct facts *facts = facts_of(run);
	for (uint32_t x = first; x; x = facts->exprs.at[x].next)
		eval_expr(run, x);
}

/* What importing does at a definition: its decorators are worked out, and a class's body is run. */
static void import_def(struct run *run, const struct stmt *s)
{
	const struct def *def = &facts_of(run)->defs.at[s->index];
	run_chain(run, def->decorators);
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
	const struct def *def = &facts_of(run)->defs.at[s->index];
	if (facts_of(run)->defs.at[run->frame->def].kind != DEF_FUNCTION) {
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
	const struct value *list = iterable ? eval_expr(run, iterable) : &value_unknown;
	bool unrolls = list->kind == VALUE_LIST && list->n_items && list->n_items <= UNROLL_MOST;
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
	uint8_t kind = condition ? facts_of(run)->exprs.at[condition].kind : EXPR_NONE;
	const struct value plain = {.kind = VALUE_NONE, .contacts = v->contacts};
	if (run->guards || !rule_holds(run->e->names, RULE_ASSERT))
		return; /* the failure is swallowed before anything is asserted */
	if (kind == EXPR_CALL || kind == EXPR_NAME || kind == EXPR_AWAIT || kind == EXPR_ATTRIBUTE)
		contacts_gate(run, before, &plain, line, "assert");
}

static void run_stmt(struct run *run, const struct stmt *s)
{
	const struct facts *facts = facts_of(run);
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
		const struct value *v = s->expr ? eval_expr(run, s->expr) : &value_none;
		assert_contacts(run, before, s->expr, v, s->line);
		return;
	}
	case STMT_FOR: run_for(run, s, second); return;
	case STMT_WITH: run_with(run, s); return;
	case STMT_TRY: run_try(run, s); return;
	case STMT_EXCEPT:
	case STMT_ELSE:
	case STMT_CASE:
	case STMT_WHILE:
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
	const struct facts *facts = facts_of(run);
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
	const struct facts *facts = facts_of(run);
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
