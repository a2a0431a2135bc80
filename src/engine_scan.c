/* The Python files with their facts, and what could not be read of them. */
#include "engine.h"

#include <stdlib.h>
#include <string.h>

#include "python/dump.h"
#include "python/outline.h"
#include "scan/patterns.h"
#include "scan/scan.h"
#include "scan/sources.h"

static void show_paths(lanewright *lw)
{
	lw->paths = arena_array(&lw->out, const char *, lw->repo.files.n);
	for (size_t i = 0; i < lw->repo.files.n; i++)
		lw->paths[i] = lw->repo.files.at[i].path.at;
}

/* ---- what was not understood ---- */

typedef VEC(struct lanewright_fault) fault_list;

static const char *fault_text(uint8_t kind)
{
	switch ((enum fault_kind)kind) {
	case FAULT_SYNTAX: return "a statement that is not understood";
	case FAULT_INDENT: return "an indentation that fits no block";
	case FAULT_UNTERMINATED: return "a string or bracket that never ends";
	case FAULT_NUL: return "a NUL byte: the rest is not read";
	case FAULT_ENCODING: return "an encoding that is not read";
	case FAULT_DEPTH: return "nesting too deep to be read";
	case FAULT_SIZE: return "too large to be read whole";
	case FAULT_FOREIGN:
		return "pytest_collect_file may make tests of files that are not Python, which no lane runs";
	}
	return "a fault";
}

static bool is_of_tests(const struct source_file *file)
{
	return file && (file->is_test || file->is_conftest);
}

/* A hook by which pytest takes YAML, text or what else for tests: they are in no suite of ours, so it must be said. */
static void add_foreign(lanewright *lw, uint32_t file, const struct facts *facts, const struct intern *names,
                        verdict_faults *list)
{
	name hook = intern_find(names, STR("pytest_collect_file"));
	for (size_t i = 0; hook && i < facts->stmts.n; i++) {
		const struct stmt *stmt = &facts->stmts.at[i];
		if (stmt->kind != STMT_FUNCTION || stmt->owner || facts->defs.at[stmt->index].name != hook)
			continue;
		struct fault fault = {.kind = FAULT_FOREIGN, .line = stmt->line};
		vec_push(&lw->out, list, ((struct verdict_fault){file, fault}));
	}
}

static void add_faults(lanewright *lw, uint32_t file, const struct facts *facts, const struct intern *names,
                       verdict_faults *list)
{
	for (size_t i = 0; i < facts->faults.n; i++)
		vec_push(&lw->out, list, ((struct verdict_fault){file, facts->faults.at[i]}));
	if (lw->repo.files.at[file].is_conftest)
		add_foreign(lw, file, facts, names, list);
}

/* Facts that nobody else wants are looked at and forgotten. */
static void glance_at(lanewright *lw, uint32_t file, verdict_faults *list)
{
	struct intern names;
	struct facts facts;
	if (lw->repo.facts[file]) {
		add_faults(lw, file, lw->repo.facts[file], lw->repo.names, list);
		return;
	}
	arena_reset(&lw->tmp);
	intern_init(&names, &lw->tmp);
	if (sources_glance(&lw->repo, file, &lw->tmp, &names, &facts))
		add_faults(lw, file, &facts, &names, list);
}

static int by_place(const void *left, const void *right)
{
	const struct lanewright_fault *a = left, *b = right;
	int order = strcmp(a->path, b->path);
	if (order == 0)
		order = (a->line > b->line) - (a->line < b->line);
	return order ? order : strcmp(a->text, b->text);
}

static void show_faults(lanewright *lw, const verdict_faults *found)
{
	fault_list list = {0};
	for (size_t i = 0; i < found->n; i++) {
		uint32_t file = found->at[i].file;
		struct lanewright_fault fault = {
		        .path = lw->paths[file],
		        .line = found->at[i].fault.line,
		        .text = fault_text(found->at[i].fault.kind),
		        .is_test = is_of_tests(&lw->repo.files.at[file]),
		};
		vec_push(&lw->out, &list, fault);
	}
	for (size_t i = 0; i < lw->unread.n; i++) {
		const struct scan_finding *finding = &lw->unread.at[i];
		struct lanewright_fault fault = {
		        .path = str_c(&lw->out, finding->path),
		        .line = finding->line,
		        .text = str_c(&lw->out, finding->text),
		        .is_test = is_of_tests(repo_file(&lw->repo, finding->path)),
		};
		vec_push(&lw->out, &list, fault);
	}
	if (list.n)
		qsort(list.at, list.n, sizeof *list.at, by_place);
	lw->faults = list.at;
	lw->stats.faults = list.n;
}

