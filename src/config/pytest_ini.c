/* The seven files in their order, how a value looks in each, and which option goes where. */
#include "config/pytest_ini.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "config/addopts.h"
#include "config/entry_points.h"
#include "config/ini.h"
#include "config/shell.h"
#include "config/toml.h"

/* One option as a file has it. */
struct setting {
	struct str name;
	bool is_list;
	struct str text; /* ini files, and strings in TOML */
	strs list;
	uint32_t line, column;
};

typedef VEC(struct setting) settings;

struct reading {
	struct arena *out, *tmp;
	struct str root;  /* absolute */
	struct str dir;   /* rootdir, relative to root */
	const char *path; /* of the file, relative to root */
	struct pytest_config *config;
	struct err *err;
};

enum shape { OWN_TOML, OWN_INI, PYPROJECT, INI, CFG };

/* In pytest's order; the first that exists and has the section wins.  The `OWN` ones win even when empty. */
/* clang-format off */
static const struct candidate {
	const char *name;
	enum shape shape;
} candidates[] = {
	{"pytest.toml",    OWN_TOML},
	{".pytest.toml",   OWN_TOML},
	{"pytest.ini",     OWN_INI},
	{".pytest.ini",    OWN_INI},
	{"pyproject.toml", PYPROJECT},
	{"tox.ini",        INI},
	{"setup.cfg",      CFG},
};
/* clang-format on */

/* ---- from a file to settings ---- */

static bool add_value(const struct reading *r, const struct toml_value *value, settings *to)
{
	struct setting s = {.name = value->key, .line = value->line, .column = value->column};
	s.is_list = value->kind == TOML_ARRAY;
	if (value->kind == TOML_STRING)
		s.text = value->text;
	else if (value->kind == TOML_BOOL)
		s.text = value->truth ? STR("true") : STR("false");
	for (size_t i = 0; s.is_list && i < value->n; i++) {
		const struct toml_value *entry = &value->at[i];
		if (entry->kind != TOML_STRING)
			return fail_usage(r->err, "%s:%u:%u: %.*s must be a list of strings, and this is %s", r->path,
			                  entry->line, entry->column, STR_ARG(value->key), toml_kind_name(entry->kind));
		vec_push(r->out, &s.list, entry->text);
	}
	vec_push(r->out, to, s);
	return true;
}

static bool is_wanted(struct str name);

static bool add_table(const struct reading *r, const struct toml_value *table, settings *to)
{
	for (size_t i = 0; table && i < table->n; i++)
		if (is_wanted(table->at[i].key) && !add_value(r, &table->at[i], to))
			return false;
	return true;
}

/* [tool.pytest] of pytest 9, if it holds more than the older [tool.pytest.ini_options]; that one wins when both
 * have something, since older pytests read nothing else. */
static const struct toml_value *pyproject_table(const struct toml_value *top)
{
	const struct toml_value *own = toml_get(toml_get(top, "tool"), "pytest");
	const struct toml_value *old = toml_get(own, "ini_options");
	if (old)
		return old;
	return own && own->kind == TOML_TABLE && own->n ? own : NULL;
}

static bool read_toml(const struct reading *r, struct str text, enum shape shape, settings *to, bool *found)
{
	struct toml_value top;
	*found = shape == OWN_TOML;
	if (!str_has(text, STR("pytest"))) /* most pyproject files of a monorepo */
		return true;
	if (!toml_parse(r->out, text, r->path, &top, r->err))
		return false;
	const struct toml_value *table = shape == OWN_TOML ? toml_get(&top, "pytest") : pyproject_table(&top);
	*found |= table != NULL;
	return add_table(r, table, to);
}

