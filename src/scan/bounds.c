/* pytest's rules of collection (_pytest/main.py, pytest_ignore_collect; _pytest/python.py, pytest_collect_file),
 * as far as they depend on names alone. */
#include "scan/bounds.h"

#include <string.h>

/* ---- matching ---- */

/* Takes the next component off a path. */
static struct str take(struct str *path)
{
	size_t slash = str_find(*path, STR("/"), 0);
	struct str first = str_slice(*path, 0, slash);
	*path = slash == SIZE_MAX ? STR_NONE : str_slice(*path, slash + 1, path->n);
	return first;
}

static bool is_wild(char c)
{
	return c == '*' || c == '?' || c == '[' || c == ']';
}

static bool has_wildcard(struct str s)
{
	return str_has(s, STR("*")) || str_has(s, STR("?")) || str_has(s, STR("["));
}

/* A hidden name is only matched by a pattern that shows its dot. */
static bool glob_part(struct str pattern, struct str name)
{
	if (!has_wildcard(pattern))
		return str_eq(pattern, name);
	return (!str_starts(name, STR(".")) || str_starts(pattern, STR("."))) && str_fnmatch(pattern, name);
}

/* With `begins`, whether something below the path could match. */
static bool glob(struct str pattern, struct str path, bool begins)
{
	/* Where to go on with `**` when the rest does not match: one component further. */
	struct str again_pattern = STR_NONE, again_path = STR_NONE;
	bool has_again = false;
	for (;;) {
		if (path.n == 0 && begins)
			return pattern.n > 0;
		if (path.n == 0 && pattern.n == 0)
			return true;
		struct str rest = pattern, part = take(&rest);
		if (pattern.n && str_eq(part, STR("**"))) {
			if (begins || rest.n == 0)
				return true;
			has_again = true;
			again_pattern = pattern = rest;
			again_path = path;
			continue;
		}
		struct str deeper = path;
		if (path.n && pattern.n && glob_part(part, take(&deeper))) {
			pattern = rest;
			path = deeper;
			continue;
		}
		if (!has_again || again_path.n == 0)
			return false;
		take(&again_path);
		path = again_path;
		pattern = again_pattern;
	}
}

bool bounds_glob(struct str pattern, struct str path)
{
	return glob(pattern, path, false);
}

/* A pattern with its ends taken off, which most names fail at. */
static struct name_pattern prepare(struct arena *out, struct str text)
{
	struct name_pattern pattern = {.text = text, .is_of_path = str_has(text, STR("/"))};
	if (pattern.is_of_path && text.at[0] != '/')
		pattern.text = text = str_fmt(out, "*/%.*s", STR_ARG(text));
	size_t first = 0, last = text.n;
	while (first < text.n && !is_wild(text.at[first]))
		first++;
	while (last > first && !is_wild(text.at[last - 1]))
		last--;
	pattern.head = str_slice(text, 0, first);
	pattern.tail = str_slice(text, last, text.n);
	pattern.is_plain = first == text.n;
	pattern.is_one_star = last - first == 1 && text.at[first] == '*';
	return pattern;
}

static bool matches(const struct name_pattern *pattern, struct str s)
{
	if (s.n < pattern->head.n + pattern->tail.n || !str_starts(s, pattern->head) || !str_ends(s, pattern->tail))
		return false;
	if (pattern->is_plain)
		return s.n == pattern->head.n;
	return pattern->is_one_star || str_fnmatch(pattern->text, s);
}

/* pytest's fnmatch_ex: a pattern with a slash is for the whole path, and may begin anywhere in it. */
static bool matches_any(const struct bounds *bounds, struct arena *tmp, const name_patterns *patterns, struct str path)
{
	struct str name = path_base(path), whole = STR_NONE;
	for (size_t i = 0; i < patterns->n; i++) {
		const struct name_pattern *pattern = &patterns->at[i];
		if (pattern->is_of_path && !whole.n)
			whole = path_join(tmp, bounds->root, path);
		if (matches(pattern, pattern->is_of_path ? whole : name))
			return true;
	}
	return false;
}

static bool has(const strs *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i], s))
			return true;
	return false;
}

static bool is_below(struct str path, struct str dir)
{
	return dir.n == 0 || str_eq(path, dir) || (str_starts(path, dir) && path.at[dir.n] == '/');
}

/* ---- entering ---- */

static bool is_identifier(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.at[i];
		bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		if (!is_letter && c != '_' && c < 0x80 && !(i && c >= '0' && c <= '9'))
			return false;
	}
	return name.n > 0;
}

