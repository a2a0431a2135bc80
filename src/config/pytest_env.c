/* "R:D:NAME=value": R leaves braces alone, D sets the variable only where nobody else has. */
#include "config/pytest_env.h"

#include "base/file.h"
#include "config/toml.h"

static void add_line(struct arena *out, struct str line, struct str place, given_values *given)
{
	enum giver giver = GIVER_PYTEST;
	while (str_starts(line, STR("R:")) || str_starts(line, STR("D:"))) {
		if (line.at[0] == 'D')
			giver = GIVER_FILE;
		line = str_slice(line, 2, line.n);
	}
	size_t equals = str_find(line, STR("="), 0);
	struct str value = str_trim(str_slice(line, equals == SIZE_MAX ? line.n : equals + 1, line.n));
	if (value.n)
		vec_push(out, given, ((struct given_value){str_trim(str_slice(line, 0, equals)), value, place, giver}));
}

/* NAME = "value" or NAME = {value = "...", skip_if_set = true} */
static void add_table(struct arena *out, const struct toml_value *table, struct str file, given_values *given)
{
	for (size_t i = 0; table && table->kind == TOML_TABLE && i < table->n; i++) {
		const struct toml_value *one = &table->at[i], *value = toml_get(one, "value");
		const struct toml_value *skip = toml_get(one, "skip_if_set");
		const struct toml_value *text = one->kind == TOML_STRING ? one : value;
		enum giver giver = skip && skip->truth ? GIVER_FILE : GIVER_PYTEST;
		struct str place = str_fmt(out, "%.*s:%u", STR_ARG(file), one->key_line);
		if (text && text->kind == TOML_STRING && text->text.n)
			vec_push(out, given, ((struct given_value){one->key, text->text, place, giver}));
	}
}

static void read_own_table(struct arena *out, const char *root, struct str file, given_values *given)
{
	struct str text;
	struct err ignored = {0};
	struct toml_value top;
	const char *path = path_join(out, str_of(root), file).at;
	if (!file_exists(path) || !file_read(out, path, &text, &ignored) || !str_has(text, STR("pytest_env")) ||
	    !toml_parse(out, text, str_c(out, file), &top, &ignored))
		return;
	const struct toml_value *tool = toml_get(&top, "tool");
	add_table(out, toml_get(tool ? tool : &top, "pytest_env"), file, given);
}

void pytest_env_values(struct arena *out, const char *root, const struct pytest_config *pytest, given_values *given)
{
	static const char *const files[] = {"pyproject.toml", "pytest.toml", ".pytest.toml"};
	for (size_t i = 0; i < pytest->env.n; i++)
		add_line(out, pytest->env.at[i], pytest->inifile, given);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		read_own_table(out, root, path_join(out, pytest->rootdir, str_of(files[i])), given);
}
