/* Name lookup.  Scope tables are made per file on first use; import lookups are remembered per folder.
 *
 * Where modules may start: Python's sys.path is not in the tree, so every folder that could stand on it is
 * tried, nearest first: the folders above the importing file that are not packages themselves (pytest's
 * "prepend" puts them there), the roots of the config and of `pythonpath`, `src`, and last any other folder of
 * the tree in which the first component is a regular package, the one sharing most of its path winning: in a
 * suite of many small roots the sibling `conftest` is meant, not a distant one. */
#include "resolve/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

struct scope_table {
	VEC(struct binding) bindings;
	VEC(uint32_t) stars; /* imports */
	uint8_t exports;     /* enum exports */
	struct map listed;   /* names in __all__ */
};

/* What a star import takes of a module. */
enum exports { EXPORTS_UNREAD, EXPORTS_PUBLIC, EXPORTS_ALL, EXPORTS_LISTED };

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

static struct str file_path(const struct names *names, uint32_t file)
{
	return names->repo->files.at[file].path;
}

/* ---- scope tables ---- */

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

static struct scope_table *table_of(struct names *names, uint32_t file)
{
	if (names->tables[file])
		return names->tables[file];
	struct scope_table *table = arena_new(names->arena, struct scope_table);
	struct binder b = {names, names_facts(names, file), table};
	for (uint32_t i = 1; i < b.facts->stmts.n; i++)
		bind_stmt(&b, i);
	if (table->bindings.n)
		qsort(table->bindings.at, table->bindings.n, sizeof *table->bindings.at, by_scope);
	names->tables[file] = table;
	return table;
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

const struct binding *names_bindings(struct names *names, uint32_t file, uint32_t owner, name what, size_t *n)
{
	const struct scope_table *table = table_of(names, file);
	size_t from = lower_bound(table, owner, what), to = from;
	while (to < table->bindings.n && table->bindings.at[to].owner == owner && table->bindings.at[to].name == what)
		to++;
	*n = to - from;
	return table->bindings.at + from;
}

const struct binding *names_scope(struct names *names, uint32_t file, uint32_t owner, size_t *n)
{
	const struct scope_table *table = table_of(names, file);
	size_t from = lower_bound(table, owner, 0), to = lower_bound(table, owner + 1, 0);
	*n = to - from;
	return table->bindings.at + from;
}

const struct binding *names_variable(struct names *names, struct target variable)
{
	return &table_of(names, variable.file)->bindings.at[variable.index];
}

/* ---- modules ---- */

static uint32_t file_index(const struct names *names, struct str path)
{
	const struct source_file *file = repo_file(names->repo, path);
	return file ? (uint32_t)(file - names->repo->files.at) : REF_NOWHERE;
}

static bool folder_has_files(const struct names *names, struct str folder)
{
	size_t low = 0, high = names->repo->files.n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct str path = names->repo->files.at[middle].path;
		int order = str_cmp(str_slice(path, 0, folder.n), folder);
		if (order > 0 || (order == 0 && path.n > folder.n && path.at[folder.n] >= '/'))
			high = middle;
		else
			low = middle + 1;
	}
	if (low == names->repo->files.n)
		return false;
	struct str path = names->repo->files.at[low].path;
	return path.n > folder.n && str_starts(path, folder) && path.at[folder.n] == '/';
}

static bool is_package(struct names *names, struct str folder)
{
	uint64_t key = intern(names->repo->names, folder);
	uint32_t known = map_get(&names->packages, key);
	if (known != MAP_NONE)
		return known;
	bool is = file_index(names, path_join(names->arena, folder, STR("__init__.py"))) != REF_NOWHERE;
	map_put(&names->packages, key, is);
	return is;
}

/* The module at `root`/`relative` (slashes for dots); kind TARGET_NONE when there is none. */
static struct target module_at(struct names *names, struct str root, struct str relative, name dotted)
{
	struct str stem = path_join(names->arena, root, relative);
	uint32_t file = file_index(names, str_fmt(names->arena, "%.*s/__init__.py", STR_ARG(stem)));
	if (file == REF_NOWHERE)
		file = file_index(names, str_fmt(names->arena, "%.*s.py", STR_ARG(stem)));
	if (file != REF_NOWHERE)
		return (struct target){.kind = TARGET_MODULE, .file = file};
	if (relative.n && folder_has_files(names, stem))
		return (struct target){.kind = TARGET_PACKAGE, .text = dotted};
	return (struct target){.kind = TARGET_NONE};
}

