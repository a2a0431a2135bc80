/* The Python files with their facts, and what could not be read of them. */
#include "engine.h"

#include "python/dump.h"
#include "python/outline.h"
#include "scan/patterns.h"
#include "scan/scan.h"

static void show_paths(lanewright *lw)
{
	lw->paths = arena_array(&lw->out, const char *, lw->repo.files.n);
	for (size_t i = 0; i < lw->repo.files.n; i++)
		lw->paths[i] = str_c(&lw->out, lw->repo.files.at[i].path);
}

static void show_faults(lanewright *lw, const scan_findings *findings)
{
	struct lanewright_fault *shown = arena_array(&lw->out, struct lanewright_fault, findings->n);
	for (size_t i = 0; i < findings->n; i++) {
		const struct scan_finding *finding = &findings->at[i];
		const struct source_file *file = repo_file(&lw->repo, finding->path);
		shown[i] = (struct lanewright_fault){
		        .path = str_c(&lw->out, finding->path),
		        .line = finding->line,
		        .text = str_c(&lw->out, finding->text),
		        .is_test = file && (file->is_test || file->is_conftest),
		};
	}
	lw->faults = shown;
	lw->stats.faults = findings->n;
}

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
	for (size_t i = 0; i < lw->repo.files.n; i++)
		lw->stats.lines += lw->repo.files.at[i].facts.lines;
}

static bool scan(lanewright *lw, bool with_facts)
{
	struct scan_report report = {0};
	if (!engine_config(lw))
		return false;
	struct scan_request request = {
	        .root = lw->root.at,
	        .config = &lw->config,
	        .pytest = &lw->pytest,
	        .jobs = lw->options.jobs,
	        .no_facts = !with_facts,
	};
	engine_progress(lw, "scanning", 0, 0);
	if (!scan_run(&lw->out, &request, &lw->repo, &report, &lw->err))
		return false;
	if (with_facts && !patterns_find(&lw->out, &lw->tmp, &lw->config, &lw->repo, &lw->err))
		return false;
	engine_progress(lw, "scanning", 1, 1);
	show_paths(lw);
	show_stats(lw, &report);
	show_faults(lw, &report.findings);
	lw->has_files = true;
	lw->has_repo = with_facts;
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
