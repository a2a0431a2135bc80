/* Tests and needs are inferred once for one state of the tree: the next command finds them in `.lanewright/verdicts.bin`.
 *
 * The key is a hash of all that they are inferred from: this build of the program, the config, what pytest reads from its
 * own files, what the CI says of services, and path, kind and content of every Python file.  A change of any of it makes
 * them worthless as a whole.  Nothing depends on the file being there: it is a cache that nobody misses. */
#include "engine.h"

#include <fcntl.h>

#include "base/build.h"
#include "base/hash.h"
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
		add_number(hash, file->hash_high);
		add_number(hash, file->hash_low);
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

bool engine_recall(lanewright *lw)
{
	struct verdicts verdicts;
	struct str bytes;
	struct err ignored = {0};
	if (!build_id().n)
		return false;
	lw->verdicts_key = key_of(lw);
	if (!file_read_at(&lw->out, AT_FDCWD, engine_path(lw, VERDICTS_PATH), true, &bytes, &ignored) ||
	    !verdicts_unpack(&lw->out, bytes, lw->verdicts_key, &lw->repo, &verdicts))
		return false;
	lw->suite = verdicts.suite;
	lw->needs = verdicts.needs;
	lw->test_faults = verdicts.faults;
	return true;
}

void engine_keep(lanewright *lw)
{
	struct err ignored = {0};
	struct verdicts verdicts = {lw->suite, lw->needs, lw->test_faults};
	if (!build_id().n)
		return;
	struct str bytes = verdicts_pack(&lw->tmp, &lw->tmp, lw->verdicts_key, &lw->repo, &verdicts);
	(void)file_write(engine_path(lw, VERDICTS_PATH), bytes, &ignored);
}
