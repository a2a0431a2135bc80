/* Tables that one test makes and another uses: in one process, in the order of the file, all is well; on another shard the
 * table is not there.  Judged by SQL that is written out where it is sent, and only where nothing but tests makes the table. */
#include "audit/rules.h"

#include <string.h>

/* A table in a string of SQL. */
struct use {
	struct str table; /* in lower case */
	uint32_t file, expr;
	uint32_t test; /* in whose function it stands, UINT32_MAX for other code */
};

typedef VEC(struct use) use_list;

struct look {
	struct audit *a;
	const struct facts *facts;
	uint32_t file;
	struct map tests; /* (file, def) -> test */
	use_list makes, uses;
};

/* ---- whose code it is ---- */

/* The innermost function around a line. */
static uint32_t function_at(const struct facts *facts, uint32_t line)
{
	uint32_t best = 0, start = 0;
	for (uint32_t d = 1; d < facts->defs.n; d++) {
		uint32_t from = facts->stmts.at[facts->defs.at[d].stmt].line;
		if (facts->defs.at[d].kind == DEF_FUNCTION && from >= start && from <= line &&
		    line <= facts->defs.at[d].end_line) {
			best = d;
			start = from;
		}
	}
	return best;
}

/* ---- SQL ---- */

/* The next word of lower-case SQL, quotes around names taken off. */
static struct str next_word(struct str sql, size_t *at)
{
	while (*at < sql.n && strchr(" \t\r\n\"`,", sql.at[*at]))
		++*at;
	size_t from = *at;
	while (*at < sql.n && !strchr(" \t\r\n\"`,();", sql.at[*at]))
		++*at;
	if (*at == from && *at < sql.n)
		++*at;
	return str_slice(sql, from, *at);
}

static bool is_name(struct str word)
{
	return word.n && (word.at[0] == '_' || (word.at[0] >= 'a' && word.at[0] <= 'z')) && !str_has(word, STR("."));
}

static void add_use(struct look *l, struct str table, bool creates, uint32_t expr)
{
	uint32_t def = function_at(l->facts, audit_expr(l->facts, expr)->line);
	struct use use = {.table = table, .file = l->file, .expr = expr};
	use.test = def ? map_get(&l->tests, map_mix(l->file, def)) : MAP_NONE;
	if (is_name(table))
		vec_push(l->a->tmp, creates ? &l->makes : &l->uses, use);
}

/* create [temporary] table [if not exists] NAME; a temporary one is nobody else's. */
static void read_create(struct look *l, struct str sql, size_t at, uint32_t expr)
{
	struct str word = next_word(sql, &at);
	if (!str_eq(word, STR("table")))
		return;
	word = next_word(sql, &at);
	while (str_eq(word, STR("if")) || str_eq(word, STR("not")) || str_eq(word, STR("exists")))
		word = next_word(sql, &at);
	add_use(l, word, true, expr);
}

/* The verbs have six letters each. */
static bool is_sql(struct arena *tmp, struct str text)
{
	static const char *const verbs[] = {"create", "select", "insert", "update", "delete"};
	struct str verb = str_slice(str_trim(str_slice(text, 0, 64)), 0, 6);
	if (verb.n < 6 || !strchr("cCsSiIuUdD", verb.at[0]))
		return false;
	verb = str_lower(tmp, verb);
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (str_eq(verb, str_of(verbs[i])))
			return true;
	return false;
}

/* Only what a statement is about: the table after its first from, into, or update. */
static void read_sql(struct look *l, struct str text, uint32_t expr)
{
	struct str sql = str_lower(l->a->tmp, text), word;
	size_t at = 0;
	word = next_word(sql, &at);
	if (str_eq(word, STR("create"))) {
		read_create(l, sql, at, expr);
	} else if (str_eq(word, STR("update"))) {
		add_use(l, next_word(sql, &at), false, expr);
	} else if (str_eq(word, STR("select")) || str_eq(word, STR("insert")) || str_eq(word, STR("delete"))) {
		while (at < sql.n && !str_eq(word, STR("from")) && !str_eq(word, STR("into")))
			word = next_word(sql, &at);
		if (at < sql.n)
			add_use(l, next_word(sql, &at), false, expr);
	}
}

