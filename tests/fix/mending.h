/* A tree of a few files whose markers are mended in memory.  The conftest has `db`, which needs postgres, and `cache`,
 * which needs redis; their markers are `pg` and `redis_up`. */
#ifndef TESTS_MENDING_H
#define TESTS_MENDING_H

#include "../resolve/resolving.h"
#include "fix/rewrite.h"

#define MENDING_CONFIG                                                                                                 \
	"[services.postgres]\nmarker = \"pg\"\n"                                                                       \
	"[services.redis]\nmarker = \"redis_up\"\n"
#define MENDING_CONFTEST                                                                                               \
	"import psycopg\nimport pytest\nimport redis\n"                                                                \
	"@pytest.fixture\ndef db():\n    return psycopg.connect('postgresql://localhost/app')\n"                       \
	"@pytest.fixture\ndef cache():\n    return redis.Redis.from_url('redis://localhost').ping()\n"

enum { MENDING_FILES = 8 };

struct mending {
	struct resolved *r;
	struct source files[MENDING_FILES]; /* as they are then */
	struct marking marking;
	struct str refused; /* why a file was not rewritten, "" when all were */
};

static struct audit_case mending_case(struct resolved *r, const job_list *jobs)
{
	return (struct audit_case){.repo = &r->repo,
	                           .suite = &r->suite,
	                           .needs = &r->needs,
	                           .config = &r->config,
	                           .pytest = &r->pytest,
	                           .jobs = jobs};
}

static struct source *mending_file(struct mending *m, struct str path)
{
	for (struct source *file = m->files; file->path; file++)
		if (str_eq(str_of(file->path), path))
			return file;
	fail_msg("no file %.*s", STR_ARG(path));
	return NULL;
}

/* One pass over all files. */
static struct mending mending_pass(const char *config, const struct source *files)
{
	static const job_list no_jobs;
	struct mending m = {.r = resolving(config, files), .refused = STR_NONE};
	struct arena *out = &m.r->out;
	struct audit_case it = mending_case(m.r, &no_jobs);
	for (size_t i = 0; files[i].path; i++)
		m.files[i] = files[i];
	m.marking = fix_marking(out, &m.r->tmp, &it, NULL);
	for (size_t i = 0, n; i < m.marking.changes.n; i += n) {
		const struct scope_change *change = &m.marking.changes.at[i];
		struct str text, why = STR_NONE;
		for (n = 1; i + n < m.marking.changes.n && change[n].file == change->file;)
			n++;
		struct source *file = mending_file(&m, m.r->repo.files.at[change->file].path);
		if (fix_rewrite(out, &m.r->tmp, &it, change, n, str_of(file->text), &text, &why))
			file->text = str_c(out, text);
		else
			m.refused = why;
	}
	return m;
}

/* What is written carries what was planned, and leaves nothing to be done. */
static void mending_again(struct mending *m, const char *config)
{
	struct mending second = mending_pass(config, m->files);
	static const job_list no_jobs;
	struct audit_case before = mending_case(m->r, &no_jobs);
	bool *none = arena_array(&m->r->out, bool, m->r->repo.files.n + 1);
	uint32_t test;
	if (m->refused.n == 0 && !fix_check(&before, &second.r->repo, &second.r->suite, &m->marking, none, &test))
		fail_msg("test %u does not carry what was planned:\n%s", test, m->files[1].text);
	if (m->refused.n == 0)
		assert_int_equal(second.marking.changes.n, 0);
	resolving_end(second.r);
}

static inline struct mending mending_files(const char *config, const struct source *files)
{
	struct mending m = mending_pass(config, files);
	mending_again(&m, config);
	return m;
}

/* test_a.py beside the conftest. */
static inline struct mending mending(const char *text)
{
	struct source files[] = {{"conftest.py", MENDING_CONFTEST}, {"test_a.py", text}, {NULL, NULL}};
	return mending_files(MENDING_CONFIG, files);
}

/* `text` becomes `expected`, with no word to a person. */
#define assert_mended(before, expected)                                                                                \
	do {                                                                                                           \
		struct mending mended_ = mending(before);                                                              \
		assert_string_equal(mended_.files[1].text, expected);                                                  \
		assert_int_equal(mended_.marking.refusals.n, 0);                                                       \
		assert_int_equal(mended_.refused.n, 0);                                                                \
		resolving_end(mended_.r);                                                                              \
	} while (0)

/* `text` stays, or becomes `expected`, and the person is told something with `words` in it. */
#define assert_refused(before, expected, words)                                                                        \
	do {                                                                                                           \
		struct mending mended_ = mending(before);                                                              \
		assert_string_equal(mended_.files[1].text, expected);                                                  \
		mending_told(&mended_, words);                                                                         \
		resolving_end(mended_.r);                                                                              \
	} while (0)

static inline void mending_told(const struct mending *m, const char *words)
{
	if (str_has(m->refused, str_of(words)))
		return;
	for (size_t i = 0; i < m->marking.refusals.n; i++)
		if (str_has(m->marking.refusals.at[i].text, str_of(words)))
			return;
	fail_msg("nobody says \"%s\", but \"%.*s\" and %zu others", words, STR_ARG(m->refused), m->marking.refusals.n);
}

#endif