static bool catalogue_knows(const struct names *names, struct str first)
{
	for (size_t i = 0; i < names->catalogue->services.n; i++) {
		const struct service *s = &names->catalogue->services.at[i];
		for (size_t k = 0; k < s->modules.n; k++)
			if (str_eq(str_slice(s->modules.at[k], 0, str_find(s->modules.at[k], STR("."), 0)), first))
				return true;
	}
	return false;
}

static size_t shared_prefix(struct str a, struct str b)
{
	size_t n = 0, whole = 0;
	for (; n < a.n && n < b.n && a.at[n] == b.at[n]; n++)
		if (a.at[n] == '/')
			whole = n;
	if ((n == a.n || a.at[n] == '/') && (n == b.n || b.at[n] == '/'))
		whole = n;
	return whole;
}

struct search {
	struct names *names;
	struct str from;     /* folder of the importing file */
	struct str relative; /* a/b/c */
	name dotted;
	struct target package; /* a namespace package, should nothing better come */
};

static bool try_root(struct search *s, struct str root, struct target *found)
{
	struct target t = module_at(s->names, root, s->relative, s->dotted);
	if (t.kind == TARGET_PACKAGE && s->package.kind == TARGET_NONE)
		s->package = t;
	*found = t;
	return t.kind == TARGET_MODULE;
}

/* Folders above the importing file, nearest first: those that are not packages can stand on sys.path. */
static bool try_ancestors(struct search *s, struct target *found)
{
	for (struct str folder = s->from;; folder = path_dir(folder)) {
		if (!is_package(s->names, folder)) {
			if (try_root(s, folder, found))
				return true;
			if (try_root(s, path_join(s->names->arena, folder, STR("src")), found))
				return true;
		}
		if (folder.n == 0)
			return false;
	}
}

static bool try_elsewhere(struct search *s, struct str first, struct target *found)
{
	uint32_t at = map_get(&s->names->starts, intern_find(s->names->repo->names, first));
	if (at == MAP_NONE)
		return false;
	const strs *folders = &s->names->start_lists.at[at];
	size_t best = SIZE_MAX, best_shared = 0;
	for (size_t i = 0; i < folders->n; i++) {
		struct target t;
		size_t shared = shared_prefix(folders->at[i], s->from);
		if ((best == SIZE_MAX || shared > best_shared) && try_root(s, folders->at[i], &t)) {
			best = i;
			best_shared = shared;
			*found = t;
		}
	}
	return best != SIZE_MAX;
}

/* Modules that are imported before any test is: no folder of the tree stands in for them.  pytest's own tree holds
 * itself, and a test's `pytest.mark` is the running one's. */
static bool is_running(struct str first)
{
	static const char *const known[] = {"pytest",    "_pytest", "unittest",    "typing",     "enum",
	                                    "functools", "abc",     "dataclasses", "contextlib", "collections",
	                                    "os",        "sys",     "re",          "inspect"};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (str_eq(first, str_of(known[i])))
			return true;
	return false;
}

static struct target find_module(struct names *names, struct str from, struct str dotted)
{
	struct search s = {names, from, str_copy(names->arena, dotted), intern(names->repo->names, dotted), {0}};
	char *slashes = (char *)s.relative.at;
	for (size_t i = 0; i < s.relative.n; i++)
		if (slashes[i] == '.')
			slashes[i] = '/';
	struct str first = str_slice(dotted, 0, str_find(dotted, STR("."), 0));
	struct target found;
	if (is_running(first))
		return (struct target){.kind = TARGET_EXTERNAL, .text = s.dotted};
	/* `import redis` inside clients/redis.py means the library, unless a root really holds a package redis. */
	bool is_client = catalogue_knows(names, first);
	if (!is_client && try_ancestors(&s, &found))
		return found;
	for (size_t i = 0; i < names->roots.n; i++)
		if (try_root(&s, names->roots.at[i], &found))
			return found;
	if (!is_client && try_elsewhere(&s, first, &found))
		return found;
	if (s.package.kind == TARGET_PACKAGE && !is_client)
		return s.package;
	return (struct target){.kind = TARGET_EXTERNAL, .text = s.dotted};
}

