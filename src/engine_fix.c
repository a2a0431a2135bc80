/* `audit --fix`: the planned changes are made in memory, the suite is collected once more from the changed texts, and a
 * file whose tests would not carry just what was planned is left as it is.  Then files are replaced, one by one. */
#include "engine_audit.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diff.h"
#include "base/hash.h"
#include "config/register.h"
#include "fix/marking.h"
#include "fix/rewrite.h"
#include "python/outline.h"
#include "python/survey.h"
#include "resolve/whole.h"

/* A file to be written. */
struct mended {
	uint32_t file;     /* of the repo; UINT32_MAX for the pytest config */
	struct str path;   /* relative to the root */
	const char *place; /* for open(), links resolved */
	struct str old, new;
};

typedef VEC(struct mended) mended_list;

struct fixing {
	lanewright *lw;
	const struct lanewright_fix_options *options;
	struct lanewright_fixed *fixed;
	struct audit_case it;
	struct marking marking;
	mended_list mended;
	bool *left_out; /* by file */
};

static void refuse(struct fixing *f, struct str path, struct str why)
{
	fix_refuse(&f->lw->out, &f->marking.refusals, (struct refusal){.path = path, .text = why});
}

/* ---- reading ---- */

/* Where the file really is; NULL when that is not below the root, or is written already under another name. */
static const char *place_of(struct fixing *f, struct str path)
{
	lanewright *lw = f->lw;
	char real[PATH_MAX], root[PATH_MAX];
	if (!realpath(engine_path(lw, str_c(&lw->out, path)), real) || !realpath(lw->root.at, root)) {
		refuse(f, path, STR("it cannot be found"));
		return NULL;
	}
	size_t n = strlen(root);
	if (strncmp(real, root, n) != 0 || (real[n] != '/' && n > 1)) {
		refuse(f, path, STR("it lies outside of the root"));
		return NULL;
	}
	for (size_t i = 0; i < f->mended.n; i++)
		if (strcmp(f->mended.at[i].place, real) == 0) {
			refuse(f, path,
			       str_fmt(&lw->out, "it is the same file as %.*s", STR_ARG(f->mended.at[i].path)));
			return NULL;
		}
	return str_c(&lw->out, str_of(real));
}

static bool read_file(struct fixing *f, struct mended *m)
{
	struct err err = {0};
	m->place = place_of(f, m->path);
	if (!m->place)
		return false;
	if (!file_read(&f->lw->out, m->place, &m->old, &err)) {
		refuse(f, m->path, str_copy(&f->lw->out, str_of(err.text)));
		return false;
	}
	return true;
}

static bool is_as_scanned(struct fixing *f, const struct mended *m)
{
	const struct source_file *file = &f->lw->repo.files.at[m->file];
	struct hash128 hash = hash128(m->old);
	if (hash.high == file->hash_high && hash.low == file->hash_low)
		return true;
	refuse(f, m->path, STR("it changed while it was looked at: run this again"));
	return false;
}

/* ---- the changed texts ---- */

static void mend_file(struct fixing *f, const struct scope_change *changes, size_t n)
{
	lanewright *lw = f->lw;
	struct mended m = {.file = changes->file, .path = lw->repo.files.at[changes->file].path};
	struct str why = STR_NONE;
	f->left_out[m.file] = true;
	if (!read_file(f, &m) || !is_as_scanned(f, &m))
		return;
	if (!fix_rewrite(&lw->out, &lw->tmp, &f->it, changes, n, m.old, &m.new, &why)) {
		refuse(f, m.path, why);
		return;
	}
	f->left_out[m.file] = false;
	vec_push(&lw->out, &f->mended, m);
}

static void mend_files(struct fixing *f)
{
	const change_list *all = &f->marking.changes;
	f->left_out = arena_array(&f->lw->out, bool, f->lw->repo.files.n + 1);
	for (size_t i = 0, n; i < all->n; i += n) {
		for (n = 1; i + n < all->n && all->at[i + n].file == all->at[i].file;)
			n++;
		mend_file(f, &all->at[i], n);
	}
}

/* Without a config nobody refuses a marker that is not registered: pytest warns, and so do we, once. */
static void tell_no_config(struct fixing *f)
{
	const strs *lines = &f->marking.unregistered;
	struct str all = str_join(&f->lw->tmp, lines->at, lines->n, STR("; "));
	if (f->mended.n)
		refuse(f, STR("pytest.ini"),
		       str_fmt(&f->lw->out, "there is no pytest config to register markers in: %.*s", STR_ARG(all)));
}

