/* pytest's options as rows.  Plugins add hundreds more: an unknown option written `--x=y` is one word; written
 * `--x y`, the second word is its value unless such a file exists. */
#include "config/addopts.h"

enum kind {
	FLAG,  /* takes nothing */
	VALUE, /* takes a value that does not matter here */
	MAYBE, /* the next word is its value unless it begins with - */
	MARKS,
	KEYWORDS,
	PLUGIN,
	IGNORE,
	IGNORE_GLOB,
	DESELECT,
	IMPORT_MODE,
	OVERRIDE,
	DOCTEST,
	STRICT,
	UNKNOWN,
};

/* clang-format off */
static const struct option {
	const char *name;
	enum kind kind;
} options[] = {
	{"-m",                            MARKS},
	{"-k",                            KEYWORDS},
	{"-p",                            PLUGIN},
	{"-o",                            OVERRIDE},
	{"--override-ini",                OVERRIDE},
	{"--ignore",                      IGNORE},
	{"--ignore-glob",                 IGNORE_GLOB},
	{"--deselect",                    DESELECT},
	{"--import-mode",                 IMPORT_MODE},
	{"--doctest-modules",             DOCTEST},
	{"--strict-markers",              STRICT},
	{"--strict",                      STRICT},
	{"-c",                            VALUE}, /* too late here: the config has been found already */
	{"--config-file",                 VALUE},
	{"--rootdir",                     VALUE},
	{"--confcutdir",                  VALUE},
	{"--basetemp",                    VALUE},
	{"-r",                            VALUE},
	{"-W",                            VALUE},
	{"-n",                            VALUE},
	{"--pythonwarnings",              VALUE},
	{"--numprocesses",                VALUE},
	{"--maxprocesses",                VALUE},
	{"--dist",                        VALUE},
	{"--tx",                          VALUE},
	{"--maxfail",                     VALUE},
	{"--tb",                          VALUE},
	{"--color",                       VALUE},
	{"--capture",                     VALUE},
	{"--show-capture",                VALUE},
	{"--durations",                   VALUE},
	{"--durations-min",               VALUE},
	{"--verbosity",                   VALUE},
	{"--junitxml",                    VALUE},
	{"--junit-xml",                   VALUE},
	{"--junitprefix",                 VALUE},
	{"--log-level",                   VALUE},
	{"--log-cli-level",               VALUE},
	{"--log-file",                    VALUE},
	{"--log-format",                  VALUE},
	{"--assert",                      VALUE},
	{"--doctest-glob",                VALUE},
	{"--cov",                         MAYBE},
	{"--cov-report",                  VALUE},
	{"--cov-config",                  VALUE},
	{"--cov-fail-under",              VALUE},
	{"--timeout",                     VALUE},
	{"--timeout-method",              VALUE},
	{"--reruns",                      VALUE},
	{"--reruns-delay",                VALUE},
	{"--ds",                          VALUE},
	{"--dc",                          VALUE},
	{"--asyncio-mode",                VALUE},
	{"--anyio-mode",                  VALUE},
	{"--randomly-seed",               VALUE},
	{"--random-order-bucket",         VALUE},
	{"--html",                        VALUE},
	{"--benchmark-columns",           VALUE},
	{"--hypothesis-profile",          VALUE},
	{"--pyargs",                      FLAG},
	{"--exitfirst",                   FLAG},
	{"--verbose",                     FLAG},
	{"--quiet",                       FLAG},
	{"--showlocals",                  FLAG},
	{"--no-showlocals",               FLAG},
	{"--strict-config",               FLAG},
	{"--runxfail",                    FLAG},
	{"--cache-clear",                 FLAG},
	{"--last-failed",                 FLAG},
	{"--lf",                          FLAG},
	{"--failed-first",                FLAG},
	{"--ff",                          FLAG},
	{"--new-first",                   FLAG},
	{"--nf",                          FLAG},
	{"--full-trace",                  FLAG},
	{"--disable-warnings",            FLAG},
	{"--disable-pytest-warnings",     FLAG},
	{"--no-header",                   FLAG},
	{"--no-summary",                  FLAG},
	{"--noconftest",                  FLAG},
	{"--keep-duplicates",             FLAG},
	{"--collect-only",                FLAG},
	{"--collect-in-virtualenv",       FLAG},
	{"--continue-on-collection-errors", FLAG},
	{"--setup-show",                  FLAG},
	{"--no-cov",                      FLAG},
	{"--no-cov-on-fail",              FLAG},
	{"--cov-append",                  FLAG},
	{"--cov-branch",                  FLAG},
	{"--doctest-continue-on-failure", FLAG},
	{"--doctest-ignore-import-errors", FLAG},
	{"--reuse-db",                    FLAG},
	{"--create-db",                   FLAG},
	{"--nomigrations",                FLAG},
	{"--no-migrations",               FLAG},
	{"--disable-socket",              FLAG},
	{"--allow-unix-socket",           FLAG},
	{"--benchmark-disable",           FLAG},
	{"--benchmark-skip",              FLAG},
	{"--block-network",               FLAG},
	{"--spec",                        FLAG},
};
/* clang-format on */