static struct target remember(struct names *names, uint64_t key, struct target target)
{
	map_put(&names->imports, key, (uint32_t)names->found.n);
	vec_push(names->arena, &names->found, target);
	return target;
}

static struct target find_relative(struct names *names, struct str folder, struct str dotted, unsigned level)
{
	for (unsigned i = 1; i < level; i++)
		folder = path_dir(folder);
	struct str relative = str_copy(names->arena, dotted);
	for (size_t i = 0; i < relative.n; i++)
		if (relative.at[i] == '.')
			((char *)relative.at)[i] = '/';
	struct str all = str_fmt(names->arena, ".%.*s", STR_ARG(dotted));
	if (dotted.n == 0) {
		uint32_t init = file_index(names, path_join(names->arena, folder, STR("__init__.py")));
		if (init != REF_NOWHERE)
			return (struct target){.kind = TARGET_MODULE, .file = init};
		return (struct target){.kind = TARGET_NONE};
	}
	struct target t = module_at(names, folder, relative, 0);
	if (t.kind == TARGET_MODULE)
		return t;
	return (struct target){.kind = TARGET_EXTERNAL, .text = intern(names->repo->names, all)};
}

struct target names_module(struct names *names, uint32_t file, struct str dotted, unsigned level)
{
	uint64_t key = map_mix(map_mix(names->folders[file], level), intern(names->repo->names, dotted));
	uint32_t at = map_get(&names->imports, key);
	if (at != MAP_NONE)
		return names->found.at[at];
	struct str folder = path_dir(file_path(names, file));
	return remember(names, key,
	                level ? find_relative(names, folder, dotted, level) : find_module(names, folder, dotted));
}

/* `from . import x` and `from pkg import x` where x is a file beside the package's __init__.py. */
static struct target submodule(struct names *names, uint32_t file, name what)
{
	struct str path = file_path(names, file);
	if (!str_eq(path_base(path), STR("__init__.py")))
		return (struct target){.kind = TARGET_NONE};
	struct target t = module_at(names, path_dir(path), names_str(names, what), 0);
	return t.kind == TARGET_MODULE ? t : (struct target){.kind = TARGET_NONE};
}

/* ---- members ---- */

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
			struct str folder = path_dir(file_path(names, file));
			for (unsigned i = 1; i < import->level; i++)
				folder = path_dir(folder);
			base = names_module(names, file, module, import->level);
			if (base.kind == TARGET_NONE)
				return module_at(names, folder, names_str(names, import->name), 0);
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

static struct target binding_target(struct names *names, uint32_t file, const struct binding *b)
{
	if (b->kind == BIND_DEF)
		return (struct target){.kind = TARGET_DEF, .file = file, .index = b->index};
	if (b->kind == BIND_IMPORT)
		return import_target(names, file, &names_facts(names, file)->imports.at[b->index]);
	const struct scope_table *table = table_of(names, file);
	return (struct target){.kind = TARGET_VARIABLE, .file = file, .index = (uint32_t)(b - table->bindings.at)};
}

static bool is_none(const struct facts *facts, const struct binding *b)
{
	return (b->kind == BIND_ASSIGN || b->kind == BIND_SELF) && b->value &&
	       facts->exprs.at[b->value].kind == EXPR_NONE;
}

/* The binding that counts: the last, except that a fallback (`except ImportError: x = None`) never hides a
 * real one, and neither does `x += ...`. */
static const struct binding *best_binding(struct names *names, uint32_t file, uint32_t owner, name what)
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
	struct scope_table *table = table_of(names, file);
	if (table->exports == EXPORTS_UNREAD)
		table->exports = read_exports(names, file, table);
	if (table->exports == EXPORTS_LISTED)
		return map_get(&table->listed, what) != MAP_NONE;
	return table->exports == EXPORTS_ALL || !str_starts(names_str(names, what), STR("_"));
}