/* What a run before this one has seen of the file holds while the file is the same. */
static bool recall_faults(lanewright *lw, uint32_t file, verdict_faults *list)
{
	if (!lw->has_kept || lw->changed[file])
		return false;
	for (size_t i = 0; i < lw->kept.faults.n; i++)
		if (lw->kept.faults.at[i].file == file)
			vec_push(&lw->out, list, lw->kept.faults.at[i]);
	return true;
}

/* What the reader did not understand alone. */
static void drop_foreign(verdict_faults *list)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].fault.kind != FAULT_FOREIGN)
			list->at[kept++] = list->at[i];
	list->n = kept;
}

bool engine_faults(lanewright *lw, bool of_all_files)
{
	verdict_faults list = {0};
	for (uint32_t i = 0; i < lw->repo.files.n; i++) {
		bool is_wanted = of_all_files || is_of_tests(&lw->repo.files.at[i]);
		if (is_wanted && (of_all_files || !recall_faults(lw, i, &list)))
			glance_at(lw, i, &list);
	}
	arena_free(&lw->tmp);
	if (of_all_files)
		drop_foreign(&list);
	else
		lw->test_faults = list;
	show_faults(lw, &list);
	return repo_is_whole(&lw->repo, &lw->err);
}

/* ---- scanning ---- */

static void show_stats(lanewright *lw, const struct scan_report *report)
{
	lw->stats = (struct lanewright_scan_stats){
	        .files = report->files,
	        .test_files = report->tests,
	        .read = report->read,
	        .unchanged = report->files - report->read - report->unreadable,
	        .bytes = report->bytes,
	        .unreadable = report->unreadable,
	        .ms = (report->microseconds + 500) / 1000,
	        .note = str_c(&lw->out, report->note),
	};
	for (size_t i = 0; i < lw->repo.files.n; i++) {
		struct survey_cursor ignored;
		lw->stats.lines += survey_begin(&ignored, lw->repo.files.at[i].survey).lines;
	}
}

static bool scan(lanewright *lw, bool with_surveys)
{
	struct scan_report report = {0};
	if (!(with_surveys ? engine_config(lw) : engine_settings(lw)))
		return false;
	struct scan_request request = {
	        .root = lw->root.at,
	        .config = &lw->config,
	        .pytest = &lw->pytest,
	        .jobs = lw->options.jobs,
	        .no_surveys = !with_surveys,
	};
	engine_progress(lw, "scanning", 0, 0);
	sources_close(&lw->repo);
	if (!scan_run(&lw->out, &request, &lw->repo, &report, &lw->err))
		return false;
	if (with_surveys && !patterns_find(&lw->out, &lw->tmp, &lw->config, &lw->repo, &lw->err))
		return false;
	engine_progress(lw, "scanning", 1, 1);
	show_paths(lw);
	show_stats(lw, &report);
	lw->unread = report.findings;
	show_faults(lw, &(verdict_faults){0});
	lw->has_files = true;
	lw->has_repo = with_surveys;
	return true;
}

bool engine_repo(lanewright *lw)
{
	return lw->has_repo || scan(lw, true);
}

static bool scan_only(lanewright *lw, void *args)
{
	(void)args;
	return lw->has_files || scan(lw, false);
}

int lanewright_scan(lanewright *lw)
{
	return engine_run(lw, scan_only, NULL);
}

static bool read_all(lanewright *lw, void *args)
{
	(void)args;
	return engine_repo(lw) && engine_faults(lw, true);
}

int lanewright_read(lanewright *lw)
{
	return engine_run(lw, read_all, NULL);
}

const struct lanewright_scan_stats *lanewright_stats(const lanewright *lw)
{
	return &lw->stats;
}

const struct lanewright_fault *lanewright_faults(const lanewright *lw, size_t *n)
{
	*n = lw->stats.faults;
	return lw->faults;
}

struct dump {
	const char *path, **text;
};

static bool dump(lanewright *lw, void *args)
{
	struct dump *dump = args;
	struct str source;
	struct intern names;
	struct facts facts = {0};
	struct buf text;
	if (!file_read(&lw->tmp, dump->path, &source, &lw->err))
		return false;
	intern_init(&names, &lw->tmp);
	buf_init(&text, &lw->tmp);
	outline_read(&lw->tmp, &lw->tmp, &names, source, &facts);
	facts_dump(&text, &names, &facts);
	*dump->text = str_c(&lw->out, buf_str(&text));
	return true;
}

int lanewright_dump(lanewright *lw, const char *path, const char **text)
{
	return engine_run(lw, dump, &(struct dump){path, text});
}
