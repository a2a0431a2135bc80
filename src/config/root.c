/* Walking up from the current folder. */
#include "config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "config/pytest_ini.h"
#include "config/toml.h"

/* The real path of a folder, without links, so that files below it are found by their beginning. */
static bool absolute(struct arena *out, const char *dir, struct str *to, struct err *err)
{
	struct stat st;
	char *real = realpath(dir, NULL);
	if (!real)
		return fail_usage(err, "cannot enter %s: %s", dir, strerror(errno));
	if (stat(real, &st) != 0 || !S_ISDIR(st.st_mode)) {
		free(real);
		return fail_usage(err, "cannot enter %s: it is not a folder", dir);
	}
	*to = str_copy(out, str_of(real));
	free(real);
	return true;
}

static bool has(struct arena *tmp, struct str dir, struct str name)
{
	return file_exists(str_c(tmp, path_join(tmp, dir, name)));
}

/* A damaged pyproject.toml that speaks of us counts: reading it will tell what is wrong. */
static bool has_config(struct arena *tmp, struct str dir)
{
	struct err ignored = {0};
	struct str text, pyproject = path_join(tmp, dir, STR("pyproject.toml"));
	struct toml_value top;
	if (has(tmp, dir, STR("lanewright.toml")))
		return true;
	if (!file_exists(pyproject.at) || !file_read(tmp, pyproject.at, &text, &ignored))
		return false;
	if (!str_has(text, STR("lanewright")))
		return false;
	if (!toml_parse(tmp, text, "", &top, &ignored))
		return true;
	return toml_get(toml_get(&top, "tool"), "lanewright") != NULL;
}

static bool is_rootdir(struct arena *tmp, struct str dir)
{
	return pytest_config_is_rootdir(tmp, str_c(tmp, dir));
}

static bool has_project(struct arena *tmp, struct str dir)
{
	return has(tmp, dir, STR("pyproject.toml")) || has(tmp, dir, STR("setup.py"));
}

/* The nearest folder from `start` upward of which `test` is true; the one that holds .git is the last. */
static bool nearest(struct arena *tmp, struct str start, bool (*test)(struct arena *, struct str), struct str *found)
{
	for (struct str dir = start; dir.n > 1; dir = path_dir(dir)) {
		if (test(tmp, dir)) {
			*found = dir;
			return true;
		}
		if (has(tmp, dir, STR(".git")))
			return false;
	}
	return false;
}

bool config_root(struct arena *out, struct arena *tmp, const char *chdir, const char *config_path, struct str *root,
                 struct err *err)
{
	struct str start, found;
	if (chdir)
		return absolute(out, chdir, root, err);
	if (config_path) {
		if (!file_exists(config_path))
			return fail_usage(err, "there is no config file %s", config_path);
		struct str dir = path_dir(str_of(config_path));
		bool is_here = dir.n == 0 && config_path[0] != '/';
		return absolute(out, is_here ? "." : dir.n ? str_c(tmp, dir) : "/", root, err);
	}
	if (!absolute(tmp, ".", &start, err))
		return false;
	bool is_found = nearest(tmp, start, has_config, &found) || nearest(tmp, start, is_rootdir, &found) ||
	                nearest(tmp, start, has_project, &found);
	*root = str_copy(out, is_found ? found : start);
	return true;
}