static bool read_ini(const struct reading *r, struct str text, enum shape shape, settings *to, bool *found)
{
	ini_entries entries;
	if (!ini_read(r->out, text, r->path, shape == CFG ? "tool:pytest" : "pytest", &entries, found, r->err))
		return false;
	for (size_t i = 0; i < entries.n; i++) {
		struct ini_entry *entry = &entries.at[i];
		if (is_wanted(entry->name))
			vec_push(r->out, to,
			         ((struct setting){
			                 .name = entry->name, .text = entry->value, .line = entry->line, .column = 1}));
	}
	*found |= shape == OWN_INI;
	return true;
}

static bool is_file(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* The winning file of one folder.  *pyproject is set when the folder has a pyproject.toml without our section. */
static bool read_folder(struct reading *r, struct str dir, settings *to, bool *found, bool *pyproject)
{
	*found = *pyproject = false;
	for (size_t i = 0; i < sizeof candidates / sizeof *candidates && !*found; i++) {
		const struct candidate *c = &candidates[i];
		struct str file = path_join(r->out, dir, str_of(c->name)), text;
		const char *absolute = str_c(r->tmp, path_join(r->tmp, r->root, file));
		if (!is_file(absolute))
			continue;
		r->path = str_c(r->out, file);
		if (!file_read(r->out, absolute, &text, r->err))
			return false;
		bool is_toml = c->shape == OWN_TOML || c->shape == PYPROJECT;
		if (!(is_toml ? read_toml : read_ini)(r, text, c->shape, to, found))
			return false;
		*pyproject |= c->shape == PYPROJECT;
	}
	return true;
}

/* ---- where to look ---- */

/* The deepest folder that holds all of `paths` (those that exist). */
static struct str common_folder(const struct reading *r, const strs *paths)
{
	struct str common = STR_NONE;
	bool any = false;
	for (size_t i = 0; i < paths->n; i++) {
		struct stat st;
		struct str dir = paths->at[i];
		if (stat(str_c(r->tmp, path_join(r->tmp, r->root, dir)), &st) != 0)
			continue;
		if (!S_ISDIR(st.st_mode))
			dir = path_dir(dir);
		if (!any)
			common = dir;
		any = true;
		while (common.n && !(str_starts(dir, common) && (dir.n == common.n || dir.at[common.n] == '/')))
			common = path_dir(common);
	}
	return common;
}

static bool has_setup_py(const struct reading *r, struct str dir)
{
	struct str file = path_join(r->tmp, dir, STR("setup.py"));
	return is_file(str_c(r->tmp, path_join(r->tmp, r->root, file)));
}

/* Without a config the rootdir is that of the nearest pyproject.toml, else of the nearest setup.py, else the folder
 * pytest was started in. */
static bool find(struct reading *r, const strs *paths, settings *to)
{
	struct str start = common_folder(r, paths), bare = STR_NONE;
	bool found = false, has_bare = false, pyproject;
	for (struct str dir = start;; dir = path_dir(dir)) {
		if (!read_folder(r, dir, to, &found, &pyproject))
			return false;
		if (found) {
			r->dir = dir;
			r->config->inifile = str_of(r->path);
			return true;
		}
		if (pyproject && !has_bare) {
			has_bare = true;
			bare = dir;
		}
		if (dir.n == 0)
			break;
	}
	r->dir = bare;
	for (struct str dir = start; !has_bare; dir = path_dir(dir)) {
		if (has_setup_py(r, dir)) {
			r->dir = dir;
			break;
		}
		if (dir.n == 0)
			break;
	}
	return true;
}

/* ---- from settings to the config ---- */

static bool fail_setting(const struct reading *r, const struct setting *s, const char *why)
{
	return fail_usage(r->err, "%s:%u:%u: %.*s: %s", r->path, s->line, s->column, STR_ARG(s->name), why);
}

/* pytest's type "args": a list, or the words of a line. */
static bool words_of(const struct reading *r, const struct setting *s, strs *words)
{
	const char *why;
	*words = s->list;
	return s->is_list || shell_split(r->out, s->text, words, &why) || fail_setting(r, s, why);
}

/* pytest's type "linelist". */
static void lines_of(const struct reading *r, const struct setting *s, strs *lines)
{
	*lines = s->list;
	for (size_t at = 0; !s->is_list && at < s->text.n;) {
		size_t end = str_find(s->text, STR("\n"), at);
		struct str line = str_trim(str_slice(s->text, at, end == SIZE_MAX ? s->text.n : end));
		if (line.n)
			vec_push(r->out, lines, line);
		at = end == SIZE_MAX ? s->text.n : end + 1;
	}
}

/* `path`, written relative to the rootdir, relative to our root; false when it leads out. */
static bool from_root(const struct reading *r, struct str path, struct str *to)
{
	struct str inside;
	if (path.n && path.at[0] == '/') {
		if (!path_normal(r->out, path, &inside) || !str_starts(inside, r->root))
			return false;
		bool is_root = inside.n == r->root.n;
		*to = is_root ? STR_NONE : str_slice(inside, r->root.n + 1, inside.n);
		return is_root || inside.at[r->root.n] == '/';
	}
	struct str joined = path_join(r->out, r->dir, path);
	return path_normal(r->out, joined, to);
}

static void rebase(const struct reading *r, strs *paths)
{
	strs inside = {0};
	struct str path;
	for (size_t i = 0; i < paths->n; i++)
		if (from_root(r, paths->at[i], &path))
			vec_push(r->out, &inside, path);
	*paths = inside;
}

static bool set_words(const struct reading *r, const struct setting *s, void *to)
{
	return words_of(r, s, to);
}

static bool set_paths(const struct reading *r, const struct setting *s, void *to)
{
	if (!words_of(r, s, to))
		return false;
	rebase(r, to);
	return true;
}

static bool set_lines(const struct reading *r, const struct setting *s, void *to)
{
	lines_of(r, s, to);
	return true;
}

/* "slow: takes long" and "timeout(seconds): kills it" register slow and timeout. */
static bool set_markers(const struct reading *r, const struct setting *s, void *to)
{
	strs lines = {0}, *names = to;
	lines_of(r, s, &lines);
	*names = (strs){0};
	for (size_t i = 0; i < lines.n; i++) {
		size_t end = 0;
		while (end < lines.at[i].n && lines.at[i].at[end] != ':' && lines.at[i].at[end] != '(')
			end++;
		vec_push(r->out, names, str_trim(str_slice(lines.at[i], 0, end)));
	}
	return true;
}

static bool set_bool(const struct reading *r, const struct setting *s, void *to)
{
	static const char *const yes[] = {"1", "true", "yes", "on", "y", "t"};
	struct str word = str_lower(r->tmp, str_trim(s->text));
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (str_eq(word, str_of(yes[i])))
			*(bool *)to = true;
	return true;
}

static bool is_path(const void *user, struct str word)
{
	const struct reading *r = user;
	struct str path, ids = str_slice(word, 0, str_find(word, STR("::"), 0));
	return from_root(r, ids, &path) && file_exists(str_c(r->tmp, path_join(r->tmp, r->root, path)));
}

static bool set_addopts(const struct reading *r, const struct setting *s, void *to);

/* clang-format off */
static const struct option {
	const char *name;
	bool (*set)(const struct reading *r, const struct setting *s, void *to);
	size_t offset;
} options[] = {
	{"testpaths",        set_paths,   offsetof(struct pytest_config, testpaths)},
	{"python_files",     set_words,   offsetof(struct pytest_config, python_files)},
	{"python_classes",   set_words,   offsetof(struct pytest_config, python_classes)},
	{"python_functions", set_words,   offsetof(struct pytest_config, python_functions)},
	{"pythonpath",       set_paths,   offsetof(struct pytest_config, pythonpath)},
	{"norecursedirs",    set_words,   offsetof(struct pytest_config, norecursedirs)},
	{"markers",          set_markers, offsetof(struct pytest_config, markers)},
	{"usefixtures",      set_words,   offsetof(struct pytest_config, usefixtures)},
	{"strict_markers",   set_bool,    offsetof(struct pytest_config, strict_markers)},
	{"strict",           set_bool,    offsetof(struct pytest_config, strict_markers)},
	{"env",              set_lines,   offsetof(struct pytest_config, env)},
	{"env_files",        set_words,   offsetof(struct pytest_config, env_files)},
	{"addopts",          set_addopts, 0},
};
/* clang-format on */

static const struct option *option_of(struct str name)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (str_eq(str_of(options[i].name), name))
			return &options[i];
	return NULL;
}