struct reading {
	struct arena *out;
	const strs *words;
	size_t at; /* next word */
	bool (*is_path)(const void *user, struct str word);
	const void *user;
	struct pytest_config *config;
	struct addopts *rest;
};

static enum kind kind_of(struct str name)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (str_eq(str_of(options[i].name), name))
			return options[i].kind;
	return UNKNOWN;
}

static void apply(struct reading *r, enum kind kind, struct str value)
{
	struct pytest_config *config = r->config;
	switch (kind) {
	case MARKS: config->mark_expression = value; break;
	case KEYWORDS: config->keyword_expression = value; break;
	case PLUGIN: vec_push(r->out, &config->plugins, value); break;
	case IGNORE: vec_push(r->out, &config->ignore, value); break;
	case IGNORE_GLOB: vec_push(r->out, &config->ignore_glob, value); break;
	case DESELECT: vec_push(r->out, &config->deselect, value); break;
	case IMPORT_MODE: config->import_mode = value; break;
	case OVERRIDE: vec_push(r->out, &r->rest->overrides, value); break;
	case DOCTEST: config->doctest_modules = true; break;
	case STRICT: config->strict_markers = true; break;
	case FLAG:
	case VALUE:
	case MAYBE:
	case UNKNOWN: break;
	}
}

static bool takes_value(enum kind kind)
{
	return kind != FLAG && kind != MAYBE && kind != DOCTEST && kind != STRICT && kind != UNKNOWN;
}

static bool next(struct reading *r, struct str *word)
{
	if (r->at == r->words->n)
		return false;
	*word = r->words->at[r->at++];
	return true;
}

/* --name, --name=value, --name value */
static void long_option(struct reading *r, struct str word)
{
	size_t equals = str_find(word, STR("="), 0);
	struct str name = equals == SIZE_MAX ? word : str_slice(word, 0, equals), value = STR_NONE;
	enum kind kind = kind_of(name);
	if (equals != SIZE_MAX)
		value = str_slice(word, equals + 1, word.n);
	else if (takes_value(kind) && !next(r, &value))
		return;
	apply(r, kind, value);
	if (equals != SIZE_MAX || r->at == r->words->n || str_starts(r->words->at[r->at], STR("-")))
		return;
	if (kind == MAYBE || (kind == UNKNOWN && !r->is_path(r->user, r->words->at[r->at])))
		r->at++;
}

/* -xvs, -kEXPR, -k EXPR, -vk EXPR: the first letter that takes a value has the rest of the word, or the next. */
static void short_options(struct reading *r, struct str word)
{
	for (size_t i = 1; i < word.n; i++) {
		char name[] = {'-', word.at[i], '\0'};
		enum kind kind = kind_of(str_of(name));
		if (!takes_value(kind))
			continue;
		struct str value = str_slice(word, i + 1, word.n);
		if (str_starts(value, STR("=")))
			value = str_slice(value, 1, value.n);
		if (value.n || next(r, &value))
			apply(r, kind, value);
		return;
	}
}

void addopts_read(struct arena *out, const strs *words, bool (*is_path)(const void *user, struct str word),
                  const void *user, struct pytest_config *config, struct addopts *rest)
{
	struct reading r = {out, words, 0, is_path, user, config, rest};
	struct str word;
	while (next(&r, &word)) {
		if (str_eq(word, STR("--")))
			while (next(&r, &word))
				vec_push(out, &rest->paths, word);
		else if (str_starts(word, STR("--")))
			long_option(&r, word);
		else if (str_starts(word, STR("-")))
			short_options(&r, word);
		else
			vec_push(out, &rest->paths, word);
	}
}
