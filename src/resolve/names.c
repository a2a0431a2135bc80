/* Name lookup: what a name of a module, a scope or an expression means. */
#include "resolve/names.h"

#include <stdlib.h>
#include <string.h>

#include "resolve/names_own.h"

const struct facts *names_facts(const struct names *names, uint32_t file)
{
	return repo_facts(names->repo, file);
}

const struct def *names_def(const struct names *names, struct def_ref ref)
{
	return &names_facts(names, ref.file)->defs.at[ref.def];
}

struct str names_str(const struct names *names, name n)
{
	return intern_str(names->repo->names, n);
}

bool target_is(const struct names *names, struct target target, const char *dotted)
{
	return target.kind == TARGET_EXTERNAL && str_eq(names_str(names, target.text), str_of(dotted));
}

struct str names_path(const struct names *names, uint32_t file)
{
	return names->repo->files.at[file].path;
}

/* `from . import x` and `from pkg import x` where x is a file beside the package's __init__.py. */
static struct target submodule(struct names *names, uint32_t file, name what)
{
	struct str path = names_path(names, file);
	if (!str_eq(path_base(path), STR("__init__.py")))
		return (struct target){.kind = TARGET_NONE};
	struct target t = names_module_at(names, path_dir(path), names_str(names, what), 0);
	return t.kind == TARGET_MODULE ? t : (struct target){.kind = TARGET_NONE};
}

/* `dotted.what`, put together once. */
static name join(struct names *names, name dotted, name what)
{
	uint64_t key = (uint64_t)dotted << 32 | what;
	uint32_t known = map_get(&names->joined, key);
	if (known != MAP_NONE)
		return known;
	struct str text =
	        str_fmt(names->arena, "%.*s.%.*s", STR_ARG(names_str(names, dotted)), STR_ARG(names_str(names, what)));
	name made = intern(names->repo->names, text);
	map_put(&names->joined, key, made);
	return made;
}

static struct target external_member(struct names *names, name dotted, name what)
{
	return (struct target){.kind = TARGET_EXTERNAL, .text = join(names, dotted, what)};
}

static struct target member_of_module(struct names *names, struct target module, name what, uint32_t from);

static struct target import_target(struct names *names, uint32_t file, const struct import *import)
{
	struct str module = names_str(names, import->module);
	if (import->name) {
		struct target base;
		if (import->level && module.n == 0) {
			struct str folder = path_dir(names_path(names, file));
			for (unsigned i = 1; i < import->level; i++)
				folder = path_dir(folder);
			base = names_module(names, file, module, import->level);
			if (base.kind == TARGET_NONE)
				return names_module_at(names, folder, names_str(names, import->name), 0);
		} else {
			base = names_module(names, file, module, import->level);
		}
		return member_of_module(names, base, import->name, file);
	}
	if (import->has_alias)
		return names_module(names, file, module, 0);
	size_t dot = str_find(module, STR("."), 0);
	return names_module(names, file, str_slice(module, 0, dot), 0);
}

static struct target member_of_module(struct names *names, struct target module, name what, uint32_t from)
{
	switch (module.kind) {
	case TARGET_MODULE: return names_member(names, module.file, what);
	case TARGET_EXTERNAL: return external_member(names, module.text, what);
	case TARGET_PACKAGE: return names_module(names, from, names_str(names, join(names, module.text, what)), 0);
	default: return module;
	}
}

struct target names_binding_target(struct names *names, uint32_t file, const struct binding *b)
{
	if (b->kind == BIND_DEF)
		return (struct target){.kind = TARGET_DEF, .file = file, .index = b->index};
	if (b->kind == BIND_IMPORT)
		return import_target(names, file, &names_facts(names, file)->imports.at[b->index]);
	const struct scope_table *table = names_table(names, file);
	return (struct target){.kind = TARGET_VARIABLE, .file = file, .index = (uint32_t)(b - table->bindings.at)};
}

static bool is_none(const struct facts *facts, const struct binding *b)
{
	return (b->kind == BIND_ASSIGN || b->kind == BIND_SELF) && b->value &&
	       facts->exprs.at[b->value].kind == EXPR_NONE;
}

