/* Modules by dotted name; lookups are remembered per folder.
 *
 * Where modules may start: Python's sys.path is not in the tree, so every folder that could stand on it is
 * tried, nearest first: the folders above the importing file that are not packages themselves (pytest's
 * "prepend" puts them there), the roots of the config and of `pythonpath`, `src`, and last any other folder of
 * the tree in which the first component is a regular package, the one sharing most of its path winning: in a
 * suite of many small roots the sibling `conftest` is meant, not a distant one. */
#include "base/hash.h"
#include "resolve/names_own.h"

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

bool names_is_package(struct names *names, struct str folder)
{
	uint64_t key = intern(names->repo->names, folder);
	uint32_t known = map_get(&names->packages, key);
	if (known != MAP_NONE)
		return known;
	bool is = file_index(names, path_join(names->arena, folder, STR("__init__.py"))) != REF_NOWHERE;
	map_put(&names->packages, key, is);
	return is;
}

struct target names_module_at(struct names *names, struct str root, struct str relative, name dotted)
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
	struct target t = names_module_at(s->names, root, s->relative, s->dotted);
	if (t.kind == TARGET_PACKAGE && s->package.kind == TARGET_NONE)
		s->package = t;
	*found = t;
	return t.kind == TARGET_MODULE;
}

/* Folders above the importing file, nearest first: those that are not packages can stand on sys.path. */
static bool try_ancestors(struct search *s, struct target *found)
{
	for (struct str folder = s->from;; folder = path_dir(folder)) {
		if (!names_is_package(s->names, folder)) {
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
	struct target t = names_module_at(names, folder, relative, 0);
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
	struct str folder = path_dir(names_path(names, file));
	return remember(names, key,
	                level ? find_relative(names, folder, dotted, level) : find_module(names, folder, dotted));
}

static uint64_t pair_key(struct str outer, struct str inner)
{
	return map_mix(hash64(outer), hash64(inner));
}

static void add_start(struct names *names, struct str folder, struct str component)
{
	name key = intern(names->repo->names, component);
	uint32_t at = map_get(&names->starts, key);
	names->starts_hash = map_mix(names->starts_hash, pair_key(folder, component));
	if (at == MAP_NONE) {
		at = (uint32_t)names->start_lists.n;
		vec_push(names->arena, &names->start_lists, (strs){0});
		map_put(&names->starts, key, at);
	}
	strs *list = &names->start_lists.at[at];
	if (!list->n || !str_eq(list->at[list->n - 1], folder))
		vec_push(names->arena, list, folder);
}

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

/* Top packages: folders with an __init__.py whose parent has none. */
static void find_starts(struct names *names)
{
	struct map pairs;
	map_init(&pairs, names->arena); /* filled when somebody asks */
	for (size_t i = 0; i < names->repo->files.n; i++) {
		struct str path = names->repo->files.at[i].path, folder = path_dir(path);
		if (str_eq(path_base(path), STR("__init__.py")) && folder.n &&
		    !names_is_package(names, path_dir(folder)) && !is_namespaced(names, &pairs, folder))
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

void names_roots(struct names *names, const struct config *config, const struct pytest_config *pytest)
{
	struct arena *out = names->arena;
	map_init(&names->starts, out);
	for (size_t i = 0; i < pytest->pythonpath.n; i++)
		add_root(names, path_join(out, pytest->rootdir, pytest->pythonpath.at[i]));
	for (size_t i = 0; i < config->first_party.n; i++)
		add_root(names, config->first_party.at[i]);
	add_root(names, pytest->rootdir);
	add_root(names, STR_NONE);
	add_root(names, path_join(out, pytest->rootdir, STR("src")));
	find_starts(names);
}
