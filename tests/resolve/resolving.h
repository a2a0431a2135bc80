/* A tree of a few files in memory, resolved: for tests of resolve/. */
#ifndef TESTS_RESOLVING_H
#define TESTS_RESOLVING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "config/config.h"
#include "config/pytest_ini.h"
#include "python/outline.h"
#include "python/survey.h"
#include "resolve/whole.h"

#include <cmocka.h> /* last: it defines fail() */

struct source {
	const char *path, *text;
};

struct resolved {
	struct arena out, tmp;
	struct intern names;
	struct repo repo;
	struct config config;
	struct pytest_config pytest;
	struct whole whole;
	struct suite suite;
	struct needs needs;
};

static int resolving_by_path(const void *a, const void *b)
{
	return str_cmp(((const struct source_file *)a)->path, ((const struct source_file *)b)->path);
}

static void resolving_add(struct resolved *r, const struct source *source)
{
	struct source_file file = {.path = str_of(source->path)};
	struct str base = path_base(file.path);
	file.is_conftest = str_eq(base, STR("conftest.py"));
	file.is_test = str_starts(base, STR("test_"));
	vec_push(&r->out, &r->repo.files, file);
}

static void resolving_read(struct resolved *r, const struct source *source)
{
	struct buf survey;
	struct facts *facts = arena_new(&r->out, struct facts);
	size_t n = strlen(source->text), i = 0;
	char *padded = arena_alloc(&r->out, n + FILE_PADDING);
	memcpy(padded, source->text, n);
	while (!str_eq(r->repo.files.at[i].path, str_of(source->path)))
		i++;
	buf_init(&survey, &r->out);
	survey_read(&survey, &r->tmp, (struct str){padded, n});
	r->repo.files.at[i].survey = buf_str(&survey);
	outline_read(&r->out, &r->tmp, &r->names, (struct str){padded, n}, facts);
	r->repo.facts[i] = facts;
}

/* All of them, so that nobody needs a reader. */
static inline void resolving_add_all(struct resolved *r, const struct source *files)
{
	for (const struct source *file = files; file->path; file++)
		resolving_add(r, file);
	qsort(r->repo.files.at, r->repo.files.n, sizeof *r->repo.files.at, resolving_by_path);
	r->repo.facts = arena_array(&r->out, const struct facts *, r->repo.files.n + 1);
	for (const struct source *file = files; file->path; file++)
		resolving_read(r, file);
}

/* Reads `files` (ended by a NULL path) with the config text `toml`, where the environment is given values ("NAME=VALUE" by
 * the CI, ended by NULL); the caller gives it back with resolving_end. */
static inline struct resolved *resolving_given(const char *toml, const struct source *files, const char *const *given)
{
	struct resolved *r = calloc(1, sizeof *r);
	struct err err = {0};
	char folder[] = "/tmp/resolving.XXXXXX", path[64];
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/lanewright.toml", folder);
	arena_init(&r->out, NULL);
	arena_init(&r->tmp, NULL);
	intern_init(&r->names, &r->out);
	r->repo.names = &r->names;
	assert_true(file_write(path, str_of(toml), &err));
	if (!config_read(&r->out, &r->tmp, folder, NULL, &r->config, &err) ||
	    !pytest_config_read(&r->out, &r->tmp, folder, &r->config.paths, &r->pytest, &err))
		fail_msg("%s", err.text);
	unlink(path);
	rmdir(folder);
	for (; *given; given++) {
		size_t name = strcspn(*given, "=");
		struct given_value one = {{*given, name}, str_of(*given + name + 1), STR("ci.yml:1"), GIVER_CI};
		vec_push(&r->out, &r->config.given, one);
	}
	given_settle(&r->config.given);
	resolving_add_all(r, files);
	whole_begin(&r->whole, &r->out, &r->tmp, &r->repo, &r->config, &r->pytest, NULL);
	resolve_suite(&r->whole, &r->tmp, &r->suite);
	resolve_needs(&r->whole, &r->tmp, &r->needs);
	return r;
}

static inline struct resolved *resolving(const char *toml, const struct source *files)
{
	static const char *const nothing[] = {NULL};
	return resolving_given(toml, files, nothing);
}

static void resolving_end(struct resolved *r)
{
	arena_free(&r->tmp);
	arena_free(&r->out);
	free(r);
}

/* "test_a: postgres requires, redis mocked; test_b:" for all tests, by their last component, mentions left out. */
static inline struct str resolving_story(struct resolved *r)
{
	struct buf buf;
	buf_init(&buf, &r->tmp);
	for (size_t t = 0; t < r->suite.tests.n; t++) {
		struct str id = r->suite.tests.at[t].id;
		size_t colon = str_rfind_char(id, ':');
		const need_list *list = &r->needs.tests[t];
		bool first = true;
		buf_fmt(&buf, "%s%.*s:", t ? "; " : "", STR_ARG(str_slice(id, colon + 1, id.n)));
		for (size_t i = 0; i < list->n; i++) {
			if (list->at[i].grade == GRADE_MENTION)
				continue;
			struct str names =
			        service_set_names(&r->tmp, &r->config.catalogue, list->at[i].services, STR("|"));
			buf_fmt(&buf, "%s%.*s %s", first ? " " : ", ", STR_ARG(names), grade_name(list->at[i].grade));
			first = false;
		}
	}
	return buf_str(&buf);
}

#endif