const struct binding *names_best_binding(struct names *names, uint32_t file, uint32_t owner, name what)
{
	size_t n;
	const struct facts *facts = names_facts(names, file);
	const struct binding *b = names_bindings(names, file, owner, what, &n), *best = NULL;
	for (size_t i = 0; i < n; i++) {
		bool in_handler =
		        b[i].is_conditional && facts->stmts.at[facts->stmts.at[b[i].stmt].parent].kind == STMT_EXCEPT;
		if (!best || !(is_none(facts, &b[i]) || in_handler || b[i].kind == BIND_OTHER))
			best = &b[i];
	}
	return best;
}

static enum exports read_exports(struct names *names, uint32_t file, struct scope_table *table)
{
	size_t n;
	const struct binding *b = names_bindings(names, file, 0, names->all, &n);
	if (n == 0 || !b[n - 1].value)
		return EXPORTS_PUBLIC;
	const struct facts *facts = names_facts(names, file);
	const struct expr *list = &facts->exprs.at[b[n - 1].value];
	if (list->kind != EXPR_LIST && list->kind != EXPR_TUPLE)
		return EXPORTS_ALL;
	map_init(&table->listed, names->arena);
	for (uint32_t e = list->first; e; e = facts->exprs.at[e].next) {
		if (facts->exprs.at[e].kind != EXPR_STRING)
			return EXPORTS_ALL;
		map_put(&table->listed, facts->exprs.at[e].text, 1);
	}
	return EXPORTS_LISTED;
}

static bool is_exported(struct names *names, uint32_t file, name what)
{
	struct scope_table *table = names_table(names, file);
	if (table->exports == EXPORTS_UNREAD)
		table->exports = read_exports(names, file, table);
	if (table->exports == EXPORTS_LISTED)
		return map_get(&table->listed, what) != MAP_NONE;
	return table->exports == EXPORTS_ALL || !str_starts(names_str(names, what), STR("_"));
}

static struct target star_member(struct names *names, uint32_t file, name what)
{
	const struct scope_table *table = names_table(names, file);
	for (size_t i = table->stars.n; i-- > 0;) {
		const struct import *import = &names_facts(names, file)->imports.at[table->stars.at[i]];
		struct target module = names_module(names, file, names_str(names, import->module), import->level);
		if (module.kind != TARGET_MODULE || !is_exported(names, module.file, what))
			continue;
		struct target t = names_member(names, module.file, what);
		if (t.kind != TARGET_NONE)
			return t;
	}
	return (struct target){.kind = TARGET_NONE};
}

/* A package with a `__getattr__` makes its members when asked: they are those that its modules define. */
static struct target made_on_demand(struct names *names, uint32_t file, name what)
{
	size_t n;
	struct str path = names->repo->files.at[file].path, folder = path_dir(path);
	const struct binding *b = names_bindings(names, file, 0, names->getattr, &n);
	if (!n || !str_eq(path_base(path), STR("__init__.py")))
		return (struct target){.kind = TARGET_NONE};
	for (uint32_t f = file; f < names->repo->files.n; f++) { /* those of the folder follow, by path */
		struct str other = names->repo->files.at[f].path;
		if (!str_starts(other, folder))
			break;
		b = names_bindings(names, f, 0, what, &n);
		if (n && b[n - 1].kind == BIND_DEF)
			return names_binding_target(names, f, &b[n - 1]);
	}
	return (struct target){.kind = TARGET_NONE};
}

/* A name that only functions give the module. */
static struct target global_member(struct names *names, uint32_t file, name what)
{
	size_t n;
	const uint32_t *globals = names_globals(names, file, &n);
	for (size_t i = 0; i < n; i++) {
		struct target t = {.kind = TARGET_VARIABLE, .file = file, .index = globals[i]};
		if (names_variable(names, t)->name == what)
			return t;
	}
	return (struct target){.kind = TARGET_NONE};
}

