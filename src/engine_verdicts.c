/* Tests and needs are inferred once: the next command finds them in `.lanewright/verdicts.bin`.
 *
 * What all of it rests on is the key: this build of the program, the config, what pytest reads from its own files, what the
 * CI says of services, and the path and kind of every Python file.  A change of any of it makes it worthless as a whole.  The
 * rest is compared: a cluster is what it was while the files that it rests on hold what they held, and the tree gives the
 * same answers (model/cluster.h); only the others are inferred anew.  Nothing depends on the file being there: it is a cache
 * that nobody misses. */
#include "engine.h"

#include <fcntl.h>
#include <string.h>

#include "base/build.h"
#include "base/hash.h"
#include "resolve/whole.h"
#include "store/verdicts.h"

#define VERDICTS_PATH ".lanewright/verdicts.bin"

_Static_assert(sizeof(void *) != 8 || sizeof(struct pytest_config) == 448, "hash the new field of pytest_config");

static void add_number(struct hash_pieces *hash, uint64_t n)
{
	hash_more(hash, (struct str){(const char *)&n, sizeof n});
}

static void add_text(struct hash_pieces *hash, struct str text)
{
	add_number(hash, text.n);
	hash_more(hash, text);
}

static void add_texts(struct hash_pieces *hash, const strs *texts)
{
	add_number(hash, texts->n);
	for (size_t i = 0; i < texts->n; i++)
		add_text(hash, texts->at[i]);
}

static void add_pytest(struct hash_pieces *hash, const struct pytest_config *pytest)
{
	const strs *const lists[] = {&pytest->testpaths,        &pytest->python_files, &pytest->python_classes,
	                             &pytest->python_functions, &pytest->pythonpath,   &pytest->norecursedirs,
	                             &pytest->markers,          &pytest->plugins,      &pytest->ignore,
	                             &pytest->ignore_glob,      &pytest->deselect,     &pytest->args,
	                             &pytest->usefixtures,      &pytest->env,          &pytest->env_files};
	const struct str texts[] = {pytest->inifile, pytest->rootdir, pytest->mark_expression,
	                            pytest->keyword_expression, pytest->import_mode};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		add_texts(hash, lists[i]);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		add_text(hash, texts[i]);
	add_number(hash, pytest->doctest_modules * 2u + pytest->strict_markers);
}

static void add_ci(struct hash_pieces *hash, const lanewright *lw)
{
	add_number(hash, lw->ci_words.n);
	for (size_t i = 0; i < lw->ci_words.n; i++) {
		add_number(hash, lw->ci_words.at[i].kind);
		add_text(hash, lw->ci_words.at[i].word);
		add_number(hash, lw->ci_words.at[i].service);
	}
	add_number(hash, lw->config.given.n);
	for (size_t i = 0; i < lw->config.given.n; i++) {
		add_text(hash, lw->config.given.at[i].variable);
		add_text(hash, lw->config.given.at[i].value);
		add_text(hash, lw->config.given.at[i].place);
		add_number(hash, lw->config.given.at[i].giver);
	}
}

static void add_files(struct hash_pieces *hash, const struct repo *repo)
{
	add_number(hash, repo->files.n);
	for (size_t i = 0; i < repo->files.n; i++) {
		const struct source_file *file = &repo->files.at[i];
		add_text(hash, file->path);
		add_number(hash, file->is_test * 4u + file->is_conftest * 2u + file->is_unreadable);
	}
}

static struct hash128 key_of(lanewright *lw)
{
	struct hash_pieces *hash = hash_begin(&lw->tmp);
	add_text(hash, build_id());
	add_text(hash, lw->config.path);
	add_text(hash, lw->config.text);
	add_pytest(hash, &lw->pytest);
	add_ci(hash, lw);
	add_files(hash, &lw->repo);
	return hash_end(hash);
}

/* ---- what is still true ---- */

static bool read_kept(lanewright *lw, struct verdicts *kept)
{
	struct str bytes;
	struct err ignored = {0};
	return file_read_at(&lw->out, AT_FDCWD, engine_path(lw, VERDICTS_PATH), true, &bytes, &ignored) &&
	       verdicts_unpack(&lw->out, bytes, lw->verdicts_key, &lw->repo, kept);
}

static struct hash128 content_of(const struct source_file *file)
{
	return (struct hash128){file->hash_high, file->hash_low};
}

