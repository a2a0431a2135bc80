/* resolve_rules: the needs of a suite with one rule of the engine left out, for tests/corpus/test_rules.py.
 *
 *     resolve_rules               prints the rules: name, tab, what it says
 *     resolve_rules ROOT FOLDER [RULE]
 *                                 writes tests.csv, files.csv and ids into FOLDER */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "config/config.h"
#include "config/pytest_ini.h"
#include "project/values.h"
#include "python/outline.h"
#include "python/survey.h"
#include "resolve/whole.h"

static const struct {
	const char *name, *says;
} rules[] = {
#define RULE_ROW(id, name, says) {#name, says},
        RULES(RULE_ROW)
#undef RULE_ROW
};

struct suite_read {
	struct arena out, tmp;
	struct intern names;
	struct repo repo;
	struct config config;
	struct pytest_config pytest;
	struct whole whole;
	struct suite suite;
	struct needs needs;
	const char *root;
};

static struct suite_read *reading; /* nftw hands nothing through */

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "resolve_rules: %s\n", what);
	exit(2);
}

static int find_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	struct suite_read *r = reading;
	(void)st, (void)ftw;
	struct str base = path_base(str_of(path));
	if (kind != FTW_F || !str_ends(base, STR(".py")))
		return 0;
	struct source_file file = {.path = str_copy(&r->out, str_of(path + strlen(r->root) + 1))};
	file.is_conftest = str_eq(base, STR("conftest.py"));
	file.is_test = str_starts(base, STR("test_"));
	vec_push(&r->out, &r->repo.files, file);
	return 0;
}

static void read_each(struct suite_read *r)
{
	r->repo.facts = arena_array(&r->out, const struct facts *, r->repo.files.n + 1);
	for (size_t i = 0; i < r->repo.files.n; i++) {
		struct source_file *file = &r->repo.files.at[i];
		struct facts *facts = arena_new(&r->out, struct facts);
		struct str text, path = str_fmt(&r->tmp, "%s/%.*s", r->root, STR_ARG(file->path));
		struct buf survey;
		struct err err = {0};
		if (!file_read(&r->out, str_c(&r->tmp, path), &text, &err))
			die(err.text);
		buf_init(&survey, &r->out);
		survey_read(&survey, &r->tmp, text);
		file->survey = buf_str(&survey);
		outline_read(&r->out, &r->tmp, &r->names, text, facts);
		r->repo.facts[i] = facts;
	}
}

/* All that the corpus gives to the environment. */
static void read_dotenv(struct suite_read *r)
{
	struct err err = {0};
	struct str text, path = str_fmt(&r->tmp, "%s/.env.test", r->root);
	if (!file_read(&r->out, path.at, &text, &err))
		die(err.text);
	values_of_dotenv(&r->out, text, STR(".env.test"), &r->config.given);
	given_settle(&r->config.given);
}

static int by_path(const void *a, const void *b)
{
	return str_cmp(((const struct source_file *)a)->path, ((const struct source_file *)b)->path);
}

static void resolve(struct suite_read *r, enum rule without)
{
	struct err err = {0};
	arena_init(&r->out, NULL);
	arena_init(&r->tmp, NULL);
	intern_init(&r->names, &r->out);
	r->repo.names = &r->names;
	if (!config_read(&r->out, &r->tmp, r->root, NULL, &r->config, &err) ||
	    !pytest_config_read(&r->out, &r->tmp, r->root, &r->config.paths, &r->pytest, &err))
		die(err.text);
	read_dotenv(r);
	reading = r;
	if (nftw(r->root, find_one, 16, FTW_PHYS))
		die("the suite cannot be read");
	qsort(r->repo.files.at, r->repo.files.n, sizeof *r->repo.files.at, by_path);
	read_each(r);
	whole_begin(&r->whole, &r->out, &r->tmp, &r->repo, &r->config, &r->pytest, NULL);
	resolve_suite(&r->whole, &r->tmp, &r->suite);
	r->whole.names.without = without;
	resolve_needs(&r->whole, &r->tmp, &r->needs);
}

static void add_rows(struct suite_read *r, struct buf *buf, struct str what, const need_list *needs)
{
	for (size_t i = 0; i < needs->n; i++) {
		struct str services = service_set_names(&r->tmp, &r->config.catalogue, needs->at[i].services, STR("|"));
		buf_fmt(buf, "%.*s,%.*s,%s\n", STR_ARG(what), STR_ARG(services), grade_name(needs->at[i].grade));
	}
}

static void write_into(struct suite_read *r, const char *folder, const char *name, struct buf *buf)
{
	struct err err = {0};
	if (!file_write(str_c(&r->tmp, str_fmt(&r->tmp, "%s/%s", folder, name)), buf_str(buf), &err))
		die(err.text);
}

static void write_all(struct suite_read *r, const char *folder)
{
	struct buf tests, files, ids;
	buf_init(&tests, &r->tmp);
	buf_init(&files, &r->tmp);
	buf_init(&ids, &r->tmp);
	buf_fmt(&tests, "test,service,grade\n");
	buf_fmt(&files, "path,service,grade\n");
	for (size_t t = 0; t < r->suite.tests.n; t++) {
		buf_fmt(&ids, "%.*s\n", STR_ARG(r->suite.tests.at[t].id));
		add_rows(r, &tests, r->suite.tests.at[t].id, &r->needs.tests[t]);
	}
	for (size_t f = 0; f < r->repo.files.n; f++)
		add_rows(r, &files, r->repo.files.at[f].path, &r->needs.files[f]);
	write_into(r, folder, "tests.csv", &tests);
	write_into(r, folder, "files.csv", &files);
	write_into(r, folder, "ids", &ids);
}

int main(int argc, char **argv)
{
	enum rule without = RULE_NONE;
	size_t n = sizeof rules / sizeof *rules;
	for (size_t i = 0; argc == 1 && i < n; i++)
		printf("%s\t%s\n", rules[i].name, rules[i].says);
	if (argc == 1)
		return 0;
	for (size_t i = 0; argc == 4 && i < n; i++)
		if (strcmp(rules[i].name, argv[3]) == 0)
			without = (enum rule)(i + 1); /* after RULE_NONE */
	if (argc < 3 || argc > 4 || (argc == 4 && !without))
		die("usage: resolve_rules [ROOT FOLDER [RULE]]");
	static struct suite_read r;
	r.root = argv[1];
	resolve(&r, without);
	write_all(&r, argv[2]);
	arena_free(&r.tmp);
	arena_free(&r.out);
	return 0;
}