static struct target look_up(struct names *names, uint32_t file, name what)
{
	const struct binding *b = names_best_binding(names, file, 0, what);
	struct target t = b ? names_binding_target(names, file, b) : (struct target){.kind = TARGET_NONE};
	if (t.kind == TARGET_NONE)
		t = global_member(names, file, what);
	if (t.kind == TARGET_NONE)
		t = star_member(names, file, what);
	if (t.kind == TARGET_NONE)
		t = submodule(names, file, what);
	if (t.kind == TARGET_NONE)
		t = made_on_demand(names, file, what);
	return t;
}

/* Modules import each other, by stars too, in circles and over many ways.  Each name of each module is looked up at
 * most once a question: who is met again, on the way or behind it, has nothing new to say, because the first answer
 * ends the question.  An answer is kept for good when it does not rest on such a meeting, and so is that to the
 * question itself; what else is found in a circle may depend on where it was entered. */
struct target names_member(struct names *names, uint32_t file, name what)
{
	uint64_t key = (uint64_t)file << 32 | what;
	uint32_t at = map_get(&names->members, key);
	if (at == MAP_NONE) {
		at = (uint32_t)names->member_list.n;
		vec_push(names->arena, &names->member_list, (struct member){0});
		map_put(&names->members, key, at);
	}
	names->question += names->asking == 0;
	struct member *m = &names->member_list.at[at];
	if (m->is_final)
		return m->target;
	if (m->question == names->question) {
		names->cuts++;
		return m->target;
	}
	m->question = names->question;
	m->target = (struct target){.kind = TARGET_NONE};
	uint64_t cuts = names->cuts;
	names->asking++;
	struct target t = look_up(names, file, what);
	names->asking--;
	m = &names->member_list.at[at]; /* the list may have moved */
	m->target = t;
	m->is_final = names->asking == 0 || names->cuts == cuts;
	return t;
}