static void mend_config(struct fixing *f)
{
	lanewright *lw = f->lw;
	struct mended m = {.file = UINT32_MAX, .path = lw->pytest.inifile};
	struct err err = {0};
	if (f->marking.unregistered.n == 0)
		return;
	if (m.path.n == 0) {
		tell_no_config(f);
		return;
	}
	if (!read_file(f, &m))
		return;
	if (register_markers(&lw->out, str_c(&lw->out, m.path), m.old, &f->marking.unregistered, &m.new, &err))
		vec_push(&lw->out, &f->mended, m);
	else
		refuse(f, m.path, str_copy(&lw->out, str_of(err.text)));
}

/* ---- the suite as it would be ---- */

/* Facts of files that stay come from the repo they were read for. */
struct overlay {
	struct repo_reader reader; /* first: a pointer to it is one to all */
	const struct repo *below;
};

static const struct facts *read_below(struct repo_reader *reader, uint32_t file)
{
	return repo_facts(((struct overlay *)reader)->below, file);
}

static struct str padded(struct arena *out, struct str text)
{
	char *to = arena_alloc(out, text.n + FILE_PADDING);
	memcpy(to, text.at, text.n);
	return (struct str){to, text.n};
}

static void lay_over(struct fixing *f, struct repo *repo, const struct mended *m)
{
	struct arena *out = &f->lw->out;
	struct facts *facts = arena_new(out, struct facts);
	struct str text = padded(out, m->new);
	struct buf survey;
	buf_init(&survey, out);
	survey_read(&survey, &f->lw->tmp, text);
	repo->files.at[m->file].survey = buf_str(&survey);
	outline_read(out, &f->lw->tmp, f->lw->repo.names, text, facts);
	repo->facts[m->file] = facts;
}

static void make_overlay(struct fixing *f, struct repo *repo, struct overlay *overlay)
{
	struct arena *out = &f->lw->out;
	const struct repo *below = &f->lw->repo;
	*repo = *below;
	*overlay = (struct overlay){.reader = {.read = read_below}, .below = below};
	repo->files.at = arena_array(out, struct source_file, below->files.n + 1);
	memcpy(repo->files.at, below->files.at, below->files.n * sizeof *repo->files.at);
	repo->facts = arena_array(out, const struct facts *, below->files.n + 1);
	memcpy(repo->facts, below->facts, below->files.n * sizeof *repo->facts);
	repo->reader = &overlay->reader;
	for (size_t i = 0; i < f->mended.n; i++)
		if (f->mended.at[i].file != UINT32_MAX)
			lay_over(f, repo, &f->mended.at[i]);
}

static void leave_out(struct fixing *f, size_t index, const char *why)
{
	f->left_out[f->mended.at[index].file] = true;
	refuse(f, f->mended.at[index].path, str_of(why));
	memmove(&f->mended.at[index], &f->mended.at[index + 1], (f->mended.n - index - 1) * sizeof *f->mended.at);
	f->mended.n--;
}

static bool concerns(const struct test *test, uint32_t file)
{
	return file == test->file || file == test->def.file || file == test->class_.file;
}

/* Leaves out the files that a test which came out wrong has to do with, else all. */
static void blame(struct fixing *f, uint32_t test)
{
	const struct suite *suite = &f->lw->suite;
	bool is_any = false;
	for (size_t i = f->mended.n; i-- > 0;)
		is_any |= test < suite->tests.n && concerns(&suite->tests.at[test], f->mended.at[i].file);
	for (size_t i = f->mended.n; i-- > 0;)
		if (f->mended.at[i].file != UINT32_MAX &&
		    (!is_any || concerns(&suite->tests.at[test], f->mended.at[i].file)))
			leave_out(f, i, "with the markers changed its tests would not carry what was meant");
}

static bool drop_unreadable(struct fixing *f, const struct repo *repo)
{
	bool is_any = false;
	for (size_t i = f->mended.n; i-- > 0;)
		if (f->mended.at[i].file != UINT32_MAX && repo->facts[f->mended.at[i].file]->faults.n) {
			leave_out(f, i, "with the markers changed it would not be understood");
			is_any = true;
		}
	return is_any;
}