static struct target star_member(struct names *names, uint32_t file, name what)
{
	const struct scope_table *table = table_of(names, file);
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
			return binding_target(names, f, &b[n - 1]);
	}
	return (struct target){.kind = TARGET_NONE};
}

static struct target look_up(struct names *names, uint32_t file, name what)
{
	const struct binding *b = best_binding(names, file, 0, what);
	struct target t = b ? binding_target(names, file, b) : (struct target){.kind = TARGET_NONE};
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
	const struct scope_table *table = table_of(names, file);
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
	if (!table_of(names, file)->stars.n)
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
		const struct binding *b = best_binding(names, file, scope, what);
		if (b && b->kind != BIND_SELF)
			return binding_target(names, file, b);
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

/* ---- classes ---- */

enum { MRO_MOST = 64, MRO_DEEP = 32 };

struct mro {
	def_refs order;
	strs external; /* dotted names of bases that the tree does not hold */
};

static bool is_harmless_base(struct str dotted)
{
	static const char *const harmless[] = {"builtins.object",        "typing.Generic",
	                                       "typing.Protocol",        "abc.ABC",
	                                       "unittest.TestCase",      "unittest.IsolatedAsyncioTestCase",
	                                       "unittest.case.TestCase", "enum.Enum"};
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		if (str_eq(dotted, str_of(harmless[i])))
			return true;
	return false;
}

static bool same_def(struct def_ref a, struct def_ref b)
{
	return a.file == b.file && a.def == b.def;
}

/* The bases of a class that the tree holds; the others by name. */
static void read_bases(struct names *names, struct arena *out, struct def_ref class_, def_refs *bases, strs *external)
{
	const struct facts *facts = names_facts(names, class_.file);
	const struct def *def = names_def(names, class_);
	for (uint32_t e = def->bases; e; e = facts->exprs.at[e].next) {
		const struct expr *base = &facts->exprs.at[e];
		if (base->kind == EXPR_KEYWORD)
			continue;
		uint32_t plain = base->kind == EXPR_INDEX ? base->first : e; /* Generic[T] */
		struct target t = names_expr(names, class_.file, def->parent, plain);
		struct def_ref ref = {t.file, t.index};
		if (t.kind != TARGET_DEF)
			vec_push(out, external, t.kind == TARGET_EXTERNAL ? names_str(names, t.text) : STR("?"));
		else if (!same_def(ref, class_)) /* `class A(A)` means an A of before */
			vec_push(out, bases, ref);
	}
}

static bool in_tail(const def_refs *list, struct def_ref what)
{
	for (size_t i = 1; i < list->n; i++)
		if (same_def(list->at[i], what))
			return true;
	return false;
}

/* The first head that no other list still has further back; the first head of all when there is no such. */
static struct def_ref next_of(const def_refs *lists, size_t n)
{
	struct def_ref any = {REF_NOWHERE, 0};
	for (size_t i = 0; i < n; i++) {
		bool is_free = lists[i].n > 0;
		for (size_t k = 0; is_free && k < n; k++)
			is_free = !in_tail(&lists[k], lists[i].at[0]);
		if (is_free)
			return lists[i].at[0];
		if (lists[i].n && any.file == REF_NOWHERE)
			any = lists[i].at[0];
	}
	return any;
}

static const struct mro *mro_of(struct names *names, struct def_ref class_);

/* C3, as Python merges. */
static void merge_bases(struct names *names, const def_refs *bases, struct mro *mro)
{
	def_refs *lists = arena_array(names->arena, def_refs, bases->n + 1);
	for (size_t i = 0; i < bases->n; i++) {
		const struct mro *base = mro_of(names, bases->at[i]);
		for (size_t k = 0; base && k < base->order.n; k++)
			vec_push(names->arena, &lists[i], base->order.at[k]);
		for (size_t k = 0; base && k < base->external.n; k++)
			vec_push(names->arena, &mro->external, base->external.at[k]);
		vec_push(names->arena, &lists[bases->n], bases->at[i]);
	}
	for (;;) {
		struct def_ref next = next_of(lists, bases->n + 1);
		if (next.file == REF_NOWHERE || mro->order.n >= MRO_MOST)
			return;
		vec_push(names->arena, &mro->order, next);
		for (size_t i = 0; i <= bases->n; i++) {
			size_t kept = 0;
			for (size_t k = 0; k < lists[i].n; k++)
				if (!same_def(lists[i].at[k], next))
					lists[i].at[kept++] = lists[i].at[k];
			lists[i].n = kept;
		}
	}
}

/* Made once a class; NULL while it is being made, should a class stand among its own bases. */
static const struct mro *mro_of(struct names *names, struct def_ref class_)
{
	uint64_t key = (uint64_t)class_.file << 32 | class_.def;
	uint32_t at = map_get(&names->mros, key);
	if (at != MAP_NONE)
		return names->made_mros.at[at];
	map_put(&names->mros, key, (uint32_t)names->made_mros.n);
	at = (uint32_t)names->made_mros.n;
	vec_push(names->arena, &names->made_mros, NULL);
	struct mro *mro = arena_new(names->arena, struct mro);
	def_refs bases = {0};
	vec_push(names->arena, &mro->order, class_);
	read_bases(names, names->arena, class_, &bases, &mro->external);
	if (bases.n && names->mro_depth < MRO_DEEP) {
		names->mro_depth++;
		merge_bases(names, &bases, mro);
		names->mro_depth--;
	}
	names->made_mros.at[at] = mro;
	return mro;
}

void names_mro(struct names *names, struct arena *out, struct def_ref class_, def_refs *order, bool *unknown)
{
	const struct mro *mro = mro_of(names, class_);
	*unknown = false;
	for (size_t i = 0; mro && i < mro->order.n; i++) {
		bool is_there = false;
		for (size_t k = 0; k < order->n; k++)
			is_there |= same_def(order->at[k], mro->order.at[i]);
		if (!is_there)
			vec_push(out, order, mro->order.at[i]);
	}
	for (size_t i = 0; mro && i < mro->external.n; i++)
		*unknown |= !is_harmless_base(mro->external.at[i]);
}

bool names_inherits(struct names *names, struct def_ref class_, struct str dotted)
{
	const struct mro *mro = mro_of(names, class_);
	for (size_t i = 0; mro && i < mro->external.n; i++)
		if (str_eq(mro->external.at[i], dotted))
			return true;
	return false;
}

struct target names_class_member(struct names *names, struct def_ref class_, name what)
{
	const struct mro *mro = mro_of(names, class_);
	for (size_t i = 0; mro && i < mro->order.n; i++) {
		struct def_ref at = mro->order.at[i];
		const struct binding *b = best_binding(names, at.file, at.def, what);
		if (b)
			return binding_target(names, at.file, b);
	}
	return (struct target){.kind = TARGET_NONE};
}

/* ---- set up ---- */

static void add_start(struct names *names, struct str folder, struct str component)
{
	name key = intern(names->repo->names, component);
	uint32_t at = map_get(&names->starts, key);
	if (at == MAP_NONE) {
		at = (uint32_t)names->start_lists.n;
		vec_push(names->arena, &names->start_lists, (strs){0});
		map_put(&names->starts, key, at);
	}
	strs *list = &names->start_lists.at[at];
	if (!list->n || !str_eq(list->at[list->n - 1], folder))
		vec_push(names->arena, list, folder);
}

/* Top packages: folders with an __init__.py whose parent has none; and modules beside a setup.py or conftest. */
/* Libraries of others that people wrap under the same name in a package of theirs. */
static bool is_library(const struct names *names, struct str what)
{
	static const char *const libraries[] = {"sqlalchemy", "django",      "flask",   "celery",    "requests",
	                                        "httpx",      "aiohttp",     "urllib3", "fastapi",   "boto3",
	                                        "boto",       "botocore",    "tornado", "starlette", "pyramid",
	                                        "falcon",     "grpc",        "click",   "jinja2",    "logging",
	                                        "asyncio",    "aiobotocore", "dbapi",   "threading", "urllib"};
	for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
		if (str_eq(what, str_of(libraries[i])))
			return true;
	for (size_t i = 0; i < names->catalogue->services.n; i++) {
		const strs *modules = &names->catalogue->services.at[i].modules;
		for (size_t k = 0; k < modules->n; k++)
			if (str_eq(what, modules->at[k]))
				return true;
	}
	return false;
}

static uint64_t pair_key(struct str outer, struct str inner)
{
	return map_mix(hash64(outer), hash64(inner));
}

static void add_pairs(struct map *pairs, struct str dotted)
{
	struct str last = STR_NONE;
	for (size_t from = 0, end; from < dotted.n; from = end + 1) {
		end = str_find(dotted, STR("."), from);
		end = end == SIZE_MAX ? dotted.n : end;
		struct str part = str_slice(dotted, from, end);
		if (last.n)
			map_put(pairs, pair_key(last, part), 1);
		last = part;
	}
}

/* `a.b` of each `import a.b.c`: b is a part of a there, whether or not a has an __init__.py. */
static void find_pairs(const struct names *names, struct map *pairs)
{
	for (size_t f = 0; f < names->repo->files.n; f++) {
		struct survey_cursor at;
		struct surveyed_import import;
		survey_begin(&at, names->repo->files.at[f].survey);
		while (survey_next(&at, &import))
			add_pairs(pairs, import.module);
	}
}

/* opentelemetry/instrumentation/sqlalchemy is no sqlalchemy where the folder above is a namespace package. */
static bool is_namespaced(const struct names *names, struct map *pairs, struct str folder)
{
	struct str outer = path_base(path_dir(folder)), inner = path_base(folder);
	if (!outer.n || !is_library(names, inner))
		return false;
	if (!pairs->n)
		find_pairs(names, pairs);
	return map_get(pairs, pair_key(outer, inner)) != MAP_NONE;
}

static void find_starts(struct names *names)
{
	struct map pairs;
	map_init(&pairs, names->arena); /* filled when somebody asks */
	for (size_t i = 0; i < names->repo->files.n; i++) {
		struct str path = names->repo->files.at[i].path, folder = path_dir(path);
		if (str_eq(path_base(path), STR("__init__.py")) && folder.n && !is_package(names, path_dir(folder)) &&
		    !is_namespaced(names, &pairs, folder))
			add_start(names, path_dir(folder), path_base(folder));
	}
}

static void add_root(struct names *names, struct str root)
{
	struct str normal;
	if (!path_normal(names->arena, root, &normal))
		return;
	for (size_t i = 0; i < names->roots.n; i++)
		if (str_eq(names->roots.at[i], normal))
			return;
	vec_push(names->arena, &names->roots, normal);
}

void names_init(struct names *names, struct arena *out, const struct repo *repo, const struct config *config,
                const struct pytest_config *pytest)
{
	*names = (struct names){.repo = repo, .arena = out, .catalogue = &config->catalogue};
	names->tables = arena_array(out, struct scope_table *, repo->files.n + 1);
	words_init(&names->words, out, &config->catalogue);
	map_init(&names->imports, out);
	map_init(&names->starts, out);
	map_init(&names->members, out);
	map_init(&names->joined, out);
	names->all = intern(repo->names, STR("__all__"));
	names->getattr = intern(repo->names, STR("__getattr__"));
	names->folders = arena_array(out, name, repo->files.n + 1);
	for (size_t i = 0; i < repo->files.n; i++)
		names->folders[i] = intern(repo->names, path_dir(repo->files.at[i].path));
	map_init(&names->mros, out);
	map_init(&names->packages, out);
	for (size_t i = 0; i < pytest->pythonpath.n; i++)
		add_root(names, path_join(out, pytest->rootdir, pytest->pythonpath.at[i]));
	for (size_t i = 0; i < config->first_party.n; i++)
		add_root(names, config->first_party.at[i]);
	add_root(names, pytest->rootdir);
	add_root(names, STR_NONE);
	add_root(names, path_join(out, pytest->rootdir, STR("src")));
	find_starts(names);
}