static int by_stmt(const void *left, const void *right)
{
	const struct binding *a = left, *b = right;
	if (a->stmt != b->stmt)
		return a->stmt < b->stmt ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

static const struct binding *in_source_order(struct names *names, struct arena *out, uint32_t file, size_t *n)
{
	const struct binding *sorted = names_scope(names, file, 0, n);
	struct binding *copy = arena_array(out, struct binding, *n + 1);
	if (*n)
		memcpy(copy, sorted, *n * sizeof *copy);
	qsort(copy, *n, sizeof *copy, by_stmt);
	return copy;
}

static void add_stars(struct names *names, struct arena *out, uint32_t file, struct map *seen, struct map *listed,
                      names_list *list)
{
	const struct scope_table *table = names_table(names, file);
	if (map_get(seen, file) != MAP_NONE)
		return;
	map_put(seen, file, 1);
	for (size_t i = 0; i < table->stars.n; i++) {
		const struct import *import = &names_facts(names, file)->imports.at[table->stars.at[i]];
		struct target module = names_module(names, file, names_str(names, import->module), import->level);
		if (module.kind != TARGET_MODULE || names_facts(names, file)->stmts.at[import->stmt].owner)
			continue;
		size_t n;
		const struct binding *b = in_source_order(names, out, module.file, &n);
		for (size_t k = 0; k < n; k++) {
			if (b[k].kind == BIND_SELF || map_get(listed, b[k].name) != MAP_NONE ||
			    !is_exported(names, module.file, b[k].name))
				continue;
			map_put(listed, b[k].name, 1);
			vec_push(out, list, b[k].name);
		}
		add_stars(names, out, module.file, seen, listed, list);
	}
}

void names_stars(struct names *names, struct arena *out, uint32_t file, names_list *list)
{
	struct map seen, listed;
	size_t n;
	if (!names_table(names, file)->stars.n)
		return;
	map_init(&seen, out);
	map_init(&listed, out);
	const struct binding *own = names_scope(names, file, 0, &n);
	for (size_t i = 0; i < n; i++)
		map_put(&listed, own[i].name, 1);
	add_stars(names, out, file, &seen, &listed, list);
}

struct target names_find(struct names *names, uint32_t file, uint32_t owner, name what)
{
	const struct facts *facts = names_facts(names, file);
	for (uint32_t scope = owner; scope; scope = facts->defs.at[scope].parent) {
		if (scope != owner && facts->defs.at[scope].kind == DEF_CLASS)
			continue; /* class scopes do not nest */
		const struct binding *b = names_best_binding(names, file, scope, what);
		if (b && b->kind != BIND_SELF && !names_is_global(names, file, scope, what))
			return names_binding_target(names, file, b);
	}
	struct target t = names_member(names, file, what);
	return t.kind == TARGET_NONE ? external_member(names, intern(names->repo->names, STR("builtins")), what) : t;
}

struct target names_attribute(struct names *names, struct target object, name attribute)
{
	switch (object.kind) {
	case TARGET_MODULE:
	case TARGET_PACKAGE:
	case TARGET_EXTERNAL:
		return member_of_module(names, object, attribute, object.kind == TARGET_MODULE ? object.file : 0);
	case TARGET_DEF:
		if (names_def(names, (struct def_ref){object.file, object.index})->kind == DEF_CLASS)
			return names_class_member(names, (struct def_ref){object.file, object.index}, attribute);
		return (struct target){.kind = TARGET_NONE};
	default: return (struct target){.kind = TARGET_NONE};
	}
}

struct target names_expr(struct names *names, uint32_t file, uint32_t owner, uint32_t expr)
{
	const struct facts *facts = names_facts(names, file);
	const struct expr *e = &facts->exprs.at[expr];
	if (e->kind == EXPR_NAME)
		return names_find(names, file, owner, e->text);
	if (e->kind != EXPR_ATTRIBUTE)
		return (struct target){.kind = TARGET_NONE};
	struct target object = names_expr(names, file, owner, e->first);
	if (object.kind == TARGET_PACKAGE)
		return names_module(names, file, names_str(names, join(names, object.text, e->text)), 0);
	return names_attribute(names, object, e->text);
}

struct str names_dotted(struct arena *out, const struct repo *repo, uint32_t file, uint32_t expr)
{
	const struct facts *facts = repo_facts(repo, file);
	const struct expr *e = &facts->exprs.at[expr];
	struct str text = intern_str(repo->names, e->text);
	if (e->kind == EXPR_NAME)
		return text;
	if (e->kind != EXPR_ATTRIBUTE)
		return STR_NONE;
	struct str object = names_dotted(out, repo, file, e->first);
	return object.n ? str_fmt(out, "%.*s.%.*s", STR_ARG(object), STR_ARG(text)) : object;
}

static void forget_all(struct names *names)
{
	names->tables = arena_array(names->arena, struct scope_table *, names->repo->files.n + 1);
	map_init(&names->imports, names->arena);
	map_init(&names->packages, names->arena);
	map_init(&names->members, names->arena);
	map_init(&names->joined, names->arena);
	map_init(&names->mros, names->arena);
}

void names_begin(struct names *names, struct arena *out, const struct names *ground, const struct repo *repo)
{
	*names = (struct names){.repo = repo,
	                        .pytest = ground->pytest,
	                        .arena = out,
	                        .roots = ground->roots,
	                        .folders = ground->folders,
	                        .starts = ground->starts,
	                        .all = ground->all,
	                        .getattr = ground->getattr,
	                        .catalogue = ground->catalogue,
	                        .given = ground->given,
	                        .words = ground->words,
	                        .without = ground->without};
	names->start_lists.at = ground->start_lists.at;
	names->start_lists.n = ground->start_lists.n;
	forget_all(names);
}

void names_init(struct names *names, struct arena *out, const struct repo *repo, const struct config *config,
                const struct pytest_config *pytest)
{
	*names = (struct names){.repo = repo, .pytest = pytest, .arena = out, .catalogue = &config->catalogue};
	names->given = &config->given;
	words_init(&names->words, out, &config->catalogue);
	names->all = intern(repo->names, STR("__all__"));
	names->getattr = intern(repo->names, STR("__getattr__"));
	names->folders = arena_array(out, name, repo->files.n + 1);
	for (size_t i = 0; i < repo->files.n; i++)
		names->folders[i] = intern(repo->names, path_dir(repo->files.at[i].path));
	forget_all(names);
	names_roots(names, config, pytest);
}
