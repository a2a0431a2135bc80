/* Blocks that skip or fail the test, and the conditions that they stand under. */
#include <string.h>

#include "resolve/environment.h"

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
	const struct expr *x = &run_facts(run)->exprs.at[s->expr];
	return s->expr && rule_holds(run->e->names, RULE_TYPING) &&
	       (x->kind == EXPR_NAME || x->kind == EXPR_ATTRIBUTE) &&
	       str_eq(names_str(run->e->names, x->text), STR("TYPE_CHECKING"));
}

void run_maybe(struct run *run, uint32_t body)
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
	const struct facts *facts = run_facts(run);
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

static bool is_choice(const struct run *run, const struct value *v)
{
	return v->variable && variable_choice(names_str(run->e->names, v->variable)).n;
}

/* One branch of an if.  Where it adds a mark that skips to the test at hand, its condition is a gate. */
static void run_branch(struct run *run, const struct stmt *s, bool is_sure, const struct contact *before,
                       const struct value *v)
{
	bool skipped = run->skips;
	run->skips = false;
	run->maybes += !is_sure;
	if (is_sure)
		run_block(run, s->body);
	else
		run_maybe(run, s->body);
	run->maybes -= !is_sure;
	if (run->skips && rule_holds(run->e->names, RULE_SKIP_IF))
		contacts_gate(run, before, v, s->line, "skip");
	run->skips |= skipped;
}

uint32_t run_if(struct run *run, uint32_t index)
{
	const struct facts *facts = run_facts(run);
	bool is_over = false;
	name chosen = 0;
	uint32_t last = index, otherwise = else_of(facts, index);
	for (uint32_t c = index; c == index || is_clause(facts, c); c = facts->stmts.at[c].next) {
		const struct stmt *s = &facts->stmts.at[c];
		last = c;
		if (is_over)
			continue;
		const struct contact *before = run->contacts;
		const struct value *v = s->kind == STMT_ELSE ? &value_true
		                        : s->expr            ? protocol_truth(run, eval_expr(run, s->expr), s->line)
		                                             : &value_unknown;
		enum truth truth = rule_holds(run->e->names, RULE_BRANCHES) ? value_truth(v) : TRUTH_UNKNOWN;
		if (s->kind != STMT_ELSE)
			gate_if(run, s, otherwise, before, v);
		if (truth == TRUTH_NO || is_type_checking(run, s))
			continue;
		name outer = run->choice;
		if (s->kind == STMT_ELSE && chosen)
			run->choice = value_chosen(run->e, &value_bool, chosen, STR("anything else"))->variable;
		else if (is_choice(run, v))
			run->choice = chosen = v->variable;
		bool is_sure = truth == TRUTH_YES && (s->kind == STMT_IF || c == index);
		run_branch(run, s, is_sure, before, v);
		run->choice = outer;
		is_over = truth == TRUTH_YES;
	}
	return last;
}
