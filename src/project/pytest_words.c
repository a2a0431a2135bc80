/* An argument that is not an option and looks like a path is one; pytest itself cannot tell without its plugins. */
#include "project/pytest_words.h"

#include <string.h>

struct option_row {
	const char *name;
	bool takes_value; /* as the next word, when it has no `=` */
};

/* What each emitted job gives pytest itself, and what a share of tests by another tool would undo. */
/* clang-format off */
static const struct option_row dropped[] = {
	{"--junitxml",            true},
	{"--junit-xml",           true},
	{"--cov-report",          true},
	{"--cov-fail-under",      true},
	{"--cov-append",          false},
	{"--splits",              true},
	{"--group",               true},
	{"--splitting-algorithm", true},
	{"--durations-path",      true},
	{"--store-durations",     false},
	{"--clean-durations",     false},
	{"--test-group",          true},
	{"--test-group-count",    true},
	{"--num-shards",          true},
	{"--shard-id",            true},
};
/* clang-format on */

static struct str option_name(struct str word)
{
	return str_slice(word, 0, str_find(word, STR("="), 0));
}

static const struct option_row *find_dropped(struct str word)
{
	for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
		if (str_eq(option_name(word), str_of(dropped[i].name)))
			return &dropped[i];
	return NULL;
}

/* Options of pytest whose value, the next word, may look like a path. */
static bool takes_path(struct str word)
{
	static const char *const options[] = {"-c",
	                                      "-p",
	                                      "-o",
	                                      "-k",
	                                      "-m",
	                                      "-W",
	                                      "--rootdir",
	                                      "--ignore",
	                                      "--ignore-glob",
	                                      "--confcutdir",
	                                      "--basetemp",
	                                      "--log-file",
	                                      "--cov-config",
	                                      "--html",
	                                      "--deselect",
	                                      "--env-file",
	                                      "--override-ini",
	                                      "--config-file",
	                                      "--ds",
	                                      "--report-log",
	                                      "--json-report-file"};
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (str_eq(word, str_of(options[i])))
			return true;
	return false;
}

static struct str without_quotes(struct str word)
{
	bool is_quoted = word.n >= 2 && (word.at[0] == '"' || word.at[0] == '\'') && word.at[word.n - 1] == word.at[0];
	return is_quoted ? str_slice(word, 1, word.n - 1) : word;
}

static bool looks_like_path(struct str word)
{
	static const char *const folders[] = {"tests", "test", "."};
	for (size_t i = 0; i < 3; i++)
		if (str_eq(word, str_of(folders[i])))
			return true;
	return str_has(word, STR("/")) || str_ends(word, STR(".py")) || str_has(word, STR(".py::"));
}

static bool is_plain_path(struct str word)
{
	return !str_has(word, STR("*")) && !str_has(word, STR("::")) && !str_has(word, STR("$")) &&
	       !str_has(word, STR("?")) && !str_has(word, STR("[")) && !str_has(word, STR("{"));
}

/* ---- the command ---- */

static void add_source(struct arena *out, struct pytest_words *to, strs *kept, struct str word, struct str value)
{
	to->has_coverage = true;
	value = without_quotes(value);
	if (to->sources.n && value.n)
		vec_push(out, kept, word); /* the emitted jobs name one source: the others stay in the command */
	if (value.n)
		vec_push(out, &to->sources, value);
}

static size_t program_at(const strs *words)
{
	for (size_t i = 0; i < words->n; i++) {
		struct str base = path_base(words->at[i]);
		if (str_eq(base, STR("pytest")) || str_eq(base, STR("py.test")))
			return i;
	}
	return words->n;
}

static bool is_bare_program(struct str word)
{
	return str_eq(word, STR("pytest")) || str_eq(word, STR("python")) || str_eq(word, STR("python3")) ||
	       str_eq(word, STR("coverage"));
}

/* `uv run coverage run --source=shop -m pytest`, with the environment's folder before a bare program. */
static void add_program(struct arena *out, const strs *words, size_t at, struct str bin, struct pytest_words *to,
                        strs *kept)
{
	bool is_coverage = false;
	for (size_t i = 0; i <= at; i++) {
		struct str word = words->at[i];
		is_coverage |= str_eq(path_base(word), STR("coverage"));
		if (str_eq(path_base(word), STR("py.test")))
			word = path_join(out, path_dir(word), STR("pytest"));
		if (i == 0 && bin.n && is_bare_program(word))
			word = path_join(out, bin, word);
		bool is_parallel = is_coverage && (str_eq(word, STR("-p")) || str_eq(word, STR("--parallel-mode")) ||
		                                   str_eq(word, STR("-a")) || str_eq(word, STR("--append")));
		if (is_coverage && str_starts(word, STR("--source=")))
			vec_push(out, &to->sources, without_quotes(str_slice(word, 9, word.n)));
		vec_push(out, is_parallel ? &to->dropped : kept, word);
	}
	to->has_coverage |= is_coverage;
}

static void add_positional(struct arena *out, struct pytest_words *to, strs *kept, struct str word)
{
	struct str path = without_quotes(word);
	if (!looks_like_path(path))
		vec_push(out, kept, word);
	else
		vec_push(out, is_plain_path(path) ? &to->paths : &to->unknown, path);
}

static bool begins_option(const strs *words, size_t i)
{
	return i >= words->n || str_starts(words->at[i], STR("-"));
}

struct pytest_words pytest_words_read(struct arena *out, const strs *words, struct str bin)
{
	struct pytest_words to = {0};
	strs kept = {0};
	size_t at = program_at(words);
	if (at == words->n)
		return to;
	add_program(out, words, at, bin, &to, &kept);
	for (size_t i = at + 1; i < words->n; i++) {
		struct str word = words->at[i];
		const struct option_row *row = find_dropped(word);
		bool has_value = str_has(word, STR("="));
		if (row) {
			vec_push(out, &to.dropped, word);
			if (row->takes_value && !has_value && !begins_option(words, i + 1))
				vec_push(out, &to.dropped, words->at[++i]);
		} else if (str_starts(word, STR("--cov=")))
			add_source(out, &to, &kept, word, str_slice(word, 6, word.n));
		else if (str_eq(word, STR("--cov"))) {
			bool is_alone = begins_option(words, i + 1);
			struct str value = is_alone ? STR_NONE : words->at[++i];
			add_source(out, &to, &kept, str_fmt(out, "--cov=%.*s", STR_ARG(value)), value);
		} else if (takes_path(word) && i + 1 < words->n) {
			vec_push(out, &kept, word);
			vec_push(out, &kept, words->at[++i]);
		} else if (str_starts(word, STR("-")))
			vec_push(out, &kept, word);
		else
			add_positional(out, &to, &kept, word);
	}
	to.command = str_join(out, kept.at, kept.n, STR(" "));
	return to;
}
