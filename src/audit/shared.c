/* What two test files use under one name written out: ports, databases, containers, files below /tmp.  All is well as long
 * as they run one after the other on a machine of their own. */
#include "audit/rules.h"

#include <string.h>

struct shared {
	const char *does; /* "listens on port" */
	struct str name;
	uint32_t file, expr;
};

typedef VEC(struct shared) shared_list;

/* ---- ports ---- */

/* HTTPServer(("localhost", 8000), ...), sock.bind(("", 8000)), asyncio.start_server(f, "localhost", 8000). */
static uint32_t port_of(const struct audit *a, const struct facts *facts, uint32_t call)
{
	uint32_t callee = audit_expr(facts, call)->first, argument = audit_expr(facts, callee)->next;
	struct str what = audit_dotted(a, facts, callee);
	bool is_pair = str_ends(what, STR("HTTPServer")) || str_ends(what, STR("TCPServer")) ||
	               str_ends(what, STR("UDPServer")) || str_ends(what, STR(".bind"));
	if (is_pair && argument && audit_expr(facts, argument)->kind == EXPR_TUPLE)
		argument = audit_expr(facts, argument)->first;
	else if (str_ends(what, STR(".make_server")) || str_eq(what, STR("make_server")))
		is_pair = argument != 0;
	else
		return 0;
	uint32_t port = is_pair && argument ? audit_expr(facts, argument)->next : 0;
	bool is_fixed = port && audit_expr(facts, port)->kind == EXPR_NUMBER &&
	                !str_eq(audit_text(a, audit_expr(facts, port)->text), STR("0"));
	return is_fixed ? port : 0;
}

/* ---- names ---- */

static struct str word_at(struct str text, size_t at)
{
	size_t end = at;
	while (end < text.n && !strchr(" \t\r\n;(\"'`", text.at[end]))
		end++;
	return str_slice(text, at, end);
}

/* CREATE DATABASE name: one that is content with what is there (IF NOT EXISTS) shares on purpose. */
static struct str database_of(const struct audit *a, const struct expr *e)
{
	static const struct str create = {"create database ", 16};
	if (e->kind != EXPR_STRING || !str_starts(str_lower(a->tmp, audit_text(a, e->text)), create))
		return STR_NONE;
	struct str text = str_trim(str_slice(audit_text(a, e->text), create.n, SIZE_MAX));
	struct str name = word_at(text, text.n && strchr("\"`", text.at[0]));
	return str_eq(str_lower(a->tmp, name), STR("if")) ? STR_NONE : name;
}

static struct str string_of(const struct audit *a, const struct facts *facts, uint32_t expr)
{
	return audit_expr(facts, expr)->kind == EXPR_STRING ? audit_text(a, audit_expr(facts, expr)->text) : STR_NONE;
}

static bool imports_testcontainers(const struct audit *a, const struct facts *facts)
{
	for (size_t i = 0; i < facts->imports.n; i++)
		if (str_starts(audit_text(a, facts->imports.at[i].module), STR("testcontainers")))
			return true;
	return false;
}

/* container.with_name("x"), client.containers.run("image", name="x") */
static struct str container_of(const struct audit *a, const struct facts *facts, uint32_t call)
{
	uint32_t callee = audit_expr(facts, call)->first, first = audit_expr(facts, callee)->next;
	if (audit_expr(facts, callee)->kind != EXPR_ATTRIBUTE)
		return STR_NONE;
	struct str what = audit_text(a, audit_expr(facts, callee)->text);
	if (str_eq(what, STR("with_name")) && first && imports_testcontainers(a, facts))
		return string_of(a, facts, first);
	if (!str_ends(audit_dotted(a, facts, callee), STR("containers.run")))
		return STR_NONE;
	return string_of(a, facts, audit_keyword(a, facts, call, "name"));
}

/* open("/tmp/x", "w") */
static struct str file_of(const struct audit *a, const struct facts *facts, uint32_t call)
{
	uint32_t callee = audit_expr(facts, call)->first, path = audit_expr(facts, callee)->next;
	if (!str_eq(audit_dotted(a, facts, callee), STR("open")) || !path || !audit_expr(facts, path)->next)
		return STR_NONE;
	struct str mode = string_of(a, facts, audit_expr(facts, path)->next), name = string_of(a, facts, path);
	bool writes = str_has(mode, STR("w")) || str_has(mode, STR("a")) || str_has(mode, STR("x"));
	return writes && str_starts(name, STR("/tmp/")) ? name : STR_NONE;
}

/* ---- all of them ---- */

static void add(const struct audit *a, shared_list *all, const char *does, struct str name, uint32_t file,
                uint32_t expr)
{
	if (name.n)
		vec_push(a->tmp, all, ((struct shared){does, name, file, expr}));
}

static void look(const struct audit *a, uint32_t file, shared_list *all)
{
	const struct facts *facts = repo_facts(a->it->repo, file);
	for (uint32_t e = 1; e < facts->exprs.n; e++) {
		add(a, all, "creates the database", database_of(a, audit_expr(facts, e)), file, e);
		if (audit_expr(facts, e)->kind != EXPR_CALL)
			continue;
		uint32_t port = port_of(a, facts, e);
		add(a, all, "listens on port", port ? audit_text(a, audit_expr(facts, port)->text) : STR_NONE, file,
		    port);
		add(a, all, "starts the container", container_of(a, facts, e), file, e);
		add(a, all, "writes the file", file_of(a, facts, e), file, e);
	}
}

static bool is_same(const struct shared *one, const struct shared *other)
{
	return one->file != other->file && strcmp(one->does, other->does) == 0 && str_eq(one->name, other->name);
}

void rule_fixed_port(struct audit *a)
{
	shared_list all = {0};
	for (uint32_t f = 0; f < a->it->repo->files.n; f++)
		if (a->it->repo->files.at[f].is_test)
			look(a, f, &all);
	for (size_t i = 0; i < all.n; i++) {
		size_t k = 0;
		while (k < i && !is_same(&all.at[k], &all.at[i]))
			k++;
		if (k == i)
			continue;
		const struct expr *e = audit_expr(audit_facts(a, all.at[i].file), all.at[i].expr);
		audit_report(a, all.at[i].file, e->line, e->at, "%s %.*s, as %.*s:%u does", all.at[i].does,
		             STR_ARG(all.at[i].name), STR_ARG(audit_path(a, all.at[k].file)),
		             audit_expr(audit_facts(a, all.at[k].file), all.at[k].expr)->line);
	}
}