static bool is_wanted(struct str name)
{
	return option_of(name) != NULL;
}

static bool set(const struct reading *r, const struct setting *s)
{
	const struct option *option = option_of(s->name);
	return !option || option->set(r, s, (char *)r->config + option->offset);
}

/* -o NAME=VALUE in addopts counts like the file's own line. */
static bool set_addopts(const struct reading *r, const struct setting *s, void *to)
{
	struct pytest_config *config = to;
	struct addopts rest = {0};
	strs words = {0};
	if (!words_of(r, s, &words))
		return false;
	addopts_read(r->out, &words, is_path, r, config, &rest);
	config->args = rest.paths;
	rebase(r, &config->args);
	rebase(r, &config->ignore);
	rebase(r, &config->ignore_glob);
	rebase(r, &config->deselect);
	for (size_t i = 0; i < rest.overrides.n; i++) {
		size_t equals = str_find(rest.overrides.at[i], STR("="), 0);
		struct setting own = {.name = str_slice(rest.overrides.at[i], 0, equals),
		                      .text = str_slice(rest.overrides.at[i], equals + (equals != SIZE_MAX), SIZE_MAX),
		                      .line = s->line,
		                      .column = s->column};
		if (!str_eq(own.name, STR("addopts")) && !set(r, &own))
			return false;
	}
	return true;
}

