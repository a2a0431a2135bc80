/* The writing side. */
#include "python/pack.h"

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "python/wire.h"

enum {
	STAGE = 4096,
	LONGEST_ITEM = 64, /* bytes put without asking for room */
};

struct packer {
	struct buf *to;
	const struct intern *names;
	const struct facts *facts;
	uint8_t stage[STAGE]; /* goes to the buf when full */
	size_t n;
	/* The number here of each name: by name when there are not too many names, else in a map. */
	uint32_t *local;
	struct map locals;
	VEC(name) used;        /* names by that number; 0 is the empty name */
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

/* 0 when it has none yet. */
static uint32_t local_of(const struct packer *p, name text)
{
	if (p->local)
		return p->local[text];
	uint32_t number = map_get(&p->locals, text);
	return number == MAP_NONE ? 0 : number;
}

static void put_new_name(struct packer *p, name text)
{
	if (p->local)
		p->local[text] = (uint32_t)p->used.n;
	else
		map_put(&p->locals, text, (uint32_t)p->used.n);
	vec_push(p->to->arena, &p->used, text);
	put_byte(p, 1);
}

/* 0 the empty name, 1 the next new one, else one seen before. */
static void put_name(struct packer *p, name text)
{
	uint32_t number = text ? local_of(p, text) : 0;
	if (text && !number)
		put_new_name(p, text);
	else
		put(p, number + (number > 0));
}

static void make_room(struct packer *p)
{
	if (p->n > STAGE - LONGEST_ITEM)
		flush(p);
}

/* ---- expressions ---- */

static uint8_t code_of(const struct expr *expr)
{
	uint8_t has = wire_has[expr->kind];
	bool is_empty = has & WIRE_HAS_CHILDREN && !expr->first;
	if ((expr->first && !(has & WIRE_HAS_CHILDREN)) || (expr->text && !(has & WIRE_HAS_TEXT)) ||
	    (is_empty && expr->op))
		return WIRE_ODD;
	uint8_t special = is_empty ? wire_empty_code[expr->kind] : expr->op ? wire_op_code[expr->kind] : expr->kind;
	return special || (!is_empty && !expr->op) ? special : WIRE_ODD;
}

static void put_expr(struct packer *p, const struct expr *expr, bool is_last)
{
	make_room(p);
	if (expr->line != p->line) {
		put_byte(p, WIRE_LINE);
		put_change(p, p->line, expr->line);
	}
	uint8_t code = code_of(expr);
	bool moves = expr->at != p->at;
	put_byte(p, (uint8_t)(code | (moves ? WIRE_AT : 0) | (is_last ? WIRE_LAST : 0)));
	if (code == WIRE_ODD) {
		put_byte(p, expr->kind);
		put_byte(p, expr->op);
		put_byte(p, expr->first != 0);
	} else if (code >= WIRE_OP && code < WIRE_EMPTY) {
		put_byte(p, expr->op);
	}
	if (moves)
		put_change(p, p->at, expr->at);
	if (code == WIRE_ODD || wire_has[expr->kind] & WIRE_HAS_TEXT)
		put_name(p, expr->text);
	p->at = expr->at;
	p->line = expr->line;
	p->n_exprs++;
}

/* The trees of a chain, which is not empty. */
static void put_trees(struct packer *p, uint32_t i)
{
	size_t base = p->pending.n;
	for (;;) {
		const struct expr *expr = &p->facts->exprs.at[i];
		put_expr(p, expr, !expr->next);
		if (expr->first && expr->next)
			vec_push(p->to->arena, &p->pending, expr->next);
		i = expr->first ? expr->first : expr->next;
		if (!i && p->pending.n == base)
			return;
		if (!i)
			i = p->pending.at[--p->pending.n];
	}
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
	unsigned flags = (def->is_async ? WIRE_DEF_ASYNC : 0) | (def->is_generator ? WIRE_DEF_GENERATOR : 0) |
	                 (def->decorators ? WIRE_DEF_DECORATORS : 0) | (def->bases ? WIRE_DEF_BASES : 0);
	make_room(p);
	put_byte(p, (uint8_t)(def->kind | flags));
	put_change(p, line, def->end_line);
	if (def->decorators)
		put_trees(p, def->decorators);
	make_room(p);
	put_name(p, def->name);
	put(p, def->n_params);
	for (uint32_t i = 0; i < def->n_params; i++)
		put_param(p, &p->facts->params.at[def->params + i]);
	if (def->bases)
		put_trees(p, def->bases);
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

static void put_imports(struct packer *p, const struct stmt *stmt)
{
	put(p, stmt->count);
	for (uint32_t k = 0; k < stmt->count; k++)
		put_import(p, &p->facts->imports.at[stmt->index + k]);
}

/* Kind, nesting, place. */
static void put_stmt_head(struct packer *p, const struct stmt *stmt, uint32_t nest)
{
	const struct stmt *before = stmt - 1;
	bool is_next = stmt->line == before->line + 1;
	unsigned odd = (stmt->op ? WIRE_ODD_OP : 0) | (stmt->flags ? WIRE_ODD_FLAGS : 0) |
	               (wire_has_exprs(stmt->kind) != (stmt->expr != 0) ? WIRE_ODD_EXPRS : 0);
	put_byte(p, (uint8_t)(stmt->kind | (nest ? WIRE_STMT_NEST : 0) | (is_next ? WIRE_STMT_NEXT : 0) |
	                      (odd ? WIRE_STMT_ODD : 0)));
	if (nest)
		put(p, nest);
	if (odd)
		put_byte(p, (uint8_t)odd);
	if (!is_next)
		put_change(p, before->line, stmt->line);
	put_change(p, before->end, stmt->start);
	put(p, stmt->end - stmt->start);
	if (stmt->op)
		put_byte(p, stmt->op);
	if (stmt->flags)
		put_byte(p, stmt->flags);
}

static void put_stmt(struct packer *p, uint32_t i)
{
	const struct stmt *stmt = &p->facts->stmts.at[i];
	make_room(p);
	put_stmt_head(p, stmt, nesting(p, i));
	p->at = stmt->start;
	p->line = stmt->line;
	if (wire_is_def(stmt->kind))
		put_def(p, &p->facts->defs.at[stmt->index], stmt->line);
	if (wire_is_import(stmt->kind))
		put_imports(p, stmt);
	if (stmt->expr)
		put_trees(p, stmt->expr);
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
	map_init(&p->locals, to->arena);
	if (names->names.n <= 2 * facts->exprs.n + 4096)
		p->local = arena_array(to->arena, uint32_t, names->names.n);
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
