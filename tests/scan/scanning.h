/* What the scan tests share: a tree in a temporary folder, a scan of it, and all it found as one text. */
#ifndef TESTS_SCAN_SCANNING_H
#define TESTS_SCAN_SCANNING_H

/* Ours first: cmocka has a macro of the name of our fail(). */
#include "base/buf.h"
#include "base/file.h"
#include "python/dump.h"
#include "scan/scan.h"
#include "scan/sources.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct err err;
static struct config config;
static struct pytest_config pytest;
static char root[64];

/* The last scan. */
static struct repo repo;
static struct scan_report report;

/* Everything of the scans before. */
static inline void forget_all(void)
{
	sources_close(&repo);
	repo = (struct repo){0};
	arena_free(&arena);
}

static inline void list_of(strs *list, const char *const *words)
{
	*list = (strs){0};
	for (; *words; words++)
		vec_push(&arena, list, str_of(*words));
}

#define LIST(list, ...) list_of(&(list), (const char *const[]){__VA_ARGS__, NULL})

static inline int begin(void **state)
{
	(void)state;
	arena_init(&arena, NULL);
	err = (struct err){0};
	config = (struct config){0};
	pytest = (struct pytest_config){.rootdir = STR_NONE, .inifile = STR_NONE};
	LIST(pytest.python_files, "test_*.py", "*_test.py");
	LIST(pytest.norecursedirs, "*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}");
	strcpy(root, "/tmp/lanewright-scan-XXXXXX");
	return mkdtemp(root) && chmod(root, 0755) == 0 ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_D)
		return chmod(path, 0777);
	return type == FTW_DP ? rmdir(path) : unlink(path);
}

static inline int make_writable(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (type == FTW_D || type == FTW_DNR)
		(void)chmod(path, 0777);
	return 0;
}

static inline void remove_tree(const char *path)
{
	nftw(path, make_writable, 64, FTW_PHYS);
	nftw(path, remove_one, 64, FTW_PHYS | FTW_DEPTH);
}

static inline int end(void **state)
{
	(void)state;
	forget_all();
	remove_tree(root);
	return access(root, F_OK) == 0 ? -1 : 0;
}

static inline const char *in_root(const char *path)
{
	return str_fmt(&arena, "%s/%s", root, path).at;
}

static inline void make_dirs(const char *path)
{
	if (!file_make_dirs(in_root(path), &err))
		fail_msg("%s", err.text);
}

/* In place: the file keeps its inode. */
static inline void make_bytes(const char *path, struct str text)
{
	struct str dir = path_dir(str_of(path));
	if (dir.n)
		make_dirs(str_c(&arena, dir));
	FILE *file = fopen(in_root(path), "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(text.at, 1, text.n, file), text.n);
	assert_int_equal(fclose(file), 0);
}

static inline void make(const char *path, const char *text)
{
	make_bytes(path, str_of(text));
}

static inline void make_link(const char *path, const char *target)
{
	assert_int_equal(symlink(target, in_root(path)), 0);
}

static inline bool try_scan(const struct scan_request *asked)
{
	struct scan_request request = *asked;
	request.root = request.root ? request.root : root;
	request.config = &config;
	request.pytest = &pytest;
	request.jobs = request.jobs ? request.jobs : 1;
	err = (struct err){0};
	sources_close(&repo);
	return scan_run(&arena, &request, &repo, &report, &err);
}

#define SCAN(...) scan(&(struct scan_request){.progress_context = NULL, __VA_ARGS__})

static inline void scan(const struct scan_request *request)
{
	if (!try_scan(request))
		fail_msg("%s", err.text);
}

/* Paths of the files of the last scan: "*" after a test, "!" after what cannot be read. */
static inline struct str listing(void)
{
	struct buf buf;
	buf_init(&buf, &arena);
	for (size_t i = 0; i < repo.files.n; i++) {
		const struct source_file *file = &repo.files.at[i];
		buf_fmt(&buf, "%s%s%s%s", i ? " " : "", file->path.at, file->is_test ? "*" : "",
		        file->is_unreadable ? "!" : "");
	}
	return str_copy(&arena, buf_str(&buf));
}

static inline void assert_listing(const char *expected)
{
	assert_string_equal(listing().at, expected);
}

/* All that the last scan says. */
static inline struct str everything(void)
{
	struct buf buf;
	buf_init(&buf, &arena);
	for (size_t i = 0; i < repo.files.n; i++) {
		const struct source_file *file = &repo.files.at[i];
		buf_fmt(&buf, "\n%zu %s %llu %016llx%016llx %d%d%d\n", i, file->path.at, (unsigned long long)file->size,
		        (unsigned long long)file->hash_high, (unsigned long long)file->hash_low, file->is_test,
		        file->is_conftest, file->is_unreadable);
		buf_add(&buf, file->survey);
		facts_dump(&buf, repo.names, repo_facts(&repo, (uint32_t)i));
	}
	for (size_t i = 0; i < report.findings.n; i++)
		buf_fmt(&buf, "\n%s:%u: %s", report.findings.at[i].path.at, report.findings.at[i].line,
		        report.findings.at[i].text.at);
	return buf_str(&buf);
}

static inline void assert_same(struct str a, struct str b)
{
	if (!str_eq(a, b))
		fail_msg("two scans of one tree differ (%zu and %zu bytes)", a.n, b.n);
}

static inline bool finds(const char *path, const char *text)
{
	for (size_t i = 0; i < report.findings.n; i++)
		if (str_eq(report.findings.at[i].path, str_of(path)) &&
		    str_has(report.findings.at[i].text, str_of(text)))
			return true;
	return false;
}

/* Longer than the grain of the clock that stamps files, so that what was written is trusted next time. */
static inline void let_time_pass(void)
{
	usleep(25000);
}

/* Root may read and write everywhere, so these step down to nobody for a while. */
static inline bool step_down(void)
{
	return geteuid() != 0 || seteuid(65534) == 0;
}

static inline void step_up(void)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
