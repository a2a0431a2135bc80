/* Two files, two ways to write the same table. */
#include "config/entry_points.h"

#include "base/file.h"
#include "config/ini.h"
#include "config/toml.h"

struct finding {
	struct arena *out, *tmp;
	struct pytest_config *config;
};

static bool is_turned_off(const struct finding *f, struct str name)
{
	for (size_t i = 0; i < f->config->plugins.n; i++) {
		struct str given = f->config->plugins.at[i];
		if (str_starts(given, STR("no:")) && str_eq(str_slice(given, 3, given.n), name))
			return true;
	}
	return false;
}

static void add(struct finding *f, struct str name, struct str reference)
{
	struct str module = entry_point_module(reference);
	if (module.n && !is_turned_off(f, name))
		vec_push(f->out, &f->config->plugins, module);
}

static void add_table(struct finding *f, const struct toml_value *table)
{
	for (size_t i = 0; table && table->kind == TOML_TABLE && i < table->n; i++)
		if (table->at[i].kind == TOML_STRING)
			add(f, table->at[i].key, table->at[i].text);
}

static void add_pyproject(struct finding *f, struct str text)
{
	struct err ignored = {0};
	struct toml_value top;
	if (!toml_parse(f->out, text, "pyproject.toml", &top, &ignored))
		return;
	add_table(f, toml_get(toml_get(toml_get(&top, "project"), "entry-points"), "pytest11"));
	add_table(f, toml_get(toml_get(toml_get(toml_get(&top, "tool"), "poetry"), "plugins"), "pytest11"));
}

/* `pytest11 =` and below it lines `name = module`. */
static void add_lines(struct finding *f, struct str lines)
{
	for (size_t at = 0; at < lines.n;) {
		size_t end = str_find(lines, STR("\n"), at);
		struct str line = str_slice(lines, at, end);
		size_t equals = str_find(line, STR("="), 0);
		if (equals != SIZE_MAX)
			add(f, str_trim(str_slice(line, 0, equals)), str_slice(line, equals + 1, line.n));
		at = end == SIZE_MAX ? lines.n : end + 1;
	}
}

static void add_setup_cfg(struct finding *f, struct str text)
{
	struct err ignored = {0};
	ini_entries entries;
	bool found;
	if (!ini_read(f->out, text, "setup.cfg", "options.entry_points", &entries, &found, &ignored))
		return;
	for (size_t i = 0; i < entries.n; i++)
		if (str_eq(entries.at[i].name, STR("pytest11")))
			add_lines(f, entries.at[i].value);
}

static void add_file(struct finding *f, struct str path, void (*add_text)(struct finding *, struct str))
{
	struct err ignored = {0};
	struct str text;
	if (file_exists(str_c(f->tmp, path)) && file_read(f->out, str_c(f->tmp, path), &text, &ignored) &&
	    str_has(text, STR("pytest11")))
		add_text(f, text);
}

void entry_points_read(struct arena *out, struct arena *tmp, struct str root, struct pytest_config *config)
{
	struct finding f = {out, tmp, config};
	for (struct str d = config->rootdir;; d = path_dir(d)) {
		struct str folder = path_join(tmp, root, d);
		add_file(&f, path_join(tmp, folder, STR("pyproject.toml")), add_pyproject);
		add_file(&f, path_join(tmp, folder, STR("setup.cfg")), add_setup_cfg);
		if (d.n == 0)
			break;
	}
}