/* Until what is left comes out as it was meant; each round leaves a file out. */
static bool prove(struct fixing *f)
{
	lanewright *lw = f->lw;
	while (f->mended.n) {
		struct repo repo;
		struct overlay overlay;
		struct whole whole;
		struct suite suite = {0};
		uint32_t test;
		size_t before = f->mended.n;
		make_overlay(f, &repo, &overlay);
		if (drop_unreadable(f, &repo))
			continue;
		whole_begin(&whole, &lw->out, &lw->tmp, &repo, &lw->config, &lw->pytest, NULL);
		resolve_suite(&whole, &lw->tmp, &suite);
		if (fix_check(&f->it, &repo, &suite, &f->marking, f->left_out, &test))
			return true;
		blame(f, test);
		if (f->mended.n == before)
			return true; /* the pytest config alone */
	}
	return true;
}

/* ---- writing, or showing ---- */

static int by_path(const void *left, const void *right)
{
	return str_cmp(((const struct mended *)left)->path, ((const struct mended *)right)->path);
}

static void forget_tree(lanewright *lw)
{
	lw->has_config = lw->has_files = lw->has_repo = lw->has_suite = lw->has_needs = false;
	lw->tests = NULL;
	lw->file_needs = lw->test_needs = NULL;
	lw->estimates = NULL;
	lw->shown_estimates = NULL;
	lw->ci_words.n = 0;
	lw->has_ci_words = false;
}

static bool settle(struct fixing *f)
{
	lanewright *lw = f->lw;
	const char **files = arena_array(&lw->out, const char *, f->mended.n + 1);
	struct buf diff;
	buf_init(&diff, &lw->out);
	if (f->mended.n)
		qsort(f->mended.at, f->mended.n, sizeof *f->mended.at, by_path);
	for (size_t i = 0; i < f->mended.n; i++) {
		const struct mended *m = &f->mended.at[i];
		files[i] = str_c(&lw->out, m->path);
		if (f->options->only_diff)
			buf_add(&diff, diff_unified(&lw->tmp, m->path, m->old, m->new));
		else if (!file_write(m->place, m->new, &lw->err))
			return false;
		f->fixed->n_files = i + 1;
	}
	f->fixed->files = files;
	f->fixed->diff = str_c(&lw->out, buf_str(&diff));
	if (f->mended.n && !f->options->only_diff)
		forget_tree(lw);
	return true;
}

static int by_place(const void *left, const void *right)
{
	const struct lanewright_refusal *a = left, *b = right;
	int order = strcmp(a->path, b->path);
	if (order == 0)
		order = (a->line > b->line) - (a->line < b->line);
	return order ? order : strcmp(a->reason, b->reason);
}

static void show_refusals(struct fixing *f)
{
	const refusal_list *all = &f->marking.refusals;
	struct lanewright_refusal *shown = arena_array(&f->lw->out, struct lanewright_refusal, all->n + 1);
	for (size_t i = 0; i < all->n; i++)
		shown[i] = (struct lanewright_refusal){
		        .path = str_c(&f->lw->out, all->at[i].path),
		        .line = all->at[i].line,
		        .reason = str_c(&f->lw->out, all->at[i].text),
		        .n_more = all->at[i].n_more,
		};
	qsort(shown, all->n, sizeof *shown, by_place);
	f->fixed->refusals = shown;
	f->fixed->n_refusals = all->n;
}

static bool fix(lanewright *lw, void *args)
{
	struct fixing *f = args;
	strs changed = {0};
	f->lw = lw;
	if (!engine_can_audit(lw) || (f->options->changed && !engine_changed(lw, f->options->changed, &changed)))
		return false;
	f->it = engine_audit_case(lw);
	engine_progress(lw, "fixing", 0, 0);
	f->marking = fix_marking(&lw->out, &lw->tmp, &f->it, f->options->changed ? &changed : NULL);
	if (!repo_is_whole(&lw->repo, &lw->err))
		return false;
	mend_files(f);
	mend_config(f);
	if (!prove(f) || !settle(f))
		return false;
	show_refusals(f);
	if (f->fixed->n_refusals)
		return fail_finding(&lw->err, "some markers could not be changed safely");
	return !f->options->only_diff || f->mended.n == 0 || fail_finding(&lw->err, "`audit --fix` would write this");
}

int lanewright_fix(lanewright *lw, const struct lanewright_fix_options *options, struct lanewright_fixed *fixed)
{
	*fixed = (struct lanewright_fixed){.diff = ""};
	return engine_run(lw, fix, &(struct fixing){.options = options, .fixed = fixed});
}
