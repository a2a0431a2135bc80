/* The writing side. */
#include "python/pack.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "python/wire.h"

enum {
	STAGE = 4096,
	LONGEST_ITEM = 64 /* bytes put without asking for room */
};

struct packer {
	struct buf *to;
	const struct intern *names;
	const struct facts *facts;
	uint8_t stage[STAGE]; /* goes to the buf when full */
	size_t n;
	struct map local;      /* name to its number here */
	VEC(name) used;        /* by that number; 0 is the empty name */
	VEC(uint32_t) pending; /* siblings to be visited, while walking a tree */
	uint32_t n_exprs, n_defs, n_params, n_imports;
	uint32_t at, line; /* of the expression before */
};

static void flush(struct packer *p)
{
	buf_add(p->to, (struct str){(const char *)p->stage, p->n});
	p->n = 0;
}

static void put_byte(struct packer *p, uint8_t byte)
{
	p->stage[p->n++] = byte;
}

static void put(struct packer *p, uint32_t value)
{
	for (; value >= 0x80; value >>= 7)
		put_byte(p, (uint8_t)(value | 0x80));
	put_byte(p, (uint8_t)value);
}

static void put_change(struct packer *p, uint32_t from, uint32_t to)
{
	int32_t change = (int32_t)(to - from);
	put(p, (uint32_t)change << 1 ^ (uint32_t)(change >> 31));
}

/* 0 the empty name, 1 the next new one, else one seen before. */
static void put_name(struct packer *p, name text)
{
	if (text == 0) {
		put(p, 0);
		return;
	}
	uint32_t known = map_get(&p->local, text);
	if (known != MAP_NONE) {
		put(p, known + 1);
		return;
	}
	map_put(&p->local, text, (uint32_t)p->used.n);
	vec_push(p->to->arena, &p->used, text);
	put(p, 1);
}

static void make_room(struct packer *p)
{
	if (p->n > STAGE - LONGEST_ITEM)
		flush(p);
}

/* ---- expressions ---- */

static uint32_t chain_length(const struct packer *p, uint32_t expr)
{
	uint32_t n = 0;
	for (; expr; expr = p->facts->exprs.at[expr].next)
		n++;
	return n;
}

static uint8_t code_of(const struct expr *expr, uint32_t children)
{
	uint8_t arity = wire_arity(expr->kind);
	if ((arity != WIRE_MANY && arity != children) || (expr->text && !wire_has_text(expr->kind)))
		return WIRE_ODD;
	if (expr->op == 0)
		return expr->kind;
	for (uint8_t i = 0; i < wire_n_op_kinds; i++)
		if (wire_op_kinds[i] == expr->kind)
			return WIRE_OP + i;
	return WIRE_ODD;
}

static void put_expr(struct packer *p, const struct expr *expr)
{
	make_room(p);
	uint32_t children = chain_length(p, expr->first);
	uint8_t code = code_of(expr, children);
	bool is_odd = code == WIRE_ODD;
	put_byte(p, (uint8_t)(code | (expr->at != p->at ? WIRE_AT : 0) | (expr->line != p->line ? WIRE_LINE : 0)));
	if (is_odd)
		put_byte(p, expr->kind);
	if (code >= WIRE_OP)
		put_byte(p, expr->op);
	if (expr->at != p->at)
		put_change(p, p->at, expr->at);
	if (expr->line != p->line)
		put_change(p, p->line, expr->line);
	if (is_odd || wire_has_text(expr->kind))
		put_name(p, expr->text);
	if (is_odd || wire_arity(expr->kind) == WIRE_MANY)
		put(p, children);
	p->at = expr->at;
	p->line = expr->line;
	p->n_exprs++;
}

/* The trees of a chain, without their number. */
static void put_trees(struct packer *p, uint32_t i)
{
	size_t base = p->pending.n;
	while (i || p->pending.n > base) {
		if (!i) {
			i = p->pending.at[--p->pending.n];
			continue;
		}
		const struct expr *expr = &p->facts->exprs.at[i];
		put_expr(p, expr);
		if (expr->next && expr->first)
			vec_push(p->to->arena, &p->pending, expr->next);
		i = expr->first ? expr->first : expr->next;
	}
}

static void put_chain(struct packer *p, uint32_t first)
{
	put(p, chain_length(p, first));
	put_trees(p, first);
	make_room(p);
}

/* ---- what a statement holds ---- */

static void put_param(struct packer *p, const struct param *param)
{
	unsigned flags = (param->initial ? WIRE_PARAM_INITIAL : 0) | (param->annotation ? WIRE_PARAM_ANNOTATION : 0);
	make_room(p);
	put_byte(p, (uint8_t)(param->kind | flags));
	put_name(p, param->name);
	if (param->annotation)
		put_trees(p, param->annotation);
	if (param->initial)
		put_trees(p, param->initial);
	p->n_params++;
}