static bool is_wanted(const struct bounds *bounds, struct str dir)
{
	for (size_t i = 0; i < bounds->wanted.n; i++)
		if (bounds->wanted.at[i].n && is_below(bounds->wanted.at[i], dir))
			return true;
	for (size_t i = 0; i < bounds->starts.n; i++)
		if (is_below(bounds->starts.at[i], dir))
			return true;
	return false;
}

bool bounds_enter(const struct bounds *bounds, struct arena *tmp, struct str dir, bool holds_venv)
{
	static const char *const never[] = {".git", ".hg", ".svn", ".jj", ".lanewright", "__pycache__"};
	struct str name = path_base(dir);
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (str_eq(name, str_of(never[i])))
			return false;
	/* What is not collected is still entered when a test could import from it; what has no name that `import`
	 * can say holds nothing for us, and node_modules holds nothing but time. */
	bool is_barren = holds_venv || str_eq(name, STR("node_modules")) ||
	                 (!is_identifier(name) && matches_any(bounds, tmp, &bounds->norecursedirs, dir));
	return !is_barren || is_wanted(bounds, dir);
}

/* ---- collecting ---- */

static bool is_start(const struct bounds *bounds, struct str path)
{
	for (size_t i = 0; i < bounds->starts.n; i++)
		if (glob(bounds->starts.at[i], path, false))
			return true;
	return false;
}

/* pytest does not ignore what one of its arguments is in. */
static bool leads_to_start(const struct bounds *bounds, struct str dir)
{
	for (size_t i = 0; i < bounds->starts.n; i++)
		if (glob(bounds->starts.at[i], dir, true))
			return true;
	return false;
}

static bool is_ignored(const struct bounds *bounds, struct str path)
{
	if (has(&bounds->ignore, path))
		return true;
	for (size_t i = 0; i < bounds->ignore_glob.n; i++)
		if (str_fnmatch(bounds->ignore_glob.at[i], path))
			return true;
	return false;
}

bool bounds_collect_dir(const struct bounds *bounds, struct arena *tmp, struct str dir, bool above)
{
	if (is_start(bounds, dir))
		return true;
	if (!above)
		return false;
	if (leads_to_start(bounds, dir))
		return true;
	return !is_ignored(bounds, dir) && !matches_any(bounds, tmp, &bounds->norecursedirs, dir);
}

bool bounds_collect_file(const struct bounds *bounds, struct arena *tmp, struct str path, bool looks)
{
	if (looks && matches_any(bounds, tmp, &bounds->python_files, path) && !is_ignored(bounds, path))
		return true;
	return is_start(bounds, path);
}

/* ---- making ---- */

/* Without ".", "..", or the root in front.  What lies outside the root is left out. */
static void add_path(struct arena *out, strs *list, struct str root, struct str path)
{
	struct str normal;
	if (!path_normal(out, str_slice(path, 0, str_find(path, STR("::"), 0)), &normal))
		return;
	if (normal.n && normal.at[0] == '/') {
		if (!is_below(normal, root))
			return;
		normal = str_slice(normal, root.n + 1, normal.n);
	}
	vec_push(out, list, normal);
}

static void add_paths(struct arena *out, strs *list, struct str root, const strs *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		add_path(out, list, root, paths->at[i]);
}

static void prepare_all(struct arena *out, name_patterns *to, const strs *patterns)
{
	for (size_t i = 0; i < patterns->n; i++)
		vec_push(out, to, prepare(out, patterns->at[i]));
}

void bounds_make(struct bounds *bounds, struct arena *out, struct str root, const struct config *config,
                 const struct pytest_config *pytest)
{
	const strs *starts = &config->paths;
	*bounds = (struct bounds){.root = root};
	prepare_all(out, &bounds->python_files, &pytest->python_files);
	prepare_all(out, &bounds->norecursedirs, &pytest->norecursedirs);
	if (starts->n == 0)
		starts = pytest->args.n ? &pytest->args : &pytest->testpaths;
	if (starts->n)
		add_paths(out, &bounds->starts, root, starts);
	else
		add_path(out, &bounds->starts, root, pytest->rootdir);
	add_paths(out, &bounds->ignore, root, &pytest->ignore);
	add_paths(out, &bounds->ignore_glob, root, &pytest->ignore_glob);
	add_paths(out, &bounds->wanted, root, &config->first_party);
	add_paths(out, &bounds->wanted, root, &pytest->pythonpath);
}
