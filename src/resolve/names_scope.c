/* Bindings of a file by scope, in tables made on first use. */
#include <stdlib.h>

#include "resolve/names_own.h"

static int by_scope(const void *left, const void *right)
{
	const struct binding *a = left, *b = right;
	if (a->owner != b->owner)
		return a->owner < b->owner ? -1 : 1;
	if (a->name != b->name)
		return a->name < b->name ? -1 : 1;
	if (a->stmt != b->stmt)
		return a->stmt < b->stmt ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

struct binder {
	struct names *names;
	const struct facts *facts;
	struct scope_table *table;
};

static bool is_conditional(const struct facts *facts, const struct stmt *stmt)
{
	for (uint32_t p = stmt->parent; p; p = facts->stmts.at[p].parent) {
		uint8_t kind = facts->stmts.at[p].kind;
		if (kind == STMT_FUNCTION || kind == STMT_CLASS)
			return false;
		if (kind != STMT_WITH && kind != STMT_TRY && kind != STMT_FINALLY)
			return true;
	}
	return false;
}

static void bind(struct binder *b, struct binding binding)
{
	if (binding.name)
		vec_push(b->names->arena, &b->table->bindings, binding);
}

/* `self.x = value` in a method binds x in the class. */
static void bind_self(struct binder *b, const struct expr *target, struct binding binding)
{
	const struct expr *object = &b->facts->exprs.at[target->first];
	const struct def *method = &b->facts->defs.at[binding.owner];
	if (object->kind != EXPR_NAME || method->kind != DEF_FUNCTION || !method->n_params)
		return;
	if (b->facts->defs.at[method->parent].kind != DEF_CLASS ||
	    b->facts->params.at[method->params].name != object->text)
		return;
	binding.kind = BIND_SELF;
	binding.owner = method->parent;
	binding.name = target->text;
	bind(b, binding);
}

static void bind_target(struct binder *b, uint32_t target, struct binding binding)
{
	const struct expr *e = &b->facts->exprs.at[target];
	switch (e->kind) {
	case EXPR_NAME:
		binding.name = e->text;
		bind(b, binding);
		break;
	case EXPR_ATTRIBUTE: bind_self(b, e, binding); break;
	case EXPR_STAR: bind_target(b, e->first, binding); break;
	case EXPR_TUPLE:
	case EXPR_LIST:
		for (uint32_t c = e->first, item = 1; c; c = b->facts->exprs.at[c].next, item++) {
			binding.item = item;
			bind_target(b, c, binding);
		}
		break;
	default: break;
	}
}

static uint32_t last_expr(const struct facts *facts, uint32_t chain)
{
	while (chain && facts->exprs.at[chain].next)
		chain = facts->exprs.at[chain].next;
	return chain;
}

static void bind_assign(struct binder *b, const struct stmt *s, struct binding binding)
{
	uint32_t value = last_expr(b->facts, s->expr);
	binding.value = value;
	for (uint32_t e = s->expr; e && e != value; e = b->facts->exprs.at[e].next)
		bind_target(b, e, binding);
}

static void bind_with(struct binder *b, const struct stmt *s, struct binding binding)
{
	for (uint32_t e = s->expr; e; e = b->facts->exprs.at[e].next) {
		const struct expr *item = &b->facts->exprs.at[e];
		if (item->kind != EXPR_AS)
			continue;
		binding.value = item->first;
		bind_target(b, b->facts->exprs.at[item->first].next, binding);
	}
}

static void bind_imports(struct binder *b, const struct stmt *s, struct binding binding)
{
	for (uint32_t i = s->index; i < s->index + s->count; i++) {
		const struct import *import = &b->facts->imports.at[i];
		if (str_eq(names_str(b->names, import->name), STR("*"))) {
			vec_push(b->names->arena, &b->table->stars, i);
			continue;
		}
		binding.name = import->bound;
		binding.index = i;
		bind(b, binding);
	}
}

static void bind_stmt(struct binder *b, uint32_t index)
{
	const struct stmt *s = &b->facts->stmts.at[index];
	struct binding binding = {.owner = s->owner, .stmt = index, .is_conditional = is_conditional(b->facts, s)};
	uint32_t first = s->expr, second = first ? b->facts->exprs.at[first].next : 0;
	switch (s->kind) {
	case STMT_ASSIGN:
		binding.kind = BIND_ASSIGN;
		bind_assign(b, s, binding);
		break;
	case STMT_ANNOTATE:
		binding.kind = BIND_ASSIGN;
		binding.value = second ? b->facts->exprs.at[second].next : 0;
		if (binding.value)
			bind_target(b, first, binding);
		break;
	case STMT_AUGMENT:
		binding.kind = BIND_OTHER;
		binding.value = second;
		bind_target(b, first, binding);
		break;
	case STMT_FOR:
		binding.kind = BIND_LOOP;
		binding.value = second;
		if (first)
			bind_target(b, first, binding);
		break;
	case STMT_WITH:
		binding.kind = BIND_WITH;
		bind_with(b, s, binding);
		break;
	case STMT_IMPORT:
	case STMT_FROM:
		binding.kind = BIND_IMPORT;
		bind_imports(b, s, binding);
		break;
	case STMT_FUNCTION:
	case STMT_CLASS:
		binding.kind = BIND_DEF;
		binding.index = s->index;
		binding.name = b->facts->defs.at[s->index].name;
		bind(b, binding);
		break;
	default: break;
	}
}

static size_t lower_bound(const struct scope_table *table, uint32_t owner, name what)
{
	size_t low = 0, high = table->bindings.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct binding *b = &table->bindings.at[middle];
		if (b->owner < owner || (b->owner == owner && b->name < what))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A `nonlocal` means a name of a function around it. */
static bool is_nonlocal(struct binder *b, uint32_t function, name what)
{
	for (uint32_t outer = b->facts->defs.at[function].parent; outer; outer = b->facts->defs.at[outer].parent) {
		const struct def *def = &b->facts->defs.at[outer];
		for (uint32_t i = 0; i < def->n_params; i++)
			if (b->facts->params.at[def->params + i].name == what)
				return true;
		size_t at = lower_bound(b->table, outer, what);
		if (def->kind == DEF_FUNCTION && at < b->table->bindings.n &&
		    b->table->bindings.at[at].owner == outer && b->table->bindings.at[at].name == what)
			return true;
	}
	return false;
}

/* The bindings that a `global` statement makes the module's. */
static void find_globals(struct binder *b)
{
	for (uint32_t i = 1; i < b->facts->stmts.n; i++) {
		const struct stmt *s = &b->facts->stmts.at[i];
		for (uint32_t e = s->kind == STMT_GLOBAL ? s->expr : 0; e; e = b->facts->exprs.at[e].next) {
			name what = b->facts->exprs.at[e].text;
			if (is_nonlocal(b, s->owner, what))
				continue;
			for (size_t at = lower_bound(b->table, s->owner, what);
			     at < b->table->bindings.n && b->table->bindings.at[at].owner == s->owner &&
			     b->table->bindings.at[at].name == what;
			     at++)
				vec_push(b->names->arena, &b->table->globals, (uint32_t)at);
		}
	}
}

struct scope_table *names_table(struct names *names, uint32_t file)
{
	if (names->tables[file])
		return names->tables[file];
	struct scope_table *table = arena_new(names->arena, struct scope_table);
	struct binder b = {names, names_facts(names, file), table};
	for (uint32_t i = 1; i < b.facts->stmts.n; i++)
		bind_stmt(&b, i);
	if (table->bindings.n)
		qsort(table->bindings.at, table->bindings.n, sizeof *table->bindings.at, by_scope);
	find_globals(&b);
	names->tables[file] = table;
	return table;
}

const struct binding *names_bindings(struct names *names, uint32_t file, uint32_t owner, name what, size_t *n)
{
	const struct scope_table *table = names_table(names, file);
	size_t from = lower_bound(table, owner, what), to = from;
	while (to < table->bindings.n && table->bindings.at[to].owner == owner && table->bindings.at[to].name == what)
		to++;
	*n = to - from;
	return table->bindings.at + from;
}

const struct binding *names_scope(struct names *names, uint32_t file, uint32_t owner, size_t *n)
{
	const struct scope_table *table = names_table(names, file);
	size_t from = lower_bound(table, owner, 0), to = lower_bound(table, owner + 1, 0);
	*n = to - from;
	return table->bindings.at + from;
}

const uint32_t *names_globals(struct names *names, uint32_t file, size_t *n)
{
	const struct scope_table *table = names_table(names, file);
	*n = table->globals.n;
	return table->globals.at;
}

bool names_is_global(struct names *names, uint32_t file, uint32_t owner, name what)
{
	const struct scope_table *table = names_table(names, file);
	for (size_t i = 0; i < table->globals.n; i++) {
		const struct binding *b = &table->bindings.at[table->globals.at[i]];
		if (b->owner == owner && b->name == what)
			return true;
	}
	return false;
}

const struct binding *names_variable(struct names *names, struct target variable)
{
	return &names_table(names, variable.file)->bindings.at[variable.index];
}