static void find_changes(lanewright *lw)
{
	struct verdicts *kept = &lw->kept;
	lw->changed = arena_array(&lw->out, bool, lw->repo.files.n + 1);
	lw->known = arena_new(&lw->out, struct tree_known);
	*lw->known = (struct tree_known){.answers = &kept->answers, .changed = lw->changed};
	for (size_t i = 0; i < lw->repo.files.n; i++) {
		const struct source_file *file = &lw->repo.files.at[i];
		if (hash128_eq(kept->contents[i], content_of(file)))
			continue;
		uint64_t imports = survey_imports(file->survey);
		lw->has_changes = lw->changed[i] = true;
		lw->known->imports_changed |= imports != kept->imports[i];
		kept->contents[i] = content_of(file);
		kept->imports[i] = imports;
	}
}

static bool is_same_skip(const struct module_skip *a, const struct module_skip *b)
{
	return a->may_skip == b->may_skip && a->is_certain == b->is_certain && a->file == b->file &&
	       a->line == b->line && str_eq(a->text, b->text);
}

/* The part of the kept answers that is the same cluster, SIZE_MAX when there is none. */
static size_t part_of(const struct verdicts *kept, const file_list *files)
{
	for (size_t i = 0; i < kept->answers.parts.n; i++)
		if (file_lists_eq(&kept->answers.parts.at[i], files))
			return i;
	return SIZE_MAX;
}

static bool is_true_still(const lanewright *lw, const struct kept_cluster *known, const file_list *files)
{
	const struct tree_answers *before = &lw->kept.answers, *now = &lw->whole->answers;
	if (before->starts != now->starts || tree_has_changed(lw->known, &known->read))
		return false;
	for (size_t i = 0; i < files->n; i++)
		if (!is_same_skip(&before->skips[files->at[i]], &now->skips[files->at[i]]))
			return false;
	return true;
}

static void recall_cluster(lanewright *lw, size_t index)
{
	struct cluster *cluster = &lw->whole->clusters.at[index];
	size_t part = part_of(&lw->kept, &cluster->files);
	if (part == SIZE_MAX)
		return;
	const struct kept_cluster *known = &lw->kept.clusters.at[part];
	if (!is_true_still(lw, known, &cluster->files) || !cluster_unpack(&lw->out, known->body, &lw->repo, cluster))
		return;
	cluster->read = known->read;
	lw->bodies[index] = known->body;
}

void engine_recall(lanewright *lw)
{
	lw->verdicts_key = key_of(lw);
	lw->has_changes = false;
	lw->has_kept = build_id().n && read_kept(lw, &lw->kept);
	if (lw->has_kept) {
		struct tree_answers *before = &lw->kept.answers;
		before->skips = skips_spread(&lw->out, &lw->tmp, lw->repo.files.n, &before->skip_parts);
		find_changes(lw);
	}
	lw->whole = arena_new(&lw->out, struct whole);
	whole_begin(lw->whole, &lw->out, &lw->tmp, &lw->repo, &lw->config, &lw->pytest,
	            lw->has_kept ? lw->known : NULL);
	lw->bodies = arena_array(&lw->out, struct str, lw->whole->clusters.n + 1);
	for (size_t i = 0; i < lw->whole->clusters.n && lw->has_kept; i++)
		recall_cluster(lw, i);
}

/* ---- keeping ---- */

static void note_contents(lanewright *lw, struct verdicts *verdicts)
{
	size_t n = lw->repo.files.n;
	if (lw->has_kept) {
		verdicts->contents = lw->kept.contents;
		verdicts->imports = lw->kept.imports;
		return;
	}
	verdicts->contents = arena_array(&lw->tmp, struct hash128, n + 1);
	verdicts->imports = arena_array(&lw->tmp, uint64_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		verdicts->contents[i] = content_of(&lw->repo.files.at[i]);
		verdicts->imports[i] = survey_imports(lw->repo.files.at[i].survey);
	}
}

void engine_keep(lanewright *lw)
{
	struct err ignored = {0};
	struct verdicts verdicts = {.answers = lw->whole->answers, .faults = lw->test_faults};
	if (!build_id().n || (lw->has_kept && !lw->has_changes))
		return;
	note_contents(lw, &verdicts);
	for (size_t i = 0; i < lw->whole->clusters.n; i++) {
		const struct cluster *cluster = &lw->whole->clusters.at[i];
		struct str body = lw->bodies[i];
		if (!body.n)
			body = cluster_pack(&lw->tmp, &lw->tmp, &lw->repo, cluster);
		vec_push(&lw->tmp, &verdicts.clusters, ((struct kept_cluster){cluster->read, body}));
	}
	struct str bytes = verdicts_pack(&lw->tmp, lw->verdicts_key, &lw->repo, &verdicts);
	(void)file_write(engine_path(lw, VERDICTS_PATH), bytes, &ignored);
}
