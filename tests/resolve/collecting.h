/* What is collected of a tree of a few files, as one line: ids by their last components, `~` before those that are
 * approximate, brackets where they are known, `[?]` where they are not. */
#ifndef TESTS_COLLECTING_H
#define TESTS_COLLECTING_H

#include "resolving.h"

/* As resolving(), with the text of a pytest.ini instead of the config's, and without needs. */
static inline struct resolved *collecting(const char *ini, const struct source *files)
{
	struct resolved *r = calloc(1, sizeof *r);
	struct err err = {0};
	char folder[] = "/tmp/collecting.XXXXXX", path[64];
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/pytest.ini", folder);
	arena_init(&r->out, NULL);
	arena_init(&r->tmp, NULL);
	intern_init(&r->names, &r->out);
	r->repo.names = &r->names;
	assert_true(file_write(path, str_of(ini), &err));
	if (!config_read(&r->out, &r->tmp, folder, NULL, &r->config, &err) ||
	    !pytest_config_read(&r->out, &r->tmp, folder, &r->config.paths, &r->pytest, &err))
		fail_msg("%s", err.text);
	unlink(path);
	rmdir(folder);
	resolving_add_all(r, files);
	whole_begin(&r->whole, &r->out, &r->tmp, &r->repo, &r->config, &r->pytest, NULL);
	resolve_suite(&r->whole, &r->tmp, &r->suite);
	return r;
}

static inline void collecting_put(struct buf *buf, const struct test *test)
{
	struct str id = str_slice(test->id, str_find(test->id, STR("::"), 0) + 2, test->id.n);
	const char *mark = test->is_exact ? "" : "~";
	if (test->params.n == 0)
		buf_fmt(buf, "%s%s%.*s%s", buf->n ? " " : "", mark, STR_ARG(id), test->are_params_exact ? "" : "[?]");
	for (size_t p = 0; p < test->params.n; p++)
		buf_fmt(buf, "%s%s%.*s[%.*s]", buf->n ? " " : "", mark, STR_ARG(id), STR_ARG(test->params.at[p]));
}

static inline struct str collecting_ids(struct resolved *r)
{
	struct buf buf;
	buf_init(&buf, &r->tmp);
	for (size_t i = 0; i < r->suite.tests.n; i++)
		collecting_put(&buf, &r->suite.tests.at[i]);
	buf_char(&buf, '\0');
	return buf_str(&buf);
}

/* "test_a: kind, kind" of a test's unknowns, and of the files' as "file: kind" at the end. */
static inline struct str collecting_marks(struct resolved *r, size_t test)
{
	struct buf buf;
	buf_init(&buf, &r->tmp);
	for (size_t i = 0; i < r->suite.tests.at[test].marks.n; i++) {
		name mark = r->suite.tests.at[test].marks.at[i].name;
		buf_fmt(&buf, "%s%s", i ? " " : "", mark ? intern_str(&r->names, mark).at : "?");
	}
	buf_char(&buf, '\0');
	return buf_str(&buf);
}

static inline struct str collecting_fixtures(struct resolved *r, size_t test)
{
	struct buf buf;
	buf_init(&buf, &r->tmp);
	for (size_t i = 0; i < r->suite.tests.at[test].fixtures.n; i++) {
		const struct fixture *f = &r->suite.fixtures.at[r->suite.tests.at[test].fixtures.at[i]];
		buf_fmt(&buf, "%s%s", i ? " " : "", intern_str(&r->names, f->name).at);
		if (!f->is_external)
			buf_fmt(&buf, "@%.*s", STR_ARG(r->repo.files.at[f->def.file].path));
	}
	buf_char(&buf, '\0');
	return buf_str(&buf);
}

/* The whole story of one module. */
static inline void expect_ids(const char *module, const char *ids)
{
	const struct source files[] = {{"test_it.py", module}, {0}};
	struct resolved *r = collecting("[pytest]\n", files);
	assert_string_equal(collecting_ids(r).at, ids);
	resolving_end(r);
}

#define EXPECT(files, ids)                                                                                             \
	do {                                                                                                           \
		struct resolved *r = collecting("[pytest]\n", files);                                                  \
		assert_string_equal(collecting_ids(r).at, ids);                                                        \
		resolving_end(r);                                                                                      \
	} while (0)

#endif