/* Calls that send what they get to a database; what else holds SQL may only talk about it. */
static bool is_sent(const struct look *l, uint32_t callee)
{
	static const char *const names[] = {"execute",  "executemany", "executescript", "exec_driver_sql", "fetch",
	                                    "fetchrow", "fetchval",    "fetch_all",     "fetch_one",       "fetch_val"};
	const struct expr *e = audit_expr(l->facts, callee);
	for (size_t i = 0; e->kind == EXPR_ATTRIBUTE && i < sizeof names / sizeof *names; i++)
		if (str_eq(audit_text(l->a, e->text), str_of(names[i])))
			return true;
	return false;
}

/* execute("..."), execute(text("...")) */
static uint32_t sql_of(const struct look *l, uint32_t call)
{
	uint32_t callee = audit_expr(l->facts, call)->first, first = audit_expr(l->facts, callee)->next;
	if (audit_expr(l->facts, call)->kind != EXPR_CALL || !is_sent(l, callee) || !first)
		return 0;
	uint32_t inner = audit_expr(l->facts, first)->first;
	if (audit_expr(l->facts, first)->kind == EXPR_CALL &&
	    str_ends(audit_dotted(l->a, l->facts, inner), STR("text")))
		first = audit_expr(l->facts, inner)->next;
	return audit_expr(l->facts, first)->kind == EXPR_STRING ? first : 0;
}

static void read_file(struct look *l)
{
	for (uint32_t e = 1; e < l->facts->exprs.n; e++) {
		uint32_t sql = sql_of(l, e);
		if (sql && is_sql(l->a->tmp, audit_text(l->a, audit_expr(l->facts, sql)->text)))
			read_sql(l, audit_text(l->a, audit_expr(l->facts, sql)->text), sql);
	}
}

/* ---- who makes it ---- */

/* A string that is the table's very name belongs to a model, a migration or a helper that makes it. */
static bool is_named_alone(const struct look *l, struct str table)
{
	name what = intern_find(l->a->it->repo->names, table);
	for (uint32_t f = 0; what && f < l->a->it->repo->files.n; f++) {
		const struct facts *facts = audit_facts(l->a, f);
		for (uint32_t e = 1; e < facts->exprs.n; e++)
			if (facts->exprs.at[e].kind == EXPR_STRING && facts->exprs.at[e].text == what)
				return true;
	}
	return false;
}

/* A test of the same file that makes the table; NULL when nobody does, or somebody who is no other test does too. */
static const struct use *maker_of(const struct look *l, const struct use *use)
{
	const struct use *maker = NULL;
	for (size_t i = 0; i < l->makes.n; i++) {
		const struct use *other = &l->makes.at[i];
		if (!str_eq(other->table, use->table))
			continue;
		if (other->test == MAP_NONE || other->test == use->test)
			return NULL;
		maker = maker || other->file != use->file ? maker : other;
	}
	return maker;
}

void rule_borrowed_table(struct audit *a)
{
	struct look l = {.a = a};
	map_init(&l.tests, a->tmp);
	for (uint32_t t = 0; t < a->it->suite->tests.n; t++) {
		const struct def_ref *def = &a->it->suite->tests.at[t].def;
		map_put(&l.tests, map_mix(def->file, def->def), t);
	}
	for (l.file = 0; l.file < a->it->repo->files.n; l.file++) {
		l.facts = audit_facts(a, l.file);
		read_file(&l);
	}
	for (size_t i = 0; i < l.uses.n; i++) {
		const struct use *use = &l.uses.at[i];
		const struct use *maker = use->test == MAP_NONE ? NULL : maker_of(&l, use);
		if (!maker || is_named_alone(&l, use->table))
			continue;
		const struct expr *e = audit_expr(audit_facts(a, use->file), use->expr);
		struct str id = a->it->suite->tests.at[maker->test].id;
		audit_report(
		        a, use->file, e->line, e->at,
		        "uses the table %.*s, which only %.*s makes: run without it, or on another shard, it is not there",
		        STR_ARG(use->table), STR_ARG(id));
	}
}