static strs words(struct arena *out, const char *line)
{
	strs list = {0};
	const char *why;
	shell_split(out, str_of(line), &list, &why);
	return list;
}

static struct pytest_config defaults(struct arena *out)
{
	return (struct pytest_config){
	        .inifile = STR_NONE,
	        .rootdir = STR_NONE,
	        .python_files = words(out, "test_*.py *_test.py"),
	        .python_classes = words(out, "Test"),
	        .python_functions = words(out, "test"),
	        .norecursedirs = words(out, "*.egg .* _darcs build CVS dist node_modules venv {arch}"),
	        .mark_expression = STR_NONE,
	        .keyword_expression = STR_NONE,
	        .import_mode = STR("prepend"),
	};
}

bool pytest_config_read(struct arena *out, struct arena *tmp, const char *root, const strs *paths,
                        struct pytest_config *config, struct err *err)
{
	struct reading r = {.out = out, .tmp = tmp, .root = str_of(root), .config = config, .err = err};
	settings found = {0};
	*config = defaults(out);
	if (!find(&r, paths, &found))
		return false;
	config->rootdir = r.dir;
	const struct setting *addopts = NULL;
	for (size_t i = 0; i < found.n; i++) {
		if (str_eq(found.at[i].name, STR("addopts")))
			addopts = &found.at[i]; /* last: its -o override the rest */
		else if (!set(&r, &found.at[i]))
			return false;
	}
	if (addopts && !set(&r, addopts))
		return false;
	entry_points_read(out, tmp, r.root, config);
	return true;
}

bool pytest_config_is_rootdir(struct arena *tmp, const char *dir)
{
	struct err ignored = {0};
	struct pytest_config config = {0};
	struct reading r = {.out = tmp, .tmp = tmp, .root = str_of(dir), .config = &config, .err = &ignored};
	settings settings = {0};
	bool found, pyproject;
	return read_folder(&r, STR_NONE, &settings, &found, &pyproject) && found;
}