static void put_def(struct packer *p, const struct def *def, uint32_t line)
{
	unsigned flags = (def->is_async ? WIRE_DEF_ASYNC : 0) | (def->is_generator ? WIRE_DEF_GENERATOR : 0);
	make_room(p);
	put_byte(p, (uint8_t)(def->kind | flags));
	put_change(p, line, def->end_line);
	put_chain(p, def->decorators);
	put_name(p, def->name);
	put(p, def->n_params);
	for (uint32_t i = 0; i < def->n_params; i++)
		put_param(p, &p->facts->params.at[def->params + i]);
	make_room(p);
	put_chain(p, def->bases);
	p->n_defs++;
}

static void put_import(struct packer *p, const struct import *import)
{
	make_room(p);
	put(p, (uint32_t)import->level * 2 + import->has_alias);
	put_name(p, import->module);
	put_name(p, import->name);
	put_name(p, import->bound);
	p->n_imports++;
}

/* How statement i stands to the one before it. */
static uint32_t nesting(const struct packer *p, uint32_t i)
{
	const struct stmt *stmts = p->facts->stmts.at;
	uint32_t before = i - 1, steps = 1;
	if (stmts[i].parent == stmts[before].parent)
		return 0;
	if (stmts[i].parent == before)
		return 1;
	for (before = stmts[before].parent; before && stmts[before].parent != stmts[i].parent; steps++)
		before = stmts[before].parent;
	assert(before); /* statements are in source order */
	return steps + 1;
}

static void put_stmt(struct packer *p, uint32_t i)
{
	const struct stmt *stmt = &p->facts->stmts.at[i], *before = stmt - 1;
	uint32_t nest = nesting(p, i);
	make_room(p);
	put_byte(p, (uint8_t)(stmt->kind | (stmt->op ? WIRE_STMT_OP : 0) | (stmt->flags ? WIRE_STMT_FLAGS : 0) |
	                      (nest ? WIRE_STMT_NEST : 0)));
	if (nest)
		put(p, nest);
	put_change(p, before->line, stmt->line);
	put_change(p, before->start, stmt->start);
	put_change(p, stmt->start, stmt->end);
	if (stmt->op)
		put_byte(p, stmt->op);
	if (stmt->flags)
		put_byte(p, stmt->flags);
	p->at = stmt->start;
	p->line = stmt->line;
	if (wire_is_def(stmt->kind))
		put_def(p, &p->facts->defs.at[stmt->index], stmt->line);
	if (wire_is_import(stmt->kind))
		put(p, stmt->count);
	for (uint32_t k = 0; wire_is_import(stmt->kind) && k < stmt->count; k++)
		put_import(p, &p->facts->imports.at[stmt->index + k]);
	make_room(p);
	put_chain(p, stmt->expr);
}

/* ---- the whole ---- */

static void put_rest(struct packer *p)
{
	const struct facts *facts = p->facts;
	struct fault before = {0};
	for (size_t i = 0; i < facts->faults.n; i++) {
		const struct fault *fault = &facts->faults.at[i];
		make_room(p);
		put_byte(p, fault->kind);
		put_change(p, before.at, fault->at);
		put_change(p, before.line, fault->line);
		before = *fault;
	}
	uint32_t line = 0;
	for (size_t i = 0; i < facts->remarks.n; i++) {
		make_room(p);
		put_change(p, line, facts->remarks.at[i].line);
		put_name(p, facts->remarks.at[i].text);
		line = facts->remarks.at[i].line;
	}
}

/* Magic, counts and names, which are known when all else was written. */
static void put_head(struct packer *p)
{
	const struct facts *facts = p->facts;
	const uint32_t counts[] = {
	        (uint32_t)p->used.n - 1,
	        p->n_exprs,
	        (uint32_t)facts->stmts.n - (facts->stmts.n > 0),
	        p->n_defs,
	        p->n_params,
	        p->n_imports,
	        (uint32_t)facts->faults.n,
	        (uint32_t)facts->remarks.n,
	        facts->lines,
	        facts->defs.n ? facts->defs.at[0].end_line : 0,
	};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		put(p, counts[i]);
	for (size_t i = 1; i < p->used.n; i++) {
		struct str text = intern_str(p->names, p->used.at[i]);
		make_room(p);
		put(p, (uint32_t)text.n);
		flush(p);
		buf_add(p->to, text);
	}
	flush(p);
}

static void put_hash(struct buf *to, size_t from)
{
	uint64_t hash = hash64((struct str){to->at + from, to->n - from});
	for (int i = 0; i < WIRE_HASH_SIZE; i++)
		buf_char(to, (char)(hash >> 8 * i));
}

void facts_pack(struct buf *to, const struct intern *names, const struct facts *facts)
{
	struct buf body;
	size_t from = to->n;
	buf_init(&body, to->arena);
	struct packer *p = arena_new(to->arena, struct packer);
	p->to = &body;
	p->names = names;
	p->facts = facts;
	map_init(&p->local, to->arena);
	vec_push(to->arena, &p->used, 0);
	for (uint32_t i = 1; i < facts->stmts.n; i++)
		put_stmt(p, i);
	put_rest(p);
	flush(p);
	p->to = to;
	buf_lit(to, "LWF");
	buf_char(to, FACTS_VERSION);
	put_head(p);
	buf_add(to, buf_str(&body));
	put_hash(to, from);
}
