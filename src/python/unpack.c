/* The reading side.  Nothing in the bytes is believed: after a failure `left` is 0, every number read is 0, and all
 * loops run out. */
#include <string.h>

#include "base/hash.h"
#include "python/pack.h"
#include "python/wire.h"

struct unpacker {
	const uint8_t *at;
	size_t left; /* bytes */
	bool is_bad;
	struct arena *out;
	struct facts *facts;
	name *names;                                            /* by number in these bytes */
	uint32_t n_names, seen;                                 /* seen: the highest number used so far */
	uint32_t n_exprs, n_stmts, n_defs, n_params, n_imports; /* there shall be */
	uint32_t expr_at, expr_line;
	uint32_t *open; /* nodes whose children are being read, and have siblings to come */
};

static uint32_t bad(struct unpacker *u)
{
	u->is_bad = true;
	u->left = 0;
	return 0;
}

static uint8_t get_byte(struct unpacker *u)
{
	if (u->left == 0)
		return (uint8_t)bad(u);
	u->left--;
	return *u->at++;
}

static uint32_t get(struct unpacker *u)
{
	uint32_t value = 0;
	for (unsigned shift = 0; shift < 35; shift += 7) {
		uint8_t byte = get_byte(u);
		if (shift == 28 && byte > 0x0f)
			return bad(u);
		value |= (uint32_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	return bad(u);
}

static uint32_t get_change(struct unpacker *u, uint32_t from)
{
	uint32_t zigzag = get(u);
	return from + (zigzag >> 1 ^ (0 - (zigzag & 1)));
}

/* A number of things of which each takes a byte at least. */
static uint32_t get_count(struct unpacker *u)
{
	uint32_t n = get(u);
	return n > u->left ? bad(u) : n;
}

static name get_name(struct unpacker *u)
{
	uint32_t code = get(u);
	if (code == 0)
		return 0;
	uint32_t number = code == 1 ? ++u->seen : code - 1;
	if (number > u->seen || number > u->n_names)
		return bad(u);
	return u->names[number];
}

/* ---- expressions ---- */

/* What the first bytes of an expression say. */
struct head {
	uint8_t kind, op;
	bool has_text, has_children, is_last, moves;
};

static uint8_t get_code(struct unpacker *u)
{
	for (;;) {
		uint8_t first = get_byte(u);
		if ((first & WIRE_CODE) != WIRE_LINE)
			return first;
		u->expr_line = get_change(u, u->expr_line);
	}
}

/* True when the code is known. */
static bool get_kind(struct unpacker *u, uint8_t code, struct head *head)
{
	bool is_empty = code >= WIRE_EMPTY && code < WIRE_EMPTY + WIRE_EMPTY_KINDS;
	if (code < WIRE_EXPR_KINDS) {
		head->kind = code;
	} else if (code >= WIRE_OP && code < WIRE_OP + WIRE_OP_KINDS) {
		head->kind = wire_op_kinds[code - WIRE_OP];
		head->op = get_byte(u);
	} else if (is_empty) {
		head->kind = wire_empty_kinds[code - WIRE_EMPTY];
	} else {
		return false;
	}
	head->has_text = wire_has[head->kind] & WIRE_HAS_TEXT;
	head->has_children = wire_has[head->kind] & WIRE_HAS_CHILDREN && !is_empty;
	return true;
}

static struct head get_head(struct unpacker *u)
{
	uint8_t first = get_code(u);
	struct head head = {.is_last = first & WIRE_LAST, .moves = first & WIRE_AT};
	if ((first & WIRE_CODE) == WIRE_ODD) {
		head.kind = get_byte(u);
		head.op = get_byte(u);
		head.has_children = get_byte(u);
		head.has_text = true;
	} else if (!get_kind(u, first & WIRE_CODE, &head)) {
		bad(u);
	}
	if (head.kind >= WIRE_EXPR_KINDS ||
	    head.op > (head.kind == EXPR_COMPREHENSION ? WIRE_EXPR_KINDS - 1 : OP_INVERT))
		bad(u);
	return head;
}

/* One node. */
static uint32_t get_expr(struct unpacker *u, struct head *head)
{
	if (u->facts->exprs.n > u->n_exprs)
		return bad(u);
	*head = get_head(u);
	if (head->moves)
		u->expr_at = get_change(u, u->expr_at);
	name text = head->has_text ? get_name(u) : 0;
	if (u->is_bad)
		return 0;
	uint32_t i = (uint32_t)u->facts->exprs.n++;
	u->facts->exprs.at[i] =
	        (struct expr){.kind = head->kind, .op = head->op, .at = u->expr_at, .line = u->expr_line, .text = text};
	return i;
}

/* The trees of a chain; gives the first. */
static uint32_t get_trees(struct unpacker *u)
{
	struct head head;
	uint32_t first = get_expr(u, &head), node = first, n = 0;
	while (!u->is_bad) {
		if (head.has_children && n == WIRE_DEEPEST)
			return bad(u);
		if (head.has_children) {
			u->open[n++] = head.is_last ? 0 : node;
			node = get_expr(u, &head);
			if (node)
				u->facts->exprs.at[node - 1].first = node;
			continue;
		}
		uint32_t elder = head.is_last ? 0 : node;
		while (!elder && n)
			elder = u->open[--n];
		if (!elder)
			return first;
		node = get_expr(u, &head);
		u->facts->exprs.at[elder].next = node;
	}
	return 0;
}

/* ---- what a statement holds ---- */

static void get_param(struct unpacker *u)
{
	if (u->facts->params.n == u->n_params) {
		bad(u);
		return;
	}
	struct param *param = &u->facts->params.at[u->facts->params.n++];
	uint8_t flags = get_byte(u);
	param->kind = flags & WIRE_PARAM_KIND;
	if (param->kind > PARAM_KEYWORDS)
		bad(u);
	param->name = get_name(u);
	if (flags & WIRE_PARAM_ANNOTATION)
		param->annotation = get_trees(u);
	if (flags & WIRE_PARAM_INITIAL)
		param->initial = get_trees(u);
}

static void get_def(struct unpacker *u, struct stmt *stmt, uint32_t stmt_index)
{
	if (u->facts->defs.n > u->n_defs) {
		bad(u);
		return;
	}
	stmt->index = (uint32_t)u->facts->defs.n++;
	struct def *def = &u->facts->defs.at[stmt->index];
	uint8_t flags = get_byte(u);
	def->kind = flags & WIRE_DEF_KIND;
	if (def->kind != (stmt->kind == STMT_CLASS ? DEF_CLASS : DEF_FUNCTION))
		bad(u);
	def->is_async = flags & WIRE_DEF_ASYNC;
	def->is_generator = flags & WIRE_DEF_GENERATOR;
	def->stmt = stmt_index;
	def->parent = stmt->owner;
	def->end_line = get_change(u, stmt->line);
	if (flags & WIRE_DEF_DECORATORS)
		def->decorators = get_trees(u);
	def->name = get_name(u);
	def->params = (uint32_t)u->facts->params.n;
	def->n_params = get_count(u);
	for (uint32_t i = 0; i < def->n_params && !u->is_bad; i++)
		get_param(u);
	if (flags & WIRE_DEF_BASES)
		def->bases = get_trees(u);
}

static void get_import(struct unpacker *u, uint32_t stmt_index)
{
	if (u->facts->imports.n == u->n_imports) {
		bad(u);
		return;
	}
	struct import *import = &u->facts->imports.at[u->facts->imports.n++];
	uint32_t level = get(u);
	if (level > UINT8_MAX * 2 + 1)
		bad(u);
	import->stmt = stmt_index;
	import->level = (uint8_t)(level / 2);
	import->has_alias = level & 1;
	import->module = get_name(u);
	import->name = get_name(u);
	import->bound = get_name(u);
}

static void get_imports(struct unpacker *u, struct stmt *stmt, uint32_t stmt_index)
{
	stmt->index = (uint32_t)u->facts->imports.n;
	stmt->count = get_count(u);
	for (uint32_t i = 0; i < stmt->count && !u->is_bad; i++)
		get_import(u, stmt_index);
}

/* ---- statements ---- */

/* Links statement i behind its elder sibling, or as the first of its parent and of the def around it. */
static void place(struct unpacker *u, uint32_t i, uint32_t nest)
{
	struct stmt *stmts = u->facts->stmts.at;
	uint32_t before = i - 1, elder = before, parent = stmts[before].parent;
	if (nest == 1) {
		parent = before;
		elder = 0;
	}
	for (uint32_t k = 1; k < nest && elder; k++)
		elder = stmts[elder].parent;
	if (nest > 1)
		parent = elder ? stmts[elder].parent : bad(u);
	stmts[i].parent = parent;
	if (elder) {
		stmts[elder].next = i;
		stmts[i].owner = stmts[elder].owner;
		return;
	}
	const struct stmt *head = &stmts[parent];
	bool is_of_def = parent == 0 || wire_is_def(head->kind);
	stmts[i].owner = parent && is_of_def ? head->index : head->owner;
	if (parent)
		stmts[parent].body = i;
	if (is_of_def)
		u->facts->defs.at[stmts[i].owner].body = i;
}

/* Kind, nesting, place; true when it has expressions. */
static bool get_stmt_head(struct unpacker *u, uint32_t i)
{
	struct stmt *stmt = &u->facts->stmts.at[i], *before = stmt - 1;
	uint8_t first = get_byte(u);
	stmt->kind = first & WIRE_STMT_KIND;
	uint32_t nest = first & WIRE_STMT_NEST ? get(u) : 0;
	if (stmt->kind == STMT_NONE || stmt->kind > STMT_BROKEN || (i == 1 && nest))
		bad(u);
	if (u->is_bad)
		return false;
	place(u, i, nest);
	uint8_t odd = first & WIRE_STMT_ODD ? get_byte(u) : 0;
	stmt->line = first & WIRE_STMT_NEXT ? before->line + 1 : get_change(u, before->line);
	stmt->start = get_change(u, before->end);
	stmt->end = stmt->start + get(u);
	stmt->op = odd & WIRE_ODD_OP ? get_byte(u) : 0;
	stmt->flags = odd & WIRE_ODD_FLAGS ? get_byte(u) : 0;
	if (stmt->op > OP_INVERT)
		bad(u);
	return wire_has_exprs(stmt->kind) != ((odd & WIRE_ODD_EXPRS) != 0);
}

static void get_stmt(struct unpacker *u, uint32_t i)
{
	struct stmt *stmt = &u->facts->stmts.at[i];
	bool has_exprs = get_stmt_head(u, i);
	u->expr_at = stmt->start;
	u->expr_line = stmt->line;
	if (wire_is_def(stmt->kind))
		get_def(u, stmt, i);
	else if (wire_is_import(stmt->kind))
		get_imports(u, stmt, i);
	if (has_exprs && !u->is_bad)
		stmt->expr = get_trees(u);
}

/* ---- the whole ---- */

static void get_names(struct unpacker *u, struct intern *names)
{
	for (uint32_t i = 1; i <= u->n_names; i++) {
		uint32_t n = get_count(u);
		if (u->is_bad)
			return;
		u->names[i] = intern(names, (struct str){(const char *)u->at, n});
		u->at += n;
		u->left -= n;
	}
}

static void get_rest(struct unpacker *u, uint32_t n_faults, uint32_t n_remarks)
{
	struct fault before = {0};
	for (uint32_t i = 0; i < n_faults && !u->is_bad; i++) {
		struct fault *fault = &u->facts->faults.at[u->facts->faults.n++];
		fault->kind = get_byte(u);
		fault->at = get_change(u, before.at);
		fault->line = get_change(u, before.line);
		if (fault->kind > FAULT_SIZE)
			bad(u);
		before = *fault;
	}
	uint32_t line = 0;
	for (uint32_t i = 0; i < n_remarks && !u->is_bad; i++) {
		struct remark *remark = &u->facts->remarks.at[u->facts->remarks.n++];
		remark->line = line = get_change(u, line);
		remark->text = get_name(u);
	}
}

#define ROOM(u, vec, count)                                                                                            \
	((vec).at = arena_alloc((u)->out, arena_size((u)->out, (count), sizeof *(vec).at)), (vec).cap = (count))

static void get_facts(struct unpacker *u, struct intern *names)
{
	struct facts *facts = u->facts;
	u->n_names = get_count(u);
	u->n_exprs = get_count(u);
	u->n_stmts = get_count(u);
	u->n_defs = get_count(u);
	u->n_params = get_count(u);
	u->n_imports = get_count(u);
	uint32_t n_faults = get_count(u), n_remarks = get_count(u), lines = get(u), end_line = get(u);
	if (u->is_bad)
		return;
	ROOM(u, facts->exprs, u->n_exprs + 1);
	ROOM(u, facts->stmts, u->n_stmts + 1);
	ROOM(u, facts->defs, u->n_defs + 1);
	ROOM(u, facts->params, u->n_params);
	ROOM(u, facts->imports, u->n_imports);
	ROOM(u, facts->faults, n_faults);
	ROOM(u, facts->remarks, n_remarks);
	facts->exprs.n = facts->stmts.n = facts->defs.n = 1;
	facts->defs.at[0].end_line = end_line;
	facts->lines = lines;
	u->names = arena_array(u->out, name, u->n_names + 1);
	u->open = arena_raw(u->out, WIRE_DEEPEST * sizeof *u->open);
	get_names(u, names);
	for (uint32_t i = 1; i <= u->n_stmts && !u->is_bad; i++) {
		facts->stmts.n++;
		get_stmt(u, i);
	}
	get_rest(u, n_faults, n_remarks);
}

/* Everything that was promised came, and nothing else. */
static bool is_complete(const struct unpacker *u)
{
	const struct facts *facts = u->facts;
	return !u->is_bad && u->left == 0 && u->seen == u->n_names && facts->exprs.n == (size_t)u->n_exprs + 1 &&
	       facts->defs.n == (size_t)u->n_defs + 1 && facts->params.n == u->n_params &&
	       facts->imports.n == u->n_imports;
}

static uint64_t hash_at(const char *at)
{
	uint64_t hash = 0;
	for (int i = 0; i < WIRE_HASH_SIZE; i++)
		hash |= (uint64_t)(unsigned char)at[i] << 8 * i;
	return hash;
}

bool facts_unpack(struct arena *out, struct intern *names, struct str bytes, struct facts *facts, struct err *err)
{
	*facts = (struct facts){0};
	if (bytes.n < WIRE_MAGIC_SIZE + WIRE_HASH_SIZE || memcmp(bytes.at, "LWF", 3) != 0)
		return fail(err, "these are no packed facts");
	if (bytes.at[3] != FACTS_VERSION)
		return fail(err, "the packed facts are of version %d, not %d", bytes.at[3], FACTS_VERSION);
	size_t n = bytes.n - WIRE_HASH_SIZE;
	if (hash64((struct str){bytes.at, n}) != hash_at(bytes.at + n))
		return fail(err, "the packed facts are damaged: their checksum differs");
	struct unpacker u = {
	        .at = (const uint8_t *)bytes.at + WIRE_MAGIC_SIZE,
	        .left = n - WIRE_MAGIC_SIZE,
	        .out = out,
	        .facts = facts,
	};
	get_facts(&u, names);
	if (is_complete(&u))
		return true;
	*facts = (struct facts){0};
	return fail(err, "the packed facts are damaged");
}
